"""All that is SQLite's alone: how a connection is set up, and how a transaction begins."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

BUSY_MILLISECONDS = 10_000


def set_up(engine: Engine) -> None:
    """Write-ahead log, foreign keys, a busy timeout, and transactions that take their lock when they begin.

    A transaction that reads first and writes later can fail half-way with "database is locked" whatever the timeout
    (https://sqlite.org/lang_transaction.html); one that begins IMMEDIATE waits for its turn instead.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
