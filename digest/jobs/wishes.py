"""An editor's wishes in issue.yaml: every tool that they name must be known, and no two may contradict each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from digest.files.problems import BrokenFile, Place
from digest.files.yaml_source import YamlSource
from digest.issues.desk_file import read_desk
from digest.issues.draft import Draft, PlannedComparison, Proposal, read_draft, settled
from digest.issues.folder import IssueFolder
from digest.issues.inputs import read_inputs
from digest.jobs.pair import Pairing, pairing_of
from digest.publication import Publication

_Pair = tuple[str, ...]


def pairing_as_wished(publication: Publication, folder: IssueFolder) -> tuple[Pairing, Draft]:
    """The pairs of an issue as a build would make them now, and issue.yaml as it would say them then.

    Args:
        publication: The publication.
        folder: The issue's folder; nothing is written there.

    Raises:
        BrokenFile: As `refuse_mistakes`.
    """
    draft, source = read_draft(folder)
    desk, last = read_desk(folder, publication.category_ids), read_inputs(folder)
    pairing = pairing_of(publication, folder, desk.tools, draft)
    proposal = Proposal(comparisons=tuple(PlannedComparison(tools=pair) for pair in pairing.plan))
    after = settled(draft, last.proposal if last else None, proposal)
    refuse_mistakes(after, pairing, {tool.slug for tool in desk.collected}, source)
    return pairing, after


def refuse_mistakes(draft: Draft, pairing: Pairing, collected: Collection[str], source: YamlSource | None) -> None:
    """Stop where an editor named a tool that nobody knows, or wished for two things that cannot both be.

    Args:
        draft: issue.yaml with every field filled.
        pairing: Knows the verdicts.
        collected: Slugs of the tools that were collected for the issue.
        source: issue.yaml as it was read; without one, nobody wished for anything.

    Raises:
        BrokenFile: With every mistake, each with its place.
    """
    if source is None:
        return
    mistakes = []
    for place, what in (*_strangers(draft, pairing, collected), *_contradictions(draft, pairing)):
        at = source.position_of(place)
        mistakes.append(f"{source.path}:{at.line}:{at.column}: {what}")
    if mistakes:
        raise BrokenFile(source.path, mistakes)


def _strangers(draft: Draft, pairing: Pairing, collected: Collection[str]) -> Iterator[tuple[Place, str]]:
    """A tool that an editor names must have a verdict; a broken one is reported elsewhere and left out."""
    for place, slug in _named(draft):
        waits = place[0] == "hold" and slug in collected
        if slug not in pairing.verdicts and slug not in pairing.broken_slugs and not waits:
            near = pairing.nearest(slug)
            cure = f"did you mean {near}?" if near else f"write verdicts/{slug}.yaml"
            yield place, f'no verdict is called "{slug}"; {cure}'


def _named(draft: Draft) -> Iterator[tuple[Place, str]]:
    """Every tool that issue.yaml names, with its place; a misspelt pin or ban would otherwise be lost in silence."""
    for number, planned in enumerate(draft.comparisons or ()):
        yield from ((("comparisons", number, "tools", side), slug) for side, slug in enumerate(planned.tools))
    yield from ((("lead", side), slug) for side, slug in enumerate(draft.lead or ()))
    for field in ("pin", "forbid"):
        for number, pair in enumerate(getattr(draft, field)):
            yield from (((field, number, side), slug) for side, slug in enumerate(pair))
    yield from ((("hold", number), slug) for number, slug in enumerate(draft.hold))


def _contradictions(draft: Draft, pairing: Pairing) -> Iterator[tuple[Place, str]]:
    forbidden = {frozenset(pair) for pair in draft.forbid}
    held = set(draft.hold) | {pairing.matches[slug] for slug in draft.hold if slug in pairing.matches}
    wished = [*_pairs_that_must_meet(draft)]
    said_once = {frozenset(pair) for _, pair in wished}
    planned = [
        (("comparisons", number), plan.slugs)
        for number, plan in enumerate(draft.comparisons or ())
        if frozenset(plan.slugs) not in said_once
    ]
    for place, pair in (*wished, *planned):
        said = " vs ".join(pair)
        if frozenset(pair) in forbidden:
            yield place, f"{said} is forbidden in this file too; take it out of one of the two"
        for slug in pair:
            if slug in held:
                yield place, f'{said}: "{slug}" is held back in this file; take it out of one of the two'
    worded = [(("comparisons", number), p.slugs) for number, p in enumerate(draft.comparisons or ()) if p.bottom_line]
    met: dict[str, _Pair] = {}
    for place, pair in (*wished, *worded):
        for slug in pair:
            other = met.setdefault(slug, pair)
            if set(other) != set(pair):
                said = f'"{slug}" is to meet both {_partner(other, slug)} and {_partner(pair, slug)}'
                yield place, f"{said}, and a tool stands in one comparison; take one of the two out"


def _pairs_that_must_meet(draft: Draft) -> Iterator[tuple[Place, _Pair]]:
    if draft.lead:
        yield ("lead",), draft.lead
    yield from ((("pin", number), pair) for number, pair in enumerate(draft.pin))


def _partner(pair: _Pair, slug: str) -> str:
    return pair[1] if pair[0] == slug else pair[0]
