"""Read a list of readers, row by row: who can be taken with what proof of consent, who left, who is refused and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args

from digest.model.address import MailAddress, mail_address
from digest.model.reader import LEFT, Consent, ConsentOrigin, Person, ReaderState, StateChange, Suppression
from digest.readers.csv_file import Record
from digest.readers.formats import Fields, Format
from digest.store.suppressions import SuppressionKey

Kind = Literal["address", "consent", "state", "twice", "left"]

LONGEST_NAME = 200
_NO_PROOF = "no proof of consent; add the column consent, or say the wording with --assume-consent"
# as Go prints a moment, which listmonk's export does
_GO_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d{4}) [A-Z]+")


class Terms(NamedTuple):
    """What an import goes by.

    Attributes:
        source: The file's name, kept in the proof of consent.
        wording: What all of them agreed to, where the file does not say it; empty for nothing.
        categories: The ids that readers may choose.
        key: Makes the hashes of those who must not be brought back.
        now: The moment that is taken for what has no date.
    """

    source: str
    wording: str
    categories: Collection[str]
    key: SuppressionKey
    now: datetime


class Refusal(NamedTuple):
    """A row that was not taken: the line it begins in, whom it is about as it is written, and why."""

    line: int
    who: str
    kind: Kind
    why: str


class Refused(ValueError):
    """Why a row is not taken, with its kind."""

    def __init__(self, kind: Kind, why: str) -> None:
        self.kind: Kind = kind
        super().__init__(why)


class Row(NamedTuple):
    """One row as it was read: exactly one of the three is there.

    Attributes:
        suppression: Somebody without an address, as our own export has those who were erased.
    """

    line: int
    who: str
    person: Person | None = None
    suppression: Suppression | None = None
    refusal: Refusal | None = None


def read_people(records: Iterable[Record], format_: Format, terms: Terms) -> Iterator[Row]:
    """Read records one by one.

    Args:
        records: The rows behind the first.
        format_: What their columns mean.
        terms: What the import goes by.
    """
    for record in records:
        fields = format_.read(record.fields)
        who = " ".join(fields.address.split())[:80] or "(no address)"
        try:
            suppression = _suppression(fields, terms) if format_.is_own else None
            person = None if suppression else _person(fields, format_, terms)
            yield Row(record.line, who, person, suppression)
        except Refused as why:
            yield Row(record.line, who, refusal=Refusal(record.line, who, why.kind, str(why)))


def _person(fields: Fields, format_: Format, terms: Terms) -> Person:
    try:
        address = mail_address(fields.address)
    except ValueError as error:
        raise Refused("address", str(error)) from None
    if fields.problem:
        raise Refused("state", fields.problem)
    state: ReaderState = fields.state  # type: ignore[assignment]
    if state == "erased":
        raise Refused("state", "an erased reader has no address; nothing is known of this one")
    if state in LEFT and not format_.is_own:
        change = _change(fields, state, format_, terms)
        return Person(address, terms.key.hash(address.key), state=state, change=change)
    return _whole_person(address, state, fields, format_, terms)


def _whole_person(address: MailAddress, state: ReaderState, fields: Fields, format_: Format, terms: Terms) -> Person:
    """Somebody who is kept with all that the row says."""
    more = fields.more
    since = more.get("since", "")
    return Person(
        address,
        terms.key.hash(address.key),
        name=" ".join(fields.name.split())[:LONGEST_NAME],
        state=state,
        categories=_categories(more.get("categories", ""), terms),
        paused_until=_optional_moment(more.get("paused_until", ""), "paused_until") if state == "paused" else None,
        consent=_consent(state, fields, format_, terms),
        created_at=_optional_moment(since, "since"),
        change=_change(fields, state, format_, terms) if format_.is_own and fields.changed_at else None,
        is_kept=format_.is_own,
    )


def _consent(state: ReaderState, fields: Fields, format_: Format, terms: Terms) -> Consent | None:
    wording = fields.wording or (terms.wording if state in ("active", "paused") else "")
    if not wording:
        if state in ("active", "paused"):
            raise Refused("consent", _NO_PROOF)
        return None
    try:
        at = _moment(fields.consented_at) if fields.consented_at else terms.now
    except ValueError:
        said = f'consented_at is not a moment such as 2026-05-01T10:00:00Z; found "{fields.consented_at[:40]}"'
        raise Refused("consent", said) from None
    if at > terms.now:
        raise Refused("consent", "the consent lies in the future; correct consented_at")
    by = fields.more.get("consent_by", "")
    origin: ConsentOrigin = by if by in get_args(ConsentOrigin) else "import"  # type: ignore[assignment]
    how = fields.how if format_.is_own and fields.how else _how(fields, format_, terms)
    return Consent(at=at, how=" ".join(how.split()), wording=wording, origin=origin)


def _how(fields: Fields, format_: Format, terms: Terms) -> str:
    service = f" from {format_.name}" if format_.name else ""
    return f"import of {terms.source}{service}{f', {fields.how}' if fields.how else ''}"


def _change(fields: Fields, state: ReaderState, format_: Format, terms: Terms) -> StateChange | None:
    """When and why they came into their state, as far as the row says."""
    try:
        at = _moment(fields.changed_at)
    except ValueError:
        if format_.is_own:
            raise Refused("state", f'changed_at is not a moment; found "{fields.changed_at[:40]}"') from None
        return None
    cause = " ".join(fields.more.get("cause", "").split())
    return StateChange(min(at, terms.now), "active", state, cause or _how(Fields(""), format_, terms))


def _suppression(fields: Fields, terms: Terms) -> Suppression | None:
    """Those who were erased stand in our own export as a hash without an address."""
    hash_ = fields.more.get("suppression", "")
    if fields.address or not hash_:
        return None
    if not terms.key.made(hash_):
        why = "was made with another DIGEST_SUPPRESSION_KEY; set that one before you import"
        raise Refused("state", f"the suppression {why}")
    reason: ReaderState = fields.state if fields.state in (*LEFT, "erased") else "erased"
    at = _optional_moment(fields.changed_at, "changed_at") or terms.now
    return Suppression(hash_, reason, min(at, terms.now), " ".join(fields.more.get("cause", "").split()))


def _categories(written: str, terms: Terms) -> tuple[str, ...]:
    chosen = sorted(set(written.replace(",", " ").split()))
    unknown = [one for one in chosen if one not in terms.categories]
    if unknown:
        raise Refused("state", f'the category "{unknown[0][:40]}" is none of {", ".join(terms.categories)}')
    return tuple(chosen)


def _optional_moment(written: str, column: str) -> datetime | None:
    try:
        return _moment(written) if written else None
    except ValueError:
        raise Refused("state", f'{column} is not a moment; found "{written[:40]}"') from None


def _moment(written: str) -> datetime:
    """A moment as ISO 8601 has it, or as Go prints it; without a zone it is UTC.

    Raises:
        ValueError: It is none.
    """
    go = _GO_MOMENT.fullmatch(written)
    moment = datetime.fromisoformat(f"{go[1]}{go[2]}" if go else written)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None
