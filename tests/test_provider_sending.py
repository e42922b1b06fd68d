"""A whole sending through each provider: everybody once, whatever the provider does; who is unclear is listed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from letters import FIRST, ISSUE, copies, letter
from provider_table import VENDORS, talking

from digest.delivery.sender import deliver
from digest.delivery.web_provider import WebProvider
from digest.errors import Incomplete
from digest.model.address import mail_address
from digest.model.delivery import Balance
from digest.model.reader import Consent, Person
from digest.store import ledger
from digest.store.database import Database, open_database
from digest.store.enlist import enlist
from digest.tokens import Tokens

READERS = [copy.address for copy in copies(7)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'digest.db'}", FIRST)
    consent = Consent(at=FIRST, how="test", wording="Yes, please.")
    listed = [*READERS, "ann@example.com"]
    people = [Person(mail_address(address), f"hash of {address}", consent=consent) for address in listed]
    with database.transaction() as connection:
        enlist(connection, people, FIRST, newest=0, cause="test")
    yield database
    database.close()


def tick(database: Database, provider: WebProvider, later: timedelta = timedelta()) -> Balance:
    provider.limits = provider.limits._replace(readers=3)
    ledger.begin_sending(database, ISSUE, letter(), provider.name, FIRST)
    moment = FIRST + later
    told = {"clock": lambda: moment, "progress": lambda *_: None, "sleep": lambda _seconds: None}
    return deliver(database, ISSUE, provider, Tokens(["k" * 32]), **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", VENDORS)
def test_everybody_gets_it_once_and_examples_are_listed(name: str, database: Database) -> None:
    with talking(name) as (provider, service):
        assert tick(database, provider).line == "8 candidates = 7 accepted + 1 excluded"
        assert tick(database, provider).line == "8 candidates = 7 accepted + 1 excluded"
    assert [service.copies(address) for address in READERS] == [1] * 7


@pytest.mark.parametrize("name", VENDORS)
def test_a_lost_answer_never_leads_to_a_second_copy(name: str, database: Database) -> None:
    with talking(name, script=["", "takes the call and hangs up"]) as (provider, service):
        tick(database, provider)
        again = tick(database, provider, timedelta(hours=1))
    assert [service.copies(address) for address in READERS] == [1] * 7
    repeats_or_is_asked = name in ("resend", "postmark", "mailgun")
    settled = "7 accepted + 1 excluded" if repeats_or_is_asked else "4 accepted + 1 excluded + 3 quarantined"
    assert again.line == f"8 candidates = {settled}"


def test_after_the_key_is_gone_nothing_is_repeated(database: Database) -> None:
    with talking("resend", script=["takes the call and hangs up"], key_life=0.0) as (provider, service):
        tick(database, provider)
        late = tick(database, provider, timedelta(hours=23))
    assert late.line == "8 candidates = 4 accepted + 1 excluded + 3 quarantined"
    assert [service.copies(address) for address in READERS] == [1] * 7


@pytest.mark.parametrize("name", VENDORS)
def test_a_provider_that_says_not_now_is_asked_again_at_the_next_tick(name: str, database: Database) -> None:
    with talking(name, script=["", "answers 429"]) as (provider, service):
        assert tick(database, provider).pending == 5
        assert tick(database, provider).line == "8 candidates = 7 accepted + 1 excluded"
    assert [service.copies(address) for address in READERS] == [1] * 7


@pytest.mark.parametrize("name", ["postmark", "mailgun"])
def test_what_a_search_does_not_know_of_is_quarantined_and_not_before_it_is_complete(
    name: str, database: Database
) -> None:
    with talking(name, script=["hangs up and takes nothing"]) as (provider, service):
        assert tick(database, provider).unknown == 3
        assert tick(database, provider, timedelta(minutes=14)).unknown == 3
        assert tick(database, provider, timedelta(hours=1)).quarantined == 3
        assert tick(database, provider, timedelta(hours=2)).line == (
            "8 candidates = 4 accepted + 1 excluded + 3 quarantined"
        )
    assert sorted(service.copies(address) for address in READERS) == [0, 0, 0, 1, 1, 1, 1]
    reasons = {reason for _, _, reason in ledger.unsettled(database, ISSUE, ["quarantined"])}
    assert len(reasons) == 1
    assert reasons.pop().endswith(f"; {name} does not know of it")


@pytest.mark.parametrize("name", VENDORS)
def test_a_wrong_key_stops_the_run_with_a_line_and_nobody_is_lost(name: str, database: Database) -> None:
    with talking(name, script=["", "answers 401"]) as (provider, service):
        with pytest.raises(Incomplete) as stopped:
            tick(database, provider)
        line = stopped.value.line()
        assert line.startswith(f"{name}: ")
        assert "HTTP 401" in line
        assert "then `digest send` goes on" in line
        assert stopped.value.exit_code == 4
        assert tick(database, provider).line == "8 candidates = 7 accepted + 1 excluded"
    assert [service.copies(address) for address in READERS] == [1] * 7
