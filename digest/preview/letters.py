"""The letters as their files make them now.

A draft is made in memory and nothing is written; a letter that was approved
or sent is read as it lies there. Where a file is broken, the last good letter stays, and the error stands beside it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from digest.errors import DigestError
from digest.files.text import read_text
from digest.issues.approval import sha256
from digest.issues.folder import IssueFolder
from digest.jobs.build import Built, as_it_would_be, read_built, rebuilt, templates_of
from digest.jobs.check import Checked, check, check_unwritten
from digest.jobs.standing import Standing, standing_of
from digest.model.issue import Email, Issue
from digest.publication import FILE, Publication, load_publication

_Stamp = tuple[tuple[str, int, int], ...]
_FOLDERS = ("verdicts", "templates", "issues")


@dataclass(frozen=True)
class Letter:
    """One letter, as far as its files can make it.

    Attributes:
        standing: Where the issue stands; None where a file that says so is broken.
        email: The mail with the words around it; None where there is none.
        issue: What the mail was made from.
        html: The HTML part; also where the words around it cannot be read.
        mistakes: Why it could not be made anew, a line each.
        is_unwritten: Whether a build would write other files than those that lie there.
        built: What a build would make; None for a letter that is closed.
    """

    standing: Standing | None
    email: Email | None = None
    issue: Issue | None = None
    html: str | None = None
    text: str | None = None
    mistakes: tuple[str, ...] = ()
    is_unwritten: bool = False
    built: Built | None = None

    @property
    def fingerprint(self) -> str:
        """The letter's bytes and its words as one hash: what an approval from the page is for."""
        email = self.email
        return "" if email is None else sha256("\0".join((email.subject, email.preheader, email.html, email.text)))


@dataclass
class _Kept:
    """What was made of an issue's files last, and the last that was good."""

    stamp: _Stamp = ()
    letter: Letter | None = None
    good: Letter | None = None
    checked: Checked | DigestError | None = None
    busy: threading.Lock = field(default_factory=threading.Lock)


class Letters:
    """All letters of a publication, each made anew when a file of the publication changed.

    Args:
        publication: The publication as it was when the application started.
    """

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._settings_stamp = _stamp_of([publication.folder / FILE])
        self._mistakes: tuple[str, ...] = ()
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    @property
    def publication(self) -> Publication:
        """The publication as digest.toml says now, or as it said before it was broken."""
        with self._lock:
            stamp = _stamp_of([self._publication.folder / FILE])
            if stamp != self._settings_stamp:
                self._settings_stamp = stamp
                try:
                    self._publication = load_publication(self._publication.folder, self._publication.environment)
                    self._mistakes = ()
                except DigestError as error:
                    self._mistakes = tuple(error.line().splitlines())
            return self._publication

    def letter(self, folder: IssueFolder) -> Letter:
        """The letter of an issue that has a folder."""
        kept = self._kept_of(folder)
        with kept.busy:
            return self._fresh(folder, kept)

    def checked(self, folder: IssueFolder) -> Checked:
        """What preflight finds in it.

        Raises:
            DigestError: There is no letter, or a file that preflight reads is broken.
        """
        kept = self._kept_of(folder)
        with kept.busy:
            letter = self._fresh(folder, kept)
            if kept.checked is None:
                try:
                    kept.checked = self._check(letter)
                except DigestError as error:
                    kept.checked = error
            if isinstance(kept.checked, DigestError):
                raise kept.checked
            return kept.checked

    def _check(self, letter: Letter) -> Checked:
        if letter.standing is None:
            raise DigestError("where this issue stands cannot be read")
        if letter.built:
            return check_unwritten(self.publication, letter.standing, letter.built)
        return check(self.publication, letter.standing)

    def _kept_of(self, folder: IssueFolder) -> _Kept:
        with self._lock:
            return self._kept.setdefault(folder.id, _Kept())

    def _fresh(self, folder: IssueFolder, kept: _Kept) -> Letter:
        publication = self.publication
        stamp = _stamp_of(_files(publication.folder))
        if kept.letter is None or stamp != kept.stamp:
            letter = _made(publication, folder, kept.good, self._mistakes)
            kept.stamp, kept.letter, kept.checked = stamp, letter, None
            kept.good = kept.good if letter.mistakes else letter
        return kept.letter or Letter(None)


def _made(publication: Publication, folder: IssueFolder, good: Letter | None, mistakes: tuple[str, ...]) -> Letter:
    standing: Standing | None = None
    try:
        standing = standing_of(publication, folder.id)
        letter = _of_files(publication, standing)
    except DigestError as error:
        lines = tuple(dict.fromkeys((*mistakes, *error.line().splitlines())))
        before = good or Letter(standing, html=_raw(folder.html), text=_raw(folder.text))
        return Letter(standing or before.standing, before.email, before.issue, before.html, before.text, lines)
    return Letter(**{**letter.__dict__, "mistakes": mistakes}) if mistakes else letter


def _of_files(publication: Publication, standing: Standing) -> Letter:
    folder = standing.folder
    if not folder.html.is_file():
        return Letter(standing)
    if standing.is_closed:
        return _as_it_lies(publication, standing)
    built = as_it_would_be(publication, standing)
    email = built.email
    # the noun trims its texts; what lies in the folder was trimmed in the same way
    lies = [read_text(path) if path.is_file() else "" for path in (folder.html, folder.text)]
    is_unwritten = lies != [email.html, email.text] or bool(built.renewed)
    return Letter(standing, email, built.issue, email.html, email.text, (), is_unwritten, built)


def _as_it_lies(publication: Publication, standing: Standing) -> Letter:
    """A closed letter: its exact bytes, whatever today's templates would make of it."""
    folder = standing.folder
    email = read_built(standing)
    try:
        issue = rebuilt(folder, templates_of(publication))[0] if email else None
    except DigestError:
        issue = None
    return Letter(standing, email, issue, _raw(folder.html), _raw(folder.text))


def _raw(path: Path) -> str | None:
    return path.read_bytes().decode(errors="replace") if path.is_file() else None


def _files(folder: Path) -> Iterator[Path]:
    """Every file that a letter may be made of."""
    yield folder / FILE
    for name in _FOLDERS:
        yield from sorted((folder / name).rglob("*"))


def _stamp_of(paths: list[Path] | Iterator[Path]) -> _Stamp:
    stamps = []
    for path in paths:
        try:
            seen = path.stat()
        except OSError:  # it went away meanwhile
            continue
        stamps.append((str(path), seen.st_mtime_ns, seen.st_size))
    return tuple(stamps)
