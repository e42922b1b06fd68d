"""RSS and Atom, read by feedparser from bytes.

feedparser gets a stream, never a name: given a name it would open a local file or fetch an address. Its own
sanitising is off, since it is slow and leaves plain text alone anyway; `plain_text` does that for all formats.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import feedparser

from digest.collect import sax_driver
from digest.collect.raw import RawEntry, RawFeed

feedparser.api.PREFERRED_XML_PARSERS.insert(0, sax_driver.__name__)


def read_xml_feed(body: bytes, *, content_type: str | None) -> RawFeed | None:
    """Reads an RSS or Atom feed, also one that is not well-formed.

    Args:
        body: The document.
        content_type: The header that came with it, for its character set.

    Returns:
        The feed as it stands, or None where the document is no feed.
    """
    # It is not told the document's address: it would make ids absolute too, and an id must survive a feed's move.
    headers = {"content-type": content_type} if content_type else {}
    try:
        parsed = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except MemoryError:
        raise
    except Exception:  # its loose parser can fail in many ways on hostile bytes; all mean the same here
        return None
    if not parsed.get("version"):
        return None
    entries = tuple(_entry(item) for item in parsed.entries)
    return RawFeed(title=parsed.feed.get("title"), entries=entries, ttl=parsed.feed.get("ttl"))


def _entry(item: Any) -> RawEntry | None:
    """One item as it stands; None where even that fails."""
    try:
        content = next((part.get("value") for part in item.get("content") or () if part.get("value")), None)
        return RawEntry(
            identity=item.get("id"),
            title=item.get("title"),
            link=None if _is_mere_id(item) else item.get("link"),
            published=_moment(dict.get(item, "published_parsed")) or _moment(dict.get(item, "updated_parsed")),
            summary=item.get("summary") or content,
            content=content or item.get("summary"),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _is_mere_id(item: Any) -> bool:
    """Whether an RSS item's link is only its guid, and the guid is no address although nothing says so."""
    return bool(item.get("guidislink")) and not str(item.get("link")).lower().startswith(("http://", "https://", "/"))


def _moment(parts: Any) -> datetime | None:
    """feedparser's time, which is in UTC already."""
    try:
        year, month, day, hour, minute, second = parts[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
