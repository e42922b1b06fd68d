"""Erase a reader: no word of them is left in any table, but a keyed hash by which no import brings them back."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, delete, select, update

from digest.errors import Refused
from digest.model.reader import Reader, Suppression
from digest.store.schema import consents, deliveries, issues, reader_changes, readers
from digest.store.suppressions import suppress

# a copy in one of these may be repeated, and then by the same bytes to the same address
_ON_ITS_WAY = ("submitting", "unknown")


class Letter(NamedTuple):
    """A letter that went to somebody: through which provider, and what the provider called it."""

    issue: str
    provider: str
    message_id: str


def letters_to(connection: Connection, reader: int) -> tuple[Letter, ...]:
    """The letters that a provider took for a reader."""
    there = and_(deliveries.c.issue == issues.c.id, deliveries.c.reader_id == reader)
    query = select(issues.c.id, issues.c.provider, deliveries.c.message_id).join(deliveries, there)
    return tuple(Letter(*row) for row in connection.execute(query.where(deliveries.c.message_id != "")))


def erase_reader(connection: Connection, reader: Reader, hash_: str, at: datetime) -> None:
    """Take all that is personal out of every table.

    The row itself stays, empty: its number is in the links of letters that went out, and must never be another's.
    A copy that was not sent yet is excluded; every other one keeps its state, so that the balance holds.

    Args:
        connection: The state.
        reader: Who.
        hash_: The keyed hash of their address.
        at: When.

    Raises:
        Refused: A letter to them is on its way; its outcome has to be known first.
    """
    mine = deliveries.c.reader_id == reader.id
    way = select(deliveries.c.issue).where(mine, deliveries.c.state.in_(_ON_ITS_WAY))
    issue = connection.execute(way.limit(1)).scalar()
    if issue is not None:
        raise Refused(
            f"a copy of {issue} to them is on its way, and whether it arrived is not known",
            where=reader.address,
            cure="finish it with `digest send`, then erase them",
        )
    pending = deliveries.c.state == "pending"
    # what a provider says of a rejection may name the address
    kept = case((deliveries.c.state == "excluded", deliveries.c.reason), (pending, "erased"), else_="")
    state = case((pending, "excluded"), else_=deliveries.c.state)
    emptied = {"address": "", "message_id": "", "reason": kept, "state": state}
    connection.execute(update(deliveries).where(mine).values(emptied))
    connection.execute(delete(consents).where(consents.c.reader_id == reader.id))
    connection.execute(delete(reader_changes).where(reader_changes.c.reader_id == reader.id))
    nobody = {
        "address": "",
        "address_key": f"erased {reader.id}",
        "name": "",
        "state": "erased",
        "created_at": at,
        "categories": "",
        "paused_until": None,
    }
    connection.execute(update(readers).where(readers.c.id == reader.id).values(nobody))
    suppress(connection, [Suppression(hash_, "erased", at, "erased")])
