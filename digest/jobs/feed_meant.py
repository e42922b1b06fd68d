"""Which feed a person means: one that is subscribed, or one that is wanted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from pydantic import ValidationError

from digest.collect.links import canonical
from digest.collect.opml import address_of
from digest.errors import BrokenInput
from digest.http.client import shown
from digest.model.tool import Feed, FeedKind


def wanted_feed(
    address: str, *, kind: FeedKind | None = None, title: str | None = None, allow_private: bool = False
) -> Feed:
    """A feed as a person asks for it.

    Args:
        address: As it was typed: `https://` may be left out, `feed:` may stand before it, and `file:` names a file in
            the publication's folder.
        kind: What kind of feed it is, if it is said.
        title: What to call it, if it is said.
        allow_private: Whether it may live at a private address.

    Raises:
        BrokenInput: It is no address.
    """
    path = address.removeprefix("file:")
    place = {"url": address_of(address)} if path == address else {"file": path}
    try:
        return Feed.model_validate({**place, "kind": kind, "title": title or None, "allow_private": allow_private})
    except ValidationError as error:
        said = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise BrokenInput(f'"{shown(address)}" {said}', cure="such as https://example.com/feed.xml") from None


def one_of(feeds: Sequence[Feed], said: str) -> Feed:
    """The subscribed feed that a person means.

    Args:
        feeds: The subscribed feeds.
        said: Its address or title, or a part of them that fits no other.

    Raises:
        BrokenInput: None fits (says the nearest), or several do (says which).
    """
    exact = [feed for feed in feeds if said in (feed.url, feed.title)]
    if same := exact[0] if exact else same_feed(feeds, said):
        return same
    part = said.casefold()
    fitting = [feed for feed in feeds if part in f"{feed.url} {feed.title or ''}".casefold()] if part else []
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(shown(feed.url) for feed in fitting[:4]) + (", …" if len(fitting) > 4 else "")
        raise BrokenInput(f'"{said}" fits {len(fitting)} feeds: {names}', cure="say more of the one you mean")
    near = difflib.get_close_matches(canonical(said) or said, [key_of(feed.url) for feed in feeds], n=1, cutoff=0.5)
    meant = next((shown(feed.url) for feed in feeds if near and key_of(feed.url) == near[0]), "")
    cure = f"did you mean {meant}?" if meant else "`digest feeds` lists them"
    raise BrokenInput(f'no subscribed feed is "{said}"', cure=cure)


def meant_feed(feeds: Sequence[Feed], said: str) -> Feed:
    """The feed to look at: a subscribed one, or any other address.

    Raises:
        BrokenInput: It is neither.
    """
    try:
        return one_of(feeds, said)
    except BrokenInput:
        if "://" not in said:
            raise
        return wanted_feed(said)


def same_feed(feeds: Iterable[Feed], address: str) -> Feed | None:
    """The feed that an address means, however it is spelt."""
    return next((feed for feed in feeds if key_of(feed.url) == key_of(address)), None)


def key_of(address: str) -> str:
    """What all spellings of a feed's address have in common."""
    return canonical(address) or address
