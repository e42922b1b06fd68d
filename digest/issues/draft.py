"""issue.yaml: the issue as editors change it.

The program proposes, a person decides. What the program last proposed is kept beside the issue; a field that still
says the same is the program's to renew, a field that says something else is a person's and stays. A renewal replaces
the text of that one value; every other byte of the file stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from digest.files.problems import BrokenFile, validated
from digest.files.writing import write_whole
from digest.files.yaml_source import YamlSource, as_yaml, read_yaml
from digest.files.yaml_splice import appended, changed, removed
from digest.files.yaml_text import Value, field_lines
from digest.issues.folder import IssueFolder
from digest.model.issue import Section
from digest.model.noun import Line, Noun, Slug


def _two_tools(pair: tuple[str, str]) -> tuple[str, str]:
    if pair[0] == pair[1]:
        raise ValueError("must name two different tools")
    return pair


SlugPair = Annotated[tuple[Slug, Slug], AfterValidator(_two_tools)]
NoneIfEmpty = BeforeValidator(lambda pair: None if pair == [] else pair)


class PlannedComparison(Noun):
    """Two tools that meet in the issue; the bottom line only where an editor wrote one."""

    tools: SlugPair
    bottom_line: str | None = None

    @property
    def slugs(self) -> tuple[str, str]:
        """Left and right."""
        return self.tools[0], self.tools[1]


class Waiver(Noun):
    """A preflight check whose faults the letter goes out with.

    Attributes:
        check: Its id.
        reason: Why.
    """

    check: Line
    reason: Line


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
        lead: The pair that leads; it must meet, as if it were pinned.
        pin: Pairs that must meet.
        forbid: Pairs that must not meet.
        hold: Slugs of tools that are kept out of this issue.
        sections: What an editor adds at the end.
        waive: Preflight checks whose faults the letter goes out with, each with the reason.
    """

    subject: str | None = None
    preheader: str | None = None
    headline: str | None = None
    intro: str | None = None
    comparisons: tuple[PlannedComparison, ...] | None = None
    lead: Annotated[SlugPair | None, NoneIfEmpty] = None
    pin: tuple[SlugPair, ...] = ()
    forbid: tuple[SlugPair, ...] = ()
    hold: tuple[Slug, ...] = ()
    sections: tuple[Section, ...] = ()
    waive: tuple[Waiver, ...] = ()


_NEW = """\
# Issue {issue}: yours to change. `digest build` renews what you have not touched and leaves the rest alone.
{fields}
# The pair that leads, pairs that must meet, pairs that must not, tools to keep out of this issue.
lead: []
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

    A bottom line is a person's, and so is its pair; the pairs beside it are still the program's, as long as the list
    names the same ones in the same order.

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
    if "comparisons" not in renewed and last is not None and _pairs(draft.comparisons) == _pairs(last.comparisons):
        renewed["comparisons"] = _with_words_of(draft, proposal.comparisons)
    return draft.model_copy(update=renewed)


def _pairs(planned: Sequence[PlannedComparison] | None) -> list[tuple[str, str]]:
    return [one.slugs for one in planned or ()]


def _with_words_of(draft: Draft, planned: Sequence[PlannedComparison]) -> tuple[PlannedComparison, ...]:
    """Comparisons with the bottom lines that a person wrote; a pair that has one never gets lost."""
    words = {frozenset(one.tools): one for one in draft.comparisons or () if one.bottom_line}
    renewed = [words.pop(frozenset(one.tools), one) for one in planned]
    return (*renewed, *words.values())


def write_draft(folder: IssueFolder, source: YamlSource | None, before: Draft, after: Draft) -> bool:
    """Write a draft's renewed fields into its file, each in its place.

    Returns:
        Whether the file changed.
    """
    renewed = [name for name in Proposal.model_fields if getattr(before, name) != getattr(after, name)]
    if source is None or source.data is None:
        fields = "\n".join(_field(name, after) for name in Proposal.model_fields)
        written = source.text.splitlines() if source is not None else []
        comments = "".join(f"{line}\n" for line in written if line.lstrip().startswith("#"))
        return write_whole(folder.draft, comments + _NEW.format(issue=folder.id, fields=fields))
    for name in renewed:
        if name == "comparisons" and any(planned.bottom_line for planned in before.comparisons or ()):
            source = _renewed_one_by_one(source, before.comparisons or (), after.comparisons or ())
        else:
            source = changed(source, (name,), _as_value(name, after))
    return write_whole(folder.draft, source.text)


def _renewed_one_by_one(
    source: YamlSource, old: Sequence[PlannedComparison], new: Sequence[PlannedComparison]
) -> YamlSource:
    """The comparisons renewed each in its place, so that a bottom line that stays keeps its every byte."""
    for number, planned in enumerate(new):
        value = planned.model_dump(mode="json", exclude_none=True)
        if number >= len(old):
            source = appended(source, ("comparisons",), value)
        elif planned != old[number]:
            source = changed(source, ("comparisons", number), value)
    for number in reversed(range(len(new), len(old))):
        source = removed(source, ("comparisons", number))
    return source


def _field(name: str, draft: Draft) -> str:
    """A field of a new file, with a line break at its end."""
    value = _as_value(name, draft)
    lines = [f"{name}: {as_yaml(value)}"] if isinstance(value, str) else field_lines(name, value, 0)
    return "".join(f"{line}\n" for line in lines)


def _as_value(name: str, draft: Draft) -> Value:
    """A field of the program's as the file says it."""
    value = getattr(draft, name)
    if name != "comparisons":
        return str(value)
    return [planned.model_dump(mode="json", exclude_none=True) for planned in value]
