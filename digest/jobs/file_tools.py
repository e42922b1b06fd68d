"""File the tools that launches tell of: new ones with the issue they belong to, known ones where they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from digest.collect.identify import identify
from digest.issues.folder import issue_folder, read_tools, write_tools
from digest.jobs.desk_merges import ignored_tools, undecided
from digest.jobs.standing import all_standings, next_open, standing_of
from digest.model.tool import Launch, Tool
from digest.publication import Publication

# a tool that shipped in the week before the last cutoff may have been seen late; what is older is history
_LATE = timedelta(days=7)


class Filed(NamedTuple):
    """What was filed.

    Attributes:
        new: How many tools were filed for the first time, by issue.
        again: How many tools of open issues were sighted once more.
        too_old: How many shipped before the open issue's time.
        possible_merges: Pairs that a person should look at, in words.
    """

    new: dict[str, int]
    again: int = 0
    too_old: int = 0
    possible_merges: tuple[str, ...] = ()


def file_tools(publication: Publication, launches: Iterable[Launch], now: datetime) -> Filed:
    """File tools. Filing the same launches again changes nothing.

    Args:
        publication: The publication.
        launches: All launches that are in the feeds now, so that it does not matter when each was first seen.
        now: The moment.

    Returns:
        What was filed.

    Raises:
        DigestError: The tools cannot be read or written.
    """
    issue_of: dict[str, str] = {}
    known: dict[str, Tool] = {}
    for standing in all_standings(publication):
        for tool in read_tools(standing.folder):
            issue_of.setdefault(tool.slug, standing.issue)
            known.setdefault(tool.slug, tool)
    found = identify(
        launches, list(known.values()), publication.settings.categories, ignored=ignored_tools(publication)
    )
    shelves: dict[str, dict[str, Tool]] = defaultdict(dict)
    calendar = _Calendar(publication, now)
    new: Counter[str] = Counter()
    again = too_old = 0
    for tool in found.tools:
        issue = issue_of.get(tool.slug)
        if issue is None:
            issue = calendar.issue_for(tool)
            if calendar.is_history(issue, tool):
                too_old += 1
                continue
            new[issue] += 1
        elif tool == known[tool.slug] or standing_of(publication, issue).is_closed:
            continue
        else:
            again += 1
        shelves[issue][tool.slug] = tool
    for issue, tools in sorted(shelves.items()):
        folder = issue_folder(publication.folder, issue)
        there = {tool.slug: tool for tool in read_tools(folder)}
        write_tools(folder, {**there, **tools}.values())
    filed = {*known, *(slug for tools in shelves.values() for slug in tools)}
    returned = [pair for pair in found.perhaps_ignored if pair[0] in filed]
    merges = undecided(publication, found.possible_merges, returned)
    asked = tuple(f"perhaps one tool: {one} and {other} ({why})" for one, other, why in merges)
    return Filed(dict(new), again, too_old, asked)


class _Calendar:
    """Which issue a new tool belongs to, with what the calendar says looked up once."""

    def __init__(self, publication: Publication, now: datetime) -> None:
        self._publication = publication
        self._now = now
        self._first = next_open(publication, now)
        self._cutoff = publication.schedule.moments(self._first).cutoff
        self._history_ends = cache(self._end_of_history)

    def issue_for(self, tool: Tool) -> str:
        """The oldest open issue whose cutoff is not before the day the tool shipped."""
        if tool.shipped_at is None or tool.shipped_at <= self._cutoff:
            return self._first
        return next_open(self._publication, self._now, shipped=tool.shipped_at)

    def is_history(self, issue: str, tool: Tool) -> bool:
        """Whether a tool shipped too long ago to be news in an issue."""
        return tool.shipped_at is not None and tool.shipped_at < self._history_ends(issue)

    def _end_of_history(self, issue: str) -> datetime:
        schedule = self._publication.schedule
        return schedule.moments(schedule.previous_week(issue)).cutoff - _LATE
