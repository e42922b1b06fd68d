"""Pair: which tools of an issue have verdicts, and which of them meet."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from digest.issues.draft import Draft, PlannedComparison
from digest.issues.folder import IssueFolder
from digest.jobs.compared import Compared, compared_elsewhere
from digest.jobs.judge import verdicts_of
from digest.model.issue import Comparison
from digest.model.tool import Tool
from digest.model.verdict import Reviewer, Verdict
from digest.pairing.bottom_line import bottom_line
from digest.pairing.candidates import scale_of, scored_pairs
from digest.pairing.match import Pair, best_pairs
from digest.pairing.reason import PUT_TOGETHER
from digest.pairing.score import Candidate, PairScore, pair_score
from digest.publication import Publication
from digest.verdicts.match import matches


class Pairing(NamedTuple):
    """The pairs of an issue and where they come from.

    Attributes:
        comparisons: The program's choice, an editor's wishes respected, the lead first.
        scores: The pairs that could have been, the strongest first, and those that an editor named.
        single: The verdict that stands in for a comparison where there is none, if there is a verdict at all.
        matches: Verdict slugs by tool slug.
        verdicts: All good verdicts by slug.
        broken: A line for each mistake in the others.
        broken_slugs: The others' slugs.
        waiting: Tools without a verdict.
    """

    comparisons: tuple[Comparison, ...]
    scores: tuple[PairScore, ...]
    single: Verdict | None
    matches: dict[str, str]
    verdicts: dict[str, Verdict]
    broken: tuple[str, ...]
    broken_slugs: frozenset[str]
    waiting: tuple[Tool, ...]

    @property
    def reasons(self) -> dict[str, str]:
        """Why two tools meet, by `<slug>-vs-<slug>` in either order."""
        return {f"{one}-vs-{other}": score.reason for score in self.scores for one, other in _both_ways(score)}

    @property
    def plan(self) -> list[Pair]:
        """The slugs of its comparisons."""
        return [(one.a.slug, one.b.slug) for one in self.comparisons]

    @property
    def names(self) -> dict[str, str]:
        """The tools' names by slug."""
        return {slug: verdict.name for slug, verdict in self.verdicts.items()}

    @property
    def runners_up(self) -> tuple[PairScore, ...]:
        """The pairs that could have been and are not."""
        chosen = {frozenset((one.a.slug, one.b.slug)) for one in self.comparisons}
        return tuple(score for score in self.scores if frozenset((score.a, score.b)) not in chosen)

    def score_of(self, comparison: Comparison) -> PairScore | None:
        """What a comparison was chosen for; None where an editor put together what has no job in common."""
        pair = {comparison.a.slug, comparison.b.slug}
        return next((score for score in self.scores if {score.a, score.b} == pair), None)

    def nearest(self, slug: str) -> str | None:
        """The verdict whose slug looks most like a misspelt one."""
        return next(iter(difflib.get_close_matches(slug, self.verdicts, n=1)), None)


def pairing_of(
    publication: Publication,
    folder: IssueFolder,
    tools: Sequence[Tool],
    draft: Draft,
    interest: Mapping[str, int] | None = None,
) -> Pairing:
    """Choose the pairs of an issue.

    Args:
        publication: The publication.
        folder: The issue's folder.
        tools: The issue's tools, as the desk makes them.
        draft: issue.yaml, whose lead, pins, bans and held tools are respected.
        interest: What the readers' votes say of a category, from -100 to 100; nothing is neutral.
    """
    settings = publication.settings
    read = verdicts_of(publication)
    matched = matches(tools, read.verdicts)
    held = set(draft.hold) | {
        matched[tool.slug] for tool in tools if tool.slug in matched and tool.known_as & set(draft.hold)
    }
    before = compared_elsewhere(publication, folder, read.verdicts)
    candidates = _candidates(read.verdicts, frozenset(matched.values()), before)
    pins = _pinned(draft, read.verdicts)
    pinned = {slug for pin in pins for slug in pin}
    scale = scale_of(
        read.verdicts.values(),
        settings.pairing,
        reviewers=[reviewer.id for reviewer in settings.panel.reviewers],
        quorum=settings.panel.quorum,
        category_names={category.id: category.name for category in settings.categories},
        interest=interest,
    )
    free = [one for slug, one in candidates.items() if slug not in held | pinned]
    wanted = max(0, settings.issue.comparisons - len(pins))
    possible = scored_pairs(free, scale, wanted, never=[*before.pairs, *draft.forbid])
    planned = [plan.slugs for plan in draft.comparisons or () if all(slug in read.verdicts for slug in plan.slugs)]
    known = {slug: Candidate(verdict, "incumbent") for slug, verdict in read.verdicts.items()} | candidates
    named = [score for a, b in dict.fromkeys((*pins, *planned)) if (score := pair_score(known[a], known[b], scale))]
    scores = tuple({frozenset((score.a, score.b)): score for score in (*possible, *named)}.values())
    plan = _in_order(pins, best_pairs(possible, wanted), scores, draft)
    comparisons = _compared(plan, read.verdicts, scores, settings.panel.quorum, settings.panel.reviewers)
    return Pairing(
        comparisons=comparisons,
        scores=scores,
        single=None if comparisons else _single(free),
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
            made.append(Comparison(a=a, b=b, bottom_line=answer, reason=reasons.get(name, PUT_TOGETHER)))
        else:
            left_out.append(name)
    return tuple(made), tuple(left_out)


def answers_to(
    planned: Sequence[PlannedComparison], verdicts: Mapping[str, Verdict], quorum: int, panel: Sequence[Reviewer]
) -> dict[str, str]:
    """The program's bottom line of each pair whose verdicts are there, by `<slug>-vs-<slug>`."""
    names = {reviewer.id: reviewer.name for reviewer in panel}
    return {
        "-vs-".join(plan.tools): bottom_line(verdicts[plan.tools[0]], verdicts[plan.tools[1]], quorum, names)
        for plan in planned
        if all(slug in verdicts for slug in plan.tools)
    }


def _candidates(verdicts: Mapping[str, Verdict], new: frozenset[str], before: Compared) -> dict[str, Candidate]:
    """This issue's tools first, then those that wait for their turn, then those that new ones may meet again."""
    found = {slug: Candidate(verdict, "incumbent") for slug, verdict in verdicts.items() if verdict.incumbent}
    found |= {slug: Candidate(verdicts[slug], "recent") for slug in before.recent}
    return found | {slug: Candidate(verdicts[slug], "new") for slug in new}


def _pinned(draft: Draft, verdicts: Mapping[str, Verdict]) -> list[Pair]:
    """The pairs that must meet: the lead, the pins, and those for which a person wrote the bottom line."""
    worded = [plan.slugs for plan in draft.comparisons or () if plan.bottom_line]
    pins: list[Pair] = []
    for pair in ((draft.lead,) if draft.lead else ()) + draft.pin + tuple(worded):
        taken = {slug for pin in pins for slug in pin}
        if all(slug in verdicts and slug not in taken for slug in pair):
            pins.append((pair[0], pair[1]))
    return pins


def _in_order(
    pins: Sequence[Pair], chosen: Sequence[PairScore], scores: Sequence[PairScore], draft: Draft
) -> list[Pair]:
    """The lead that an editor set, then the strongest first; what has no job in common comes last."""
    totals = {frozenset((score.a, score.b)): score.total for score in scores}
    lead = frozenset(draft.lead or ())

    def place(pair: Pair) -> tuple[object, ...]:
        return (frozenset(pair) != lead, -totals.get(frozenset(pair), 0), tuple(sorted(pair)))

    return sorted([*pins, *((score.a, score.b) for score in chosen)], key=place)


def _compared(
    plan: Sequence[Pair],
    verdicts: Mapping[str, Verdict],
    scores: Sequence[PairScore],
    quorum: int,
    panel: Sequence[Reviewer],
) -> tuple[Comparison, ...]:
    planned = [PlannedComparison(tools=pair) for pair in plan]
    reasons = {"-vs-".join(pair): score.reason for score in scores for pair in _both_ways(score)}
    return comparisons_of(planned, verdicts, reasons, answers_to(planned, verdicts, quorum, panel))[0]


def _single(candidates: Sequence[Candidate]) -> Verdict | None:
    """Of this issue's tools the one that most reviewers judged; of equals the first in the alphabet."""
    judged = [one.verdict for one in candidates if one.since == "new" and one.verdict.reviews]
    return min(judged, key=lambda verdict: (-len(verdict.reviews), verdict.slug), default=None)


def _both_ways(score: PairScore) -> tuple[Pair, Pair]:
    return (score.a, score.b), (score.b, score.a)
