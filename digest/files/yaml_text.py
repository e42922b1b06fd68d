"""A value as YAML text: in the style of the value that it replaces, else the way a person would write it.

What is written means the same to readers of YAML 1.1 and 1.2: a text that either would take for a number, a date or a
yes stands in quotes (https://yaml.org/type/bool.html without its single letters, which no reader in use heeds; YAML
1.2.2, section 10.3.2).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from digest.files.yaml_source import as_yaml

Value = str | int | float | bool | date | None | Sequence["Value"] | Mapping[str, "Value"]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"
_WIDTH = 100
# what YAML 1.2 takes for a number, and our parser for 1.1 does not
_NUMBER = re.compile(r"[-+.]?[0-9][0-9a-fA-FoxX_.:eE+-]*")


def as_read(value: Value) -> Any:
    """A value as it comes back when the file is read: every scalar a text, nothing as None."""
    if isinstance(value, Mapping):
        return {key: as_read(inner) for key, inner in value.items()}
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return [as_read(item) for item in value]
    return None if value is None else _bare(value)


def is_list_or_table(value: Value) -> bool:
    """Whether a value has values in it, empty or not."""
    return isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str))


def on_one_line(value: Value, *, like: str | None = None, in_brackets: bool = False) -> str:
    """A value without line breaks.

    Args:
        value: The value.
        like: The quotes of the value that it replaces: `'`, `"`, an empty text for none; None where there was no value.
        in_brackets: Whether it stands inside brackets or braces, where a comma ends it.
    """
    if isinstance(value, Mapping):
        inside = (f"{_inside(key)}: {_inside(inner)}" for key, inner in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, str):
        return _text_on_one_line(value, like, in_brackets)
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_inside, value)) + "]"
    bare = "null" if value is None else _bare(value)
    return f"{like}{bare}{like}" if like and value is not None else bare


def _inside(value: Value) -> str:
    return on_one_line(value, in_brackets=True)


def in_block(text: str, header: str, indent: int, width: int = _WIDTH) -> str | None:
    """A text as a folded or literal block, or None where it cannot stand in one.

    Args:
        text: The text.
        header: Its first character is the style, `>` or `|`; a comment in it stays.
        indent: The column of the block's lines.
        width: Where folded lines end, in columns.
    """
    ends = len(text) - len(text.rstrip("\n"))
    chomping = "-" if ends == 0 else "" if ends == 1 else "+"
    comment = re.search(r"\s+#.*", header)
    first = header[0] + chomping + (comment.group() if comment else "")
    body = text.removesuffix("\n") if ends else text
    if header[0] == ">":
        # a line break inside folded text is written as an empty line
        paragraphs = [_wrapped(paragraph, width - indent) for paragraph in body.split("\n")]
        lines = "\n\n".join(paragraphs).split("\n")
    else:
        lines = body.split("\n")
    block = "\n".join([first, *(" " * indent + line if line else "" for line in lines)])
    return block if _meaning(f"k: {block}\nz: 1\n") == {"k": text, "z": "1"} else None


def lines_of(value: Value, indent: int) -> list[str]:
    """A list or table as lines of its own, from a column on.

    Args:
        value: A list or table that holds something.
        indent: The column that every line begins at.
    """
    assert value
    if isinstance(value, Mapping):
        return [line for key, inner in value.items() for line in field_lines(key, inner, indent)]
    assert isinstance(value, Sequence)
    lines: list[str] = []
    for item in value:
        lines += item_lines(item, indent)
    return lines


def field_lines(key: str, value: Value, indent: int) -> list[str]:
    """A field of a table as lines."""
    return _led(f"{on_one_line(key)}:", value, indent)


def item_lines(item: Value, indent: int) -> list[str]:
    """An item of a list as lines."""
    if isinstance(item, Mapping) and item:
        first, *others = lines_of(item, indent + 2)
        return [f"{' ' * indent}- {first.lstrip()}", *others]
    return _led("-", item, indent)


def _led(lead: str, value: Value, indent: int) -> list[str]:
    """A value behind its name or dash; beneath it where one line is too little."""
    margin = " " * indent
    if is_list_or_table(value) and value and not _is_short(value):
        return [f"{margin}{lead}", *lines_of(value, indent + 2)]
    if isinstance(value, str) and (len(value) > _WIDTH - indent - len(lead) or "\n" in value):
        header = "|" if "\n" in value else ">"
        block = in_block(value, header, indent + 2)
        if block is not None:
            first, *others = block.split("\n")
            return [f"{margin}{lead} {first}", *others]
    return [f"{margin}{lead} {on_one_line(value)}"]


def _is_short(value: Value) -> bool:
    """Whether a list reads well in brackets: a few words, nothing nested."""
    if isinstance(value, Mapping) or not isinstance(value, Sequence):
        return False
    return not any(is_list_or_table(item) for item in value) and len(on_one_line(value)) <= 80


def _text_on_one_line(text: str, like: str | None, in_brackets: bool) -> str:
    """Unquoted where it may be, in the quotes that stood there before where they can hold it, else in double quotes."""
    if like in (None, "") and _is_plain(text, in_brackets):
        return text
    if like == "'":
        quoted = "'" + text.replace("'", "''") + "'"
        if "\n" not in text and _meaning(f"[{quoted}]") == [text]:
            return quoted
    return as_yaml(text)


def _is_plain(text: str, in_brackets: bool) -> bool:
    """Whether a text may stand there without quotes, and every reader takes it for a text."""
    if not text or "\n" in text or _NUMBER.fullmatch(text):
        return False
    return bool(_meaning(f"[{text}]" if in_brackets else f"- {text}") == [text])


def _meaning(snippet: str) -> Any:
    """What a reader of YAML takes a snippet for; scalars that are no text to YAML 1.1 come back as None."""
    loader = _Loader(snippet)
    try:
        return _value(loader.get_single_node())
    except (yaml.YAMLError, ValueError):
        return None
    finally:
        loader.dispose()


def _value(node: Any) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key.value: inner.value for key, inner in node.value}
    return node.value if node is not None and node.tag == _TEXT else None


def _wrapped(paragraph: str, width: int) -> str:
    return textwrap.fill(paragraph, max(width, 20), break_long_words=False, break_on_hyphens=False)


def _bare(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
