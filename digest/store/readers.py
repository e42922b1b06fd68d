"""Readers and the proof of their consent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, insert, select, update

from digest.model.delivery import Consent, Reader, ReaderState
from digest.store.database import Database, inserted_id
from digest.store.schema import consents, readers


def address_key(address: str) -> str:
    """An address as addresses are compared: who owns `Ann@example.com` owns `ann@EXAMPLE.com`."""
    return address.strip().casefold()


def add_readers(
    database: Database, people: Iterable[tuple[str, str, Consent]], now: datetime
) -> tuple[int, tuple[str, ...]]:
    """Add readers with their consent, all or none; whoever is on the list already, in any state, is left as they are.

    Args:
        database: The state.
        people: Address, name and consent of each.
        now: When they come onto the list.

    Returns:
        How many were added, and the addresses that were there before.
    """
    added, known = 0, []
    with database.transaction() as connection:
        there = set(connection.execute(select(readers.c.address_key)).scalars())
        for address, name, consent in people:
            key = address_key(address)
            if key in there:
                known.append(address)
                continue
            there.add(key)
            values = {"address": address, "address_key": key, "name": name, "state": "active", "created_at": now}
            reader_id = inserted_id(connection.execute(insert(readers).values(values)))
            connection.execute(insert(consents).values(_proof(reader_id, consent)))
            added += 1
    return added, tuple(known)


def all_readers(database: Database) -> tuple[Reader, ...]:
    """The list, by address."""
    columns = (readers.c.id, readers.c.address, readers.c.name, readers.c.state)
    with database.transaction() as connection:
        rows = connection.execute(select(*columns).order_by(readers.c.address_key))
        return tuple(Reader(id=row.id, address=row.address, name=row.name, state=row.state) for row in rows)


def active_readers(database: Database) -> int:
    """How many would get a letter now."""
    with database.transaction() as connection:
        query = select(func.count()).select_from(readers).where(readers.c.state == "active")
        return int(connection.execute(query).scalar_one())


def set_state(database: Database, address: str, state: ReaderState) -> bool:
    """Change a reader's state.

    Returns:
        Whether that address is on the list.
    """
    with database.transaction() as connection:
        change = update(readers).where(readers.c.address_key == address_key(address)).values(state=state)
        return connection.execute(change).rowcount == 1


def _proof(reader_id: int, consent: Consent) -> dict[str, object]:
    return {
        "reader_id": reader_id,
        "at": consent.at,
        "how": consent.how,
        "wording": consent.wording,
        "wording_hash": hashlib.sha256(consent.wording.encode()).hexdigest(),
    }
