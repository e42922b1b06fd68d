"""Collecting every real feed that we have, over HTTP, with the program as a process: none may be its end."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from conftest import CommandLine
from feed_server import FeedServer, serving

from digest.collect.parse import parse_feed
from digest.collect.plain_text import plain
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


def test_every_real_feed_is_collected_without_a_traceback_and_twice_gives_the_same(
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


def _named(entry: Any) -> tuple[object, ...]:
    """What makes it another entry than the rest: id, title and link, or the day where there is no link."""
    identity, link = entry.get("id") or entry.get("link"), entry.get("link")
    return identity, plain(entry.get("title", ""), 300), link or entry.get("published_parsed")
