"""A real HTTP server on loopback that plays a provider: checks, takes, keeps an inbox a reader, misbehaves.

The inboxes are the oracle: what they hold arrived, whatever anybody wrote down. `hostile_faults` names
what it can do to a call.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from hostile_faults import FAULTS
from letters import AsRead, Travelling
from own_certificate import server_context


class Asked(NamedTuple):
    """One request as it came in; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Said(NamedTuple):
    """What a service answers."""

    status: int
    document: Any
    headers: Mapping[str, str] = MappingProxyType({})


class Sent(NamedTuple):
    """One message of a call: what a reader will see, what the service remembers it by, or why it takes it not."""

    letter: Travelling
    remembered: dict[str, str]
    refusal: str = ""


class Service(Protocol):
    """How one vendor's interface behaves.

    Attributes:
        all_or_nothing: Whether one bad mailbox refuses the whole call.
    """

    name: str
    all_or_nothing: bool

    def complaint(self, asked: Asked) -> str:
        """What is wrong with a request by the limits and rules that this vendor enforces, or an empty string."""
        ...

    def messages(self, asked: Asked, bad: frozenset[str]) -> list[Sent]:
        """The messages of a call after the vendor's own substitution and MIME."""
        ...

    def answer(self, sent: list[Sent], ids: list[str]) -> Said:
        """What it answers to a call that it took."""
        ...

    def refusal(self, status: int, words: str) -> Said:
        """What it answers to a call that it refuses."""
        ...

    def results(self, document: Any) -> list[Any] | None:
        """The list in its answer that has an entry a message, or None where there is none."""
        ...

    def search(self, asked: Asked, known: list[tuple[str, Sent]]) -> Said:
        """What it answers to a question about messages it took."""
        ...


@dataclass
class HostileProvider:
    """The server.

    Attributes:
        script: Names of faults, one a call; afterwards it behaves.
        bad: Mailboxes that it refuses.
        seconds: How long it takes before it takes a call, and as long again before it answers.
        key_life: How long it remembers an idempotency key, in seconds.
        certificate: What it shows, where it speaks TLS.
        lag: While true, its search finds nothing new.
        inboxes: What each reader got.
        complaints: Requests that the vendor would not have understood.
    """

    service: Service
    description: Callable[[Asked], str] = lambda asked: ""
    script: list[str] = field(default_factory=list)
    bad: frozenset[str] = frozenset()
    seconds: float = 0.0
    key_life: float = 24 * 3600.0
    lag: bool = False
    certificate: tuple[Path, Path] | None = None
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    inboxes: dict[str, list[Travelling]] = field(default_factory=lambda: defaultdict(list))
    complaints: list[str] = field(default_factory=list)
    known: list[tuple[str, Sent]] = field(default_factory=list)
    _keys: dict[str, tuple[float, bytes, Said]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}" if self.certificate else f"http://127.0.0.1:{self.port}"

    @property
    def posts(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == "POST"]

    def copies(self, address: str) -> int:
        """How many copies a reader got."""
        return len(self.inboxes.get(address, ()))

    def read(self, address: str) -> list[AsRead]:
        """What a reader reads."""
        return [one.read() for one in self.inboxes.get(address, ())]

    def take(self, asked: Asked) -> Said:
        """Deliver a call's messages, once for each idempotency key, and say so."""
        with self._lock:
            key = asked.headers.get("idempotency-key", "")
            if key in self._keys and time.monotonic() - self._keys[key][0] < self.key_life:
                _, body, said = self._keys[key]
                return said if body == asked.body else self.service.refusal(409, "invalid_idempotent_request")
            if complaint := self.description(asked) or self.service.complaint(asked):
                self.complaints.append(complaint)
                return self.service.refusal(400, complaint)
            sent = self.service.messages(asked, self.bad)
            refused = [one for one in sent if one.refusal]
            if refused and self.service.all_or_nothing:
                return self.service.refusal(400, refused[0].refusal)
            ids = [f"{len(self.known) + place}-{self.service.name}" for place in range(len(sent))]
            for message_id, one in zip(ids, sent, strict=True):
                if not one.refusal:
                    self.inboxes[one.letter.to].append(one.letter)
                    self.known.append((message_id, one))
            said = self.service.answer(sent, ids)
            if key:
                self._keys[key] = (time.monotonic(), asked.body, said)
            return said

    def reply(self, handler: Handler, asked: Asked) -> None:
        """Answer a request, as the script says."""
        with self._lock:
            self.asked.append(asked)
            name = self.script.pop(0) if self.script and asked.method == "POST" else ""
        if asked.method == "GET":
            return handler.say(self.service.search(asked, [] if self.lag else list(self.known)))
        fault = FAULTS.get(name)
        time.sleep(self.seconds)
        said = self.take(asked) if fault is None or fault.takes else Said(500, None)
        time.sleep(self.seconds)
        return handler.say(said) if fault is None else fault.does(handler, said)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: HostileProvider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answered("POST", body)

    def do_GET(self) -> None:
        self._answered("GET", b"")

    def _answered(self, method: str, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        with suppress(OSError):  # the client has hung up, as some tests want it to
            self.provider.reply(self, Asked(method, self.path, headers, body))

    def say(self, said: Said) -> None:
        body = b"" if said.document is None else json.dumps(said.document).encode()
        self.write(said.status, body, said.headers)

    def refuse(self, status: int, words: str, **headers: str) -> None:
        said = self.provider.service.refusal(status, words)
        self.say(said._replace(headers=dict(said.headers) | {k.replace("_", "-"): v for k, v in headers.items()}))

    def write(self, status: int, body: bytes, headers: Mapping[str, str], *, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Keeps the tests' output clean."""


@contextmanager
def serving(service: Service, **settings: Any) -> Iterator[HostileProvider]:
    """Runs a service for the length of a test."""
    provider = HostileProvider(service, **settings)

    bound = type("Bound", (Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    if provider.certificate:
        server.socket = server_context(provider.certificate).wrap_socket(server.socket, server_side=True)
    provider.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
