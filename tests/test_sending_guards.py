"""No letter goes to the world unless its readers can leave with one click."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
from conftest import CommandLine

from digest.errors import Refused
from digest.issues.approval import append_record, approving
from digest.jobs.build import as_it_would_be
from digest.jobs.doctor import examine
from digest.jobs.guards import no_way_out
from digest.jobs.send import send
from digest.jobs.set_up import set_up
from digest.jobs.standing import standing_of
from digest.publication import Publication, load_publication
from digest.store.database import open_database
from digest.store.ledger import sending_of
from digest.tokens import Tokens

ISSUE = "2026-W47"
NOW = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)


class Posted(NamedTuple):
    token: str
    form: bytes


@contextmanager
def readers_pages(status: int) -> Iterator[tuple[str, list[Posted]]]:
    """Where a publication's unsubscribe links lead."""
    posted: list[Posted] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append(Posted(self.path.removeprefix("/unsubscribe/"), form))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", posted
    finally:
        server.shutdown()
        server.server_close()


def publication_at(folder: Path, base_url: str) -> Publication:
    if not folder.exists():
        set_up(folder)
    return load_publication(folder, {"DIGEST_BASE_URL": base_url})


def test_a_test_token_is_posted_as_mail_programs_post_it(tmp_path: Path) -> None:
    with readers_pages(200) as (address, posted):
        publication = publication_at(tmp_path / "letter", address)

        assert no_way_out(publication, ISSUE) == ""

    assert [one.form for one in posted] == [b"List-Unsubscribe=One-Click"]
    # no reader has the number 0, so whoever answers can tell that nobody is leaving
    assert Tokens(publication.secret_keys()).opened_letter_token(posted[0].token) == (0, ISSUE)


@pytest.mark.parametrize("status", [302, 404, 405, 500])
def test_an_address_that_does_not_take_it_is_no_way_out(status: int, tmp_path: Path) -> None:
    with readers_pages(status) as (address, _):
        why = no_way_out(publication_at(tmp_path / "letter", address), ISSUE)
    assert why == f"{address}/unsubscribe/ takes no one-click request: it answers {status}"


def test_nor_is_one_where_nobody_listens(tmp_path: Path) -> None:
    with readers_pages(200) as (address, _):
        pass
    assert f"{address}/unsubscribe/ takes no one-click request: " in no_way_out(
        publication_at(tmp_path / "letter", address), ISSUE
    )


def test_the_outbox_mails_nobody_so_the_doctor_does_not_ask(tmp_path: Path) -> None:
    publication = publication_at(tmp_path / "letter", "https://letter.test.invalid")
    assert "unsubscribing" not in [answer.about for answer in examine(publication, NOW)]


@pytest.mark.parametrize(("status", "refused"), [(404, True), (200, False)])
def test_nothing_begins_to_be_sent_without_a_way_out(
    status: int, refused: bool, built_publication: Path, digest_here: CommandLine
) -> None:
    imported = digest_here(
        "readers", "import", str(built_publication / "feeds" / "readers.csv"), folder=built_publication
    )
    assert imported.returncode == 0
    with readers_pages(status) as (address, posted):
        surroundings = {"DIGEST_PROVIDER": "smtp", "SMTP_URL": "smtp://127.0.0.1:1", "DIGEST_BASE_URL": address}
        publication = load_publication(built_publication, surroundings)
        draft = standing_of(publication, ISSUE)
        email = as_it_would_be(publication, draft).email.model_copy(
            update={"html": draft.folder.html.read_bytes().decode(), "text": draft.folder.text.read_bytes().decode()}
        )
        append_record(draft.folder, approving(email, at=NOW, by="Ada", provider="smtp", readers=24))
        with closing(open_database(publication.database_url, NOW)) as database:
            with pytest.raises(Refused, match="readers could not leave") if refused else nullcontext():
                send(publication, database, standing_of(publication, ISSUE), lambda: NOW, progress=lambda *_: None)
            assert (sending_of(database, ISSUE) is None) == refused
    assert len(posted) == 1
