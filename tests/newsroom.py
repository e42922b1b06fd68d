"""A publication in this process: a test sets its schedule, its feed and its alerts, and moves its clock."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

from feed_server import FeedServer, serving

from digest.issues.folder import issue_folder, read_tools
from digest.jobs import approve as decisions
from digest.jobs.import_readers import import_readers
from digest.jobs.set_up import set_up
from digest.jobs.standing import Standing, standing_of
from digest.jobs.weekly import Options, weekly
from digest.model.run import RunReport
from digest.publication import Publication, load_publication
from digest.store.database import Database, open_database

# two pairs of the sample's verdicts, each of one category
COMPARABLE = ("Copperline", "Driftwood", "Hushnote", "Minutely")
_FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:test</id><title>Launches</title>{}</feed>'
_ENTRY = (
    "<entry><id>tag:test,{name}{mark}</id><published>{at}</published><title>{name}</title>"
    '<link rel="alternate" type="text/html" href="https://launches.example/{slug}{mark}"/>'
    '<content type="html">&lt;p&gt;A new tool&lt;/p&gt;'
    '&lt;p&gt;&lt;a href="{page}"&gt;Link&lt;/a&gt;&lt;/p&gt;</content></entry>'
)


@dataclass
class Newsroom:
    """A publication with one live feed on loopback and a webhook that listens.

    Attributes:
        alerts: What came to the webhook, word by word.
        pings: What came to the dead-man service.
        refuse: While true, the webhook answers 500.
    """

    folder: Path
    zone: ZoneInfo
    feed: FeedServer
    alerts: list[str] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)
    refuse: bool = False
    _entries: list[str] = field(default_factory=list)

    @property
    def publication(self) -> Publication:
        return load_publication(self.folder, {})

    def local(self, text: str) -> datetime:
        """A moment on the publication's clock, such as `2026-11-20 09:00`; with an offset, that very moment."""
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def ships(self, at: str, *names: str, page: str | None = None) -> None:
        """From now on the feed tells of these tools, each at a site of its own or at a page that was told before."""
        for name in names:
            slug, moment = name.lower(), self.local(at).isoformat()
            mark = f"?{len(self._entries)}" if page else ""
            address = page or f"https://{slug}.example/"
            self._entries.append(_ENTRY.format(name=name, slug=slug, at=moment, mark=mark, page=address))
        self.feed.says("/launches", _FEED.format("".join(self._entries)).encode(), Content_Type="application/atom+xml")

    def tick(self, at: str | datetime, **options: object) -> RunReport:
        """`digest run` at a moment."""
        moment = self.local(at) if isinstance(at, str) else at
        return weekly(self.publication, lambda: moment, Options(**options), lambda *_: None)  # type: ignore[arg-type]

    def standing(self, issue: str) -> Standing:
        return standing_of(self.publication, issue)

    def tools(self, issue: str) -> list[str]:
        """The slugs of the tools that are filed with an issue."""
        return [tool.slug for tool in read_tools(issue_folder(self.folder, issue))]

    def approve(self, issue: str, at: str, by: str = "Ann") -> None:
        with self.database(at) as database:
            decisions.approve(self.publication, database, self.standing(issue), self.local(at), by)

    def skip(self, issue: str, at: str) -> None:
        with self.database(at) as database:
            decisions.skip(self.publication, database, self.standing(issue), self.local(at), "Ann", "holidays")

    def unapprove(self, issue: str, at: str) -> None:
        with self.database(at) as database:
            decisions.withdraw(self.publication, database, self.standing(issue), self.local(at), "Ann", "")

    @contextmanager
    def database(self, at: str) -> Iterator[Database]:
        database = open_database(self.publication.database_url, self.local(at))
        try:
            yield database
        finally:
            database.close()

    def letters(self) -> list[str]:
        """The issues in the outbox, one for each issue and reader: `2026-W47 to ann@example.com`, sorted."""
        return sorted(letters_in(self.folder / "outbox"))

    def sent_issues(self) -> list[str]:
        """The issues that went out, after checking that every one of the readers got each of them once."""
        letters = self.letters()
        assert len(letters) == len(set(letters))
        issues = sorted({letter.partition(" ")[0] for letter in letters})
        assert len(letters) == 24 * len(issues)
        return issues


def letters_in(outbox: Path) -> list[str]:
    """One line a message: which issue, to whom."""
    return [f"{issue} to {address}" for issue, address in map(_envelope, sorted((outbox / "new").glob("*")))]


def _envelope(path: Path) -> tuple[str, str]:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    # the token at the end of the unsubscribe address says openly which reader and issue it was signed for
    token = str(message["List-Unsubscribe"]).partition("/unsubscribe/")[2].partition(".")[0]
    _, issue = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    return issue, str(message["To"])


@contextmanager
def newsroom(folder: Path, *, alerts: bool = True, head: str = "", **schedule: object) -> Iterator[Newsroom]:
    """Sets up a publication for the length of a test.

    Args:
        alerts: Whether a webhook and a dead-man service are there.
        head: Lines for the top of digest.toml, in place of the ones of the same names.
        schedule: What [schedule] says, over the sample's.
    """
    set_up(folder)
    (folder / "issues" / "2026-W47" / "issue.yaml").unlink(missing_ok=True)
    zone = ZoneInfo(str(schedule.get("timezone", "Europe/Berlin")))
    with serving() as feed:
        room = Newsroom(folder, zone, feed)
        with _listening(room) as address:
            _configure(folder / "digest.toml", head, schedule, feed.address("/launches"), address if alerts else "")
            room.ships("2026-01-01 00:00")
            database = open_database(room.publication.database_url, room.local("2026-01-01 00:00"))
            # the sample's readers agreed in the course of the year
            sample = folder / "feeds" / "readers.csv"
            imported = import_readers(room.publication, database, sample, room.local("2026-11-20 09:05"))
            database.close()
            assert imported.added == 24
            yield room


def _configure(path: Path, head: str, schedule: dict[str, object], feed: str, alerts: str) -> None:
    text = path.read_text(encoding="utf-8").partition("# The feeds of the open web")[0]
    for line in filter(None, head.splitlines()):
        text = re.sub(rf"(?m)^{line.partition(' =')[0]} = .*$", line, text, count=1)
    for key, value in schedule.items():
        line = f"{key} = {json.dumps(value)}"
        text, changed = re.subn(rf"(?m)^{key} = .*$", line, text, count=1)
        assert changed == 1, key
    if alerts:
        text = text.replace("[alerts]\n", f'[alerts]\nwebhook = "{alerts}/webhook"\nping = "{alerts}/ping"\n')
    text += f'[[feeds]]\nurl = "{feed}"\nkind = "producthunt"\nallow_private = true\n'
    path.write_text(text, encoding="utf-8")


@contextmanager
def _listening(room: Newsroom) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            (room.pings if self.path == "/ping" else room.alerts).append(body["text"])
            self.send_response(500 if room.refuse else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keeps the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
