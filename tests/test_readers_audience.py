"""Categories and pauses decide whether a reader gets an issue, never what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, SENDING, WEEK, CommandLine
from hypothesis import given
from hypothesis import strategies as st
from newsroom import letters_in
from postal_service import ISSUE, LETTER, NOW, Post, enlist, mailbox, work

from digest.model.reader import left_out
from digest.store import ledger
from digest.store.database import Database, open_database
from digest.store.readers import reader_at, set_state, stream_readers, update_reader

_CATEGORIES = st.sets(st.sampled_from(["data", "data-tools", "design", "tools"]))


@given(_CATEGORIES, _CATEGORIES)
def test_an_issue_goes_to_whoever_wants_one_of_its_categories(wanted: set[str], categories: set[str]) -> None:
    reason = left_out("active", " ".join(wanted), categories)
    if not wanted or not categories:
        assert reason == ""
    else:
        assert reason == ("" if wanted & categories else "category")
    assert left_out("paused", " ".join(wanted), categories) == "paused"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url, NOW)
    yield database
    database.close()


def wants(database: Database, number: int, categories: str) -> None:
    with database.transaction() as connection:
        reader = reader_at(connection, mailbox(number))
        assert reader is not None
        update_reader(connection, reader.id, {"categories": categories})


def pauses(database: Database, number: int, days: int | None) -> None:
    set_state(database, mailbox(number), "paused", NOW, "test")
    with database.transaction() as connection:
        reader = reader_at(connection, mailbox(number))
        assert reader is not None
        update_reader(connection, reader.id, {"paused_until": None if days is None else NOW + timedelta(days=days)})


def test_who_chose_others_or_pauses_is_excluded_by_name_with_the_reason(database: Database) -> None:
    enlist(database, 25)
    wants(database, 2, "design")
    wants(database, 3, "data design")
    pauses(database, 24, None)
    ledger.begin_sending(database, ISSUE, LETTER, "post", NOW, {"data", "security"})
    post = Post()

    assert work(database, post).line == "25 candidates = 23 accepted + 2 excluded"
    assert set(ledger.unsettled(database, ISSUE, ["excluded"])) == {
        (mailbox(2), "excluded", "category"),
        (mailbox(24), "excluded", "paused"),
    }
    assert post.inboxes[mailbox(3)] == 1
    # who is left out takes no place of another: the calls are as full as they can be
    assert [len(people) for _, people in post.calls] == [10, 10, 3]


def test_an_issue_without_categories_goes_to_everybody(database: Database) -> None:
    enlist(database, 3)
    wants(database, 2, "design")
    ledger.begin_sending(database, ISSUE, LETTER, "post", NOW)
    assert work(database, Post()).line == "3 candidates = 3 accepted"


def test_an_issue_that_nobody_wants_makes_no_call(database: Database) -> None:
    enlist(database, 250)
    for number in range(1, 251):
        wants(database, number, "design")
    ledger.begin_sending(database, ISSUE, LETTER, "post", NOW, {"data"})
    post = Post()
    assert work(database, post).line == "250 candidates = 250 excluded"
    assert post.calls == []


def test_a_pause_whose_end_has_come_is_over_and_remembered_as_such(database: Database) -> None:
    enlist(database, 3)
    pauses(database, 1, -1)
    pauses(database, 2, 1)
    ledger.begin_sending(database, ISSUE, LETTER, "post", NOW)
    assert work(database, Post()).line == "3 candidates = 2 accepted + 1 excluded"
    assert [reader.state for reader in stream_readers(database)] == ["active", "paused", "active"]


def test_the_letter_s_own_comparisons_decide(built_publication: Path, digest_here: CommandLine) -> None:
    def run(*arguments: str, now: str = SENDING) -> None:
        ran = digest_here("--now", now, *arguments, folder=built_publication)
        assert ran.returncode == 0, ran.said

    compared = digest_here("--now", BEFORE_SENDING, "pair", "--json", folder=built_publication).json["comparisons"]
    assert compared
    run("readers", "import", str(built_publication / "feeds" / "readers.csv"))
    run("readers", "edit", "y.tanaka@example.com", "--category", "security", "--category", "design")
    run("readers", "edit", "jonas.weber@example.com", "--category", "developer-tools", "--category", "productivity")
    run("approve", "--by", "Ann", now=BEFORE_SENDING)
    run("send", "--week", WEEK)
    got = {letter.partition(" to ")[2] for letter in letters_in(built_publication / "outbox")}
    assert "jonas.weber@example.com" in got
    assert "y.tanaka@example.com" not in got
    assert len(got) == 23
