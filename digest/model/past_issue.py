"""The letter before this one: what the panel said in it, and what readers made of that."""

from __future__ import annotations

from datetime import date

from digest.model.noun import Line, Noun
from digest.model.verdict import PanelScore
from digest.model.vote import CommunityVote


class PastTool(Noun):
    """A tool of the past issue: the panel's score as it was printed, the readers' vote as it stood at the cutoff."""

    slug: Line
    name: Line
    score: PanelScore
    vote: CommunityVote = CommunityVote()

    @property
    def gap(self) -> int | None:
        """How many points lie between panel and readers; None where one of the two says no per cent."""
        panel, readers = self.score.percent, self.vote.percent
        return None if panel is None or readers is None else abs(panel - readers)


class PastComparison(Noun):
    """Two tools that met in the past issue."""

    a: PastTool
    b: PastTool

    @property
    def slug(self) -> str:
        """The comparison's name in an address."""
        return f"{self.a.slug}-vs-{self.b.slug}"


class PastIssue(Noun):
    """The issue that went out before this one.

    Attributes:
        id: Its name.
        date: The day it went out.
        comparisons: In its order.
    """

    id: str
    date: date
    comparisons: tuple[PastComparison, ...] = ()

    @property
    def widest(self) -> PastTool | None:
        """The tool on which panel and readers disagree most, the first of equals; None where nobody disagrees."""
        tools = [tool for pair in self.comparisons for tool in (pair.a, pair.b) if tool.gap]
        return max(tools, key=lambda tool: tool.gap or 0, default=None)
