"""When a feed is asked again, and where: what servers say is honoured, within bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.collect.politeness import Decider, Heard, address_of, has_moved
from digest.store.feeds import FeedState

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://feeds.example/rss"
DECIDER = Decider(NOW, HOUR, only_due=True)


def next_poll(**heard: object) -> timedelta:
    state = DECIDER.after_success(FeedState(URL), Heard(**heard))  # type: ignore[arg-type]
    assert state.next_poll_at is not None
    return state.next_poll_at - NOW


@pytest.mark.parametrize(
    ("heard", "pause"),
    [
        ({}, HOUR),
        ({"cache_control": "public, max-age=7200"}, 2 * HOUR),
        ({"cache_control": "max-age=60"}, HOUR),
        ({"cache_control": "MAX-AGE=9999999"}, 24 * HOUR),
        ({"cache_control": "s-maxage=7200"}, HOUR),
        ({"cache_control": "no-cache, no-store"}, HOUR),
        ({"expires": "Fri, 20 Nov 2026 12:00:00 GMT"}, 3 * HOUR),
        ({"expires": "0"}, HOUR),
        ({"expires": "-1"}, HOUR),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, HOUR),
        # the server's clock is a year slow; what counts is the difference
        ({"expires": "Thu, 20 Nov 2025 12:00:00 GMT", "date": "Thu, 20 Nov 2025 10:00:00 GMT"}, 2 * HOUR),
        ({"expires": "Fri, 20 Nov 2026 12:00:00 GMT", "cache_control": "max-age=5400"}, 1.5 * HOUR),
        ({"ttl": 180}, 3 * HOUR),
        ({"ttl": 999_999}, 24 * HOUR),
        ({"ttl": 1}, HOUR),
    ],
)
def test_an_answer_is_fresh_as_long_as_it_says_between_the_interval_and_a_day(
    heard: dict[str, object], pause: timedelta
) -> None:
    assert next_poll(**heard) == pause


def test_an_interval_above_a_day_is_kept() -> None:
    decider = Decider(NOW, timedelta(days=3), only_due=True)
    assert decider.after_success(FeedState(URL), Heard(ttl=60)).next_poll_at == NOW + timedelta(days=3)


def test_failures_back_off_by_doubling_up_to_seven_days_and_a_success_ends_it() -> None:
    state, pauses = FeedState(URL), []
    for _ in range(30):
        state = DECIDER.after_failure(state, "it broke")
        assert state.next_poll_at is not None
        pauses.append(state.next_poll_at - NOW)
    assert pauses[:5] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR]
    assert set(pauses[8:]) == {timedelta(days=7)}
    assert state.errors == 30
    calm = DECIDER.after_success(state, Heard())
    assert (calm.errors, calm.last_error, calm.next_poll_at) == (0, None, NOW + HOUR)


@pytest.mark.parametrize("minutes", [1, 90, 60 * 24 * 9, 60 * 24 * 10_000])
def test_any_interval_can_be_backed_off_from(minutes: int) -> None:
    decider = Decider(NOW, timedelta(minutes=minutes), only_due=True)
    state = FeedState(URL, errors=10_000)
    after = decider.after_failure(state, "it broke").next_poll_at
    assert after == NOW + max(timedelta(days=7), timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("header", "date", "status", "wait"),
    [
        ("120", None, 429, timedelta(minutes=2)),
        (" 120 ", None, 503, timedelta(minutes=2)),
        ("0", None, 429, timedelta()),
        ("99999999999", None, 429, timedelta(days=7)),
        ("Fri, 20 Nov 2026 10:30:00 GMT", None, 503, timedelta(minutes=90)),
        ("Thu, 20 Nov 2025 10:30:00 GMT", "Thu, 20 Nov 2025 10:00:00 GMT", 503, timedelta(minutes=30)),
        ("Fri, 20 Nov 2020 10:30:00 GMT", None, 429, timedelta()),
        ("soon", None, 429, HOUR),
        (None, None, 429, HOUR),
        ("soon", None, 503, None),
        ("-5", None, 503, None),
        (None, None, 500, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    header: str | None, date: str | None, status: int, wait: timedelta | None
) -> None:
    assert DECIDER.wait(header, date, status=status) == wait


def test_a_feed_waits_at_least_as_long_as_its_server_asks() -> None:
    assert DECIDER.after_failure(FeedState(URL), "later", wait=5 * HOUR).next_poll_at == NOW + 5 * HOUR


def test_a_run_asks_what_is_due_and_a_person_asks_everything_that_may_be_asked() -> None:
    by_hand = Decider(NOW, HOUR, only_due=False)
    later = FeedState(URL, next_poll_at=NOW + HOUR)
    assert DECIDER.standing(later, None) == "not due"
    assert by_hand.standing(later, None) == "due"
    assert DECIDER.standing(FeedState(URL, next_poll_at=NOW + timedelta(minutes=1)), None) == "due", "cron is not exact"
    for decider in (DECIDER, by_hand):
        assert decider.standing(FeedState(URL), None) == "due"
        assert decider.standing(FeedState(URL), NOW + HOUR) == "waits"
        assert decider.standing(FeedState(URL), NOW) == "due"
        assert decider.standing(FeedState(URL, retired_at=NOW), None) == "retired"


def test_only_gone_for_good_retires() -> None:
    assert DECIDER.after_failure(FeedState(URL), "gone", status=410).retired_at == NOW
    assert DECIDER.after_failure(FeedState(URL), "not found", status=404).retired_at is None


def test_a_permanent_redirect_is_used_after_two_sightings_in_a_row() -> None:
    new = "https://feeds.example/new"
    state = FeedState(URL)
    once = DECIDER.after_success(state, Heard(moved_to=new))
    assert address_of(once) == URL
    assert address_of(DECIDER.after_success(once, Heard())) == URL, "it was a mistake"
    elsewhere = DECIDER.after_success(once, Heard(moved_to="https://feeds.example/other"))
    assert address_of(elsewhere) == URL
    twice = DECIDER.after_success(once, Heard(moved_to=new))
    assert address_of(twice) == new
    assert has_moved(once, twice)
    there = DECIDER.after_success(twice, Heard())
    assert address_of(there) == new
    assert not has_moved(twice, there), "it is said once"
    assert there.url == URL, "the feed keeps its name"


def test_an_address_that_was_redirected_to_and_fails_is_not_believed_any_longer() -> None:
    moved = FeedState(URL, moved_to="https://feeds.example/new", moved_seen=2)
    assert address_of(DECIDER.after_failure(moved, "it broke")) == URL
