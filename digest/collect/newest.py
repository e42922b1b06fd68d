"""Which of a feed's items are read when there are too many: the newest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

MOST_ENTRIES = 2_000
# Hugo writes year 1 where a page has no date; and clocks run fast, but not by days.
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)


def believable(moment: datetime | None, now: datetime) -> datetime | None:
    """A moment, or None for one that cannot be true: before 1990, or more than two days ahead."""
    return moment if moment and _EARLIEST <= moment <= now + _AHEAD else None


def newest(moments: Sequence[datetime | None]) -> list[int]:
    """Which items are read.

    Args:
        moments: When each was published, in the feed's order; None where it does not say so believably.

    Returns:
        The places of at most 2,000, in the feed's order. Undated ones count as old, the first of them as the newest.
    """
    if len(moments) <= MOST_ENTRIES:
        return list(range(len(moments)))
    by_age = sorted(range(len(moments)), key=lambda place: moments[place] or _EARLIEST, reverse=True)
    return sorted(by_age[:MOST_ENTRIES])
