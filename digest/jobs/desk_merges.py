"""Which tools may be one, what editors have answered, and how two tools of different issues come together."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from digest.collect.identify import look_alike, perhaps_ignored
from digest.errors import Refused
from digest.files.problems import BrokenFile
from digest.issues.desk import Desk
from digest.issues.desk_file import move_decisions, read_desk
from digest.issues.folder import read_tools, write_tools
from digest.jobs.standing import Standing, all_standings
from digest.model.tool import Tool
from digest.publication import Publication

Pair = tuple[str, str, str]
"""Two slugs, and why they may be one tool."""


def ignored_tools(publication: Publication) -> frozenset[str]:
    """The slugs of all tools that are never to be shown again, with what is merged into them."""
    return frozenset(part for desk in _desks(publication) for tool in desk.ignored for part in desk.parts_of(tool.slug))


def undecided(publication: Publication, merges: Sequence[Pair], returned: Sequence[Pair] = ()) -> list[Pair]:
    """Possible merges that nobody has answered.

    Args:
        publication: The publication.
        merges: Pairs that may be one tool. Merged already, called separate, or with a tool that is ignored, they are
            answered.
        returned: Pairs of a tool and an ignored one that it may be. They are answered by a word about the first.

    Returns:
        The others. A broken desk answers nothing here, since it must not stop a collection; the next build names its
        mistakes.
    """
    desks = _desks(publication) if merges or returned else []
    ignored = {part for desk in desks for tool in desk.ignored for part in desk.parts_of(tool.slug)}
    accepted = {part for desk in desks for tool in desk.tools if tool.accepted for part in desk.parts_of(tool.slug)}

    def answered(one: str, other: str) -> bool:
        if any(desk.end_of(one) == desk.end_of(other) for desk in desks):
            return True
        ours, theirs = _parts(desks, one), _parts(desks, other)
        return any(len(pair & ours) == len(pair & theirs) == 1 for desk in desks for pair in desk.separate)

    left = [pair for pair in merges if not {*pair[:2]} & ignored]
    left += [pair for pair in returned if pair[0] not in ignored | accepted and pair[1] in ignored]
    return [pair for pair in left if not answered(pair[0], pair[1])]


class Perhaps(NamedTuple):
    """Another tool that may be the same one: why, and the commands that answer."""

    slug: str
    why: str
    cure: str


def possible_merges(publication: Publication, tool: Tool, parts: Sequence[str]) -> tuple[Perhaps, ...]:
    """Tools of any issue that may be the same one.

    Args:
        publication: The publication.
        tool: A tool as the desk makes it.
        parts: The slugs that it consists of.
    """
    standings = all_standings(publication)
    issue_of = {one.slug: standing for standing in standings for one in read_tools(standing.folder)}
    others = {one.slug: one for standing in standings for one in read_tools(standing.folder)}
    there = [one for slug, one in others.items() if slug not in parts]
    ignored = ignored_tools(publication)
    returned = perhaps_ignored([tool], [one for one in there if one.slug in ignored])
    found = undecided(publication, sorted(look_alike([tool], [tool, *there]).values()), returned)
    answers = []
    for one, two, why in found:
        other = two if one == tool.slug else one
        left, gone = (tool.slug, other) if issue_of[other].is_closed else (other, tool.slug)
        if other in ignored:
            cure = f"`digest tools ignore {tool.slug}`, or `digest tools accept {tool.slug}`"
        elif issue_of[gone].is_closed:
            cure = f"`digest tools ignore {left}`, or `digest tools separate {left} {gone}`"
        else:
            cure = f"`digest tools merge {other} {tool.slug}`, or `digest tools separate {other} {tool.slug}`"
        answers.append(Perhaps(other, why, cure))
    return tuple(answers)


def bring_together(publication: Publication, slug: str, here: Standing, into: str, there: Standing) -> None:
    """Move a tool, with what is merged into it and what was decided about it, to the issue of another one.

    Args:
        publication: The publication.
        slug: The tool that moves.
        here: Its issue.
        into: The tool that it is about to be merged into.
        there: That one's issue.

    Raises:
        Refused: One of the issues is approved or closed; says what keeps the newer tool out instead.
    """
    closed = next((one for one in (there, here) if one.is_closed), None)
    if closed:
        gone, left, issue = (into, slug, here.issue) if closed is there else (slug, into, there.issue)
        keeps = f"`digest tools ignore {left}` keeps {left} out of {issue}"
        cure = keeps if closed.state != "approved" else f"withdraw the approval with `digest unapprove`, or {keeps}"
        raise Refused(f"{gone} belongs to {closed.issue}, which is {closed.state}; nothing is merged there", cure=cure)
    desk = read_desk(here.folder, publication.category_ids)
    leaving = desk.parts_of(slug) or (slug,)
    ours = {tool.slug: tool for tool in desk.collected if tool.slug in leaving}
    # in this order a kill between leaves a tool in both issues, never in neither, and no desk names what is not there
    write_tools(there.folder, {**ours, **{tool.slug: tool for tool in read_tools(there.folder)}}.values())
    move_decisions(here.folder, there.folder, leaving)
    write_tools(here.folder, [tool for tool in desk.collected if tool.slug not in ours])


def _desks(publication: Publication) -> list[Desk]:
    """The desks of all issues but the broken ones."""
    desks = []
    for standing in all_standings(publication):
        with suppress(BrokenFile):
            desks.append(read_desk(standing.folder))
    return desks


def _parts(desks: Sequence[Desk], slug: str) -> frozenset[str]:
    """All that is one tool with a slug, on whatever desk it lies."""
    return frozenset({slug}.union(*(desk.parts_of(desk.end_of(slug)) for desk in desks)))
