"""JSON Feed, versions 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/).

It only reads what the format says and gives it the shape that `parse` knows; cleaning is done there, for all formats.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from digest.collect.raw import RawEntry, RawFeed


def is_json(body: bytes) -> bool:
    """Whether a body looks like JSON."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def read_json_feed(body: bytes) -> RawFeed | None:
    """Reads a JSON Feed.

    Args:
        body: The document.

    Returns:
        The feed as it stands, or None where the document is no JSON Feed.
    """
    try:
        document = json.loads(body.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or "jsonfeed.org/version/1" not in str(document.get("version", "")):
        return None
    items = document.get("items")
    if not isinstance(items, list):
        return None
    return RawFeed(title=document.get("title"), entries=tuple(_entry(item) for item in items))


def _entry(item: Any) -> RawEntry | None:
    """One item as it stands; None for what is no object."""
    if not isinstance(item, dict):
        return None
    # 1.0 lets an id be a number; readers shall take it as text.
    identity = item.get("id")
    content = item.get("content_html") or item.get("content_text")
    return RawEntry(
        identity=str(identity) if isinstance(identity, str | int | float) else None,
        title=item.get("title"),
        link=item.get("url"),
        about=item.get("external_url"),
        published=_moment(item.get("date_published")) or _moment(item.get("date_modified")),
        summary=item.get("summary") or content,
        content=content,
    )


def _moment(text: Any) -> datetime | None:
    """An RFC 3339 moment in UTC; one without a zone is taken as UTC."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
