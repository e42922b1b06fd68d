"""Every issue that has a folder, newest first, with its state; a broken one stands there too and says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from digest.errors import DigestError
from digest.issues.folder import IssueFolder, issue_folders
from digest.jobs.standing import standing_of
from digest.publication import Publication

BROKEN = "broken"


class Shelved(NamedTuple):
    """One issue in the list.

    Attributes:
        date: The day it goes out.
        state: As its standing says, or `broken` where a file of it cannot be read.
        has_mail: Whether a mail was built.
    """

    id: str
    date: date
    state: str
    has_mail: bool


def shelf(publication: Publication) -> tuple[Shelved, ...]:
    """The issues of a publication, newest first."""
    return tuple(_shelved(publication, folder) for folder in reversed(issue_folders(publication.folder)))


def newest_mail(issues: Sequence[Shelved]) -> str | None:
    """The newest issue with a mail, or None before the first build."""
    return next((issue.id for issue in issues if issue.has_mail), None)


def _shelved(publication: Publication, folder: IssueFolder) -> Shelved:
    try:
        state: str = standing_of(publication, folder.id).state
    except DigestError:
        state = BROKEN
    return Shelved(folder.id, publication.schedule.send_date(folder.id), state, folder.html.is_file())
