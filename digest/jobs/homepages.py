"""Are the homepages of some tools still there? Asked on request only, each page once, one at a time a host."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Literal, NamedTuple

from digest import __version__
from digest.http.client import Client, FetchFailed, Limits, host_of
from digest.http.presence import Presence
from digest.model.run import Progress
from digest.publication import Publication

HOSTS_AT_ONCE = 8
PAUSE_SECONDS = 2.0
LIMITS = Limits(total_seconds=15.0)
_GONE = frozenset({404, 410})

State = Literal["there", "moved", "gone", "silent"]


class Homepage(NamedTuple):
    """What came of asking.

    Attributes:
        state: There; moved for good to another host; gone (no such page or no such server); silent, since the server
            does not talk to programs or is in trouble.
        said: In words; where it moved to, for one that moved.
    """

    address: str
    state: State
    said: str = ""


def client_of(publication: Publication) -> Client:
    """The client that says who asks, and that takes no page home."""
    return Presence(f"digest/{__version__} (+{publication.base_url})", limits=LIMITS)


def ask_homepages(
    client: Client,
    addresses: Iterable[str],
    progress: Progress,
    *,
    pause: float = PAUSE_SECONDS,
    allow_private: bool = False,
) -> dict[str, Homepage]:
    """Ask every address once.

    Args:
        client: Who asks.
        addresses: Web addresses; one that comes twice is asked once.
        progress: Told address by address.
        pause: Seconds between two requests to one host.
        allow_private: Whether private hosts may be asked (a test).

    Returns:
        What came of each, by address.
    """
    by_host: dict[str, list[str]] = defaultdict(list)
    for address in dict.fromkeys(addresses):
        by_host[host_of(address)].append(address)
    everything = sum(map(len, by_host.values()))
    found: dict[str, Homepage] = {}

    def ask_host(pages: Sequence[str]) -> list[Homepage]:
        answers = []
        for number, address in enumerate(pages):
            if number:
                time.sleep(pause)
            answers.append(_ask(client, address, allow_private))
        return answers

    with ThreadPoolExecutor(HOSTS_AT_ONCE, "homepages") as pool:
        for done in as_completed([pool.submit(ask_host, pages) for pages in by_host.values()]):
            found |= {page.address: page for page in done.result()}
            progress("homepages", len(found), everything)
    return found


def _ask(client: Client, address: str, allow_private: bool) -> Homepage:
    try:
        answer = client.get(address, allow_private=allow_private)
    except FetchFailed as error:
        # without a status and without a cause it was the client that refused: too large, too many redirects
        unreachable = error.status is None and error.__cause__ is not None
        return Homepage(address, "gone" if error.status in _GONE or unreachable else "silent", error.what)
    if answer.moved_to and _site(answer.moved_to) != _site(address):
        return Homepage(address, "moved", answer.moved_to)
    return Homepage(address, "there")


def _site(address: str) -> str:
    return host_of(address).removeprefix("www.")
