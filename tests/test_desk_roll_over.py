"""What was decided stays decided: when tools roll over, when they come back, when they are sighted again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import Newsroom, newsroom

from digest.errors import DigestError
from digest.issues import desk_file
from digest.issues.desk import DeskDecision
from digest.issues.desk_file import read_desk
from digest.issues.folder import write_tools
from digest.jobs import approve as decisions
from digest.jobs.desk import decide

MONDAY = "2026-11-16 12:00"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """A publication with four tools for 2026-W47."""
    with newsroom(tmp_path / "letter") as room:
        room.ships("2026-11-16 10:00", "Copperline", "Driftwood", "Egret", "Heron")
        room.tick(MONDAY)
        yield room


def say(room: Newsroom, decision: str, tool: str, **more: str) -> None:
    decide(room.publication, [DeskDecision.model_validate({"decision": decision, "tool": tool, "by": "Ann", **more})])


def desk(room: Newsroom, issue: str) -> tuple[list[str], list[str]]:
    """The slugs that the desk of an issue shows, and those that it ignores."""
    found = read_desk(room.standing(issue).folder)
    return [tool.slug for tool in found.tools], [tool.slug for tool in found.ignored]


def test_an_ignored_tool_is_never_shown_again_when_it_is_sighted_later(room: Newsroom) -> None:
    say(room, "ignore", "egret")
    room.tick("2026-11-19 09:00")
    room.approve("2026-W47", "2026-11-19 12:00")
    room.tick("2026-11-20 09:00")
    assert room.sent_issues() == ["2026-W47"]

    # the same page again, weeks later
    room.ships("2026-12-07 10:00", "Egret", "Grebe")
    room.tick("2026-12-10 09:00")
    assert room.tools("2026-W50") == ["grebe"]
    assert "Egret" not in room.standing("2026-W50").folder.text.read_text(encoding="utf-8")
    assert "Egret" not in room.standing("2026-W47").folder.text.read_text(encoding="utf-8")


def test_a_merged_tool_that_is_sighted_again_stays_merged(room: Newsroom) -> None:
    say(room, "merge", "egret", into="heron")
    room.ships("2026-11-17 10:00", "Egret")
    room.tick("2026-11-17 13:00")
    assert desk(room, "2026-W47") == (["copperline", "driftwood", "heron"], [])
    assert len(read_desk(room.standing("2026-W47").folder).tools[-1].sightings) == 2


def test_a_possible_merge_is_asked_about_until_it_is_answered(room: Newsroom) -> None:
    room.ships("2026-11-17 10:00", "Heron DB")

    def asked(at: str) -> bool:
        warnings = [warning for stage in room.tick(at).stages for warning in stage.warnings]
        return "perhaps one tool: heron and heron-db (nearly the same name within seven days)" in warnings

    assert asked("2026-11-17 13:00")
    say(room, "merge", "heron-db", into="heron")
    room.ships("2026-11-17 14:00", "Heron DB")
    assert not asked("2026-11-17 15:00")


def test_decisions_roll_over_with_their_tools_and_come_back_with_them(room: Newsroom) -> None:
    say(room, "ignore", "egret")
    say(room, "merge", "driftwood", into="copperline")
    room.skip("2026-W47", "2026-11-18 12:00")
    assert desk(room, "2026-W47") == ([], [])
    assert desk(room, "2026-W48") == (["copperline", "heron"], ["egret"])
    assert not room.standing("2026-W47").folder.desk.exists()

    say(room, "rename", "heron", name="Stork")
    room.unapprove("2026-W47", "2026-11-18 13:00")
    assert desk(room, "2026-W47") == (["copperline", "heron"], ["egret"])
    assert read_desk(room.standing("2026-W47").folder).tools[1].name == "Stork"
    assert not room.standing("2026-W48").folder.desk.exists()


def test_tools_that_were_merged_across_weeks_come_back_together(room: Newsroom) -> None:
    room.skip("2026-W47", "2026-11-18 12:00")
    room.ships("2026-11-20 10:00", "Ibis", "Jay")
    room.tick("2026-11-20 12:00")
    say(room, "merge", "ibis", into="heron")
    say(room, "accept", "jay")

    room.unapprove("2026-W47", "2026-11-20 13:00")
    assert desk(room, "2026-W47") == (["copperline", "driftwood", "egret", "heron"], [])
    assert desk(room, "2026-W48") == (["jay"], [])


def test_an_issue_that_is_given_up_hands_its_decisions_on(room: Newsroom) -> None:
    say(room, "ignore", "egret")
    room.tick("2026-11-19 09:00")
    # the time of the first week passes; its tools go into the next letter, but for the ignored one
    room.tick("2026-11-26 09:00")
    shown, ignored = desk(room, "2026-W48")
    assert (shown, ignored) == (["copperline", "driftwood", "heron"], ["egret"])
    assert "Egret" not in room.standing("2026-W48").folder.text.read_text(encoding="utf-8")


@pytest.mark.parametrize("after", ["tools there", "decisions there", "decisions gone"])
def test_a_roll_over_that_was_killed_is_done_again(room: Newsroom, monkeypatch: pytest.MonkeyPatch, after: str) -> None:
    say(room, "ignore", "egret")
    say(room, "accept", "heron")

    def killed(*_: object) -> None:
        raise DigestError("killed")

    with monkeypatch.context() as patch:
        if after == "tools there":
            patch.setattr(decisions, "move_decisions", killed)
        elif after == "decisions there":
            patch.setattr(desk_file, "_without", killed)
        else:
            calls = iter([write_tools, killed])
            patch.setattr(decisions, "write_tools", lambda *given: next(calls)(*given))
        with pytest.raises(DigestError, match="killed"):
            room.skip("2026-W47", "2026-11-18 12:00")
    for issue in ("2026-W47", "2026-W48"):
        read_desk(room.standing(issue).folder)  # neither desk names a tool that its issue lacks

    room.skip("2026-W47", "2026-11-18 12:01")
    assert desk(room, "2026-W48") == (["copperline", "driftwood", "heron"], ["egret"])
    assert room.standing("2026-W48").folder.desk.read_text(encoding="utf-8").count("\n") == 2
    assert room.tools("2026-W47") == []
