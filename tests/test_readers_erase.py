"""Who was erased is nowhere, and stays away until they come back themselves."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import CommandLine
from postal_service import ISSUE, Post, begin, enlist, mailbox, work
from sqlalchemy import select

from digest.errors import Refused
from digest.jobs.erase_reader import erase
from digest.publication import load_publication
from digest.store import ledger
from digest.store.database import Database, open_database
from digest.store.readers import reader_at
from digest.store.schema import metadata

NOW = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
WHO = "mirela.dragan@example.com"


def everything(database: Database) -> str:
    """All that stands in any table."""
    with database.transaction() as connection:
        return "\n".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )


def files_with(folder: Path, *words: str) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    )


def _leave_a_trace_in_free_pages(path: Path, text: str) -> None:
    """Some builds of SQLite overwrite what is deleted and some do not; here it is left, as most leave it."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA secure_delete=OFF", "UPDATE readers SET name = ?1", "UPDATE readers SET name = ''"):
        connection.execute(statement, (text,) if "?" in statement else ())
    connection.close()


def test_nothing_of_them_is_left_on_the_disk(sent_publication: Path, digest_here: CommandLine, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        ran = digest_here("readers", *arguments, folder=sent_publication)
        assert ran.returncode == 0, ran.said
        return ran.stdout

    _leave_a_trace_in_free_pages(sent_publication / "digest.db", "Quince " * 300)
    assert files_with(sent_publication, "Quince") == ["digest.db"]
    before = files_with(sent_publication, WHO)
    assert any(name.startswith("outbox/") for name in before)

    said = run("erase", WHO, "--yes")

    assert "1 taken out of outbox/" in said
    # the file that they were imported from is the publisher's own, and is named in the command's help
    assert files_with(sent_publication, WHO, "Quince") == ["feeds/readers.csv"]
    assert WHO not in run("export") + run("list") + run("export", "--json")
    balance = digest_here("deliveries", "list", "--json", folder=sent_publication).json["balance"]
    assert (balance["candidates"], balance["accepted"]) == (24, 24)


def test_no_import_brings_them_back_and_they_may_come_back_themselves(
    sent_publication: Path, digest_here: CommandLine
) -> None:
    def run(*arguments: str) -> object:
        return digest_here("readers", *arguments, "--json", folder=sent_publication).json

    run("erase", WHO, "--yes")
    again = run("import", str(sent_publication / "feeds" / "readers.csv"))
    assert (again["added"], again["known"], again["refusals"]) == (0, 23, {"left": 1})  # type: ignore[index]
    assert "were erased on" in again["refused"][0]  # type: ignore[index]
    run("add", WHO, "--consent", "Yes, again.", "--returning")
    shown = run("show", WHO)
    # somebody new: nothing of what was erased comes back
    assert (shown["state"], shown["deliveries"], len(shown["consents"])) == ("active", [], 1)  # type: ignore[index]


def test_it_is_confirmed_first(sent_publication: Path, digest_here: CommandLine) -> None:
    refused = digest_here("readers", "erase", WHO, folder=sent_publication)
    assert "would be erased for good; confirm with --yes" in refused.refusal(3)
    assert digest_here("readers", "show", WHO, folder=sent_publication).returncode == 0
    assert "not on the list" in digest_here("readers", "erase", "nobody@x.com", folder=sent_publication).refusal(2)


@pytest.fixture
def database(database_url: str) -> Database:
    return open_database(database_url, NOW)


def test_no_table_has_a_word_of_them(publication: Path, database: Database) -> None:
    begin(database, 25)
    work(database, Post())
    assert mailbox(3) in everything(database)

    erase(load_publication(publication, {}), database, mailbox(3), NOW)

    assert mailbox(3) not in everything(database)
    assert ledger.balance_of(database, ISSUE).line == "25 candidates = 25 accepted"
    with database.transaction() as connection:
        assert reader_at(connection, mailbox(3)) is None
    database.close()


def test_their_number_never_becomes_another_reader_s(publication: Path, database: Database) -> None:
    """Links in letters that went out hold the number, and never expire."""
    enlist(database, 3)
    erase(load_publication(publication, {}), database, mailbox(3), NOW)
    enlist(database, 1, first=4)
    with database.transaction() as connection:
        fourth = reader_at(connection, mailbox(4))
    assert fourth is not None
    assert fourth.id == 4
    database.close()


def test_who_is_erased_before_the_letter_is_sent_gets_none(publication: Path, database: Database) -> None:
    begin(database, 12)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    erase(load_publication(publication, {}), database, mailbox(3), NOW)
    post = Post()

    assert work(database, post).line == "12 candidates = 11 accepted + 1 excluded"
    assert post.inboxes[mailbox(3)] == 0
    assert post.inboxes[""] == 0
    database.close()


def test_while_their_copy_is_on_its_way_they_cannot_be_erased(publication: Path, database: Database) -> None:
    begin(database, 5)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    ledger.claim(database, ISSUE, "somebody", NOW)

    with pytest.raises(Refused, match="a copy of 2026-W47 to them is on its way"):
        erase(load_publication(publication, {}), database, mailbox(3), NOW)
    assert mailbox(3) in everything(database)
    database.close()
