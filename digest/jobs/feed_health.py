"""How the subscribed feeds fare: what digest.toml says of each beside what was learnt of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from digest.collect.kinds import guess_kind
from digest.collect.politeness import address_of
from digest.http.addresses import host_of, shown
from digest.model.noun import Noun
from digest.model.tool import Feed, FeedKind
from digest.publication import Publication
from digest.store.database import Database
from digest.store.entries import LATELY, FeedCounts, lately
from digest.store.feeds import FeedState, feed_states, waiting_hosts


class FeedHealth(Noun):
    """One feed and how it fares.

    Attributes:
        kind_guessed: Whether the kind is a guess, since digest.toml leaves it open.
        next_poll: When it is due; None where it never is, or is due already.
        errors: Failures in a row.
        entries: Of the last 30 days.
        launches: Among those.
        retired_at: When its server said that it is gone for good.
        moved_to: Where it is asked now, since its server said twice that it lives there for good.
        waits_until: Until when its host wants to be left alone.
        missed_at: When it was found, in the last 30 days, that entries had possibly come and gone unseen.
    """

    url: str
    title: str | None
    kind: FeedKind
    kind_guessed: bool
    allow_private: bool
    last_asked: datetime | None
    last_success: datetime | None
    last_change: datetime | None
    next_poll: datetime | None
    errors: int
    last_error: str | None
    entries: int
    launches: int
    retired_at: datetime | None = None
    moved_to: str | None = None
    waits_until: datetime | None = None
    missed_at: datetime | None = None


def feed_health(publication: Publication, database: Database, now: datetime) -> list[FeedHealth]:
    """The subscribed feeds in digest.toml's order, and how each fares.

    Args:
        publication: The publication.
        database: The state.
        now: The moment.
    """
    states, counts, waits = feed_states(database), lately(database, now), waiting_hosts(database, now)
    return [
        _health(feed, states.get(feed.url, FeedState(feed.url)), counts.get(feed.url, FeedCounts(0, 0)), waits, now)
        for feed in publication.settings.feeds
    ]


def _health(
    feed: Feed, state: FeedState, counts: FeedCounts, waits: Mapping[str, datetime], now: datetime
) -> FeedHealth:
    address = address_of(state)
    waits_until = waits.get(host_of(address))
    due = [moment for moment in (state.next_poll_at, waits_until) if moment]
    return FeedHealth(
        url=feed.url,
        title=feed.title,
        kind=feed.kind or guess_kind(feed.url, feed.title or ""),
        kind_guessed=feed.kind is None,
        allow_private=feed.allow_private,
        last_asked=state.polled_at,
        last_success=state.succeeded_at,
        last_change=state.changed_at,
        next_poll=max(due) if due and not state.retired_at else None,
        errors=state.errors,
        last_error=state.last_error,
        entries=counts.entries,
        launches=counts.launches,
        retired_at=state.retired_at,
        moved_to=shown(address) if address != feed.url else None,
        waits_until=waits_until,
        missed_at=state.missed_at if state.missed_at and now - state.missed_at < LATELY else None,
    )
