"""The best pairs of a week: the greatest total score, no tool twice, at most n, in whatever order they come in."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.pairing.match import best_pairs
from digest.pairing.score import PairScore


def pair(a: str, b: str, total: int) -> PairScore:
    return PairScore(a, b, total, (("category", total),), "Both are tools.")


def chosen(scores: Sequence[PairScore], count: int) -> list[str]:
    return [f"{one.a}-{one.b}" for one in best_pairs(scores, count)]


def _disjoint(scores: Sequence[PairScore], count: int) -> Iterator[tuple[PairScore, ...]]:
    """Every set of at most `count` pairs in which no tool stands twice."""
    for size in range(count + 1):
        for some in combinations(scores, size):
            names = [name for one in some for name in (one.a, one.b)]
            if len(names) == len(set(names)):
                yield some


@st.composite
def weeks(draw: st.DrawFn) -> list[PairScore]:
    """Scores of some of the pairs of up to eight tools; small numbers, so that there are ties."""
    tools = "abcdefgh"[: draw(st.integers(0, 8))]
    possible = list(combinations(tools, 2))
    some = draw(st.lists(st.sampled_from(possible), unique=True, max_size=12)) if possible else []
    return [pair(a, b, draw(st.integers(1, 12))) for a, b in some]


class TestTheGreatestTotal:
    def test_two_good_pairs_beat_the_best_pair(self) -> None:
        row = [pair("a", "b", 10), pair("b", "c", 11), pair("c", "d", 10)]
        assert chosen(row, 2) == ["a-b", "c-d"]

    def test_where_only_one_is_wanted_the_best_pair_it_is(self) -> None:
        row = [pair("a", "b", 10), pair("b", "c", 11), pair("c", "d", 10)]
        assert chosen(row, 1) == ["b-c"]

    def test_greed_would_lose(self) -> None:
        scores = [pair("a", "b", 60), pair("a", "c", 55), pair("b", "d", 55), pair("c", "d", 1)]
        assert chosen(scores, 2) == ["a-c", "b-d"]

    @settings(max_examples=150, deadline=None)
    @given(scores=weeks(), count=st.integers(0, 5))
    def test_as_good_as_trying_every_set(self, scores: list[PairScore], count: int) -> None:
        found = best_pairs(scores, count)
        best = max(sum(one.total for one in some) for some in _disjoint(scores, count))
        assert sum(one.total for one in found) == best
        assert len(found) <= count
        names = [name for one in found for name in (one.a, one.b)]
        assert len(names) == len(set(names))
        assert set(found) <= set(scores)

    @settings(max_examples=60, deadline=None)
    @given(scores=weeks(), count=st.integers(0, 4), seed=st.integers(0, 1000))
    def test_whatever_order_they_come_in(self, scores: list[PairScore], count: int, seed: int) -> None:
        shuffled = random.Random(seed).sample(scores, len(scores))
        assert best_pairs(shuffled, count) == best_pairs(scores, count)

    def test_the_strongest_leads(self) -> None:
        assert chosen([pair("a", "b", 40), pair("c", "d", 70), pair("e", "f", 50)], 3) == ["c-d", "e-f", "a-b"]

    def test_a_tie_between_whole_sets_is_the_same_tie_every_time(self) -> None:
        scores = [pair("c", "d", 2), pair("b", "c", 1), pair("d", "e", 2), pair("b", "e", 1)]
        assert chosen(scores, 2) == chosen(scores[::-1], 2)

    def test_ties_go_by_the_alphabet(self) -> None:
        assert chosen([pair("a", "d", 50), pair("b", "c", 50), pair("a", "b", 50), pair("c", "d", 50)], 1) == ["a-b"]


class TestAtTheEdges:
    @pytest.mark.parametrize("count", [0, 1, 6])
    def test_no_tools_make_no_pairs(self, count: int) -> None:
        assert chosen([], count) == []

    def test_none_wanted(self) -> None:
        assert chosen([pair("a", "b", 50)], 0) == []

    def test_fewer_tools_than_wanted(self) -> None:
        assert chosen([pair("a", "b", 50)], 6) == ["a-b"]

    def test_an_odd_one_stays_alone(self) -> None:
        assert len(chosen([pair("a", "b", 50), pair("b", "c", 50), pair("a", "c", 50)], 2)) == 1

    def test_forty_tools_take_no_time(self) -> None:
        names = [f"t{number:02}" for number in range(40)]
        lot = random.Random(7)
        scores = [pair(a, b, lot.randint(40, 99)) for a, b in combinations(names, 2)]
        assert len(best_pairs(scores, 4)) == 4
