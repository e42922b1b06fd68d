"""What polling keeps: entries, feeds and waiting hosts, in one transaction. On SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from digest.errors import DigestError
from digest.store.database import Database, open_database
from digest.store.entries import (
    EntryChanges,
    FeedCounts,
    StoredEntry,
    known_hashes,
    lately,
    launches_elsewhere,
    stored_entries,
)
from digest.store.feeds import FeedState, feed_states, save_feed_states, waiting_hosts

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FEED, OTHER = "https://a.example/rss", "https://b.example/rss"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url, NOW)
    yield opened
    opened.close()


def entry(identity: str, feed: str = FEED, **other: object) -> StoredEntry:
    launch = '{"launch": "é"}' if other.get("label") == "launch" else None
    row = StoredEntry(feed, identity, f"hash of {identity}", "other", identity.title(), None, None, launch, NOW)
    return row._replace(**other)  # type: ignore[arg-type]


def keep(database: Database, *changes: EntryChanges, **other: object) -> None:
    save_feed_states(database, [], changes=changes, **other)  # type: ignore[arg-type]


def test_entries_come_back_as_they_were_kept(database: Database) -> None:
    rows = (entry("one", label="launch", published=NOW - DAY), entry("two"), entry("three", last_seen_at=NOW))
    keep(database, EntryChanges(rows))
    assert known_hashes(database) == {FEED: frozenset({"hash of one", "hash of two"})}
    assert set(stored_entries(database, {FEED: []})[FEED]) == set(rows[:2])
    assert set(stored_entries(database, {FEED: ["three", "four"], OTHER: ["one"]})[FEED]) == set(rows)
    assert launches_elsewhere(database, [OTHER]) == ['{"launch": "é"}']
    assert launches_elsewhere(database, [FEED]) == []


def test_entries_may_swap_their_identities(database: Database) -> None:
    one, two = entry("one"), entry("two")
    keep(database, EntryChanges((one, two)))
    swapped = (("one", one._replace(identity="two")), ("two", two._replace(identity="one")))
    keep(database, EntryChanges((), swapped))
    assert {row.identity: row.title for row in stored_entries(database, {FEED: []})[FEED]} == {
        "one": "Two",
        "two": "One",
    }


def test_the_last_30_days_count_by_when_an_entry_was_published_or_else_first_seen(database: Database) -> None:
    keep(database, EntryChanges((
        entry("new", label="launch", published=NOW - DAY),
        entry("undated"),
        entry("gone", last_seen_at=NOW),
        entry("old", published=NOW - 31 * DAY),
        entry("old too", first_seen_at=NOW - 31 * DAY),
        entry("elsewhere", OTHER, label="launch"),
    )))  # fmt: skip
    assert lately(database, NOW) == {FEED: FeedCounts(3, 1), OTHER: FeedCounts(1, 1)}


def test_all_is_kept_or_nothing(database: Database) -> None:
    keep(database, EntryChanges((entry("one"),)))
    twice = EntryChanges((entry("two"), entry("one")))
    with pytest.raises(DigestError):
        save_feed_states(database, [FeedState(FEED, etag='"1"')], changes=[twice], waits={"a.example": NOW + DAY})
    assert feed_states(database) == {}
    assert waiting_hosts(database, NOW) == {}
    assert known_hashes(database) == {FEED: frozenset({"hash of one"})}


def test_states_are_renewed_and_those_of_feeds_that_were_taken_out_are_dropped(database: Database) -> None:
    save_feed_states(database, [FeedState(FEED), FeedState(OTHER, errors=1)], changes=[EntryChanges((entry("one"),))])
    renewed = FeedState(OTHER, moved_to="https://c.example/", moved_seen=2, next_poll_at=NOW, read_as="1 - news")
    save_feed_states(database, [renewed], subscribed={OTHER}, now=NOW)
    assert feed_states(database) == {OTHER: renewed}
    assert known_hashes(database) == {}, "its entries have left"
    assert [row.last_seen_at for row in stored_entries(database, {FEED: ["one"]})[FEED]] == [NOW]


def test_hosts_wait_until_their_time_is_over(database: Database) -> None:
    keep(database, waits={"a.example": NOW + DAY, "b.example": NOW})
    keep(database, waits={"a.example": NOW + 2 * DAY})
    assert waiting_hosts(database, NOW) == {"a.example": NOW + 2 * DAY}
    assert waiting_hosts(database, NOW + 2 * DAY) == {}


def test_what_left_more_than_400_days_ago_is_forgotten(database: Database) -> None:
    rows = (entry("long ago", last_seen_at=NOW - 401 * DAY), entry("once", last_seen_at=NOW - 399 * DAY), entry("now"))
    keep(database, EntryChanges(rows), subscribed={FEED}, now=NOW)
    there = stored_entries(database, {FEED: ["long ago", "once", "now"]})[FEED]
    assert {row.identity for row in there} == {"once", "now"}
