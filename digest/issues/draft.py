"""issue.yaml: the issue as editors change it.

The program proposes, a person decides. What the program last proposed is kept beside the issue; a field that still
says the same is the program's to renew, a field that says something else is a person's and stays. A renewal replaces
the text of that one value; every other byte of the file stays where it is.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from digest.files.problems import BrokenFile, validated
from digest.files.writing import write_whole
from digest.files.yaml_source import YamlSource, as_yaml, parse_yaml, read_yaml
from digest.issues.folder import IssueFolder
from digest.model.issue import Section
from digest.model.noun import Noun, Slug


def _two_tools(pair: tuple[str, str]) -> tuple[str, str]:
    if pair[0] == pair[1]:
        raise ValueError("must name two different tools")
    return pair


SlugPair = Annotated[tuple[Slug, Slug], AfterValidator(_two_tools)]


class PlannedComparison(Noun):
    """Two tools that meet in the issue; the bottom line only where an editor wrote one."""

    tools: SlugPair
    bottom_line: str | None = None

    @property
    def slugs(self) -> tuple[str, str]:
        """Left and right."""
        return self.tools[0], self.tools[1]


class Proposal(Noun):
    """The fields of issue.yaml that the program fills in."""

    subject: str = ""
    preheader: str = ""
    headline: str = ""
    intro: str = ""
    comparisons: tuple[PlannedComparison, ...] = ()


class Draft(Noun):
    """issue.yaml.

    Attributes:
        subject: None, like each of the next four, where the program is to fill it in.
        comparisons: In the order of the letter; the first one leads.
        pin: Pairs that must meet.
        forbid: Pairs that must not meet.
        hold: Slugs of tools that are kept out of this issue.
        sections: What an editor adds at the end.
    """

    subject: str | None = None
    preheader: str | None = None
    headline: str | None = None
    intro: str | None = None
    comparisons: tuple[PlannedComparison, ...] | None = None
    pin: tuple[SlugPair, ...] = ()
    forbid: tuple[SlugPair, ...] = ()
    hold: tuple[Slug, ...] = ()
    sections: tuple[Section, ...] = ()


_NEW = """\
# Issue {issue}: yours to change. `digest build` renews what you have not touched and leaves the rest alone.
{fields}
# Pairs that must meet, pairs that must not, tools to keep out of this issue.
pin: []
forbid: []
hold: []

# What you want to add at the end: corrections, notes.
#   - title: Correction
#     text: Last week we wrote …
sections: []
"""


def read_draft(folder: IssueFolder) -> tuple[Draft, YamlSource | None]:
    """The draft as it stands in the file, and the file; an empty draft where there is none yet.

    Raises:
        BrokenFile: With every mistake in it.
    """
    if not folder.draft.is_file():
        return Draft(), None
    source = read_yaml(folder.draft)
    return _draft_of(source), source


def _draft_of(source: YamlSource) -> Draft:
    data = {} if source.data is None else source.data
    if not isinstance(data, dict):
        raise BrokenFile(source.path, [f"{source.path}:1:1: must hold fields such as `subject:`; found a list or text"])
    if source.data is not None and source.text[source.spans[()].start] == "{":
        raise BrokenFile(source.path, [f"{source.path}:1:1: stands in braces; write each field on a line of its own"])
    # an empty list field (`hold:`) means none, not that nothing was said
    data = {key: value for key, value in data.items() if value is not None}
    return validated(Draft, data, path=source.path, position_of=source.position_of)


def settled(draft: Draft, last: Proposal | None, proposal: Proposal) -> Draft:
    """The draft with the program's fields renewed and a person's left alone.

    Args:
        draft: As the file says.
        last: What the program proposed last; None counts every field in the file as a person's.
        proposal: What it proposes now.
    """
    renewed = {
        name: getattr(proposal, name)
        for name in Proposal.model_fields
        if getattr(draft, name) is None or (last is not None and getattr(draft, name) == getattr(last, name))
    }
    return draft.model_copy(update=renewed)


def write_draft(folder: IssueFolder, source: YamlSource | None, before: Draft, after: Draft) -> bool:
    """Write a draft's renewed fields into its file, each in its place.

    Returns:
        Whether the file changed.
    """
    changed = [name for name in Proposal.model_fields if getattr(before, name) != getattr(after, name)]
    if source is None or source.data is None:
        fields = "\n".join(_field(name, after) for name in Proposal.model_fields)
        written = source.text.splitlines() if source is not None else []
        comments = "".join(f"{line}\n" for line in written if line.lstrip().startswith("#"))
        return write_whole(folder.draft, comments + _NEW.format(issue=folder.id, fields=fields))
    for name in changed:
        source = _spliced(source, name, after)
    return write_whole(folder.draft, source.text)


def _field(name: str, draft: Draft, indent: int = 0) -> str:
    value = _emitted(name, draft, indent + 2)
    return " " * indent + (f"{name}:{value}\n" if value.startswith("\n") else f"{name}: {value}\n")


def _emitted(name: str, draft: Draft, indent: int) -> str:
    """A value as YAML, in double quotes or as a list over several lines."""
    value = getattr(draft, name)
    if name != "comparisons":
        return as_yaml(value)
    if not value:
        return "[]"
    return "".join("\n" + " " * indent + line for planned in value for line in _lines(planned))


def _lines(planned: PlannedComparison) -> list[str]:
    lines = [f"- tools: [{', '.join(planned.tools)}]"]
    if planned.bottom_line is not None:
        lines.append(f"  bottom_line: {as_yaml(planned.bottom_line)}")
    return lines


def _spliced(source: YamlSource, name: str, draft: Draft) -> YamlSource:
    """The file with one value replaced, or with its field added behind the others."""
    text, span = source.text, source.spans.get((name,))
    indent = source.position_of(()).column - 1
    line_end = "\r\n" if "\r\n" in text else "\n"
    if span is None:
        end = source.spans[()].end
        before = text[:end] + ("" if text[:end].endswith("\n") else line_end)
        value, after = _field(name, draft, indent), text[end:]
    else:
        value = _emitted(name, draft, indent + 2)
        old = text[span.start : span.end]
        before = _before(text[: span.start], is_block=value.startswith("\n"))
        after = old[len(_without_tail(old)) :] + text[span.end :]
    return parse_yaml(before + value.replace("\n", line_end) + after, source.path)


def _before(head: str, *, is_block: bool) -> str:
    """The text in front of a new value: up to the colon, or up to where the old one stood if a comment is between."""
    up_to_colon = head.rstrip(" \r\n")
    if is_block:
        return up_to_colon
    commented = "#" in up_to_colon.rpartition("\n")[2]
    return head if commented or head.rstrip(" ") == up_to_colon != head else f"{up_to_colon} "


def _without_tail(value: str) -> str:
    """A value's text without the blank and comment lines that a parser counts to a block's end."""
    lines = value.splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return "".join(lines).rstrip("\r\n")
