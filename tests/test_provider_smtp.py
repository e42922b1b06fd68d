"""SMTP: the message arrives whole, always under TLS, over one connection, and what goes wrong is told apart."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_table import SMTP as CELLS
from hostile_mail_server import PASSWORD, receiving
from letters import BASE, FIRST, as_read, batch, copies, letter
from own_certificate import made_in

from digest.delivery.providers.outbox import Outbox
from digest.delivery.providers.smtp import SMTP
from digest.mail.message import message_of
from digest.model.delivery import Copy

DEADLINE = 10.0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return made_in(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """The certificate, which this machine trusts for the length of a test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    return certificate


def provider(address: str) -> SMTP:
    return SMTP(address, base_url=BASE, user="letter", password=PASSWORD)


def sent(smtp: SMTP, copy: Copy, number: int = 1, deadline: float = DEADLINE) -> tuple[str, str]:
    (outcome,) = smtp.send(letter(), batch([copy], number), [copy], deadline).outcomes
    assert outcome.reader == copy.reader
    return outcome.state, outcome.reason


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS from the first byte"])
def test_a_reader_sees_what_the_outbox_shows(implicit: bool, trusted: tuple[Path, Path], tmp_path: Path) -> None:
    some = copies(3)
    with receiving(certificate=trusted, implicit=implicit) as (server, address):
        smtp = provider(address)
        assert [sent(smtp, copy, copy.reader)[0] for copy in some] == ["accepted"] * 3
        smtp.close()
    for copy in some:
        folder = tmp_path / str(copy.reader)
        Outbox(folder, base_url=BASE).send(letter(), batch([copy], copy.reader), [copy], DEADLINE)
        (shown,) = (folder / "new").iterdir()
        (travelled,) = server.inboxes[copy.address]
        assert as_read(travelled) == as_read(shown.read_bytes())


def test_the_message_travels_byte_for_byte(trusted: tuple[Path, Path]) -> None:
    (copy,) = copies(1)
    with receiving(certificate=trusted) as (server, address):
        smtp = provider(address)
        (outcome,) = smtp.send(letter(), batch([copy]), [copy], DEADLINE).outcomes
        smtp.close()

    own = outcome.message_id
    # the dots that begin a line are doubled on the way and single again at the end
    assert server.inboxes[copy.address] == [
        message_of(letter(), copy, base_url=BASE, date=FIRST, identity=own).as_bytes()
    ]


def test_one_connection_is_kept(trusted: tuple[Path, Path]) -> None:
    with receiving(certificate=trusted) as (server, address):
        smtp = provider(address)
        for copy in copies(5):
            assert sent(smtp, copy, copy.reader)[0] == "accepted"
        smtp.close()
    assert server.connections == 1


def test_a_connection_that_the_server_gave_up_is_replaced_before_anything_is_sent(trusted: tuple[Path, Path]) -> None:
    one, two = copies(2)
    with receiving(certificate=trusted) as (server, address):
        smtp = provider(address)
        sent(smtp, one)
        smtp._kept[0][0].sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        assert sent(smtp, two, 2)[0] == "accepted"
        smtp.close()
    assert server.connections == 2
    assert server.copies(two.address) == 1


@pytest.mark.parametrize("fault", [fault for fault in CELLS if not fault.startswith("it")])
def test_a_message_that_goes_wrong(fault: str, trusted: tuple[Path, Path]) -> None:
    cell, (one, two) = CELLS[fault], copies(2)
    with receiving(fault, certificate=trusted) as (server, address):
        smtp = provider(address)
        answer = smtp.send(letter(), batch([one]), [one], 1.0 if "silent" in fault else DEADLINE)
        (outcome,) = answer.outcomes
        assert (outcome.state, server.copies(one.address)) == (cell.state, cell.copies), outcome
        assert bool(answer.stop) == cell.stops
        assert answer.mailbox_alone == ("want the mailbox now" in fault)
        assert outcome.reason
        assert PASSWORD not in outcome.reason + answer.stop
        server.script.clear()
        # whatever it was, the next message finds a connection that works
        assert sent(smtp, two, 2)[0] == "accepted"
        smtp.close()
    assert server.copies(one.address) == cell.copies


def test_without_tls_nothing_is_sent(trusted: tuple[Path, Path]) -> None:
    (copy,) = copies(1)
    with receiving(certificate=None, sign_in=False) as (server, address):
        # any name of this machine but its loopback ones: there a relay of one's own needs no TLS
        smtp = SMTP(address.replace("localhost", "0.0.0.0"), base_url=BASE)
        answer = smtp.send(letter(), batch([copy]), [copy], DEADLINE)

    assert (answer.outcomes[0].state, bool(answer.stop)) == (CELLS["it offers no TLS"].state, True)
    assert server.copies(copy.address) == 0


def test_a_relay_on_this_machine_needs_no_tls() -> None:
    (copy,) = copies(1)
    with receiving(certificate=None, sign_in=False) as (server, address):
        smtp = SMTP(address, base_url=BASE)
        assert sent(smtp, copy)[0] == "accepted"
        smtp.close()
    assert server.copies(copy.address) == 1


@pytest.mark.parametrize(
    ("fault", "address"),
    [
        ("its host has no address", "smtp://nowhere.invalid:587"),
        ("it refuses the connection", "smtp://127.0.0.1:{port}"),
    ],
)
def test_a_server_that_cannot_be_reached(fault: str, address: str) -> None:
    (copy,) = copies(1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    state, reason = sent(provider(address.format(port=port)), copy)
    assert state == CELLS[fault].state
    assert "no connection" in reason


@pytest.mark.parametrize("implicit", [False, True])
def test_a_certificate_that_nobody_vouches_for_is_refused(implicit: bool, certificate: tuple[Path, Path]) -> None:
    (copy,) = copies(1)
    with receiving(certificate=certificate, implicit=implicit) as (server, address):
        state, reason = sent(provider(address), copy)
    assert (state, server.copies(copy.address)) == ("pending", 0)
    assert "no secure connection" in reason


@pytest.mark.parametrize("address", ["ann@example.com", "ann@letter.test", "ännchen@mail.internal"])
def test_who_cannot_be_written_to_is_excluded_by_name(address: str) -> None:
    (copy,) = copies(1)
    state, reason = sent(provider("smtp://nowhere.invalid"), copy._replace(address=address))
    assert state == "excluded"
    assert reason


def test_a_deadline_that_is_over_leaves_the_rest_for_later(trusted: tuple[Path, Path]) -> None:
    some = copies(3)
    with receiving("takes the message and is silent", certificate=trusted) as (server, address):
        smtp = provider(address)
        answer = smtp.send(letter(), batch(some), some, 1.0)
        smtp.close()
    assert [outcome.state for outcome in answer.outcomes] == ["unknown", "pending", "pending"]
    assert [server.copies(copy.address) for copy in some] == [1, 0, 0]
