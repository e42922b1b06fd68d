"""Find the feed that an address leads to.

address → answer → a feed, or a page → the feeds that it names → a feed
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from digest.collect.discover import FeedLink, feeds_named, is_page, usual_addresses
from digest.collect.links import canonical
from digest.collect.reading import ReadJob
from digest.collect.workers import Workers
from digest.errors import BrokenInput
from digest.http.addresses import is_private_literal
from digest.http.client import Answer, Client, FetchFailed, host_of, shown
from digest.jobs.feed_look import Look, client_of, look_of
from digest.jobs.poll import GAP
from digest.model.run import Progress
from digest.model.tool import Feed
from digest.publication import Publication

# What a server says that wants to be left alone: no further address of it is tried.
_LEAVE_ALONE = frozenset((401, 403, 429, 503))


class Found(NamedTuple):
    """What an address leads to: a feed, or a page that names several.

    Attributes:
        look: The feed, where there is exactly one.
        page: The page that led to it, or that names several; empty where the address is a feed's own.
        links: The feeds to choose from, where there are several.
    """

    look: Look | None = None
    page: str = ""
    links: tuple[FeedLink, ...] = ()


class _Visit(NamedTuple):
    """One search: who asks, who reads, and for what. It asks one address after the other, none twice."""

    client: Client
    workers: Workers
    wanted: Feed
    now: datetime

    def ask(self, feed: Feed, *, again: bool = False) -> Answer:
        """An answer; between two requests to a public host there is the usual pause."""
        if again and not feed.allow_private:
            time.sleep(GAP.total_seconds())
        return self.client.get(feed.url, allow_private=feed.allow_private)

    def read(self, feed: Feed, answer: Answer) -> Look:
        """What an answer says, where it is a feed."""
        job = ReadJob(feed=feed, content_type=answer.content_type, now=self.now)
        reading = self.workers.read(job, answer.body)
        return look_of(feed, reading, address=answer.address, moved_to=answer.moved_to, status=answer.status)

    def at(self, address: str) -> Feed:
        """The feed at another address; a private one is asked only on the host that the person named."""
        private = self.wanted.allow_private and host_of(address) == host_of(self.wanted.url)
        return self.wanted.model_copy(update={"url": address, "allow_private": private})


def find_feed(publication: Publication, wanted: Feed, now: datetime, progress: Progress) -> Found:
    """Find the feed that an address leads to. No address is asked twice.

    Args:
        publication: Who asks.
        wanted: The address of a feed or of a web page, and what is known about the feed.
        now: The moment.
        progress: Told request by request, where there may be several.

    Returns:
        The feed; or the feeds that the page names, where there are several: then none of them was asked.

    Raises:
        FetchFailed: The address, or the one feed that its page names, does not answer.
        BrokenInput: It leads to no feed, and none is where feeds usually are; or it is a private address, and that was
            not allowed.
        Unreadable: It takes too long to read.
    """
    if not wanted.allow_private and is_private_literal(wanted.url):
        cure = "add it with --allow-private if you mean it"
        raise BrokenInput("a private address is not asked", where=shown(wanted.url), cure=cure)
    with Workers(processes=1) as workers:
        return _found(_Visit(client_of(publication), workers, wanted, now), progress)


def address_to_keep(look: Look) -> str:
    """The address to subscribe to: the final one where the redirects to it are for good, or change only its spelling.

    What another redirect leads to may be gone tomorrow.
    """
    asked = look.feed.url
    if look.moved_to:
        return look.moved_to
    respelt = canonical(asked) == canonical(look.address) and shown(asked) == asked
    return look.address if respelt else asked


def _found(visit: _Visit, progress: Progress) -> Found:
    answer = visit.ask(visit.wanted)
    try:
        return Found(visit.read(visit.wanted, answer))
    except BrokenInput:
        if not is_page(answer.body, answer.content_type):
            raise
    page, asked = answer.address, (visit.wanted.url, answer.address)
    named = feeds_named(answer.body, page, content_type=answer.content_type)
    links = tuple(link for link in named if link.address not in asked)
    if len(links) > 1:
        return Found(page=page, links=links)
    if links:
        feed = visit.at(links[0].address)
        return Found(visit.read(feed, visit.ask(feed, again=host_of(feed.url) == host_of(page))), page)
    guesses = [address for address in usual_addresses(page) if address not in asked]
    return Found(_guessed(visit, page, guesses, progress), page)


def _guessed(visit: _Visit, page: str, guesses: Sequence[str], progress: Progress) -> Look:
    """The feed of a site that names none, where feeds usually are: at most five requests to its own host."""
    for number, address in enumerate(guesses):
        progress("trying the usual addresses", number, len(guesses))
        feed = visit.at(address)
        try:
            answer = visit.ask(feed, again=True)
            if host_of(answer.address) == host_of(page):
                return visit.read(feed, answer)
        except FetchFailed as error:
            if error.status in _LEAVE_ALONE:
                break
        except BrokenInput:
            continue
    said = "a web page that names no feed, and none is where feeds usually are"
    cure = "look on it for the word RSS or Atom, and add that address"
    raise BrokenInput(said, where=shown(visit.wanted.url), cure=cure)
