"""When to come back: Retry-After in both forms, and what is left of a limit."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.http.waiting import Rate, rate, retry_after

NOON = "Sun, 22 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30),
        ({"retry-after": " 30 "}, 30),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "99999999"}, 86_400),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 12:02:00 GMT", "date": NOON}, 120),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT", "date": NOON}, 0),
        ({"retry-after": "Sun, 99 Nov 2026 11:00:00 GMT", "date": NOON}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_counts_by_our_clock_where_the_server_tells_none() -> None:
    seconds = retry_after({"retry-after": formatdate(time.time() + 60, usegmt=True)})
    assert seconds is not None
    assert 55 <= seconds <= 60


@given(st.text(max_size=40))
def test_whatever_stands_there_it_is_a_sensible_wait_or_none(words: str) -> None:
    seconds = retry_after({"retry-after": words})
    assert seconds is None or 0 <= seconds <= 86_400


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, None),
        ({"ratelimit-limit": "5", "ratelimit-remaining": "4", "ratelimit-reset": "1"}, Rate(5, 4, 1)),
        ({"ratelimit-limit": "5, 5;w=1"}, Rate(5, None, None)),
        ({"x-ratelimit-limit": "600", "x-ratelimit-remaining": "0"}, Rate(600, 0, None)),
        ({"x-ratelimit-limit": "many"}, None),
        # a moment and not a length: half a minute after noon
        ({"x-ratelimit-limit": "600", "x-ratelimit-reset": "1795348830", "date": NOON}, Rate(600, None, 30)),
    ],
)
def test_rate_headers(headers: dict[str, str], said: Rate | None) -> None:
    assert rate(headers) == said
