"""What earlier letters compared, and which tools still wait for their turn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from digest.issues.desk_file import read_desk_tools
from digest.issues.draft import read_draft
from digest.issues.folder import IssueFolder
from digest.issues.inputs import frozen_pairs
from digest.jobs.standing import Standing, all_standings, standing_of
from digest.model.verdict import Verdict
from digest.publication import Publication
from digest.verdicts.match import matches

Pair = tuple[str, str]


class Compared(NamedTuple):
    """What the other issues leave to this one.

    Attributes:
        pairs: Those that another letter has; no two letters compare the same two tools.
        recent: Verdicts of tools that shipped for an earlier issue, lately, and were never compared.
    """

    pairs: tuple[Pair, ...]
    recent: frozenset[str]


def compared_elsewhere(publication: Publication, folder: IssueFolder, verdicts: Mapping[str, Verdict]) -> Compared:
    """What the other issues leave to this one.

    Args:
        publication: The publication.
        folder: This issue's folder.
        verdicts: The good verdicts, by slug.
    """
    here = standing_of(publication, folder.id)
    others = [other for other in all_standings(publication) if other.issue != folder.id]
    taken = [other for other in others if other.state in ("approved", "sent") or _is_before_and_open(other, here)]
    pairs = tuple(pair for other in taken for pair in _pairs_of(other))
    met = {slug for pair in pairs for slug in pair}
    window = timedelta(weeks=publication.settings.pairing.recent)
    lately = [
        other
        for other in others
        if timedelta(0) < here.moments.send - other.moments.send <= window and not _is_before_and_open(other, here)
    ]
    recent = {slug for other in lately for slug in matches(read_desk_tools(other.folder), verdicts).values()}
    return Compared(pairs, frozenset(recent - met))


def _is_before_and_open(other: Standing, here: Standing) -> bool:
    """Whether another draft comes first and can still go out when this issue's own draft is made."""
    before = (other.moments.send, other.issue) < (here.moments.send, here.issue)
    return before and other.state == "draft" and other.moments.give_up > here.moments.draft


def _pairs_of(other: Standing) -> tuple[Pair, ...]:
    """The pairs of a letter: as its build froze them, since issue.yaml may have been edited after it went out."""
    pairs = frozen_pairs(other.folder) if other.is_closed else None
    return tuple(plan.slugs for plan in read_draft(other.folder)[0].comparisons or ()) if pairs is None else pairs
