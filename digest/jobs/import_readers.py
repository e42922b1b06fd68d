"""Bring readers onto the list, and tell what was refused."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from digest.errors import DigestError
from digest.readers.import_csv import read_readers
from digest.store.database import Database
from digest.store.readers import add_readers


class ImportReport(NamedTuple):
    """What an import did.

    Attributes:
        known: Addresses that were on the list already, in whatever state; they stay as they are.
        refused: A line for each row that was not taken.
    """

    added: int
    known: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def line(self) -> str:
        """The report in a line."""
        said = f"{self.added} reader{'' if self.added == 1 else 's'} added"
        said += f", {len(self.known)} known before" if self.known else ""
        return said + (f", {len(self.refused)} refused" if self.refused else "")


def import_readers(database: Database, path: Path, assumed_wording: str | None, now: datetime) -> ImportReport:
    """Import a CSV of readers; imported twice, it adds nobody twice.

    Raises:
        BrokenInput: The file is no CSV of readers.
        DigestError: It cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what = f"cannot read: {(error.strerror or '').lower()}"
        raise DigestError(what, where=path, cure="check its name") from error
    read = read_readers(content, source=path.name, assumed_wording=assumed_wording, now=now)
    added, known = add_readers(database, read.people, now)
    return ImportReport(added, known, read.refused)
