"""The desk at work: list an issue's tools, look at one, decide about them, file one by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, NamedTuple

from digest.errors import BrokenInput, Refused
from digest.files.problems import nearest
from digest.issues.desk import Desk, DeskDecision
from digest.issues.desk_file import append_decisions, read_desk
from digest.issues.draft import read_draft
from digest.issues.folder import read_tools
from digest.jobs.desk_merges import Perhaps, bring_together, possible_merges
from digest.jobs.pair import pairing_of
from digest.jobs.standing import Standing, all_standings, standing_of
from digest.model.tool import Tool
from digest.publication import Publication
from digest.verdicts.match import NearMatch, near_matches

State = Literal["accepted", "ignored", ""]


class Row(NamedTuple):
    """A tool as the desk lists it.

    Attributes:
        state: What was decided; empty where nothing was.
        verdict: The slug of its verdict, or None where there is no file.
        waits: Whether nobody has judged it yet.
    """

    tool: Tool
    state: State
    verdict: str | None
    waits: bool


class Listing(NamedTuple):
    """An issue's tools: accepted ones first, then the surest; how many wait for a verdict, and what almost matches."""

    rows: tuple[Row, ...]
    waiting: int
    near: tuple[NearMatch, ...]


class Shown(NamedTuple):
    """One tool, and everything about it.

    Attributes:
        parts: The slugs that are merged into it.
        decisions: Those about it and its parts, the newest last.
        possible_merges: Other tools that may be the same one.
    """

    standing: Standing
    tool: Tool
    state: State
    parts: tuple[str, ...]
    decisions: tuple[DeskDecision, ...]
    possible_merges: tuple[Perhaps, ...]


class Decided(NamedTuple):
    """A decision as it was written.

    Attributes:
        asked: The tool that it was said about.
        changed: Whether it was news.
        came_from: The issue that the tool belonged to before, where it had to move.
    """

    issue: str
    decision: DeskDecision
    asked: str
    changed: bool
    came_from: str | None = None


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
    # a verdict that was only started judges nothing yet
    silent = {slug for slug, verdict in pairing.verdicts.items() if verdict.is_waiting}
    wait = tuple(tool for tool in desk.tools if pairing.matches.get(tool.slug) in {None, *silent})
    near = near_matches(wait, pairing.verdicts, pairing.matches)
    tools = (wait if waiting else desk.tools) + (desk.ignored if ignored else ())
    rows = [Row(tool, _state(desk, tool), pairing.matches.get(tool.slug), tool in wait) for tool in tools]
    rows.sort(key=lambda row: (row.state == "ignored", not row.tool.accepted, -row.tool.score, row.tool.slug))
    return Listing(tuple(rows), len(wait), near)


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
    return Shown(standing, tool, _state(desk, tool), parts[1:], about, possible_merges(publication, tool, parts))


def decide(publication: Publication, asked: Sequence[DeskDecision], week: str | None = None) -> tuple[Decided, ...]:
    """Write decisions into the desks of the issues that their tools belong to; all of them or none.

    Args:
        publication: The publication.
        asked: What was decided. What is said about a merged tool goes to the one that it is part of.
        week: The issue; None looks for the one that has the tool.

    Returns:
        The decisions; those that change nothing are not written. A tool that is merged into one of another open issue
        moves there first.

    Raises:
        Refused: The issue is approved or closed.
        BrokenInput: No such tool or category, or tools would be merged in a circle.
    """
    standings: dict[str, Standing] = {}
    desks: dict[str, Desk] = {}
    news: dict[str, list[DeskDecision]] = defaultdict(list)
    decided = []
    came_from = _gathered(publication, asked) if week is None else {}
    for said in asked:
        wish = _turned(publication, said) if said.other else said
        standing = issue_with(publication, wish.tool, week)
        refuse_closed(standing)
        issue = standing.issue
        standings[issue] = standing
        desk = desks[issue] = desks.get(issue) or desk_of(publication, standing)
        whole = wish.into or wish.other
        decision = wish if whole else wish.model_copy(update={"tool": desk.end_of(wish.tool)})
        _check(publication, standing, desk, decision)
        after = Desk(desk.collected, (*desk.decisions, decision))
        _check_after(standing, after, decision)
        changed = (after.tools, after.ignored, after.separate) != (desk.tools, desk.ignored, desk.separate)
        if changed:
            desks[issue] = after
            news[issue].append(decision)
        decided.append(Decided(issue, decision, wish.tool, changed, came_from.get(wish.tool)))
    for issue, decisions in news.items():
        append_decisions(standings[issue].folder, decisions)
    return tuple(decided)


def _gathered(publication: Publication, asked: Sequence[DeskDecision]) -> dict[str, str]:
    """Move tools to the issues of those that they are to be merged into; says where each of them came from."""
    came_from = {}
    for wish in asked:
        if wish.into and wish.into != wish.tool:
            there = issue_with(publication, wish.into, None)
            # in the other issue too where moving it was killed half-way
            for here in _having(publication, wish.tool):
                if here.issue != there.issue:
                    bring_together(publication, wish.tool, here, wish.into, there)
                    came_from[wish.tool] = here.issue
    return came_from


def _having(publication: Publication, slug: str) -> list[Standing]:
    """The issues that have a tool: one, but for a moment."""
    return [one for one in all_standings(publication) if slug in {tool.slug for tool in read_tools(one.folder)}]


def _turned(publication: Publication, wish: DeskDecision) -> DeskDecision:
    """That two tools are separate, said of the one that can take it: the part of the other, or the one that is open."""
    assert wish.other
    if wish.other == wish.tool:
        raise BrokenInput(f"{wish.tool} is one tool", cure="name two")
    one, other = (issue_with(publication, slug, None) for slug in (wish.tool, wish.other))
    is_part = wish.other in desk_of(publication, one).parts_of(wish.tool)[1:]
    if is_part or (one.is_closed and not other.is_closed):
        return wish.model_copy(update={"tool": wish.other, "other": wish.tool})
    return wish


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
            cure = "without --week, the tools of two open issues can be merged too"
            raise BrokenInput(what, cure=nearest(decision.into, known, cure))


def _check_after(standing: Standing, after: Desk, decision: DeskDecision) -> None:
    """Whether a decision makes of the tools what it says."""
    one, other, where = decision.tool, decision.other, standing.folder.desk
    if after.circles:
        what = f"{decision.into} is merged into {one} already"
        raise BrokenInput(what, cure=f"take that line out of {where} first")
    if other and after.end_of(one) == after.end_of(other):
        what = f"{one} and {other} are both merged into {after.end_of(one)}"
        raise BrokenInput(what, cure=f"take one of these lines out of {where} first")


def _state(desk: Desk, tool: Tool) -> State:
    if tool in desk.ignored:
        return "ignored"
    return "accepted" if tool.accepted else ""
