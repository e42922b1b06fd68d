"""The ledger: an issue's frozen body, its deliveries and batches, and every attempt.

A row says what is about to happen before it happens. States only move along
`pending → submitting → accepted | rejected | unknown`, back to `pending` only where nothing can have been sent, and
`unknown → accepted | rejected | quarantined`; `excluded` is decided at the claim. What becomes of the unknown is in
`digest.store.unclear`, of a batch that was refused whole in `digest.store.halves`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from digest.model.delivery import Balance, Batch, DeliveryState, Outcome, balance
from digest.model.issue import Email
from digest.model.reader import left_out
from digest.store.attempts import end_attempt, still_held, write_outcomes
from digest.store.database import Database, inserted_id
from digest.store.readers import end_pauses
from digest.store.schema import attempts, batches, bodies, deliveries, issues, readers

_DIED = "the sending process died"


class Sending(NamedTuple):
    """An issue that this database is sending or has sent."""

    issue: str
    state: str
    provider: str
    started_at: datetime
    frozen_at: datetime | None
    finished_at: datetime | None


def sending_of(database: Database, issue: str) -> Sending | None:
    """Where the sending of an issue stands here, or None where it never began."""
    columns = (issues.c.id, issues.c.state, issues.c.provider, issues.c.started_at, issues.c.frozen_at)
    with database.transaction() as connection:
        row = connection.execute(select(*columns, issues.c.finished_at).where(issues.c.id == issue)).one_or_none()
    return Sending(*row) if row is not None else None


def begin_sending(
    database: Database, issue: str, email: Email, provider: str, now: datetime, categories: Collection[str] = ()
) -> None:
    """Keep the exact bytes and say that this issue is being sent; the second call changes nothing.

    Args:
        database: The state.
        issue: The issue's id.
        email: What goes out.
        provider: The name of the service that sends.
        now: When.
        categories: Those of its comparisons: readers who chose others are left out; none for everybody.
    """
    body = email.model_dump_json()
    digest = hashlib.sha256(body.encode()).hexdigest()
    with database.transaction() as connection:
        if connection.execute(select(issues.c.id).where(issues.c.id == issue)).scalar() is not None:
            return
        if connection.execute(select(bodies.c.hash).where(bodies.c.hash == digest)).scalar() is None:
            connection.execute(insert(bodies).values(hash=digest, email=body))
        values = {"id": issue, "state": "sending", "body_hash": digest, "provider": provider, "started_at": now}
        connection.execute(insert(issues).values({**values, "categories": " ".join(sorted(categories))}))


def frozen_email(database: Database, issue: str) -> Email:
    """The bytes that this issue began to be sent with."""
    query = select(bodies.c.email).join(issues, issues.c.body_hash == bodies.c.hash).where(issues.c.id == issue)
    with database.transaction() as connection:
        return Email.model_validate_json(connection.execute(query).scalar_one())


def freeze_readers(database: Database, issue: str, batch_size: int, now: datetime) -> int:
    """Write a delivery for every active or paused reader, a batch a transaction, and close the list at its end.

    Who is paused, or chose other categories, is excluded with the reason; a pause whose end has come is over. A killed
    freeze goes on behind the last reader it wrote. A closed list is never opened again.

    Returns:
        The number of candidates.
    """
    with database.transaction() as connection:
        if connection.execute(select(issues.c.frozen_at).where(issues.c.id == issue)).scalar() is None:
            end_pauses(connection, now)
    while True:
        with database.transaction() as connection:
            row = connection.execute(select(issues).where(issues.c.id == issue)).one()
            if row.frozen_at is not None:
                return int(row.candidates)
            if _freeze_page(connection, issue, batch_size) == 0:
                candidates = _count(connection, issue)
                closed = {"candidates": candidates, "frozen_at": now}
                connection.execute(update(issues).where(issues.c.id == issue).values(closed))
                return candidates


def _freeze_page(connection: Connection, issue: str, batch_size: int) -> int:
    """Fill one batch; those who are left out stand in it too, and take no place of another.

    Returns:
        How many readers stand in it; none at the end of the list.
    """
    here = deliveries.c.issue == issue
    last = connection.execute(select(func.max(deliveries.c.reader_id)).where(here)).scalar() or 0
    categories = connection.execute(select(issues.c.categories).where(issues.c.id == issue)).scalar_one()
    people = _next_readers(connection, last, batch_size, categories.split())
    if not people:
        return 0
    batch, _ = add_batch(connection, issue)
    rows = [
        {
            "issue": issue,
            "reader_id": reader,
            "batch_id": batch,
            "address": address,
            "state": "excluded" if reason else "pending",
            "reason": reason,
        }
        for reader, address, reason in people
    ]
    connection.execute(insert(deliveries), rows)
    return len(people)


def add_batch(connection: Connection, issue: str) -> tuple[int, int]:
    """Add an empty batch behind the others, with a key of its own.

    Returns:
        Its id and its number.
    """
    number = (connection.execute(select(func.max(batches.c.number)).where(batches.c.issue == issue)).scalar() or 0) + 1
    body = connection.execute(select(issues.c.body_hash).where(issues.c.id == issue)).scalar_one()
    # the body is in the key, so that another body can never be taken for a repetition of this one
    key = hashlib.sha256(f"{issue}/{number}/{body}".encode()).hexdigest()
    values = {"issue": issue, "number": number, "state": "pending", "key": key, "tag": f"{issue}.{number}"}
    return inserted_id(connection.execute(insert(batches).values(values))), number


def _next_readers(
    connection: Connection, last: int, count: int, categories: Collection[str]
) -> list[tuple[int, str, str]]:
    """Readers behind the last one, until so many of them are to get the letter: number, address, why not."""
    people: list[tuple[int, str, str]] = []
    wanted = 0
    columns = (readers.c.id, readers.c.address, readers.c.state, readers.c.categories)
    while wanted < count and len(people) < 10 * count:
        query = select(*columns).where(readers.c.state.in_(("active", "paused")), readers.c.id > last)
        page = connection.execute(query.order_by(readers.c.id).limit(count)).all()
        for row in page:
            if wanted == count:
                break
            reason = left_out(row.state, row.categories, categories)
            people.append((row.id, row.address, reason))
            wanted += not reason
        if len(page) < count:
            break
        last = page[-1].id
    return people


def recover(database: Database, issue: str) -> int:
    """What was being submitted when a process died may have been sent: it becomes unknown, never pending.

    Returns:
        How many batches were left so.
    """
    with database.transaction() as connection:
        left = and_(batches.c.issue == issue, batches.c.state == "submitting")
        ids = list(connection.execute(select(batches.c.id).where(left)).scalars())
        connection.execute(update(batches).where(batches.c.id.in_(ids)).values(state="unknown"))
        mine = and_(deliveries.c.batch_id.in_(ids), deliveries.c.state == "submitting")
        connection.execute(update(deliveries).where(mine).values(state="unknown", reason=_DIED))
    return len(ids)


def claim(database: Database, issue: str, owner: str, now: datetime, *, behind: int = 0) -> Batch | None:
    """Take the next pending batch: from here on it counts as being submitted. Readers who left meanwhile drop out.

    Args:
        database: The state.
        issue: The issue's id.
        owner: Who takes it.
        now: The moment.
        behind: Only batches of a higher number than this.

    Returns:
        The batch with the readers that are still to get it, or None where no batch is pending.
    """
    with database.transaction() as connection:
        open_ = and_(batches.c.issue == issue, batches.c.state == "pending", batches.c.number > behind)
        query = select(batches).where(open_)
        row = connection.execute(
            query.order_by(batches.c.number).limit(1).with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        _exclude_gone(connection, row.id)
        mine = and_(deliveries.c.batch_id == row.id, deliveries.c.state == "pending")
        connection.execute(update(deliveries).where(mine).values(state="submitting"))
        return _begin_attempt(connection, row, owner, now, "submitting")


def claim_unknown(database: Database, issue: str, owner: str, now: datetime, number: int | None = None) -> Batch | None:
    """Take an unknown batch, the next or that number, to repeat it byte for byte; only where its key is recognised.

    Who left meanwhile stays in: the same batch must be the same bytes.
    """
    with database.transaction() as connection:
        query = select(batches).where(batches.c.issue == issue, batches.c.state == "unknown")
        if number is not None:
            query = query.where(batches.c.number == number)
        row = connection.execute(query.order_by(batches.c.number).limit(1)).one_or_none()
        return None if row is None else _begin_attempt(connection, row, owner, now, "unknown")


def _exclude_gone(connection: Connection, batch: int) -> None:
    gone = select(readers.c.id, readers.c.state).join(deliveries, deliveries.c.reader_id == readers.c.id)
    gone = gone.where(deliveries.c.batch_id == batch, deliveries.c.state == "pending", readers.c.state != "active")
    for row in connection.execute(gone).all():
        mine = and_(deliveries.c.batch_id == batch, deliveries.c.reader_id == row.id)
        connection.execute(update(deliveries).where(mine).values(state="excluded", reason=row.state))


def _begin_attempt(connection: Connection, row: Row[Any], owner: str, now: datetime, state: DeliveryState) -> Batch:
    """Write the intent: the batch is this owner's, its attempt counted, its first moment kept for ever."""
    # in UTC from the first attempt on, as the database gives it back, so that a repetition is dated by the same bytes
    batch, first = row.id, (row.first_attempt_at or now).astimezone(UTC)
    attempt = row.attempt + 1
    changed = {"state": "submitting", "attempt": attempt, "owner": owner, "first_attempt_at": first}
    connection.execute(update(batches).where(batches.c.id == batch).values(changed))
    mine = and_(deliveries.c.batch_id == batch, deliveries.c.state == state)
    people = connection.execute(
        select(deliveries.c.reader_id, deliveries.c.address).where(mine).order_by(deliveries.c.reader_id)
    ).all()
    connection.execute(update(deliveries).where(mine).values(state="submitting"))
    values = {"batch_id": batch, "attempt": attempt, "owner": owner, "started_at": now}
    connection.execute(insert(attempts).values(values))
    return Batch(
        id=batch,
        issue=row.issue,
        number=row.number,
        key=row.key,
        tag=row.tag,
        first_attempt_at=first,
        readers=tuple((person.reader_id, person.address) for person in people),
    )


def settle(database: Database, batch: Batch, owner: str, outcomes: Sequence[Outcome], now: datetime) -> bool:
    """Write down what became of a batch, unless it was taken from this owner meanwhile.

    Returns:
        Whether this owner still held the batch; a process that slept past its turn changes nothing.
    """
    with database.transaction() as connection:
        if not still_held(connection, batch, owner, now):
            return False
        write_outcomes(connection, batch, outcomes)
        end_attempt(connection, batch.id, now)
    return True


def finish(database: Database, issue: str, now: datetime) -> bool:
    """Close the sending of an issue, if every delivery is settled.

    Returns:
        Whether it is closed now.
    """
    current = balance_of(database, issue)
    if current.unaccounted or not current.holds:
        return False
    with database.transaction() as connection:
        # before its list is closed, an issue balances too: with nobody
        open_ = and_(issues.c.id == issue, issues.c.state == "sending", issues.c.frozen_at.is_not(None))
        connection.execute(update(issues).where(open_).values(state="sent", finished_at=now))
    return True


def balance_of(database: Database, issue: str) -> Balance:
    """Where the deliveries of an issue stand."""
    with database.transaction() as connection:
        candidates = connection.execute(select(issues.c.candidates).where(issues.c.id == issue)).scalar() or 0
        counted = select(deliveries.c.state, func.count().label("number")).where(deliveries.c.issue == issue)
        rows = connection.execute(counted.group_by(deliveries.c.state)).all()
    return balance(candidates, {row.state: row.number for row in rows})


def unsettled(database: Database, issue: str, states: Sequence[DeliveryState]) -> tuple[tuple[str, str, str], ...]:
    """The deliveries in the given states by name: address, state, reason."""
    columns = (deliveries.c.address, deliveries.c.state, deliveries.c.reason)
    query = select(*columns).where(deliveries.c.issue == issue, deliveries.c.state.in_(states))
    with database.transaction() as connection:
        rows = connection.execute(query.order_by(deliveries.c.state, deliveries.c.address))
        return tuple((row.address, row.state, row.reason) for row in rows)


def _count(connection: Connection, issue: str) -> int:
    query = select(func.count()).select_from(deliveries).where(deliveries.c.issue == issue)
    return int(connection.execute(query).scalar_one())


def last_sending(database: Database) -> str | None:
    """The issue that this database began to send last, or None."""
    with database.transaction() as connection:
        query = select(issues.c.id).order_by(issues.c.started_at.desc()).limit(1)
        return connection.execute(query).scalar()
