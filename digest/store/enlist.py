"""Bring many people onto the list at once, each of them once, and nobody back who left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, func, insert, select, text, update

from digest.model.reader import LEFT, Person, ReaderState, StateChange, Suppression
from digest.store.readers import proof, remember
from digest.store.schema import consents, reader_changes, readers
from digest.store.suppressions import suppress, suppressed

# ended: a reader who is on the list has left, says the file; stays: the file says so, but they came back by themselves
What = Literal["added", "known", "twice", "left", "suppressed", "ended", "stays"]


class Enlisted(NamedTuple):
    """What became of one person of a page.

    Attributes:
        state: The state that they are in, where they were known.
        since: From when on, where that is known.
    """

    what: What
    state: ReaderState = "active"
    since: datetime | None = None


class _Known(NamedTuple):
    id: int
    state: ReaderState


def newest_reader(connection: Connection) -> int:
    """The number of the reader who came last; who has a greater one later came after this moment."""
    return int(connection.execute(select(func.max(readers.c.id))).scalar() or 0)


def enlist(
    connection: Connection, people: Sequence[Person], now: datetime, *, newest: int, cause: str
) -> list[Enlisted]:
    """Bring a page of people onto the list.

    Whoever is on it stays as they are. Whoever left, here or where they were exported, or was erased, is not brought
    back. A person who left elsewhere and is on the list leaves it, unless they signed up here themselves since.

    Args:
        connection: The state; what is written is kept when its transaction ends.
        people: At most some thousands; their keys are the parameters of one statement.
        now: The moment that whatever has no date is dated with.
        newest: Who has a greater number came by the same import, so that their row stands in it twice.
        cause: What is remembered with a change of state.

    Returns:
        What became of each, in their order.
    """
    _alone(connection)
    keys = [person.address.key for person in people]
    query = select(readers.c.address_key, readers.c.id, readers.c.state).where(readers.c.address_key.in_(keys))
    known = {key: _Known(id_, state) for key, id_, state in connection.execute(query)}
    barred = suppressed(connection, [person.hash for person in people])
    fresh: dict[str, Person] = {}
    leaving: list[Suppression] = []
    done: list[Enlisted] = []
    changed = _Changed(connection, now, cause, {one.id for one in known.values()})
    for person in people:
        here = known.get(person.address.key)
        if person.state in LEFT:
            done.append(_leave(person, here, fresh, barred, leaving, changed))
        elif person.hash in barred:
            one = barred[person.hash]
            done.append(Enlisted("suppressed", one.reason, one.at))
        elif person.address.key in fresh:
            done.append(_again(fresh[person.address.key].state, None, is_new=True))
        elif here is not None:
            done.append(_again(here.state, changed.left_at.get(here.id), is_new=here.id > newest))
        else:
            fresh[person.address.key] = person
            done.append(Enlisted("added"))
    _insert(connection, list(fresh.values()), now)
    suppress(connection, leaving)
    changed.save()
    return done


def _again(state: ReaderState, since: datetime | None, *, is_new: bool) -> Enlisted:
    if state in LEFT:
        return Enlisted("left", state, since)
    return Enlisted("twice" if is_new else "known", state)


class _Changed:
    """The readers of a page who leave: those who signed up themselves since do not."""

    def __init__(self, connection: Connection, now: datetime, cause: str, ids: set[int]) -> None:
        self._connection = connection
        self.now = now
        self.cause = cause
        self._leaving: dict[int, StateChange] = {}
        self._signed_up: dict[int, datetime] = {}
        self.left_at: dict[int, datetime] = {}
        if ids:
            self._look_up(ids)

    def _look_up(self, ids: set[int]) -> None:
        newest = select(consents.c.reader_id, func.max(consents.c.at).label("latest"))
        newest = newest.where(consents.c.origin == "reader", consents.c.reader_id.in_(ids))
        newest = newest.group_by(consents.c.reader_id)
        self._signed_up = {row.reader_id: row.latest for row in self._connection.execute(newest)}
        query = select(reader_changes.c.reader_id, func.max(reader_changes.c.at).label("latest"))
        query = query.where(reader_changes.c.reader_id.in_(ids), reader_changes.c.state.in_(LEFT))
        query = query.group_by(reader_changes.c.reader_id)
        self.left_at = {row.reader_id: row.latest for row in self._connection.execute(query)}

    def leaves(self, known: _Known, person: Person) -> bool:
        """Whether a reader leaves because a file says that they left."""
        said = person.change.at if person.change else None
        signed_up = self._signed_up.get(known.id)
        if signed_up is not None and (said is None or said <= signed_up):
            return False
        self._leaving.setdefault(known.id, StateChange(said or self.now, known.state, person.state, self.cause))
        return True

    def save(self) -> None:
        """Write it down."""
        for reader, change in self._leaving.items():
            self._connection.execute(update(readers).where(readers.c.id == reader).values(state=change.state))
        remember(self._connection, list(self._leaving.items()))


def _leave(
    person: Person,
    here: _Known | None,
    fresh: dict[str, Person],
    barred: dict[str, Suppression],
    leaving: list[Suppression],
    changed: _Changed,
) -> Enlisted:
    """Somebody of whom the file says that they left."""
    key = person.address.key
    if here is not None:
        if here.state in LEFT:
            return Enlisted("known", here.state)
        return Enlisted("ended" if changed.leaves(here, person) else "stays", person.state)
    if key in fresh:
        if fresh[key].state in LEFT:
            return Enlisted("known", fresh[key].state)
        # earlier in this very page they came onto the list; leaving wins in whatever order the rows stand
        change = person.change or StateChange(changed.now, fresh[key].state, person.state, changed.cause)
        fresh[key] = fresh[key]._replace(state=person.state, paused_until=None, change=change)
        return Enlisted("ended", person.state)
    if person.hash in barred:
        return Enlisted("known", person.state)
    if person.is_kept:
        fresh[key] = person
        return Enlisted("added", person.state)
    at, cause = (person.change.at, person.change.cause) if person.change else (changed.now, changed.cause)
    one = barred[person.hash] = Suppression(person.hash, person.state, at, cause)
    leaving.append(one)
    return Enlisted("added", person.state)


def _insert(connection: Connection, people: Sequence[Person], now: datetime) -> None:
    if not people:
        return
    rows = [
        {
            "address": person.address.address,
            "address_key": person.address.key,
            "name": person.name,
            "state": person.state,
            "categories": " ".join(person.categories),
            "paused_until": person.paused_until,
            "created_at": person.created_at or now,
        }
        for person in people
    ]
    returned = insert(readers).returning(readers.c.address_key, readers.c.id)
    ids = {row.address_key: row.id for row in connection.execute(returned, rows)}
    proofs = [proof(ids[one.address.key], one.consent) for one in people if one.consent is not None]
    if proofs:
        connection.execute(insert(consents), proofs)
    remember(connection, [(ids[one.address.key], one.change) for one in people if one.change is not None])


def _alone(connection: Connection) -> None:
    """Let nobody sign up between the look and the writing; SQLite's transactions wait for each other anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE readers IN SHARE ROW EXCLUSIVE MODE"))
