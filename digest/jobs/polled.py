"""A feed that is to be asked, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from digest.collect.politeness import address_of
from digest.http.addresses import host_of
from digest.model.tool import Feed
from digest.store.feeds import FeedState

if TYPE_CHECKING:
    from digest.collect.reading import Reading
    from digest.http.client import Answer


class Source(NamedTuple):
    """A feed that is to be asked.

    Attributes:
        state: What is known of it.
        path: The file that holds it, where it is not on the web.
        content_type: Of that file, where it is known.
    """

    feed: Feed
    state: FeedState
    path: Path | None = None
    content_type: str | None = None

    @property
    def host(self) -> str:
        """Whose turn it is to be asked; empty for a file."""
        return "" if self.path else host_of(address_of(self.state))


class Polled(NamedTuple):
    """What came of asking one feed.

    Attributes:
        answer: What the server said; None where it failed. Its body is there only where bodies are kept.
        body_hash: Of the body that was read.
        reading: What the body holds; None where nothing was read.
        unchanged: The server said so (304), or the body is the one that was read last time.
        problem: Why there is nothing, in a line, or an empty string.
        status: The HTTP status of a failure, where there was one.
        wait: How long the host asks to be left alone.
        waiting_host: The host that asks so.
        skipped: It was not asked after all, since its host, or the one that it redirects to, asked to be left alone.
    """

    source: Source
    answer: Answer | None = None
    body_hash: str | None = None
    reading: Reading | None = None
    unchanged: bool = False
    problem: str = ""
    status: int | None = None
    wait: timedelta | None = None
    waiting_host: str = ""
    skipped: bool = False
