"""Open the database: it makes and migrates itself, and its errors come out as words."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, create_engine, insert, inspect, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from digest.errors import BrokenInput, DigestError
from digest.store import sqlite
from digest.store.schema import VERSION, databases, metadata

_MIGRATION_LOCK = 0x0D16E57  # any number that only we use


class Database:
    """The state of a publication.

    Attributes:
        id: Who this database is; sent.yaml names it.
    """

    def __init__(self, engine: Engine, identity: str) -> None:
        self._engine = engine
        self.id = identity

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection whose work is kept whole or not at all.

        Raises:
            DigestError: The database cannot be reached or written, in words.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise _in_words(error, self._engine) from error

    def adopted(self) -> str:
        """The other database whose letters this one may continue, or an empty string."""
        with self.transaction() as connection:
            return str(connection.execute(select(databases.c.adopted)).scalar_one())

    def adopt(self, other: str) -> None:
        """Let this database send although another one sent the last issue."""
        with self.transaction() as connection:
            connection.execute(update(databases).values(adopted=other))

    def forget(self) -> bool:
        """Leave nothing of what was deleted on the disk, where the database is ours alone.

        Returns:
            Whether that was done; PostgreSQL's files are its administrator's (`VACUUM FULL`).

        Raises:
            DigestError: Another program holds the database.
        """
        if self._engine.dialect.name != "sqlite":
            return False
        try:
            return sqlite.rewrite(self._engine)
        except sqlite.Error as error:
            raise DigestError(f"the database could not be written anew: {error}", cure="run it again") from error

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def open_database(url: str, now: datetime) -> Database:
    """Open the state, making or migrating it first where that is due.

    Args:
        url: As SQLAlchemy spells it; `postgresql://` is understood as psycopg 3.
        now: The moment that a new database is dated with.

    Raises:
        BrokenInput: The address is wrong, or a newer program made the database.
        DigestError: The database cannot be reached or written.
    """
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            version = _version(connection)
        if version != VERSION:
            _migrate(engine, version)
        with engine.begin() as connection:
            identity = connection.execute(select(databases.c.id)).scalar()
            if identity is None:
                # two may come here at once; who comes second finds the first one's name
                _take_turns(connection)
                identity = connection.execute(select(databases.c.id)).scalar()
            if identity is None:
                identity = secrets.token_hex(6)
                connection.execute(insert(databases).values(id=identity, created_at=now))
    except DBAPIError as error:
        raise _in_words(error, engine) from error
    return Database(engine, str(identity))


def is_there(url: str) -> bool:
    """Whether there is a state already: opening a file that is not there would make it."""
    if not url.startswith("sqlite"):
        return True
    file = make_url(url).database
    return bool(file) and Path(str(file)).exists()


def _engine(url: str) -> Engine:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            engine = create_engine(parsed, connect_args={"timeout": sqlite.BUSY_MILLISECONDS / 1000})
            sqlite.set_up(engine)
            return engine
        return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise BrokenInput("not a database's address", where="DIGEST_DATABASE_URL", cure="use postgresql://…") from None
    except ModuleNotFoundError:
        raise BrokenInput(
            "PostgreSQL needs one more package",
            where="DIGEST_DATABASE_URL",
            cure="install it with `pip install 'digest-letter[postgresql]'`",
        ) from None


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _take_turns(connection: Connection) -> None:
    """Let one process at a time make the database; SQLite's transactions wait for each other anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})


def _migrate(engine: Engine, version: str | None) -> None:
    """Bring the database to this program's schema; an empty one is made as the migrations would leave it."""
    with engine.begin() as connection:
        _take_turns(connection)
        if inspect(connection).get_table_names():
            _upgrade(connection, engine, version)
        else:
            metadata.create_all(connection, checkfirst=False)
            # as Alembic makes it
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                                    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"))  # fmt: skip
            connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": VERSION})


def _upgrade(connection: Connection, engine: Engine, version: str | None) -> None:
    """Run the migrations; Alembic is imported here, since most starts need none and it takes a third of a second."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    configuration.attributes["connection"] = connection
    try:
        command.upgrade(configuration, VERSION)
    except CommandError:
        raise BrokenInput(
            f"made by a newer version of digest (schema {version})",
            where=_address(engine),
            cure="install that version, or restore a backup",
        ) from None


def _address(engine: Engine) -> str:
    """Where the database is, without what may be secret: a password may stand among the options too."""
    if engine.dialect.name == "sqlite":
        return engine.url.database or ""
    return engine.url.set(query={}).render_as_string(hide_password=True)


def _in_words(error: DBAPIError, engine: Engine) -> DigestError:
    where = _address(engine)
    said = " ".join(str(error.orig).split())
    lowered = said.lower()
    if "readonly" in lowered or "read-only" in lowered or "unable to open database" in lowered:
        return DigestError("the database cannot be written", where=where, cure="give yourself the right to write there")
    if "full" in lowered or "disk i/o" in lowered:
        return DigestError("the disk is full", where=where, cure="free some room and run it again")
    if "locked" in lowered:
        return DigestError("another program holds the database", where=where, cure="run it again in a minute")
    return DigestError(f"the database says: {said[:200]}", where=where, cure="mend that and run it again")


def inserted_id(result: CursorResult[Any]) -> int:
    """The number that a new row was given."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
