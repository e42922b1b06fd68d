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
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from digest.files.problems import BrokenFile, Place, Position
from digest.files.text import read_text

_NULL, _TEXT = "tag:yaml.org,2002:null", "tag:yaml.org,2002:str"
_OTHERS = {yaml.SequenceNode: "tag:yaml.org,2002:seq", yaml.MappingNode: "tag:yaml.org,2002:map"}
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAIL, _KEPT_TAIL = re.compile(r"(?:\r?\n[ \t]*)+\Z"), re.compile(r"\r?\n\Z")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class _TextLoader(_Base):  # type: ignore[misc]
    """Takes every scalar for a text, or for nothing; what else it might be is not even looked for."""

    def descend_resolver(self, parent: Any, index: Any) -> None:
        """Nothing depends on where a value stands."""

    def ascend_resolver(self) -> None:
        """Nothing depends on where a value stands."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """The tag of a value that has none; `implicit` says whether a scalar stands there without quotes."""
        if kind is yaml.ScalarNode:
            return _NULL if implicit[0] and value in ("", "~", "null") else _TEXT
        return _OTHERS[kind]


@dataclass(frozen=True)
class Span:
    """Where a value stands in the text: offsets in characters, the end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Spot:
    """Where a value stands among the parser's nodes.

    Attributes:
        node: The value's node.
        key: The node of its name; None for the document and for items of lists.
    """

    node: Any
    key: Any = None


@dataclass(frozen=True, eq=False)
class YamlSource:
    """A YAML text, read. Places are worked out when somebody asks: a good file is never asked.

    Attributes:
        path: The file, as it is named in errors.
        text: The whole text.
        data: Dictionaries, lists, strings and None.
        root: The parser's node of the whole document, or None where there is none.
        offset: What the parser's offsets leave out: a byte order mark.
    """

    path: Path
    text: str
    data: Any
    root: Any = None
    offset: int = 0

    @cached_property
    def spots(self) -> dict[Place, Spot]:
        """The nodes of each value."""
        found: dict[Place, Spot] = {}
        waiting: list[tuple[Place, Spot]] = [((), Spot(self.root))] if self.root is not None else []
        while waiting:
            place, spot = waiting.pop()
            found[place] = spot
            if isinstance(spot.node, yaml.MappingNode):
                waiting += [((*place, key.value), Spot(value, key)) for key, value in reversed(spot.node.value)]
            elif isinstance(spot.node, yaml.SequenceNode):
                waiting += [((*place, number), Spot(item)) for number, item in enumerate(spot.node.value)]
        return found

    @cached_property
    def spans(self) -> dict[Place, Span]:
        """The text of each value: without the blank and comment lines that a parser counts to a block's end."""
        return {
            place: Span(self.offset + spot.node.start_mark.index, self.end_of(spot.node))
            for place, spot in self.spots.items()
        }

    def end_of(self, node: Any) -> int:
        """Where the text of a node really ends."""
        start, end = self.offset + int(node.start_mark.index), self.offset + int(node.end_mark.index)
        end = min(end, len(self.text))  # at the end of a text without a last line break, the parser counts one
        if isinstance(node, yaml.ScalarNode):
            if node.style not in ("|", ">"):
                return end
            written = self.text[start:end]
            keeps = "+" in written.split("\n", 1)[0].split("#", 1)[0]
            return start + len(_KEPT_TAIL.sub("", written) if keeps else _TAIL.sub("", written))
        if node.flow_style or not node.value:
            return end
        last = node.value[-1]
        return self.end_of(last[1] if isinstance(node, yaml.MappingNode) else last)

    def position_of(self, place: Place) -> Position:
        """The position of a value, of its name where it has one; of the nearest one around it where it is missing."""
        for length in range(len(place), -1, -1):
            spot = self.spots.get(place[:length])
            if spot is not None:
                mark = (spot.key or spot.node).start_mark
                return Position(mark.line + 1, mark.column + 1)
        return Position(1, 1)


def read_yaml(path: Path) -> YamlSource:
    """Read a YAML file.

    Raises:
        BrokenFile: It is not UTF-8 or not YAML, uses a tab to indent, an alias, or one key twice.
        DigestError: It cannot be read.
    """
    return parse_yaml(read_text(path), path)


def parse_yaml(text: str, path: Path, repeated: list[str] | None = None) -> YamlSource:
    """Read YAML text.

    Args:
        text: The file's content.
        path: The file, as it is named in errors.
        repeated: Gathers keys that stand there twice, for a reader that goes on to look for other mistakes; the first
            of the two counts then.

    Raises:
        BrokenFile: As `read_yaml`.
    """
    mark = len(text) - len(text.removeprefix("\ufeff"))  # the parser's offsets leave a byte order mark out
    try:
        loader = _TextLoader(text[mark:])
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise BrokenFile(path, [_syntax_mistake(error, text, path)]) from None
    reading = _Reading(path, repeated)
    data = reading.value(root, 0) if root is not None else None
    if reading.mistakes:
        raise BrokenFile(path, reading.mistakes)
    return YamlSource(path, text, data, root, mark)


def as_yaml(value: object) -> str:
    """A text or a number as YAML on one line: JSON, with what YAML reads as a line break or not at all escaped."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


class _Reading:
    """One pass over the parser's nodes that gathers values and mistakes."""

    def __init__(self, path: Path, repeated: list[str] | None) -> None:
        self.path = path
        self.mistakes: list[str] = []
        self.repeated = self.mistakes if repeated is None else repeated
        self.seen: set[int] = set()

    def value(self, node: Any, depth: int) -> Any:
        # the parser hands out one node for an anchor and all its aliases; nested, they grow without end
        if id(node) in self.seen or depth > 20:
            self._complain(node, "an alias, or too many lists in lists; write the value out")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == _NULL else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self._mapping(node, depth)

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._complain(key_node, "a key must be a word")
                continue
            key = str(key_node.value)
            if key in data:
                self.repeated.append(self._mistake(key_node, f"{key}: stands here twice; keep one"))
                continue
            data[key] = self.value(value_node, depth + 1)
        return data

    def _complain(self, node: Any, what: str) -> None:
        self.mistakes.append(self._mistake(node, what))

    def _mistake(self, node: Any, what: str) -> str:
        return f"{self.path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}: {what}"


def _syntax_mistake(error: yaml.YAMLError, text: str, path: Path) -> str:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in here[: max(column, len(here) - len(here.lstrip()))]:
        return f"{path}:{line}:{column}: a tab cannot indent YAML; use spaces"
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    return f"{path}:{line}:{column}: not YAML: {problem}; check the indent, and put text that holds a colon in quotes"
