"""A CSV file as whoever made it left it: its encoding, its delimiter, its records with their lines, as a stream."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from digest.errors import BrokenInput

_DELIMITERS = ",;\t|"
_BLOCK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class CsvFile(NamedTuple):
    """What is known of a file before its records are taken.

    Attributes:
        name: What it is called in messages.
        columns: Its first record, in lower case.
        records: How many follow.
        is_guessed: Whether the encoding is not said by the bytes themselves.
    """

    path: Path
    name: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    records: int
    is_guessed: bool = False


class Record(NamedTuple):
    """One record: the line that it begins in, and its fields by column, without space around them."""

    line: int
    fields: dict[str, str]


def examine(path: Path, name: str, is_known: Callable[[tuple[str, ...]], bool]) -> CsvFile:
    """Look through a whole file once, so that a broken one is refused before anything is taken from it.

    Args:
        path: The file.
        name: What to call it in messages.
        is_known: Whether columns, in lower case, are those of a list of readers; it decides what the delimiter is.

    Raises:
        BrokenInput: It is no CSV, or none of readers.
        OSError: It cannot be read.
    """
    encoding, is_guessed = _encoding(path, name)
    found = _delimiter(path, encoding, is_known)
    if found is None:
        cure = "name them in the first line, as in `address,name,consented_at,consent`"
        raise BrokenInput("no column is called address", where=f"{name}:1", cure=cure)
    delimiter, columns = found
    records = sum(1 for _ in _rows(path, name, encoding, delimiter)) - 1
    return CsvFile(path, name, encoding, delimiter, columns, max(records, 0), is_guessed)


def records_of(file: CsvFile) -> Iterator[Record]:
    """The records behind the first one; empty lines are no records.

    Raises:
        BrokenInput: A field never ends.
    """
    rows = _rows(file.path, file.name, file.encoding, file.delimiter)
    next(rows, None)
    for line, row in rows:
        yield Record(line, dict(zip(file.columns, map(str.strip, row), strict=False)))


def _rows(path: Path, name: str, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding, newline="") as text:
        rows = csv.reader(text, delimiter=delimiter)
        begun = 1
        try:
            for row in rows:
                if row:
                    yield begun, row
                begun = rows.line_num + 1
        except csv.Error:
            raise BrokenInput(
                "a field is longer than any address or wording",
                where=f"{name}:{begun}",
                cure="look for a quotation mark that is never closed",
            ) from None


def _delimiter(
    path: Path, encoding: str, is_known: Callable[[tuple[str, ...]], bool]
) -> tuple[str, tuple[str, ...]] | None:
    """The first delimiter that makes the first record one of known columns."""
    for delimiter in _DELIMITERS:
        with path.open(encoding=encoding, newline="") as text:
            try:
                first = next((row for row in csv.reader(text, delimiter=delimiter) if row), [])
            except csv.Error:
                continue
        columns = tuple(" ".join(name.split()).casefold() for name in first)
        if is_known(columns):
            return delimiter, columns
    return None


def _encoding(path: Path, name: str) -> tuple[str, bool]:
    """What the file is written in: what its first bytes say, else UTF-8 if all of it is, else a guess."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        cure = "unpack it, or save the table as CSV, and import that"
        raise BrokenInput("an archive or a spreadsheet and no CSV", where=name, cure=cure)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            if not _reads(path, encoding):
                raise BrokenInput(f"broken {encoding.upper()} text", where=name, cure="export it again as UTF-8")
            return encoding, False
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 4:
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        if _reads(path, encoding):
            return encoding, True
    if _reads(path, "utf-8"):
        return "utf-8", False
    # bytes that Windows-1252 leaves open are Latin-1's control characters
    return ("cp1252" if _reads(path, "cp1252") else "latin-1"), True


def _reads(path: Path, encoding: str) -> bool:
    """Whether all of a file can be read so."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
