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
from digest.jobs import desk_merges
from digest.jobs.desk import decide

pytestmark = pytest.mark.long

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


def ignored_weeks_ago(room: Newsroom) -> None:
    say(room, "ignore", "egret")
    room.tick("2026-11-19 09:00")
    room.approve("2026-W47", "2026-11-19 12:00")
    room.tick("2026-11-20 09:00")


def warnings_of(room: Newsroom, at: str) -> list[str]:
    return [warning for stage in room.tick(at).stages for warning in stage.warnings]


def test_an_ignored_tool_stays_ignored_on_another_page_of_its_site(room: Newsroom) -> None:
    ignored_weeks_ago(room)
    room.ships("2026-12-07 10:00", "Egret", page="https://egret.example/second/edition")
    warnings_of(room, "2026-12-10 09:00")
    assert room.tools("2026-W50") == []


def test_what_only_shares_the_name_of_an_ignored_tool_is_asked_about(room: Newsroom) -> None:
    ignored_weeks_ago(room)
    room.ships("2026-12-07 10:00", "Egret", page="https://another.example/")
    asked = "perhaps one tool: egret-2 and egret (the same name as a tool that is ignored)"
    assert asked in warnings_of(room, "2026-12-10 09:00")
    assert room.tools("2026-W50") == ["egret-2"]

    # one word about it answers
    say(room, "accept", "egret-2")
    room.ships("2026-12-07 11:00", "Egret", page="https://another.example/news")
    assert asked not in warnings_of(room, "2026-12-10 10:00")


@pytest.mark.parametrize("step", ["move_decisions", "write_tools"])
@pytest.mark.parametrize("pair", [("ibis", "heron"), ("heron", "ibis")], ids=["to the older", "to the newer"])
def test_a_merge_across_issues_that_was_killed_is_done_again(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str], step: str
) -> None:
    room.ships("2026-11-20 10:00", "Ibis")
    room.tick("2026-11-19 09:00")
    assert room.tools("2026-W48") == ["ibis"]
    say(room, "category", pair[0], category="data")

    with monkeypatch.context() as patch:
        done = iter([getattr(desk_merges, step)] if step == "write_tools" else [])

        def killed(*given: object) -> None:
            for do in done:
                do(*given)
                return
            raise DigestError("killed")

        patch.setattr(desk_merges, step, killed)
        with pytest.raises(DigestError, match="killed"):
            say(room, "merge", pair[0], into=pair[1])
    for issue in ("2026-W47", "2026-W48"):
        read_desk(room.standing(issue).folder)  # neither desk names a tool that its issue lacks

    say(room, "merge", pair[0], into=pair[1])
    found = [*room.tools("2026-W47"), *room.tools("2026-W48")]
    assert sorted(found) == sorted(set(found))
    issue = "2026-W47" if pair[1] == "heron" else "2026-W48"
    assert set(pair) <= set(room.tools(issue))
    assert pair[0] not in desk(room, issue)[0]


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
