"""Collect: ask the feeds, read and judge their entries, and file the tools of the open issue.

feeds → answers → entries → launches → tools → issues/<id>/tools.jsonl
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from digest import __version__
from digest.collect.changes import Compared, compare
from digest.collect.politeness import Decider, Heard, address_of, has_moved
from digest.collect.recording import read_recording, write_recording
from digest.collect.workers import Workers
from digest.errors import BrokenInput
from digest.files.toml_source import read_toml
from digest.http.addresses import shown
from digest.jobs.polled import Polled, Source
from digest.model.noun import Noun
from digest.model.run import Progress
from digest.model.tool import Feed, Launch
from digest.model.week import interval
from digest.publication import FILE, Publication
from digest.store.database import Database
from digest.store.entries import known_hashes, launches_elsewhere, stored_entries
from digest.store.feeds import FeedState, feed_states, save_feed_states, waiting_hosts

if TYPE_CHECKING:
    from digest.jobs.file_tools import Filed

# this many hosts that all cannot be reached are not the ones at fault
_OUTAGE = 3


class CollectReport(Noun):
    """What a collection found.

    Attributes:
        feeds: How many were asked.
        waiting: How many were not: they are not due, gone for good, or their hosts want to be left alone.
        entries: How many there were in the answers that were read.
        changed: How many of them are new, changed, or have left.
        filed: Tools filed for the first time, by issue.
        seen_again: Tools of open issues that were sighted once more.
        too_old: Tools that shipped before the open issue's time.
        warnings: A line for each feed or entry that was left out, and for each merge that a person should look at.
    """

    feeds: int
    waiting: int = 0
    unchanged: int
    failed: int
    entries: int
    changed: int = 0
    launches: int
    updates: int
    filed: dict[str, int]
    seen_again: int
    too_old: int
    warnings: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The report in a line."""
        if not self.feeds:
            return f"no feed is due, {self.waiting} wait" if self.waiting else "no feed is due"
        said = f"{self.entries} entries of {self.feeds} feeds, {self.launches} launches"
        for issue, count in sorted(self.filed.items()):
            said += f", {count} new tools for {issue}"
        if not self.filed:
            said += ", no new tools"
        said += f", {self.unchanged} feeds unchanged" if self.unchanged else ""
        said += f", {self.waiting} not asked" if self.waiting else ""
        return said + (f", {self.failed} feeds failed" if self.failed else "")


class _Learnt(NamedTuple):
    """What the answers tell: each feed's new state and entries, and what to say about them."""

    states: tuple[FeedState, ...]
    compared: Mapping[str, Compared]
    waits: Mapping[str, datetime]
    warnings: tuple[str, ...]


def collect(
    publication: Publication,
    database: Database,
    now: datetime,
    *,
    offline: bool = False,
    record: bool = False,
    only_due: bool = False,
    progress: Progress,
) -> CollectReport:
    """Collect once.

    Args:
        publication: The publication.
        database: The state.
        now: The moment.
        offline: Read the recorded answers instead of the network, and keep nothing of them in the database.
        record: Keep the answers in feeds/ as the recording.
        only_due: Leave out feeds that were asked lately; without, only those that are gone for good or whose hosts
            want to be left alone.
        progress: Told feed by feed.

    Returns:
        What was found and filed. A feed that fails is a warning, never the end of the run.

    Raises:
        BrokenInput: There is no feed to ask.
        DigestError: The tools cannot be written; nothing is forgotten then, the next run asks again.
    """
    decider = Decider(now, interval(publication.schedule.collect), only_due)
    before = {} if offline else feed_states(database)
    waits = {} if offline else waiting_hosts(database, now)
    sources = _recorded(publication) if offline else _subscribed(publication, before, record=record)
    due = [source for source in sources if decider.standing(source.state, waits.get(source.host)) == "due"]
    anew = {source.feed.url for source in due if source.state.body_hash is None}
    known = {} if offline else {feed: hashes for feed, hashes in known_hashes(database).items() if feed not in anew}
    with Workers(at_once=len(anew)) as workers:
        # while the reading processes start, there is time to import what is needed from here on
        from digest.http.client import Client
        from digest.jobs.poll import Poll

        if anew:
            import_module("digest.jobs.file_tools")
        client = Client(f"digest/{__version__} (+{publication.base_url})")
        root = publication.recording if offline else publication.folder
        poll = Poll(client, workers, decider, root, known, keep_bodies=record, alone=set(waits))
        answers = poll.ask(due, progress)
    learnt = _learnt(publication, None if offline else database, answers, decider)
    filed = _filed(publication, None if offline else database, learnt.compared, now)
    if not offline:
        # only now: what is kept before the tools are on the disk would lose them if we were killed between
        listed = {source.feed.url for source in sources}
        changes = [compared.changes for compared in learnt.compared.values()]
        save_feed_states(database, learnt.states, changes=changes, waits=learnt.waits, subscribed=listed, now=now)
    if record:
        write_recording(publication.recording, now, list(_bodies(answers)))
    return _report(len(sources), answers, learnt, filed)


def _recorded(publication: Publication) -> list[Source]:
    folder = publication.recording
    return [
        Source(
            Feed(url=recorded.url, title=recorded.title, kind=recorded.kind),
            FeedState(recorded.url),
            folder / recorded.file,
            recorded.content_type,
        )
        for recorded in read_recording(folder).feed
    ]


def _subscribed(publication: Publication, before: Mapping[str, FeedState], *, record: bool) -> list[Source]:
    feeds = publication.settings.feeds
    if not feeds:
        raise BrokenInput("no feed is subscribed", where=publication.folder / FILE, cure="add one under [[feeds]]")
    sources = []
    for feed in feeds:
        state = before.get(feed.url, FeedState(feed.url))
        if record or state.read_as != _read_as(feed):
            # the same bytes would be judged otherwise now, or are wanted themselves
            state = state._replace(etag=None, last_modified=None, body_hash=None)
        sources.append(Source(feed, state, publication.folder / feed.file if feed.file else None))
    return sources


def _read_as(feed: Feed) -> str:
    """All that a feed's entries are judged by, apart from themselves."""
    return f"{__version__} {feed.kind or '-'} {feed.title or ''}".strip()


def _learnt(
    publication: Publication, database: Database | None, answers: Sequence[Polled], decider: Decider
) -> _Learnt:
    """Each feed's answer beside what was known of it."""
    compared: dict[str, Compared] = {}
    states: list[FeedState] = []
    warnings: list[str] = []
    waits: dict[str, datetime] = {}
    outage = _is_outage(answers)
    found = {one.source.feed.url: [mark.identity for mark in one.reading.marks] for one in answers if one.reading}
    stored = stored_entries(database, found) if database else {}
    for polled in answers:
        before = polled.source.state
        if polled.skipped:
            continue
        if polled.wait is not None and polled.waiting_host:
            waits[polled.waiting_host] = decider.now + polled.wait
        state = _next_state(polled, decider, outage=outage)
        if polled.reading:
            url, marks = before.url, polled.reading.marks
            known = stored.get(url, [])
            compared[url] = compare(url, marks, known, now=decider.now, last_read=before.succeeded_at)
            state = state._replace(missed_at=decider.now) if compared[url].missed else state
        states.append(state)
        warnings += _said(publication, polled, state, compared.get(before.url))
    return _Learnt(tuple(states), compared, waits, tuple(warnings))


def _is_outage(answers: Sequence[Polled]) -> bool:
    """Whether it is our own network that is down: no feed's fault, and all are asked again by the next run."""
    unreachable = {polled.source.host for polled in answers if polled.problem and polled.status is None}
    return len(unreachable) >= _OUTAGE and all(polled.problem and polled.status is None for polled in answers)


def _next_state(polled: Polled, decider: Decider, *, outage: bool) -> FeedState:
    """What to remember of a feed: its validators only after a success, its failures in a row."""
    state, answer = polled.source.state, polled.answer
    if polled.problem or answer is None:
        failed = decider.after_failure(state, polled.problem, status=polled.status, wait=polled.wait)
        return state._replace(last_error=failed.last_error) if outage else failed
    ttl = polled.reading.ttl if polled.reading else None
    heard = Heard(answer.cache_control, answer.expires, answer.date, ttl, answer.moved_to)
    state = decider.after_success(state, heard)
    if polled.reading is None:
        return state
    return state._replace(
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=polled.body_hash,
        changed_at=decider.now,
        read_as=_read_as(polled.source.feed),
    )


def _said(publication: Publication, polled: Polled, state: FeedState, compared: Compared | None) -> list[str]:
    """What a person should know about a feed's answer, a line each."""
    feed = polled.source.feed
    name = feed.title or shown(feed.url)
    said = [f"feed left out: {polled.problem}"] if polled.problem else []
    if state.retired_at and polled.status == 410:
        place = _line_of(publication, feed)
        said = [
            f"feed left out: {shown(feed.url)}: gone for good (HTTP 410), never asked again; take it out of {place}"
        ]
    if has_moved(polled.source.state, state):
        place = _line_of(publication, feed)
        said.append(
            f"{shown(feed.url)} has moved to {shown(address_of(state))} and is asked there; change url in {place}"
        )
    if polled.reading:
        said += [f"{name}: {warning}" for warning in polled.reading.warnings]
    if compared and compared.missed and polled.source.state.succeeded_at:
        since = f"{polled.source.state.succeeded_at:%Y-%m-%d %H:%M}"
        said.append(f"{name}: entries possibly missed since {since} UTC: it shows less than that; collect more often")
    return said


def _line_of(publication: Publication, feed: Feed) -> str:
    """Where digest.toml names a feed."""
    number = next(at for at, listed in enumerate(publication.settings.feeds) if listed.url == feed.url)
    line = read_toml(publication.folder / FILE).position_of(("feeds", number, "url")).line
    return f"{FILE}:{line}"


def _filed(
    publication: Publication, database: Database | None, compared: Mapping[str, Compared], now: datetime
) -> Filed | None:
    """File the tools of everything that is in the feeds now, if anything about their launches is new."""
    if not any(one.news for one in compared.values()):
        return None
    # most polls bring nothing new: those need neither the desk nor the comparing of names
    from digest.jobs.file_tools import file_tools

    launches = [launch for one in compared.values() for launch in one.launches]
    # with what other feeds showed earlier, so that it does not matter which of them answered just now
    launches += launches_elsewhere(database, compared.keys()) if database else []
    # a launch is history on every machine alike, whether it was judged when it was young or never
    young = [launch for launch in map(_as_launch, launches) if not launch.entry.is_history(now)]
    return file_tools(publication, young, now)


def _as_launch(launch: Launch | str) -> Launch:
    return Launch.model_validate_json(launch) if isinstance(launch, str) else launch


def _bodies(answers: Iterable[Polled]) -> Iterable[tuple[Feed, bytes, str | None]]:
    for polled in answers:
        if polled.answer and polled.answer.body:
            yield polled.source.feed, polled.answer.body, polled.answer.content_type


def _report(sources: int, answers: Sequence[Polled], learnt: _Learnt, filed: Filed | None) -> CollectReport:
    labels = sum((compared.labels for compared in learnt.compared.values()), Counter[str]())
    changes = [compared.changes for compared in learnt.compared.values()]
    asked = [polled for polled in answers if not polled.skipped]
    return CollectReport(
        feeds=len(asked),
        waiting=sources - len(asked),
        unchanged=sum(polled.unchanged for polled in asked),
        failed=sum(bool(polled.problem) for polled in asked),
        entries=labels.total(),
        changed=sum(len(change.added) + len(change.replaced) for change in changes),
        launches=labels["launch"],
        updates=labels["update"],
        filed=filed.new if filed else {},
        seen_again=filed.again if filed else 0,
        too_old=filed.too_old if filed else 0,
        warnings=(*learnt.warnings, *(filed.possible_merges if filed else ())),
    )
