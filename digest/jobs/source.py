"""The MJML that a letter is compiled from."""

from __future__ import annotations

from digest.jobs.build import templates_of
from digest.model.issue import Issue
from digest.publication import Publication
from digest.render.email import letter_mjml
from digest.render.letter import letter_of


def mjml_of(publication: Publication, issue: Issue) -> str:
    """An issue as MJML, as the publication's templates make it now.

    Raises:
        BrokenInput: A template does not work, or what it makes leaves the portable subset.
    """
    return letter_mjml(letter_of(issue), templates_of(publication))
