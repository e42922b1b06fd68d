"""Feeds with very many entries: the newest 2,000 are read, it is said aloud, and it takes seconds."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect import long_feed, newest
from digest.collect.long_feed import shortened
from digest.collect.newest import MOST_ENTRIES
from digest.collect.parse import ParsedFeed, parse_feed
from digest.model.tool import Feed

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MANY = 200_000


def read(body: bytes) -> ParsedFeed:
    return parse_feed(body, Feed(url="https://feeds.example/rss"), content_type=None, now=NOW)


def moment(number: int) -> datetime:
    return NOW - timedelta(minutes=number)


def rss(*items: str, head: str = "", tail: str = "") -> bytes:
    channel = f"<channel><title>Launches</title>{head}{''.join(items)}{tail}</channel>"
    return f'<rss version="2.0">{channel}</rss>'.encode()


def item(number: int, said: str = "") -> str:
    return f"<item><title>{number}</title><pubDate>{format_datetime(moment(number))}</pubDate>{said}</item>"


def undated(count: int) -> bytes:
    return rss(*(f"<item><title>{n}</title><link>https://a.example/{n}</link></item>" for n in range(count)))


def dated(count: int) -> bytes:
    return rss(*map(item, range(count)))


def ill_formed(count: int) -> bytes:
    return rss(*map(item, range(count)), head="<description>Salt & <b>pepper</description>")


def atom(count: int) -> bytes:
    entries = (
        f"<a:entry><a:title>{n}</a:title><a:updated>{moment(n).isoformat()}</a:updated></a:entry>" for n in range(count)
    )
    return f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>T</a:title>{"".join(entries)}</a:feed>'.encode()


def json_feed(count: int) -> bytes:
    items = [{"title": str(n), "date_published": moment(n).isoformat()} for n in range(count)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items}).encode()


def in_utf_16(count: int) -> bytes:
    return ('<?xml version="1.0" encoding="utf-16"?>' + dated(count // 2).decode()).encode("utf-16")


@pytest.mark.long
@pytest.mark.parametrize("made", [undated, dated, ill_formed, atom, json_feed, in_utf_16])
def test_a_feed_of_200_000_entries_ends_as_its_newest_2_000_within_the_time_of_a_reading_process(
    made: Callable[[int], bytes],
) -> None:
    body = made(MANY)
    begun = time.process_time()
    feed = read(body)
    assert time.process_time() - begun < 8
    assert [entry.title for entry in feed.entries] == [str(n) for n in range(MOST_ENTRIES)]
    assert [warning for warning in feed.warnings if "entries; the newest 2,000 were kept" in warning]


@pytest.mark.parametrize("made", [undated, dated, ill_formed, atom, json_feed])
def test_one_entry_too_many_is_one_entry_that_is_left_out(made: Callable[[int], bytes]) -> None:
    assert read(made(MOST_ENTRIES)).warnings == ()
    feed = read(made(MOST_ENTRIES + 1))
    assert feed.warnings == ("2,001 entries; the newest 2,000 were kept",)
    assert [entry.title for entry in feed.entries] == [str(n) for n in range(MOST_ENTRIES)]


def test_a_feed_with_the_oldest_first_keeps_its_order_and_loses_its_beginning() -> None:
    feed = read(rss(*map(item, reversed(range(MOST_ENTRIES + 500)))))
    assert [entry.title for entry in feed.entries] == [str(n) for n in reversed(range(MOST_ENTRIES))]


def test_the_title_is_found_behind_the_entries_too() -> None:
    items = "".join(map(item, range(MOST_ENTRIES + 1)))
    assert read(f'<rss version="2.0"><channel>{items}<title>Late</title></channel></rss>'.encode()).title == "Late"


def test_what_only_looks_like_an_entry_is_none() -> None:
    said = "<description><![CDATA[<item>text</item>]]></description><!-- <item> -->"
    feed = read(rss(*(item(n, said) for n in range(MOST_ENTRIES))))
    assert (len(feed.entries), feed.warnings) == (MOST_ENTRIES, ())
    assert feed.entries[0].summary == "<item>text</item>"


def test_an_unclosed_entry_ends_where_the_next_one_begins() -> None:
    feed = read(rss(*(item(n).replace("</item>", "") for n in range(MOST_ENTRIES + 3))))
    assert feed.warnings == ("2,003 entries; the newest 2,000 were kept",)
    assert {entry.title for entry in feed.entries} == {str(n) for n in range(MOST_ENTRIES)}


@pytest.mark.parametrize(
    "body",
    [b"<item " * 500_000, b"<item><!--" * 300_000, b"<![CDATA[<item>" * 200_000, b"<item/>" * 300_000],
    ids=["brackets", "comments", "text", "empty"],
)
def test_looking_for_entries_takes_no_longer_than_the_document_is_long(body: bytes) -> None:
    begun = time.process_time()
    shortened(b"<rss>" + body, NOW)
    assert time.process_time() - begun < 8


FIELDS = st.sampled_from(
    [
        "<pubDate>Tue, 17 Nov 2026 09:00:00 GMT</pubDate>",
        "<pubDate>Wed, 18 Nov 2026 09:00:00 +0100</pubDate>",
        "<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>",
        "<pubDate>Fri, 20 Nov 2099 09:00:00 GMT</pubDate>",
        "<pubDate>yesterday</pubDate>",
        "<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2026-11-16T09:00:00Z</dc:date>",
        "<description>&lt;item&gt; <![CDATA[<item>]]></description>",
        "<category>x</category>",
        "",
    ]
)


@settings(max_examples=150, deadline=None)
@given(items=st.lists(st.lists(FIELDS, max_size=3), max_size=12), most=st.integers(1, 6))
def test_a_shortened_feed_says_what_the_whole_one_would(items: list[list[str]], most: int) -> None:
    body = rss(*(f"<item><title>{n}</title>{''.join(fields)}</item>\n" for n, fields in enumerate(items)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(newest, "MOST_ENTRIES", most)
        patched.setattr("digest.collect.parse.MOST_ENTRIES", most)
        whole = read(body)
        patched.setattr(long_feed, "MOST_ENTRIES", most)
        short = read(body)
    assert short == whole
    assert len(short.entries) == min(most, len(items))
