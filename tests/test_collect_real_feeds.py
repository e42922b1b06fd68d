"""Collecting every real feed that we have, over HTTP, with the program as a process: none may be its end."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from conftest import CommandLine
from feed_server import FeedServer, serving

from digest.collect.parse import parse_feed
from digest.collect.plain_text import plain
from digest.collect.raw import RawEntry
from digest.collect.xml_feed import read_xml_feed
from digest.model.tool import Feed

pytestmark = pytest.mark.long

# in the middle of August, when the youngest of the real feeds were saved
NOW = "2026-08-14T12:00:00+00:00"


def _subscribed(publication: Path, server: FeedServer, files: list[Path], root: Path) -> None:
    """Serve every file and subscribe to it, instead of to the feeds of the open web."""
    settings = (publication / "digest.toml").read_text()
    settings = settings[: settings.index("[[feeds]]")]
    for file in files:
        path = "/" + str(file.relative_to(root))
        server.says(path, file.read_bytes(), ETag=f'"{file.stat().st_size}"')
        settings += f'\n[[feeds]]\nurl = "{server.address(path)}"\nallow_private = true\n'
    (publication / "digest.toml").write_text(settings)


def test_every_real_feed_is_collected_without_a_traceback_and_again_or_backwards_gives_the_same(
    publication: Path, digest_command: CommandLine, shared_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = shared_folder / "feeds"
    files = sorted(path for path in root.rglob("*") if path.is_file() and path.name != "README.md")
    assert len(files) > 100
    with serving() as server:
        _subscribed(publication, server, files, root)
        first = digest_command("-C", publication, "--now", NOW, "collect", "--json")
        tools = {path: path.read_bytes() for path in publication.glob("issues/*/tools.jsonl")}
        second = digest_command("-C", publication, "--now", NOW, "collect", "--json")
        collected = {path: path.read_bytes() for path in publication.glob("issues/*/tools.jsonl")}
        for path in (*collected, *publication.glob("digest.db*")):
            path.unlink()
        _subscribed(publication, server, files[::-1], root)
        backwards = digest_command("-C", publication, "--now", NOW, "collect", "--json")

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "Traceback" not in first.said + second.said
    report = first.json
    with capsys.disabled():
        counts = {key: report[key] for key in ("feeds", "failed", "entries", "launches", "updates", "too_old", "filed")}
        print(f"\nreal feeds: {counts}")
    assert report["feeds"] == len(files)
    assert report["entries"] > 6_000
    assert len([line for line in report["warnings"] if line.startswith("feed left out: ")]) == report["failed"]
    assert sum(report["filed"].values()) > 0
    assert all(re.fullmatch(r"\d{4}-W\d{2}", issue) for issue in report["filed"])
    # the server knows no conditional requests, so the same bytes come again: none is read a second time
    assert second.json["unchanged"] == len(files) - report["failed"]
    assert collected == tools
    assert backwards.json["filed"] == report["filed"], "from an empty database again, the last feed first"
    assert {path: path.read_bytes() for path in publication.glob("issues/*/tools.jsonl")} == tools


def test_no_entry_that_feedparser_finds_is_lost_but_for_those_that_stand_there_twice(shared_folder: Path) -> None:
    found = kept = 0
    for path in sorted((shared_folder / "feeds").glob("*/*")):
        body = path.read_bytes()
        if body.lstrip().startswith(b"{"):
            said = Counter((item.get("id"), item.get("title"), item.get("url")) for item in json.loads(body)["items"])
        else:
            alone = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
            said = Counter(map(_named, alone.entries))
        feed = Feed(url=f"https://feeds.example/{path.name}")
        entries = parse_feed(body, feed, content_type=None, now=datetime.fromisoformat(NOW)).entries
        assert len(entries) == len(said), path.name
        found, kept = found + said.total(), kept + len(entries)
    assert found - kept < 40


@pytest.mark.parametrize(
    ("file", "entries"),
    [
        ("kagi/aivarsk.com_atom.xml.feed", 56),  # a name of HTML's in one title
        ("kagi/areweanticheatyet.com_feed.rss.feed", None),  # entries without id and link
        ("kagi/blog.kroy.io_feed.feed", 10),  # a script behind the end
        ("kagi/codearcana.com_feeds_all.atom.xml.feed", 40),  # control characters in one text
    ],
)
def test_a_feed_that_one_bad_entry_makes_other_readers_drop_is_kept_whole(
    shared_folder: Path, file: str, entries: int | None
) -> None:
    """These are the files of which the package `reader` (3.26) keeps nothing, since it asks for well-formed feeds."""
    body = (shared_folder / "feeds" / file).read_bytes()
    alone = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    found = parse_feed(body, Feed(url="https://feeds.example/"), content_type=None, now=datetime.fromisoformat(NOW))
    assert len(found.entries) == len(alone.entries) == (entries or len(alone.entries)) > 0
    assert [entry.title for entry in found.entries] == [plain(entry.title, 300) for entry in alone.entries]


def test_what_is_not_handed_to_feedparser_is_nothing_that_an_entry_is_made_of(shared_folder: Path) -> None:
    now = datetime.fromisoformat(NOW)
    for path in sorted((shared_folder / "feeds").glob("*/*")):
        body = path.read_bytes()
        spared = read_xml_feed(body, content_type=None, now=now)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(feedparser.api, "PREFERRED_XML_PARSERS", [])
            whole = read_xml_feed(body, content_type=None, now=now)
        if whole is None:
            assert spared is None, path.name
            continue
        assert spared is not None, path.name
        assert [*map(_told, spared.entries)] == [*map(_told, whole.entries)], path.name
        assert (spared.title, spared.ttl) == (whole.title, whole.ttl), path.name


def _told(entry: RawEntry | None) -> object:
    """All that an entry is made of; of its words as many as decide."""
    if entry is None:
        return None
    title, summary, content = (plain(text, 400) for text in (entry.title, entry.summary, entry.content))
    return replace(entry, title=title, summary=summary, content=content)


def _named(entry: Any) -> tuple[object, ...]:
    """What makes it another entry than the rest: id, title and link, or the day where there is no link."""
    identity, link = entry.get("id") or entry.get("link"), entry.get("link")
    return identity, plain(entry.get("title", ""), 300), link or entry.get("published_parsed")
