"""From what was decided to the letter: comparisons, what else shipped, and the words around them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from digest.issues.draft import Draft, PlannedComparison, Proposal
from digest.issues.inputs import Inputs
from digest.model.issue import Comparison, Issue, Masthead
from digest.model.tool import Tool
from digest.model.verdict import Verdict

LISTED_FROM = 40  # a launch that is less sure than this is for the desk, not for readers


def proposed(comparisons: Sequence[Comparison], others: int, single: Verdict | None = None) -> Proposal:
    """What the program writes where nobody has written yet.

    Args:
        comparisons: In the order of the letter.
        others: How many other tools the letter lists.
        single: The verdict that stands in for a comparison where there is none.
    """
    if not comparisons:
        return _without_a_comparison(others, single)
    lead = comparisons[0]
    more = [f"{pair.a.name} or {pair.b.name}" for pair in comparisons[1:]]
    besides = f", and {_with_count(others, 'other tool')} that shipped" if others else ""
    return Proposal(
        subject=f"{lead.a.name} or {lead.b.name}?",
        preheader=f"Also: {'; '.join(more)}." if more else f"{lead.a.tagline}. {lead.b.tagline}."[:140],
        headline=f"{lead.a.name} or {lead.b.name}: which one should you ship with?",
        intro=f"{_with_count(len(comparisons), 'comparison')} by the panel this week{besides}.",
        comparisons=tuple(PlannedComparison(tools=(pair.a.slug, pair.b.slug)) for pair in comparisons),
    )


def _without_a_comparison(others: int, single: Verdict | None) -> Proposal:
    if single is not None:
        besides = f" {_with_count(others, 'other tool').capitalize()} shipped." if others else ""
        return Proposal(
            subject=f"{single.name}: ship it or skip it?",
            preheader=f"{single.tagline}."[:140],
            headline=f"{single.name}: should you ship with it?",
            intro=f"One verdict this week, and no second tool of its kind to set it against.{besides}",
        )
    return Proposal(
        subject=f"{_with_count(others, 'new tool') if others else 'No new tools'} this week, verdicts next week",
        preheader="What shipped, by category. The panel is still trying things out.",
        headline="What shipped this week",
        intro="The panel has no verdicts ready this week, so here is what shipped. The comparisons follow.",
    )


def _with_count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def other_tools(
    tools: Sequence[Tool], *, matches: dict[str, str], compared: Collection[str], hold: Collection[str], at_most: int
) -> tuple[Tool, ...]:
    """The tools that are listed and not compared: those that an editor accepted, then the surest.

    Args:
        tools: The issue's tools, as the desk makes them.
        matches: Verdict slugs by tool slug.
        compared: Slugs of the verdicts that the comparisons use.
        hold: Slugs that an editor keeps out.
        at_most: How many are listed.
    """
    listed = [
        tool
        for tool in tools
        if (tool.accepted or tool.score >= LISTED_FROM)
        and matches.get(tool.slug) not in compared
        and not {*tool.known_as, matches.get(tool.slug)} & set(hold)
    ]

    def surest(tool: Tool) -> tuple[object, ...]:
        return (not tool.accepted, -tool.score, -len(tool.sightings), tool.slug)

    return tuple(sorted(listed, key=surest)[:at_most])


def composed(draft: Draft, comparisons: Sequence[Comparison], tools: Sequence[Tool], inputs: Inputs) -> Issue:
    """The letter complete.

    Args:
        draft: issue.yaml with every field filled.
        comparisons: In the order of the letter.
        tools: The issue's tools, as the desk makes them.
        inputs: What the build froze.
    """
    single = inputs.verdict(inputs.single) if inputs.single and not comparisons else None
    used = {slug for pair in comparisons for slug in (pair.a.slug, pair.b.slug)}
    return Issue(
        **{name: getattr(inputs, name) for name in Masthead.model_fields},
        id=inputs.issue,
        subject=draft.subject or "",
        preheader=draft.preheader or "",
        headline=draft.headline or "",
        intro=draft.intro or "",
        comparisons=tuple(comparisons),
        single=single,
        also_shipped=other_tools(
            tools,
            matches=inputs.matches,
            compared=used | ({single.slug} if single else set()),
            hold=draft.hold,
            at_most=inputs.also_shipped,
        ),
        sections=draft.sections,
    )
