"""How well two tools go together on one page: the same job, and a contrast worth reading.

Every part of a score is a whole number, and the strongest of them are said in one sentence, so that an editor can read
why two tools meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from digest.model.pairing import PairingRules
from digest.model.verdict import Verdict
from digest.pairing.job import ENOUGH, Job, shared_job, shared_units
from digest.pairing.reason import Since, reason
from digest.pairing.terms import is_free, is_open

_FRESHNESS = {"new": 2, "recent": 1, "incumbent": 0}


class Candidate(NamedTuple):
    """A tool with a verdict that may stand in a comparison.

    Attributes:
        since: It shipped for this issue; for an earlier one, and was never compared; or people know it for long.
    """

    verdict: Verdict
    since: Since


class PairScore(NamedTuple):
    """How well two tools go together.

    Attributes:
        a: The slug that comes first in the alphabet.
        b: The other slug.
        total: The sum of the parts.
        parts: Each part's name and points.
        reason: Why these two meet, in one sentence.
    """

    a: str
    b: str
    total: int
    parts: tuple[tuple[str, int], ...]
    reason: str


class Sides(NamedTuple):
    """What of a candidate makes a contrast: the reviewers' calls as bits, and where it stands on price and licence."""

    ship: int
    skip: int
    is_free: bool
    is_open: bool
    freshness: int


class Scale(NamedTuple):
    """What pairs are weighed with.

    Attributes:
        rules: The weights.
        quorum: Fewer reviewers than these who judged both tools count for less.
        jobs: What each tool does, by slug.
        reviewers: Their ids; each one's place is their bit.
        interest: What the readers' votes say of a category, from -100 to 100; nothing is neutral.
    """

    rules: PairingRules
    quorum: int
    jobs: Mapping[str, Job]
    reviewers: tuple[str, ...]
    interest: Mapping[str, int]


def pair_score(one: Candidate, other: Candidate, scale: Scale) -> PairScore | None:
    """Score two tools.

    Args:
        one: A tool.
        other: Another; the order of the two does not matter.
        scale: What they are weighed with.

    Returns:
        The score, whether or not it reaches the floor; None where they share no job that can be said in a line, and
        where people know both for long.
    """
    one, other = sorted((one, other), key=lambda candidate: candidate.verdict.slug)
    a, b = one.verdict, other.verdict
    units = shared_units(scale.jobs[a.slug], scale.jobs[b.slug])
    if a.category != b.category or units < ENOUGH or one.since == other.since == "incumbent":
        return None
    rules, sides = scale.rules, (sides_of(one, scale), sides_of(other, scale))
    parts = (
        ("category", rules.category),
        ("words", rules.word * units),
        *contrast(*sides, scale),
        ("interest", interest_points(a.category, scale)),
    )
    job = shared_job(a, b, scale.jobs[a.slug], scale.jobs[b.slug])
    said = reason(a, b, job, (one.since, other.since), liked=parts[-1][1] > 0)
    return PairScore(a.slug, b.slug, sum(points for _, points in parts), parts, said)


def sides_of(candidate: Candidate, scale: Scale) -> Sides:
    """What of a candidate makes a contrast."""
    verdict = candidate.verdict
    calls = {"ship": 0, "skip": 0}
    for review in verdict.reviews:
        if review.reviewer in scale.reviewers:
            calls[review.call] |= 1 << scale.reviewers.index(review.reviewer)
    freshness = _FRESHNESS[candidate.since]
    return Sides(calls["ship"], calls["skip"], is_free(verdict), is_open(verdict), freshness)


def contrast(a: Sides, b: Sides, scale: Scale) -> tuple[tuple[str, int], ...]:
    """What is to be read where two tools of one job differ, and how new they are, in points."""
    rules = scale.rules
    split = (a.ship & b.skip | a.skip & b.ship).bit_count()
    judged = ((a.ship | a.skip) & (b.ship | b.skip)).bit_count()
    return (
        ("panel", rules.panel * split // max(judged, scale.quorum)),
        ("price", rules.price * (a.is_free != b.is_free)),
        ("licence", rules.licence * (a.is_open != b.is_open)),
        ("freshness", rules.freshness * (a.freshness + b.freshness) // 2),
    )


def contrast_points(a: Sides, b: Sides, scale: Scale) -> int:
    """The sum of what `contrast` says."""
    return sum(points for _, points in contrast(a, b, scale))


def interest_points(category: str, scale: Scale) -> int:
    """What the readers' interest in a category adds to a pair of it, or takes away; without votes nothing."""
    return scale.rules.interest * scale.interest.get(category, 0) // 100
