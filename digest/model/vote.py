"""What readers make of a tool."""

from __future__ import annotations

from digest.model.noun import Noun


class CommunityVote(Noun):
    """How many readers would ship a tool.

    Attributes:
        ships: Votes that say ship.
        votes: All votes.
        least: The number of votes below which no share is said.
    """

    ships: int = 0
    votes: int = 0
    least: int = 1

    @property
    def percent(self) -> int | None:
        """Ships ÷ votes as a whole per cent, halves up; None below the least number of votes."""
        if self.votes == 0 or self.votes < self.least:
            return None
        return (200 * self.ships + self.votes) // (2 * self.votes)

    @property
    def figure(self) -> str:
        """The share as it is printed: `41 %` with a no-break space, `—` where there are too few votes."""
        percent = self.percent
        return "—" if percent is None else f"{percent}\N{NO-BREAK SPACE}%"

    @property
    def sentence(self) -> str:
        """The share with the number behind it: `41 % of 120 readers`; `—` where there are too few votes."""
        return self.figure if self.percent is None else f"{self.figure} of {self.votes} readers"
