"""Subscribing and unsubscribing: what is asked, what is said, and what is written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import CommandLine, replace_in, tree
from feed_server import FeedServer, serving

from digest.errors import BrokenInput, DigestError, LockHeld
from digest.jobs.feed_meant import wanted_feed
from digest.jobs.feeds import Subscribed, subscribe, unsubscribe
from digest.jobs.lock import held
from digest.model.tool import FeedKind
from digest.publication import load_publication

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Fjord Labs Blog</title>
<item><title>Introducing Tidepool: a test runner for the command line</title><link>https://fjord.example/tidepool</link>
<pubDate>Wed, 18 Nov 2026 08:00:00 GMT</pubDate></item>
<item><title>How we spent the summer</title><link>https://fjord.example/summer</link>
<pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>"""
Subscribe = Callable[..., Subscribed]


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


@pytest.fixture
def add(publication: Path, server: FeedServer) -> Subscribe:
    """Subscribes to a path of the server."""

    def subscribed(
        path: str,
        *,
        kind: FeedKind | None = None,
        title: str | None = None,
        allow_private: bool = True,
        check: bool = True,
    ) -> Subscribed:
        wanted = wanted_feed(server.address(path), kind=kind, title=title, allow_private=allow_private)
        loaded = load_publication(publication, {})
        return subscribe(loaded, wanted, lambda: NOW, check=check, progress=lambda *_: None)

    return subscribed


def page(*hrefs: str) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{href}">' for href in hrefs)
    return f"<!doctype html><html><head>{links}</head><body>A blog</body></html>".encode()


def asked(server: FeedServer) -> list[str]:
    return [request.target for request in server.asked]


class TestWhatIsAsked:
    def test_a_feeds_own_address_is_asked_once(self, add: Subscribe, server: FeedServer) -> None:
        server.says("/feed", FEED)
        done = add("/feed")
        assert asked(server) == ["/feed"]
        assert done.found is not None
        look = done.found.look
        assert look is not None
        assert (look.title, look.entries, look.launches, look.kind) == ("Fjord Labs Blog", 2, 1, "vendor-blog")
        assert look.newest == datetime(2026, 11, 18, 8, tzinfo=UTC)

    def test_a_page_that_names_one_feed_is_asked_and_that_feed(self, add: Subscribe, server: FeedServer) -> None:
        server.says("/blog/", page("../my.xml"), Content_Type="text/html")
        server.says("/my.xml", FEED)
        done = add("/blog/")
        assert asked(server) == ["/blog/", "/my.xml"]
        assert done.added is not None
        assert done.added.url == server.address("/my.xml")

    def test_a_page_that_names_several_is_all_that_is_asked(
        self, add: Subscribe, server: FeedServer, publication: Path
    ) -> None:
        before = tree(publication)
        server.says("/", page("/a", "/b"))
        done = add("/")
        assert asked(server) == ["/"]
        assert done.added is None
        assert done.found is not None
        assert [link.address for link in done.found.links] == [server.address("/a"), server.address("/b")]
        assert tree(publication) == before

    def test_a_page_that_names_none_leads_to_the_usual_addresses_until_one_is_a_feed(
        self, add: Subscribe, server: FeedServer
    ) -> None:
        server.says("/", page())
        server.says("/feed.xml", page())
        server.says("/rss.xml", FEED)
        done = add("/")
        assert asked(server) == ["/", "/feed", "/feed.xml", "/rss.xml"]
        assert done.added is not None
        assert done.added.url == server.address("/rss.xml")

    def test_and_to_no_more_than_those_five(self, add: Subscribe, server: FeedServer) -> None:
        server.says("/", page())
        with pytest.raises(BrokenInput, match="names no feed"):
            add("/")
        assert asked(server) == ["/", "/feed", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml"]

    def test_no_address_is_asked_twice(self, add: Subscribe, server: FeedServer) -> None:
        server.says("/feed", page("/feed"), Content_Type="text/html")
        with pytest.raises(BrokenInput, match="names no feed"):
            add("/feed")
        assert sorted(asked(server)) == ["/atom.xml", "/feed", "/feed.xml", "/index.xml", "/rss.xml"]

    def test_a_server_that_wants_to_be_left_alone_is_left_alone(self, add: Subscribe, server: FeedServer) -> None:
        server.says("/", page())
        server.says("/feed", status=429)
        with pytest.raises(BrokenInput, match="names no feed"):
            add("/")
        assert asked(server) == ["/", "/feed"]

    def test_a_usual_address_that_leads_to_another_host_is_no_feed_of_this_one(
        self, add: Subscribe, server: FeedServer
    ) -> None:
        with serving("127.0.0.2") as other:
            server.says("/", page())
            for path in ("/feed", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml"):
                server.says(path, status=302, Location=other.address("/x", "127.0.0.2"))
            with pytest.raises(BrokenInput):
                add("/")
            assert other.asked == []

    def test_a_private_address_is_not_asked_unless_that_is_said(
        self, add: Subscribe, server: FeedServer, publication: Path
    ) -> None:
        before = tree(publication)
        with pytest.raises(BrokenInput, match="--allow-private"):
            add("/feed", allow_private=False)
        assert server.asked == []
        assert tree(publication) == before

    def test_a_page_cannot_lead_to_another_private_host(self, add: Subscribe, server: FeedServer) -> None:
        with serving("127.0.0.2") as other:
            server.says("/", page(other.address("/secret", "127.0.0.2")))
            with pytest.raises(DigestError, match="private address"):
                add("/")
            assert other.asked == []

    def test_without_a_check_nothing_is_asked(self, add: Subscribe, server: FeedServer) -> None:
        done = add("/feed", check=False)
        assert server.asked == []
        assert done.added is not None
        assert done.found is None


class TestRedirects:
    def test_one_for_good_gives_the_address_to_keep(self, add: Subscribe, server: FeedServer) -> None:
        server.says("/old", status=301, Location="/new")
        server.says("/new", FEED)
        done = add("/old")
        assert done.added is not None
        assert done.added.url == server.address("/new")

    def test_one_for_now_does_not(self, add: Subscribe, server: FeedServer) -> None:
        server.says("/feed", status=302, Location="/cache/123")
        server.says("/cache/123", FEED)
        done = add("/feed")
        assert done.added is not None
        assert done.added.url == server.address("/feed")

    def test_unless_it_changes_only_the_spelling(self, add: Subscribe, server: FeedServer) -> None:
        server.says("/feed", status=302, Location="/feed/")
        server.says("/feed/", FEED)
        done = add("/feed")
        assert done.added is not None
        assert done.added.url == server.address("/feed/")


class TestAFeedThatIsThereAlready:
    @pytest.mark.parametrize(
        "typed",
        [
            "http://producthunt.com/feed/",
            "www.producthunt.com/feed?utm_source=x",
            "feed:https://www.producthunt.com/feed",
        ],
    )
    def test_is_known_however_it_is_spelt_and_not_asked(self, publication: Path, typed: str) -> None:
        done = subscribe(load_publication(publication, {}), wanted_feed(typed), lambda: NOW, progress=lambda *_: None)
        assert done.added is None
        assert done.already is not None
        assert done.already.url == "https://www.producthunt.com/feed"

    def test_is_known_by_where_a_page_leads(self, add: Subscribe, server: FeedServer) -> None:
        server.says("/feed", FEED)
        server.says("/", page("/feed"))
        add("/feed")
        done = add("/")
        assert (done.added, done.already and done.already.url) == (None, server.address("/feed"))


class TestWhatIsWritten:
    def test_the_table_and_nothing_else(self, add: Subscribe, server: FeedServer, publication: Path) -> None:
        before = (publication / "digest.toml").read_bytes()
        add("/feed", kind="changelog", title='The "Feed"', check=False)
        added = (
            f'\n[[feeds]]\nurl = "{server.address("/feed")}"\ntitle = "The \\"Feed\\""\nkind = "changelog"\n'
            "allow_private = true\n"
        )
        assert (publication / "digest.toml").read_bytes() == before + added.encode()

    def test_adding_and_removing_gives_the_same_bytes_also_those_of_windows(
        self, add: Subscribe, server: FeedServer, publication: Path
    ) -> None:
        path = publication / "digest.toml"
        before = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n").rstrip()
        path.write_bytes(before)
        add("/feed", check=False)
        assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")
        unsubscribe(load_publication(publication, {}), server.address("/feed"), lambda: NOW)
        assert path.read_bytes() == before

    def test_its_rights_stay_and_nothing_is_left_beside_it(self, add: Subscribe, publication: Path) -> None:
        path = publication / "digest.toml"
        path.chmod(0o640)
        names = sorted(entry.name for entry in publication.iterdir())
        add("/feed", check=False)
        assert path.stat().st_mode & 0o777 == 0o640
        assert sorted(entry.name for entry in publication.iterdir() if entry.name != "digest.lock") == names

    @pytest.mark.parametrize("listed", ["feeds = []", 'feeds = [{ url = "https://a.example/" }]'])
    def test_a_list_in_brackets_is_left_alone_and_that_is_said(
        self, add: Subscribe, publication: Path, listed: str
    ) -> None:
        path = publication / "digest.toml"
        text = path.read_text()
        path.write_text(f"{listed}\n{text[: text.index('[[feeds]]')]}")
        before = path.read_bytes()
        with pytest.raises(BrokenInput, match=r"digest\.toml:1: .*\[\[feeds\]\]"):
            add("/feed", check=False)
        assert path.read_bytes() == before

    def test_a_change_by_somebody_else_in_the_meantime_is_kept(self, server: FeedServer, publication: Path) -> None:
        loaded = load_publication(publication, {})
        replace_in(publication / "digest.toml", 'name = "Ship or Skip"', 'name = "Another"')
        wanted = wanted_feed(server.address("/feed"), allow_private=True)
        subscribe(loaded, wanted, lambda: NOW, check=False, progress=lambda *_: None)
        assert load_publication(publication, {}).settings.name == "Another"

    def test_while_another_run_is_at_work_nothing_is_changed_and_that_is_said(
        self, add: Subscribe, publication: Path
    ) -> None:
        before = tree(publication)
        with held(publication, "collect", lambda: NOW), pytest.raises(LockHeld, match="nothing was changed"):
            add("/feed", check=False)
        assert tree(publication) == before

    def test_several_at_once_lose_none(self, publication: Path, server: FeedServer) -> None:
        def one(number: int) -> None:
            while True:
                wanted = wanted_feed(server.address(f"/{number}"), allow_private=True)
                try:
                    loaded = load_publication(publication, {})
                    subscribe(loaded, wanted, lambda: NOW, check=False, progress=lambda *_: None)
                    return
                except LockHeld:
                    continue

        threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        urls = [feed.url for feed in load_publication(publication, {}).settings.feeds]
        assert {server.address(f"/{number}") for number in range(4)} <= set(urls)


class TestRemoving:
    def removed(self, publication: Path, said: str) -> str:
        return unsubscribe(load_publication(publication, {}), said, lambda: NOW).url

    @pytest.mark.parametrize("said", ["https://hnrss.org/launches", "http://www.hnrss.org/launches/", "HNRSS.org/laun"])
    def test_by_address_or_by_a_part_that_fits_no_other(self, publication: Path, said: str) -> None:
        assert self.removed(publication, said) == "https://hnrss.org/launches"

    def test_a_part_that_fits_several_is_refused_with_their_names(self, publication: Path) -> None:
        with pytest.raises(BrokenInput, match=r"fits 2 feeds: https://hnrss.org/show.*https://hnrss.org/launches"):
            self.removed(publication, "hnrss.org")

    def test_a_miss_is_answered_with_the_nearest(self, publication: Path) -> None:
        with pytest.raises(BrokenInput, match=r"did you mean https://simonwillison\.net/atom/everything/"):
            self.removed(publication, "https://simonwilison.net/atom/everything")
        with pytest.raises(BrokenInput, match="`digest feeds` lists them"):
            self.removed(publication, "qqqq")

    def test_by_title(self, publication: Path, add: Subscribe, server: FeedServer) -> None:
        add("/feed", title="Fjord", check=False)
        assert self.removed(publication, "Fjord") == server.address("/feed")


class TestTheCommand:
    def test_it_says_what_it_found(self, publication: Path, server: FeedServer, digest_here: CommandLine) -> None:
        server.says("/feed", FEED)
        ran = digest_here("feeds", "add", server.address("/feed"), "--allow-private", folder=publication)
        assert ran.returncode == 0, ran.said
        for said in ("Fjord Labs Blog", "2, 2026-11-02 to 2026-11-18", "1 of 2 looks like it", "vendor-blog, guessed"):
            assert said in ran.stdout
        again = digest_here("feeds", "add", server.address("/feed/"), "--allow-private", folder=publication)
        assert (again.returncode, again.stderr) == (0, "")
        assert "Already subscribed" in again.stdout

    def test_several_are_listed_each_with_its_command(
        self, publication: Path, server: FeedServer, digest_here: CommandLine
    ) -> None:
        server.says("/", page("/a?x=1&amp;y=2", "/b"))
        ran = digest_here("feeds", "add", server.address("/"), "--allow-private", folder=publication)
        assert f"feeds add '{server.address('/a?x=1&y=2')}' --allow-private" in ran.stdout
        assert f"feeds add {server.address('/b')} --allow-private" in ran.stdout
        assert "2 feeds are named there" in ran.refusal(2)
        as_json = digest_here("feeds", "add", server.address("/"), "--allow-private", "--json", folder=publication)
        assert [link["address"] for link in as_json.json["links"]] == [
            server.address("/a?x=1&y=2"), server.address("/b"),
        ]  # fmt: skip

    def test_a_feed_may_lie_in_a_file_of_the_publication(self, publication: Path, digest_here: CommandLine) -> None:
        assert "no such file" in digest_here("feeds", "add", "file:own.xml", folder=publication).refusal(2)
        (publication / "own.xml").write_bytes(FEED)
        ran = digest_here("feeds", "add", "file:own.xml", folder=publication)
        assert "Fjord Labs Blog" in ran.stdout
        assert (publication / "digest.toml").read_text().endswith('\n[[feeds]]\nfile = "own.xml"\n')

    @pytest.mark.parametrize("typed", ["nonsense", "javascript:alert(1)", "file:../secret", "https://a b.example/"])
    def test_what_is_no_address_costs_one_line(self, publication: Path, digest_here: CommandLine, typed: str) -> None:
        digest_here("feeds", "add", typed, folder=publication).refusal(2)

    def test_a_server_that_fails_costs_one_line(
        self, publication: Path, server: FeedServer, digest_here: CommandLine
    ) -> None:
        server.says("/feed", status=403, cf_mitigated="challenge")
        ran = digest_here("feeds", "add", server.address("/feed"), "--allow-private", folder=publication)
        assert "bot wall" in ran.refusal(1)
