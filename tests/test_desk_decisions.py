"""What decisions make of the collected tools."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.issues.compose import LISTED_FROM, other_tools
from digest.issues.desk import Desk, DeskDecision, desk_tools
from digest.model.tool import Sighting, Tool
from digest.model.verdict import Verdict
from digest.verdicts.match import matches

DAY = datetime(2026, 11, 12, 9, tzinfo=UTC)
SLUGS = ("egret", "grebe", "heron", "heron-2", "ibis")


def tool(slug: str, source: str = "Launch Pad", *, days: int = 0, **facts: Any) -> Tool:
    name = facts.pop("name", slug.title())
    sighting = Sighting(source=source, title=name, published=DAY + timedelta(days=days))
    return Tool(**{"slug": slug, "name": name, "score": 80, "shipped_at": sighting.published,
                   "sightings": (sighting,), **facts})  # fmt: skip


def accept(slug: str) -> DeskDecision:
    return DeskDecision(decision="accept", tool=slug)


def ignore(slug: str) -> DeskDecision:
    return DeskDecision(decision="ignore", tool=slug)


def merge(slug: str, into: str) -> DeskDecision:
    return DeskDecision(decision="merge", tool=slug, into=into)


def separate(slug: str, other: str) -> DeskDecision:
    return DeskDecision(decision="separate", tool=slug, other=other)


def rename(slug: str, name: str) -> DeskDecision:
    return DeskDecision(decision="rename", tool=slug, name=name)


def shelve(slug: str, category: str) -> DeskDecision:
    return DeskDecision(decision="category", tool=slug, category=category)


def slugs(tools: Sequence[Tool]) -> list[str]:
    return [one.slug for one in tools]


def test_without_decisions_the_tools_are_what_was_collected() -> None:
    collected = (tool("egret"), tool("heron"))
    assert desk_tools(collected, ()) == collected


def test_an_ignored_tool_is_gone() -> None:
    assert slugs(desk_tools([tool("egret"), tool("heron")], [ignore("heron")])) == ["egret"]


@pytest.mark.parametrize(
    ("decisions", "left", "accepted"),
    [
        ([accept("heron"), ignore("heron")], False, False),
        ([ignore("heron"), accept("heron")], True, True),
        ([ignore("heron"), accept("heron"), ignore("heron")], False, False),
    ],
)
def test_of_accept_and_ignore_the_last_word_counts(decisions: list[DeskDecision], left: bool, accepted: bool) -> None:
    found = desk_tools([tool("heron")], decisions)
    assert [one.accepted for one in found] == ([accepted] if left else [])


def test_an_accepted_tool_is_listed_whatever_its_score_and_before_all_others() -> None:
    collected = [tool("egret", score=95), tool("grebe", score=LISTED_FROM - 1), tool("heron", score=5)]
    found = desk_tools(collected, [accept("heron")])
    assert slugs(other_tools(found, matches={}, compared=(), hold=(), at_most=9)) == ["heron", "egret"]
    assert slugs(other_tools(found, matches={}, compared=(), hold=(), at_most=1)) == ["heron"]


def test_a_merged_tool_gives_its_sightings_its_facts_and_its_names() -> None:
    heron = tool("heron", days=2, vendor="Grey", tagline="Wades")
    other = tool("heron-2", "Show HN", name="Heron DB", score=90, vendor="Gray", licence="MIT", category="data")
    (found,) = desk_tools([heron, other], [merge("heron-2", "heron")])

    assert (found.slug, found.name, found.vendor, found.tagline) == ("heron", "Heron", "Grey", "Wades")
    assert (found.licence, found.category, found.score, found.shipped_at) == ("MIT", "data", 90, DAY)
    assert [one.source for one in found.sightings] == ["Show HN", "Launch Pad"]
    assert found.aliases == ("Heron DB", "heron-2")


def test_merging_goes_through_chains_and_takes_acceptance_along() -> None:
    collected = [tool("egret"), tool("grebe"), tool("heron")]
    decisions = [merge("egret", "grebe"), accept("egret"), merge("egret", "grebe"), merge("grebe", "heron")]
    (found,) = desk_tools(collected, decisions)
    assert (found.slug, found.accepted) == ("heron", True)
    assert found.known_as == {"egret", "Egret", "grebe", "Grebe", "heron"}


def test_a_tool_merged_into_an_ignored_one_is_never_shown() -> None:
    desk = Desk((tool("heron"), tool("heron-2")), (ignore("heron"), merge("heron-2", "heron")))
    assert (slugs(desk.tools), slugs(desk.ignored)) == ([], ["heron"])
    assert desk.parts_of("heron") == ("heron", "heron-2")


def test_a_later_word_takes_a_tool_out_of_a_merge() -> None:
    collected = [tool("heron"), tool("heron-2")]
    assert slugs(desk_tools(collected, [merge("heron-2", "heron"), accept("heron-2")])) == ["heron", "heron-2"]
    assert slugs(desk_tools(collected, [merge("heron-2", "heron"), ignore("heron-2")])) == ["heron"]


def test_calling_two_tools_separate_ends_their_merge_and_nothing_else() -> None:
    collected = (tool("egret"), tool("heron"), tool("heron-2"))
    desk = Desk(collected, (merge("heron-2", "heron"), separate("heron-2", "heron"), separate("egret", "heron")))
    assert slugs(desk.tools) == ["egret", "heron", "heron-2"]
    assert desk.separate == {frozenset(("heron", "heron-2")), frozenset(("egret", "heron"))}
    assert slugs(desk_tools(collected, [merge("heron-2", "heron"), separate("heron-2", "egret")])) == ["egret", "heron"]
    assert slugs(desk_tools(collected, [separate("heron-2", "heron"), merge("heron-2", "heron")])) == ["egret", "heron"]


def test_tools_merged_in_a_circle_stay_and_the_circle_is_named() -> None:
    collected = tuple(tool(slug) for slug in ("egret", "grebe", "heron", "ibis"))
    circle = (merge("heron", "egret"), merge("egret", "grebe"), merge("grebe", "heron"), merge("ibis", "heron"))
    desk = Desk(collected, circle)
    assert slugs(desk.tools) == ["egret", "grebe", "heron", "ibis"]
    assert desk.circles == (("egret", "grebe", "heron"),)


def test_a_renamed_tool_keeps_its_slug_and_every_former_name() -> None:
    (found,) = desk_tools([tool("heron")], [rename("heron", "Heron One"), rename("heron", "Stork")])
    assert (found.slug, found.name, found.aliases) == ("heron", "Stork", ("Heron", "Heron One"))


def test_a_name_taken_back_is_no_alias() -> None:
    (found,) = desk_tools([tool("heron")], [rename("heron", "Stork"), rename("heron", "Heron")])
    assert (found.name, found.aliases) == ("Heron", ("Stork",))


def test_the_last_category_counts_and_a_merged_tool_does_not_bring_one_over_it() -> None:
    collected = [tool("heron"), tool("heron-2", category="design")]
    decisions = [shelve("heron", "design"), merge("heron-2", "heron"), shelve("heron", "data")]
    (found,) = desk_tools(collected, decisions)
    assert found.category == "data"


def test_a_verdict_is_found_by_the_name_slug_or_former_name_of_what_was_merged(sample_verdicts: Any) -> None:
    heron, tidepool = tool("heron"), tool("tidepool", name="Tidepool")
    for collected, decisions in [
        ([heron, tidepool], [merge("tidepool", "heron")]),
        ([heron, tool("pool", name="Tidepool")], [merge("pool", "heron")]),
        ([tool("heron", name="Tidepool")], [rename("heron", "Stork")]),
    ]:
        assert matches(desk_tools(collected, decisions), sample_verdicts) == {"heron": "tidepool"}


def test_a_tool_is_held_by_any_slug_that_it_had() -> None:
    found = desk_tools([tool("heron"), tool("heron-2")], [merge("heron-2", "heron")])
    assert other_tools(found, matches={}, compared=(), hold=["heron-2"], at_most=9) == ()


@pytest.fixture
def sample_verdicts() -> dict[str, Verdict]:
    from pathlib import Path

    from digest.publication import load_publication
    from digest.verdicts.read import read_verdicts

    publication = load_publication(Path(__file__).resolve().parent.parent, {})
    settings = publication.settings
    return read_verdicts(publication.verdicts, settings.panel.reviewers, settings.categories).verdicts


# --- whatever is decided -------------------------------------------------------------------------------------------

_facts = st.fixed_dictionaries(
    {},
    optional={
        "vendor": st.sampled_from(["Grey", "Gray"]),
        "tagline": st.sampled_from(["Wades", "Flies"]),
        "category": st.sampled_from(["data", "design"]),
        "score": st.integers(0, 100),
        "days": st.integers(0, 9),
        "aliases": st.sampled_from([("Bird",), ("Fish", "Bird")]),
    },
)
COLLECTED = st.lists(
    st.builds(lambda slug, source, facts: tool(slug, source, **facts),
              st.sampled_from(SLUGS), st.sampled_from(["Launch Pad", "Show HN"]), _facts),
    unique_by=lambda one: one.slug,
)  # fmt: skip
_slug = st.sampled_from((*SLUGS, "nobody"))
DECISION = st.one_of(
    st.builds(accept, _slug),
    st.builds(ignore, _slug),
    st.builds(merge, _slug, _slug),
    st.builds(separate, _slug, _slug),
    st.builds(rename, _slug, st.sampled_from(["Stork", "Crane", "Heron"])),
    st.builds(shelve, _slug, st.sampled_from(["data", "design", "uncategorised"])),
)
DECISIONS = st.lists(DECISION, max_size=12)


@given(COLLECTED, DECISIONS)
def test_the_desk_of_a_desk_is_the_same_desk(collected: list[Tool], decisions: list[DeskDecision]) -> None:
    once = desk_tools(collected, decisions)
    assert desk_tools(once, decisions) == once


@given(COLLECTED, DECISIONS, st.randoms())
def test_the_order_of_the_tools_changes_nothing(
    collected: list[Tool], decisions: list[DeskDecision], chance: Any
) -> None:
    shuffled = list(collected)
    chance.shuffle(shuffled)
    assert desk_tools(shuffled, decisions) == desk_tools(collected, decisions)


@given(COLLECTED, DECISIONS)
def test_decisions_about_different_tools_may_stand_in_any_order(
    collected: list[Tool], decisions: list[DeskDecision]
) -> None:
    by_tool = sorted(decisions, key=lambda one: one.tool)
    assert desk_tools(collected, by_tool) == desk_tools(collected, decisions)


@given(COLLECTED, DECISIONS)
def test_no_tool_is_lost_and_none_stands_twice(collected: list[Tool], decisions: list[DeskDecision]) -> None:
    desk = Desk(tuple(collected), tuple(decisions))
    ends = slugs([*desk.tools, *desk.ignored])
    parts = [part for end in ends for part in desk.parts_of(end)]
    assert sorted(parts) == sorted(slugs(collected))
    assert all(desk.end_of(part) == end for end in ends for part in desk.parts_of(end))


@given(COLLECTED, DECISIONS)
def test_what_is_left_keeps_every_sighting_and_every_name(collected: list[Tool], decisions: list[DeskDecision]) -> None:
    desk = Desk(tuple(collected), tuple(decisions))
    raw = {one.slug: one for one in collected}
    for one in desk.tools:
        for part in desk.parts_of(one.slug):
            assert set(raw[part].sightings) <= set(one.sightings)
            assert {raw[part].slug, raw[part].name, *raw[part].aliases} <= {*one.known_as, one.name}
            assert raw[part].score <= one.score


@given(COLLECTED, DECISIONS, _slug)
def test_an_ignore_at_the_end_wins_and_an_accept_at_the_end_wins(
    collected: list[Tool], decisions: list[DeskDecision], slug: str
) -> None:
    assert slug not in slugs(desk_tools(collected, [*decisions, ignore(slug)]))
    if slug in slugs(collected):
        found = {one.slug: one for one in desk_tools(collected, [*decisions, accept(slug)])}
        assert found[slug].accepted
