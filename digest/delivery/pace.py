"""Keep to a provider's rate: so many calls and messages a second, and a pause where it says that nothing is left."""

from __future__ import annotations

import time
from collections.abc import Callable

from digest.delivery.provider import Limits
from digest.http.waiting import Rate

# A window that opens later than this is not slept for: the answer to the next call says what to do.
_LONGEST = 60.0


class Pace:
    """One account's rate, kept from one place.

    Args:
        limits: What the service takes, or what the publication says of its account.
        sleep: Waits for so many seconds.
        seconds: A clock that only goes forward.
    """

    def __init__(
        self, limits: Limits, sleep: Callable[[float], None], seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._sleep = sleep
        self._seconds = seconds
        self._next = 0.0

    def wait(self, messages: int) -> None:
        """Wait until a call with so many messages may be made; the call after it comes as much later as it costs."""
        now = self._seconds()
        if now < self._next:
            self._sleep(self._next - now)
        a_message, a_call = self._limits.messages_a_second, self._limits.calls_a_second
        cost = max(messages / a_message if a_message else 0.0, 1 / a_call if a_call else 0.0)
        self._next = max(now, self._next) + cost

    def heard(self, rate: Rate | None) -> None:
        """Take the service's own word: with nothing left in its window, the next call waits for the next window."""
        if rate is not None and rate.remaining is not None and rate.remaining < 1 and rate.resets_in is not None:
            self._next = max(self._next, self._seconds() + min(rate.resets_in, _LONGEST))
