"""The desk: what editors decide about collected tools, and what that makes of them.

Values in, values out; `desk_file.py` reads and writes desk.yaml. Of accept, ignore and merge about one tool the last
one counts; of names and categories the last one too, on their own. A tool that is merged into another stays merged
through chains, and takes its acceptance along. Two tools that are said to be separate are never offered as one again;
said of a tool and the one that it is merged into, it takes it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from digest.model.noun import Line, Noun, Slug
from digest.model.tool import Tool, joined

# what each decision needs besides the tool
NEEDS = {"merge": "into", "separate": "other", "rename": "name", "category": "category"}


class DeskDecision(Noun):
    """One line of desk.yaml.

    Attributes:
        into: The tool that it is merged into; with `merge` only, like the next three with theirs.
        other: The tool that it is not, whatever they have in common; it may belong to another issue.
        by: Who decided; a person who writes by hand may leave it out, and the moment too.
    """

    decision: Literal["accept", "ignore", "merge", "separate", "rename", "category"]
    tool: Slug
    into: Slug | None = None
    other: Slug | None = None
    name: Line | None = None
    category: Line | None = None
    by: str = ""
    at: datetime | None = None
    why: str = ""


def desk_tools(tools: Sequence[Tool], decisions: Sequence[DeskDecision]) -> tuple[Tool, ...]:
    """What the desk makes of the collected tools.

    Args:
        tools: As they were collected.
        decisions: In the order of the file, the newest last. What they say of tools that are not there has no effect,
            and tools that are merged in a circle stay as they are.

    Returns:
        The tools that are left, by slug.
    """
    return Desk(tuple(tools), tuple(decisions)).tools


@dataclass(frozen=True)
class Desk:
    """An issue's collected tools and the decisions about them."""

    collected: tuple[Tool, ...]
    decisions: tuple[DeskDecision, ...] = ()

    @cached_property
    def tools(self) -> tuple[Tool, ...]:
        """What the desk makes of the tools, by slug; the ignored ones are gone."""
        return tuple(self._made(slug) for slug in sorted(self._groups) if self._word.get(slug) != "ignore")

    @cached_property
    def ignored(self) -> tuple[Tool, ...]:
        """The tools that are never shown, by slug."""
        return tuple(self._made(slug) for slug in sorted(self._groups) if self._word.get(slug) == "ignore")

    @cached_property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """Tools that are merged into each other, each circle from its first slug on; a mistake that people make."""
        found = set()
        for start in self._merges:
            path = [start]
            while (after := self._merges.get(path[-1])) and after not in path:
                path.append(after)
            if after:
                circle = path[path.index(after) :]
                first = circle.index(min(circle))
                found.add((*circle[first:], *circle[:first]))
        return tuple(sorted(found))

    @cached_property
    def separate(self) -> frozenset[frozenset[str]]:
        """Pairs of tools that somebody has called two."""
        return frozenset(frozenset((one.tool, one.other)) for one in self.decisions if one.other)

    def end_of(self, slug: str) -> str:
        """The tool that a tool is part of in the end: itself where it is merged into no other."""
        path = [slug]
        while after := self._merges.get(path[-1]):
            if after in path:
                return slug
            path.append(after)
        return path[-1]

    def parts_of(self, slug: str) -> tuple[str, ...]:
        """All that is one tool: the slug itself, then what is merged into it."""
        return tuple(tool.slug for tool in self._groups.get(slug, ()))

    @cached_property
    def _slugs(self) -> frozenset[str]:
        return frozenset(tool.slug for tool in self.collected)

    @cached_property
    def _word(self) -> dict[str, str]:
        """The last of accept and ignore, by slug."""
        return {one.tool: one.decision for one in self.decisions if one.decision in ("accept", "ignore")}

    @cached_property
    def _merges(self) -> dict[str, str]:
        """What is merged into what, where no later word takes it out again."""
        merges: dict[str, str] = {}
        for one in self.decisions:
            if one.decision in ("accept", "ignore") or (one.other and merges.get(one.tool) == one.other):
                merges.pop(one.tool, None)
            elif one.into and one.into != one.tool and {one.tool, one.into} <= self._slugs:
                merges[one.tool] = one.into
        return merges

    @cached_property
    def _groups(self) -> dict[str, list[Tool]]:
        """The collected tools by the tool that they are part of; that one leads, the others follow by slug."""
        groups: dict[str, list[Tool]] = {}
        for tool in self.collected:
            groups.setdefault(self.end_of(tool.slug), []).append(tool)
        return {end: sorted(group, key=lambda tool: (tool.slug != end, tool.slug)) for end, group in groups.items()}

    def _made(self, slug: str) -> Tool:
        """One tool, with everything that was decided about it and its parts."""
        parts = [self._as_decided(tool) for tool in self._groups[slug]]
        tool, others = parts[0], parts[1:]
        called = {*tool.aliases, *(word for other in others for word in (other.name, *other.known_as))}
        changes: dict[str, object] = {
            "accepted": any(part.accepted or self._word.get(part.slug) == "accept" for part in parts),
            "aliases": tuple(sorted(called - {tool.slug, tool.name})) if others else tool.aliases,
        }
        if any(one.tool == slug and one.category for one in self.decisions):
            # `uncategorised` may be what a person chose: it is no gap for the parts to fill
            changes["category"] = tool.category
        return joined(tool, others).model_copy(update=changes)

    def _as_decided(self, tool: Tool) -> Tool:
        """A collected tool with its name and category as they were decided; its former names become aliases."""
        names = [one.name for one in self.decisions if one.tool == tool.slug and one.name]
        shelves = [one.category for one in self.decisions if one.tool == tool.slug and one.category]
        if not names and not shelves:
            return tool
        name = names[-1] if names else tool.name
        called = {*tool.aliases, tool.name, *names} - {tool.slug, name}
        category = shelves[-1] if shelves else tool.category
        return tool.model_copy(update={"name": name, "aliases": tuple(sorted(called)), "category": category})
