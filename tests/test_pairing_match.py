"""The best pairs of a week: the greatest total score, no tool twice, at most n, in whatever order they come in."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, count

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.pairing.match import best_pairs, pairs_that_matter, strongest_first
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
    """Scores of some of the pairs of up to ten tools; small numbers, so that there are ties."""
    tools = "abcdefghij"[: draw(st.integers(0, 10))]
    possible = list(combinations(tools, 2))
    some = draw(st.lists(st.sampled_from(possible), unique=True, max_size=16)) if possible else []
    highest = draw(st.sampled_from([1, 2, 12, 90]))
    return [pair(a, b, draw(st.integers(1, highest))) for a, b in some]


def _greatest(scores: Sequence[PairScore], most: int) -> int:
    """The greatest total, tool by tool: each is left out or meets one of those that are left."""
    totals = {(one.a, one.b): one.total for one in scores}

    @cache
    def from_here(tools: str, pairs: int) -> int:
        if not tools or not pairs:
            return 0
        first, rest = tools[0], tools[1:]
        with_first = [
            totals[first, other] + from_here(rest.replace(other, ""), pairs - 1)
            for other in rest
            if (first, other) in totals
        ]
        return max([from_here(rest, pairs), *with_first])

    return from_here("".join(sorted({tool for names in totals for tool in names})), most)


def tried(scores: Sequence[PairScore], count: int) -> list[str]:
    """The best set by trying every one: the greatest total, then the one that comes first in the alphabet."""

    def rank(some: tuple[PairScore, ...]) -> tuple[int, list[tuple[str, str]]]:
        return -sum(one.total for one in some), sorted((one.a, one.b) for one in some)

    return [f"{one.a}-{one.b}" for one in sorted(min(_disjoint(scores, count), key=rank), key=strongest_first)]


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

    @settings(max_examples=300, deadline=None)
    @given(scores=weeks(), count=st.integers(0, 6))
    def test_the_very_set_that_trying_every_set_finds(self, scores: list[PairScore], count: int) -> None:
        assert chosen(scores, count) == tried(scores, count)

    @settings(max_examples=40, deadline=None)
    @given(seed=st.integers(0, 10_000), count=st.integers(1, 5), highest=st.sampled_from([3, 100]))
    def test_with_every_pair_of_ten_tools_scored(self, seed: int, count: int, highest: int) -> None:
        lot = random.Random(seed)
        scores = [pair(a, b, lot.randint(1, highest)) for a, b in combinations("abcdefghij", 2)]
        found = best_pairs(scores, count)
        assert sum(one.total for one in found) == _greatest(scores, count)
        names = [name for one in found for name in (one.a, one.b)]
        assert len(names) == len(set(names)) <= 2 * count

    @settings(max_examples=100, deadline=None)
    @given(scores=weeks(), count=st.integers(0, 6), seed=st.integers(0, 1000))
    def test_whatever_order_they_come_in(self, scores: list[PairScore], count: int, seed: int) -> None:
        shuffled = random.Random(seed).sample(scores, len(scores))
        assert best_pairs(shuffled, count) == best_pairs(scores, count)

    @pytest.mark.parametrize("count", [1, 2, 3, 6])
    @pytest.mark.parametrize("highest", [1, 4, 90])
    def test_the_total_that_networkx_finds_among_sixty_tools(self, count: int, highest: int) -> None:
        lot = random.Random(count * highest)
        tools = [f"t{number:02}" for number in range(60)]
        scores = [pair(a, b, lot.randint(1, highest)) for a, b in combinations(tools, 2) if lot.random() < 0.5]
        graph = networkx.Graph()
        graph.add_weighted_edges_from((one.a, one.b, one.total) for one in scores)
        # as many idle partners as there are tools to be left out, each worth more than any set of pairs
        worth = 1 + sum(one.total for one in scores)
        for idle in range(len(graph) - 2 * count):
            graph.add_weighted_edges_from((tool, idle, worth) for tool in tools)
        matching = networkx.max_weight_matching(graph)
        exact = sum(weight for a, b in matching if (weight := graph.edges[a, b]["weight"]) < worth)
        assert sum(one.total for one in best_pairs(scores, count)) == exact

    def test_the_strongest_leads(self) -> None:
        assert chosen([pair("a", "b", 40), pair("c", "d", 70), pair("e", "f", 50)], 3) == ["c-d", "e-f", "a-b"]

    def test_a_tie_between_whole_sets_is_the_same_tie_every_time(self) -> None:
        scores = [pair("c", "d", 2), pair("b", "c", 1), pair("d", "e", 2), pair("b", "e", 1)]
        assert chosen(scores, 2) == chosen(scores[::-1], 2)

    def test_ties_go_by_the_alphabet(self) -> None:
        assert chosen([pair("a", "d", 50), pair("b", "c", 50), pair("a", "b", 50), pair("c", "d", 50)], 1) == ["a-b"]


class TestWhichPairsMatter:
    @pytest.mark.parametrize(("count", "most"), [(1, 1), (2, 7), (4, 43), (6, 111)])
    def test_few_however_many_there_are(self, count: int, most: int) -> None:
        lot = random.Random(count)
        scores = [pair(a, b, lot.randint(1, 99)) for a, b in combinations([f"t{n:03}" for n in range(80)], 2)]
        assert len(pairs_that_matter(sorted(scores, key=strongest_first), count)) == most

    def test_no_more_are_asked_for_than_are_needed(self) -> None:
        endless = (pair(f"a{number}", f"b{number}", 50) for number in count())
        assert len(pairs_that_matter(endless, 4)) == 43

    @settings(max_examples=150, deadline=None)
    @given(scores=weeks(), wanted=st.integers(1, 5))
    def test_the_best_set_is_among_them(self, scores: list[PairScore], wanted: int) -> None:
        matter = pairs_that_matter(sorted(scores, key=strongest_first), wanted)
        assert set(tried(scores, wanted)) <= {f"{one.a}-{one.b}" for one in matter}


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

    def test_where_all_are_alike_the_alphabet_decides_at_once(self) -> None:
        scores = [pair(a, b, 50) for a, b in combinations([f"t{number:02}" for number in range(40)], 2)]
        begun = time.process_time()
        assert chosen(scores, 6) == [f"t{number:02}-t{number + 1:02}" for number in range(0, 12, 2)]
        assert time.process_time() - begun < 2
