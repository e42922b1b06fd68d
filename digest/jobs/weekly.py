"""The weekly job: a tick that does whatever is due, and nothing else.

    collect, then for each issue at hand: pair → build → check → approve → send

Cron may call it weekly, hourly or every ten minutes; it may be started twice, killed, started late or on a new clone.
Every stage can be done again without harm, so a killed run is continued simply by running again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.errors import DigestError, Refused
from digest.issues.folder import read_tools
from digest.jobs.advance import advance
from digest.jobs.alert import ping
from digest.jobs.collect import collect
from digest.jobs.lock import held
from digest.jobs.standing import Standing, all_standings, next_open, standing_of
from digest.jobs.tick import Ended, Options, Tick
from digest.model.run import Clock, Progress, RunReport
from digest.model.week import interval
from digest.publication import Publication
from digest.store.database import open_database
from digest.store.runs import begin_run, last_done

# an issue whose time passed longer ago than this is history: a new clone is not told about it
_RECENT = timedelta(days=7)


class _NoFeedAnswered(DigestError):
    """The network is down, or every feed is."""


def weekly(publication: Publication, clock: Clock, options: Options, progress: Progress) -> RunReport:
    """Do what is due.

    Args:
        publication: The publication.
        clock: Tells the moment.
        options: How the run was asked for.
        progress: Told as work goes on.

    Returns:
        What was done, and how it stands.

    Raises:
        LockHeld: Another run is at work.
        DigestError: A stage failed; running again goes on from there.
    """
    _guard_stand_in(publication, options)
    with held(publication.folder, "run", clock):
        database = open_database(publication.database_url, clock())
        try:
            run = begin_run(database, "run", clock)
            tick = Tick(publication, database, run, clock, progress, options, [])
            try:
                issue, ended = _tick(tick)
            except DigestError as error:
                run.end(f"exit {error.exit_code}: {error.line()}"[:500])
                raise
            run.end(f"exit {ended.exit_code}: {ended.outcome}"[:500])
        finally:
            database.close()
    missed = ping(publication, ended.outcome) if ended.exit_code == 0 else ""
    if missed:
        tick.tell("ping", "", missed, missed)
    return RunReport(
        publication=publication.settings.name,
        moment=clock(),
        issue=issue,
        stages=tuple(tick.stages),
        outcome=ended.outcome,
        exit_code=ended.exit_code,
    )


def _tick(tick: Tick) -> tuple[str, Ended]:
    _collect_if_due(tick)
    at_hand = _issues_at_hand(tick)
    endings = [(standing.issue, _advanced(tick, standing)) for standing in at_hand]
    # the worst exit code is the run's; among equals the last issue speaks
    return max(reversed(endings), key=lambda ending: ending[1].exit_code)


def _advanced(tick: Tick, standing: Standing) -> Ended:
    """One issue's trouble is its own: the next one still gets its turn."""
    try:
        return advance(tick, standing)
    except DigestError as error:
        if tick.clock() >= standing.moments.send:
            tick.alert(f"stuck/{standing.issue}", f"{standing.issue} is past its time and stuck: {error.line()}")
        return Ended(error.line(), error.exit_code)


def _guard_stand_in(publication: Publication, options: Options) -> None:
    if options.approve and publication.provider != "outbox" and publication.settings.approval != "automatic":
        raise Refused(
            f"--approve stands in for a person only with the outbox, and this publication sends through "
            f"{publication.provider}",
            cure='approve with `digest approve`, or set approval = "automatic" in digest.toml',
        )


def _collect_if_due(tick: Tick) -> None:
    publication, now = tick.publication, tick.clock()
    last = last_done(tick.database, "collect")
    if not tick.options.offline and last is not None and now < last + interval(publication.schedule.collect):
        return
    if not tick.options.offline and not publication.settings.feeds:
        tick.tell("collect", "", "no feed is subscribed: tools come by hand")
        return
    try:
        with tick.stage("collect") as detail:
            offline, progress = tick.options.offline, tick.progress
            report = collect(publication, tick.database, now, offline=offline, only_due=True, progress=progress)
            detail.append(report.line)
            tick.tell("collect", "", report.line, *report.warnings)
            if report.feeds and report.failed == report.feeds:
                raise _NoFeedAnswered("no feed answered", cure="check the network; the next run asks again")
    except _NoFeedAnswered:
        # recorded as failed, so that it is due again at once; what was collected before can still go out
        return


def _issues_at_hand(tick: Tick) -> list[Standing]:
    """The issues that this tick is about: those between draft and give-up, or just past it, else the next one due."""
    publication, now = tick.publication, tick.clock()
    if tick.options.week is not None:
        return [standing_of(publication, tick.options.week)]
    coming = standing_of(publication, next_open(publication, now))
    there = [one for one in all_standings(publication) if one.issue != coming.issue]
    late = [one for one in there if _just_passed(one, now)]
    current = [one for one in there if one.moments.draft <= now < one.moments.give_up]
    waiting = [one for one in current if one.state in ("draft", "approved")]
    at_hand = sorted([*late, *waiting], key=lambda one: one.moments.send)
    if coming.moments.draft <= now:
        return [*at_hand, coming]
    # until the next one's draft is due, a week whose letter is out has that to say
    return at_hand or [one for one in current if one.is_closed][-1:] or [coming]


def _just_passed(standing: Standing, now: datetime) -> bool:
    """An issue that has something to tell and whose time passed lately."""
    worked_on = standing.folder.draft.is_file() or bool(read_tools(standing.folder))
    open_ = worked_on and standing.state in ("draft", "approved")
    return open_ and standing.moments.give_up <= now < standing.moments.give_up + _RECENT
