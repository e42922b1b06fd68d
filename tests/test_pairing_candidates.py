"""Which pairs are found at all: through the words that two tools share, and none is missed that would matter."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_issue import PANEL, made_review, made_verdict

from digest.model.pairing import PairingRules
from digest.model.verdict import PricingRead
from digest.pairing.candidates import scale_of, scored_pairs
from digest.pairing.match import best_pairs
from digest.pairing.reason import Since
from digest.pairing.score import Candidate, PairScore, Scale, pair_score

THINGS = "invoices receipts meetings icons secrets tests queries tables".split()
NAMES = {"developer-tools": "Developer Tools", "data": "Data"}


def scale_for(candidates: list[Candidate], **rules: int) -> Scale:
    return scale_of(
        [one.verdict for one in candidates],
        PairingRules(**rules),
        reviewers=[reviewer.id for reviewer in PANEL],
        quorum=2,
        category_names=NAMES,
    )


@st.composite
def shelves(draw: st.DrawFn) -> list[Candidate]:
    """Up to ten tools on two shelves, that speak of few things, with any calls, prices and licences."""
    candidates = []
    for number in range(draw(st.integers(0, 10))):
        things = draw(st.lists(st.sampled_from(THINGS), max_size=3))
        calls = draw(st.lists(st.sampled_from(["ship", "skip"]), max_size=4))
        model = draw(st.sampled_from(["free", "paid", "open source"]))
        name = f"Tool{chr(97 + number)}"
        verdict = made_verdict(
            name,
            category=draw(st.sampled_from(sorted(NAMES))),
            tagline=f"It has {' '.join(things[:2])}",
            description=f"About {' '.join(things[1:])}",
            licence="MIT" if model == "open source" else "Proprietary",
            pricing=PricingRead(model=model, entry="$9", source="https://x.example", checked="2026-11-16"),
            reviews=tuple(made_review(who.id, call, name, 60) for who, call in zip(PANEL, calls, strict=False)),
        )
        since: list[Since] = ["new", "recent", "incumbent"]
        candidates.append(Candidate(verdict, draw(st.sampled_from(since))))
    return candidates


def all_pairs(candidates: list[Candidate], scale: Scale) -> list[PairScore]:
    """Every pair that may stand in an issue, by scoring every two."""
    judged = [one for one in candidates if one.verdict.reviews]
    scores = [pair_score(one, other, scale) for one, other in combinations(judged, 2)]
    return [score for score in scores if score is not None and score.total >= scale.rules.floor]


class TestNoneIsMissed:
    @settings(max_examples=150, deadline=None)
    @given(candidates=shelves(), count=st.integers(0, 5), floor=st.sampled_from([1, 60, 70, 90]))
    def test_the_best_set_is_the_one_of_all_pairs(self, candidates: list[Candidate], count: int, floor: int) -> None:
        scale = scale_for(candidates, floor=floor)
        assert best_pairs(scored_pairs(candidates, scale, count), count) == best_pairs(
            all_pairs(candidates, scale), count
        )

    @settings(max_examples=80, deadline=None)
    @given(candidates=shelves(), data=st.data())
    def test_also_where_some_may_never_meet(self, candidates: list[Candidate], data: st.DataObject) -> None:
        scale = scale_for(candidates)
        every = all_pairs(candidates, scale)
        never = [(one.b, one.a) for one in every if data.draw(st.booleans())]
        found = scored_pairs(candidates, scale, 4, never)
        allowed = [one for one in every if (one.b, one.a) not in never]
        assert best_pairs(found, 4) == best_pairs(allowed, 4)

    @settings(max_examples=80, deadline=None)
    @given(candidates=shelves(), seed=st.integers(0, 1000))
    def test_whatever_order_they_come_in(self, candidates: list[Candidate], seed: int) -> None:
        shuffled = random.Random(seed).sample(candidates, len(candidates))
        found = scored_pairs(candidates, scale_for(candidates), 4)
        assert scored_pairs(shuffled, scale_for(shuffled), 4) == found
        assert list(found) == sorted(found, key=lambda score: (-score.total, score.a, score.b))

    def test_of_three_hundred_tools_only_a_few_pairs_are_made(self) -> None:
        things = ("Sorts invoices", "Draws icons", "Finds secrets")
        tools = [made_verdict(f"Tool {number}", tagline=things[number % 3]) for number in range(300)]
        candidates = [Candidate(tool, "new") for tool in tools]
        assert len(scored_pairs(candidates, scale_for(candidates), 4)) == 43


class TestWhoMayMeet:
    def two(self, first: Since, second: Since, **changes: object) -> tuple[PairScore, ...]:
        candidates = [
            Candidate(made_verdict("One", "split", tagline="Sorts invoices"), first),
            Candidate(made_verdict("Other", "all", tagline="Pays invoices", **changes), second),
        ]
        return scored_pairs(candidates, scale_for(candidates), 4)

    @pytest.mark.parametrize(
        ("first", "second"),
        [("new", "new"), ("new", "recent"), ("new", "incumbent"), ("recent", "recent"), ("recent", "incumbent")],
    )
    def test_somebody_has_to_be_new_or_has_waited(self, first: Since, second: Since) -> None:
        assert len(self.two(first, second)) == 1

    def test_two_that_people_know_for_long_never_do(self) -> None:
        assert self.two("incumbent", "incumbent") == ()

    def test_nobody_meets_a_tool_of_another_shelf(self) -> None:
        assert self.two("new", "new", category="data") == ()

    def test_nor_one_that_no_reviewer_has_spoken_on(self) -> None:
        assert self.two("new", "new", reviews=()) == ()

    def test_this_week_s_tools_come_before_those_that_waited(self) -> None:
        totals = [self.two(first, "new")[0].total for first in ("new", "recent", "incumbent")]
        assert totals == sorted(totals, reverse=True)
        assert len(set(totals)) == 3
