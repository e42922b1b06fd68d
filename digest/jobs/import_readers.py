"""Bring readers onto the list, a page at a time, and tell line by line what was refused."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from digest.errors import BrokenInput, DigestError
from digest.model.reader import LEFT
from digest.model.run import Progress
from digest.publication import Publication
from digest.readers.csv_file import CsvFile, examine, records_of
from digest.readers.formats import Format, format_of
from digest.readers.import_csv import Kind, Refusal, Row, Terms, read_people
from digest.readers.refused_rows import RefusedRows
from digest.store.database import Database
from digest.store.enlist import Enlisted, enlist, newest_reader
from digest.store.suppressions import SuppressionKey, check_key, suppress

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PAGE = 1_000


class ImportReport(NamedTuple):
    """What an import did.

    Attributes:
        source: The file's name.
        service: Whose export it is; empty for our own format.
        rows: How many it has.
        added: How many came onto the list.
        known: How many were on it already, in whatever state; they stay as they are.
        suppressed: How many left elsewhere, and are kept away from now on.
        ended: How many were on the list and left it by this import.
        refusals: How many rows were refused, by kind.
        refused: The first of them, a line each.
        report: The file that has all of them; None where none was refused.
        notes: What the one who imports should know.
        is_dry: Whether nothing was kept.
    """

    source: str
    service: str
    rows: int
    added: int
    known: int
    suppressed: int
    ended: int
    refusals: dict[Kind, int]
    refused: tuple[str, ...]
    report: Path | None
    notes: tuple[str, ...]
    is_dry: bool

    @property
    def line(self) -> str:
        """The report in a line."""
        said = f"{self.added} reader{'' if self.added == 1 else 's'} added"
        said += f", {self.known} known before" if self.known else ""
        said += f", {self.suppressed} kept away for good" if self.suppressed else ""
        said += f", {self.ended} left the list" if self.ended else ""
        refused = sum(self.refusals.values())
        return said + (f", {refused} refused" if refused else "")


def import_readers(
    publication: Publication,
    database: Database,
    path: Path,
    now: datetime,
    *,
    assumed_wording: str | None = None,
    progress: Progress = lambda _what, _done, _all: None,
    report: Path | None = None,
    is_dry: bool = False,
) -> ImportReport:
    """Import a list of readers; imported twice, or killed and imported again, it adds nobody twice.

    Args:
        publication: Its categories, and its key of suppressions.
        database: The state.
        path: The file; `-` is standard input.
        now: The moment.
        assumed_wording: What all of them agreed to, where the file does not say it.
        progress: Told as rows are done.
        report: Where to write the rows that were refused; without it, beside the file.
        is_dry: Say what would be done, and keep nothing.

    Raises:
        BrokenInput: The file is no list of readers, or the key of suppressions is another one.
        DigestError: It cannot be read, or the report cannot be written.
    """
    with _as_file(path) as (file, name):
        try:
            examined = examine(file, name, lambda columns: format_of(columns) is not None)
        except OSError as error:
            what = f"cannot read: {(error.strerror or '').lower()}"
            raise DigestError(what, where=path, cure="check its name") from error
        format_ = format_of(examined.columns)
        assert format_ is not None
        key = SuppressionKey(publication.suppression_key())
        terms = Terms(name, (assumed_wording or "").strip(), publication.category_ids, key, now)
        beside = report or (path.with_name(f"{path.stem}.refused.csv") if str(path) != "-" else None)
        with RefusedRows(name, beside) as refusals:
            work = _Import(database, examined, format_, terms, refusals, progress)
            work.run(is_dry=is_dry)
    return ImportReport(
        source=name,
        service=format_.name,
        rows=examined.records,
        added=work.counts["added"],
        known=work.counts["known"],
        suppressed=work.counts["suppressed"],
        ended=work.counts["ended"],
        refusals=dict(refusals.counts),
        refused=tuple(refusals.shown),
        report=refusals.path,
        notes=tuple(_notes(examined, format_)),
        is_dry=is_dry,
    )


class _Undone(Exception):
    """Nothing of this is to be kept."""


class _Import:
    """One import on its way."""

    def __init__(
        self,
        database: Database,
        file: CsvFile,
        format_: Format,
        terms: Terms,
        refusals: RefusedRows,
        progress: Progress,
    ) -> None:
        self._database = database
        self._file = file
        self._terms = terms
        self._refusals = refusals
        self._progress = progress
        self._rows = read_people(records_of(file), format_, terms)
        self._cause = f"import of {file.name}" + (f" from {format_.name}" if format_.name else "")
        self._newest = 0
        self.counts: Counter[str] = Counter()

    def run(self, *, is_dry: bool) -> None:
        """Bring everybody in, a page a transaction, so that a kill costs no more than a page."""
        with self._database.transaction() as connection:
            check_key(connection, self._terms.key)
            self._newest = newest_reader(connection)
        if is_dry:
            try:
                with self._database.transaction() as connection:
                    while self._page(connection):
                        pass
                    raise _Undone
            except _Undone:
                return
        while True:
            with self._database.transaction() as connection:
                if not self._page(connection):
                    return

    def _page(self, connection: Connection) -> bool:
        rows = list(islice(self._rows, _PAGE))
        people = [row for row in rows if row.person is not None]
        found = [row.suppression for row in rows if row.suppression is not None]
        new = suppress(connection, found) if found else 0
        self.counts.update(suppressed=new, known=len(found) - new, read=len(rows))
        outcomes = enlist(
            connection,
            [row.person for row in people if row.person is not None],
            self._terms.now,
            newest=self._newest,
            cause=self._cause,
        )
        refused = [row.refusal for row in rows if row.refusal is not None]
        for row, outcome in zip(people, outcomes, strict=True):
            refused += filter(None, [self._count(row, outcome)])
        self._refusals.write(sorted(refused, key=lambda one: one.line))
        self._progress("importing", self.counts["read"], self._file.records)
        return len(rows) == _PAGE

    def _count(self, row: Row, outcome: Enlisted) -> Refusal | None:
        """Count a person, and say why one was refused who is not to come back."""
        assert row.person is not None
        since = f" on {outcome.since:%Y-%m-%d}" if outcome.since else ""
        match outcome.what:
            case "added":
                is_kept_away = row.person.state in LEFT and not row.person.is_kept
                self.counts["suppressed" if is_kept_away else "added"] += 1
            case "twice":
                return Refusal(row.line, row.who, "twice", "stands in the file twice; the first one counts")
            case "stays":
                why = "left elsewhere, but signed up here themselves since: they stay on the list"
                return Refusal(row.line, row.who, "left", why)
            case "left":
                self.counts["known"] += 1
                why = f"{_LEFT_AS[outcome.state]}{since}, and an import brings nobody back; they may sign up themselves"
                return Refusal(row.line, row.who, "left", why)
            case "suppressed":
                why = f"{_LEFT_AS[outcome.state]}{since}, and an import brings nobody back; they may sign up themselves"
                return Refusal(row.line, row.who, "left", why)
            case what:
                self.counts[what] += 1
        return None


_LEFT_AS = {
    "unsubscribed": "unsubscribed",
    "bounced": "their address bounced",
    "complained": "complained",
    "erased": "were erased",
}


@contextmanager
def _as_file(path: Path) -> Iterator[tuple[Path, str]]:
    """A file that can be read twice, and its name; standard input is kept for the length of the import."""
    if str(path) != "-":
        yield path, path.name
        return
    import shutil
    import sys

    with tempfile.NamedTemporaryFile(prefix="digest-readers-") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield Path(kept.name), "standard input"


def _notes(file: CsvFile, format_: Format) -> Iterator[str]:
    if file.is_guessed:
        called = {"cp1252": "Windows-1252 (Latin-1)", "latin-1": "Latin-1"}.get(file.encoding, file.encoding.upper())
        yield f"{file.name}: not UTF-8 text, read as {called}; look whether names and addresses came out right"
    if format_.note:
        yield format_.note


def check_wording(wording: str | None) -> None:
    """A wording that is given has to say something.

    Raises:
        BrokenInput: It is empty.
    """
    if wording is not None and not wording.strip():
        raise BrokenInput("the wording is empty", where="--assume-consent", cure="say what they agreed to")
