"""Entries are compared one by one: what is the same entry, what changed, what left, what may have been missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from digest.collect.changes import Compared, compare
from digest.collect.reading import Mark
from digest.store.entries import StoredEntry

FEED = "https://feeds.example/rss"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)


def mark(identity: str, title: str = "", link: str | None = None, said: str = "", judged: bool = True) -> Mark:
    title = title or identity.title()
    return Mark(
        identity=identity,
        content_hash=f"{title} {link} {said}",
        title=title,
        link=link,
        published=EARLIER,
        label="other" if judged else None,
    )


def stored(marks: list[Mark], at: datetime = EARLIER) -> list[StoredEntry]:
    return list(compared(marks, [], at=at).changes.added)


def compared(found: list[Mark], known: list[StoredEntry], at: datetime = NOW) -> Compared:
    return compare(FEED, found, known, now=at, last_read=EARLIER if known else None)


def test_the_same_entries_in_another_order_change_nothing() -> None:
    marks = [mark("one"), mark("two", link="https://a.example/2")]
    assert compared(marks[::-1], stored(marks)).changes == ((), ())


def test_an_entry_that_says_something_else_is_replaced_and_keeps_when_it_was_first_seen() -> None:
    changes = compared([mark("one", said="more")], stored([mark("one")])).changes
    assert changes.added == ()
    [(identity, row)] = changes.replaced
    assert (identity, row.identity, row.first_seen_at) == ("one", "one", EARLIER)


def test_an_entry_with_a_new_id_is_the_same_entry_when_it_says_the_same() -> None:
    known = stored([mark("guid-1", "Tidepool", "https://a.example/tidepool")])
    changes = compared([mark("guid-2", "Tidepool", "https://a.example/tidepool", judged=False)], known).changes
    assert [(was, row.identity) for was, row in changes.replaced] == [("guid-1", "guid-2")]
    assert changes.added == ()


def test_it_is_the_same_entry_by_its_link_or_by_its_title() -> None:
    known = stored([mark("1", "Tidepool", "https://a.example/t"), mark("2", "Harbour", "https://a.example/h")])
    found = [mark("3", "Tidepool 1.0", "https://a.example/t"), mark("4", "Harbour", "https://a.example/moved")]
    changes = compared(found, known).changes
    assert {was: row.identity for was, row in changes.replaced} == {"1": "3", "2": "4"}
    assert changes.added == ()


def test_a_link_that_several_entries_share_tells_none_of_them_apart() -> None:
    page = "https://a.example/changelog"
    known = stored([mark("1", "One", page), mark("2", "Two", page)])
    changes = compared([mark("2", "Two", page), mark("3", "Three", page)], known).changes
    assert [row.identity for row in changes.added] == ["3"]
    assert [(was, row.last_seen_at) for was, row in changes.replaced] == [("1", EARLIER)]


def test_an_entry_whose_old_id_is_still_there_is_another_entry() -> None:
    known = stored([mark("1", "Weekly notes")])
    changes = compared([mark("1", "Weekly notes"), mark("2", "Weekly notes")], known).changes
    assert [row.identity for row in changes.added] == ["2"]
    assert changes.replaced == ()


def test_an_entry_that_left_is_dated_and_one_that_comes_back_is_the_old_one() -> None:
    known = stored([mark("one"), mark("two")])
    [(_, gone)] = compared([mark("one")], known).changes.replaced
    assert (gone.identity, gone.last_seen_at) == ("two", EARLIER)
    [(was, back)] = compared([mark("one"), mark("two")], [known[0], gone]).changes.replaced
    assert (was, back.last_seen_at, back.first_seen_at) == ("two", None, EARLIER)


def test_entries_are_possibly_missed_when_none_is_left_and_more_time_passed_than_the_feed_shows() -> None:
    long_ago = NOW - timedelta(days=2)
    known = [row._replace(published=day) for row, day in zip(
        stored([mark("one"), mark("two")]), (long_ago, long_ago - timedelta(hours=6)), strict=True
    )]  # fmt: skip

    def missed(found: list[Mark], last_read: datetime) -> bool:
        return compare(FEED, found, known, now=NOW, last_read=last_read).missed

    assert missed([mark("three")], NOW - timedelta(hours=7))
    assert not missed([mark("three")], NOW - timedelta(hours=5)), "it shows more than that"
    assert not missed([mark("three"), mark("two")], long_ago), "it reaches back to what was seen"
    assert not missed([], long_ago)
