"""From a feed's bytes to entries: plain text, believable dates, links of the web, an identity for each.

A pure function of its arguments. Everything in them but `feed` and `now` is hostile until it has been through here.
One bad entry costs one entry, never the feed.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from digest.collect.json_feed import is_json, read_json_feed
from digest.collect.kinds import guess_kind
from digest.collect.links import canonical, host_of, web_link
from digest.collect.newest import MOST_ENTRIES, believable, newest
from digest.collect.plain_text import plain
from digest.collect.raw import RawEntry, RawFeed
from digest.collect.xml_feed import read_xml_feed
from digest.errors import BrokenInput
from digest.model.noun import Noun
from digest.model.tool import Entry, Feed, FeedKind

_TITLE = 300
_SUMMARY = 2_000

_ARTICLE = re.compile(r"Article URL:\s{0,9}<a\s[^<>]{0,99}?href=[\"']([^\"'<>]+)[\"']", re.I)
_PRODUCT = re.compile(
    r"<a\s[^<>]{0,99}?href=[\"']([^\"'<>]+)[\"'][^<>]{0,99}>\s{0,99}\[?(?:Link|Website)\]?\s{0,99}</a>", re.I
)
_COUNTERS = re.compile(r"(?:Article URL|Comments URL): \S+|Points: \d+|# Comments: \d+")
_LAUNCH_TAIL = re.compile(r"\s*Discussion\s*\|\s*Link\s*$")


class NotAFeed(BrokenInput):
    """What came from a feed's address is no feed."""


class ParsedFeed(Noun):
    """A feed as it was understood.

    Attributes:
        title: The feed's title, plain, perhaps empty.
        entries: At most 2,000 entries, in the feed's order.
        warnings: What was lost, in words.
        ttl: For how many minutes the feed says it may be kept.
    """

    title: str
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()
    ttl: int | None = None


def parse_feed(body: bytes, feed: Feed, *, content_type: str | None, now: datetime) -> ParsedFeed:
    """Parses an RSS, Atom or JSON feed.

    Args:
        body: The document.
        feed: The feed that it came from; what it does not say (title, kind) is taken from the document or guessed.
        content_type: The header that came with it.
        now: The moment it stands for: dates more than two days later are not believed, nor are those before 1990.

    Returns:
        The feed's title, its entries, and what was lost.

    Raises:
        NotAFeed: For a web page, an empty document, or anything else that is no feed.
    """
    raw = read_json_feed(body) if is_json(body) else read_xml_feed(body, content_type=content_type, now=now)
    if raw is None:
        raise NotAFeed(_what_it_is(body), where=feed.url, cure="look for the feed's own address")
    title = plain(raw.title, _TITLE)
    shown = feed.title or title or host_of(feed.url)
    kind = feed.kind or guess_kind(feed.url, shown)
    dated = _dated(raw, now)
    kept = [dated[place] for place in newest([entry.published for entry in dated])]
    found = len(dated) + raw.left_out
    warnings = (f"{found:,} entries; the newest {MOST_ENTRIES:,} were kept",) if found > len(kept) else ()
    entries: list[Entry] = []
    for item in kept:
        try:
            if entry := _entry(item, feed.url, shown, kind):
                entries.append(entry)
        except ValueError:
            continue  # counted below
    if lost := len(kept) - len(entries):
        warnings = (*warnings, f"{lost} of {len(kept)} entries say nothing that can be read and were left out")
    return ParsedFeed(title=title, entries=_told_apart(entries), warnings=warnings, ttl=_minutes(raw.ttl))


def _minutes(text: object) -> int | None:
    """A number of minutes, or None for what is none."""
    return int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,6}", text.strip()) else None


def _what_it_is(body: bytes) -> str:
    """What a document is that is no feed, in words."""
    if not body.strip():
        return "an empty document, not a feed"
    if is_json(body):
        return "JSON, but not a JSON Feed"
    head = body[:2_000].lower()
    if b"<html" in head or b"<!doctype html" in head:
        return "a web page, not a feed"
    return "not a feed"


def _dated(raw: RawFeed, now: datetime) -> list[RawEntry]:
    """The entries, with dates that cannot be true taken for missing; what is no entry is an empty one."""
    return [
        entry if entry.published == (moment := believable(entry.published, now)) else replace(entry, published=moment)
        for entry in (item or RawEntry() for item in raw.entries)
    ]


def _entry(raw: RawEntry, feed: str, feed_title: str, kind: FeedKind) -> Entry | None:
    """One entry, or None where nothing is left of it."""
    title = plain(raw.title, _TITLE)
    summary = _summary(raw, kind)
    link = _link(raw, feed, kind)
    if not (title or summary or link):
        return None
    identity = plain(raw.identity, 500) or (canonical(link) if link else "") or _hash(title, summary)
    return Entry(
        feed=feed, feed_title=feed_title, kind=kind, identity=identity,
        title=title, link=link, published=raw.published, summary=summary,
    )  # fmt: skip


def _summary(raw: RawEntry, kind: FeedKind) -> str:
    """The summary, without what launch sites and Hacker News add to every entry."""
    summary = plain(raw.summary, _SUMMARY)
    if kind == "producthunt":
        return _LAUNCH_TAIL.sub("", summary)
    if kind == "hackernews":
        return " ".join(_COUNTERS.sub("", summary).split())
    return summary


def _link(raw: RawEntry, feed: str, kind: FeedKind) -> str | None:
    """Where the entry points: on sites that list tools, to the tool itself where the entry tells its address."""
    page = web_link(raw.link, feed)
    content = raw.content[:20_000] if isinstance(raw.content, str) else ""
    if kind == "hackernews":
        told = _ARTICLE.search(content)
        return web_link(html.unescape(told[1]) if told else raw.about, feed) or page
    if kind == "producthunt":
        told = _PRODUCT.search(content)
        product = web_link(html.unescape(told[1]) if told else raw.about, feed)
        # The site's own `/r/…` links lead to the product too, but only by way of a request.
        if product and host_of(product) not in (host_of(page or feed), host_of(feed)):
            return product
    return page


def _told_apart(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries whose identities differ.

    Some feeds give all entries one id. Those then get their title's hash beside it, all of them, so that an entry's
    identity does not depend on its place in the feed. An entry that is there twice is kept once; without a link, the
    same words on another day are another entry.
    """
    unique = list({(entry.identity, *_marks(entry)): entry for entry in reversed(entries)}.values())[::-1]
    times = Counter(entry.identity for entry in unique)
    return tuple(
        entry
        if times[entry.identity] == 1
        else entry.model_copy(update={"identity": f"{entry.identity} {_hash(*_marks(entry))[:12]}"})
        for entry in unique
    )


def _marks(entry: Entry) -> tuple[str, str]:
    """What tells entries of one id apart."""
    return entry.title, entry.link or (entry.published.isoformat() if entry.published else "")


def _hash(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
