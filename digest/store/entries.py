"""The entries that were seen: what each said, how it was judged, when it came and when it left.

An entry that is in its feed has no `last_seen_at`; it gets one when it leaves. So a poll that changes no entry writes
no row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, delete, func, insert, or_, select, update

from digest.model.tool import FORGOTTEN_AFTER
from digest.store.database import Database
from digest.store.schema import entries

LATELY = timedelta(days=30)
_THERE = entries.c.last_seen_at.is_(None)
_AT_ONCE = 500  # SQLite takes 32,766 parameters a statement, older ones 999


class StoredEntry(NamedTuple):
    """One entry of one feed.

    Attributes:
        content_hash: Of all that its judgement depends on, its identity left out.
        launch: The judgement as JSON where it is a launch.
        last_seen_at: When it left its feed; None while it is there.
    """

    feed: str
    identity: str
    content_hash: str
    label: str
    title: str
    link: str | None
    published: datetime | None
    launch: str | None
    first_seen_at: datetime
    last_seen_at: datetime | None = None


class EntryChanges(NamedTuple):
    """What is to be written: rows to add, and rows to replace with the identity that they are stored under."""

    added: tuple[StoredEntry, ...] = ()
    replaced: tuple[tuple[str, StoredEntry], ...] = ()


class FeedCounts(NamedTuple):
    """A feed's entries, and the launches among them."""

    entries: int
    launches: int


def known_hashes(database: Database) -> dict[str, frozenset[str]]:
    """The content hashes of the entries that are in their feeds now, by feed."""
    found: dict[str, set[str]] = defaultdict(set)
    with database.transaction() as connection:
        query = select(entries.c.feed, entries.c.content_hash).where(_THERE)
        for feed, content_hash in connection.execute(query):
            found[feed].add(content_hash)
    return {feed: frozenset(hashes) for feed, hashes in found.items()}


def stored_entries(database: Database, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[StoredEntry]]:
    """What is stored of some feeds.

    Args:
        database: The state.
        wanted: Feeds, and the identities of the entries in their answers.

    Returns:
        By feed: the entries that are in it now, and those with these identities that once were.
    """
    found: dict[str, list[StoredEntry]] = {}
    with database.transaction() as connection:
        there = {feed for (feed,) in connection.execute(select(entries.c.feed).distinct())}
        for feed in wanted.keys() & there:
            rows: dict[str, StoredEntry] = {}
            identities = wanted[feed]
            for begin in range(0, max(len(identities), 1), _AT_ONCE):
                either = or_(_THERE, entries.c.identity.in_(identities[begin : begin + _AT_ONCE]))
                for row in connection.execute(select(*entries.c).where(entries.c.feed == feed, either)):
                    rows[row.identity] = StoredEntry(*row)
            found[feed] = list(rows.values())
    return found


def launches_elsewhere(database: Database, feeds: Collection[str]) -> list[str]:
    """The launches, as JSON, that are in other feeds than these now, in an order of their own."""
    query = select(entries.c.feed, entries.c.launch).where(_THERE, entries.c.launch.is_not(None))
    with database.transaction() as connection:
        found = connection.execute(query.order_by(entries.c.feed, entries.c.identity))
        return [launch for feed, launch in found if feed not in feeds]


def save_entries(connection: Connection, changes: Iterable[EntryChanges]) -> None:
    """Write what changed, and nothing else."""
    added, replaced = [], []
    for change in changes:
        added += [row._asdict() for row in change.added]
        replaced += [{**row._asdict(), "was": identity} for identity, row in change.replaced]
    if replaced:
        # parked first, so that two entries may swap their identities
        place = (entries.c.feed == bindparam("feed_"), entries.c.identity == bindparam("was"))
        moved = [row for row in replaced if row["identity"] != row["was"]]
        if moved:
            parking = update(entries).where(*place).values(identity=bindparam("parked"))
            keys = [{"feed_": row["feed"], "was": row["was"], "parked": f"\t{row['was']}"} for row in moved]
            connection.execute(parking, keys)
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in StoredEntry._fields if name != "feed"}
        rows = [_parameters(row) for row in replaced]
        connection.execute(update(entries).where(*place).values(values), rows)
    if added:
        connection.execute(insert(entries), added)


def _parameters(row: dict[str, object]) -> dict[str, object]:
    parked = row["identity"] != row["was"]
    named = {f"new_{name}": row[name] for name in StoredEntry._fields if name != "feed"}
    return {"feed_": row["feed"], "was": f"\t{row['was']}" if parked else row["was"], **named}


def tidy_entries(connection: Connection, feeds: Collection[str], now: datetime) -> None:
    """Let the entries of feeds that are no longer subscribed leave, and forget what left long ago."""
    gone = select(entries.c.feed).where(_THERE).distinct()
    unsubscribed = [{"feed_": feed, "now": now} for (feed,) in connection.execute(gone) if feed not in feeds]
    if unsubscribed:
        there = (entries.c.feed == bindparam("feed_"), _THERE)
        connection.execute(update(entries).where(*there).values(last_seen_at=bindparam("now")), unsubscribed)
    connection.execute(delete(entries).where(entries.c.last_seen_at < now - FORGOTTEN_AFTER))


def lately(database: Database, now: datetime) -> dict[str, FeedCounts]:
    """Each feed's entries and launches of the last 30 days; undated entries count from when they were first seen."""
    launch = func.sum(case((entries.c.label == "launch", 1), else_=0))
    day = func.coalesce(entries.c.published, entries.c.first_seen_at)
    query = select(entries.c.feed, func.count(), launch).where(day >= now - LATELY).group_by(entries.c.feed)
    with database.transaction() as connection:
        return {feed: FeedCounts(count, int(launches)) for feed, count, launches in connection.execute(query)}
