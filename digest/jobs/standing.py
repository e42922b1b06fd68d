"""Where an issue stands: draft, approved, sending, sent, skipped, or given up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from digest.errors import BrokenInput
from digest.issues.approval import Approval, approval_of, read_records
from digest.issues.folder import IssueFolder, issue_folder, issue_folders
from digest.issues.sent import Sent, read_sent
from digest.model.week import Moments
from digest.publication import Publication

State = Literal["draft", "approved", "sent", "skipped", "given up"]
_A_WEEK = timedelta(days=7)


class Standing(NamedTuple):
    """Where an issue stands, as its files and the calendar say it."""

    folder: IssueFolder
    moments: Moments
    state: State
    approval: Approval
    sent: Sent | None

    @property
    def issue(self) -> str:
        """The issue's id."""
        return self.folder.id

    @property
    def is_closed(self) -> bool:
        """Whether nothing is collected, paired or built for it any more."""
        return self.state != "draft"


def standing_of(publication: Publication, issue: str) -> Standing:
    """Where an issue stands.

    Raises:
        BrokenInput: That is no issue's id, or one of its files is broken.
    """
    try:
        folder = issue_folder(publication.folder, issue)
    except ValueError as error:
        raise BrokenInput(f'"{issue}" {error}', cure="say --week 2026-W47, for example") from None
    sent = read_sent(folder)
    approval = approval_of(read_records(folder))
    skipped = approval.skipped is not None or issue in publication.schedule.skip
    state: State = "draft"
    if sent is not None:
        state = "sent"
    elif skipped:
        state = "skipped"
    elif approval.given_up:
        state = "given up"
    elif approval.is_approved(publication.settings.approvals):
        state = "approved"
    return Standing(folder, publication.schedule.moments(issue), state, approval, sent)


def all_standings(publication: Publication) -> tuple[Standing, ...]:
    """Every issue that has a folder, oldest first."""
    return tuple(standing_of(publication, folder.id) for folder in issue_folders(publication.folder))


def next_open(publication: Publication, now: datetime, *, shipped: datetime | None = None) -> str:
    """The issue that a tool belongs to: the oldest open one whose cutoff is not before the day it shipped.

    Args:
        publication: The publication.
        now: The moment.
        shipped: When the tool shipped; None counts it to the issue that is at hand.
    """
    for issue in publication.schedule.weeks_from(_local_day(publication, now) - _A_WEEK):
        standing = standing_of(publication, issue)
        if standing.is_closed or standing.moments.give_up <= now:
            continue
        if shipped is None or shipped <= standing.moments.cutoff:
            return issue
    raise AssertionError("the calendar has no end")


def issue_at_hand(publication: Publication, now: datetime, week: str | None) -> Standing:
    """The issue that a command is about: the named one, else the oldest approved unsent one, else the next one due.

    Raises:
        BrokenInput: `week` is no issue's id.
    """
    if week is not None:
        return standing_of(publication, week)
    waiting = [one for one in all_standings(publication) if one.state == "approved" and now < one.moments.give_up]
    return waiting[0] if waiting else standing_of(publication, next_open(publication, now))


def _local_day(publication: Publication, now: datetime) -> date:
    return now.astimezone(publication.schedule.zone).date()
