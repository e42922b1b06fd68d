"""`digest reconcile` and `digest deliveries settle`: what a person does about deliveries that nobody can vouch for."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, SENDING, WEEK, CommandLine
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
    """An approved issue whose sending died in its second batch; with the outbox, which recognises repetitions."""
    folder = built_publication
    readers = str(folder / "feeds" / "readers.csv")
    assert digest_here("--now", SENDING, "readers", "import", readers, folder=folder).returncode == 0
    assert digest_here("--now", BEFORE_SENDING, "approve", "--by", "Ann", folder=folder).returncode == 0
    publication, now = load_publication(folder, {}), datetime.fromisoformat(SENDING)
    database = open_database(publication.database_url, now)
    email = _approved_email(publication, standing_of(publication, WEEK))
    ledger.begin_sending(database, WEEK, email, "outbox", now)
    with suppress(Killed):
        tokens = Tokens(["k" * 32])
        deliver(database, WEEK, Post(accepts, dies_after), tokens, clock=lambda: now, progress=lambda *_: None)
    database.close()
    return folder


def test_reconcile_says_what_the_next_sending_repeats_and_sends_nothing(
    interrupted: Path, digest_here: CommandLine
) -> None:
    ran = digest_here("--now", SENDING, "reconcile", folder=interrupted)

    assert ran.returncode == 4, ran.said
    assert "10 are repeated by `digest send` under their keys, and arrive once" in ran.stdout
    said = digest_here("--now", SENDING, "reconcile", "--json", folder=interrupted).json
    assert (said["issue"], said["repeatable"], said["balance"]["unknown"]) == (WEEK, 10, 10)
    assert not (interrupted / "outbox").exists()


def test_settle_takes_names_one_by_one_and_the_last_one_closes_the_issue(
    interrupted: Path, digest_here: CommandLine
) -> None:
    settle = ("--now", SENDING, "deliveries", "settle")
    digest_here("--now", SENDING, "reconcile", folder=interrupted)
    listed = digest_here("deliveries", "list", "--json", folder=interrupted).json["deliveries"]
    first = next(one["address"] for one in listed if one["state"] == "unknown")

    one = digest_here(
        *settle, first.upper(), "--as", "rejected", "--why", "she says", "--by", "Ann", "--json", folder=interrupted
    )
    assert one.returncode == 4, one.said
    assert (one.json["settled"], one.json["balance"]["rejected"], one.json["balance"]["unknown"]) == (1, 1, 9)

    rest = ("--all", "--as", "accepted", "--why", "in the log", "--by", "Ann")
    # four readers were not tried yet: what is pending is the sending's, and nobody settles it
    done = digest_here(*settle, *rest, folder=interrupted)
    assert done.returncode == 4
    assert "9 settled as accepted by Ann" in done.stdout
    sent = digest_here("--now", SENDING, "send", "--week", WEEK, folder=interrupted)
    assert (sent.returncode, sent.stdout.strip()) == (0, f"{WEEK}: 24 candidates = 23 accepted + 1 rejected")
    assert (interrupted / "issues" / WEEK / "sent.yaml").is_file()
    named = digest_here("deliveries", "list", "--json", folder=interrupted).json["deliveries"]
    assert named == [{"address": first, "state": "rejected", "reason": "settled by Ann: she says"}]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nobody@example.com", "--as", "accepted", "--why", "x"), 3, "no unknown or quarantined delivery to nobody@"),
        (("--as", "accepted", "--why", "x"), 2, "give addresses, or --all"),
        (("--all", "--as", "pending", "--why", "x"), 2, "accepted"),
        (("--all", "--as", "accepted", "--why", " "), 3, "who says so, and why"),
    ],
)
def test_settle_refuses_what_it_cannot_know(
    interrupted: Path, digest_here: CommandLine, arguments: tuple[str, ...], code: int, said: str
) -> None:
    refused = digest_here("deliveries", "settle", *arguments, "--by", "Ann", folder=interrupted)
    assert said in refused.refusal(code)


def test_where_nothing_went_out_there_is_nothing_to_settle_or_to_ask(
    built_publication: Path, digest_here: CommandLine
) -> None:
    assert digest_here("reconcile", folder=built_publication).stdout == "nothing went out from this database yet\n"
    settle = ("deliveries", "settle", "--all", "--as", "accepted", "--why", "x", "--by", "Ann")
    assert "nothing went out" in digest_here(*settle, folder=built_publication).refusal(3)
