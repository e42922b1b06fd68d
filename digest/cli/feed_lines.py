"""How feeds are shown in lines of 100 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from digest.http.addresses import shown
from digest.jobs.feed_health import FeedHealth
from digest.jobs.feed_look import Look

_WIDTH = 100
_HEADS = ("feed", "kind", "success", "change", "next", "errors", "entries", "launches")
_NAME = 34


def named(address: str) -> str:
    """An address as people read it: without credentials."""
    return shown(address)


def health_lines(listed: Sequence[FeedHealth], now: datetime) -> list[tuple[str, ...]]:
    """The table of feeds, its heading first; names are shortened to what the other columns leave.

    Args:
        listed: The feeds.
        now: The moment, since near times are said as how long ago.
    """
    rest = [_HEADS[1:], *(_columns(feed, now) for feed in listed)]
    taken = sum(max(len(line[column]) for line in rest) + 2 for column in range(len(_HEADS) - 1))
    room = max(_WIDTH - 2 - taken, 20)
    names = [_HEADS[0], *(shortened(feed.title or _bare(feed.url), room) for feed in listed)]
    return [(name, *line) for name, line in zip(names, rest, strict=True)]


def notes(listed: Sequence[FeedHealth]) -> Iterator[str]:
    """What a person should know or do about single feeds, a line each."""
    for feed in listed:
        name = named(feed.url)
        if feed.retired_at:
            said = f"{name}: gone for good since {feed.retired_at:%Y-%m-%d} (HTTP 410), asked no more"
            yield f"{said}; `digest feeds remove` takes it out"
        elif feed.last_error:
            about = feed.last_error.removeprefix(f"{name}: ")
            yield f"{name}: {about}"
        if feed.missed_at:
            said = f"{name}: entries possibly missed before {feed.missed_at:%Y-%m-%d %H:%M} UTC"
            yield f"{said}: it showed less time than lay between two polls; collect more often"
        if feed.moved_to:
            yield f"{name}: has moved to {feed.moved_to} and is asked there; change its url in digest.toml"


def check_line(look: Look) -> str:
    """What a feed says right now, in a line."""
    name = shortened(look.title or _bare(look.feed.url), _NAME)
    state = "failed" if look.problem else "moved" if look.moved_to else "ok"
    status = str(look.status or "—")
    launches = f"{look.launches} {'launch' if look.launches == 1 else 'launches'}"
    entries = f"{look.entries} {'entry' if look.entries == 1 else 'entries'}"
    said = look.problem or ", ".join(filter(None, (entries, days(look), launches)))
    if look.moved_to:
        said += f"; now lives at {shown(look.moved_to)}"
    elif look.is_redirected and not look.problem:
        said += f"; redirected to {look.address}"
    line = f"  {state:<8}{status:<5}{name:<{_NAME}}  "
    # what to do about a failure stands behind a semicolon, where there is room for it
    return line + (said if len(line) + len(said) <= _WIDTH or not look.problem else said.partition("; ")[0])


def days(look: Look) -> str:
    """The days that a feed's entries reach over."""
    if not look.oldest or not look.newest:
        return ""
    first, last = f"{look.oldest:%Y-%m-%d}", f"{look.newest:%Y-%m-%d}"
    return first if first == last else f"{first} to {last}"


def shortened(text: str, most: int) -> str:
    """A name of at most so many characters; the middle of a long one is left out, since addresses differ at the end."""
    if len(text) <= most:
        return text
    behind = (most - 1) // 3
    return f"{text[: most - 1 - behind]}…{text[len(text) - behind :]}"


def _columns(feed: FeedHealth, now: datetime) -> tuple[str, ...]:
    kind = f"{feed.kind}?" if feed.kind_guessed else feed.kind
    errors = str(feed.errors) if feed.last_asked else "—"
    counts = (str(feed.entries), str(feed.launches))
    return (kind, _ago(feed.last_success, now), _ago(feed.last_change, now), _next(feed, now), errors, *counts)


def _ago(moment: datetime | None, now: datetime) -> str:
    return _span(now - moment) or f"{moment:%Y-%m-%d}" if moment else "—"


def _next(feed: FeedHealth, now: datetime) -> str:
    if feed.retired_at:
        return "never"
    if not feed.next_poll or feed.next_poll <= now:
        return "due"
    ahead = _span(feed.next_poll - now)
    return f"in {ahead}" if ahead else f"{feed.next_poll:%Y-%m-%d}"


def _span(time: timedelta) -> str:
    """A length of time in a word or two; empty where a date says more."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 0 or minutes >= 100 * 24 * 60:
        return ""
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def _bare(address: str) -> str:
    """An address without what all of them have."""
    return named(address).removeprefix("https://").removeprefix("http://").removeprefix("www.")
