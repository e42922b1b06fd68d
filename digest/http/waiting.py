"""What a service says of when to come back: Retry-After, and how much of its limit is left.

Sources: RFC 9110, section 10.2.3 (Retry-After in seconds or as a date); the rate headers are spelt as Resend
(`ratelimit-*`) and SendGrid (`x-ratelimit-*`, where `reset` is a moment and not a length) document them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple

# A number this large cannot be a wait; it is a moment, in seconds since 1970.
_A_MOMENT = 1_000_000_000
# Nobody is asked to wait longer: what is due then is another day's.
_LONGEST = 24 * 3600.0


class Rate(NamedTuple):
    """A service's own limit, in calls.

    Attributes:
        limit: Calls in its window.
        remaining: Calls that are left in it.
        resets_in: Seconds until the window is full again.
    """

    limit: float
    remaining: float | None = None
    resets_in: float | None = None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How long a service asks to be left alone.

    Args:
        headers: An answer's headers, by their names in lower case.

    Returns:
        Seconds, from Retry-After in either form, 0 to a day; None where it is missing or says nothing.
    """
    said = headers.get("retry-after", "").strip()
    seconds = _number(said)
    if seconds is None and said:
        moment = _moment(said)
        # by the server's own clock, where it tells it: ours may be wrong
        now = _moment(headers.get("date", "")) or time.time()
        seconds = None if moment is None else moment - now
    return None if seconds is None else min(max(seconds, 0.0), _LONGEST)


def rate(headers: Mapping[str, str]) -> Rate | None:
    """What rate headers say, or None where there are none.

    Args:
        headers: An answer's headers, by their names in lower case.
    """
    for prefix in ("ratelimit-", "x-ratelimit-"):
        limit = _number(headers.get(f"{prefix}limit", "").partition(",")[0])
        if limit is not None:
            resets = _number(headers.get(f"{prefix}reset", ""))
            if resets is not None and resets > _A_MOMENT:
                resets = max(0.0, resets - (_moment(headers.get("date", "")) or time.time()))
            return Rate(limit, _number(headers.get(f"{prefix}remaining", "")), resets)
    return None


def _number(text: str) -> float | None:
    text = text.strip()
    # only plain digits: float() would also take "inf" and "nan"
    return float(text) if text.replace(".", "", 1).isdecimal() and text.isascii() and len(text) < 20 else None


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
