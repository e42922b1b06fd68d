"""Issues are named by the ISO week they go out in; a schedule says what is due when in that week.

All arithmetic is done on the publication's own clock face and then turned into moments (UTC), so that daylight saving,
week 53 and the turn of the year come out as a person with a calendar would have it. A clock time that does not exist
on the night the clocks go forward is the moment an hour later; one that exists twice is the first of the two (PEP 495,
fold=0), so nothing is due twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, model_validator

from digest.model.noun import Noun

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ISSUE = re.compile(r"^(\d{4})-W(\d{2})(-[a-z0-9]+(?:-[a-z0-9]+)*)?$")
_UNITS = {"minute": 1, "hour": 60, "day": 1440}


def checked_issue_id(issue: str) -> str:
    """An issue's id, checked.

    Raises:
        ValueError: It is not `YYYY-Www`, perhaps with a suffix, or that year has no such week.
    """
    found = _ISSUE.match(issue)
    if not found:
        raise ValueError("must be a week such as 2026-W47, or a week with a suffix such as 2026-W47-special")
    try:
        date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise ValueError(f"{found[1]} has no week {found[2]}") from None
    return issue


def monday_of(issue: str) -> date:
    """The Monday of the week an issue goes out in."""
    year, week = checked_issue_id(issue)[:8].split("-W")
    return date.fromisocalendar(int(year), int(week), 1)


def week_id(day: date) -> str:
    """The id of the ISO week a day lies in."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


class WeekTime(NamedTuple):
    """A moment that comes round every week, on the publication's clock."""

    weekday: int
    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.hour:02}:{self.minute:02}"

    def before(self, day: date, at: time) -> tuple[date, time]:
        """The last such clock time that is not after the given one."""
        own = time(self.hour, self.minute)
        back = (day.weekday() - self.weekday) % 7
        return (day - timedelta(days=7 if back == 0 and own > at else back)), own

    def after(self, day: date, at: time) -> tuple[date, time]:
        """The first such clock time that is after the given one."""
        own = time(self.hour, self.minute)
        ahead = (self.weekday - day.weekday()) % 7
        return (day + timedelta(days=7 if ahead == 0 and own <= at else ahead)), own


def checked_week_time(text: str) -> str:
    """`Friday 09:00` as it is, or a ValueError that says what would be right."""
    week_time(text)
    return text


def week_time(text: str) -> WeekTime:
    """Read a weekday and a time of day, such as `Friday 09:00`.

    Raises:
        ValueError: It is not that.
    """
    found = re.match(r"^([A-Za-z]+) (\d{1,2}):(\d{2})$", text.strip())
    names = [name for name in WEEKDAYS if found and name.lower().startswith(found[1].lower()) and len(found[1]) >= 3]
    if not found or not names or int(found[2]) > 23 or int(found[3]) > 59:
        raise ValueError('must be a weekday and a time, such as "Friday 09:00"')
    return WeekTime(WEEKDAYS.index(names[0]), int(found[2]), int(found[3]))


def interval(text: str) -> timedelta:
    """Read how often something happens: `30 minutes`, `1 hour`, `2 days`.

    Raises:
        ValueError: It is not that.
    """
    found = re.match(r"^(?:every )?(\d+) (minute|hour|day)s?$", text.strip())
    if not found or int(found[1]) == 0:
        raise ValueError('must be an interval, such as "1 hour" or "30 minutes"')
    return timedelta(minutes=int(found[1]) * _UNITS[found[2]])


def _checked_interval(text: str) -> str:
    interval(text)
    return text


def _checked_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError('must be a time zone such as "Europe/Berlin" or "America/New_York"') from None
    return name


class Moments(NamedTuple):
    """When the steps of one issue are due, in UTC."""

    cutoff: datetime
    draft: datetime
    remind: datetime
    send: datetime
    give_up: datetime


class Schedule(Noun):
    """What is due when, in the publication's time zone.

    Attributes:
        collect: How often the feeds are polled.
        cutoff: Tools shipped until then are this issue's.
        draft: When the issue is paired and built for the editors.
        remind: When an issue without approval is called to mind.
        send: When it goes out; the issue is named by the week of this day.
        give_up: From then on an unsent issue never goes out.
        skip: Weeks without a letter; their tools roll over.
    """

    timezone: Annotated[str, AfterValidator(_checked_zone)] = "UTC"
    collect: Annotated[str, AfterValidator(_checked_interval)] = "1 hour"
    cutoff: Annotated[str, AfterValidator(checked_week_time)] = "Wednesday 18:00"
    draft: Annotated[str, AfterValidator(checked_week_time)] = "Wednesday 18:00"
    remind: Annotated[str, AfterValidator(checked_week_time)] = "Thursday 15:00"
    send: Annotated[str, AfterValidator(checked_week_time)] = "Friday 09:00"
    give_up: Annotated[str, AfterValidator(checked_week_time)] = "Monday 12:00"
    skip: tuple[Annotated[str, AfterValidator(checked_issue_id)], ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Schedule:
        # clock faces are compared, not moments: a schedule is in order whatever the clocks do in one week
        day, at = self._send_face("2026-W10")
        if week_time(self.cutoff).before(day, at) > week_time(self.draft).before(day, at):
            raise ValueError(
                f"cutoff, draft and send must follow each other in that order in the seven days before {self.send}"
            )
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The publication's time zone."""
        return ZoneInfo(self.timezone)

    def moments(self, issue: str) -> Moments:
        """When the steps of an issue are due.

        Args:
            issue: The issue's id.

        Returns:
            The moments in UTC: cutoff, draft and remind are the last ones before the letter goes out, give_up the
            first one after.
        """
        day, at = self._send_face(issue)
        end = week_time(self.give_up).after(day, at)
        send, give_up = self._moment(day, at), self._moment(*end)
        # around the hour that a night leaves out, moments can swap where clock times do not: their order is kept
        if give_up <= send:
            give_up = send + (datetime.combine(*end) - datetime.combine(day, at))
        draft = min(self._moment(*week_time(self.draft).before(day, at)), send)
        return Moments(
            cutoff=min(self._moment(*week_time(self.cutoff).before(day, at)), draft),
            draft=draft,
            remind=min(self._moment(*week_time(self.remind).before(day, at)), send),
            send=send,
            give_up=give_up,
        )

    def send_date(self, issue: str) -> date:
        """The day an issue goes out, on the publication's calendar."""
        return self._send_face(issue)[0]

    def weeks_from(self, day: date) -> Iterator[str]:
        """The issues of the calendar from a day's week on, without the skipped ones."""
        monday = day - timedelta(days=day.weekday())
        while True:
            if week_id(monday) not in self.skip:
                yield week_id(monday)
            monday += timedelta(days=7)

    def previous_week(self, issue: str) -> str:
        """The calendar's issue before this one, skipped weeks passed over."""
        monday = monday_of(issue) - timedelta(days=7)
        while week_id(monday) in self.skip:
            monday -= timedelta(days=7)
        return week_id(monday)

    def _send_face(self, issue: str) -> tuple[date, time]:
        send = week_time(self.send)
        return monday_of(issue) + timedelta(days=send.weekday), time(send.hour, send.minute)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)
