"""What is held before its time is fine; what is held past it is said aloud, once; what is too late never goes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import COMPARABLE, Newsroom, newsroom

from digest.errors import Refused

pytestmark = pytest.mark.long

SLUGS = [name.lower() for name in COMPARABLE]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """A publication whose tools for 2026-W47 are collected; the issue is drafted on Wednesday, due on Friday 09:00."""
    with newsroom(tmp_path / "letter") as room:
        room.ships("2026-11-16 10:00", *COMPARABLE)
        room.tick("2026-11-16 12:00")
        yield room


def test_before_its_time_it_waits_in_peace(room: Newsroom) -> None:
    report = room.tick("2026-11-19 14:59")

    assert report.exit_code == 0
    assert "2026-W47 waits for approval and goes out on Friday 20 November, 09:00" in report.outcome
    assert room.alerts == []


def test_the_reminder_comes_once(room: Newsroom) -> None:
    for at in ("2026-11-19 15:00", "2026-11-19 16:00", "2026-11-20 08:59"):
        assert room.tick(at).exit_code == 0

    assert len(room.alerts) == 1
    assert room.alerts[0].startswith("2026-W47 waits for approval and goes out on Friday")


def test_past_its_time_it_is_held_aloud_with_one_alert(room: Newsroom) -> None:
    reports = [room.tick(at) for at in ("2026-11-20 09:00", "2026-11-20 10:00", "2026-11-22 12:00")]

    assert [report.exit_code for report in reports] == [5, 5, 5]
    assert len(room.alerts) == 1
    assert "past its time" in room.alerts[0]
    assert room.letters() == []
    room.approve("2026-W47", "2026-11-22 13:00")
    assert room.tick("2026-11-22 14:00").exit_code == 0
    assert room.sent_issues() == ["2026-W47"]


def test_an_alert_that_was_not_taken_is_tried_again_and_then_said_once(room: Newsroom) -> None:
    room.refuse = True
    report = room.tick("2026-11-20 09:00")
    assert any("the alert could not be sent" in warning for stage in report.stages for warning in stage.warnings)
    room.refuse = False
    room.alerts.clear()

    room.tick("2026-11-20 10:00")
    room.tick("2026-11-20 11:00")

    assert len(room.alerts) == 1


def test_a_sign_of_life_follows_good_runs_only(room: Newsroom) -> None:
    room.pings.clear()
    room.tick("2026-11-19 10:00")
    assert len(room.pings) == 1
    room.tick("2026-11-20 09:00")
    assert len(room.pings) == 1
    room.approve("2026-W47", "2026-11-20 09:30")
    room.tick("2026-11-20 10:00")
    assert len(room.pings) == 2


def test_a_server_that_was_down_from_thursday_to_monday_sends_inside_the_window(room: Newsroom) -> None:
    room.tick("2026-11-19 10:00")
    room.approve("2026-W47", "2026-11-19 11:00")

    report = room.tick("2026-11-23 11:59")

    assert report.exit_code == 0
    assert room.sent_issues() == ["2026-W47"]
    assert room.alerts == []


@pytest.mark.parametrize("approved", [True, False])
def test_after_the_window_it_is_given_up_aloud_once_and_its_tools_roll_over(room: Newsroom, approved: bool) -> None:
    room.tick("2026-11-19 10:00")
    if approved:
        room.approve("2026-W47", "2026-11-19 11:00")

    report = room.tick("2026-11-23 12:00")

    assert report.exit_code == 5
    assert "2026-W47 is given up" in report.outcome
    assert "Its 4 tools roll over to 2026-W48" in report.outcome
    assert len(room.alerts) == 1
    assert [room.tick(at).exit_code for at in ("2026-11-23 13:00", "2026-11-24 09:00", "2026-11-25 18:00")] == [0, 0, 0]
    assert len(room.alerts) == 1
    assert room.letters() == []
    assert room.tools("2026-W47") == []
    assert room.tools("2026-W48") == SLUGS
    with pytest.raises(Refused):
        room.approve("2026-W47", "2026-11-24 09:00")
    room.approve("2026-W48", "2026-11-26 09:00")
    room.tick("2026-11-27 09:00")
    assert room.sent_issues() == ["2026-W48"]


def test_a_week_that_no_run_saw_loses_no_tool(room: Newsroom) -> None:
    # collected on Monday, and the server was down until the Tuesday after
    report = room.tick("2026-11-24 10:00")

    assert report.exit_code == 5
    assert room.tools("2026-W48") == SLUGS
    assert room.tick("2026-11-24 11:00").exit_code == 0


def test_giving_up_that_was_killed_half_way_is_finished_by_the_next_run(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    room.tick("2026-11-19 10:00")
    with monkeypatch.context() as patched:
        patched.setattr("digest.jobs.approve.append_record", dies)
        with pytest.raises(Killed):
            room.tick("2026-11-23 12:00")
    assert room.tick("2026-11-23 13:00").exit_code == 5

    assert room.tick("2026-11-23 14:00").exit_code == 0
    assert room.standing("2026-W47").state == "given up"
    assert room.tools("2026-W48") == SLUGS
    assert len(room.alerts) == 1


def test_an_approved_issue_that_a_guard_holds_past_its_time_is_said_aloud(room: Newsroom) -> None:
    room.tick("2026-11-19 10:00")
    room.approve("2026-W47", "2026-11-19 11:00")
    (room.folder / "issues" / "2026-W47" / "email.html").write_text("<p>other</p>", encoding="utf-8")

    assert [room.tick(at).exit_code for at in ("2026-11-20 09:00", "2026-11-20 10:00")] == [3, 3]

    assert len(room.alerts) == 1
    assert "not the bytes that were approved" in room.alerts[0]
    assert room.letters() == []


def test_skip_lets_the_tools_roll_over_and_unapprove_takes_it_back(room: Newsroom) -> None:
    room.ships("2026-11-19 12:00", "Ledgerleaf")
    room.tick("2026-11-19 13:00")
    assert room.tools("2026-W48") == ["ledgerleaf"]

    room.skip("2026-W47", "2026-11-19 14:00")
    assert room.tools("2026-W47") == []
    assert room.tools("2026-W48") == sorted([*SLUGS, "ledgerleaf"])
    assert room.tick("2026-11-20 09:00").exit_code == 0
    assert room.letters() == []

    room.unapprove("2026-W47", "2026-11-20 09:30")
    assert room.standing("2026-W47").state == "draft"
    assert room.tools("2026-W47") == SLUGS
    assert room.tools("2026-W48") == ["ledgerleaf"]
    assert room.tick("2026-11-20 10:00").exit_code == 5
    room.approve("2026-W47", "2026-11-20 10:30")
    room.tick("2026-11-20 11:00")
    assert room.sent_issues() == ["2026-W47"]


def test_what_went_out_cannot_be_skipped_or_withdrawn(room: Newsroom) -> None:
    room.tick("2026-11-19 10:00")
    room.approve("2026-W47", "2026-11-19 11:00")
    room.tick("2026-11-20 09:00")

    with pytest.raises(Refused, match="went out"):
        room.skip("2026-W47", "2026-11-20 10:00")
    with pytest.raises(Refused, match="went out"):
        room.unapprove("2026-W47", "2026-11-20 10:00")
    assert room.tools("2026-W47") == SLUGS


def test_a_withdrawn_approval_sends_nothing(room: Newsroom) -> None:
    room.tick("2026-11-19 10:00")
    room.approve("2026-W47", "2026-11-19 11:00")
    room.unapprove("2026-W47", "2026-11-19 12:00")

    assert room.tick("2026-11-20 09:00").exit_code == 5
    assert room.letters() == []


def test_an_automatic_publication_sends_at_its_time_and_not_before(tmp_path: Path) -> None:
    with newsroom(tmp_path / "letter", head='approval = "automatic"\napprovals = 2') as room:
        room.ships("2026-11-16 10:00", *COMPARABLE)
        for at in ("2026-11-18 18:00", "2026-11-20 08:59"):
            assert room.tick(at).exit_code == 0
        assert room.letters() == []
        assert room.standing("2026-W47").state == "draft"

        assert room.tick("2026-11-20 09:00").exit_code == 0
        assert room.sent_issues() == ["2026-W47"]
        assert room.tick("2026-11-20 10:00").exit_code == 0
        assert room.sent_issues() == ["2026-W47"]


def test_two_approvals_are_two_different_people_and_the_same_bytes(tmp_path: Path) -> None:
    with newsroom(tmp_path / "letter", head="approvals = 2") as room:
        room.ships("2026-11-16 10:00", *COMPARABLE)
        room.tick("2026-11-18 18:00")
        room.approve("2026-W47", "2026-11-19 10:00", by="Ann")
        with pytest.raises(Refused, match="2 different people"):
            room.approve("2026-W47", "2026-11-19 10:05", by="Ann")
        assert "(1 of 2)" in room.tick("2026-11-19 11:00").outcome

        # a change between the two starts the count anew
        draft = room.folder / "issues" / "2026-W47" / "issue.yaml"
        text = draft.read_text(encoding="utf-8")
        draft.write_text(text.replace("subject: ", 'subject: "Another one" # ', 1), encoding="utf-8")
        room.tick("2026-11-19 12:00")
        room.approve("2026-W47", "2026-11-19 12:30", by="Bob")
        assert room.tick("2026-11-20 09:00").exit_code == 5
        room.approve("2026-W47", "2026-11-20 09:30", by="Ann")
        assert room.tick("2026-11-20 10:00").exit_code == 0
        assert room.sent_issues() == ["2026-W47"]


def test_nothing_is_collected_into_an_issue_once_it_is_approved(room: Newsroom) -> None:
    room.tick("2026-11-18 18:00")
    room.approve("2026-W47", "2026-11-18 19:00")
    built = (room.folder / "issues" / "2026-W47" / "email.html").read_bytes()
    room.ships("2026-11-17 10:00", "Ledgerleaf", "Tidepool")

    room.tick("2026-11-20 09:00")

    assert room.tools("2026-W47") == SLUGS
    assert room.tools("2026-W48") == ["ledgerleaf", "tidepool"]
    assert (room.folder / "issues" / "2026-W47" / "email.html").read_bytes() == built
