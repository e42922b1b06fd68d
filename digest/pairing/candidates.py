"""Every pair of an issue's candidates that could matter, without scoring all that there are.

Two tools meet only if they share a job, so pairs are found through the words that both have, not by trying every two.
Of those, points are added up first; parts and reasons are made only for the few that could stand in the issue.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from digest.model.pairing import PairingRules
from digest.model.verdict import Verdict
from digest.pairing.job import AT_MOST, ENOUGH, Job, telling_jobs
from digest.pairing.match import Pair, pairs_that_matter, partners_that_matter
from digest.pairing.score import (
    Candidate,
    PairScore,
    Scale,
    Sides,
    contrast_points,
    interest_points,
    pair_score,
    sides_of,
)

# an editor sees runners-up also where only one comparison is wanted
_AT_LEAST = 4
_NEVER = 1_000_000


class _Found(NamedTuple):
    a: str
    b: str


def scale_of(
    verdicts: Iterable[Verdict],
    rules: PairingRules,
    *,
    reviewers: Sequence[str],
    quorum: int,
    category_names: Mapping[str, str],
    interest: Mapping[str, int] | None = None,
) -> Scale:
    """What an issue's pairs are weighed with.

    Args:
        verdicts: All that are stored: which words are common is better known from many.
        rules: The weights.
        reviewers: The panel's ids.
        quorum: Fewer reviewers than these who judged both tools count for less.
        category_names: By id; their words tell nothing within the category.
        interest: What the readers' votes say of a category, from -100 to 100; nothing is neutral.
    """
    jobs = telling_jobs(verdicts, category_names.values())
    return Scale(rules, quorum, jobs, tuple(reviewers), interest or {})


def scored_pairs(
    candidates: Iterable[Candidate], scale: Scale, count: int, never: Iterable[Pair] = ()
) -> tuple[PairScore, ...]:
    """The pairs that may stand in the issue, the strongest first: all of which its best set can be made.

    Args:
        candidates: The tools that may be compared; one without a review is none.
        scale: What they are weighed with.
        count: How many comparisons the issue has at the most.
        never: Pairs that an earlier issue had, or that an editor forbids; their order does not matter.

    Returns:
        The strongest of those that reach the floor; weaker ones that cannot be in the best set are left out.
    """
    judged = {one.verdict.slug: one for one in candidates if one.verdict.reviews}
    order = sorted(judged)
    place = {slug: number for number, slug in enumerate(order)}
    refused = {frozenset((place[a], place[b])) for a, b in never if a in place and b in place}
    wanted = max(count, _AT_LEAST)
    found = _strongest_of_each([judged[slug] for slug in order], scale, refused, partners_that_matter(wanted))
    matter = pairs_that_matter((_Found(order[a], order[b]) for _, a, b in sorted(found)), wanted)
    scores = [pair_score(judged[pair.a], judged[pair.b], scale) for pair in matter]
    return tuple(score for score in scores if score is not None)


def _strongest_of_each(
    candidates: Sequence[Candidate], scale: Scale, refused: Collection[frozenset[int]], each: int
) -> Iterator[tuple[int, int, int]]:
    """The pairs that reach the floor, of each tool's with those before it only the strongest that matter.

    Returns:
        Points below zero, so that the strongest sort first, and the two tools' places in the list.
    """
    shelves: defaultdict[str, list[int]] = defaultdict(list)
    for place, candidate in enumerate(candidates):
        shelves[candidate.verdict.category].append(place)
    sides = [sides_of(candidate, scale) for candidate in candidates]
    kinds = {one: number for number, one in enumerate(dict.fromkeys(sides))}
    kind = [kinds[one] for one in sides]
    apart = {kinds[one]: _Apart(one, tuple(kinds), scale) for one in kinds}
    for category, places in shelves.items():
        base = scale.rules.category + interest_points(category, scale)
        for place, rivals in _rivals([(place, scale.jobs[candidates[place].verdict.slug]) for place in places]):
            best: list[tuple[int, int]] = []
            against = apart[kind[place]]
            for units in range(AT_MOST, ENOUGH - 1, -1):
                shared = base + scale.rules.word * units
                least = max(scale.rules.floor, -best[-1][0] if len(best) == each else 0) - shared
                if least > against.most:
                    break
                best += [
                    (-shared - points, other) for other in rivals[units] if (points := against[kind[other]]) >= least
                ]
                best = sorted(one for one in best if not refused or frozenset((place, one[1])) not in refused)[:each]
            yield from ((negative, other, place) for negative, other in best)


class _Apart(dict[int, int]):
    """What sets one kind of tool apart from each other kind, in points: tools are many, kinds are few.

    Attributes:
        most: No kind is further apart.
    """

    def __init__(self, here: Sides, kinds: Sequence[Sides], scale: Scale) -> None:
        self.here, self.kinds, self.scale = here, kinds, scale
        rules = scale.rules
        self.most = rules.panel + rules.price + rules.licence + 2 * rules.freshness

    def __missing__(self, kind: int) -> int:
        there = self.kinds[kind]
        # two tools that all know never meet
        fresh = self.here.freshness or there.freshness
        self[kind] = contrast_points(self.here, there, self.scale) if fresh else -_NEVER
        return self[kind]


def _rivals(jobs: Sequence[tuple[int, Job]]) -> Iterator[tuple[int, Mapping[int, list[int]]]]:
    """For each tool of a shelf the ones before it that share its job, by the units that they share."""
    # a tool stands twice behind a word of its tagline, and such a word is asked for twice, so that counting gives units
    having: defaultdict[str, list[int]] = defaultdict(list)
    for place, job in jobs:
        words = chain.from_iterable([word] * level for word, level in job.items())
        rivals: defaultdict[int, list[int]] = defaultdict(list)
        for other, units in Counter(chain.from_iterable(having[word] for word in words)).items():
            if units >= ENOUGH:
                rivals[units if units < AT_MOST else AT_MOST].append(other)
        yield place, rivals
        for word, level in job.items():
            having[word] += [place] * level
