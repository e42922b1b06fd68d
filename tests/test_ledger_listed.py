"""Whoever cannot be accounted for is listed by name, and the command says that it is incomplete."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, SENDING, WEEK, CommandLine
from newsroom import letters_in
from postal_service import Killed, Post, accepts, dies_after

from digest.delivery.sender import deliver
from digest.jobs.send import _approved_email
from digest.jobs.standing import standing_of
from digest.publication import load_publication
from digest.store import ledger
from digest.store.database import open_database
from digest.tokens import Tokens


@pytest.fixture
def interrupted(built_publication: Path, digest_here: CommandLine) -> Path:
    """An approved issue whose sending died in its second batch, with a provider that cannot be asked about it."""
    folder = built_publication
    readers = str(folder / "feeds" / "readers.csv")
    assert digest_here("--now", SENDING, "readers", "import", readers, folder=folder).returncode == 0
    assert digest_here("--now", BEFORE_SENDING, "approve", "--by", "Ann", folder=folder).returncode == 0
    publication, now = load_publication(folder, {}), datetime.fromisoformat(SENDING)
    database = open_database(publication.database_url, now)
    email = _approved_email(publication, standing_of(publication, WEEK))
    ledger.begin_sending(database, WEEK, email, "outbox", now)
    post = Post(accepts, dies_after)
    for _ in range(2):
        with suppress(Killed):
            deliver(database, WEEK, post, Tokens(["k" * 32]), clock=lambda: now, progress=lambda *_: None)
    assert ledger.balance_of(database, WEEK).line == "24 candidates = 14 accepted + 10 quarantined"
    database.close()
    return folder


def test_deliveries_list_names_them_and_ends_with_4(interrupted: Path, digest_here: CommandLine) -> None:
    listed = digest_here("deliveries", "list", folder=interrupted)
    assert listed.returncode == 4
    assert "24 candidates = 14 accepted + 10 quarantined" in listed.stdout
    assert listed.stdout.count("quarantined  the sending process died") == 10

    named = digest_here("deliveries", "list", "--json", "--week", WEEK, folder=interrupted)
    assert named.returncode == 4
    assert len({one["address"] for one in named.json["deliveries"]}) == 10
    assert {one["state"] for one in named.json["deliveries"]} == {"quarantined"}


def test_the_weekly_job_sends_them_nothing_and_says_that_it_is_incomplete(
    interrupted: Path, digest_here: CommandLine
) -> None:
    ran = digest_here("--now", SENDING, "run", "--offline", folder=interrupted)

    assert ran.returncode == 4, ran.said
    assert "10 deliveries are open; `digest deliveries` lists them" in ran.said
    assert letters_in(interrupted / "outbox") == []
    assert not (interrupted / "issues" / WEEK / "sent.yaml").exists()


def test_what_began_to_go_out_can_be_neither_skipped_nor_withdrawn(interrupted: Path, digest_here: CommandLine) -> None:
    for command in ("unapprove", "skip"):
        refused = digest_here("--now", SENDING, command, "--week", WEEK, "--by", "Ann", folder=interrupted)
        assert "is going out now" in refused.refusal(3)
