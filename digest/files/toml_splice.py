"""Add a table to a list of tables in a TOML text, or take one out; every other byte stays.

A table reaches from the comment lines that touch its header from above to its last key, together with the comment
lines that touch that one from below. A comment with a blank line between belongs to nobody, and stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from digest.files.toml_statements import Statement, header_names, statements

Value = str | bool


class _Table(NamedTuple):
    """A table's first and last statement, the last one inclusive."""

    first: int
    last: int


def append_tables(text: str, name: str, tables: Sequence[Mapping[str, Value]]) -> str:
    """Put tables behind the last one of a list, or at the end where there is none.

    Args:
        text: The TOML text, without a byte order mark.
        name: The list of tables, such as `feeds`.
        tables: The keys and values of each new one.

    Returns:
        The new text. A blank line stands before each new table; line breaks are those of the text, and a text without
        a line break at its end stays so.
    """
    if not tables:
        return text
    parts = list(statements(text))
    there = _tables(text, parts, name)
    at = parts[there[-1].last].end if there else len(text)
    head, tail = text[:at], text[at:]
    line_break = "\r\n" if "\r\n" in text[: text.find("\n") + 1] else "\n"
    said = f"{line_break}{line_break}".join(line_break.join(_lines(name, table)) for table in tables)
    if head and not head.endswith("\n"):
        return f"{head}{line_break}{line_break}{said}"
    return f"{head}{line_break if head else ''}{said}{line_break}{tail}"


def remove_table(text: str, name: str, number: int) -> str:
    """Take one table out of a list of tables, with the comment lines that touch it and the blank line above it.

    Args:
        text: The TOML text, without a byte order mark.
        name: The list of tables.
        number: Which one, counted from zero.

    Returns:
        The new text: what `append_tables` had before it put that table there.

    Raises:
        IndexError: There are not so many tables of that name, written with a header of their own.
    """
    parts = list(statements(text))
    first, last = _tables(text, parts, name)[number]
    if first > 0 and parts[first - 1].kind == "blank":
        first -= 1
    elif first == 0 and last + 1 < len(parts) and parts[last + 1].kind == "blank":
        last += 1
    head, taken, tail = text[: parts[first].start], text[parts[first].start : parts[last].end], text[parts[last].end :]
    if not taken.endswith("\n"):
        head = head.removesuffix("\n").removesuffix("\r")
    return head + tail


def count_tables(text: str, name: str) -> int:
    """How many tables of a list are written with a header of their own."""
    return len(_tables(text, list(statements(text)), name))


def _tables(text: str, parts: Sequence[Statement], name: str) -> list[_Table]:
    headers = [number for number, part in enumerate(parts) if part.kind == "header"]
    found = []
    for header, following in pairwise([*headers, len(parts)]):
        if header_names(text[parts[header].start : parts[header].end]) == ((name,), True):
            found.append(_Table(_above(parts, header), _below(parts, header, following)))
    return found


def _above(parts: Sequence[Statement], header: int) -> int:
    """The first of the comment lines that touch a header, or the header itself."""
    first = header
    while first > 0 and parts[first - 1].kind == "comment":
        first -= 1
    return first


def _below(parts: Sequence[Statement], header: int, following: int) -> int:
    """The last statement of a table; comment lines that touch the following header belong to that one."""
    last = max(number for number in range(header, following) if parts[number].kind in ("header", "key"))
    end = last + 1
    while end < following and parts[end].kind == "comment":
        end += 1
    return last if end == following < len(parts) else end - 1


def _lines(name: str, table: Mapping[str, Value]) -> list[str]:
    return [f"[[{name}]]", *(f"{key} = {_written(value)}" for key, value in table.items())]


def _written(value: Value) -> str:
    """A value as TOML; what JSON escapes in a string, TOML does too, and the delete character besides."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
