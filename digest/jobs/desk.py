"""The desk at work: list an issue's tools, look at one, decide about them, file one by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

from digest.collect.identify import look_alike
from digest.errors import BrokenInput, Refused
from digest.files.problems import BrokenFile
from digest.issues.desk import Desk, DeskDecision
from digest.issues.desk_file import append_decisions, nearest, read_desk
from digest.issues.draft import read_draft
from digest.issues.folder import read_tools
from digest.jobs.pair import pairing_of
from digest.jobs.standing import Standing, all_standings, standing_of
from digest.model.tool import Tool
from digest.publication import Publication

State = Literal["accepted", "ignored", ""]


class Row(NamedTuple):
    """A tool as the desk lists it.

    Attributes:
        state: What was decided; empty where nothing was.
        verdict: The slug of its verdict, or None where it waits for one.
    """

    tool: Tool
    state: State
    verdict: str | None


class Listing(NamedTuple):
    """An issue's tools: accepted ones first, then the surest; how many wait for a verdict."""

    rows: tuple[Row, ...]
    waiting: int


class Shown(NamedTuple):
    """One tool, and everything about it.

    Attributes:
        parts: The slugs that are merged into it.
        decisions: Those about it and its parts, the newest last.
        possible_merges: Other slugs and why they may be the same tool.
    """

    standing: Standing
    tool: Tool
    state: State
    parts: tuple[str, ...]
    decisions: tuple[DeskDecision, ...]
    possible_merges: tuple[tuple[str, str], ...]


class Decided(NamedTuple):
    """A decision as it was written; `changed` says whether it was news."""

    issue: str
    decision: DeskDecision
    asked: str
    changed: bool


def listing(publication: Publication, standing: Standing, *, waiting: bool = False, ignored: bool = False) -> Listing:
    """What the desk makes of an issue's tools.

    Args:
        publication: The publication.
        standing: The issue.
        waiting: Only tools without a verdict.
        ignored: Also those that are never shown.

    Raises:
        BrokenFile: desk.yaml, issue.yaml or tools.jsonl is broken.
    """
    desk = desk_of(publication, standing)
    pairing = pairing_of(publication, standing.folder, desk.tools, read_draft(standing.folder)[0])
    tools = (pairing.waiting if waiting else desk.tools) + (desk.ignored if ignored else ())
    rows = [Row(tool, _state(desk, tool), pairing.matches.get(tool.slug)) for tool in tools]
    rows.sort(key=lambda row: (row.state == "ignored", not row.tool.accepted, -row.tool.score, row.tool.slug))
    return Listing(tuple(rows), len(pairing.waiting))


def shown(publication: Publication, slug: str, week: str | None = None) -> Shown:
    """One tool, whatever issue it belongs to; a merged one as the tool that it is part of.

    Raises:
        BrokenInput: There is no such tool, or its desk is broken.
    """
    standing = issue_with(publication, slug, week)
    desk = desk_of(publication, standing)
    end = desk.end_of(slug)
    tool = next(one for one in desk.tools + desk.ignored if one.slug == end)
    parts = desk.parts_of(end)
    about = tuple(one for one in desk.decisions if one.tool in parts)
    return Shown(standing, tool, _state(desk, tool), parts[1:], about, _possible_merges(publication, tool, parts))


def decide(publication: Publication, asked: Sequence[DeskDecision], week: str | None = None) -> tuple[Decided, ...]:
    """Write decisions into the desks of the issues that their tools belong to; all of them or none.

    Args:
        publication: The publication.
        asked: What was decided. What is said about a merged tool goes to the one that it is part of.
        week: The issue; None looks for the one that has the tool.

    Returns:
        The decisions; those that change nothing are not written.

    Raises:
        Refused: The issue is approved or closed.
        BrokenInput: No such tool or category, or tools would be merged in a circle.
    """
    standings: dict[str, Standing] = {}
    desks: dict[str, Desk] = {}
    news: dict[str, list[DeskDecision]] = defaultdict(list)
    decided = []
    for wish in asked:
        standing = issue_with(publication, wish.tool, week)
        refuse_closed(standing)
        issue = standing.issue
        standings[issue] = standing
        desk = desks[issue] = desks.get(issue) or desk_of(publication, standing)
        decision = wish if wish.into else wish.model_copy(update={"tool": desk.end_of(wish.tool)})
        _check(publication, standing, desk, decision)
        after = Desk(desk.collected, (*desk.decisions, decision))
        if after.circles:
            what = f"{decision.into} is merged into {decision.tool} already"
            raise BrokenInput(what, cure=f"take that line out of {standing.folder.desk} first")
        changed = (after.tools, after.ignored) != (desk.tools, desk.ignored)
        if changed:
            desks[issue] = after
            news[issue].append(decision)
        decided.append(Decided(issue, decision, wish.tool, changed))
    for issue, decisions in news.items():
        append_decisions(standings[issue].folder, decisions)
    return tuple(decided)


def undecided(publication: Publication, merges: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Possible merges that nobody has answered: neither merged already, nor with a tool that is ignored.

    A broken desk answers nothing here, since it must not stop a collection; the next build names its mistakes.
    """
    desks = []
    for standing in all_standings(publication) if merges else ():
        with suppress(BrokenFile):
            desks.append(read_desk(standing.folder))
    ignored = {part for desk in desks for tool in desk.ignored for part in desk.parts_of(tool.slug)}
    return [
        (one, other, why)
        for one, other, why in merges
        if not {one, other} & ignored and all(desk.end_of(one) != desk.end_of(other) for desk in desks)
    ]


def desk_of(publication: Publication, standing: Standing) -> Desk:
    """The desk of an issue; the categories of one that is closed are nobody's to judge any more."""
    return read_desk(standing.folder, None if standing.is_closed else publication.category_ids)


def issue_with(publication: Publication, slug: str, week: str | None) -> Standing:
    """The issue that a tool belongs to; where several have it, the newest open one.

    Raises:
        BrokenInput: None has it; names the slug that looks most like it.
    """
    slugs = {one: [tool.slug for tool in read_tools(one.folder)] for one in all_standings(publication)}
    having = sorted((one for one in slugs if slug in slugs[one]), key=lambda one: (not one.is_closed, one.issue))
    if week is None and having:
        return having[-1]
    if week is None:
        known = [name for names in slugs.values() for name in names]
        raise BrokenInput(f'no tool is called "{slug}"', cure=nearest(slug, known, "`digest tools list` lists them"))
    standing = standing_of(publication, week)
    if week in [one.issue for one in having]:
        return standing
    here = next((names for one, names in slugs.items() if one.issue == week), [])
    otherwise = f"it belongs to {having[-1].issue}" if having else f"`digest tools list --week {week}` lists them"
    cure = otherwise if having else nearest(slug, here, otherwise)
    raise BrokenInput(f'no tool of {week} is called "{slug}"', cure=cure)


def refuse_closed(standing: Standing) -> None:
    """The tools of a letter that was approved stay as they are.

    Raises:
        Refused: The issue is approved, sent, skipped or given up.
    """
    if standing.is_closed:
        cure = "withdraw the approval with `digest unapprove` first" if standing.state == "approved" else ""
        raise Refused(f"{standing.issue} is {standing.state}; nothing is decided about its tools any more", cure=cure)


def check_category(publication: Publication, category: str) -> None:
    """Whether a category is the publication's.

    Raises:
        BrokenInput: It is not; names the one that looks most like it.
    """
    known = (*publication.category_ids, "uncategorised")
    if category not in known:
        what = f'no category is called "{category}"'
        raise BrokenInput(what, cure=nearest(category, known, f"use {', '.join(known)}"))


def _check(publication: Publication, standing: Standing, desk: Desk, decision: DeskDecision) -> None:
    if decision.category:
        check_category(publication, decision.category)
    if decision.into == decision.tool:
        raise BrokenInput(f"{decision.tool} cannot be merged into itself", cure="name two tools")
    if decision.into:
        known = [tool.slug for tool in desk.collected]
        if decision.into not in known:
            what = f'no tool of {standing.issue} is called "{decision.into}"'
            cure = "only tools of one issue can be merged; `digest tools ignore` the newer one"
            raise BrokenInput(what, cure=nearest(decision.into, known, cure))


def _state(desk: Desk, tool: Tool) -> State:
    if tool in desk.ignored:
        return "ignored"
    return "accepted" if tool.accepted else ""


def _possible_merges(publication: Publication, tool: Tool, parts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Tools of any issue that may be the same one."""
    others = {one.slug: one for standing in all_standings(publication) for one in read_tools(standing.folder)}
    there = [one for slug, one in others.items() if slug not in parts]
    found = undecided(publication, sorted(look_alike([tool], [tool, *there]).values()))
    return tuple((other if one == tool.slug else one, why) for one, other, why in found)
