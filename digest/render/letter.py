"""The letter as the templates see it: an issue with everything worked out that can be worked out from it.

Pure: the same issue gives the same letter. The templates place values; they compute none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from digest.mail.merge_field import preferences_address, unsubscribe_address
from digest.model.issue import Comparison, Issue
from digest.model.tool import Tool
from digest.model.verdict import PanelScore, Review, Reviewer, Verdict, panel_score

# Adults read English non-fiction at about 238 words a minute (Brysbaert, Journal of Memory and Language 109, 2019).
WORDS_A_MINUTE = 230

_MONTHS = "January February March April May June July August September October November December".split()
_FIRMNESS = {"ran it": 0, "read the docs": 1, "saw a demo": 2}


@dataclass(frozen=True)
class Voice:
    """A reviewer as the letter introduces them."""

    name: str
    lens: str = ""


@dataclass(frozen=True)
class Side:
    """One of a comparison's two tools.

    Attributes:
        tool: Its verdict.
        score: What the panel made of it.
        strongest: The review that speaks for the panel's majority, or None where there is no review.
        speaker: Who said that.
        checked: The day the price was read, in words.
    """

    tool: Verdict
    score: PanelScore
    strongest: Review | None
    speaker: Voice | None
    checked: str


@dataclass(frozen=True)
class Row:
    """What one reviewer said on both tools."""

    voice: Voice
    a: Review | None
    b: Review | None


@dataclass(frozen=True)
class Matchup:
    """A comparison ready to be placed.

    Attributes:
        shelf: The category's name, or both names where the two tools stand on different shelves.
        rows: A row for every reviewer who judged at least one of the two, in the panel's order.
    """

    comparison: Comparison
    shelf: str
    a: Side
    b: Side
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Item:
    """A tool that shipped, in one line."""

    name: str
    tagline: str
    link: str | None


@dataclass(frozen=True)
class Shelf:
    """The tools of one category."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Letter:
    """An issue as the templates see it.

    Attributes:
        issue: The issue itself.
        date: The day it goes out, in words.
        minutes: How long it takes to read.
        lead: The comparison that carries the quotes whole; None in an issue without comparisons.
        others: The comparisons in short form.
        shelves: What else shipped, by category.
        unsubscribe: The address at whose end the merge field stands.
        preferences: The address at whose end the merge field stands.
    """

    issue: Issue
    date: str
    minutes: int
    lead: Matchup | None
    others: tuple[Matchup, ...]
    shelves: tuple[Shelf, ...]
    unsubscribe: str
    preferences: str


def letter_of(issue: Issue) -> Letter:
    """An issue, worked out.

    Args:
        issue: The issue.

    Returns:
        The letter that both parts of the mail are made from.
    """
    matchups = tuple(_matchup(comparison, issue) for comparison in issue.comparisons)
    return Letter(
        issue=issue,
        date=day_in_words(issue.date),
        minutes=reading_minutes(_shown(issue)),
        lead=matchups[0] if matchups else None,
        others=matchups[1:],
        shelves=_shelves(issue),
        unsubscribe=unsubscribe_address(issue.base_url),
        preferences=preferences_address(issue.base_url),
    )


def day_in_words(day: date) -> str:
    """A day as it is printed; never by the locale, which differs between two machines."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def reading_minutes(texts: Iterable[str]) -> int:
    """How long the texts take to read.

    Args:
        texts: Everything that is there to be read.

    Returns:
        Whole minutes, halves up, at least 1.
    """
    words = sum(len(text.split()) for text in texts)
    return max(1, (2 * words + WORDS_A_MINUTE) // (2 * WORDS_A_MINUTE))


def strongest(verdict: Verdict, panel: tuple[Reviewer, ...]) -> Review | None:
    """The review that speaks for a tool where there is room for one sentence.

    The majority's call comes first, then the firmer basis, then the panel's order; on a tie ship speaks first.

    Args:
        verdict: The tool's verdict.
        panel: The reviewers in their order.

    Returns:
        The review, or None where there is none.
    """
    ships = sum(review.call == "ship" for review in verdict.reviews)
    majority = "ship" if 2 * ships >= len(verdict.reviews) else "skip"
    order = {reviewer.id: place for place, reviewer in enumerate(panel)}
    return min(
        verdict.reviews,
        key=lambda review: (review.call != majority, _FIRMNESS[review.basis], order.get(review.reviewer, len(order))),
        default=None,
    )


def _matchup(comparison: Comparison, issue: Issue) -> Matchup:
    a, b = comparison.a, comparison.b
    shelves = dict.fromkeys(issue.category_name(tool.category) for tool in (a, b))
    return Matchup(comparison, " and ".join(shelves), _side(a, issue), _side(b, issue), _rows(a, b, issue.panel))


def _side(verdict: Verdict, issue: Issue) -> Side:
    review = strongest(verdict, issue.panel)
    voices = _voices(issue.panel)
    return Side(
        tool=verdict,
        score=panel_score(verdict.reviews, issue.quorum),
        strongest=review,
        speaker=voices.get(review.reviewer, _stranger(review.reviewer)) if review else None,
        checked=day_in_words(verdict.pricing.checked),
    )


def _voices(panel: tuple[Reviewer, ...]) -> dict[str, Voice]:
    return {reviewer.id: Voice(reviewer.name, reviewer.lens) for reviewer in panel}


def _stranger(reviewer: str) -> Voice:
    """A reviewer who has left the panel still has a name."""
    return Voice(reviewer.replace("-", " ").capitalize())


def _rows(a: Verdict, b: Verdict, panel: tuple[Reviewer, ...]) -> tuple[Row, ...]:
    voices = _voices(panel)
    judged = dict.fromkeys(review.reviewer for review in a.reviews + b.reviews)
    order = [reviewer for reviewer in voices if reviewer in judged]
    order += [reviewer for reviewer in judged if reviewer not in voices]
    return tuple(Row(voices.get(name, _stranger(name)), a.review_by(name), b.review_by(name)) for name in order)


def _shelves(issue: Issue) -> tuple[Shelf, ...]:
    """What else shipped: known categories in the publication's order, then the rest as they come."""
    known = [category.id for category in issue.categories]
    found = dict.fromkeys(tool.category for tool in issue.also_shipped)
    order = [category for category in known if category in found]
    order += [category for category in found if category not in known]
    return tuple(
        Shelf(
            issue.category_name(category),
            tuple(_item(tool) for tool in issue.also_shipped if tool.category == category),
        )
        for category in order
    )


def _item(tool: Tool) -> Item:
    links = [tool.homepage, tool.repository, *(sighting.link for sighting in tool.sightings)]
    return Item(tool.name, tool.tagline, next((link for link in links if link), None))


def _shown(issue: Issue) -> Iterator[str]:
    """Every text that the letter shows, for the reading time."""
    yield from (issue.headline, issue.intro)
    for place, comparison in enumerate(issue.comparisons):
        yield comparison.bottom_line
        for tool in (comparison.a, comparison.b):
            review = strongest(tool, issue.panel)
            yield from (tool.name, tool.tagline, tool.pricing.entry)
            if place == 0:
                yield from (tool.ship_if, tool.skip_if, *(review.quote for review in tool.reviews))
            elif review is not None:
                yield review.short
    for shipped in issue.also_shipped:
        yield from (shipped.name, shipped.tagline)
    for section in issue.sections:
        yield from (section.title, section.text)
