"""What the page of one issue shows, read anew from its folder at every request.

A broken file costs the page what that file alone can tell, and its one-line error stands in that place.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from digest.errors import DigestError
from digest.issues.desk_file import read_desk_tools
from digest.issues.folder import IssueFolder
from digest.jobs.build import read_built
from digest.jobs.check import check
from digest.jobs.standing import Standing, standing_of
from digest.model.issue import Email, Finding
from digest.preview.sample_copy import SampleCopy, sample_copy
from digest.preview.scheme import Scheme
from digest.preview.shelf import BROKEN
from digest.publication import Publication


class View(NamedTuple):
    """One way to look at an issue.

    Attributes:
        scheme: The colour scheme of the mail in its frame; None where no mail is framed.
        width: The frame's width in pixels.
    """

    id: str
    name: str
    scheme: Scheme | None = None
    width: int = 0


VIEWS = {
    view.id: view
    for view in (
        View("phone", "Phone", "light", 375),
        View("desktop", "Desktop", "light", 600),
        View("dark", "Dark", "dark", 375),
        View("text", "Plain text"),
        View("headers", "Headers"),
    )
}


class Preflight(NamedTuple):
    """What preflight says of an issue.

    Attributes:
        line: The findings counted, or that there is no count.
        mistakes: Why the issue could not be checked, a line each.
    """

    line: str
    findings: tuple[Finding, ...] = ()
    mistakes: tuple[str, ...] = ()


class IssuePage(NamedTuple):
    """One issue.

    Attributes:
        goes_out: When it goes or went out, on the publication's clock.
        email: The words around the mail; None before a build, and where a file of the issue is broken.
        size: The HTML part in bytes; None before a build.
        text: The text part as it lies in the folder; None before a build.
        tools: How many tools were collected for it.
        copy: A sample reader's copy, where it was asked for.
    """

    id: str
    state: str
    goes_out: datetime
    email: Email | None
    size: int | None
    text: str | None
    tools: int
    preflight: Preflight
    copy: SampleCopy | None


def issue_page(publication: Publication, folder: IssueFolder, now: datetime, view: View) -> IssuePage:
    """Everything that the page of an issue says.

    Args:
        publication: The publication.
        folder: The issue's folder; it is there.
        now: The moment.
        view: How the issue is looked at.
    """
    mistakes: list[str] = []
    standing = _standing(publication, folder, mistakes)
    email = _email(standing, mistakes)
    sent = standing.sent if standing else None
    goes_out = sent.at if sent else publication.schedule.moments(folder.id).send
    date = sent.at if sent else max(goes_out, now)
    return IssuePage(
        id=folder.id,
        state=standing.state if standing else BROKEN,
        goes_out=goes_out.astimezone(publication.schedule.zone),
        email=email,
        size=folder.html.stat().st_size if folder.html.is_file() else None,
        text=folder.text.read_bytes().decode(errors="replace") if folder.text.is_file() else None,
        tools=_tools(folder, mistakes),
        copy=_copy(publication, email, date, mistakes) if view.id == "headers" else None,
        preflight=_preflight(publication, standing, mistakes),
    )


def _standing(publication: Publication, folder: IssueFolder, mistakes: list[str]) -> Standing | None:
    try:
        return standing_of(publication, folder.id)
    except DigestError as error:
        _note(mistakes, error)
        return None


def _email(standing: Standing | None, mistakes: list[str]) -> Email | None:
    try:
        return read_built(standing) if standing else None
    except DigestError as error:
        _note(mistakes, error)
        return None


def _tools(folder: IssueFolder, mistakes: list[str]) -> int:
    try:
        return len(read_desk_tools(folder))
    except DigestError as error:
        _note(mistakes, error)
        return 0


def _copy(publication: Publication, email: Email | None, date: datetime, mistakes: list[str]) -> SampleCopy | None:
    try:
        return sample_copy(email, base_url=publication.base_url, date=date) if email else None
    except DigestError as error:
        _note(mistakes, error)
        return None


def _preflight(publication: Publication, standing: Standing | None, mistakes: list[str]) -> Preflight:
    if standing and not standing.folder.html.is_file() and not mistakes:
        return Preflight("nothing to check yet")
    if standing and not mistakes:
        try:
            checked = check(publication, standing)
        except DigestError as error:
            _note(mistakes, error)
        else:
            return Preflight(checked.line, tuple(_shorter(publication, found) for found in checked.findings))
    inside = f"{publication.folder}/"
    return Preflight("could not be checked", mistakes=tuple(line.replace(inside, "") for line in mistakes))


def _shorter(publication: Publication, finding: Finding) -> Finding:
    """A finding with its file named from the publication's folder on."""
    return finding.model_copy(update={"where": finding.where.replace(f"{publication.folder}/", "")})


def _note(mistakes: list[str], error: DigestError) -> None:
    """Put an error's lines among the mistakes; several questions may run into the same one."""
    mistakes += [line for line in error.line().splitlines() if line not in mistakes]
