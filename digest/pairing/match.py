"""The best set of pairs for an issue: at most n, no tool twice, the greatest total score.

An issue has few comparisons, and that is what makes the best set easy to find, however many candidates there are.
With n pairs wanted:

1. Of a tool's pairs only its 2n − 1 strongest matter: the other n − 1 pairs of a set take at most 2n − 2 of its
   partners, so that a weaker pair could be replaced by one of these.
2. Of the pairs that are left only the (2n − 2)(2n − 1) + 1 strongest matter, for the same reason: the others of a set
   touch at most (2n − 2)(2n − 1) of them. For four comparisons these are 43 pairs, of 2,000 candidates or of ten.
3. Among those, the best set has the strongest pair, or a pair that takes one of its two tools: else the strongest could
   replace any. So at most 4n − 3 pairs are tried as the first one, 4n − 7 as the second: 585 sets for four comparisons.

Ties are broken by the alphabet, and the order in which pairs are ranked is strict, so there is one best set alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypeVar

from digest.pairing.score import PairScore

Pair = tuple[str, str]


class Scored(Protocol):
    """Anything that is a pair of two tools' slugs."""

    @property
    def a(self) -> str:
        """One tool."""
        ...

    @property
    def b(self) -> str:
        """The other."""
        ...


AnyPair = TypeVar("AnyPair", bound=Scored)


class _Weighed(NamedTuple):
    """A pair with its total and, below that, its place in the alphabet."""

    a: str
    b: str
    weight: int
    score: PairScore


def best_pairs(scores: Iterable[PairScore], count: int) -> tuple[PairScore, ...]:
    """The disjoint pairs of greatest total score, the strongest first.

    Of several sets with that total, the one whose pairs come first in the alphabet.

    Args:
        scores: The pairs to choose from; their totals are positive.
        count: How many at the most.
    """
    matter = pairs_that_matter(sorted(scores, key=strongest_first), count)
    rank = {score: place for place, score in enumerate(sorted(matter, key=lambda score: (score.a, score.b)), 1)}
    # a bit of its own for each pair, below all points: of two sets with the same points, the one that has the first
    # pair in which they differ weighs more
    weighed = [
        _Weighed(score.a, score.b, (score.total << len(matter)) + (1 << len(matter) - rank[score]), score)
        for score in matter
    ]
    found = _heaviest(weighed, count, -1)
    return tuple(sorted((pair.score for pair in found or ()), key=strongest_first))


def pairs_that_matter(strongest: Iterable[AnyPair], count: int) -> list[AnyPair]:
    """The pairs of which the best set of at most `count` is made; the rest cannot be in it.

    Args:
        strongest: All pairs, the strongest first, in a strict order; only as many are asked for as are needed.
        count: How many pairs are wanted.
    """
    if count < 1:
        return []
    each = partners_that_matter(count)
    enough = (2 * count - 2) * each + 1
    kept: list[AnyPair] = []
    degree: Counter[str] = Counter()
    for pair in strongest:
        if degree[pair.a] < each and degree[pair.b] < each:
            kept.append(pair)
            degree.update((pair.a, pair.b))
            if len(kept) == enough:
                break
    return kept


def partners_that_matter(count: int) -> int:
    """How many of a tool's pairs matter where at most `count` are wanted."""
    return 2 * count - 1


def strongest_first(score: PairScore) -> tuple[int, str, str]:
    """The order of pairs: by points, then by the alphabet."""
    return (-score.total, score.a, score.b)


def _heaviest(pairs: Sequence[_Weighed], count: int, beaten: int) -> tuple[_Weighed, ...] | None:
    """The heaviest set of at most `count` disjoint pairs, if it weighs more than `beaten`.

    Args:
        pairs: The heaviest first.
        count: How many at the most.
        beaten: What the set has to outweigh.
    """
    pairs = pairs_that_matter(pairs, count)
    if sum(pair.weight for pair in pairs[:count]) <= beaten:
        return None
    best: tuple[_Weighed, ...] | None = ()
    if pairs:
        best = None
        taken = {pairs[0].a, pairs[0].b}
        for pair in (pair for pair in pairs if pair.a in taken or pair.b in taken):
            ends = (pair.a, pair.b)
            rest = [other for other in pairs if other.a not in ends and other.b not in ends]
            found = _heaviest(rest, count - 1, beaten - pair.weight)
            if found is not None:
                best = (pair, *found)
                beaten = sum(one.weight for one in best)
    return best
