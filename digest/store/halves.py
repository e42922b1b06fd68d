"""A batch that was refused as a whole, perhaps for one copy's fault: its halves travel under keys of their own.

The same key must never carry other bytes: a provider that recognises keys refuses them (Resend answers 409), and one
that does not could not tell the halves apart in its search.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from digest.model.delivery import Batch, Outcome
from digest.store.attempts import end_attempt, still_held, write_outcomes
from digest.store.database import Database
from digest.store.ledger import add_batch
from digest.store.schema import deliveries


def split(
    database: Database, batch: Batch, owner: str, outcomes: Sequence[Outcome], why: str, now: datetime
) -> tuple[int, ...]:
    """Move the copies that were refused together into two new batches; in one transaction, or not at all.

    Every other copy is settled where it is. A copy that was refused alone is rejected: it was the one. The old batch
    and its attempts stay, and its last attempt says into which batches it was split.

    Args:
        database: The state.
        batch: The batch, as it was claimed.
        owner: Who claimed it.
        outcomes: What became of its copies; `pending` for those that were refused together.
        why: What the provider said.
        now: When.

    Returns:
        The numbers of the new batches; none where nothing was left to split, or where the batch is another owner's now.
    """
    refused = sorted(outcome.reader for outcome in outcomes if outcome.state == "pending")
    if len(refused) == 1:
        outcomes = [one._replace(state="rejected", reason=why) if one.state == "pending" else one for one in outcomes]
        refused = []
    with database.transaction() as connection:
        if not still_held(connection, batch, owner, now):
            return ()
        write_outcomes(connection, batch, outcomes)
        numbers = []
        middle = len(refused) // 2
        for half in (refused[:middle], refused[middle:]) if refused else ():
            new, number = add_batch(connection, batch.issue)
            mine = (deliveries.c.batch_id == batch.id, deliveries.c.reader_id.in_(half))
            connection.execute(update(deliveries).where(*mine).values(batch_id=new))
            numbers.append(number)
        said = f"refused whole, split into {numbers[0]} and {numbers[1]}: {why}" if numbers else ""
        end_attempt(connection, batch.id, now, said)
    return tuple(numbers)
