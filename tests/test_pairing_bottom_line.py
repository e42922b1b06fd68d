"""Which one should you ship with? What the program answers where no editor has."""

from __future__ import annotations

from typing import Any

import pytest
from sample_issue import PANEL, made_review, made_verdict

from digest.model.verdict import PricingRead, Verdict
from digest.pairing.bottom_line import bottom_line
from digest.render.words import inline

NAMES = {reviewer.id: reviewer.name for reviewer in PANEL}
NBSP = "\N{NO-BREAK SPACE}"


def tool(name: str, calls: Any = "ship", **changes: Any) -> Verdict:
    return made_verdict(name, calls, **{"ship_if": f"{name} fits", "skip_if": f"{name} fails", **changes})


def price(model: Any, entry: str, amount: float | None = None, unit: str | None = None) -> dict[str, Any]:
    return {
        "pricing": PricingRead(
            model=model, entry=entry, amount=amount, unit=unit, source="https://x.example", checked="2026-11-16"
        )
    }


def said(a: Verdict, b: Verdict, quorum: int = 2) -> str:
    return bottom_line(a, b, quorum, NAMES).replace(NBSP, " ")


class TestTheAnswer:
    def test_it_comes_from_the_verdicts_own_lines(self) -> None:
        line = said(tool("One"), tool("Two"))
        assert line.startswith("**One** if One fits; **Two** if Two fits; *neither* if One fails, and Two fails. ")

    @pytest.mark.parametrize(
        ("line", "as_said"),
        [("You have time.", "you have time"), ("If it rains", "it rains"), ("SQL scares you", "SQL scares you"),
         ("Postgres is too much", "Postgres is too much")],
    )  # fmt: skip
    def test_a_line_reads_on_behind_the_word_if(self, line: str, as_said: str) -> None:
        assert f"**One** if {as_said};" in said(tool("One", ship_if=line), tool("Two"))

    def test_neither_says_the_same_thing_once(self) -> None:
        assert "*neither* if money is short." in said(
            tool("One", skip_if="money is short"), tool("Two", skip_if="Money is short.")
        )

    def test_of_alternatives_neither_takes_the_first(self) -> None:
        line = said(tool("One", skip_if="you are many, or you are far apart"), tool("Two", skip_if="it rains"))
        assert "*neither* if you are many, and it rains." in line

    def test_alternatives_that_cannot_be_parted_are_kept_apart_from_the_other_condition(self) -> None:
        line = said(tool("One", skip_if="you start fresh, need colour, or draw"), tool("Two", skip_if="it rains"))
        assert "*neither* if you start fresh, need colour, or draw, and at the same time it rains." in line

    def test_nothing_in_a_verdict_s_line_becomes_markdown(self) -> None:
        line = said(tool("One*", ship_if="you `run` *it* [here](https://x.example) <b>now</b>"), tool("Two_2_"))
        html = str(inline(line))
        assert "you `run` *it* [here](" in html.replace("&lt;", "<")
        assert "<code" not in html
        assert 'href="https://x.example"' not in html
        assert "<b>now" not in html
        assert "One*</strong>" in html


class TestThePanel:
    def test_a_clear_lead_with_the_names_of_those_who_split(self) -> None:
        assert "The panel is with Two, 100 % against 50 %: the Skeptic and the Founder would ship only Two." in said(
            tool("One", "split"), tool("Two", "all")
        )

    def test_both_directions_of_a_split(self) -> None:
        a, b = tool("One", ("ship", "skip", "skip", "skip")), tool("Two", ("skip", "ship", "ship", "ship"))
        assert "the Builder would ship only One, the Skeptic, the Futurist and the Founder only Two." in said(a, b)

    @pytest.mark.parametrize(
        ("a", "b"),
        [
            (("ship", "ship", "skip", "skip"), ("ship", "ship", "ship", "skip")),
            (("ship", "ship", "ship"), ("ship", "ship", "skip")),
            (("ship", "ship", "ship"), ("ship", "ship", "ship", "skip")),
            (("ship", "skip"), ("ship", "skip", "skip")),
        ],
    )
    def test_one_review_apart_is_close(self, a: Any, b: Any) -> None:
        assert " It is close, " in said(tool("One", a), tool("Two", b))

    @pytest.mark.parametrize(
        ("a", "b"),
        [("split", "all"), ("none", "split"), (("ship", "ship", "ship"), ("ship", "skip", "skip"))],
    )
    def test_two_reviews_apart_is_not(self, a: Any, b: Any) -> None:
        assert "The panel is with " in said(tool("One", a), tool("Two", b))

    def test_level(self) -> None:
        assert "The panel is level at 75 %. " in said(tool("One", "ship"), tool("Two", "ship"))
        line = said(tool("One", "split"), tool("Two", ("skip", "ship", "skip", "ship")))
        assert "The panel is level at 50 %: the Builder and the Futurist would ship only One, the Skeptic" in line

    def test_when_nobody_would_ship_either(self) -> None:
        assert "The panel would ship neither. " in said(tool("One", "none"), tool("Two", "none"))

    def test_below_the_quorum_in_words(self) -> None:
        line = said(tool("One", ("ship",)), tool("Two", ("skip",)))
        assert "The panel so far: One 1 of 1, Two 0 of 1: the Builder would ship only One." in line

    def test_without_reviews(self) -> None:
        assert "The panel has not judged both yet. " in said(tool("One", ()), tool("Two"))

    def test_a_reviewer_without_an_article_keeps_their_name(self) -> None:
        a, b = (tool(name, reviews=(made_review("ann", call, name),)) for name, call in (("A", "ship"), ("B", "skip")))
        assert "Ann Li would ship only A" in bottom_line(a, b, 2, {"ann": "Ann Li"})


class TestThePrices:
    @pytest.mark.parametrize(
        ("a", "b", "ending"),
        [
            (price("free", "Free"), price("open source", "Free, MIT"), "Both are free."),
            (price("free", "Free"), price("paid", "$9 a month."), "One is free, Two costs $9 a month."),
            (price("freemium", "Free to 5, then $9"), price("free", "Free"), "Two is free, One is free to 5, then $9."),
            (price("paid", "$49 once"), price("paid", "$12 a month"), "One costs $49 once; Two costs $12 a month."),
            (
                price("paid", "$10 a month", 10, "month"),
                price("paid", "$20 a month", 20, "Month"),
                "One costs $10 a month; Two costs $20 a month: Two costs twice as much.",
            ),
            (
                price("paid", "$31 a month", 31, "month"),
                price("paid", "$10 a month", 10, "month"),
                "Two costs $10 a month: One costs about three times as much.",
            ),
            (
                price("paid", "$12 a month", 12, "month"),
                price("paid", "$10 a month", 10, "month"),
                "Two costs $10 a month: One costs 20 % more.",
            ),
            (
                price("paid", "$9 a month", 9, "month"),
                price("paid", "$9 a month", 9, "month"),
                "One costs $9 a month; Two costs $9 a month: the same price.",
            ),
            (
                price("paid", "€10 a month", 10, "month"),
                price("paid", "$20 a month", 20, "month"),
                "One costs €10 a month; Two costs $20 a month.",
            ),
            (
                price("paid", "$10 a month", 10, "month"),
                price("paid", "$20 a seat", 20, "seat"),
                "One costs $10 a month; Two costs $20 a seat.",
            ),
        ],
    )
    def test_they_are_set_side_by_side(self, a: dict[str, Any], b: dict[str, Any], ending: str) -> None:
        assert said(tool("One", **a), tool("Two", **b)).endswith(f" {ending}")
