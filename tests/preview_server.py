"""The editors' application on a free port of this machine, and a client that sends exactly what a test says."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.preview.application import application
from digest.preview.server import listening
from digest.publication import load_publication

NOON = datetime.fromisoformat("2026-11-19T12:00:00+01:00")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: str


@dataclass(frozen=True)
class Preview:
    """A running application."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def asked(self, path: str, method: str = "GET", host: str | None = None) -> Answer:
        """One request, without following where it leads; `host` replaces the Host header."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, headers={} if host is None else {"Host": host})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()

    def page(self, path: str) -> str:
        """A page that is there."""
        answer = self.asked(path)
        assert answer.status == 200, answer.body
        return answer.body


@contextmanager
def previewing(folder: Path, *, week: str | None = None, now: datetime = NOON) -> Iterator[Preview]:
    """Runs the application of a publication for the length of a test."""
    server = listening(application(load_publication(folder, {}), lambda: now, week=week), 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Preview(server.port)
    finally:
        server.shutdown()
        thread.join()
