"""The letter as the templates see it: an issue with everything worked out that can be worked out from it.

Pure: the same issue gives the same letter. The templates place values; they compute none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from digest.mail.merge_field import preferences_address, unsubscribe_address, vote_address
from digest.model.issue import Comparison, Issue
from digest.model.past_issue import PastComparison, PastIssue, PastTool
from digest.model.tool import Tool
from digest.model.verdict import PanelScore, Review, Reviewer, Verdict, panel_score
from digest.model.vote import CommunityVote
from digest.render.reading_time import reading_minutes, shown_texts
from digest.render.strongest import strongest

_MONTHS = "January February March April May June July August September October November December".split()


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
        vote: What readers made of it.
        vote_here: The address to vote at, with the merge field at its end.
    """

    tool: Verdict
    score: PanelScore
    vote: CommunityVote
    vote_here: str
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
        page: The address of its page, with everything that there is to say.
        rows: A row for every reviewer who judged at least one of the two, in the panel's order.
    """

    comparison: Comparison
    page: str
    a: Side
    b: Side
    rows: tuple[Row, ...]

    @property
    def sides(self) -> tuple[Side, Side]:
        """Left and right."""
        return self.a, self.b

    @property
    def reviews(self) -> int:
        """How many reviews its page has."""
        return self.a.score.reviews + self.b.score.reviews


@dataclass(frozen=True)
class Spoken:
    """What one reviewer said on the one tool there is."""

    voice: Voice
    review: Review


@dataclass(frozen=True)
class Single:
    """The one verdict of a letter that has nothing to compare it with."""

    side: Side
    rows: tuple[Spoken, ...]


@dataclass(frozen=True)
class LookBack:
    """The letter before this one, ready to be placed.

    Attributes:
        title: Which letter it was.
        pairs: Its comparisons, each with the address of its page.
        widest: The tool on which panel and readers disagree most, or None.
    """

    title: str
    pairs: tuple[tuple[PastComparison, str], ...]
    widest: PastTool | None


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
        online: The address of its page.
        sign_up: Where somebody gets a subscription of their own; nobody's token is in it.
        lead: The comparison that carries the quotes whole; None in an issue without comparisons.
        single: The one verdict there is instead, or None.
        others: The comparisons in short form.
        shelves: What else shipped, by category.
        last: The letter before this one, or None.
        unsubscribe: The address at whose end the merge field stands.
        preferences: The address at whose end the merge field stands.
    """

    issue: Issue
    date: str
    minutes: int
    online: str
    sign_up: str
    lead: Matchup | None
    single: Single | None
    others: tuple[Matchup, ...]
    shelves: tuple[Shelf, ...]
    last: LookBack | None
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
        minutes=reading_minutes(shown_texts(issue)),
        online=f"{issue.base_url}/issues/{issue.id}",
        sign_up=f"{issue.base_url}/",
        lead=matchups[0] if matchups else None,
        single=_single(issue.single, issue) if issue.single else None,
        others=matchups[1:],
        shelves=_shelves(issue),
        last=_look_back(issue.last, issue) if issue.last else None,
        unsubscribe=unsubscribe_address(issue.base_url),
        preferences=preferences_address(issue.base_url),
    )


def day_in_words(day: date) -> str:
    """A day as it is printed; never by the locale, which differs between two machines."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _matchup(comparison: Comparison, issue: Issue) -> Matchup:
    a, b = comparison.a, comparison.b
    return Matchup(
        comparison, _page(issue, comparison.slug), _side(a, issue), _side(b, issue), _rows(a, b, issue.panel)
    )


def _single(verdict: Verdict, issue: Issue) -> Single:
    rows = _rows(verdict, verdict, issue.panel)
    return Single(_side(verdict, issue), tuple(Spoken(row.voice, row.a) for row in rows if row.a))


def _page(issue: Issue, pair: str) -> str:
    return f"{issue.base_url}/compare/{pair}"


def _side(verdict: Verdict, issue: Issue) -> Side:
    review = strongest(verdict, issue.panel)
    voices = _voices(issue.panel)
    return Side(
        tool=verdict,
        score=panel_score(verdict.reviews, issue.quorum),
        strongest=review,
        speaker=voices.get(review.reviewer, _stranger(review.reviewer)) if review else None,
        checked=day_in_words(verdict.pricing.checked),
        vote=issue.votes.get(verdict.slug, CommunityVote()),
        vote_here=vote_address(issue.base_url, issue.id, verdict.slug),
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


def _look_back(last: PastIssue, issue: Issue) -> LookBack:
    """The letter before; only where it went out at most nine days ago was that last week in anybody's words."""
    near = (issue.date - last.date).days <= 9
    return LookBack(
        title="Last week" if near else f"Our last letter, {day_in_words(last.date)}",
        pairs=tuple((pair, _page(issue, pair.slug)) for pair in last.comparisons),
        widest=last.widest,
    )


def _item(tool: Tool) -> Item:
    links = [tool.homepage, tool.repository, *(sighting.link for sighting in tool.sightings)]
    return Item(tool.name, tool.tagline, next((link for link in links if link), None))
