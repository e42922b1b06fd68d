"""The stored judgement of a tool, and the arithmetic of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
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


# The descriptions are the file's own help: editors show them while somebody types, mistakes end with them.
class Review(Noun):
    """One reviewer's call on one tool.

    Attributes:
        quote: The review whole, in small Markdown.
        short: The review in one sentence.
        basis: What the reviewer did before judging.
        by: The person behind the reviewer this time.
        disclosure: What readers should know about the two of them.
    """

    reviewer: Annotated[Slug, Field(description="who speaks: an id of the panel in digest.toml")]
    call: Annotated[Call, Field(description="ship or skip")]
    basis: Annotated[Basis, Field(description="what the call rests on: ran it, read the docs or saw a demo")]
    by: Annotated[Line, Field(description="the person behind the reviewer this time")]
    date: Annotated[date, Field(description="the day of the call, such as 2026-11-20")]
    short: Annotated[Line, Field(description="the review in one sentence, for a comparison in short form")]
    quote: Annotated[Words, Field(description="the review whole; emphasis, links, code and lists in Markdown")]
    disclosure: Annotated[
        Line | None, Field(description="what readers should know: a free account, a friend at the vendor")
    ] = None


class PricingRead(Noun):
    """What the tool costs, as somebody read it on a day.

    Attributes:
        entry: The entry price in words.
        amount: The number in it, where there is one.
        unit: What the amount buys.
    """

    model: Annotated[PricingModel, Field(description="free, freemium, paid or open source")]
    entry: Annotated[Line, Field(description="the entry price in words, such as: Free for one repository")]
    amount: Annotated[
        Annotated[float, Field(ge=0)] | None, Field(description="the number in the entry price, where there is one")
    ] = None
    unit: Annotated[Line | None, Field(description="what the amount buys, such as: month per seat")] = None
    source: Annotated[WebAddress, Field(description="the page where the price was read")]
    checked: Annotated[date, Field(description="the day when it was read, such as 2026-11-20")]


class Revision(Noun):
    """A verdict that was changed, and what it said before.

    Attributes:
        date: The day from which the new calls count.
        why: What made the panel look again, in one sentence.
        reviews: The reviews that were replaced or withdrawn, whole, as they stood.
    """

    date: Annotated[date, Field(description="the day from which the new calls count")]
    why: Annotated[Line, Field(description="what made the panel look again, in one sentence")]
    reviews: Annotated[
        tuple[Review, ...], Field(min_length=1, description="the reviews that were replaced, whole, as they stood")
    ]


class Verdict(Noun):
    """The stored judgement of one tool: verdicts/<slug>.yaml.

    Attributes:
        incumbent: Known for long: new tools may meet it again and again.
        aliases: What else the tool is called, so that a collected tool finds its verdict.
        reviews: At most one a reviewer; none while the verdict waits for the panel.
        history: What the panel said before, the newest revision last.
    """

    slug: Slug
    name: Annotated[Line, Field(description="what the tool is called")]
    vendor: Annotated[Line, Field(description="who makes it")]
    category: Annotated[Slug, Field(description="an id of digest.toml's categories")]
    tagline: Annotated[Line, Field(description="what it does, in one line without a full stop")]
    homepage: Annotated[WebAddress, Field(description="where it lives, beginning with https://")]
    repository: Annotated[WebAddress | None, Field(description="where its source lives, if it is open")] = None
    licence: Annotated[Line, Field(description="an SPDX id such as Apache-2.0, or Proprietary")]
    description: Annotated[Words, Field(description="two or three sentences: what it does, for whom, how")]
    pricing: Annotated[PricingRead, Field(description="what it costs, read on a day")]
    ship_if: Annotated[Line, Field(description="one line that goes on from: ship it if")]
    skip_if: Annotated[Line, Field(description="one line that goes on from: skip it if")]
    incumbent: Annotated[bool, Field(description="true: known for long, new tools may meet it")] = False
    aliases: Annotated[tuple[Line, ...], Field(description="what else it is called, such as: [Tidepool DB]")] = ()
    reviews: Annotated[tuple[Review, ...], Field(description="what the panel says, at most one review a reviewer")] = ()
    history: Annotated[tuple[Revision, ...], Field(description="what it said before, the newest revision last")] = ()

    def review_by(self, reviewer: str) -> Review | None:
        """The review of one reviewer, or None where they have not judged this tool."""
        return next((review for review in self.reviews if review.reviewer == reviewer), None)

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has judged the tool yet: a good file, and nothing to compare."""
        return not self.reviews

    @property
    def last_judged(self) -> date | None:
        """The day of the newest call; None while it waits."""
        return max((review.date for review in self.reviews), default=None)

    def owed_by(self, panel: Sequence[Reviewer]) -> tuple[Reviewer, ...]:
        """The reviewers who have not spoken, in the panel's order."""
        return tuple(reviewer for reviewer in panel if self.review_by(reviewer.id) is None)

    def reviews_on(self, day: date) -> tuple[Review, ...]:
        """The reviews that stood on a day: those of later revisions undone, those that came later left out."""
        standing = {review.reviewer: review for review in self.reviews}
        settled: set[str] = set()
        for revision in sorted(self.history, key=lambda revision: revision.date, reverse=True):
            replaced = {review.reviewer: review for review in revision.reviews}
            if revision.date > day:
                standing |= replaced
            else:
                # what replaced a review counts from its revision's day on, whatever day it bears itself
                settled |= replaced.keys()
        return tuple(review for review in standing.values() if review.date <= day or review.reviewer in settled)


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

    @property
    def ran_in_words(self) -> str:
        """How many of those who judged it ran it: `3 of 4 ran it`."""
        if self.ran == 0:
            return "nobody ran it"
        if self.ran < self.reviews or self.reviews == 1:
            return f"{self.ran} of {self.reviews} ran it"
        return "both ran it" if self.reviews == 2 else f"all {self.ran} ran it"


class ScoreChange(Noun):
    """What a revision did to a panel's score.

    Attributes:
        before: The score on the eve of the revision.
        after: The score from its day on.
    """

    date: date
    before: PanelScore
    after: PanelScore
    why: str

    @property
    def sentence(self) -> str:
        """`Was 50 %, now 75 %: why`; where the figure stayed, `Still 50 %: why`."""
        if self.before.figure == self.after.figure:
            return f"Still {self.after.figure}: {self.why}"
        return f"Was {self.before.figure}, now {self.after.figure}: {self.why}"


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


def score_changes(verdict: Verdict, quorum: int) -> tuple[ScoreChange, ...]:
    """How a verdict's score came to be what it is, the oldest revision first.

    Args:
        verdict: The verdict.
        quorum: The number of reviews below which no per cent is said.
    """
    changes = []
    for revision in sorted(verdict.history, key=lambda revision: revision.date):
        eve = revision.date - timedelta(days=1)
        before, after = (panel_score(verdict.reviews_on(day), quorum) for day in (eve, revision.date))
        changes.append(ScoreChange(date=revision.date, before=before, after=after, why=revision.why))
    return tuple(changes)
