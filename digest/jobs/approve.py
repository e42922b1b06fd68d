"""Approve, withdraw, skip, give up: decisions about an issue, each a record in its log."""

from __future__ import annotations

import getpass
import subprocess
from datetime import datetime

from digest.errors import Refused
from digest.issues.approval import Record, append_record, approving, read_records
from digest.issues.desk_file import move_decisions, read_desk
from digest.issues.folder import issue_folder, read_tools, write_tools
from digest.jobs.check import Checked, check, refuse_errors
from digest.jobs.standing import Standing, next_open, standing_of
from digest.model.issue import Email
from digest.publication import Publication
from digest.store.database import Database
from digest.store.ledger import sending_of
from digest.store.readers import active_readers

STAND_IN = "digest run --approve"
AUTOMATIC = "approval = automatic"


def approve(
    publication: Publication, database: Database, standing: Standing, now: datetime, by: str
) -> tuple[Standing, Checked]:
    """Approve the bytes that lie in the issue's folder.

    Args:
        publication: The publication.
        database: Knows how many readers there are.
        standing: The issue.
        now: The moment.
        by: Who approves.

    Returns:
        Where the issue stands now, and what preflight found.

    Raises:
        Refused: It is closed, its time has passed, preflight found an error, or this person approved already.
    """
    if standing.state not in ("draft", "approved"):
        raise Refused(f"{standing.issue} is {standing.state}; there is nothing to approve")
    if now >= standing.moments.give_up:
        raise Refused(f"the time of {standing.issue} has passed; it never goes out")
    if standing.state == "approved":
        raise Refused(f"{standing.issue} is approved already", cure="withdraw with `digest unapprove` to change it")
    checked = check(publication, standing)
    refuse_errors(checked, "approval")
    email = checked.email
    # the folder may come from a laptop without readers; then nobody knows how many there will be
    readers = active_readers(database) or None
    record = approving(email, at=_local(publication, now), by=by, provider=publication.provider, readers=readers)
    before = standing.approval
    if before.latest and before.latest.fingerprint == record.fingerprint and by in before.people:
        needed = publication.settings.approvals
        raise Refused(f"{by} has approved it; {needed} different people have to", cure="ask another person")
    append_record(standing.folder, record)
    return standing_of(publication, standing.issue), checked


def withdraw(
    publication: Publication, database: Database, standing: Standing, now: datetime, by: str, why: str
) -> None:
    """Withdraw the approval, or the skip: the issue is a draft again, and has the tools again that it had.

    Raises:
        Refused: There is nothing to withdraw, or it is going out.
    """
    _refuse_gone(database, standing, "that cannot be taken back")
    if standing.approval.latest is None and standing.approval.skipped is None:
        raise Refused(f"{standing.issue} is neither approved nor skipped")
    if standing.approval.skipped is not None:
        _take_back(publication, standing, now)
    append_record(standing.folder, Record(decision="withdrawn", at=_local(publication, now), by=by, why=why))


def skip(
    publication: Publication, database: Database, standing: Standing, now: datetime, by: str, why: str
) -> tuple[str, int]:
    """Skip a week: no letter goes out, and its tools roll over to the next one.

    Returns:
        The issue that has the tools now, and how many they are.

    Raises:
        Refused: It is going out.
    """
    _refuse_gone(database, standing, "it cannot be skipped")
    if standing.approval.skipped is None:
        append_record(standing.folder, Record(decision="skipped", at=_local(publication, now), by=by, why=why))
    return roll_over(publication, standing, now)


def give_up(publication: Publication, standing: Standing, now: datetime) -> None:
    """Record that an issue's time has passed; nobody looks at it again, so its tools are rolled over before."""
    if not standing.approval.given_up:
        why = f"it had not gone out by {_local(publication, standing.moments.give_up):%A %d %B, %H:%M}"
        record = Record(decision="given up", at=_local(publication, now), by="digest run", why=why)
        append_record(standing.folder, record)


def since_last_approval(publication: Publication, standing: Standing, email: Email) -> tuple[str, ...] | None:
    """What a letter says otherwise than the one that was approved last, withdrawn or not.

    Returns:
        A line for each difference; None where nothing was approved yet.
    """
    approvals = [one for one in read_records(standing.folder) if one.decision == "approved"]
    if not approvals:
        return None
    before, now = (
        approvals[-1],
        approving(email, at=approvals[-1].at, by=approvals[-1].by, provider=publication.provider, readers=None),
    )
    lines = [
        f"{name}: “{getattr(before, name)}” is now “{getattr(now, name)}”"
        for name in ("subject", "preheader", "provider")
        if getattr(before, name) != getattr(now, name)
    ]
    if before.sender != now.sender:
        lines.append("the sender is another one")
    parts = {"html": "HTML", "text": "text"}
    lines += [
        f"the {part} part is another one" for name, part in parts.items() if getattr(before, name) != getattr(now, name)
    ]
    return tuple(lines)


def roll_over(publication: Publication, standing: Standing, now: datetime) -> tuple[str, int]:
    """Move the tools of an issue that never goes out to the next open one, and the decisions about them.

    Repeated, it changes nothing.
    """
    tools = read_tools(standing.folder)
    after = next_open(publication, max(now, standing.moments.cutoff))
    if tools:
        folder = issue_folder(publication.folder, after)
        there = {tool.slug: tool for tool in read_tools(folder)}
        # written there before they are taken away here: a kill between leaves them in both, never in neither;
        # decisions move in the middle, so that neither desk ever names a tool that its issue lacks
        write_tools(folder, {**{tool.slug: tool for tool in tools}, **there}.values())
        move_decisions(standing.folder, folder, [tool.slug for tool in tools])
        write_tools(standing.folder, ())
    return after, len(tools)


def _take_back(publication: Publication, standing: Standing, now: datetime) -> None:
    """Fetch the tools of a skipped week back from the issue that they rolled over to, as the desk has merged them."""
    folder = issue_folder(publication.folder, next_open(publication, max(now, standing.moments.cutoff)))
    desk, cutoff = read_desk(folder), standing.moments.cutoff
    early = [tool for tool in desk.tools + desk.ignored if tool.shipped_at is None or tool.shipped_at <= cutoff]
    leaving = {slug for tool in early for slug in desk.parts_of(tool.slug)}
    ours = {tool.slug: tool for tool in desk.collected if tool.slug in leaving}
    if ours:
        write_tools(standing.folder, {**ours, **{tool.slug: tool for tool in read_tools(standing.folder)}}.values())
        move_decisions(folder, standing.folder, leaving)
        write_tools(folder, [tool for tool in desk.collected if tool.slug not in ours])


def person(publication: Publication) -> str:
    """Who is at the keyboard: git's name and address for this folder, else the login's name."""
    said = []
    for key in ("user.name", "user.email"):
        try:
            answer = subprocess.run(
                ["git", "-C", str(publication.folder), "config", key],
                capture_output=True,
                text=True,
                timeout=5,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            break
        said.append(" ".join(answer.stdout.split()))
    name, address = [*said, "", ""][:2]
    if name or address:
        return f"{name} <{address}>".strip() if address else name
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _local(publication: Publication, moment: datetime) -> datetime:
    """A moment on the publication's clock, as people read it in the file."""
    return moment.astimezone(publication.schedule.zone).replace(microsecond=0)


def _refuse_gone(database: Database, standing: Standing, consequence: str) -> None:
    """From its sending on nothing may change an issue."""
    if standing.sent is not None or sending_of(database, standing.issue) is not None:
        raise Refused(f"{standing.issue} went out, or is going out now; {consequence}")
