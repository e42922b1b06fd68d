"""What a pair is worth: the same job, a contrast, freshness and the readers' interest, each part with its points."""

from __future__ import annotations

from typing import Any

import pytest
from sample_issue import PANEL, made_verdict, stored_verdict

from digest.model.pairing import PairingRules
from digest.model.verdict import PricingRead, Verdict
from digest.pairing.candidates import scale_of
from digest.pairing.job import ENOUGH, shared_job, shared_units, stem, telling_jobs, words_of
from digest.pairing.reason import Since
from digest.pairing.score import Candidate, PairScore, pair_score

OPEN = PricingRead(model="open source", entry="Free, MIT", source="https://x.example", checked="2026-11-16")
PAID = PricingRead(model="paid", entry="$9 a month", source="https://x.example", checked="2026-11-16")


def scored(
    a: Verdict,
    b: Verdict,
    since: tuple[Since, Since] = ("new", "new"),
    interest: dict[str, int] | None = None,
    quorum: int = 2,
    **rules: int,
) -> PairScore | None:
    scale = scale_of(
        [a, b],
        PairingRules(**rules),
        reviewers=[reviewer.id for reviewer in PANEL],
        quorum=quorum,
        category_names={"developer-tools": "Developer Tools"},
        interest=interest,
    )
    return pair_score(Candidate(a, since[0]), Candidate(b, since[1]), scale)


def parts(a: Verdict, b: Verdict, **how: Any) -> dict[str, int]:
    score = scored(a, b, **how)
    assert score is not None
    assert score.total == sum(points for _, points in score.parts)
    return dict(score.parts)


def tool(name: str, calls: Any = "ship", **changes: Any) -> Verdict:
    values = {"tagline": "Sorts invoices for small shops", "description": "It sorts.", "pricing": PAID}
    return made_verdict(name, calls, **{**values, "licence": "Proprietary", **changes})


class TestTheJob:
    def units(self, a: Verdict, b: Verdict) -> int:
        jobs = telling_jobs([a, b])
        return shared_units(jobs[a.slug], jobs[b.slug])

    @pytest.mark.parametrize(
        ("a", "b", "units"),
        [
            (("Sorts invoices", "-"), ("Pays invoices", "-"), 4),
            (("Sorts invoices", "-"), ("Pays", "What invoices say."), 2),
            (("Sorts", "All invoices."), ("Pays", "What an invoice says."), 1),
            (("Sorts invoices and receipts", "-"), ("Invoices and receipts", "-"), 8),
            (("Simple fast tool for people", "-"), ("Fast and simple tool", "-"), 0),
            (("Sorts", "-"), ("Pays", "-"), 0),
        ],
        ids=["two taglines", "one tagline", "no tagline", "two words", "words that say nothing", "nothing"],
    )
    def test_a_shared_word_counts_by_where_it_stands(self, a: tuple[str, str], b: tuple[str, str], units: int) -> None:
        one = tool("One", tagline=a[0], description=a[1])
        assert self.units(one, tool("Other", tagline=b[0], description=b[1])) == units

    def test_a_tool_s_own_name_and_vendor_are_no_job(self) -> None:
        one = tool("Ledger", tagline="Ledger by Acme", description="-", vendor="Acme")
        assert self.units(one, tool("Acme Ledger", tagline="A ledger of Acme", description="-")) == 0

    def test_what_most_of_a_shelf_says_tells_nothing(self) -> None:
        shelf = [
            tool(f"T{number}", tagline=f"Invoices {word}", description="-") for number, word in enumerate("abcdefghi")
        ]
        assert all("invoic" not in job for job in telling_jobs(shelf).values())
        assert all("invoic" in job for job in telling_jobs(shelf[:8]).values())

    @pytest.mark.parametrize(
        ("one", "other"),
        [("scans", "scanning"), ("hosted", "hosting"), ("queries", "query"), ("meetings", "meeting"),
         ("boxes", "box"), ("databases", "database"), ("Prices", "pricing"), ("company’s", "company")],
    )  # fmt: skip
    def test_endings_are_no_difference(self, one: str, other: str) -> None:
        assert stem(one) == stem(other)

    @pytest.mark.parametrize(
        ("one", "other"), [("string", "str"), ("bus", "bu"), ("process", "proces"), ("need", "ne"), ("axis", "ax")]
    )
    def test_but_not_everything_is_an_ending(self, one: str, other: str) -> None:
        assert stem(one) != stem(other)

    def test_abbreviations_stay_what_they_are(self) -> None:
        assert words_of("SQL in a cell, A to Z") == ["SQL", "in", "a", "cell", "a", "to", "z"]

    @pytest.mark.parametrize(
        ("a", "b", "said"),
        [
            ("copperline", "driftwood", "are about flaky tests"),
            ("hushnote", "minutely", "are about minutes of your meetings"),
            ("tidepool", "quarry-cloud", "speak of SQL"),
            ("latchkey", "palisade", "speak of secrets"),
        ],
    )
    def test_it_is_said_in_a_line(self, a: str, b: str, said: str) -> None:
        one, other = stored_verdict(a), stored_verdict(b)
        jobs = telling_jobs([one, other])
        assert shared_units(jobs[a], jobs[b]) >= ENOUGH
        assert shared_job(one, other, jobs[a], jobs[b]) == said


class TestTheParts:
    def test_they_add_up_and_the_order_does_not_matter(self) -> None:
        one, other = tool("One", "split"), tool("Other", "all", licence="MIT", pricing=OPEN)
        assert scored(one, other) == scored(other, one)
        assert parts(one, other) == {
            "category": 40,
            "words": 36,
            "panel": 12,
            "price": 8,
            "licence": 8,
            "freshness": 16,
            "interest": 0,
        }

    def test_no_pair_without_a_job_that_can_be_said(self) -> None:
        assert scored(tool("One"), tool("Other", tagline="Draws icons", description="-")) is None

    def test_no_pair_across_categories(self) -> None:
        assert scored(tool("One"), tool("Other", category="data")) is None

    @pytest.mark.parametrize(("calls", "points"), [("none", 24), ("split", 12), ("all", 0), (("skip",), 12), ((), 0)])
    def test_the_more_of_the_panel_splits_the_better(self, calls: Any, points: int) -> None:
        assert parts(tool("One", "all"), tool("Other", calls))["panel"] == points

    @pytest.mark.parametrize(
        ("since", "points"), [(("new", "new"), 16), (("new", "recent"), 12), (("recent", "incumbent"), 4)]
    )
    def test_freshness(self, since: tuple[Since, Since], points: int) -> None:
        assert parts(tool("One"), tool("Other"), since=since)["freshness"] == points

    @pytest.mark.parametrize(
        ("interest", "points"),
        [(None, 0), ({}, 0), ({"data": 100}, 0), ({"developer-tools": 100}, 10), ({"developer-tools": -50}, -5)],
    )
    def test_without_votes_the_readers_interest_changes_nothing(
        self, interest: dict[str, int] | None, points: int
    ) -> None:
        assert parts(tool("One"), tool("Other"), interest=interest)["interest"] == points

    def test_every_weight_is_the_publication_s(self) -> None:
        names = ("category", "word", "panel", "price", "licence", "freshness")
        one, other = tool("One", "none"), tool("Other", "all", licence="MIT", pricing=OPEN)
        assert set(parts(one, other, **dict.fromkeys(names, 0)).values()) == {0}
        doubled = parts(one, other, category=80, word=6, panel=48, price=16, licence=16, freshness=16)
        assert doubled == {name: 2 * points for name, points in parts(one, other).items()}


class TestTheReason:
    def reason(self, a: Verdict, b: Verdict, **how: Any) -> str:
        score = scored(a, b, **how)
        assert score is not None
        assert score.reason.endswith(".")
        assert score.reason.count(". ") == 0
        return score.reason

    def test_it_is_one_sentence_of_job_contrast_and_freshness(self) -> None:
        assert self.reason(stored_verdict("copperline"), stored_verdict("driftwood")) == (
            "Both are about flaky tests, yet Driftwood is open and free, Copperline closed and paid, and three of four "
            "reviewers split on them; both are new this week."
        )

    @pytest.mark.parametrize(
        ("since", "said"),
        [
            (("new", "new"), "both are new this week."),
            (("recent", "recent"), "both have waited for their turn."),
            (("incumbent", "new"), "Other is new this week, One is known for long."),
            (("recent", "new"), "Other is new this week, One has waited for its turn."),
        ],
    )
    def test_since_when_each_is_there(self, since: tuple[Since, Since], said: str) -> None:
        assert self.reason(tool("One"), tool("Other"), since=since).endswith(f"; {said}")

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"licence": "MIT"}, ", yet Other is open, One closed;"),
            ({"pricing": OPEN}, ", yet Other is free, One paid;"),
            ({"licence": "MIT", "pricing": OPEN}, ", yet Other is open and free, One closed and paid;"),
            ({}, "small shops;"),
        ],
    )
    def test_on_which_terms_they_differ(self, changes: dict[str, Any], said: str) -> None:
        assert said in self.reason(tool("One"), tool("Other", **changes))

    @pytest.mark.parametrize(
        ("calls", "said"),
        [
            ("none", "all four reviewers split on them"),
            (("skip", "skip", "ship"), "two of three reviewers split on them"),
            (("skip",), "the one reviewer of both splits on them"),
        ],
    )
    def test_how_many_reviewers_split(self, calls: Any, said: str) -> None:
        assert said in self.reason(tool("One", "all"), tool("Other", calls))

    def test_what_readers_like_is_said(self) -> None:
        assert "on a shelf that readers like" in self.reason(
            tool("One"), tool("Other"), interest={"developer-tools": 40}
        )
        assert "readers" not in self.reason(tool("One"), tool("Other"), interest={"developer-tools": -40})
