"""Readers: who is on the list, in which state, with what proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, or_, select, update

from digest.model.address import address_key
from digest.model.reader import Consent, Copied, Reader, ReaderState, StateChange
from digest.store.database import Database, inserted_id
from digest.store.schema import batches, consents, deliveries, issues, reader_changes, readers

_PAGE = 500  # SQLite takes 32,766 parameters a statement, older ones 999


class Wanted(NamedTuple):
    """Which readers a listing is about; an erased one is nobody.

    Attributes:
        states: The states to list; none for all.
        category: Those who get letters about this category: they chose it, or all.
        text: What their address or name contains, in any case.
    """

    states: tuple[ReaderState, ...] = ()
    category: str = ""
    text: str = ""


class Proven(NamedTuple):
    """A reader with the proof that counts and the last change of state."""

    reader: Reader
    consent: Consent | None
    change: StateChange | None


def reader_at(connection: Connection, address: str) -> Reader | None:
    """The reader with an address, however it is spelt, or None."""
    query = select(readers).where(readers.c.address_key == address_key(address))
    row = connection.execute(query).one_or_none()
    return _reader(row) if row is not None else None


def counts_by_state(database: Database, wanted: Wanted | None = None) -> dict[str, int]:
    """How many readers are in each state."""
    query = select(readers.c.state, func.count()).where(_matches(wanted or Wanted())).group_by(readers.c.state)
    with database.transaction() as connection:
        return {state: int(number) for state, number in connection.execute(query.order_by(readers.c.state))}


def stream_readers(database: Database, wanted: Wanted | None = None) -> Iterator[Reader]:
    """The list in the order of addresses, a page at a time, so that no length of it takes memory."""
    for page in _pages(database, wanted or Wanted()):
        yield from page


def stream_proven(database: Database, wanted: Wanted | None = None) -> Iterator[Proven]:
    """The same with each reader's proof of consent that counts, which is the last, and last change of state."""
    for page in _pages(database, wanted or Wanted()):
        ids = [reader.id for reader in page]
        with database.transaction() as connection:
            proofs = {row.reader_id: _consent(row) for row in connection.execute(_of(consents, ids))}
            changes = {row.reader_id: _change(row) for row in connection.execute(_of(reader_changes, ids))}
        for reader in page:
            yield Proven(reader, proofs.get(reader.id), changes.get(reader.id))


def chosen_categories(database: Database) -> dict[str, int]:
    """How many readers chose each category."""
    query = select(readers.c.categories, func.count()).where(readers.c.categories != "").group_by(readers.c.categories)
    found: dict[str, int] = {}
    with database.transaction() as connection:
        for chosen, number in connection.execute(query):
            for category in chosen.split():
                found[category] = found.get(category, 0) + int(number)
    return found


def consents_of(connection: Connection, reader: int) -> tuple[Consent, ...]:
    """Every proof of a reader's consent, oldest first."""
    return tuple(_consent(row) for row in connection.execute(_of(consents, [reader])))


def changes_of(connection: Connection, reader: int) -> tuple[StateChange, ...]:
    """Every change of a reader's state, oldest first."""
    return tuple(_change(row) for row in connection.execute(_of(reader_changes, [reader])))


def copies_of(connection: Connection, reader: int) -> tuple[Copied, ...]:
    """Every issue that a reader was to get, newest first, and what became of their copy."""
    # by way of the issues, of which there are few: deliveries are found by issue and reader
    there = and_(deliveries.c.issue == issues.c.id, deliveries.c.reader_id == reader)
    query = select(issues.c.id, deliveries.c.state, deliveries.c.reason, batches.c.settled_at)
    query = query.join(deliveries, there).join(batches, batches.c.id == deliveries.c.batch_id)
    return tuple(Copied(*row) for row in connection.execute(query.order_by(issues.c.started_at.desc())))


def active_readers(database: Database) -> int:
    """How many would get a letter now."""
    with database.transaction() as connection:
        query = select(func.count()).select_from(readers).where(readers.c.state == "active")
        return int(connection.execute(query).scalar_one())


def insert_reader(connection: Connection, address: str, values: dict[str, object], consent: Consent) -> Reader:
    """Add one reader with their consent.

    Args:
        connection: The state.
        address: In the spelling that it is written to.
        values: The other columns; `state` and `created_at` are needed.
        consent: The proof.
    """
    row = {"address": address, "address_key": address_key(address), **values}
    reader_id = inserted_id(connection.execute(insert(readers).values(row)))
    add_consent(connection, reader_id, consent)
    return _reader(connection.execute(select(readers).where(readers.c.id == reader_id)).one())


def add_consent(connection: Connection, reader: int, consent: Consent) -> None:
    """Keep one more proof of a reader's consent."""
    connection.execute(insert(consents).values(proof(reader, consent)))


def proof(reader: int, consent: Consent) -> dict[str, object]:
    """A proof of consent as a row."""
    return {
        "reader_id": reader,
        "at": consent.at,
        "how": consent.how,
        "wording": consent.wording,
        "wording_hash": consent.wording_hash,
        "origin": consent.origin,
    }


def change_state(connection: Connection, reader: Reader, state: ReaderState, at: datetime, cause: str) -> None:
    """Bring a reader into another state, and remember when and why; a pause that is over has no end any more."""
    values: dict[str, object] = {"state": state, "paused_until": None} if state == "active" else {"state": state}
    connection.execute(update(readers).where(readers.c.id == reader.id).values(values))
    remember(connection, [(reader.id, StateChange(at, reader.state, state, cause))])


def remember(connection: Connection, changes: Sequence[tuple[int, StateChange]]) -> None:
    """Keep changes of readers' states."""
    rows = [
        {"reader_id": reader, "at": one.at, "state_before": one.before, "state": one.state, "cause": one.cause}
        for reader, one in changes
    ]
    if rows:
        connection.execute(insert(reader_changes), rows)


def update_reader(connection: Connection, reader: int, values: dict[str, object]) -> None:
    """Change columns of a reader, all but the state."""
    connection.execute(update(readers).where(readers.c.id == reader).values(values))


def set_state(database: Database, address: str, state: ReaderState, at: datetime, cause: str) -> bool:
    """Bring the reader with an address into a state; one who is in it already is left alone.

    Returns:
        Whether that address is on the list.
    """
    with database.transaction() as connection:
        reader = reader_at(connection, address)
        if reader is not None and reader.state != state:
            change_state(connection, reader, state, at, cause)
    return reader is not None


def end_pauses(connection: Connection, now: datetime) -> None:
    """Make those active again whose pause had an end that has come."""
    over = and_(readers.c.state == "paused", readers.c.paused_until <= now)
    found = connection.execute(select(readers.c.id, readers.c.paused_until).where(over)).all()
    connection.execute(update(readers).where(over).values(state="active", paused_until=None))
    remember(connection, [(row.id, StateChange(now, "paused", "active", "the pause ended")) for row in found])


def _pages(database: Database, wanted: Wanted) -> Iterator[list[Reader]]:
    last = ""
    while True:
        query = select(readers).where(_matches(wanted), readers.c.address_key > last)
        with database.transaction() as connection:
            rows = connection.execute(query.order_by(readers.c.address_key).limit(_PAGE)).all()
        if rows:
            yield [_reader(row) for row in rows]
        if len(rows) < _PAGE:
            return
        last = rows[-1].address_key


def _matches(wanted: Wanted) -> ColumnElement[bool]:
    conditions = [readers.c.state != "erased"]
    if wanted.states:
        conditions.append(readers.c.state.in_(wanted.states))
    if wanted.category:
        chosen = (" " + readers.c.categories + " ").contains(f" {wanted.category} ", autoescape=True)
        conditions.append(or_(readers.c.categories == "", chosen))
    if wanted.text:
        text = wanted.text.casefold()
        named = func.lower(readers.c.name).contains(text, autoescape=True)
        conditions.append(or_(readers.c.address_key.contains(text, autoescape=True), named))
    return and_(*conditions)


def _of(table: Any, ids: Sequence[int]) -> Select[Any]:
    """The rows of some readers, in the order in which they came."""
    return select(table).where(table.c.reader_id.in_(ids)).order_by(table.c.id)


def _reader(row: Row[Any]) -> Reader:
    return Reader(
        id=row.id,
        address=row.address,
        name=row.name,
        state=row.state,
        categories=tuple(row.categories.split()),
        paused_until=row.paused_until,
        created_at=row.created_at,
    )


def _consent(row: Row[Any]) -> Consent:
    return Consent(at=row.at, how=row.how, wording=row.wording, origin=row.origin)


def _change(row: Row[Any]) -> StateChange:
    return StateChange(row.at, row.state_before, row.state, row.cause)
