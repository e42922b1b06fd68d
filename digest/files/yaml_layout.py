"""Where things stand in a YAML file besides values: names and dashes, colons, line breaks."""

from __future__ import annotations

from typing import Any

import yaml

from digest.files.problems import Place
from digest.files.yaml_source import YamlSource


def parts_of(source: YamlSource, around: Any) -> list[tuple[int, int]]:
    """Where each field or item of a table or list begins, with its name or dash, and where it really ends.

    Args:
        source: The file.
        around: The node of the table or list.
    """
    if isinstance(around, yaml.MappingNode):
        return [
            (source.offset + key.start_mark.index, max(source.end_of(key), source.end_of(value)))
            for key, value in around.value
        ]
    parts: list[tuple[int, int]] = []
    at = source.offset + around.start_mark.index
    for item in around.value:
        start = source.offset + item.start_mark.index
        parts.append((start if around.flow_style else next_token(source.text, at), source.end_of(item)))
        at = parts[-1][1]
    return parts


def indicator_end(source: YamlSource, place: Place) -> int:
    """The offset behind the colon or dash that a value in a block belongs to."""
    spot = source.spots[place]
    if spot.key is not None:
        return next_token(source.text, source.end_of(spot.key)) + 1
    number = place[-1]
    assert isinstance(number, int)
    return parts_of(source, source.spots[place[:-1]].node)[number][0] + 1


def gap_before(source: YamlSource, place: Place) -> str:
    """What has to stand in front of a value where there was none."""
    spot, start = source.spots[place], source.spans[place].start
    if spot.key is not None and source.text[source.end_of(spot.key) : start].strip() != ":":
        return ": "
    return "" if source.text[start - 1 : start] in (" ", "\n", "") else " "


def is_in_brackets(source: YamlSource, place: Place) -> bool:
    """Whether a value stands inside a list or table in brackets or braces."""
    return any(source.spots[place[:length]].node.flow_style for length in range(len(place)))


def next_token(text: str, at: int) -> int:
    """The next character that is neither white space nor comment."""
    while at < len(text) and (text[at].isspace() or text[at] == "#"):
        at = line_end(text, at) if text[at] == "#" else at + 1
    return at


def line_begin(source: YamlSource, at: int) -> int:
    """The offset of the first character of a line; a byte order mark belongs to no line."""
    return max(source.text.rfind("\n", 0, at) + 1, source.offset)


def line_end(text: str, at: int) -> int:
    """The offset behind the line break of the line that holds an offset."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def line_break(text: str, at: int) -> str:
    """The line break that is used around an offset."""
    end = text.find("\n", at)
    end = text.rfind("\n", 0, at) if end < 0 else end
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"
