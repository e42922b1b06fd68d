"""Judge: the stored verdicts of a publication, read against its own panel and categories, and the panel's record."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from digest.model.track_record import TrackRecord
from digest.model.vote import CommunityVote
from digest.publication import Publication
from digest.verdicts.read import VerdictsRead, read_verdicts
from digest.verdicts.track_record import track_records


def verdicts_of(
    publication: Publication, only: Collection[str] | None = None, *, every_mistake: bool = False
) -> VerdictsRead:
    """Every good verdict, and a line for each of the others.

    Args:
        publication: The publication.
        only: The slugs to read; None reads all.
        every_mistake: A line for each mistake, not for each file.
    """
    settings = publication.settings
    reviewers, categories = settings.panel.reviewers, settings.categories
    return read_verdicts(publication.verdicts, reviewers, categories, only, every_mistake=every_mistake)


def panel_record(
    publication: Publication, votes: Mapping[str, CommunityVote] | None = None
) -> tuple[tuple[TrackRecord, ...], tuple[str, ...]]:
    """What each reviewer shipped and skipped so far, and who agreed.

    Args:
        publication: The publication.
        votes: The readers' votes by verdict slug, where there are any.

    Returns:
        A track record a reviewer, and a line for each mistake in the verdicts that are left out.
    """
    read = verdicts_of(publication)
    panel = publication.settings.panel.reviewers
    return track_records(read.verdicts.values(), panel, publication.category_ids, votes), read.broken
