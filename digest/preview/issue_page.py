"""What the page of one issue shows.

A broken file costs the page what that file alone can tell, and its one-line error stands in that place.
"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from digest.errors import DigestError
from digest.issues.desk_file import read_desk_tools
from digest.issues.folder import IssueFolder
from digest.jobs.source import mjml_of
from digest.jobs.weigh import Link, Weight, links_of, weight_of
from digest.model.issue import Email, Finding, Issue
from digest.preview.letters import Letter, Letters
from digest.preview.sample_copy import SAMPLES, SampleCopy, sample_copy
from digest.preview.shelf import BROKEN
from digest.preview.views import View
from digest.publication import Publication

_NEAR = re.compile(r"near “(?P<words>[^”]*?)…?”")
_QUOTED = re.compile(r"“(?P<words>[^”]+?)…?”")
_WORDED = re.compile(r": (?P<field>subject|preheader)$")
_GROUPS = {
    "issue.yaml": "Words and pairs",
    "email.html": "The HTML part",
    "email.txt": "The text part",
    "verdicts": "Verdicts",
    "templates": "Templates",
}


class Found(NamedTuple):
    """A finding as the page shows it.

    Attributes:
        near: Words of the letter that stand where the fault is; empty where it has no place in the frame.
        is_envelope: Whether it is about the row in the inbox.
    """

    finding: Finding
    near: str
    is_envelope: bool


class Preflight(NamedTuple):
    """What preflight says of an issue.

    Attributes:
        line: The findings counted, or that there is no count.
        groups: The findings by what they are about.
        mistakes: Why the issue could not be checked, a line each.
    """

    line: str
    groups: tuple[tuple[str, tuple[Found, ...]], ...] = ()
    mistakes: tuple[str, ...] = ()


class IssuePage(NamedTuple):
    """One issue.

    Attributes:
        goes_out: When it goes or went out, on the publication's clock.
        email: The words around the mail; None before a build, and where no letter can be made.
        size: The HTML part in bytes; None before a build.
        text: The text part; None before a build.
        tools: How many tools were collected for it.
        copy: A sample reader's copy, where it was asked for.
        mjml: What the HTML is compiled from, where it was asked for.
    """

    id: str
    state: str
    goes_out: datetime
    letter: Letter
    email: Email | None
    size: int | None
    text: str | None
    tools: int
    preflight: Preflight
    weight: Weight | None = None
    links: tuple[Link, ...] = ()
    copy: SampleCopy | None = None
    mjml: str | None = None


def issue_page(letters: Letters, folder: IssueFolder, now: datetime, view: View, sample: int = 0) -> IssuePage:
    """Everything that the page of an issue says.

    Args:
        letters: The publication's letters.
        folder: The issue's folder; it is there.
        now: The moment.
        view: How the issue is looked at.
        sample: Which of the sample readers' copies is shown.
    """
    publication, letter = letters.publication, letters.letter(folder)
    mistakes = list(letter.mistakes)
    email, issue = letter.email, letter.issue
    sent = letter.standing.sent if letter.standing else None
    goes_out = sent.at if sent else publication.schedule.moments(folder.id).send
    date = sent.at if sent else max(goes_out, now)
    tools = _tools(folder, mistakes)
    copy = _copy(publication, email, date, sample, mistakes) if view.id == "headers" else None
    mjml = _mjml(publication, issue, mistakes) if view.id == "source" else None
    preflight, findings = _preflight(letters, folder, letter, mistakes)
    return IssuePage(
        id=folder.id,
        state=letter.standing.state if letter.standing else BROKEN,
        goes_out=goes_out.astimezone(publication.schedule.zone),
        letter=letter,
        email=email,
        size=None if letter.html is None else len(letter.html.encode()),
        text=letter.text,
        tools=tools,
        preflight=preflight,
        weight=weight_of(email, issue) if email and issue else None,
        links=links_of(email, findings) if email else (),
        copy=copy,
        mjml=mjml,
    )


def _tools(folder: IssueFolder, mistakes: list[str]) -> int:
    try:
        return len(read_desk_tools(folder))
    except DigestError as error:
        _note(mistakes, error)
        return 0


def _copy(
    publication: Publication, email: Email | None, date: datetime, sample: int, mistakes: list[str]
) -> SampleCopy | None:
    try:
        base = publication.base_url
        return sample_copy(email, base_url=base, date=date, reader=SAMPLES[sample]) if email else None
    except DigestError as error:
        _note(mistakes, error)
        return None


def _mjml(publication: Publication, issue: Issue | None, mistakes: list[str]) -> str | None:
    try:
        return mjml_of(publication, issue) if issue else None
    except DigestError as error:
        _note(mistakes, error)
        return None


def _preflight(
    letters: Letters, folder: IssueFolder, letter: Letter, mistakes: list[str]
) -> tuple[Preflight, tuple[Finding, ...]]:
    inside = f"{letters.publication.folder}/"
    if letter.html is None and not mistakes:
        return Preflight("nothing to check yet"), ()
    if not mistakes:
        try:
            checked = letters.checked(folder)
        except DigestError as error:
            _note(mistakes, error)
        else:
            found = [_found(one, inside) for one in checked.findings]
            found.sort(key=lambda one: list(_GROUPS.values()).index(_group(one)) if _group(one) != "Else" else 9)
            groups = tuple((name, tuple(some)) for name, some in groupby(found, _group))
            return Preflight(checked.line, groups), checked.findings
    lines = tuple(line.replace(inside, "") for line in mistakes)
    return Preflight("could not be checked", mistakes=lines), ()


def _found(finding: Finding, inside: str) -> Found:
    """A finding with its file named from the publication's folder on, and its place in the letter."""
    is_envelope = bool(_WORDED.search(finding.where))
    near = None if is_envelope else _NEAR.search(finding.where) or _QUOTED.search(finding.what)
    shorter = finding.model_copy(update={"where": finding.where.replace(inside, "")})
    return Found(shorter, near["words"] if near else "", is_envelope)


def _group(found: Found) -> str:
    where = found.finding.where
    return next((name for file, name in _GROUPS.items() if file in where), "Else")


def _note(mistakes: list[str], error: DigestError) -> None:
    """Put an error's lines among the mistakes; several questions may run into the same one."""
    mistakes += [line for line in error.line().splitlines() if line not in mistakes]
