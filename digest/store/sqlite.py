"""All that is SQLite's alone: how a connection is set up, and how a transaction begins."""

from __future__ import annotations

import sqlite3
import time
from sqlite3 import Error as Error
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
        _write_ahead(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, which a new file needs once.

    While another connection does the same, SQLite refuses at once instead of waiting for its busy timeout.
    """
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def rewrite(engine: Engine) -> bool:
    """Write the whole file anew and empty its log, so that nothing of what was deleted stays on the disk.

    Deleted rows stay readable in free pages and in the write-ahead log (https://sqlite.org/lang_vacuum.html,
    https://sqlite.org/pragma.html#pragma_wal_checkpoint).

    Returns:
        Whether the log is empty now; it is not while another process reads.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        connection.close()
