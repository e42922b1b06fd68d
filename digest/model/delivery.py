"""Deliveries and the arithmetic of who got what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from digest.model.noun import Noun

DeliveryState = Literal["pending", "submitting", "accepted", "rejected", "unknown", "excluded", "quarantined"]

DELIVERY_STATES: tuple[DeliveryState, ...] = (
    "accepted",
    "rejected",
    "excluded",
    "pending",
    "submitting",
    "unknown",
    "quarantined",
)
UNACCOUNTED: tuple[DeliveryState, ...] = ("pending", "submitting", "unknown", "quarantined")


class Copy(NamedTuple):
    """One reader's copy of a letter, as a provider needs it."""

    reader: int
    address: str
    token: str


class Batch(NamedTuple):
    """The readers that travel in one call, with what must stay the same if the call is made again.

    Attributes:
        key: The idempotency key, stored before the first attempt and never computed again.
        tag: What the provider is asked to remember the batch by.
        first_attempt_at: When the first attempt began; also the Date of its messages.
    """

    id: int
    issue: str
    number: int
    key: str
    tag: str
    first_attempt_at: datetime
    readers: tuple[tuple[int, str], ...]


class Outcome(NamedTuple):
    """What became of one copy in a call."""

    reader: int
    state: DeliveryState
    reason: str = ""
    message_id: str = ""


class Balance(Noun):
    """Where the deliveries of an issue stand; it holds when the states add up to the candidates."""

    candidates: int
    accepted: int = 0
    rejected: int = 0
    excluded: int = 0
    pending: int = 0
    submitting: int = 0
    unknown: int = 0
    quarantined: int = 0

    @property
    def holds(self) -> bool:
        """Whether every candidate stands in exactly one state."""
        return bool(self.candidates == sum(getattr(self, state) for state in DELIVERY_STATES))

    @property
    def unaccounted(self) -> int:
        """How many deliveries are not settled."""
        return int(sum(getattr(self, state) for state in UNACCOUNTED))

    @property
    def line(self) -> str:
        """The balance as one line: `24 candidates = 24 accepted`."""
        parts = [f"{getattr(self, state)} {state}" for state in DELIVERY_STATES if getattr(self, state)]
        return f"{self.candidates} candidates = {' + '.join(parts) or '0'}"


def balance(candidates: int, counts: Mapping[str, int]) -> Balance:
    """The balance of an issue from its counts by state."""
    return Balance(candidates=candidates, **{state: counts.get(state, 0) for state in DELIVERY_STATES})
