"""Two machines collect and two people decide; git keeps both sides' lines, and both see the same desk."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_desk_decisions import COLLECTED, DECISIONS, accept, ignore, merge, tool

from digest.issues.desk import DeskDecision, desk_tools
from digest.issues.desk_file import append_decisions, read_desk
from digest.issues.folder import IssueFolder, issue_folder, read_tools, write_tools
from digest.jobs.set_up import set_up
from digest.model.tool import Tool

pytestmark = pytest.mark.long


def lines_of(folder: IssueFolder, tools: list[Tool]) -> list[str]:
    write_tools(folder, tools)
    return folder.tools.read_text(encoding="utf-8").splitlines()


@given(COLLECTED, COLLECTED, DECISIONS, st.randoms())
def test_the_lines_of_two_machines_make_the_same_desk_in_any_order(
    tmp_path_factory: pytest.TempPathFactory,
    ours: list[Tool],
    theirs: list[Tool],
    decisions: list[DeskDecision],
    chance: Any,
) -> None:
    folder = IssueFolder("2026-W47", tmp_path_factory.mktemp("desk", numbered=True))
    lines = [*lines_of(folder, ours), *lines_of(folder, theirs)]
    folder.tools.write_text("\n".join(lines), encoding="utf-8")
    first = desk_tools(read_tools(folder), decisions)

    chance.shuffle(lines)
    folder.tools.write_text("\n\n".join([*lines, *lines[:2]]), encoding="utf-8")
    assert desk_tools(read_tools(folder), decisions) == first

    # and writing the lines together as one tool a line changes nothing
    write_tools(folder, read_tools(folder))
    assert desk_tools(read_tools(folder), decisions) == first


@given(COLLECTED, COLLECTED)
def test_no_sighting_of_either_machine_is_lost(
    tmp_path_factory: pytest.TempPathFactory, ours: list[Tool], theirs: list[Tool]
) -> None:
    folder = IssueFolder("2026-W47", tmp_path_factory.mktemp("desk", numbered=True))
    lines = [*lines_of(folder, ours), *lines_of(folder, theirs)]
    folder.tools.write_text("\n".join(lines), encoding="utf-8")
    together = {one.slug: one for one in read_tools(folder)}
    assert together.keys() == {one.slug for one in (*ours, *theirs)}
    for one in (*ours, *theirs):
        known = {(seen.source, seen.title, seen.link) for seen in together[one.slug].sightings}
        assert {(seen.source, seen.title, seen.link) for seen in one.sightings} <= known


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *identity, *arguments], cwd=folder, env=clean, check=True, capture_output=True, timeout=60)


def test_git_merges_two_branches_of_tools_and_decisions_without_asking(tmp_path: Path) -> None:
    set_up(tmp_path, bare=True)
    folder = issue_folder(tmp_path, "2026-W47")
    write_tools(folder, [tool("egret"), tool("heron")])
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")

    def committed(message: str) -> None:
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "--message", message)

    committed("begin")
    git(tmp_path, "checkout", "--quiet", "-b", "theirs")
    write_tools(folder, [tool("egret"), tool("grebe"), tool("heron", "Show HN", days=1)])
    append_decisions(folder, [ignore("egret"), accept("grebe")])
    committed("theirs")
    git(tmp_path, "checkout", "--quiet", "main")
    write_tools(folder, [tool("egret"), tool("heron", "Tern Studio", days=2), tool("heron-2")])
    append_decisions(folder, [merge("heron-2", "heron"), accept("heron")])
    committed("ours")
    git(tmp_path, "merge", "--quiet", "--no-edit", "theirs")

    desk = read_desk(folder, ["data"])
    assert [(one.slug, one.accepted) for one in desk.tools] == [("grebe", True), ("heron", True)]
    assert {seen.source for seen in desk.tools[1].sightings} == {"Launch Pad", "Show HN", "Tern Studio"}
    assert [one.slug for one in desk.ignored] == ["egret"]
