"""The stored judgement of a tool, and the arithmetic of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from digest.model.noun import Line, Noun, Slug, WebAddress

Call = Literal["ship", "skip"]
Basis = Literal["ran it", "read the docs", "saw a demo"]
PricingModel = Literal["free", "freemium", "paid", "open source"]
Words = Annotated[str, StringConstraints(min_length=1)]


class Reviewer(Noun):
    """A standing critic of the panel, with the lens they look through."""

    id: Slug
    name: Line
    lens: Line
    likes: Line
    tired_of: Line


class Review(Noun):
    """One reviewer's call on one tool.

    Attributes:
        quote: The review whole, in small Markdown.
        short: The review in one sentence.
        basis: What the reviewer did before judging.
        by: The person behind the reviewer this time.
    """

    reviewer: Slug
    call: Call
    basis: Basis
    by: Line
    date: date
    short: Line
    quote: Words
    disclosure: Line | None = None


class PricingRead(Noun):
    """What the tool costs, as somebody read it on a day.

    Attributes:
        entry: The entry price in words.
        amount: The number in it, where there is one.
        unit: What the amount buys.
    """

    model: PricingModel
    entry: Line
    amount: Annotated[float, Field(ge=0)] | None = None
    unit: Line | None = None
    source: WebAddress
    checked: date


class Verdict(Noun):
    """The stored judgement of one tool: verdicts/<slug>.yaml."""

    slug: Slug
    name: Line
    vendor: Line
    category: Slug
    tagline: Line
    homepage: WebAddress
    repository: WebAddress | None = None
    licence: Line
    description: Words
    pricing: PricingRead
    ship_if: Line
    skip_if: Line
    incumbent: bool = False
    aliases: tuple[Line, ...] = ()
    reviews: tuple[Review, ...] = ()

    def review_by(self, reviewer: str) -> Review | None:
        """The review of one reviewer, or None where they have not judged this tool."""
        return next((review for review in self.reviews if review.reviewer == reviewer), None)


class PanelScore(Noun):
    """How many of the panel would ship a tool.

    Attributes:
        ships: Reviews that say ship.
        reviews: All reviews.
        ran: Reviews whose basis is "ran it".
        quorum: The number of reviews below which no per cent is said.
    """

    ships: int
    reviews: int
    ran: int
    quorum: int

    @property
    def percent(self) -> int | None:
        """Ships ÷ reviews as a whole per cent, halves up; None below the quorum."""
        if self.reviews == 0 or self.reviews < self.quorum:
            return None
        return (200 * self.ships + self.reviews) // (2 * self.reviews)

    @property
    def figure(self) -> str:
        """The score as it is printed: `75 %` with a no-break space, `1 of 1` below the quorum, `—` without a review."""
        if self.reviews == 0:
            return "—"
        percent = self.percent
        return f"{self.ships} of {self.reviews}" if percent is None else f"{percent}\N{NO-BREAK SPACE}%"

    @property
    def sentence(self) -> str:
        """The score in words."""
        if self.reviews == 0:
            return "No reviewer has judged it yet"
        noun = "reviewer" if self.reviews == 1 else "reviewers"
        return f"{self.ships} of {self.reviews} {noun} would ship it"


def panel_score(reviews: Sequence[Review], quorum: int) -> PanelScore:
    """The panel's score of a tool.

    Args:
        reviews: The reviews of that tool.
        quorum: The number of reviews below which no per cent is said.

    Returns:
        The counts, which know how to say themselves.
    """
    return PanelScore(
        ships=sum(review.call == "ship" for review in reviews),
        reviews=len(reviews),
        ran=sum(review.basis == "ran it" for review in reviews),
        quorum=quorum,
    )
