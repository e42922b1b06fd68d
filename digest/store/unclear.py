"""Deliveries that may have been sent, and what settles them: the provider's word, or a person's.

Nothing here makes a delivery pending again: what may have been sent is never sent again on a guess. Every step leaves
a row among the attempts, under the number of the attempt that it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, insert, select, update

from digest.model.delivery import Batch, DeliveryState, Outcome
from digest.store.attempts import refresh_batch
from digest.store.database import Database
from digest.store.schema import attempts, batches, deliveries, readers

# What a person may settle; what is being submitted is somebody else's until `recover` has said that they died.
UNCLEAR: tuple[DeliveryState, ...] = ("unknown", "quarantined")


class Unclear(NamedTuple):
    """A batch with copies that may have been sent.

    Attributes:
        batch: With the readers of the unclear copies only.
        tried_until: When its last attempt ended at the latest.
    """

    batch: Batch
    tried_until: datetime


class Unsettled(NamedTuple):
    """A delivery that a person may settle; `key` is its reader's address now, as addresses are compared."""

    batch: int
    reader: int
    key: str


def unclear_batches(
    database: Database, issue: str, states: Sequence[DeliveryState], call_seconds: float
) -> tuple[Unclear, ...]:
    """The batches of an issue with copies in these states, by number.

    Args:
        database: The state.
        issue: The issue's id.
        states: `unknown`, `quarantined`, or both.
        call_seconds: How long a call takes at most: an attempt whose end nobody wrote down ended by then.
    """
    with database.transaction() as connection:
        here = and_(deliveries.c.issue == issue, deliveries.c.state.in_(states))
        people: dict[int, list[tuple[int, str]]] = {}
        columns = (deliveries.c.batch_id, deliveries.c.reader_id, deliveries.c.address)
        for row in connection.execute(select(*columns).where(here).order_by(deliveries.c.reader_id)):
            people.setdefault(row.batch_id, []).append((row.reader_id, row.address))
        rows = connection.execute(select(batches).where(batches.c.issue == issue).order_by(batches.c.number)).all()
        found = []
        for row in (row for row in rows if row.id in people):
            batch = Batch(
                id=row.id,
                issue=issue,
                number=row.number,
                key=row.key,
                tag=row.tag,
                first_attempt_at=row.first_attempt_at,
                readers=tuple(people[row.id]),
            )
            found.append(Unclear(batch, _tried_until(connection, row.id, row.attempt, call_seconds)))
    return tuple(found)


def _tried_until(connection: Connection, batch: int, attempt: int, call_seconds: float) -> datetime:
    """When the last call for a batch ended; look-ups stand behind it under the same number."""
    query = select(attempts).where(attempts.c.batch_id == batch, attempts.c.attempt == attempt)
    row = connection.execute(query.order_by(attempts.c.id).limit(1)).one()
    ended: datetime = row.ended_at or row.started_at + timedelta(seconds=call_seconds)
    return ended.astimezone(UTC)


def quarantine(database: Database, batch: Batch, owner: str, now: datetime, why: str = "") -> int:
    """Set apart, by name, what may have been sent; why it is unclear stays its reason, and `why` is put behind it.

    Args:
        database: The state.
        batch: The batch.
        owner: Who does it.
        now: When.
        why: What was learnt since, such as that the provider does not know of it.

    Returns:
        How many copies were set apart.
    """
    with database.transaction() as connection:
        mine = and_(deliveries.c.batch_id == batch.id, deliveries.c.state == "unknown")
        reason = deliveries.c.reason + f"; {why}" if why else deliveries.c.reason
        count = connection.execute(update(deliveries).where(mine).values(state="quarantined", reason=reason)).rowcount
        if count:
            _note(connection, batch.id, owner, now, f"{count} quarantined{f': {why}' if why else ''}")
    return count


def found(database: Database, batch: Batch, owner: str, outcomes: Sequence[Outcome], now: datetime) -> int:
    """Write down what the provider was asked about and knows of: it was accepted.

    Args:
        database: The state.
        batch: The batch.
        owner: Who asked.
        outcomes: `accepted` for what is there; every other one changes nothing.
        now: When.

    Returns:
        How many copies are accepted now.
    """
    count = 0
    with database.transaction() as connection:
        mine = and_(deliveries.c.batch_id == batch.id, deliveries.c.state.in_(UNCLEAR))
        for outcome in (outcome for outcome in outcomes if outcome.state == "accepted"):
            values = {"state": "accepted", "reason": "", "message_id": outcome.message_id}
            changed = update(deliveries).where(mine, deliveries.c.reader_id == outcome.reader).values(values)
            count += connection.execute(changed).rowcount
        if count:
            _note(connection, batch.id, owner, now, f"{count} accepted: looked up")
    return count


def to_be_settled(database: Database, issue: str, keys: Collection[str] | None) -> tuple[Unsettled, ...]:
    """The unknown and quarantined deliveries of an issue.

    Args:
        database: The state.
        issue: The issue's id.
        keys: Of these addresses, as they are compared; None for all of them.
    """
    columns = (deliveries.c.batch_id, deliveries.c.reader_id, readers.c.address_key)
    query = (
        select(*columns)
        .join(readers, readers.c.id == deliveries.c.reader_id)
        .where(deliveries.c.issue == issue, deliveries.c.state.in_(UNCLEAR))
    )
    if keys is not None:
        query = query.where(readers.c.address_key.in_(keys))
    with database.transaction() as connection:
        return tuple(Unsettled(*row) for row in connection.execute(query.order_by(deliveries.c.reader_id)))


def settle_by_hand(
    database: Database, chosen: Sequence[Unsettled], issue: str, state: DeliveryState, by: str, why: str, now: datetime
) -> int:
    """Settle deliveries as a person says, all or none; who and why stand among the attempts.

    Args:
        database: The state.
        chosen: The deliveries; one that was settled meanwhile is left as it is.
        issue: The issue's id.
        state: `accepted` or `rejected`.
        by: Who says so.
        why: How they know.
        now: When.

    Returns:
        How many were settled.
    """
    count = 0
    with database.transaction() as connection:
        for batch in sorted({one.batch for one in chosen}):
            people = [one.reader for one in chosen if one.batch == batch]
            mine = and_(deliveries.c.issue == issue, deliveries.c.batch_id == batch, deliveries.c.state.in_(UNCLEAR))
            changed = update(deliveries).where(mine, deliveries.c.reader_id.in_(people))
            settled = connection.execute(changed.values(state=state, reason=f"settled by {by}: {why}")).rowcount
            if settled:
                # by number: an address would outlive its reader's erasure here
                said = f"{state} by hand, readers {', '.join(str(one) for one in people)}: {why}"
                _note(connection, batch, by, now, said)
            count += settled
    return count


def _note(connection: Connection, batch: int, owner: str, now: datetime, outcome: str) -> None:
    """A step that called nobody: it stands under the number of the attempt that it is about."""
    attempt = select(func.coalesce(batches.c.attempt, 0)).where(batches.c.id == batch).scalar_subquery()
    values = {"batch_id": batch, "attempt": attempt, "owner": owner, "started_at": now, "ended_at": now}
    connection.execute(insert(attempts).values({**values, "outcome": outcome}))
    refresh_batch(connection, batch)
