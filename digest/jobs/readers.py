"""One reader: what is kept of them, and what an editor changes on their behalf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from digest.errors import BrokenInput, Refused
from digest.model.address import MailAddress, mail_address
from digest.model.reader import LEFT, Consent, Copied, Reader, StateChange
from digest.publication import Publication
from digest.store.database import Database
from digest.store.readers import (
    add_consent,
    change_state,
    changes_of,
    consents_of,
    copies_of,
    insert_reader,
    reader_at,
    update_reader,
)
from digest.store.suppressions import SuppressionKey, check_key, lift, suppressed

if TYPE_CHECKING:
    from sqlalchemy import Connection

LEAVING = "an editor: readers leave"
PAUSING = "an editor: readers edit"


class Record(NamedTuple):
    """All that is kept of a reader."""

    reader: Reader
    consents: tuple[Consent, ...]
    changes: tuple[StateChange, ...]
    copies: tuple[Copied, ...]


class Changed(NamedTuple):
    """A reader before and after; None before they came."""

    before: Reader | None
    after: Reader


class Edit(NamedTuple):
    """What is to change; None leaves it as it is.

    Attributes:
        categories: Their ids; none of them for all.
        pause: Whether to pause; False ends a pause.
        until: The day from which on letters go out again, or the moment; None for a pause without an end.
    """

    name: str | None = None
    address: str | None = None
    categories: Sequence[str] | None = None
    pause: bool | None = None
    until: datetime | None = None


def record_of(publication: Publication, database: Database, address: str) -> Record:
    """All that is kept of a reader.

    Raises:
        BrokenInput: The address is not on the list; says so if it is kept away from it.
    """
    with database.transaction() as connection:
        reader = _listed(publication, connection, address)
        return Record(
            reader,
            consents_of(connection, reader.id),
            changes_of(connection, reader.id),
            copies_of(connection, reader.id),
        )


def add_reader(
    publication: Publication,
    database: Database,
    address: str,
    consent: Consent,
    now: datetime,
    *,
    name: str = "",
    categories: Sequence[str] = (),
    returning: bool = False,
) -> Changed:
    """Add somebody who agreed in some way that an editor can prove; whoever is on the list stays as they are.

    Args:
        publication: Its categories, and its key of suppressions.
        database: The state.
        address: Theirs.
        consent: The proof.
        now: The moment.
        name: Theirs.
        categories: The ids of those they want; none for all.
        returning: They left, and asked for letters again themselves.

    Raises:
        BrokenInput: It is no address, the wording is empty, or a category is unknown.
        Refused: They left or were erased, and `returning` does not say that they asked for it.
    """
    checked = _checked(address)
    if not consent.wording.strip():
        raise BrokenInput("the wording is empty", where="--consent", cure="say what they agreed to")
    chosen = _checked_categories(publication, categories)
    key = SuppressionKey(publication.suppression_key())
    with database.transaction() as connection:
        check_key(connection, key)
        before = reader_at(connection, address)
        hash_ = key.hash(checked.key)
        barred = suppressed(connection, [hash_]).get(hash_)
        if (barred or (before and before.state in LEFT)) and not returning:
            reason = barred.reason if barred else before.state if before else ""
            raise Refused(
                f"they are kept away from the list ({reason})",
                where=checked.address,
                cure="if they asked for letters again themselves, say so with --returning",
            )
        lift(connection, hash_)
        if before is None:
            values = {"name": _line(name), "state": "active", "categories": " ".join(chosen), "created_at": now}
            return Changed(None, insert_reader(connection, checked.address, values, consent))
        if before.state in (*LEFT, "pending"):
            add_consent(connection, before.id, consent)
            change_state(connection, before, "active", now, "an editor: readers add")
        return Changed(before, _again(connection, before))


def leave(publication: Publication, database: Database, address: str, now: datetime) -> Changed:
    """Unsubscribe somebody who asked for it some other way.

    Raises:
        BrokenInput: They are not on the list.
    """
    with database.transaction() as connection:
        before = _listed(publication, connection, address)
        if before.state not in LEFT:
            change_state(connection, before, "unsubscribed", now, LEAVING)
        return Changed(before, _again(connection, before))


def undo_leaving(publication: Publication, database: Database, address: str, now: datetime) -> Changed:
    """Take back what `leave` did by mistake; what readers do themselves is theirs to take back.

    Raises:
        BrokenInput: They are not on the list.
        Refused: They did not leave, or not by an editor's hand.
    """
    with database.transaction() as connection:
        before = _listed(publication, connection, address)
        last = next(reversed(changes_of(connection, before.id)), None)
        if last is None or last.cause != LEAVING:
            why = f"they are {before.state}, and no editor made them leave last"
            raise Refused(why, where=before.address, cure="`digest readers show` tells what happened")
        change_state(connection, before, last.before, now, "an editor: readers leave --undo")
        return Changed(before, _again(connection, before))


def edit(publication: Publication, database: Database, address: str, changes: Edit, now: datetime) -> Changed:
    """Change what a reader asked an editor to change.

    Raises:
        BrokenInput: They are not on the list, or a value cannot be.
        Refused: The new address is another reader's or kept away, or who left is to be paused or woken.
    """
    with database.transaction() as connection:
        before = _listed(publication, connection, address)
        values: dict[str, object] = {}
        if changes.name is not None:
            values["name"] = _line(changes.name)
        if changes.categories is not None:
            values["categories"] = " ".join(_checked_categories(publication, changes.categories))
        if changes.address is not None:
            new = _free_address(publication, connection, before, changes.address)
            values |= {"address": new.address, "address_key": new.key}
        if values:
            update_reader(connection, before.id, values)
        if changes.pause is not None:
            _pause(connection, before, changes, now)
        return Changed(before, _again(connection, before, str(values.get("address", before.address))))


def day_or_moment(publication: Publication, written: str) -> datetime:
    """A day, which begins at midnight in the publication's time zone, or a moment.

    Raises:
        BrokenInput: It is neither.
    """
    zone = ZoneInfo(publication.schedule.timezone)
    try:
        if len(written) == len("2026-12-24"):
            return datetime.combine(date.fromisoformat(written), time(), zone)
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise BrokenInput("neither a day nor a moment", where=written, cure="write it as 2026-12-24") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def not_listed(address: str) -> BrokenInput:
    """Nobody has this address."""
    return BrokenInput("not on the list", where=address, cure="`digest readers list` lists everybody")


def _listed(publication: Publication, connection: Connection, address: str) -> Reader:
    reader = reader_at(connection, address)
    if reader is not None:
        return reader
    try:
        hash_ = SuppressionKey(publication.suppression_key()).hash(mail_address(address).key)
    except ValueError:
        raise not_listed(address) from None
    kept_away = suppressed(connection, [hash_]).get(hash_)
    if kept_away is None:
        raise not_listed(address)
    what = f"not on the list, and kept away from it since {kept_away.at:%Y-%m-%d} ({kept_away.reason})"
    raise BrokenInput(what, where=address, cure="no more is kept of them; they may sign up themselves")


def _again(connection: Connection, reader: Reader, address: str | None = None) -> Reader:
    found = reader_at(connection, address or reader.address)
    assert found is not None
    return found


def _pause(connection: Connection, before: Reader, changes: Edit, now: datetime) -> None:
    if before.state not in ("active", "paused"):
        raise Refused(f"they are {before.state}; only who gets letters can pause", where=before.address)
    if changes.pause:
        if changes.until is not None and changes.until <= now:
            raise BrokenInput("lies in the past", where=f"{changes.until:%Y-%m-%d}", cure="name a later day")
        if before.state != "paused":
            change_state(connection, before, "paused", now, PAUSING)
        update_reader(connection, before.id, {"paused_until": changes.until})
    elif before.state == "paused":
        change_state(connection, before, "active", now, PAUSING)


def _free_address(publication: Publication, connection: Connection, reader: Reader, written: str) -> MailAddress:
    new = _checked(written)
    other = reader_at(connection, new.address)
    if other is not None and other.id != reader.id:
        raise Refused(f"another reader has that address ({other.state})", where=new.address, cure="name another one")
    hash_ = SuppressionKey(publication.suppression_key()).hash(new.key)
    if suppressed(connection, [hash_]):
        raise Refused("that address is kept away from the list", where=new.address, cure="let them sign up themselves")
    return new


def _checked(written: str) -> MailAddress:
    try:
        return mail_address(written)
    except ValueError as error:
        raise BrokenInput(str(error), where=" ".join(written.split())[:80], cure="correct the address") from None


def _checked_categories(publication: Publication, chosen: Sequence[str]) -> tuple[str, ...]:
    known = publication.category_ids
    for one in chosen:
        if one not in known:
            raise BrokenInput("no such category", where=one, cure=f"choose from {', '.join(known)}")
    return tuple(sorted(set(chosen)))


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
