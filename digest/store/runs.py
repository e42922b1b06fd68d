"""The runs of the weekly job, and its stages: start, end and outcome of each."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import desc, insert, select, update

from digest.errors import DigestError
from digest.store.database import Database, inserted_id
from digest.store.schema import alerts, runs, stages

Clock = Callable[[], datetime]


class Run:
    """One run, which records its stages as they pass."""

    def __init__(self, database: Database, run_id: int, clock: Clock) -> None:
        self._database = database
        self._id = run_id
        self._clock = clock

    @contextmanager
    def stage(self, name: str, issue: str = "") -> Iterator[list[str]]:
        """Record a stage around its work; what is appended to the yielded list is kept as its detail."""
        detail: list[str] = []
        with self._database.transaction() as connection:
            values = {"run_id": self._id, "stage": name, "issue": issue, "started_at": self._clock()}
            stage_id = inserted_id(connection.execute(insert(stages).values(values)))
        try:
            yield detail
        except DigestError as error:
            self._end(stage_id, "failed", error.line())
            raise
        self._end(stage_id, "done", "; ".join(detail))

    def end(self, outcome: str) -> None:
        """Record how the run ended."""
        with self._database.transaction() as connection:
            changed = {"ended_at": self._clock(), "outcome": outcome}
            connection.execute(update(runs).where(runs.c.id == self._id).values(changed))

    def _end(self, stage_id: int, outcome: str, detail: str) -> None:
        with self._database.transaction() as connection:
            changed = {"ended_at": self._clock(), "outcome": outcome, "detail": detail[:2000]}
            connection.execute(update(stages).where(stages.c.id == stage_id).values(changed))


def begin_run(database: Database, command: str, clock: Clock) -> Run:
    """Record that a run begins; runs that were killed before are closed as such."""
    now = clock()
    with database.transaction() as connection:
        # the caller holds the publication's lock, so whatever is still open here was killed
        killed = {"ended_at": now, "outcome": "killed"}
        connection.execute(update(runs).where(runs.c.ended_at.is_(None)).values(killed))
        connection.execute(update(stages).where(stages.c.ended_at.is_(None)).values(killed))
        values = {"command": command, "host": socket.gethostname(), "process": os.getpid(), "started_at": now}
        run_id = inserted_id(connection.execute(insert(runs).values(values)))
    return Run(database, run_id, clock)


def last_done(database: Database, stage: str) -> datetime | None:
    """When a stage last began that was then done, or None."""
    query = select(stages.c.started_at).where(stages.c.stage == stage, stages.c.outcome == "done")
    with database.transaction() as connection:
        return connection.execute(query.order_by(desc(stages.c.id)).limit(1)).scalar()


def was_said(database: Database, key: str) -> bool:
    """Whether a word about this was given before."""
    with database.transaction() as connection:
        return connection.execute(select(alerts.c.key).where(alerts.c.key == key)).scalar() is not None


def now_said(database: Database, key: str, now: datetime) -> None:
    """Remember that a word about this was given, so that it is not given again."""
    with database.transaction() as connection:
        connection.execute(insert(alerts).values(key=key, said_at=now))
