"""A feed as its format gives it, before anything in it is believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class RawEntry:
    """One item, unchecked: any field may hold anything.

    Attributes:
        identity: The item's id.
        link: Its own page.
        about: The page it is about, where the format tells the two apart.
        published: The moment it states, in UTC.
        summary: Its summary, else its content.
        content: Its content whole, as markup.
    """

    identity: Any = None
    title: Any = None
    link: Any = None
    about: Any = None
    published: datetime | None = None
    summary: Any = None
    content: Any = None


@dataclass(frozen=True)
class RawFeed:
    """A feed, unchecked; an entry that could not be read at all is None.

    Attributes:
        ttl: For how many minutes it may be kept (RSS alone says so).
        left_out: How many more entries the document has, which were too many to be read.
    """

    title: Any
    entries: tuple[RawEntry | None, ...]
    ttl: Any = None
    left_out: int = 0
