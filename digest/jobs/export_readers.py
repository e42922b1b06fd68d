"""Write the list to a file or a stream: as CSV that imports back to the same, or as JSON with all that is kept."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from digest.files.writing import unwritable
from digest.model.reader import Suppression
from digest.readers.export_csv import reader_row, suppression_row
from digest.readers.formats import COLUMNS
from digest.store.database import Database
from digest.store.readers import Proven, Wanted, stream_proven
from digest.store.suppressions import all_suppressed

_PAGE = 500


def export_csv(database: Database, out: IO[str], wanted: Wanted) -> int:
    """Write the list as CSV, in the order of addresses, and behind it those who must not be brought back.

    A list of some states or of one category has only readers.

    Returns:
        How many readers were written.
    """
    # lines end as RFC 4180 has it; a lone carriage return in a wording is quoted only then
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    written = 0
    for written, one in enumerate(stream_proven(database, wanted), 1):  # noqa: B007 - counted while streaming
        rows.writerow(reader_row(one))
    if wanted == Wanted():
        last = ""
        while page := _suppressions(database, last):
            rows.writerows(suppression_row(one) for one in page)
            last = page[-1].hash
    return written


def export_json(database: Database, out: IO[str], wanted: Wanted) -> int:
    """Write the list as one JSON document, a reader at a time."""
    out.write("[")
    written = 0
    for one in stream_proven(database, wanted):
        out.write(",\n " if written else "\n ")
        out.write(json.dumps(as_document(one), ensure_ascii=False))
        written += 1
    out.write("\n]\n" if written else "]\n")
    return written


def as_document(one: Proven) -> dict[str, object]:
    """A reader with their proof and their last change, for JSON."""
    change = one.change._asdict() | {"at": one.change.at.isoformat()} if one.change else None
    proof = one.consent.model_dump(mode="json") | {"wording_hash": one.consent.wording_hash} if one.consent else None
    return {**one.reader.model_dump(mode="json"), "consent": proof, "changed": change}


@contextmanager
def private_file(path: Path) -> Iterator[IO[str]]:
    """A file that its owner alone may read, there whole or not at all.

    Raises:
        DigestError: It cannot be written.
    """
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        Path(beside).replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        Path(beside).unlink(missing_ok=True)


def _suppressions(database: Database, last: str) -> list[Suppression]:
    with database.transaction() as connection:
        return all_suppressed(connection, last, _PAGE)
