"""The statements of a TOML text and where each stands: headers, keys, comments and blank lines.

The standard library's parser reads the data and keeps no places. This scan keeps the places and reads no data; it
knows just enough of the grammar (strings, brackets, comments) to tell where a statement ends. It is meant for text that
`tomllib` has taken already.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Literal, NamedTuple

# TOML 1.0.0, "String": up to two quotes may stand right before the closing three.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<open>[\[{])"
    r"|(?P<close>[\]}])"
    r"|(?P<newline>\n)"
    r"|(?P<space>[ \t\r]+)"
    r"|[^\"'\#\[\]{}\s]+|.",
    re.DOTALL,
)
Kind = Literal["blank", "comment", "header", "key"]


class Statement(NamedTuple):
    """One statement, from the beginning of its line to behind its last line's break."""

    kind: Kind
    start: int
    end: int


def statements(text: str) -> Iterator[Statement]:
    """The statements of a text, in order; together they are the whole text.

    Args:
        text: A TOML text, with any line breaks, without a byte order mark.

    Yields:
        Each header, key (with all lines of its value), comment line and blank line.
    """
    start, depth = 0, 0
    kind: Kind = "blank"
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "newline":
            if depth == 0:
                yield Statement(kind, start, token.end())
                start, kind = token.end(), "blank"
            continue
        if kind == "blank" and token.lastgroup != "space":
            kind = "comment" if token["comment"] else "header" if token[0] == "[" else "key"
        depth += 1 if token["open"] else -1 if token["close"] else 0
    if start < len(text):
        yield Statement(kind, start, len(text))


def header_names(header: str) -> tuple[tuple[str, ...], bool]:
    """What a header names, and whether it begins a new table of a list (`[[…]]`).

    Args:
        header: A header's line, valid TOML.

    Returns:
        The names, from the outermost, and whether it is one of a list.
    """
    inside: object = tomllib.loads(header)
    names: list[str] = []
    while isinstance(inside, dict) and inside:
        name, inside = next(iter(inside.items()))
        names.append(name)
    return tuple(names), isinstance(inside, list)
