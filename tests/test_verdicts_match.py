"""A verdict belongs to a tool by slug, name, alias, homepage or repository; what almost matches is offered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_issue import made_verdict, shipped

from digest.model.noun import slug_of
from digest.model.tool import Tool
from digest.model.verdict import Verdict
from digest.verdicts.match import matches, near_matches


def stored(*verdicts: Verdict) -> dict[str, Verdict]:
    return {verdict.slug: verdict for verdict in verdicts}


def tool(name: str, **changes: Any) -> Tool:
    return shipped(name, **{"slug": slug_of(name), "homepage": None, **changes})


TIDEPOOL = made_verdict(
    "Tidepool",
    homepage="https://tidepool.example",
    repository="https://github.com/brackwater/tidepool",
    aliases=("Tidepool DB", "tidepool-cloud"),
)


class TestWhatMatches:
    @pytest.mark.parametrize(
        "named",
        [
            tool("Tidepool"),
            tool("Another name", slug="tidepool"),
            tool("TIDEPOOL", slug="tidepool-2"),
            tool("Tidepool DB"),
            tool("Tidepool Cloud"),
            tool("New name", aliases=("Tidepool",)),
            tool("New name", homepage="https://www.tidepool.example/?utm_source=feed"),
            tool("New name", homepage="http://tidepool.example/"),
            tool("New name", repository="https://github.com/Brackwater/Tidepool.git"),
            tool("New name", repository="https://github.com/brackwater/tidepool/releases/tag/v1.0"),
            tool("New name", homepage="https://github.com/brackwater/tidepool#readme"),
        ],
        ids=lambda named: f"{named.name} {named.slug} {named.homepage or named.repository or ''}",
    )
    def test_is_told_by_slug_name_alias_or_address(self, named: Tool) -> None:
        assert matches([named], stored(TIDEPOOL)) == {named.slug: "tidepool"}

    @pytest.mark.parametrize(
        "other",
        [
            tool("Tidepool 2"),
            tool("Tidepol"),
            tool("New name", homepage="https://tidepool.example/blog"),
            tool("New name", repository="https://github.com/brackwater/tidegauge"),
            tool("New name", repository="https://github.com/brackwater"),
        ],
        ids=lambda other: f"{other.name} {other.homepage or other.repository or ''}",
    )
    def test_is_never_told_by_likeness(self, other: Tool) -> None:
        assert matches([other], stored(TIDEPOOL)) == {}

    def test_an_address_that_two_verdicts_share_decides_nothing(self) -> None:
        other = made_verdict("Tidegauge", homepage="https://tidepool.example/")
        named = tool("New name", homepage="https://tidepool.example")
        verdicts = stored(TIDEPOOL, other)
        assert matches([named], verdicts) == {}
        (offer,) = near_matches([named], verdicts, {})
        assert (offer.tool, offer.verdict, offer.why) == ("new-name", "tidegauge", "both live at tidepool.example")

    def test_its_own_name_comes_before_an_alias(self) -> None:
        heron = made_verdict("Heron", homepage="https://heron.example")
        named = tool("Heron", aliases=("Tidepool",), homepage="https://tidepool.example")
        assert matches([named], stored(TIDEPOOL, heron)) == {"heron": "heron"}


class TestWhatAlmostMatches:
    @pytest.mark.parametrize("name", ["Tidepool 2.0", "Tidepol", "TidePools", "tide-pool", "Tidepool for Teams"])
    def test_is_offered_with_what_would_settle_it(self, name: str) -> None:
        named = tool(name)
        (offer,) = near_matches([named], stored(TIDEPOOL), matches([named], stored(TIDEPOOL)))
        assert (offer.tool, offer.verdict) == (named.slug, "tidepool")
        assert offer.why.startswith(f'"{name}" reads like "Tidepool')
        assert offer.cure == f'if it is, add "{name}" to the aliases in verdicts/tidepool.yaml'

    @pytest.mark.parametrize("name", ["Heron", "Tide", "Pool", "Tidegauge", "DB", "Cloud", "数据"])
    def test_is_not_every_name_that_shares_a_syllable(self, name: str) -> None:
        assert near_matches([tool(name)], stored(TIDEPOOL), {}) == ()

    def test_a_short_name_is_no_beginning(self) -> None:
        assert near_matches([tool("AI Notes")], stored(made_verdict("AI")), {}) == ()

    def test_what_it_says_settles_it(self) -> None:
        named = tool("Tidepool for Teams")
        (offer,) = near_matches([named], stored(TIDEPOOL), {})
        again = TIDEPOOL.model_copy(update={"aliases": (*TIDEPOOL.aliases, offer.name)})
        assert matches([named], stored(again)) == {named.slug: "tidepool"}

    def test_tools_that_have_a_verdict_are_left_alone(self) -> None:
        named = tool("Tidepool")
        assert near_matches([named], stored(TIDEPOOL), matches([named], stored(TIDEPOOL))) == ()

    def test_without_verdicts_there_is_nothing_to_offer(self) -> None:
        assert near_matches([tool("Tidepool")], {}, {}) == ()

    @settings(max_examples=60, deadline=None)
    @given(names=st.lists(st.text(min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=8), rng=st.randoms())
    def test_any_names_in_any_order_get_the_same_offers(self, names: list[str], rng: Any) -> None:
        lines = [" ".join(name.split()) or "x" for name in names]
        tools = [tool(name, slug=f"t{number}") for number, name in enumerate(lines)]
        verdicts = stored(TIDEPOOL, *(made_verdict(f"V {line}", slug=f"v{n}") for n, line in enumerate(lines)))
        shuffled = tools[:]
        rng.shuffle(shuffled)
        found = matches(tools, verdicts)
        assert matches(shuffled, verdicts) == found
        assert set(near_matches(shuffled, verdicts, found)) == set(near_matches(tools, verdicts, found))
