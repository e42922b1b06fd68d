"""When a feed is asked next, and where: pure decisions, values in, values out.

Servers say how often they want to be asked (Cache-Control and Expires, RFC 9111; RSS's ttl), when they want to be left
alone (Retry-After, RFC 9110, section 10.2.3), where a feed has moved to for good (301 and 308) and when it is gone for
good (410). All of it is honoured within bounds, so that no header can silence a feed for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from digest.store.feeds import FeedState

MOST_FRESH = timedelta(hours=24)
MOST_PATIENT = timedelta(days=7)
# a redirect is believed when it was seen twice: some are a maintenance page's
_SIGHTINGS = 2
# cron starts a moment early or late; a feed that is due within it is due
_SLACK = timedelta(minutes=2)

Standing = Literal["due", "not due", "waits", "retired"]


@dataclass(frozen=True)
class Heard:
    """What an answer says about being asked again; headers are verbatim.

    Attributes:
        ttl: The feed's own `<ttl>`, in minutes.
        moved_to: Where permanent redirects led.
    """

    cache_control: str | None = None
    expires: str | None = None
    date: str | None = None
    ttl: int | None = None
    moved_to: str | None = None


@dataclass(frozen=True)
class Decider:
    """Decides for one collection.

    Args:
        now: The moment.
        interval: How often feeds are asked where nothing speaks against it.
        only_due: Whether feeds that are not due are left out (the weekly job does, a person who asks does not).
    """

    now: datetime
    interval: timedelta
    only_due: bool

    def standing(self, state: FeedState, host_waits_until: datetime | None) -> Standing:
        """Whether a feed is to be asked now, and if not why not."""
        if state.retired_at is not None:
            return "retired"
        if host_waits_until is not None and self.now < host_waits_until:
            return "waits"
        slack = min(_SLACK, self.interval / 10)
        if self.only_due and state.next_poll_at is not None and self.now + slack < state.next_poll_at:
            return "not due"
        return "due"

    def after_success(self, state: FeedState, heard: Heard) -> FeedState:
        """What to remember of a feed that answered."""
        moved_to, seen = self._move(state, heard.moved_to)
        return state._replace(
            polled_at=self.now,
            succeeded_at=self.now,
            errors=0,
            last_error=None,
            next_poll_at=self.now + self._freshness(heard),
            moved_to=moved_to,
            moved_seen=seen,
        )

    def after_failure(
        self, state: FeedState, problem: str, *, status: int | None = None, wait: timedelta | None = None
    ) -> FeedState:
        """What to remember of a feed that failed.

        Args:
            state: What was known of it.
            problem: What happened, in a line.
            status: The HTTP status, where there was one.
            wait: How long the server asks to be left alone.
        """
        errors = state.errors + 1
        # 2 ** 14 minutes, the shortest interval there is, are more than seven days
        doubled = min(self.interval, MOST_PATIENT) * 2 ** min(errors - 1, 14)
        pause = max(min(doubled, MOST_PATIENT), self.interval)
        followed = state.moved_seen >= _SIGHTINGS
        return state._replace(
            polled_at=self.now,
            errors=errors,
            last_error=problem[:500],
            next_poll_at=self.now + max(pause, wait or timedelta()),
            retired_at=self.now if status == 410 else None,
            # an address that a redirect led to and that fails is not believed any longer
            moved_to=None if followed else state.moved_to,
            moved_seen=0 if followed else state.moved_seen,
        )

    def wait(self, retry_after: str | None, date: str | None, *, status: int | None) -> timedelta | None:
        """How long a host wants to be left alone.

        Args:
            retry_after: The header, verbatim: seconds or a date.
            date: The server's own clock, verbatim; a date is measured against it.
            status: The HTTP status: one that says "too many" without saying how long means the usual interval.

        Returns:
            At most seven days, or None where it does not ask for it.
        """
        asked = (retry_after or "").strip()
        if re.fullmatch(r"\d{1,12}", asked):
            return min(timedelta(seconds=min(int(asked), 10**9)), MOST_PATIENT)
        if moment := _http_date(asked):
            return min(max(moment - (_http_date(date) or self.now), timedelta()), MOST_PATIENT)
        return self.interval if status == 429 else None

    def _freshness(self, heard: Heard) -> timedelta:
        """How long an answer is fresh: what it says, at least the interval, at most 24 hours."""
        told = [self.interval]
        age = re.search(r"(?i)(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", heard.cache_control or "")
        if age:
            told.append(timedelta(seconds=int(age[1])))
        elif expires := _http_date(heard.expires):  # max-age wins: RFC 9111, section 5.3
            told.append(expires - (_http_date(heard.date) or self.now))
        if heard.ttl:
            told.append(timedelta(minutes=min(heard.ttl, 10**6)))
        return max(self.interval, min(max(told), MOST_FRESH))

    def _move(self, state: FeedState, target: str | None) -> tuple[str | None, int]:
        """Where the feed has moved to, and how often that was seen in a row."""
        if target is None:
            # asked at its new address, a feed says nothing more of having moved
            return (state.moved_to, state.moved_seen) if state.moved_seen >= _SIGHTINGS else (None, 0)
        return target, state.moved_seen + 1 if target == state.moved_to else 1


def address_of(state: FeedState) -> str:
    """Where a feed is asked: at its own address, or where it has moved to for good."""
    return state.moved_to if state.moved_to and state.moved_seen >= _SIGHTINGS else state.url


def has_moved(before: FeedState, after: FeedState) -> bool:
    """Whether a feed's move was believed just now."""
    return address_of(after) not in (after.url, address_of(before))


def _http_date(text: str | None) -> datetime | None:
    """A date of HTTP (RFC 9110, section 5.6.7), or None for anything else, `0` and `-1` among it."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
