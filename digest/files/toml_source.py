"""A TOML file as people write it: its data, and the line of each key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digest.files.problems import BrokenFile, Place, Position
from digest.files.text import read_text
from digest.files.toml_statements import header_names, statements

_KEY = re.compile(r"^(\s*)([A-Za-z0-9_\-.\"']+)\s*=")


@dataclass(frozen=True)
class TomlSource:
    """A TOML text, read."""

    path: Path
    text: str
    data: dict[str, Any]
    positions: dict[Place, Position]

    def position_of(self, place: Place) -> Position:
        """The position of a key; of the nearest table around it where it is missing."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.positions:
                return self.positions[place[:length]]
        return Position(1, 1)


def read_toml(path: Path) -> TomlSource:
    """Read a TOML file.

    Raises:
        BrokenFile: It is not UTF-8 or not TOML.
        DigestError: It cannot be read.
    """
    # some editors begin a file with a byte order mark
    return parse_toml(read_text(path).removeprefix("\ufeff"), path)


def parse_toml(text: str, path: Path) -> TomlSource:
    """Read TOML text.

    Args:
        text: The file's content, without a byte order mark.
        path: The file, as it is named in errors.

    Raises:
        BrokenFile: It is not TOML.
    """
    try:
        return TomlSource(path, text, tomllib.loads(text), _positions(text))
    except tomllib.TOMLDecodeError as error:
        raise BrokenFile(path, [_syntax_mistake(error, path)]) from None


def _syntax_mistake(error: tomllib.TOMLDecodeError, path: Path) -> str:
    found = re.match(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", str(error))
    what = found["what"] if found else str(error)
    line, column = (found["line"] or "1", found["column"] or "1") if found else ("1", "1")
    return f"{path}:{line}:{column}: not TOML: {what[:1].lower()}{what[1:]}; text stands in quotes, lists in [ ]"


def _positions(text: str) -> dict[Place, Position]:
    """Where each table and key stands; the standard library's parser reads the data but keeps no places."""
    positions: dict[Place, Position] = {}
    table: Place = ()
    counts: dict[Place, int] = {}
    number = 1
    for kind, start, end in statements(text):
        said = text[start:end]
        if kind == "header":
            names, listed = header_names(said)
            table = _table(names, counts, new=listed)
            positions.setdefault(table, Position(number, 1))
        elif kind == "key" and (key := _KEY.match(said)):
            positions[(*table, *_names(key[2]))] = Position(number, len(key[1]) + 1)
        number += said.count("\n")
    return positions


def _names(dotted: str) -> Place:
    return tuple(name.strip().strip("\"'") for name in dotted.split("."))


def _table(names: Place, counts: dict[Place, int], *, new: bool) -> Place:
    """The place of a header's table: lists of tables are counted, and a table inside one belongs to the last."""
    place: Place = ()
    for depth, name in enumerate(names):
        place = (*place, name)
        if new and depth == len(names) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place
