"""sent.yaml: the issue went out. Written once, for every clone to read."""

from __future__ import annotations

from datetime import datetime

from digest.files.problems import validated
from digest.files.writing import write_whole
from digest.files.yaml_source import as_yaml, read_yaml
from digest.issues.folder import IssueFolder
from digest.model.delivery import Balance
from digest.model.noun import Line, Noun


class Sent(Noun):
    """When an issue went, through what, from which database, and who got it."""

    issue: Line
    at: datetime
    database: Line
    provider: Line
    subject: str
    html: str
    text: str
    balance: Balance


def read_sent(folder: IssueFolder) -> Sent | None:
    """The record of an issue's sending, or None where it was not sent.

    Raises:
        BrokenFile: The record does not fit.
    """
    if not folder.sent.is_file():
        return None
    source = read_yaml(folder.sent)
    return validated(Sent, source.data, path=source.path, position_of=source.position_of)


def write_sent(folder: IssueFolder, sent: Sent) -> None:
    """Write the record."""
    data = sent.model_dump(mode="json")
    balance = data.pop("balance")
    lines = [f"{key}: {as_yaml(value)}" for key, value in data.items()]
    lines += ["balance:", *(f"  {state}: {count}" for state, count in balance.items())]
    write_whole(folder.sent, "\n".join(lines) + "\n")
