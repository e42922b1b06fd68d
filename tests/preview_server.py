"""The editors' application on a free port of this machine, and a client that sends exactly what a test says."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from digest.preview.application import application
from digest.preview.guard import Door
from digest.preview.server import listening
from digest.preview.watching import Watching
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

    def asked(
        self, path: str, method: str = "GET", host: str | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One request, without following where it leads; `host` replaces the Host header."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, headers={**(headers or {}), **({} if host is None else {"Host": host})})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()

    def posted(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """A form as a browser sends it from a page of this application; a header of None is left out."""
        sent = {"Origin": self.address, "Content-Type": "application/x-www-form-urlencoded", **headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", path, urlencode(fields), {name: text for name, text in sent.items() if text})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()

    def fields(self, path: str) -> dict[str, str]:
        """The fields of the forms on a page, by name; the first of each name."""
        page, found = self.page(path), dict[str, str]()
        areas = re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
        for name, text in (*re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page), *areas):
            found.setdefault(name, unescape(text))
        return found

    def page(self, path: str) -> str:
        """A page that is there."""
        answer = self.asked(path)
        assert answer.status == 200, answer.body
        return answer.body


@contextmanager
def previewing(
    folder: Path, *, week: str | None = None, now: datetime = NOON, door: Door | None = None, live: bool = False
) -> Iterator[Preview]:
    """Runs the application of a publication for the length of a test."""
    watching = Watching(folder) if live else None
    publication = load_publication(folder, {})
    server = listening(application(publication, lambda: now, week=week, door=door, watching=watching), 0)
    if watching:
        watching.start()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Preview(server.port)
    finally:
        if watching:
            watching.stop()
        server.shutdown()
        thread.join()
