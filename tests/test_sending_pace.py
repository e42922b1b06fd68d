"""A provider's rate is kept: calls, messages, and what its own headers say is left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.delivery.pace import Pace
from digest.delivery.provider import Limits
from digest.http.waiting import Rate


class Time:
    """A clock that stands still but for those who sleep."""

    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def pace(time: Time, **limits: float) -> Pace:
    return Pace(Limits(readers=500, **limits), time.sleep, lambda: time.now)  # type: ignore[arg-type]


def test_without_a_rate_nothing_is_waited_for() -> None:
    kept = pace(time := Time())
    for _ in range(100):
        kept.wait(500)
    assert time.now == 100.0


@given(sizes=st.lists(st.integers(1, 500), min_size=1, max_size=50), rate=st.floats(0.5, 1000))
def test_never_more_messages_a_second_than_it_takes_and_no_slower(sizes: list[int], rate: float) -> None:
    kept = pace(time := Time(), messages_a_second=rate)
    for size in sizes:
        kept.wait(size)
    # the last call goes out when those before it are paid for
    assert abs((time.now - 100.0) - sum(sizes[:-1]) / rate) < 1e-6


def test_calls_a_second_count_whatever_is_in_them() -> None:
    kept = pace(time := Time(), calls_a_second=5)
    for _ in range(11):
        kept.wait(1)
    assert round(time.now - 100.0, 6) == 2.0


def test_an_empty_window_is_waited_for_and_a_full_one_is_not() -> None:
    kept = pace(time := Time())
    kept.heard(Rate(10, remaining=3, resets_in=20))
    kept.wait(1)
    assert time.now == 100.0
    kept.heard(Rate(10, remaining=0, resets_in=20))
    kept.wait(1)
    assert time.now == 120.0
