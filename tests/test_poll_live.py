"""Polling a real server over time: who is asked when, what is kept, and that nothing is lost between two steps."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from feed_server import FeedServer, serving

from digest.errors import BrokenInput
from digest.jobs import collect as collecting
from digest.jobs.collect import CollectReport, collect
from digest.jobs.feed_health import FeedHealth, feed_health
from digest.jobs.feed_look import look_at
from digest.publication import load_publication
from digest.store.database import open_database
from digest.store.feeds import feed_states

START = datetime.fromisoformat("2026-11-18T12:00:00+01:00")
HOUR = timedelta(hours=1)


def item(name: str, guid: str = "", day: str = "Tue, 17 Nov 2026 09:00:00 GMT", said: str = "A new tool") -> str:
    return (
        f"<item><title>{name}</title><link>https://{name.lower()}.example/</link><guid>{guid or name}</guid>"
        f"<pubDate>{day}</pubDate><description>{said}</description></item>"
    )


def rss(*items: str, head: str = "") -> bytes:
    return f'<rss version="2.0"><channel><title>Launches</title>{head}{"".join(items)}</channel></rss>'.encode()


class Room:
    """A publication whose feeds a test sets, asked at hours that a test says."""

    def __init__(self, folder: Path, server: FeedServer) -> None:
        self.folder, self.server = folder, server
        settings = (folder / "digest.toml").read_text(encoding="utf-8")
        self._head = settings[: settings.index("[[feeds]]")]
        for path in folder.glob("issues/*/tools.jsonl"):
            path.unlink()

    def subscribe(self, *feeds: str) -> None:
        """Take these lines of [[feeds]] tables, or paths of the server, for the only feeds."""
        tables = [
            f'url = "{self.server.address(feed)}"\nkind = "producthunt"\nallow_private = true'
            if feed[0] == "/"
            else feed
            for feed in feeds
        ]
        text = self._head + "".join(f"\n[[feeds]]\n{table}\n" for table in tables)
        (self.folder / "digest.toml").write_text(text, encoding="utf-8")

    def collect(self, hours: float = 0, *, only_due: bool = False) -> CollectReport:
        publication, now = load_publication(self.folder, {}), START + hours * HOUR
        database = open_database(publication.database_url, now)
        try:
            return collect(publication, database, now, only_due=only_due, progress=lambda *_: None)
        finally:
            database.close()

    def health(self, hours: float) -> list[FeedHealth]:
        publication, now = load_publication(self.folder, {}), START + hours * HOUR
        database = open_database(publication.database_url, now)
        try:
            return feed_health(publication, database, now)
        finally:
            database.close()

    def asked(self) -> list[str]:
        """What was asked since the last call."""
        targets = [asked.target for asked in self.server.asked]
        self.server.asked.clear()
        return targets

    def tools(self) -> list[str]:
        lines = "".join(path.read_text() for path in self.folder.glob("issues/*/tools.jsonl")).splitlines()
        return sorted(json.loads(line)["slug"] for line in lines)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.folder / "digest.db") as database:
            return database.execute(query).fetchall()


@pytest.fixture
def room(publication: Path) -> Iterator[Room]:
    with serving("0.0.0.0") as server:
        yield Room(publication, server)


def test_a_run_asks_only_what_is_due_and_a_person_asks_all(room: Room) -> None:
    room.subscribe("/often", "/seldom")
    room.server.says("/often", rss(item("Tidepool")))
    room.server.says("/seldom", rss(item("Harbour"), head="<ttl>300</ttl>"))
    assert room.collect(only_due=True).feeds == 2
    report = room.collect(0.5, only_due=True)
    assert (report.feeds, report.waiting, report.line) == (0, 2, "no feed is due, 2 wait")
    room.asked()
    room.collect(1, only_due=True)
    assert room.asked() == ["/often"]
    room.collect(1.1)
    assert sorted(room.asked()) == ["/often", "/seldom"]


def test_a_host_that_wants_to_be_left_alone_is_not_asked_for_anything(room: Room) -> None:
    room.subscribe("/busy", "/other", 'file = "local.xml"\nkind = "producthunt"')
    (room.folder / "local.xml").write_bytes(rss(item("Harbour")))
    room.server.says("/busy", b"", 429, Retry_After="7200")
    room.server.says("/other", rss(item("Tidepool")))
    report = room.collect()
    assert room.asked() == ["/busy"], "the second feed of the host is not tried any more"
    assert [line for line in report.warnings if "/busy: the server asks to come back later" in line]
    assert (report.feeds, report.failed, report.waiting) == (2, 1, 1)
    room.collect(1.9)
    assert room.asked() == []
    room.server.says("/busy", rss())
    room.collect(2.1)
    assert room.asked() == ["/busy", "/other"]
    assert room.tools() == ["harbour", "tidepool"]


def test_a_host_that_wants_to_be_left_alone_is_not_asked_by_way_of_a_redirect_either(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    # no redirect may lead to a private host, and loopback is all that a test has
    monkeypatch.setattr("digest.http.client.is_private_literal", lambda _: False)
    monkeypatch.setattr("digest.http.connections.is_public", lambda _: True)
    monkeypatch.setattr("digest.jobs.poll.time.sleep", lambda _: None)
    room.subscribe(*(f'url = "{room.server.address(path, "127.0.4.1")}"' for path in ("/one", "/two")))
    for path in ("/one", "/two"):
        room.server.says(path, b"", 302, Location=room.server.address("/busy", "127.0.4.2"))
    room.server.says("/busy", b"", 429, Retry_After="7200")

    report = room.collect()
    assert room.asked() == ["/one", "/busy", "/two"]
    assert (report.feeds, report.failed, report.waiting) == (1, 1, 1)
    assert room.rows("SELECT host FROM hosts") == [("127.0.4.2",)]

    report = room.collect(1)
    assert sorted(room.asked()) == ["/one", "/two"], "the redirects are asked, since somewhere else may do as well"
    assert (report.feeds, report.failed, report.waiting) == (0, 0, 2)
    publication = load_publication(room.folder, {})
    looks = look_at(publication, publication.settings.feeds, START, lambda *_: None, ["127.0.4.2"])
    assert sorted(room.asked()) == ["/one", "/two"]
    assert {look.problem for look in looks} == {"its host wants to be left alone; try again later"}

    room.server.says("/busy", rss(item("Tidepool")))
    assert room.collect(2.1).feeds == 2
    assert "/busy" in room.asked()


def test_a_feed_that_is_gone_for_good_is_said_once_and_never_asked_again(room: Room) -> None:
    room.subscribe("/gone", "/there")
    room.server.says("/gone", b"", 410)
    room.server.says("/there", rss(item("Tidepool")))
    first = room.collect()
    line = (room.folder / "digest.toml").read_text().splitlines().index(f'url = "{room.server.address("/gone")}"') + 1
    assert [said for said in first.warnings if "gone for good" in said and f"digest.toml:{line}" in said]
    room.asked()
    assert [said for said in room.collect(200).warnings if "gone" in said] == []
    assert room.asked() == ["/there"]
    room.subscribe("/there")
    room.collect(300)
    room.subscribe("/gone", "/there")
    room.asked()
    room.collect(400)
    assert "/gone" in room.asked(), "taken out and put back, it is tried again"


def test_a_feed_that_moved_is_asked_at_its_new_address_from_the_third_time_on(room: Room) -> None:
    room.subscribe("/old")
    room.server.says("/old", b"", 301, Location="/new")
    room.server.says("/new", rss(item("Tidepool")))
    said = [room.collect(hour).warnings for hour in range(4)]
    assert room.asked() == ["/old", "/new"] * 2 + ["/new"] * 2
    assert [len(warnings) for warnings in said] == [0, 1, 0, 0]
    assert "/old has moved to" in said[1][0]
    assert "change url in digest.toml:" in said[1][0]
    assert room.rows("SELECT DISTINCT feed FROM entries") == [(room.server.address("/old"),)], "it keeps its name"


def test_bytes_that_change_without_an_entry_changing_write_no_entry(room: Room) -> None:
    room.subscribe("/feed")
    room.server.says("/feed", rss(item("Tidepool"), item("Harbour")))
    room.collect()
    room.rows("CREATE TABLE writes (at)")
    for what in ("INSERT", "UPDATE", "DELETE"):
        room.rows(f"CREATE TRIGGER on_{what} AFTER {what} ON entries BEGIN INSERT INTO writes VALUES (1); END")
    room.server.says("/feed", rss(item("Harbour"), item("Tidepool"), head="<lastBuildDate>now</lastBuildDate>"))
    report = room.collect(1)
    assert (report.unchanged, report.entries, report.changed) == (0, 2, 0)
    assert room.rows("SELECT count(*) FROM writes") == [(0,)]


def test_an_entry_whose_id_changes_stays_one_entry_and_one_tool(room: Room) -> None:
    room.subscribe("/feed")
    room.server.says("/feed", rss(item("Tidepool", "one"), item("Harbour", "two")))
    room.collect()
    room.server.says("/feed", rss(item("Tidepool", "three"), item("Harbour", "two", said="Another text")))
    report = room.collect(1)
    assert report.changed == 2
    assert room.rows("SELECT identity FROM entries ORDER BY 1") == [("three",), ("two",)]
    assert room.tools() == ["harbour", "tidepool"]


def test_a_feed_whose_kind_is_changed_is_judged_anew_although_the_server_says_that_nothing_changed(room: Room) -> None:
    room.subscribe("/feed")
    room.server.says("/feed", rss(item("Tidepool")))
    room.collect()
    table = f'url = "{room.server.address("/feed")}"\nkind = "news"\nallow_private = true'
    room.subscribe(table)
    report = room.collect(1)
    assert (report.unchanged, report.changed) == (0, 1)
    assert room.rows("SELECT label FROM entries") == [("other",)]


def test_entries_that_came_and_went_between_two_polls_are_reported(room: Room) -> None:
    room.subscribe("/feed")
    room.server.says("/feed", rss(item("Tidepool"), item("Harbour", day="Tue, 17 Nov 2026 08:00:00 GMT")))
    room.collect()
    room.server.says("/feed", rss(item("Copper")))
    [warning] = room.collect(3).warnings
    assert "entries possibly missed since 2026-11-18 11:00 UTC" in warning
    assert [feed.missed_at for feed in room.health(4)] == [START + 3 * HOUR], "the list of feeds says so too"
    room.server.says("/feed", rss(item("Copper"), item("Fjord")))
    room.collect(4)
    assert [feed.missed_at for feed in room.health(5)] == [START + 3 * HOUR]
    assert [feed.missed_at for feed in room.health(24 * 31)] == [None], "what is long ago helps nobody any more"


def test_a_run_that_dies_after_the_tools_were_written_loses_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.subscribe("/feed")
    room.server.says("/feed", rss(item("Tidepool")), ETag='"1"')
    with monkeypatch.context() as patched:
        patched.setattr(collecting, "save_feed_states", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            room.collect()
    assert room.tools() == ["tidepool"]
    report = room.collect(1)
    assert (report.changed, report.filed) == (1, {})
    assert room.tools() == ["tidepool"]


def test_a_machine_with_another_past_files_the_same_tools(room: Room) -> None:
    """An old launch of one feed keeps a late echo in another one from being news, whoever saw it when."""
    room.subscribe("/first", "/second")
    old = item("Tidepool", day="Tue, 01 Sep 2026 09:00:00 GMT")
    room.server.says("/first", rss(old), ETag='"1"')
    room.server.says("/second", rss())
    room.collect()
    room.server.says("/first", b"", 304)
    room.server.says("/second", rss(item("Tidepool", said="Seen late"), item("Harbour")))
    room.collect(1)
    here = room.tools()

    for path in room.folder.glob("issues/*/tools.jsonl"):
        path.unlink()
    for path in room.folder.glob("digest.db*"):
        path.unlink()
    room.server.says("/first", rss(old))
    room.collect(1)
    assert room.tools() == here


def test_what_shipped_more_than_400_days_ago_is_kept_and_is_no_news(room: Room) -> None:
    room.subscribe("/feed")
    long_ago = item("Harbour", day="Mon, 13 Oct 2025 09:00:00 GMT")
    room.server.says("/feed", rss(item("Tidepool"), long_ago))
    report = room.collect()
    assert (report.entries, report.launches, report.too_old) == (2, 1, 0)
    assert room.rows("SELECT title, label FROM entries ORDER BY 1") == [("Harbour", "other"), ("Tidepool", "launch")]
    assert room.tools() == ["tidepool"]


def test_a_feed_in_a_file_is_read_and_may_not_lead_out_of_the_publication(room: Room, tmp_path: Path) -> None:
    (room.folder / "local").mkdir()
    (room.folder / "local" / "tips.xml").write_bytes(rss(item("Tidepool")))
    (tmp_path / "outside.xml").write_bytes(rss(item("Secret")))
    (room.folder / "local" / "link.xml").symlink_to(tmp_path / "outside.xml")
    room.subscribe(*(f'file = "local/{name}.xml"\nkind = "producthunt"' for name in ("tips", "link", "none")))
    report = room.collect()
    assert room.tools() == ["tidepool"]
    assert report.failed == 2
    assert any("link.xml: leads out of the publication" in line for line in report.warnings)
    assert any("none.xml: cannot read" in line for line in report.warnings)
    assert room.collect(1).unchanged == 1
    for path in ("/etc/passwd", "../outside.xml"):
        room.subscribe(f'file = "{path}"')
        with pytest.raises(BrokenInput, match="inside the publication"):
            load_publication(room.folder, {})


def test_when_our_own_network_is_down_no_feed_is_blamed(room: Room) -> None:
    tables = [f'url = "http://127.0.2.{n}:9/feed"\nallow_private = true' for n in range(1, 4)]
    room.subscribe(*tables)
    assert room.collect().failed == 3
    publication = load_publication(room.folder, {})
    database = open_database(publication.database_url, START)
    states = feed_states(database)
    database.close()
    assert {(state.errors, state.next_poll_at) for state in states.values()} == {(0, None)}
    assert all(state.last_error for state in states.values())


def test_hosts_are_asked_side_by_side(room: Room) -> None:
    room.subscribe(*(
        f'url = "http://127.0.3.{n}:{room.server.port}/slow"\nallow_private = true' for n in range(1, 9)
    ))  # fmt: skip

    def slow(request: object) -> None:
        time.sleep(0.5)
        room.server.answers["/fast"](request)  # type: ignore[arg-type]

    room.server.says("/fast", rss(item("Tidepool")))
    room.server.answers["/slow"] = slow
    begun = time.monotonic()
    room.collect()
    assert time.monotonic() - begun < 3.5, "one after the other they would take four seconds, without reading"


def test_what_was_forgotten_after_400_days_is_gone(room: Room) -> None:
    room.subscribe("/feed")
    room.server.says("/feed", rss(item("Tidepool"), item("Harbour")))
    room.collect()
    room.server.says("/feed", rss(item("Harbour")))
    room.collect(1)
    assert len(room.rows("SELECT * FROM entries")) == 2
    room.collect(24 * 401)
    assert room.rows("SELECT title FROM entries") == [("Harbour",)]
