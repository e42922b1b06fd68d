"""Look at feeds now, and keep nothing: what each says, and whether it still lives where digest.toml says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from digest import __version__
from digest.collect.kinds import guess_kind
from digest.collect.politeness import Decider
from digest.collect.reading import Reading
from digest.collect.workers import Workers
from digest.http.client import Client, shown
from digest.jobs.poll import Poll
from digest.jobs.polled import Polled, Source
from digest.model.noun import Noun
from digest.model.run import Progress
from digest.model.tool import Feed, FeedKind
from digest.model.week import interval
from digest.publication import Publication
from digest.store.feeds import FeedState


class Look(Noun):
    """What a feed says right now.

    Attributes:
        kind: As digest.toml says it, or as it was guessed.
        address: Where it was found at last, behind redirects, without credentials.
        moved_to: Where permanent redirects led.
        status: The HTTP status, where there is one.
        launches: How many of its entries look like launches.
        warnings: What was lost of it, in words.
        problem: Why it cannot be read and what to do, in a line, or an empty string.
    """

    feed: Feed
    kind: FeedKind
    address: str
    moved_to: str | None = None
    status: int | None = None
    title: str = ""
    entries: int = 0
    launches: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    warnings: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_redirected(self) -> bool:
        """Whether it was found at another address than the one that was asked."""
        return self.address != shown(self.feed.url)


def look_at(
    publication: Publication, feeds: Sequence[Feed], now: datetime, progress: Progress, waiting: Iterable[str] = ()
) -> list[Look]:
    """Ask feeds now, as politely as a collection does, and file nothing.

    Args:
        publication: Who asks.
        feeds: The feeds.
        now: The moment.
        progress: Told feed by feed.
        waiting: The hosts that asked to be left alone; they are, and so are redirects to them.

    Returns:
        What each says, in their order; a feed that fails says why.
    """
    decider = Decider(now, interval(publication.schedule.collect), only_due=False)
    sources = [Source(feed, FeedState(feed.url), _path(publication, feed)) for feed in feeds]
    with Workers() as workers:
        poll = Poll(client_of(publication), workers, decider, publication.folder, alone=set(waiting))
        return [_look(polled) for polled in poll.ask(sources, progress)]


def client_of(publication: Publication) -> Client:
    """The client that says who asks."""
    return Client(f"digest/{__version__} (+{publication.base_url})")


def look_of(feed: Feed, reading: Reading, *, address: str, moved_to: str | None = None, status: int = 200) -> Look:
    """What a feed says, from what was read of it.

    Args:
        feed: The feed.
        reading: Its entries, read and judged.
        address: Where it was found at last.
        moved_to: Where permanent redirects led.
        status: The HTTP status.
    """
    title = feed.title or reading.title
    dates = sorted(mark.published for mark in reading.marks if mark.published)
    return Look(
        feed=feed,
        kind=feed.kind or guess_kind(feed.url, title),
        address=address,
        moved_to=moved_to,
        status=None if feed.file else status,
        title=title,
        entries=len(reading.marks),
        launches=sum(mark.label == "launch" for mark in reading.marks),
        oldest=dates[0] if dates else None,
        newest=dates[-1] if dates else None,
        warnings=reading.warnings,
    )


def _look(polled: Polled) -> Look:
    feed, answer = polled.source.feed, polled.answer
    if polled.reading and answer:
        address, moved_to = answer.address, answer.moved_to
        return look_of(feed, polled.reading, address=address, moved_to=moved_to, status=answer.status)
    problem = "its host wants to be left alone; try again later" if polled.skipped else polled.problem
    return Look(
        feed=feed,
        kind=feed.kind or guess_kind(feed.url, feed.title or ""),
        address=shown(feed.url),
        status=polled.status,
        title=feed.title or "",
        problem=problem.removeprefix(f"{shown(feed.url)}: "),
    )


def _path(publication: Publication, feed: Feed) -> Path | None:
    return publication.folder / feed.file if feed.file else None
