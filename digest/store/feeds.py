"""What the machine has learnt of each feed: its validators, its last success, its errors in a row, when it is next due.

And of each host: until when it asked to be left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from digest.store.database import Database
from digest.store.entries import EntryChanges, save_entries, tidy_entries
from digest.store.schema import feeds, hosts


class FeedState(NamedTuple):
    """One feed, as it was when last asked.

    Attributes:
        url: Its address in digest.toml, which is its name for good, wherever it moves.
        etag: The server's validator, verbatim.
        last_modified: Likewise.
        body_hash: Of the last body that was parsed, so that the same bytes are not parsed again.
        errors: Failures in a row.
        next_poll_at: When it is due next.
        moved_to: Where the server says it lives now, for good.
        moved_seen: How often in a row the server said so.
        retired_at: When the server said that it is gone for good.
        read_as: The kind, title and program that it was read with; with others its entries would be judged otherwise.
        missed_at: When it was last found that entries may have come and gone unseen since the time before.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    changed_at: datetime | None = None
    errors: int = 0
    last_error: str | None = None
    next_poll_at: datetime | None = None
    moved_to: str | None = None
    moved_seen: int = 0
    retired_at: datetime | None = None
    read_as: str | None = None
    missed_at: datetime | None = None


def feed_states(database: Database) -> dict[str, FeedState]:
    """Every feed that was ever asked, by its address."""
    with database.transaction() as connection:
        return {row.url: FeedState(*row) for row in connection.execute(select(*feeds.c))}


def waiting_hosts(database: Database, now: datetime) -> dict[str, datetime]:
    """The hosts that asked to be left alone, and until when."""
    with database.transaction() as connection:
        found = connection.execute(select(hosts).where(hosts.c.not_before > now))
        return {row.host: row.not_before for row in found}


def save_feed_states(
    database: Database,
    states: Iterable[FeedState],
    *,
    changes: Iterable[EntryChanges] = (),
    waits: Mapping[str, datetime] | None = None,
    subscribed: Collection[str] | None = None,
    now: datetime | None = None,
) -> None:
    """Keep what was learnt of feeds, hosts and entries, all of it or nothing.

    Called only after the tools found in these answers are on the disk: a validator or an entry saved earlier would let
    a killed run lose what the answer announced.

    Args:
        database: The state.
        states: The feeds that were asked.
        changes: The entries that came, changed or left.
        waits: The hosts that asked to be left alone, and until when.
        subscribed: All subscribed feeds; what is known of others is dropped, so that a feed that is taken out of
            digest.toml and put back begins anew. None drops nothing.
        now: The moment, for what is dropped.
    """
    with database.transaction() as connection:
        there = {url for (url,) in connection.execute(select(feeds.c.url))}
        rows = [state._asdict() for state in states]
        new = [row for row in rows if row["url"] not in there]
        known = [{**row, "url_": row["url"]} for row in rows if row["url"] in there]
        if new:
            connection.execute(insert(feeds), new)
        if known:
            values: dict[str, Any] = {name: bindparam(name) for name in FeedState._fields if name != "url"}
            named = [{name: value for name, value in row.items() if name != "url"} for row in known]
            connection.execute(update(feeds).where(feeds.c.url == bindparam("url_")).values(values), named)
        for host, not_before in (waits or {}).items():
            connection.execute(delete(hosts).where(hosts.c.host == host))
            connection.execute(insert(hosts).values(host=host, not_before=not_before))
        save_entries(connection, changes)
        if subscribed is not None and now is not None:
            dropped = [{"url_": url} for url in there if url not in subscribed]
            if dropped:
                connection.execute(delete(feeds).where(feeds.c.url == bindparam("url_")), dropped)
            connection.execute(delete(hosts).where(hosts.c.not_before <= now))
            tidy_entries(connection, subscribed, now)
