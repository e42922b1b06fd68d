"""What goes to the processes that read feeds, and what comes back: plain values, as JSON.

It imports nothing of the store, so that a process which only reads starts without a database's library.
"""

from __future__ import annotations

from datetime import datetime

from digest.model.noun import Noun
from digest.model.tool import Feed, Label, Launch

# How a reading process begins its answer, and how it ends when the memory that it may have is not enough.
READING, PROBLEM = b"+", b"-"
NO_MEMORY = 75


class Mark(Noun):
    """An entry as far as comparing needs it.

    Attributes:
        content_hash: Of all that its judgement depends on, its identity left out.
        link: Its page, for comparing.
        label: The judgement; None where an entry of the feed that says the very same was judged before.
        launch: The judgement whole, where it is a launch.
    """

    identity: str
    content_hash: str
    title: str
    link: str | None
    published: datetime | None
    label: Label | None
    launch: Launch | None = None


class ReadJob(Noun):
    """A body to be read.

    Attributes:
        known: The content hashes of this feed's entries that need no judgement.
    """

    feed: Feed
    content_type: str | None
    now: datetime
    known: frozenset[str] = frozenset()


class Reading(Noun):
    """What a body holds."""

    title: str
    ttl: int | None = None
    marks: tuple[Mark, ...]
    warnings: tuple[str, ...] = ()
