"""A YAML file as people write it: its data, and where in the text each value stands.

Every plain scalar is read as the text that stands there, and the model decides what it means: `no` stays the word no,
`1.10` keeps its zero, and a date is a date only where a date belongs. (YAML 1.1 would guess, and guess wrong.)
Values are located by the parser's own marks, so that a change can splice the text at one place and leave every other
byte alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from digest.files.problems import BrokenFile, Place, Position
from digest.files.text import read_text

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Span:
    """Where a value stands in the text: offsets in characters, the end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class YamlSource:
    """A YAML text, read.

    Attributes:
        path: The file, as it is named in errors.
        text: The whole text.
        data: Dictionaries, lists, strings and None.
        positions: Line and column of each value.
        spans: The text of each value.
    """

    path: Path
    text: str
    data: Any
    positions: dict[Place, Position]
    spans: dict[Place, Span]

    def position_of(self, place: Place) -> Position:
        """The position of a value; of the nearest one around it where it is missing."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.positions:
                return self.positions[place[:length]]
        return Position(1, 1)


def read_yaml(path: Path) -> YamlSource:
    """Read a YAML file.

    Raises:
        BrokenFile: It is not UTF-8 or not YAML, uses a tab to indent, an alias, or one key twice.
        DigestError: It cannot be read.
    """
    return parse_yaml(read_text(path), path)


def parse_yaml(text: str, path: Path) -> YamlSource:
    """Read YAML text.

    Args:
        text: The file's content.
        path: The file, as it is named in errors.

    Raises:
        BrokenFile: As `read_yaml`.
    """
    mark = len(text) - len(text.removeprefix("\ufeff"))  # the parser's offsets leave a byte order mark out
    try:
        loader = _Loader(text[mark:])
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise BrokenFile(path, [_syntax_mistake(error, text, path)]) from None
    walk = _Walk(path, len(text), mark)
    data = walk.value(root, ()) if root is not None else None
    if walk.mistakes:
        raise BrokenFile(path, walk.mistakes)
    return YamlSource(path, text, data, walk.positions, walk.spans)


def as_yaml(value: object) -> str:
    """A text or a number as YAML on one line: JSON, with what YAML reads as a line break or not at all escaped."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


class _Walk:
    """One pass over the parser's nodes that gathers values, positions and mistakes."""

    def __init__(self, path: Path, length: int, start: int) -> None:
        self.path = path
        self.length = length
        self.start = start
        self.positions: dict[Place, Position] = {}
        self.spans: dict[Place, Span] = {}
        self.mistakes: list[str] = []
        self.seen: set[int] = set()

    def value(self, node: Any, place: Place) -> Any:
        # the parser hands out one node for an anchor and all its aliases; nested, they grow without end
        if id(node) in self.seen or len(place) > 20:
            self._complain(node, "an alias, or too many lists in lists; write the value out")
            return None
        self.seen.add(id(node))
        self.positions[place] = Position(node.start_mark.line + 1, node.start_mark.column + 1)
        end = min(self.start + node.end_mark.index, self.length)
        self.spans[place] = Span(self.start + node.start_mark.index, end)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        return None if node.tag == _NULL and node.value in ("", "~", "null") else node.value

    def _mapping(self, node: Any, place: Place) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._complain(key_node, "a key must be a word")
                continue
            key = str(key_node.value)
            if key in data:
                self._complain(key_node, f"{key}: stands here twice; keep one")
                continue
            data[key] = self.value(value_node, (*place, key))
            # a mistake in a field is looked for at its name, not behind the colon
            self.positions[(*place, key)] = Position(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        return data

    def _complain(self, node: Any, what: str) -> None:
        self.mistakes.append(f"{self.path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}: {what}")


def _syntax_mistake(error: yaml.YAMLError, text: str, path: Path) -> str:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in here[: max(column, len(here) - len(here.lstrip()))]:
        return f"{path}:{line}:{column}: a tab cannot indent YAML; use spaces"
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    return f"{path}:{line}:{column}: not YAML: {problem}; check the indent, and put text that holds a colon in quotes"
