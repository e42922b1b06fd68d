"""Feeds are read in processes that can be ended: whatever one feed does, the next one is read."""

from __future__ import annotations

import gc
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.reading import ReadJob
from digest.collect.workers import Unreadable, Workers
from digest.errors import BrokenInput
from digest.model.tool import Feed

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GOOD = b'<rss version="2.0"><channel><title>Good</title><item><title>Tidepool</title></item></channel></rss>'
ENDLESS = (
    b'<rss version="2.0"><channel><item ' + b" ".join(b"a%d='1'" % n for n in range(100_000)) + b"/></channel></rss>"
)


def job(name: str = "good", known: frozenset[str] = frozenset()) -> ReadJob:
    feed = Feed(url=f"https://{name}.example/rss", kind="producthunt")
    return ReadJob(feed=feed, content_type=None, now=NOW, known=known)


def children() -> set[int]:
    """The processes that this one has started and that run still."""
    path = Path(f"/proc/{os.getpid()}/task")
    return {int(number) for task in path.iterdir() for number in (task / "children").read_text().split()}


def test_a_feed_is_read_and_judged_and_what_is_known_is_not_judged_again() -> None:
    with Workers() as workers:
        [mark] = workers.read(job(), GOOD).marks
        [again] = workers.read(job(known=frozenset([mark.content_hash])), GOOD).marks
    assert (mark.title, mark.label, mark.launch and mark.launch.name) == ("Tidepool", "launch", "Tidepool")
    assert (again.content_hash, again.label, again.launch) == (mark.content_hash, None, None)


def test_what_is_no_feed_is_said_with_the_feeds_name() -> None:
    with Workers() as workers, pytest.raises(BrokenInput) as caught:
        workers.read(job("page"), b"<!doctype html><html></html>")
    assert "https://page.example/rss: a web page, not a feed" in caught.value.line()


def test_a_feed_that_takes_too_long_is_left_and_the_next_one_is_read() -> None:
    with Workers(processes=1, seconds=1) as workers:
        begun = time.monotonic()
        with pytest.raises(Unreadable) as caught:
            workers.read(job("slow"), ENDLESS)
        assert "https://slow.example/rss: reading it took longer than 1 s" in caught.value.line()
        assert time.monotonic() - begun < 20
        assert workers.read(job(), GOOD).title == "Good"


def test_a_reading_process_that_is_killed_costs_one_feed() -> None:
    before = children()
    with Workers(at_once=1, processes=1, seconds=30) as workers, ThreadPoolExecutor(1) as thread:
        assert workers.read(job(), GOOD).title == "Good"
        [process] = children() - before
        reading = thread.submit(workers.read, job("slow"), ENDLESS)
        time.sleep(0.3)
        os.kill(process, signal.SIGKILL)
        with pytest.raises(Unreadable) as caught:
            reading.result()
        assert "https://slow.example/rss: the process that read it broke (signal 9)" in caught.value.line()
        assert workers.read(job(), GOOD).title == "Good"


def test_several_threads_share_the_processes_and_none_is_left_behind() -> None:
    gc.collect()
    before = children()
    with Workers() as workers, ThreadPoolExecutor(8) as threads:
        titles = list(threads.map(lambda _: workers.read(job(), GOOD).title, range(40)))
        assert 1 <= len(children() - before) <= 2
    assert titles == ["Good"] * 40
    assert children() - before == set()


def test_a_reading_process_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGEST_SECRET_KEYS", "a key that nobody else may read")
    before = children()
    with Workers() as workers:
        workers.read(job(), GOOD)
        [process] = children() - before
        assert b"a key" not in Path(f"/proc/{process}/environ").read_bytes()
        assert not [path for path in Path(f"/proc/{process}/fd").iterdir() if path.resolve().suffix in (".db", ".lock")]
