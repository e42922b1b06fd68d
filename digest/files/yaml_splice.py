"""Change a YAML file in place: the text of one value is replaced, and every other byte stays.

Three operations, each from a file as it was read to the file as it is to be written: `changed`, `appended`, `removed`.
Each reads its result back, and refuses where the file would not say exactly what was meant.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile, Place
from digest.files.yaml_layout import (
    gap_before,
    indicator_end,
    is_in_brackets,
    line_begin,
    line_break,
    line_end,
    parts_of,
)
from digest.files.yaml_source import YamlSource, parse_yaml
from digest.files.yaml_text import (
    Value,
    as_read,
    field_lines,
    in_block,
    is_list_or_table,
    item_lines,
    lines_of,
    on_one_line,
)


def changed(source: YamlSource, place: Place, value: Value) -> YamlSource:
    """A file with one value changed, or with its field added.

    Args:
        source: The file as it was read.
        place: Where the value stands. What is to be around it is made where it is missing.
        value: The new value; a new field goes behind all others of its table.

    Returns:
        The file as it is to be written.

    Raises:
        BrokenInput: The file is written in a way that cannot be changed in place.
    """
    if place in source.spots:
        if _at(source.data, place) == as_read(value):
            return source
        text = _replaced(source, place, value)
    elif not place:
        text = _below(source, len(source.text), lines_of(value, 0))
    elif place[:-1] not in source.spots or not _at(source.data, place[:-1]):
        return changed(source, place[:-1], [value] if isinstance(place[-1], int) else {place[-1]: value})
    elif isinstance(place[-1], int):
        return appended(source, place[:-1], value)
    else:
        text = _added(source, place[:-1], place[-1], value)
    return _read_back(source, text, _with(source.data, place, as_read(value)), place)


def appended(source: YamlSource, place: Place, item: Value) -> YamlSource:
    """A file with an item at the end of a list; a list that is missing or empty is begun.

    Raises:
        BrokenInput: As `changed`.
    """
    before = _at(source.data, place) if place in source.spots else None
    if not before:
        return changed(source, place, [item])
    node = source.spots[place].node
    last = parts_of(source, node)[-1][1]
    if node.flow_style or is_in_brackets(source, place):
        text = _spliced(source, last, last, f", {on_one_line(item, in_brackets=True)}")
    else:
        text = _below(source, last, item_lines(item, node.start_mark.column))
    return _read_back(source, text, _with(source.data, (*place, len(before)), as_read(item)), place)


def removed(source: YamlSource, place: Place) -> YamlSource:
    """A file without a field or an item; comments on lines of their own stay.

    Raises:
        BrokenInput: As `changed`.
    """
    around, text = source.spots[place[:-1]].node, source.text
    parts = parts_of(source, around)
    if len(parts) == 1:
        return changed(source, place[:-1], [] if isinstance(place[-1], int) else {})
    number = place[-1] if isinstance(place[-1], int) else [key.value for key, _ in around.value].index(place[-1])
    start, end = parts[number]
    begin = line_begin(source, start)
    if not around.flow_style and not text[begin:start].strip(" "):
        text = text[:begin] + text[line_end(text, end) :]
    elif number + 1 < len(parts):
        # beside a dash: the next field takes its place, unless a comment stands between them
        following = parts[number + 1][0]
        text = text[:start] + text[end if "#" in text[end:following] and not around.flow_style else following :]
    else:
        text = text[: parts[number - 1][1]] + text[end:]
    wanted = copy.deepcopy(source.data)
    del _at(wanted, place[:-1])[place[-1]]
    return _read_back(source, text, wanted, place)


def _read_back(source: YamlSource, text: str, wanted: Any, place: Place) -> YamlSource:
    try:
        after = parse_yaml(text, source.path)
    except BrokenFile:
        after = None
    if after is None or after.data != wanted:
        at = source.position_of(place)
        cure = "write it on a line of its own, as `name: value`"
        raise BrokenInput("this cannot be changed in place", where=f"{source.path}:{at.line}:{at.column}", cure=cure)
    return after


def _replaced(source: YamlSource, place: Place, value: Value) -> str:
    """The text with another value at a place that has one."""
    node, span = source.spots[place].node, source.spans[place]
    if is_in_brackets(source, place):
        lead = gap_before(source, place) if span.start == span.end else ""
        return _spliced(source, span.start, span.end, lead + on_one_line(value, like=_quotes(node), in_brackets=True))
    is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    if value and is_list_or_table(value) and (is_block or not _stays_on_its_line(node, value)):
        if is_block:
            lines = lines_of(value, node.start_mark.column)
            return _spliced(source, span.start, span.end, "\n".join(lines).lstrip(" "))
        if not place:
            return _instead_of_nothing(source, lines_of(value, 0))
        emptied = source if span.start == span.end else parse_yaml(_replaced(source, place, None), source.path)
        column = emptied.spots[place[:-1]].node.start_mark.column
        return _below(emptied, indicator_end(emptied, place), lines_of(value, column + 2))
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return _spliced(source, span.start, span.end, _instead_of_a_block(source, place, value))
    if is_block:
        return _behind_its_name(source, place, on_one_line(value))
    if value is None:
        return _spliced(
            source, indicator_end(source, place) if _follows_its_name(source, place) else span.start, span.end, ""
        )
    new = _behind_a_name(source, place, value)
    return _spliced(source, span.start, span.end, (gap_before(source, place) if span.start == span.end else "") + new)


def _stays_on_its_line(node: Any, value: Value) -> bool:
    """Whether a list goes in brackets: where it stood in brackets before, or holds words alone."""
    if isinstance(node, yaml.CollectionNode) and node.value:
        return True
    return not isinstance(value, Mapping) and isinstance(value, Sequence) and not any(map(is_list_or_table, value))


def _behind_a_name(source: YamlSource, place: Place, value: Value) -> str:
    """A value in the quotes that stood there; text of several lines, where nothing follows it, as a block."""
    node, span = source.spots[place].node, source.spans[place]
    quotes, text = _quotes(node), source.text
    alone = not text[span.end : line_end(text, span.end)].strip()
    if isinstance(value, str) and "\n" in value and alone and not quotes and place:
        block = in_block(value, "|", source.spots[place[:-1]].node.start_mark.column + 2)
        if block is not None:
            return block
    return on_one_line(value, like=quotes)


def _instead_of_a_block(source: YamlSource, place: Place, value: Value) -> str:
    """A new value for a folded or literal block: a block of the same style and indent, where it can be one."""
    span = source.spans[place]
    header, *lines = source.text[span.start : span.end].replace("\r", "").split("\n")
    filled = [line for line in lines if line.strip()]
    # without a last line break of its own, a block at the end of a file cannot end in one
    if isinstance(value, str) and not (value.endswith("\n") and span.end == len(source.text)):
        least = source.spots[place[:-1]].node.start_mark.column + 1 if place else 0
        indent = min((len(line) - len(line.lstrip(" ")) for line in filled), default=least + 1)
        widest = max(map(len, filled), default=0)
        block = in_block(value, header, max(indent, least), min(max(widest, 72), 120))
        if block is not None:
            return block
    _, mark, comment = header.partition(" #")
    said = "" if value is None else on_one_line(value, like='"' if isinstance(value, str) else None)
    return f"{said}{mark}{comment}"


def _instead_of_nothing(source: YamlSource, lines: Sequence[str]) -> str:
    """The text of a document without fields, with its first ones."""
    span = source.spans[()]
    if span.start < span.end:
        return _spliced(source, span.start, span.end, "\n".join(lines))
    if span.start == len(source.text) or line_begin(source, span.start) < span.start:
        return _below(source, span.end, lines)
    return _spliced(source, span.start, span.end, "".join(f"{line}\n" for line in lines))


def _behind_its_name(source: YamlSource, place: Place, new: str) -> str:
    """The text with a block given way to a value on the line of its name or dash."""
    text, span = source.text, source.spans[place]
    begin = line_begin(source, span.start)
    if not place or text[begin : span.start].strip(" "):
        return _spliced(source, span.start, span.end, new)
    after = indicator_end(source, place)
    return f"{text[:after]} {new}{text[after:begin]}{text[line_end(text, span.end) :]}"


def _added(source: YamlSource, around: Place, key: str, value: Value) -> str:
    """The text with one more field in a table that has some."""
    node = source.spots[around].node
    parts = parts_of(source, node)
    if node.flow_style:
        new = f", {on_one_line(key, in_brackets=True)}: {on_one_line(value, in_brackets=True)}"
        return _spliced(source, parts[-1][1], parts[-1][1], new)
    return _below(source, parts[-1][1], field_lines(key, value, node.start_mark.column))


def _below(source: YamlSource, at: int, lines: Sequence[str]) -> str:
    """The text with lines under the line that holds an offset."""
    text, end = source.text, line_end(source.text, at)
    new_line = line_break(text, at)
    lead = new_line if end > source.offset and text[end - 1] != "\n" else ""
    below = "".join(line + new_line for line in "\n".join(lines).split("\n"))
    return text[:end] + lead + below + text[end:]


def _spliced(source: YamlSource, start: int, end: int, new: str) -> str:
    return source.text[:start] + new.replace("\n", line_break(source.text, start)) + source.text[end:]


def _follows_its_name(source: YamlSource, place: Place) -> bool:
    """Whether nothing but spaces stands between a value and its colon or dash."""
    return bool(place) and not source.text[indicator_end(source, place) : source.spans[place].start].strip(" ")


def _quotes(node: Any) -> str | None:
    """The quotes that a value stood in; None where there was none."""
    if not isinstance(node, yaml.ScalarNode) or (node.style is None and not node.value):
        return None
    return node.style or ""


def _at(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data


def _with(data: Any, place: Place, value: Any) -> Any:
    """Data with one value changed, or with it added."""
    if not place:
        return value
    step, rest = place[0], place[1:]
    if isinstance(step, int):
        items = list(data or [])
        items[step : step + 1] = [_with(items[step] if step < len(items) else None, rest, value)]
        return items
    return {**(data or {}), step: _with((data or {}).get(step), rest, value)}
