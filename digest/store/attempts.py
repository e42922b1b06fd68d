"""One attempt at a batch: who holds it, what came of its copies, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, func, select, update

from digest.model.delivery import Batch, Outcome
from digest.store.schema import attempts, batches, deliveries


def still_held(connection: Connection, batch: Batch, owner: str, now: datetime) -> bool:
    """Whether this owner is still the one who submits the batch; if so, the batch is written to until the commit."""
    mine = and_(batches.c.id == batch.id, batches.c.owner == owner, batches.c.state == "submitting")
    return connection.execute(update(batches).where(mine).values(settled_at=now)).rowcount == 1


def write_outcomes(connection: Connection, batch: Batch, outcomes: Sequence[Outcome]) -> None:
    """Write what became of the copies that were being submitted."""
    here = and_(deliveries.c.batch_id == batch.id, deliveries.c.state == "submitting")
    for outcome in outcomes:
        values = {"state": outcome.state, "reason": outcome.reason, "message_id": outcome.message_id}
        connection.execute(update(deliveries).where(here, deliveries.c.reader_id == outcome.reader).values(values))


def end_attempt(connection: Connection, batch: int, now: datetime, outcome: str = "") -> None:
    """Close a batch's last attempt, and put the batch where its deliveries stand."""
    state = refresh_batch(connection, batch)
    last = select(func.max(attempts.c.id)).where(attempts.c.batch_id == batch).scalar_subquery()
    ended = {"ended_at": now, "outcome": outcome or state}
    connection.execute(update(attempts).where(attempts.c.id == last).values(ended))


def refresh_batch(connection: Connection, batch: int) -> str:
    """Put a batch where its deliveries stand.

    Returns:
        Its state.
    """
    state = _batch_state(connection, batch)
    connection.execute(update(batches).where(batches.c.id == batch).values(state=state))
    return state


def _batch_state(connection: Connection, batch: int) -> str:
    """A batch stands where its least settled delivery stands, whichever attempt left it there."""
    states = set(connection.execute(select(deliveries.c.state).where(deliveries.c.batch_id == batch)).scalars())
    return next((state for state in ("unknown", "pending", "quarantined") if state in states), "settled")
