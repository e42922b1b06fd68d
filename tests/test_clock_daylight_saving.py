"""Daylight saving, week 53, the turn of the year, and a server whose own clock is set to another zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import CommandLine
from newsroom import COMPARABLE, Newsroom, newsroom

pytestmark = pytest.mark.long


def hours(room: Newsroom, first: str, last: str, *, minutes: int = 60) -> list[datetime]:
    """Every tick between two moments, in UTC, as cron on a server has them."""
    moment, end = room.local(first).astimezone(UTC), room.local(last).astimezone(UTC)
    ticks = []
    while moment <= end:
        ticks.append(moment)
        moment += timedelta(minutes=minutes)
    return ticks


def new_york(*values: str) -> Any:
    """The same on the other side of the ocean, among the slow tests."""
    return pytest.param("America/New_York", *values, marks=pytest.mark.long)


@pytest.mark.parametrize(
    ("timezone", "issue", "send", "saturday", "at"),
    [
        ("Europe/Berlin", "2026-W13", "Sunday 02:30", "2026-03-28", "2026-03-29T01:30Z"),
        ("Europe/Berlin", "2026-W43", "Sunday 02:30", "2026-10-24", "2026-10-25T00:30Z"),
        new_york("2026-W10", "Sunday 02:30", "2026-03-07", "2026-03-08T07:30Z"),
        new_york("2026-W44", "Sunday 01:30", "2026-10-31", "2026-11-01T05:30Z"),
    ],
)
def test_a_letter_due_in_the_night_of_the_change_goes_out_once_at_one_moment(
    timezone: str, issue: str, send: str, saturday: str, at: str, tmp_path: Path
) -> None:
    with newsroom(
        tmp_path / "letter", timezone=timezone, cutoff="Saturday 12:00", draft="Saturday 12:00", send=send
    ) as room:
        room.ships(f"{saturday} 10:00", *COMPARABLE)
        room.tick(f"{saturday} 13:00")
        room.approve(issue, f"{saturday} 14:00")
        due = datetime.fromisoformat(at)
        went = []
        for moment in (due + timedelta(minutes=minutes) for minutes in (-61, -60, -1, 0, 30, 60, 120)):
            before = len(room.letters())
            room.tick(moment)
            went += [moment] if len(room.letters()) > before else []

        assert went == [due]
        assert room.sent_issues() == [issue]


def test_the_weeks_of_the_holidays_are_passed_over_and_their_tools_come_in_the_new_year(tmp_path: Path) -> None:
    with newsroom(tmp_path / "letter", skip=["2026-W52", "2026-W53"]) as room:
        room.ships("2026-12-22 10:00", "Copperline", "Driftwood")
        assert room.tick("2026-12-22 12:00").exit_code == 0
        room.ships("2026-12-30 10:00", "Hushnote", "Minutely")
        for day in ("2026-12-25", "2026-12-28", "2027-01-01", "2027-01-04"):
            assert room.tick(f"{day} 12:30").exit_code == 0
        assert room.letters() == []
        assert room.tools("2027-W01") == [name.lower() for name in COMPARABLE]

        drafted = room.tick("2027-01-06 18:00")
        assert "approve it" in drafted.outcome
        room.approve("2027-W01", "2027-01-07 10:00")
        assert room.tick("2027-01-08 08:59").issue == "2027-W01"
        assert room.letters() == []
        assert room.tick("2027-01-08 09:00").exit_code == 0

        assert room.sent_issues() == ["2027-W01"]
        assert room.alerts == []


def test_a_week_that_is_skipped_in_digest_toml_later_lets_its_tools_go(tmp_path: Path) -> None:
    with newsroom(tmp_path / "letter", skip=[]) as room:
        room.ships("2026-12-22 10:00", *COMPARABLE)
        room.tick("2026-12-22 12:00")
        assert room.tools("2026-W52") == [name.lower() for name in COMPARABLE]
        toml = room.folder / "digest.toml"
        text = toml.read_text(encoding="utf-8")
        toml.write_text(text.replace("skip = []", 'skip = ["2026-W52", "2026-W53"]'), encoding="utf-8")

        room.tick("2026-12-23 18:00")

        assert room.tools("2026-W52") == []
        assert room.tools("2027-W01") == [name.lower() for name in COMPARABLE]


def test_week_53_has_a_letter_of_its_own(tmp_path: Path) -> None:
    with newsroom(tmp_path / "letter", skip=[]) as room:
        room.ships("2026-12-29 10:00", *COMPARABLE)
        room.tick("2026-12-30 18:00")
        room.approve("2026-W53", "2026-12-31 10:00")

        assert room.tick("2027-01-01 09:00").exit_code == 0
        assert room.sent_issues() == ["2026-W53"]
        assert "1 January 2027" in (room.folder / "issues" / "2026-W53" / "email.txt").read_text(encoding="utf-8")


def test_a_server_on_utc_names_a_sunday_night_letter_by_new_yorks_week(
    tmp_path: Path, digest_command: CommandLine
) -> None:
    with newsroom(
        tmp_path / "letter",
        head='approval = "automatic"',
        timezone="America/New_York",
        cutoff="Sunday 18:00",
        draft="Sunday 18:00",
        remind="Sunday 20:00",
        send="Sunday 23:30",
        give_up="Monday 12:00",
    ) as room:
        room.ships("2026-11-20 10:00", *COMPARABLE)

        def run(now: str) -> str:
            ran = digest_command("--now", now, "run", "--json", folder=room.folder, env={"TZ": "UTC"})
            assert ran.returncode == 0, ran.said
            return str(ran.json["issue"])

        # Sunday 22:30 in New York is Monday of the next week in UTC
        assert run("2026-11-23T03:30:00+00:00") == "2026-W47"
        assert room.letters() == []
        assert run("2026-11-23T04:35:00+00:00") == "2026-W47"
        assert room.sent_issues() == ["2026-W47"]
        assert "22 November 2026" in (room.folder / "issues" / "2026-W47" / "email.txt").read_text(encoding="utf-8")
        run("2026-11-23T05:35:00+00:00")
        assert room.sent_issues() == ["2026-W47"]


def test_hourly_ticks_over_a_fortnight_send_each_issue_once(tmp_path: Path) -> None:
    with newsroom(tmp_path / "letter") as room:
        room.ships("2026-10-19 10:00", "Copperline", "Driftwood")
        sent_at = {}
        # the fortnight holds the night in which an hour comes twice
        for moment in hours(room, "2026-10-19 12:00", "2026-11-02 12:00"):
            local = moment.astimezone(room.zone)
            if (local.month, local.day, local.hour) == (10, 27, 10):
                room.ships("2026-10-27 09:30", "Hushnote", "Minutely")
            before = len(room.letters())
            report = room.tick(moment)
            assert report.exit_code == 0, report.outcome
            if len(room.letters()) > before:
                sent_at[report.issue] = f"{local:%A %H:%M}"
            if local.weekday() == 3 and local.hour == 1:
                room.approve("2026-W43" if local.day < 25 else "2026-W44", local.isoformat())

        assert sent_at == {"2026-W43": "Friday 09:00", "2026-W44": "Friday 09:00"}
        assert room.sent_issues() == ["2026-W43", "2026-W44"]
        assert room.alerts == []
