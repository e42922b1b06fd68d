"""The folder of one issue, and the files in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from digest.files.problems import BrokenFile
from digest.files.text import read_text
from digest.files.writing import write_whole
from digest.model.tool import Tool, joined
from digest.model.week import checked_issue_id


@dataclass(frozen=True)
class IssueFolder:
    """issues/<id>/ of a publication."""

    id: str
    path: Path

    @property
    def draft(self) -> Path:
        """The issue as editors change it."""
        return self.path / "issue.yaml"

    @property
    def tools(self) -> Path:
        """What was collected for it, a tool a line."""
        return self.path / "tools.jsonl"

    @property
    def desk(self) -> Path:
        """What editors decided about those tools."""
        return self.path / "desk.yaml"

    @property
    def inputs(self) -> Path:
        """Everything else that the build used."""
        return self.path / "inputs.json"

    @property
    def html(self) -> Path:
        """The HTML part that goes out, with the merge field."""
        return self.path / "email.html"

    @property
    def text(self) -> Path:
        """The text part that goes out, with the merge field."""
        return self.path / "email.txt"

    @property
    def approval(self) -> Path:
        """Who decided what about it; appended to, never rewritten."""
        return self.path / "approval.yaml"

    @property
    def sent(self) -> Path:
        """When it went, from which database, and the balance."""
        return self.path / "sent.yaml"


def issue_folder(publication: Path, issue: str) -> IssueFolder:
    """The folder of an issue; it need not exist.

    Raises:
        ValueError: That is no issue's id.
    """
    return IssueFolder(checked_issue_id(issue), publication / "issues" / issue)


def issue_folders(publication: Path) -> tuple[IssueFolder, ...]:
    """The issues that have a folder, oldest first."""
    found = []
    for path in sorted((publication / "issues").glob("*-W*")):
        try:
            found.append(IssueFolder(checked_issue_id(path.name), path))
        except ValueError:
            continue
    return tuple(folder for folder in found if folder.path.is_dir())


def read_tools(folder: IssueFolder) -> tuple[Tool, ...]:
    """The tools that were collected for an issue, by slug, before the desk.

    Git may have merged two machines' collections: lines of the same slug are one tool, in whatever order they stand.

    Raises:
        BrokenFile: A line is not a tool.
    """
    if not folder.tools.is_file():
        return ()
    tools: dict[str, list[Tool]] = {}
    mistakes: list[str] = []
    for number, line in enumerate(read_text(folder.tools).split("\n"), 1):
        if not line.strip():
            continue
        try:
            tool = Tool.model_validate_json(line)
        except ValidationError as error:
            detail = error.errors()[0]
            field = ".".join(str(step) for step in detail["loc"]) or "the line"
            mistakes.append(f"{folder.tools}:{number}: {field}: {detail['msg'].lower()}; take the line out to drop it")
            continue
        tools.setdefault(tool.slug, []).append(tool)
    if mistakes:
        raise BrokenFile(folder.tools, mistakes)
    return tuple(_one(tools[slug]) for slug in sorted(tools))


def write_tools(folder: IssueFolder, tools: Iterable[Tool]) -> bool:
    """Write an issue's tools, a line each, sorted by slug.

    Returns:
        Whether the file changed.
    """
    lines = [
        json.dumps(tool.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, sort_keys=True) + "\n"
        for tool in sorted(tools, key=lambda tool: tool.slug)
    ]
    return write_whole(folder.tools, "".join(lines))


def _one(lines: list[Tool]) -> Tool:
    """One tool from the lines of its slug: the words of the surest, the sightings of all."""
    first, *others = sorted(lines, key=lambda tool: (-tool.score, tool.model_dump_json()))
    return joined(first, others)
