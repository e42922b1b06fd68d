"""What the program proposes for a letter, and which tools it lists besides the comparisons."""

from __future__ import annotations

from typing import Any

import pytest
from sample_issue import made_verdict, shipped

from digest.issues.compose import LISTED_FROM, other_tools, proposed
from digest.model.issue import Comparison
from digest.model.tool import Sighting, Tool


def pair(a: str, b: str) -> Comparison:
    return Comparison(a=made_verdict(a), b=made_verdict(b), bottom_line="One of them.")


def tool(slug: str, score: int = 80, seen: int = 1) -> Tool:
    sightings = tuple(Sighting(source=f"feed {number}", title="x") for number in range(seen))
    return shipped(slug.capitalize(), slug=slug, score=score, sightings=sightings)


class TestTheProposal:
    def test_the_lead_asks_the_question(self) -> None:
        said = proposed([pair("Copperline", "Tidepool"), pair("Hushnote", "Minutely")], 12)
        assert said.subject == "Copperline or Tidepool?"
        assert said.headline == "Copperline or Tidepool: which one should you ship with?"
        assert said.preheader == "Also: Hushnote or Minutely."
        assert said.intro == "2 comparisons by the panel this week, and 12 other tools that shipped."
        assert [planned.slugs for planned in said.comparisons] == [("copperline", "tidepool"), ("hushnote", "minutely")]

    def test_one_of_each_is_said_in_the_singular(self) -> None:
        said = proposed([pair("A", "B")], 1)
        assert said.intro == "1 comparison by the panel this week, and 1 other tool that shipped."

    def test_a_single_comparison_is_explained_by_its_taglines(self) -> None:
        said = proposed([pair("A", "B")], 0)
        assert said.preheader.startswith("A hosted service that spots flaky tests")
        assert len(said.preheader) <= 140

    @pytest.mark.parametrize(("others", "subject"), [(0, "No new tools"), (1, "1 new tool "), (9, "9 new tools")])
    def test_without_a_comparison_the_letter_says_what_shipped(self, others: int, subject: str) -> None:
        said = proposed([], others)
        assert said.subject.startswith(subject)
        assert said.comparisons == ()
        assert "no verdicts ready" in said.intro

    @pytest.mark.parametrize(
        ("others", "besides"), [(0, ""), (1, " 1 other tool shipped."), (9, " 9 other tools shipped.")]
    )
    def test_a_single_verdict_is_asked_about_alone(self, others: int, besides: str) -> None:
        said = proposed([], others, made_verdict("Copperline"))
        assert said.subject == "Copperline: ship it or skip it?"
        assert said.headline == "Copperline: should you ship with it?"
        assert said.intro == f"One verdict this week, and no second tool of its kind to set it against.{besides}"

    def test_nothing_besides_is_not_mentioned(self) -> None:
        assert proposed([pair("A", "B")], 0).intro == "1 comparison by the panel this week."


class TestTheOthers:
    def listed(self, *tools: Tool, **changes: Any) -> list[str]:
        values: dict[str, Any] = {"matches": {}, "compared": set(), "hold": (), "at_most": 12}
        return [one.slug for one in other_tools(tools, **{**values, **changes})]

    def test_the_surest_first_then_the_most_seen_then_the_alphabet(self) -> None:
        assert self.listed(tool("c", 50), tool("b", 90), tool("d", 50, 3), tool("a", 50)) == ["b", "d", "a", "c"]

    def test_what_is_not_sure_enough_is_for_the_desk(self) -> None:
        assert self.listed(tool("a", LISTED_FROM - 1), tool("b", LISTED_FROM)) == ["b"]

    def test_a_compared_tool_is_not_listed_again(self) -> None:
        assert self.listed(tool("a"), tool("b"), matches={"a": "a-the-first"}, compared={"a-the-first"}) == ["b"]

    def test_a_tool_with_a_verdict_that_meets_nobody_is_listed(self) -> None:
        assert self.listed(tool("a"), matches={"a": "a"}) == ["a"]

    @pytest.mark.parametrize("name", ["a", "a-the-first"], ids=["by its own slug", "by its verdict's"])
    def test_a_held_tool_is_kept_out(self, name: str) -> None:
        assert self.listed(tool("a"), tool("b"), matches={"a": "a-the-first"}, hold=(name,)) == ["b"]

    @pytest.mark.parametrize("at_most", [0, 2])
    def test_no_more_than_asked_for(self, at_most: int) -> None:
        assert self.listed(*map(tool, "abc"), at_most=at_most) == ["a", "b"][:at_most]
