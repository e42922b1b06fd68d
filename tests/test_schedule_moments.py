"""A schedule says what is due when, and an issue is named by the ISO week of the day it goes out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from digest.model.week import WEEKDAYS, Schedule, monday_of, week_id

# half an hour of daylight saving, changes at midnight, changes on a Friday, both ends of the day, and none at all
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "America/Nuuk",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Niue",
]
week_times = st.builds(
    "{} {:02}:{:02}".format, st.sampled_from(WEEKDAYS), st.integers(0, 23), st.sampled_from([0, 5, 30, 45, 59])
)
weeks = st.dates(date(2020, 1, 6), date(2036, 12, 28)).map(week_id)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Any schedule that digest.toml may hold: steps up to a week before the letter, in their order."""
    steps = {name: draw(week_times) for name in ("cutoff", "draft", "remind", "send", "give_up")}
    try:
        return Schedule(timezone=draw(st.sampled_from(ZONES)), **steps)
    except ValidationError:
        steps["cutoff"] = steps["draft"] = steps["send"]
        return Schedule(timezone=draw(st.sampled_from(ZONES)), **steps)


def night(timezone: str, **steps: str) -> Schedule:
    return Schedule(timezone=timezone, **{"remind": "Saturday 12:00", **steps})


@given(schedules(), weeks)
@example(
    night("Europe/Berlin", cutoff="Sunday 02:45", draft="Sunday 03:00", send="Sunday 03:15", give_up="Monday 12:00"),
    "2026-W13",
)
@example(
    night("Europe/Berlin", cutoff="Sunday 02:00", draft="Sunday 02:15", send="Sunday 02:45", give_up="Sunday 03:15"),
    "2026-W13",
)
@example(
    night("America/New_York", cutoff="Sunday 02:45", draft="Sunday 02:45", send="Sunday 03:15", give_up="Monday 12:00"),
    "2026-W10",
)
@example(
    night("Europe/Berlin", cutoff="Sunday 02:45", draft="Sunday 02:45", send="Sunday 02:45", give_up="Sunday 03:00"),
    "2026-W43",
)
def test_the_steps_of_an_issue_follow_each_other_in_every_week_of_every_zone(schedule: Schedule, issue: str) -> None:
    moments = schedule.moments(issue)

    assert moments.cutoff <= moments.draft <= moments.send < moments.give_up
    assert moments.remind <= moments.send
    assert moments.send - moments.cutoff <= timedelta(days=7, hours=2)


@given(schedules(), weeks)
def test_the_letter_goes_out_on_a_day_of_the_week_it_is_named_by(schedule: Schedule, issue: str) -> None:
    day = schedule.moments(issue).send.astimezone(schedule.zone).date()

    assert week_id(day) == issue
    assert day == schedule.send_date(issue)


@given(schedules(), weeks)
@example(
    night("Europe/Berlin", cutoff="Sunday 02:15", draft="Sunday 02:15", send="Sunday 02:45", give_up="Sunday 03:15"),
    "2026-W13",
)
def test_each_step_comes_later_than_the_same_step_of_the_week_before(schedule: Schedule, issue: str) -> None:
    after = week_id(monday_of(issue) + timedelta(days=7))

    for name, moment, next_one in zip(
        ("cutoff", "draft", "remind", "send", "give_up"), schedule.moments(issue), schedule.moments(after), strict=True
    ):
        assert moment < next_one, name


@pytest.mark.parametrize(
    ("timezone", "issue", "send", "moment"),
    [
        pytest.param("Europe/Berlin", "2026-W13", "Sunday 02:30", "2026-03-29T01:30Z", id="missing in Berlin: 03:30"),
        pytest.param("Europe/Berlin", "2026-W43", "Sunday 02:30", "2026-10-25T00:30Z", id="twice in Berlin: the first"),
        pytest.param("America/New_York", "2026-W10", "Sunday 02:30", "2026-03-08T07:30Z", id="missing in New York"),
        pytest.param("America/New_York", "2026-W44", "Sunday 01:30", "2026-11-01T05:30Z", id="twice in New York"),
        pytest.param("Australia/Lord_Howe", "2026-W40", "Sunday 02:15", "2026-10-03T15:45Z", id="half an hour missing"),
        pytest.param("America/New_York", "2026-W47", "Sunday 23:30", "2026-11-23T04:30Z", id="Monday elsewhere"),
        pytest.param("Pacific/Kiritimati", "2026-W47", "Monday 00:30", "2026-11-15T10:30Z", id="Sunday elsewhere"),
        pytest.param("Europe/Berlin", "2026-W53", "Friday 09:00", "2027-01-01T08:00Z", id="week 53 in the next year"),
        pytest.param("Europe/Berlin", "2027-W01", "Monday 09:00", "2027-01-04T08:00Z", id="after week 53"),
        pytest.param("Europe/Berlin", "2025-W01", "Monday 09:00", "2024-12-30T08:00Z", id="week 1 in the old year"),
    ],
)
def test_a_clock_time_is_a_moment(timezone: str, issue: str, send: str, moment: str) -> None:
    schedule = Schedule(timezone=timezone, cutoff=send, draft=send, remind=send, send=send, give_up="Wednesday 12:00")

    assert schedule.moments(issue).send == datetime.fromisoformat(moment)


def test_steps_out_of_their_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="must follow each other"):
        Schedule(cutoff="Thursday 18:00", draft="Wednesday 18:00", send="Friday 09:00")


def test_the_calendar_passes_skipped_weeks_over_in_both_directions() -> None:
    schedule = Schedule(skip=("2026-W52", "2026-W53"))

    assert list(islice(schedule.weeks_from(date(2026, 12, 14)), 3)) == ["2026-W51", "2027-W01", "2027-W02"]
    assert schedule.previous_week("2027-W01") == "2026-W51"


@pytest.mark.parametrize("name", ["2027-W53", "2026-W54", "2026-W00", "2026-47", "2026-W47-", "../2026-W47"])
def test_a_week_that_no_calendar_has_names_no_issue(name: str) -> None:
    with pytest.raises(ValueError):
        monday_of(name)


def test_the_moments_of_a_zone_are_the_same_on_a_server_on_utc() -> None:
    schedule = Schedule(timezone="America/New_York", send="Sunday 23:30")

    assert schedule.moments("2026-W47").send.tzinfo is UTC
    assert schedule.moments("2026-W47").send.astimezone(ZoneInfo("America/New_York")).strftime("%A %H:%M") == (
        "Sunday 23:30"
    )
