"""RSS and Atom, read by feedparser from bytes.

feedparser gets a stream, never a name: given a name it would open a local file or fetch an address. Its own
sanitising is off, since it is slow and leaves plain text alone anyway; `plain_text` does that for all formats.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import partial
from typing import Any

import feedparser

from digest.collect import sax_driver
from digest.collect.long_feed import shortened
from digest.collect.raw import RawEntry, RawFeed

feedparser.api.PREFERRED_XML_PARSERS.insert(0, sax_driver.__name__)

# escape, shift in and shift out stay: they choose alphabets in ISO-2022 (ECMA-35)
_CONTROLS = bytes(sorted({*range(32)} - {*b"\t\n\r\x0e\x0f\x1b"}))
_SPACED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))


def read_xml_feed(body: bytes, *, content_type: str | None, now: datetime) -> RawFeed | None:
    """Reads an RSS or Atom feed, also one that is not well-formed.

    Args:
        body: The document.
        content_type: The header that came with it, for its character set.
        now: The moment it stands for: of very many entries only the newest are read.

    Returns:
        The feed as it stands, or None where the document is no feed.
    """
    short = shortened(body := _printable(body), now)
    stream = io.BytesIO(short.body if short else body)
    # It is not told the document's address: it would make ids absolute too, and an id must survive a feed's move.
    headers = {"content-type": content_type} if content_type else {}
    try:
        parsed = feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except MemoryError:
        raise
    except Exception:  # its loose parser can fail in many ways on hostile bytes; all mean the same here
        return None
    if not parsed.get("version"):
        return None
    entries = tuple(_entry(item) for item in parsed.entries)
    left_out = short.items - len(entries) if short else 0
    return RawFeed(parsed.feed.get("title"), entries, parsed.feed.get("ttl"), max(left_out, 0))


def _printable(body: bytes) -> bytes:
    """The document with spaces for control characters, where each byte is a character or part of one.

    XML knows none of them (XML 1.0, section 2.2), so that one would make the whole feed ill-formed.
    """
    head = body[:200]
    return body.translate(_SPACED) if b"<" in head and b"\0" not in head else body


def _entry(item: Any) -> RawEntry | None:
    """One item as it stands; None where even that fails."""
    # feedparser's own `get` looks for every name that a field ever had; they all end up under these
    says = partial(dict.get, item)
    try:
        content = next((text for part in says("content") or () if (text := dict.get(part, "value"))), None)
        return RawEntry(
            identity=says("id"),
            title=says("title"),
            link=None if _is_mere_id(says("link"), says("guidislink")) else says("link"),
            published=_moment(says("published_parsed")) or _moment(says("updated_parsed")),
            summary=says("summary") or content,
            content=content or says("summary"),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _is_mere_id(link: Any, is_id: Any) -> bool:
    """Whether an RSS item's link is only its guid, and the guid is no address although nothing says so."""
    return bool(is_id) and not str(link).lower().startswith(("http://", "https://", "/"))


def _moment(parts: Any) -> datetime | None:
    """feedparser's time, which is in UTC already."""
    try:
        year, month, day, hour, minute, second = parts[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
