"""desk.yaml: appended by the program, edited by people, its mistakes named all at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile
from digest.issues.desk import DeskDecision
from digest.issues.desk_file import append_decisions, move_decisions, read_desk, read_desk_tools
from digest.issues.folder import IssueFolder, write_tools
from digest.model.tool import Tool

CATEGORIES = ("data", "design")
HERON = DeskDecision(decision="ignore", tool="heron", by="Ann", at=datetime(2026, 11, 18, 9, tzinfo=UTC), why="old")


@pytest.fixture
def folder(tmp_path: Path) -> IssueFolder:
    folder = IssueFolder("2026-W47", tmp_path / "2026-W47")
    write_tools(folder, [Tool(slug=slug, name=slug.title()) for slug in ("egret", "heron", "heron-2")])
    return folder


def mistakes(folder: IssueFolder, text: str) -> list[str]:
    folder.desk.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenFile) as caught:
        read_desk(folder, CATEGORIES)
    return [line.removeprefix(f"{folder.desk}:") for line in caught.value.mistakes]


def test_without_the_file_nothing_is_decided(folder: IssueFolder) -> None:
    assert [tool.slug for tool in read_desk_tools(folder)] == ["egret", "heron", "heron-2"]


def test_a_decision_is_one_line(folder: IssueFolder) -> None:
    append_decisions(folder, [HERON])
    assert folder.desk.read_text(encoding="utf-8") == (
        '- {decision: ignore, tool: heron, by: "Ann", at: "2026-11-18T09:00:00Z", why: "old"}\n'
    )
    assert read_desk(folder).decisions == (HERON,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# what the desk decided\n",
        "- decision: accept\n  tool: egret   # a good one\n",
        "- {decision: accept, tool: egret}",
        "---\n\n  - {decision: accept, tool: egret}\n  # the last word\n",
        "- decision: accept\r\n  tool: egret\r\n",
        "\ufeff- {decision: accept, tool: egret}\n",
    ],
)
def test_what_stands_there_stays_byte_for_byte(folder: IssueFolder, text: str) -> None:
    folder.desk.write_bytes(text.encode())
    before = read_desk(folder).decisions
    append_decisions(folder, [HERON])

    after = folder.desk.read_bytes()
    assert after.startswith(text.encode())
    assert after.count(b"\r") == (text.count("\r") and text.count("\r") + 1)
    assert read_desk(folder).decisions == (*before, HERON)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[]\n", "[{decision: ignore"),
        ("[{decision: accept, tool: egret}] # mine\n", "[{decision: accept, tool: egret}, {decision: ignore"),
        ("[\n  {decision: accept, tool: egret},\n]\n", "[\n  {decision: accept, tool: egret},\n{decision: ignore"),
    ],
)
def test_a_list_in_brackets_is_added_to_inside_them(folder: IssueFolder, text: str, start: str) -> None:
    folder.desk.write_text(text, encoding="utf-8")
    append_decisions(folder, [HERON])
    assert folder.desk.read_text(encoding="utf-8").startswith(start)
    assert read_desk(folder).decisions[-1] == HERON


def test_a_file_that_cannot_be_added_to_is_left_alone(folder: IssueFolder) -> None:
    text = "- {decision: accept, tool: egret}\n...\n"
    folder.desk.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenInput, match="nothing can be added to this list; write each decision on a line"):
        append_decisions(folder, [HERON])
    assert folder.desk.read_text(encoding="utf-8") == text


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_words_come_back_as_they_were_said(tmp_path_factory: pytest.TempPathFactory, by: str, why: str) -> None:
    folder = IssueFolder("2026-W47", tmp_path_factory.mktemp("desk"))
    said = DeskDecision(decision="ignore", tool="null", by=by, why=why)
    write_tools(folder, [Tool(slug="null", name="Null")])
    append_decisions(folder, [said])
    append_decisions(folder, [said])
    assert read_desk(folder).decisions == (said, said)
    assert folder.desk.read_text(encoding="utf-8").count("\n") == 2


def test_what_was_called_separate_may_belong_to_another_issue(folder: IssueFolder) -> None:
    folder.desk.write_text("- {decision: separate, tool: egret, other: ibis}\n", encoding="utf-8")
    assert read_desk(folder, CATEGORIES).separate == {frozenset(("egret", "ibis"))}
    assert mistakes(
        folder, "- {decision: separate, tool: egret}\n- {decision: separate, tool: egret, other: egret}\n"
    ) == [
        "1:3: other: is missing; `separate` needs it",
        "2:37: other: egret is one tool; take the line out",
    ]


def test_every_mistake_is_named_at_once_with_its_place(folder: IssueFolder) -> None:
    text = """\
- decision: accpet
  tool: egret
- {decision: ignore, tool: herno}
- {decision: merge, tool: egret}
- {decision: merge, tool: egret, into: nobody-at-all}
- {decision: merge, tool: egret, into: egret}
- {decision: accept, tool: egret, name: Egret}
- {decision: category, tool: egret, category: dta}
- heron
- {decision: rename, tool: egret, name: "", when: now}
"""
    assert mistakes(folder, text) == [
        "1:3: decision: must be 'accept', 'ignore', 'merge', 'separate', 'rename' or 'category'; found \"accpet\"",
        '3:22: tool: no tool of this issue is called "herno"; did you mean heron?',
        "4:3: into: is missing; `merge` needs it",
        '5:34: into: no tool of this issue is called "nobody-at-all"; take the line out',
        "6:34: into: egret cannot be merged into itself; take the line out",
        "7:35: name: does not go with `accept`; take it out",
        '8:37: category: no category is called "dta"; did you mean data?',
        "9:3: must be a decision such as {decision: ignore, tool: heron}",
        "10:35: name: is empty; fill it in",
        "10:45: when: is not a field that is known here; check its spelling or take it out",
    ]


def test_a_circle_is_named_at_the_line_that_closes_it(folder: IssueFolder) -> None:
    text = """\
- {decision: merge, tool: heron-2, into: heron}
- {decision: accept, tool: egret}
- {decision: merge, tool: heron, into: heron-2}
"""
    circle = "merges in a circle (heron into heron-2 into heron); take one of these lines out"
    assert mistakes(folder, text) == [f"3:34: {circle}"]


def test_text_instead_of_a_list_is_a_mistake(folder: IssueFolder) -> None:
    assert mistakes(folder, "decision: accept\n") == ["1:1: must be a list of decisions, newest last"]


def test_a_closed_issue_may_name_a_category_that_the_publication_dropped(folder: IssueFolder) -> None:
    folder.desk.write_text("- {decision: category, tool: egret, category: maps}\n", encoding="utf-8")
    assert read_desk_tools(folder)[0].category == "maps"


def test_decisions_move_with_their_tools_and_the_rest_stays(folder: IssueFolder, tmp_path: Path) -> None:
    after = IssueFolder("2026-W48", tmp_path / "2026-W48")
    folder.desk.write_text(
        "# ours\n- {decision: accept, tool: egret}  # theirs\n- decision: ignore\n  tool: heron\n  # stays\n"
        "- decision: accept\n  tool: heron-2\n",
        encoding="utf-8",
    )
    for _ in range(2):  # a kill may repeat it
        move_decisions(folder, after, ["egret", "heron-2"])
    assert folder.desk.read_text(encoding="utf-8") == "# ours\n- decision: ignore\n  tool: heron\n  # stays\n"
    assert after.desk.read_text(encoding="utf-8") == (
        "- {decision: accept, tool: egret}\n- {decision: accept, tool: heron-2}\n"
    )


@pytest.mark.parametrize("text", ["[{decision: accept, tool: egret}]", "-\n  decision: accept\n  tool: egret\n"])
def test_a_desk_from_which_everything_moved_is_taken_away(folder: IssueFolder, tmp_path: Path, text: str) -> None:
    after = IssueFolder("2026-W48", tmp_path / "2026-W48")
    folder.desk.write_text(text, encoding="utf-8")
    move_decisions(folder, after, ["egret"])
    assert not folder.desk.exists()
    assert after.desk.read_text(encoding="utf-8") == "- {decision: accept, tool: egret}\n"
