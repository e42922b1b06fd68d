"""Read a file of readers: whoever comes with proof of consent is taken, everyone else is refused by line.

The columns are `address`, `name`, `consented_at` and `consent` (the wording they agreed to). A file without the last
two needs the wording from whoever imports it.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email

from digest.errors import BrokenInput
from digest.model.delivery import Consent


class ReadersRead(NamedTuple):
    """What a file of readers holds.

    Attributes:
        people: Address, name and consent of each that can be taken.
        refused: A line for each that cannot: where, who, why.
    """

    people: tuple[tuple[str, str, Consent], ...]
    refused: tuple[str, ...]


def read_readers(content: bytes, *, source: str, assumed_wording: str | None, now: datetime) -> ReadersRead:
    """Read a CSV of readers.

    Args:
        content: The file's bytes, UTF-8.
        source: The file's name, kept in the proof of consent.
        assumed_wording: The wording that all of them agreed to, where the file does not say it.
        now: The moment that is taken for a consent without a date.

    Returns:
        Who can be taken and who cannot, and why.

    Raises:
        BrokenInput: The file is not UTF-8, or has no column `address`.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BrokenInput("not UTF-8 text", where=source, cure="export it again as UTF-8") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = {name.strip().casefold(): name for name in rows.fieldnames or ()}
        listed = [(rows.line_num, row) for row in rows]
    except csv.Error:
        raise BrokenInput(
            "a field is longer than any address or wording",
            where=f"{source}:{rows.line_num}",
            cure="look for a quotation mark that is never closed",
        ) from None
    address_column = next((columns[name] for name in ("address", "email", "email address") if name in columns), None)
    if address_column is None:
        raise BrokenInput("no column is called address", where=f"{source}:1", cure="name it in the first line")
    people: list[tuple[str, str, Consent]] = []
    refused: list[str] = []
    seen: set[str] = set()
    for number, row in listed:
        written = (row.get(address_column) or "").strip()
        try:
            address = _checked(written, seen)
            consent = _consent(row, columns, source, assumed_wording, now)
            people.append((address, " ".join((row.get(columns.get("name", "")) or "").split())[:200], consent))
        except ValueError as error:
            who = " ".join(written.split())[:80] or "(no address)"
            refused.append(f"{source}:{number}: {who}: {error}")
    return ReadersRead(tuple(people), tuple(refused))


def _checked(written: str, seen: set[str]) -> str:
    try:
        # .example and .test domains are the samples'; whether a domain takes mail is the provider's to find out
        address = validate_email(written, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error).rstrip(".").lower()) from None
    if address.casefold() in seen:
        raise ValueError("stands in the file twice; the first one counts")
    seen.add(address.casefold())
    return address


def _consent(
    row: dict[str, str], columns: dict[str, str], source: str, assumed_wording: str | None, now: datetime
) -> Consent:
    wording = (row.get(columns.get("consent", "")) or "").strip() or (assumed_wording or "").strip()
    if not wording:
        raise ValueError("no proof of consent; add the column consent, or say the wording with --assume-consent")
    written = (row.get(columns.get("consented_at", "")) or "").strip()
    try:
        at = datetime.fromisoformat(written) if written else now
    except ValueError:
        raise ValueError(f'consented_at is not a moment such as 2026-05-01T10:00:00Z; found "{written[:40]}"') from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > now:
        raise ValueError("the consent lies in the future; correct consented_at")
    return Consent(at=at, how=f"import of {source}", wording=wording)
