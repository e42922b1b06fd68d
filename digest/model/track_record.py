"""What a reviewer said so far, and who agreed."""

from __future__ import annotations

from digest.model.noun import Noun


class Tally(Noun):
    """Ships and skips."""

    ships: int = 0
    skips: int = 0

    @property
    def calls(self) -> int:
        """All of them."""
        return self.ships + self.skips

    @property
    def figure(self) -> str:
        """`3 of 4`: ships of all calls; `—` where there is none."""
        return f"{self.ships} of {self.calls}" if self.calls else "—"


class Agreement(Noun):
    """How often a reviewer was of the same mind as others.

    Attributes:
        agreed: Tools on which they were.
        asked: Tools on which the others had a majority.
    """

    agreed: int = 0
    asked: int = 0

    @property
    def figure(self) -> str:
        """`9 of 11`; `—` where nobody else had a majority."""
        return f"{self.agreed} of {self.asked}" if self.asked else "—"


class TrackRecord(Noun):
    """One reviewer's track record.

    Attributes:
        reviewer: The reviewer's id.
        calls: On all tools, as the verdicts stand now.
        ran: How many of those tools they ran.
        by_category: Calls by category, in the publication's order; those without any are left out.
        with_panel: How often they were with the panel's majority.
        with_readers: How often they were with the readers' majority.
        revised: How often they changed their mind.
    """

    reviewer: str
    name: str
    calls: Tally
    ran: int
    by_category: dict[str, Tally]
    with_panel: Agreement
    with_readers: Agreement
    revised: int
