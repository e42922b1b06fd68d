"""`digest feeds`: each feed's health at a glance, the feeds asked on the spot, and the list in and out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import CommandLine, tree
from feed_server import FeedServer, serving

from digest.publication import load_publication
from digest.store.database import open_database
from digest.store.entries import EntryChanges, StoredEntry
from digest.store.feeds import FeedState, save_feed_states

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
AT_NOW = ("--now", NOW.isoformat())
FEED = b"""<rss version="2.0"><channel><title>Fjord Labs Blog</title>
<item><title>Introducing Tidepool: a test runner for the command line</title><link>https://fjord.example/a</link>
<pubDate>Wed, 18 Nov 2026 08:00:00 GMT</pubDate></item>
<item><title>How we spent the summer</title><link>https://fjord.example/b</link>
<pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>"""
LONG = "https://engineering.a-rather-long-company-name.example/en/categories/product-updates/feed.xml?format=atom&v=2"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


def subscribed(publication: Path, *tables: str) -> Path:
    """The publication with these feeds and no others."""
    path = publication / "digest.toml"
    text = path.read_text(encoding="utf-8")
    said = "\n\n".join(f"[[feeds]]\n{table}" for table in tables)
    path.write_text(f"{text[: text.index('[[feeds]]')]}{said}\n", encoding="utf-8")
    return publication


def learnt(publication: Path, *states: FeedState, entries: tuple[StoredEntry, ...] = ()) -> None:
    database = open_database(load_publication(publication, {}).database_url, NOW)
    save_feed_states(database, states, changes=[EntryChanges(added=entries)])
    database.close()


def entry(feed: str, number: int, label: str, days: int) -> StoredEntry:
    day = NOW - timedelta(days=days)
    return StoredEntry(feed, str(number), "hash", label, "A title", None, day, None, day)


def columns(line: str) -> list[str]:
    return re.split(r" {2,}", line.strip())


class TestTheListing:
    def test_each_feed_with_its_health(self, publication: Path, digest_here: CommandLine) -> None:
        one, two = "https://one.example/feed", "https://two.example/blog/feed"
        subscribed(publication, f'url = "{one}"\ntitle = "One"\nkind = "news"', f'url = "{two}"')
        good = FeedState(
            one,
            polled_at=NOW,
            succeeded_at=NOW - timedelta(minutes=5),
            changed_at=NOW - timedelta(hours=7),
            next_poll_at=NOW + timedelta(minutes=55),
        )
        bad = FeedState(
            two,
            polled_at=NOW,
            succeeded_at=NOW - timedelta(days=40),
            errors=3,
            last_error=f"{two}: a bot wall refuses programs (HTTP 403); ask the publisher for another feed",
        )
        lately = (entry(one, 1, "launch", 2), entry(one, 2, "other", 29), entry(one, 3, "launch", 31))
        learnt(publication, good, bad, entries=lately)
        ran = digest_here(*AT_NOW, "feeds", folder=publication)
        assert ran.returncode == 0, ran.said
        head, first, second = (line for line in ran.stdout.splitlines() if line.startswith("  "))
        assert columns(head) == ["feed", "kind", "success", "change", "next", "errors", "entries", "launches"]
        assert columns(first) == ["One", "news", "5 min", "7 h", "in 55 min", "0", "2", "1"]
        assert columns(second) == [
            "two.example/blog/feed", "vendor-blog?", "40 days", "—", "due", "3", "0", "0",
        ]  # fmt: skip
        assert ran.stderr.splitlines() == [
            f"warning: {two}: a bot wall refuses programs (HTTP 403); ask the publisher for another feed"
        ]

    def test_retired_and_moved_feeds_say_so(self, publication: Path, digest_here: CommandLine) -> None:
        one, two = "https://one.example/feed", "https://two.example/feed"
        subscribed(publication, f'url = "{one}"', f'url = "{two}"')
        gone = FeedState(one, polled_at=NOW, errors=1, last_error="x", retired_at=NOW, next_poll_at=NOW)
        moved = FeedState(two, polled_at=NOW, succeeded_at=NOW, moved_to="https://new.example/feed", moved_seen=2)
        learnt(publication, gone, moved)
        ran = digest_here(*AT_NOW, "feeds", "list", folder=publication)
        assert "never" in ran.stdout
        first, second = ran.stderr.splitlines()
        assert "gone for good since 2026-11-20 (HTTP 410)" in first
        assert "`digest feeds remove`" in first
        assert "has moved to https://new.example/feed and is asked there" in second

    def test_long_addresses_fit_100_columns(self, publication: Path, digest_here: CommandLine) -> None:
        subscribed(
            publication,
            f'url = "{LONG}"',
            f'url = "{LONG}&other"\nkind = "github-releases"\ntitle = "{"A title " * 20}"',
        )
        long_ago = NOW - timedelta(days=300)
        learnt(publication, FeedState(LONG, polled_at=NOW, succeeded_at=long_ago, changed_at=long_ago))
        ran = digest_here(*AT_NOW, "feeds", folder=publication)
        assert max(map(len, ran.stdout.splitlines())) <= 100
        assert "engineer" in ran.stdout
        assert "v=2" in ran.stdout
        assert "2026-01-24" in ran.stdout

    def test_passwords_are_not_shown(self, publication: Path, digest_here: CommandLine) -> None:
        subscribed(publication, 'url = "https://me:hush@one.example/feed"')
        for command in (("feeds",), ("feeds", "remove", "nothing-like-it")):
            assert "hush" not in digest_here(*command, folder=publication).said

    def test_no_feed_is_a_friendly_beginning(self, publication: Path, digest_here: CommandLine) -> None:
        subscribed(publication)
        ran = digest_here("feeds", folder=publication)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "No feed is subscribed yet" in ran.stdout
        assert "feeds add https://" in ran.stdout
        assert digest_here("feeds", "--json", folder=publication).json == []

    def test_a_command_to_copy_stands_on_one_line_however_long_the_folder(
        self, tmp_path: Path, publication: Path, digest_here: CommandLine
    ) -> None:
        subscribed(publication)
        for length in range(1, 60, 7):
            folder = publication.rename(tmp_path / ("x" * length))
            ran = digest_here("feeds", folder=folder)
            assert f"digest -C {folder} feeds add https://example.com/blog\n" in ran.stdout
            publication = folder

    def test_as_json(self, publication: Path, digest_here: CommandLine) -> None:
        subscribed(publication, 'url = "https://one.example/blog"')
        learnt(publication, FeedState("https://one.example/blog", polled_at=NOW, succeeded_at=NOW))
        for command in (("--json", "feeds"), ("feeds", "--json"), ("feeds", "list", "--json")):
            (feed,) = digest_here(*AT_NOW, *command, folder=publication).json
            assert (feed["url"], feed["kind"], feed["kind_guessed"]) == (
                "https://one.example/blog",
                "vendor-blog",
                True,
            )
            assert feed["last_success"] == "2026-11-20T09:00:00Z"


class TestCheck:
    def test_a_line_each_and_nothing_is_filed(
        self, publication: Path, server: FeedServer, digest_here: CommandLine
    ) -> None:
        server.says("/good", FEED)
        server.says("/old", status=308, Location="/good")
        server.says("/for-now", status=302, Location="/good")
        server.says("/wall", status=403, cf_mitigated="challenge")
        server.says("/page", b"<!doctype html><html></html>")
        paths = ("/good", "/old", "/for-now", "/wall", "/page", "/gone")
        subscribed(publication, *(f'url = "{server.address(path)}"\nallow_private = true' for path in paths))
        before = tree(publication)
        ran = digest_here(*AT_NOW, "feeds", "check", folder=publication)
        assert ran.returncode == 0, ran.said
        good, old, for_now, wall, page, gone = ran.stdout.splitlines()[:6]
        assert good.split() == [
            "ok", "200", "Fjord", "Labs", "Blog", "2", "entries,", "2026-11-02", "to", "2026-11-18,", "1", "launch",
        ]  # fmt: skip
        assert old.startswith("  moved   200")
        assert f"now lives at {server.address('/good')}" in old
        assert f"redirected to {server.address('/good')}" in for_now
        assert wall.startswith("  failed  403")
        assert "a bot wall refuses programs" in wall
        assert "a web page, not a feed" in page
        assert gone.startswith("  failed  404")
        assert "3 of 6 answered" in ran.stdout
        assert tree(publication) == before
        assert not (publication / "digest.db").exists()

    def test_one_of_them_or_any_address(self, publication: Path, server: FeedServer, digest_here: CommandLine) -> None:
        server.says("/good", FEED)
        subscribed(
            publication, f'url = "{server.address("/good")}"\nallow_private = true', 'url = "https://two.example/"'
        )
        ran = digest_here(*AT_NOW, "feeds", "check", "/good", "--json", folder=publication)
        assert [look["title"] for look in ran.json] == ["Fjord Labs Blog"]
        other = digest_here("feeds", "check", server.address("/another"), folder=publication)
        assert "private address" in other.stdout
        digest_here("feeds", "check", "no-such", folder=publication).refusal(2)

    def test_a_feed_from_a_file(self, publication: Path, digest_here: CommandLine) -> None:
        subscribed(publication, 'file = "own.xml"', 'file = "missing.xml"')
        (publication / "own.xml").write_bytes(FEED)
        own, missing = digest_here(*AT_NOW, "feeds", "check", folder=publication).stdout.splitlines()[:2]
        assert "Fjord Labs Blog" in own
        assert missing.startswith("  failed")


class TestTheListInAndOut:
    def test_export_and_import_keep_every_feed(
        self, publication: Path, tmp_path: Path, digest_here: CommandLine
    ) -> None:
        (publication / "own.xml").write_bytes(FEED)
        subscribed(
            publication,
            'url = "https://one.example/?a=1&b=2"\ntitle = "One <& more>"',
            'url = "http://10.0.0.1/feed"\nkind = "changelog"\nallow_private = true',
            'file = "own.xml"',
        )
        feeds = load_publication(publication, {}).settings.feeds
        target = tmp_path / "feeds.opml"
        assert digest_here("feeds", "export", str(target), folder=publication).returncode == 0
        assert "3 feeds written" in digest_here("feeds", "export", str(target), folder=publication).stdout
        subscribed(publication)
        ran = digest_here("feeds", "import", str(target), "--allow-private", folder=publication)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.startswith("3 added.")
        assert load_publication(publication, {}).settings.feeds == feeds
        again = digest_here("feeds", "import", str(target), "--allow-private", folder=publication)
        assert again.stdout == "0 added, 3 there already.\n"

    def test_a_list_from_elsewhere_cannot_open_the_way_to_private_addresses(
        self, publication: Path, digest_here: CommandLine
    ) -> None:
        subscribed(publication, 'url = "http://10.0.0.1/feed"\nallow_private = true')
        exported = digest_here("feeds", "export", folder=publication).stdout
        subscribed(publication)
        ran = digest_here("feeds", "import", "-", folder=publication, stdin=exported)
        assert "1 feed marked as private" in ran.stderr
        assert not load_publication(publication, {}).settings.feeds[0].allow_private

    def test_a_plain_list_from_standard_input(self, publication: Path, digest_here: CommandLine) -> None:
        text = "# mine\nhttps://one.example/feed\nwww.producthunt.com/feed/\njavascript:alert(1)\n"
        ran = digest_here("feeds", "import", "-", folder=publication, stdin=text)
        assert ran.returncode == 0
        assert ran.stdout.startswith("1 added, 1 there already.")
        assert len(ran.stderr.splitlines()) == 1
        assert "1 address is not of the web" in ran.stderr

    def test_a_hostile_list_costs_one_line_and_changes_nothing(
        self, publication: Path, digest_here: CommandLine
    ) -> None:
        before = tree(publication)
        bomb = '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>&x;</body></opml>'
        many = "\n".join(f"https://a.example/{number}" for number in range(50_000))
        for content in (bomb, many, "<rss/>"):
            digest_here("feeds", "import", "-", folder=publication, stdin=content).refusal(2)
        assert tree(publication) == before

    def test_export_writes_over_nothing_but_opml(self, publication: Path, digest_here: CommandLine) -> None:
        before = tree(publication)
        digest_here("feeds", "export", str(publication / "digest.toml"), folder=publication).refusal(3)
        assert tree(publication) == before

    def test_passwords_in_addresses_are_pointed_out(self, publication: Path, digest_here: CommandLine) -> None:
        subscribed(publication, 'url = "https://me:hush@one.example/feed"')
        ran = digest_here("feeds", "export", folder=publication)
        assert "hush" in ran.stdout
        assert "hush" not in ran.stderr
        assert "the list holds passwords" in ran.stderr
