"""Pair: which tools of an issue have verdicts, and which of them meet."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from digest.issues.draft import Draft, PlannedComparison, read_draft
from digest.issues.folder import IssueFolder
from digest.jobs.judge import verdicts_of
from digest.jobs.standing import all_standings
from digest.model.issue import Comparison
from digest.model.tool import Tool
from digest.model.verdict import Verdict
from digest.pairing.bottom_line import bottom_line
from digest.pairing.match import Pair, best_pairs, scored_pairs
from digest.pairing.score import PairScore
from digest.publication import Publication
from digest.verdicts.match import matches


class Pairing(NamedTuple):
    """The pairs of an issue and where they come from.

    Attributes:
        comparisons: The program's choice, pins respected, the lead first.
        scores: Every pair that could have been, the strongest first.
        matches: Verdict slugs by tool slug.
        verdicts: All good verdicts by slug.
        broken: A line for each mistake in the others.
        waiting: Tools without a verdict.
    """

    comparisons: tuple[Comparison, ...]
    scores: tuple[PairScore, ...]
    matches: dict[str, str]
    verdicts: dict[str, Verdict]
    broken: tuple[str, ...]
    broken_slugs: frozenset[str]
    waiting: tuple[Tool, ...]

    @property
    def reasons(self) -> dict[str, str]:
        """Why two tools meet, by `<slug>-vs-<slug>` in either order."""
        return {f"{one}-vs-{other}": score.reason for score in self.scores for one, other in _both_ways(score)}

    def nearest(self, slug: str) -> str | None:
        """The verdict whose slug looks most like a misspelt one."""
        return next(iter(difflib.get_close_matches(slug, self.verdicts, n=1)), None)


def pairing_of(publication: Publication, folder: IssueFolder, tools: Sequence[Tool], draft: Draft) -> Pairing:
    """Choose the pairs of an issue.

    Args:
        publication: The publication.
        folder: The issue's folder.
        tools: The issue's tools, as the desk makes them.
        draft: issue.yaml, whose pins, bans and held tools are respected.
    """
    settings = publication.settings
    read = verdicts_of(publication)
    matched = matches(tools, read.verdicts)
    held = set(draft.hold)
    held |= {matched[tool.slug] for tool in tools if tool.slug in matched and tool.known_as & held}
    new = frozenset(matched.values()) - held
    candidates = [
        verdict for slug, verdict in read.verdicts.items() if slug not in held and (slug in new or verdict.incumbent)
    ]
    pins: list[Pair] = [(pin[0], pin[1]) for pin in draft.pin if pin[0] in read.verdicts and pin[1] in read.verdicts]
    pinned = {slug for pin in pins for slug in pin}
    never = [*_compared_before(publication, folder), *((ban[0], ban[1]) for ban in draft.forbid)]
    names = {category.id: category.name for category in settings.categories}
    scores = scored_pairs(candidates, new=new, category_names=names, never=never)
    free = [score for score in scores if not {score.a, score.b} & pinned]
    chosen = best_pairs(free, max(0, settings.issue.comparisons - len(pins)))
    reasons = {pair: score.reason for score in scores for pair in _both_ways(score)}
    plan = [*pins, *((score.a, score.b) for score in chosen)]
    quorum = settings.panel.quorum
    return Pairing(
        comparisons=tuple(
            Comparison(
                a=read.verdicts[a],
                b=read.verdicts[b],
                bottom_line=bottom_line(read.verdicts[a], read.verdicts[b], quorum),
                reason=reasons.get((a, b), ""),
            )
            for a, b in plan
        ),
        scores=scores,
        matches=matched,
        verdicts=read.verdicts,
        broken=read.broken,
        broken_slugs=frozenset(
            path.stem for path in publication.verdicts.glob("*.yaml") if path.stem not in read.verdicts
        ),
        waiting=tuple(tool for tool in tools if tool.slug not in matched),
    )


def comparisons_of(
    planned: Sequence[PlannedComparison],
    verdicts: Mapping[str, Verdict],
    reasons: Mapping[str, str],
    answers: Mapping[str, str],
) -> tuple[tuple[Comparison, ...], tuple[str, ...]]:
    """The comparisons of a draft.

    Args:
        planned: The draft's pairs.
        verdicts: By slug.
        reasons: Why two tools meet, by `<slug>-vs-<slug>`.
        answers: The program's bottom lines by the same; an editor's own comes before them.

    Returns:
        Those whose two verdicts and whose answer are there, and the names of those that must be left out.
    """
    made: list[Comparison] = []
    left_out: list[str] = []
    for plan in planned:
        name = "-vs-".join(plan.tools)
        answer = plan.bottom_line or answers.get(name)
        if answer and all(slug in verdicts for slug in plan.tools):
            a, b = (verdicts[slug] for slug in plan.slugs)
            made.append(Comparison(a=a, b=b, bottom_line=answer, reason=reasons.get(name, "")))
        else:
            left_out.append(name)
    return tuple(made), tuple(left_out)


def answers_to(planned: Sequence[PlannedComparison], verdicts: Mapping[str, Verdict], quorum: int) -> dict[str, str]:
    """The program's bottom line of each pair whose verdicts are there, by `<slug>-vs-<slug>`."""
    return {
        "-vs-".join(plan.tools): bottom_line(verdicts[plan.tools[0]], verdicts[plan.tools[1]], quorum)
        for plan in planned
        if all(slug in verdicts for slug in plan.tools)
    }


def _compared_before(publication: Publication, folder: IssueFolder) -> list[Pair]:
    """The pairs of letters that went out or are about to: no two letters compare the same two tools."""
    return [
        planned.slugs
        for other in all_standings(publication)
        if other.issue != folder.id and other.state in ("approved", "sent")
        for planned in read_draft(other.folder)[0].comparisons or ()
    ]


def _both_ways(score: PairScore) -> tuple[Pair, Pair]:
    return (score.a, score.b), (score.b, score.a)
