"""Readers: who is on the list, with what proof, what they want, and whether they get an issue."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from digest.model.address import MailAddress
from digest.model.noun import Line, Noun

ReaderState = Literal["pending", "active", "paused", "unsubscribed", "bounced", "complained", "erased"]
# on the list, now or after a pause or a confirmation
STAYING: tuple[ReaderState, ...] = ("pending", "active", "paused")
# these get nothing more until they ask for it themselves
LEFT: tuple[ReaderState, ...] = ("unsubscribed", "bounced", "complained")
# who gave the proof: the reader alone, an editor for them, or a file
ConsentOrigin = Literal["reader", "editor", "import"]


class Consent(Noun):
    """The proof of how and to what wording a reader agreed (GDPR article 7(1)).

    Attributes:
        how: The way, such as `import of readers.csv`.
        wording: What they agreed to, whole.
        origin: Who gave this proof.
    """

    at: datetime
    how: Line
    wording: str
    origin: ConsentOrigin = "import"

    @property
    def wording_hash(self) -> str:
        """The SHA-256 of the wording, by which the same wording is found again."""
        return _wording_hash(self.wording)


@lru_cache(maxsize=64)
def _wording_hash(wording: str) -> str:
    return hashlib.sha256(wording.encode()).hexdigest()


class Reader(Noun):
    """A person on the list.

    Attributes:
        categories: The ids of the categories they want; none means all of them.
        paused_until: From when on they want letters again; None in a pause without an end.
        created_at: When they came onto the list.
    """

    id: int
    address: Line
    name: str = ""
    state: ReaderState
    categories: tuple[str, ...] = ()
    paused_until: datetime | None = None
    created_at: datetime


class StateChange(NamedTuple):
    """One change of a reader's state: when, from what to what, and why."""

    at: datetime
    before: ReaderState
    state: ReaderState
    cause: str


class Copied(NamedTuple):
    """What became of one reader's copy of one issue."""

    issue: str
    state: str
    reason: str
    settled_at: datetime | None


class Suppression(NamedTuple):
    """Somebody who must not be brought back and is not among the readers.

    Attributes:
        hash: Of the address, keyed with DIGEST_SUPPRESSION_KEY.
        reason: `erased`, or the state in which another service exported them.
    """

    hash: str
    reason: ReaderState
    at: datetime
    cause: str


class Person(NamedTuple):
    """Somebody as a file tells of them.

    Attributes:
        hash: The keyed hash of the address.
        consent: None only where nothing is to be sent.
        created_at: When they came onto that list; None where the file does not say.
        change: Their last change of state.
        is_kept: Whether somebody who left is kept with their address, as in an export of our own, and not as a hash.
    """

    address: MailAddress
    hash: str
    name: str = ""
    state: ReaderState = "active"
    categories: tuple[str, ...] = ()
    paused_until: datetime | None = None
    consent: Consent | None = None
    created_at: datetime | None = None
    change: StateChange | None = None
    is_kept: bool = False


def left_out(state: str, wanted: str, categories: Collection[str]) -> Literal["", "paused", "category"]:
    """Why a reader does not get an issue although they are on the list.

    Categories decide whether a reader gets an issue, never what is in it.

    Args:
        state: `active` or `paused`.
        wanted: The categories that the reader chose, a space between two; empty for all.
        categories: Those of the issue's comparisons; none for an issue that is for everybody.

    Returns:
        `paused`, `category`, or an empty string for who gets it.
    """
    if state == "paused":
        return "paused"
    if wanted and categories and not set(wanted.split()) & set(categories):
        return "category"
    return ""
