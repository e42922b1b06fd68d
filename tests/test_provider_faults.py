"""Every fault on every provider: what the reader gets and what the ledger says, as docs/faults.md has it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from fault_table import FAULTS, ON_THE_WAY, PAGE, WEB, Cell, page
from hostile_faults import FAULTS as DOES
from hostile_provider import serving
from letters import batch, copies, letter
from own_certificate import made_in
from provider_table import DEADLINE, VENDORS, talking

from digest.delivery.provider import Answer

CELLS = [(fault, name, cell) for fault, cells in FAULTS.items() for name, cell in cells.items() if cell is not None]
SILENT = {"takes the call and is silent", "takes the call and drips its answer"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return made_in(tmp_path_factory.mktemp("tls"))


def is_as_expected(answer: Answer, cell: Cell) -> None:
    assert {outcome.state for outcome in answer.outcomes} == {cell.state}, answer
    assert bool(answer.stop) == cell.stops, answer
    assert bool(answer.refused_whole) == cell.whole, answer
    assert all(outcome.reason and "\n" not in outcome.reason for outcome in answer.outcomes)


@pytest.mark.parametrize(("fault", "name", "cell"), CELLS, ids=[f"{name}, which {fault}" for fault, name, _ in CELLS])
def test_a_call_that_goes_wrong(fault: str, name: str, cell: Cell) -> None:
    some = copies(3)
    with talking(name, script=[fault]) as (provider, service):
        answer = provider.send(letter(), batch(some), some, 0.6 if fault in SILENT else DEADLINE)

    is_as_expected(answer, cell)
    assert [outcome.reader for outcome in answer.outcomes] == [1, 2, 3]
    assert [service.copies(copy.address) for copy in some] == [cell.copies] * 3
    # one attempt is one call, whatever comes of it
    assert len(service.asked) == 1


@pytest.mark.parametrize("name", WEB)
@pytest.mark.parametrize("fault", ON_THE_WAY)
def test_a_call_that_never_leaves(fault: str, name: str, certificate: tuple[Path, Path]) -> None:
    some = copies(3)
    with socket.create_server(("127.0.0.1", 0)) as taken, talking(name) as (_, service):
        port = taken.getsockname()[1]
        taken.close()
        address = {
            "its host has no address": "http://nowhere.invalid",
            "it refuses the connection": f"http://127.0.0.1:{port}",
            "no secure connection is possible": service.address.replace("http://", "https://"),
            "its certificate is somebody else's": "",
        }[fault]
        if address:
            answer = VENDORS[name].made(address).send(letter(), batch(some), some, DEADLINE)
        else:
            with serving(service.service, certificate=certificate) as secure:
                answer = VENDORS[name].made(secure.address).send(letter(), batch(some), some, DEADLINE)
            assert secure.asked == []

    is_as_expected(answer, ON_THE_WAY[fault])
    assert service.asked == []
    assert all("not sent" in outcome.reason for outcome in answer.outcomes)


def test_every_fault_that_a_server_can_do_has_its_line() -> None:
    assert set(FAULTS) == set(DOES)


def test_the_page_says_what_the_tests_expect() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("name", WEB)
@pytest.mark.parametrize("how", ["in seconds", "as a date"])
def test_how_long_to_wait_is_handed_on(name: str, how: str) -> None:
    some = copies(2)
    with talking(name, script=[f"answers 429 with Retry-After {how}"]) as (provider, _):
        asked = provider.send(letter(), batch(some), some, DEADLINE).retry_after

    assert asked is not None
    assert 28 <= asked <= 30
