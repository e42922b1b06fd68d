"""A call is made once; afterwards it is known whether it can have left; and it ends when its time is up."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from digest.http.call import Caller, NotSent, Unanswered

Connection = Callable[[socket.socket], None]
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


class Listener:
    """A socket that answers as it is told, byte by byte.

    Attributes:
        requests: What came in, a request each.
        connections: How many were opened.
    """

    def __init__(self, answer: Connection) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/mail"

    def run(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            while request := self._read(connection):
                self.requests.append(request)
                self.answer(connection)

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        seen = b""
        while b"\r\n\r\n" not in seen:
            piece = connection.recv(65536)
            if not piece:
                return b""
            seen += piece
        head, _, body = seen.partition(b"\r\n\r\n")
        found = re.search(rb"(?i)content-length: (\d+)", head)
        length = int(found.group(1)) if found else 0
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body


@contextmanager
def listening(answer: Connection) -> Iterator[Listener]:
    listener = Listener(answer)
    threading.Thread(target=listener.run, daemon=True).start()
    try:
        yield listener
    finally:
        listener.socket.close()


@pytest.fixture
def caller() -> Iterator[Caller]:
    caller = Caller("digest/tests (+https://letter.internal)")
    yield caller
    caller.close()


def says(content: bytes) -> Connection:
    return lambda connection: connection.sendall(content)


def post(caller: Caller, address: str, seconds: float = 5.0, body: bytes = b"{}") -> bytes:
    return caller.call("POST", address, headers={"Authorization": "Bearer k"}, body=body, seconds=seconds).body


def test_an_answer_comes_back_whole(caller: Caller) -> None:
    with listening(says(HELLO)) as listener:
        assert post(caller, listener.address) == b"hi"
    (request,) = listener.requests
    assert b"Authorization: Bearer k\r\n" in request
    assert b"User-Agent: digest/tests (+https://letter.internal)\r\n" in request


def test_a_connection_is_kept_and_one_that_lay_idle_is_not_trusted(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(says(HELLO)) as listener:
        for _ in range(3):
            post(caller, listener.address)
        assert listener.connections == 1
        monkeypatch.setattr("digest.http.call._IDLE_SECONDS", 0.05)
        time.sleep(0.1)
        post(caller, listener.address)
        assert listener.connections == 2


def test_a_kept_connection_that_was_shut_costs_nothing(caller: Caller) -> None:
    def once(connection: socket.socket) -> None:
        connection.sendall(HELLO)
        connection.shutdown(socket.SHUT_RDWR)

    with listening(once) as listener:
        for _ in range(3):
            assert post(caller, listener.address) == b"hi"
            time.sleep(0.05)
    assert len(listener.requests) == 3


def test_a_redirect_is_an_answer_and_is_not_followed(caller: Caller) -> None:
    with listening(says(HELLO)) as other:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {other.address}\r\nContent-Length: 0\r\n\r\n".encode()
        with listening(says(moved)) as listener:
            reply = caller.call("POST", listener.address, headers={}, body=b"{}", seconds=5)
        assert (reply.status, other.requests) == (307, [])


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_nothing_is_tried_again(caller: Caller, status: int) -> None:
    refusal = f"HTTP/1.1 {status} No\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n".encode()
    with listening(says(refusal)) as listener:
        assert caller.call("POST", listener.address, headers={}, body=b"{}", seconds=5).status == status
        time.sleep(0.1)
    assert len(listener.requests) == 1


def drip(connection: socket.socket) -> None:
    for byte in HELLO + b" " * 100:
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def silent(connection: socket.socket) -> None:
    time.sleep(3)


@pytest.mark.parametrize("answer", [drip, silent])
def test_a_deadline_is_for_the_whole_call(caller: Caller, answer: Connection) -> None:
    with listening(answer) as listener:
        began = time.monotonic()
        with pytest.raises(Unanswered, match=r"no answer within 0\.5 s"):
            post(caller, listener.address, seconds=0.5)
        assert time.monotonic() - began < 1.5
    assert len(listener.requests) == 1


def test_a_server_that_does_not_read_is_left_when_the_time_is_up(caller: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        began = time.monotonic()
        with pytest.raises(Unanswered):
            post(caller, f"http://127.0.0.1:{deaf.getsockname()[1]}/", seconds=0.5, body=b"x" * 20_000_000)
        assert time.monotonic() - began < 1.5


def test_after_a_call_that_went_wrong_the_next_one_works(caller: Caller) -> None:
    answers = [silent, says(HELLO)]
    with listening(lambda connection: answers.pop(0)(connection)) as listener:
        with pytest.raises(Unanswered):
            post(caller, listener.address, seconds=0.3)
        assert post(caller, listener.address) == b"hi"
    assert listener.connections == 2


@pytest.mark.parametrize(
    "answer",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"],
    ids=["nothing", "nonsense", "half a body"],
)
def test_half_an_answer_is_none(caller: Caller, answer: bytes) -> None:
    def says_and_hangs_up(connection: socket.socket) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    with listening(says_and_hangs_up) as listener, pytest.raises(Unanswered, match="lost"):
        post(caller, listener.address)
    assert len(listener.requests) == 1


@pytest.mark.parametrize("address", ["http://nowhere.invalid/", "http://127.0.0.1:9/", "gopher://x/", "http://[x/"])
def test_what_cannot_be_reached_was_not_sent(caller: Caller, address: str) -> None:
    with pytest.raises(NotSent):
        post(caller, address, seconds=2)


def test_a_key_in_the_home_folder_does_not_take_the_place_of_the_given_one(
    caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    with listening(says(HELLO)) as listener:
        post(caller, listener.address)
    assert b"Authorization: Bearer k\r\n" in listener.requests[0]


def test_a_proxy_that_is_not_there_is_no_doubt(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
    with pytest.raises(NotSent):
        post(caller, "http://api.letter.internal/", seconds=2)


def test_through_a_proxy_it_is_noted_too_when_the_call_leaves(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(lambda connection: connection.shutdown(socket.SHUT_RDWR)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.address.removesuffix("/mail"))
        monkeypatch.setenv("HTTP_PROXY", proxy.address.removesuffix("/mail"))
        with pytest.raises(Unanswered):
            post(caller, "http://api.letter.internal/", seconds=2)
    assert len(proxy.requests) == 1
