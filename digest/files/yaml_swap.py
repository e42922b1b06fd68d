"""Change the order of a list in a YAML file: two items exchange their texts, and every other byte stays."""

from __future__ import annotations

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile, Place
from digest.files.yaml_source import YamlSource, parse_yaml


def swapped(source: YamlSource, place: Place, one: int, other: int) -> YamlSource:
    """A file in which two items of a list stand in each other's place; comments between them stay where they are.

    Args:
        source: The file as it was read.
        place: Where the list stands.
        one: The number of an item, from zero.
        other: The number of another one.

    Returns:
        The file as it is to be written.

    Raises:
        BrokenInput: The items are written in a way in which they cannot change places.
    """
    first, second = sorted((one, other))
    a, b = source.spans[(*place, first)], source.spans[(*place, second)]
    text = source.text
    # the last line break of a text may be its own or the file's: neither item brings one along
    swapped_text = (
        text[: a.start] + text[b.start : b.end] + text[a.end : b.start] + text[a.start : a.end] + text[b.end :]
    )
    try:
        after = parse_yaml(swapped_text, source.path)
    except BrokenFile:
        after = None
    if after is None or _items(after, place) != _exchanged(_items(source, place), first, second):
        at = source.position_of((*place, first))
        cure = "change their order in the file"
        raise BrokenInput("these cannot change places", where=f"{source.path}:{at.line}:{at.column}", cure=cure)
    return after


def _items(source: YamlSource, place: Place) -> list[object]:
    data = source.data
    for step in place:
        data = data[step]
    return list(data)


def _exchanged(items: list[object], first: int, second: int) -> list[object]:
    items[first], items[second] = items[second], items[first]
    return items
