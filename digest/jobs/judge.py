"""Judge: the stored verdicts of a publication, read against its own panel and categories."""

from __future__ import annotations

from digest.publication import Publication
from digest.verdicts.read import VerdictsRead, read_verdicts


def verdicts_of(publication: Publication) -> VerdictsRead:
    """Every good verdict, and a line for each mistake in the others."""
    settings = publication.settings
    return read_verdicts(publication.verdicts, settings.panel.reviewers, settings.categories)
