"""approval.yaml: who decided what about an issue. A log that is appended to and never rewritten.

An approval covers exact bytes and everything a reader sees around them. The records of one moment's letter count
together until somebody withdraws; a record of other bytes starts the count anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from digest.files.problems import BrokenFile, Place, Position, validated
from digest.files.writing import write_whole
from digest.files.yaml_source import YamlSource, as_yaml, read_yaml
from digest.issues.folder import IssueFolder
from digest.model.issue import Email, Sender
from digest.model.noun import Line, Noun

Decision = Literal["approved", "withdrawn", "skipped", "given up"]


class Record(Noun):
    """One decision.

    Attributes:
        sender: The From that was approved, with Reply-To and postal address.
        readers: About how many readers it goes to; None where this machine does not know.
        html: The SHA-256 of the HTML part.
        text: The SHA-256 of the text part.
    """

    decision: Decision
    at: datetime
    by: Line
    why: str = ""
    subject: str | None = None
    preheader: str | None = None
    sender: Sender | None = None
    provider: str | None = None
    readers: int | None = None
    html: str | None = None
    text: str | None = None

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """What two people have to agree on for their approvals to count together."""
        return (self.subject, self.preheader, self.sender, self.provider, self.html, self.text)


class Approval(NamedTuple):
    """Where the decisions about an issue stand.

    Attributes:
        latest: The approval that counts last, or None.
        people: Who approved these bytes.
        skipped: The skip that stands, or None.
        given_up: Whether its time passed.
    """

    latest: Record | None
    people: tuple[str, ...]
    skipped: Record | None
    given_up: bool

    def is_approved(self, needed: int) -> bool:
        """Whether enough different people approved the same bytes."""
        return self.latest is not None and len(self.people) >= needed


def approval_of(records: Sequence[Record]) -> Approval:
    """Read the log of decisions.

    Args:
        records: In the order of the file.
    """
    latest: Record | None = None
    people: list[str] = []
    skipped: Record | None = None
    given_up = False
    for record in records:
        if record.decision == "approved":
            if latest is not None and latest.fingerprint != record.fingerprint:
                people = []
            latest, skipped, given_up = record, None, False
            people += [record.by] if record.by not in people else []
        elif record.decision == "given up":
            given_up = True
        else:
            latest, people = None, []
            skipped = record if record.decision == "skipped" else None
    return Approval(latest, tuple(people), skipped, given_up)


def approving(email: Email, *, at: datetime, by: str, provider: str, readers: int | None, why: str = "") -> Record:
    """The record of approving these bytes."""
    return Record(
        decision="approved",
        at=at,
        by=by,
        why=why,
        subject=email.subject,
        preheader=email.preheader,
        sender=email.sender,
        provider=provider,
        readers=readers,
        html=sha256(email.html),
        text=sha256(email.text),
    )


def sha256(part: str) -> str:
    """The SHA-256 of a part, as the log spells it."""
    return hashlib.sha256(part.encode()).hexdigest()


def read_records(folder: IssueFolder) -> tuple[Record, ...]:
    """The log of an issue, oldest first; empty where nothing was decided.

    Raises:
        BrokenFile: A record does not fit.
    """
    if not folder.approval.is_file():
        return ()
    source = read_yaml(folder.approval)
    if source.data is None:
        return ()
    if not isinstance(source.data, list):
        raise BrokenFile(folder.approval, [f"{folder.approval}:1:1: must be a list of decisions, newest last"])
    return tuple(_record(source, number, item) for number, item in enumerate(source.data))


def _record(source: YamlSource, number: int, item: object) -> Record:
    def position_of(place: Place) -> Position:
        return source.position_of((number, *place))

    return validated(Record, item, path=source.path, position_of=position_of)


def append_record(folder: IssueFolder, record: Record) -> None:
    """Add a decision at the end of the log; what stands there stays byte for byte."""
    text = folder.approval.read_bytes().decode() if folder.approval.is_file() else ""
    if text and not text.endswith("\n"):
        text += "\n"
    write_whole(folder.approval, text + _as_yaml(record))


def _as_yaml(record: Record) -> str:
    data = record.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    lines = []
    for key, value in data.items():
        if isinstance(value, dict):
            lines.append(f"{key}:")
            lines += [f"  {name}: {as_yaml(inner)}" for name, inner in value.items()]
        else:
            lines.append(f"{key}: {value if key == 'decision' else as_yaml(value)}")
    return "- " + "\n  ".join(lines) + "\n"
