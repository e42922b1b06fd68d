"""The one per-reader word of a letter, and the addresses that end in it.

Braces in an href get percent-encoded by every serialiser, so the field is one plain word. Everything that is a
reader's own stands behind it; the body is the same for all.
"""

from __future__ import annotations

MERGE_FIELD = "READER_TOKEN"


def unsubscribe_address(base_url: str, token: str = MERGE_FIELD) -> str:
    """Where a reader leaves (RFC 8058: the same address answers the one-click POST)."""
    return f"{base_url}/unsubscribe/{token}"


def preferences_address(base_url: str, token: str = MERGE_FIELD) -> str:
    """Where a reader chooses what they get."""
    return f"{base_url}/preferences/{token}"


def merged(part: str, token: str) -> str:
    """A part of the letter with one reader's token in the place of the merge field."""
    return part.replace(MERGE_FIELD, token)
