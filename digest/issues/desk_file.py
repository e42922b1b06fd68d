"""desk.yaml: the decisions of the desk, one a line, the newest last.

The program appends and people edit freely: taking a line out undoes it. What stands there stays byte for byte. One
decision is one line, so that git can merge two people's decisions (`merge=union` in .gitattributes).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile, Place, Position, nearest, validated
from digest.files.writing import write_whole
from digest.files.yaml_source import YamlSource, as_yaml, parse_yaml, read_yaml
from digest.issues.desk import NEEDS, Desk, DeskDecision
from digest.issues.folder import IssueFolder, read_tools
from digest.model.tool import Tool


class _Read(NamedTuple):
    """desk.yaml: its good decisions by their number, and the mistakes of the others."""

    source: YamlSource
    decisions: dict[int, DeskDecision]
    mistakes: dict[int, list[str]]


def read_desk(folder: IssueFolder, categories: Collection[str] | None = None) -> Desk:
    """The desk of an issue.

    Args:
        folder: The issue's folder; where it has no desk.yaml, nothing was decided.
        categories: The ids that a decision may name; None where the issue is no longer the publication's to judge.

    Raises:
        BrokenFile: With every mistake in desk.yaml, or in tools.jsonl.
    """
    collected = read_tools(folder)
    if not folder.desk.is_file():
        return Desk(collected)
    read = _read(read_yaml(folder.desk))
    desk = Desk(collected, tuple(read.decisions.values()))
    slugs = [tool.slug for tool in collected]
    for number, decision in read.decisions.items():
        read.mistakes[number] = list(_strangers(read.source, number, decision, slugs, categories))
    for circle in desk.circles:
        number = max(n for n, one in read.decisions.items() if one.into and one.tool in circle)
        ring = " into ".join((*circle, circle[0]))
        said = f"merges in a circle ({ring}); take one of these lines out"
        read.mistakes[number].append(_at(read.source, (number, "into"), said))
    mistakes = [mistake for _, found in sorted(read.mistakes.items()) for mistake in found]
    if mistakes:
        raise BrokenFile(folder.desk, mistakes)
    return desk


def read_desk_tools(folder: IssueFolder, categories: Collection[str] | None = None) -> tuple[Tool, ...]:
    """The tools of an issue as the desk makes them: what everything that reads an issue's tools goes through.

    Raises:
        BrokenFile: As `read_desk`.
    """
    return read_desk(folder, categories).tools


def append_decisions(folder: IssueFolder, decisions: Sequence[DeskDecision]) -> None:
    """Add decisions at the end of desk.yaml.

    Raises:
        BrokenFile: It is not a list that can be added to.
    """
    source = read_yaml(folder.desk) if folder.desk.is_file() else parse_yaml("", folder.desk)
    if decisions:
        write_whole(folder.desk, _appended(source, [_as_flow(decision) for decision in decisions]))


def move_decisions(source: IssueFolder, target: IssueFolder, tools: Collection[str]) -> None:
    """Move the decisions about tools that moved to another issue; repeated after a kill, it ends the same.

    Raises:
        BrokenFile: A decision in one of the two files cannot be read.
    """
    if not source.desk.is_file():
        return
    ours = _complete(_read(read_yaml(source.desk)))
    leaving = {number: one for number, one in ours.decisions.items() if one.tool in tools}
    there = _complete(_read(read_yaml(target.desk))).decisions.values() if target.desk.is_file() else ()
    append_decisions(target, [one for one in leaving.values() if one not in there])
    rest = _without(ours, leaving)
    if rest.strip():
        write_whole(source.desk, rest)
    else:
        source.desk.unlink()


def _read(source: YamlSource) -> _Read:
    data = [] if source.data is None else source.data
    if not isinstance(data, list):
        raise BrokenFile(source.path, [_at(source, (), "must be a list of decisions, newest last")])
    read = _Read(source, {}, {})
    for number, item in enumerate(data):
        if not isinstance(item, dict):
            example = "must be a decision such as {decision: ignore, tool: heron}"
            read.mistakes[number] = [_at(source, (number,), example)]
            continue
        try:
            decision = _decision(source, number, item)
        except BrokenFile as error:
            read.mistakes[number] = list(error.mistakes)
            continue
        found = list(_misfits(source, number, decision))
        if found:
            read.mistakes[number] = found
        else:
            read.decisions[number] = decision
    return read


def _decision(source: YamlSource, number: int, item: dict[str, object]) -> DeskDecision:
    def position_of(place: Place) -> Position:
        return source.position_of((number, *place))

    given = {key: value for key, value in item.items() if value is not None}
    return validated(DeskDecision, given, path=source.path, position_of=position_of)


def _complete(read: _Read) -> _Read:
    mistakes = [mistake for _, found in sorted(read.mistakes.items()) for mistake in found]
    if mistakes:
        raise BrokenFile(read.source.path, mistakes)
    return read


def _misfits(source: YamlSource, number: int, one: DeskDecision) -> Iterator[str]:
    """What a decision lacks, and what does not go with it."""
    needed = NEEDS.get(one.decision)
    if needed and getattr(one, needed) is None:
        yield _at(source, (number,), f"{needed}: is missing; `{one.decision}` needs it")
    for field in NEEDS.values():
        if field != needed and getattr(one, field) is not None:
            yield _at(source, (number, field), f"{field}: does not go with `{one.decision}`; take it out")
    if one.into == one.tool:
        yield _at(source, (number, "into"), f"into: {one.tool} cannot be merged into itself; take the line out")
    if one.other == one.tool:
        yield _at(source, (number, "other"), f"other: {one.tool} is one tool; take the line out")


def _strangers(
    source: YamlSource, number: int, one: DeskDecision, slugs: Sequence[str], categories: Collection[str] | None
) -> Iterator[str]:
    """Tools and categories that nobody knows."""
    for field, slug in (("tool", one.tool), ("into", one.into)):
        if slug and slug not in slugs:
            said = f'{field}: no tool of this issue is called "{slug}"; {nearest(slug, slugs, "take the line out")}'
            yield _at(source, (number, field), said)
    if one.category and categories is not None and one.category not in (*categories, "uncategorised"):
        known = f"use {', '.join(categories)}"
        said = f'category: no category is called "{one.category}"; {nearest(one.category, categories, known)}'
        yield _at(source, (number, "category"), said)


def _at(source: YamlSource, place: Place, what: str) -> str:
    position = source.position_of(place)
    return f"{source.path}:{position.line}:{position.column}: {what}"


def _as_flow(one: DeskDecision) -> str:
    """A decision in braces, on one line."""
    data = one.model_dump(mode="json", exclude_defaults=True)
    plain = {"decision", "tool", "into", "other"}
    said = (f"{key}: {value if key in plain and value != 'null' else as_yaml(value)}" for key, value in data.items())
    return "{" + ", ".join(said) + "}"


def _appended(source: YamlSource, items: Sequence[str]) -> str:
    """The text with items behind its last one.

    Raises:
        BrokenInput: Nothing can be added to a file of this form.
    """
    text, before = source.text, source.data or []
    if source.data is not None and text[source.spans[()].start] == "[":
        end = source.spans[()].end - 1
        comma = "" if text[:end].rstrip().endswith((",", "[")) else ", "
        after = text[:end] + comma + ", ".join(items) + text[end:]
    else:
        line_end = "\r\n" if "\r\n" in text else "\n"
        indent = " " * (source.position_of(()).column - 1) if source.data is not None else ""
        lines = "".join(f"{indent}- {item}{line_end}" for item in items)
        after = text + ("" if text.endswith("\n") or not text else line_end) + lines
    try:
        read = parse_yaml(after, source.path).data
    except BrokenFile:
        read = None
    if not isinstance(read, list) or read[: len(before)] != before or len(read) != len(before) + len(items):
        cure = "write each decision on a line of its own that begins with `- `"
        raise BrokenInput("nothing can be added to this list", where=source.path, cure=cure)
    return after


def _without(read: _Read, numbers: Collection[int]) -> str:
    """The text without some items; comments and other items stay, unless the list stands in brackets."""
    text, spans = read.source.text, read.source.spans
    left = [one for number, one in read.decisions.items() if number not in numbers]
    for number in sorted(numbers, reverse=True):
        span = spans[(number,)]
        begin = text.rfind("\n", 0, span.start) + 1
        if text[begin : span.start].strip() != "-":
            return "".join(f"- {_as_flow(one)}\n" for one in left)
        end = text.find("\n", span.end)
        text = text[:begin] + (text[end + 1 :] if end >= 0 else "")
    return text
