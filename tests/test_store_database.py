"""The database makes and migrates itself, and says in one line what is wrong with it. On SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import CommandLine
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import StatementError

from digest.errors import BrokenInput
from digest.store.database import Database, open_database
from digest.store.feeds import FeedState, feed_states, save_feed_states
from digest.store.runs import begin_run, last_done, now_said, was_said
from digest.store.schema import VERSION, metadata

NOW = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)


def executed(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run a statement past the program."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def opened(url: str) -> Database:
    return open_database(url, NOW)


def test_a_new_database_gets_every_table_that_the_schema_names(database_url: str) -> None:
    opened(database_url).close()
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    inspector = inspect(engine)

    there = {
        table: {column["name"] for column in inspector.get_columns(table)} for table in inspector.get_table_names()
    }
    engine.dispose()

    assert there.pop("alembic_version") == {"version_num"}
    assert there == {table.name: {column.name for column in table.columns} for table in metadata.sorted_tables}


def shape(url: str) -> dict[str, object]:
    """All that tells one schema from another: columns, keys, indexes."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    inspector = inspect(engine)
    tables = {
        table: {
            "columns": {
                column["name"]: {**column, "type": str(column["type"])} for column in inspector.get_columns(table)
            },
            "key": inspector.get_pk_constraint(table),
            "references": sorted(inspector.get_foreign_keys(table), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "indexes": sorted(inspector.get_indexes(table), key=str),
        }
        for table in inspector.get_table_names()
    }
    engine.dispose()
    return tables


def test_a_database_that_is_made_anew_is_the_one_that_the_migrations_make(database_url: str) -> None:
    opened(database_url).close()
    made = shape(database_url)
    for table in [*reversed(metadata.sorted_tables)]:
        executed(database_url, f"DROP TABLE {table.name}")
    executed(database_url, "DELETE FROM alembic_version")

    opened(database_url).close()

    assert shape(database_url) == made


def test_opening_it_twice_is_harmless_and_its_name_stays(database_url: str) -> None:
    first, second = opened(database_url), opened(database_url)

    assert first.id == second.id
    assert executed(database_url, "SELECT version_num FROM alembic_version") == [(VERSION,)]
    first.close()
    second.close()


def test_migrations_run_again_from_a_version_that_was_lost(database_url: str) -> None:
    """A process that was killed before it migrated leaves an empty version table behind."""
    executed(database_url, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")

    opened(database_url).close()

    assert executed(database_url, "SELECT version_num FROM alembic_version") == [(VERSION,)]


@pytest.mark.parametrize("attempt", range(3))
def test_processes_that_open_it_at_once_agree_on_one_database(database_url: str, attempt: int) -> None:
    with ThreadPoolExecutor(4) as pool:
        databases = list(pool.map(opened, [database_url] * 4))

    assert len({database.id for database in databases}) == 1
    assert len(executed(database_url, "SELECT id FROM databases")) == 1
    for database in databases:
        database.close()


def test_a_database_of_a_newer_program_is_refused_in_one_line(database_url: str) -> None:
    opened(database_url).close()
    executed(database_url, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(BrokenInput) as error:
        opened(database_url)

    assert "made by a newer version of digest (schema 9999)" in error.value.line()
    assert "\n" not in error.value.line()
    assert executed(database_url, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_the_command_line_says_so_too(publication: Path, digest_command: CommandLine, database_url: str) -> None:
    opened(database_url).close()
    executed(database_url, "UPDATE alembic_version SET version_num = '9999'")

    ran = digest_command("run", "--offline", folder=publication, env={"DIGEST_DATABASE_URL": database_url})

    assert "newer version" in ran.refusal(2)


def test_a_file_that_is_no_database_is_said_in_one_line(publication: Path, digest_command: CommandLine) -> None:
    (publication / "digest.db").write_text("not a database, " * 100, encoding="utf-8")

    ran = digest_command("run", "--offline", folder=publication)

    assert "not a database" in ran.refusal(ran.returncode)
    assert ran.returncode in (1, 2)
    assert str(publication / "digest.db") in ran.stderr


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://nobody:hunter22@127.0.0.1:1/none", 1),
        ("mysql://root@127.0.0.1/test", 2),
        ("postgresql://root@127.0.0.1:port/test", 2),
        ("sqlite:////proc/none/digest.db", 1),
    ],
)
def test_an_address_that_does_not_work_is_said_in_one_line_without_its_password(
    publication: Path, digest_command: CommandLine, url: str, code: int
) -> None:
    ran = digest_command("run", "--offline", folder=publication, env={"DIGEST_DATABASE_URL": url}, timeout=60)

    ran.refusal(code)
    assert "hunter22" not in ran.said


def test_moments_come_back_in_utc_whatever_zone_they_went_in_with(database_url: str) -> None:
    database = opened(database_url)
    east = datetime(2026, 11, 20, 9, 5, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    save_feed_states(database, [FeedState("https://a.example/feed", polled_at=east)])

    kept = feed_states(database)["https://a.example/feed"].polled_at

    assert kept == east
    assert kept is not None
    assert kept.utcoffset() == timedelta(0)
    with pytest.raises(StatementError, match="time zone"):
        save_feed_states(database, [FeedState("https://a.example/feed", polled_at=datetime(2026, 1, 1))])  # noqa: DTZ001
    database.close()


def test_what_fails_half_way_is_not_kept_at_all(database_url: str) -> None:
    database = opened(database_url)
    with suppress(RuntimeError), database.transaction() as connection:
        connection.execute(text("INSERT INTO alerts (key, said_at) VALUES ('a', '2026-11-20 08:05:00')"))
        raise RuntimeError

    assert not was_said(database, "a")
    database.close()


def test_what_was_said_about_one_thing_is_remembered_of_that_thing(database_url: str) -> None:
    database = opened(database_url)

    assert not was_said(database, "held/2026-W47")
    now_said(database, "held/2026-W47", NOW)
    assert was_said(database, "held/2026-W47")
    assert not was_said(database, "held/2026-W48")
    database.close()


def test_a_run_that_was_killed_is_recorded_as_killed_and_its_stage_is_not_done(database_url: str) -> None:
    database = opened(database_url)
    killed = begin_run(database, "run", lambda: NOW)
    killed.stage("collect").__enter__()

    begin_run(database, "run", lambda: NOW).end("exit 0")

    assert last_done(database, "collect") is None
    assert executed(database_url, "SELECT outcome FROM runs ORDER BY id") == [("killed",), ("exit 0",)]
    assert executed(database_url, "SELECT outcome FROM stages") == [("killed",)]
    database.close()
