"""What a provider is to the sender: a batch goes in, what became of each copy comes out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol, runtime_checkable

from digest.http.waiting import Rate
from digest.model.delivery import Batch, Copy, DeliveryState, Outcome
from digest.model.issue import Email
from digest.publication import Publication

# A call's size in bytes: what a service takes at most is more, but a call that is lost has to be looked into whole.
MOST_BYTES = 8_000_000

# What every copy carries, so that a service's events name the delivery that they are about.
BATCH_TAG = "digest_batch"
READER_TAG = "digest_reader"


class Limits(NamedTuple):
    """How much a service takes.

    Attributes:
        readers: In one call.
        bytes: Of one call.
        messages_a_second: The usual account's, where the service publishes one.
        calls_a_second: The same in calls.
    """

    readers: int
    bytes: int = MOST_BYTES
    messages_a_second: float | None = None
    calls_a_second: float | None = None


class Need(NamedTuple):
    """What a publication lacks to send through a provider, and how it is mended."""

    what: str
    cure: str


class Answer(NamedTuple):
    """What came of one call.

    Attributes:
        outcomes: One for every copy: `accepted`, `rejected` with a reason, `excluded` where the provider cannot carry
            it, `pending` where nothing can have been sent, `unknown` where it may have been.
        retry_after: Seconds that the provider asks to be left alone.
        rate: What it says of its own limit.
        refused_whole: Why it refused the whole batch for what may be one copy's fault. Nothing was sent; halves of it
            may be tried, under keys of their own.
        stop: Why nothing more can be sent until a person has mended it: a wrong key, a closed account.
        mailbox_alone: Whether what is pending waits for its own mailbox, a greylisted one for instance: the service
            takes the others now.
    """

    outcomes: tuple[Outcome, ...]
    retry_after: float | None = None
    rate: Rate | None = None
    refused_whole: str = ""
    stop: str = ""
    mailbox_alone: bool = False


class Provider(Protocol):
    """A service that sends. Several threads may call it at once.

    Attributes:
        name: Its name in digest.toml.
        limits: How much it takes.
        replay_window: How long after the first attempt a batch that is sent again under its key, byte for byte,
            arrives once; None where it could arrive twice at any time.
        notes: What a publisher has to know or to switch by hand, for `digest doctor`.
    """

    name: str
    limits: Limits
    replay_window: timedelta | None
    notes: tuple[str, ...]

    def cannot_carry(self, copy: Copy) -> str | None:
        """Why a copy cannot travel here at all, or None where it can; known without asking."""
        ...

    def readers_a_call(self, email: Email) -> int:
        """How many readers of this letter fit into one call, at least one."""
        ...

    def send(self, email: Email, batch: Batch, copies: Sequence[Copy], deadline: float) -> Answer:
        """Send one batch, in one attempt.

        Args:
            email: The letter, with the merge field.
            batch: The batch; its key and first moment make a repetition the same bytes.
            copies: The copies in it.
            deadline: Seconds for all of it.

        Returns:
            An outcome for every copy, in their order.

        Raises:
            DigestError: Only where a repetition under the same key is safe at any time.
        """
        ...

    def close(self) -> None:
        """Hang up."""
        ...


@runtime_checkable
class CanBeAsked(Protocol):
    """A provider that can be asked what became of a batch.

    Attributes:
        look_up_after: How long after the attempt the absence of a copy can be trusted.
    """

    look_up_after: timedelta

    def look_up(self, batch: Batch, copies: Sequence[Copy], deadline: float) -> list[Outcome]:
        """Ask, without sending anything.

        Args:
            batch: A batch whose outcome is unknown.
            copies: The copies that are asked about.
            deadline: Seconds for all of it.

        Returns:
            `accepted` for every copy that is there, `unknown` for every other one.

        Raises:
            DigestError: It cannot be asked now.
        """
        ...


class MakesProvider(Protocol):
    """How a provider is made from a publication; every provider's class is one."""

    notes: tuple[str, ...]

    @staticmethod
    def needs(publication: Publication) -> list[Need]:
        """What the publication lacks; empty where it can send."""
        ...

    @classmethod
    def of(cls, publication: Publication) -> Provider:
        """The provider, ready to send; only where nothing is lacking."""
        ...


def identity(batch: Batch, copy: Copy) -> str:
    """What makes a copy's Message-ID its own, the same at every repetition: 32 hexadecimal digits."""
    return hashlib.sha256(f"{batch.key}/{copy.reader}".encode()).hexdigest()[:32]


def tags(batch: Batch) -> Mapping[str, str]:
    """What every copy of a batch carries for the events about it.

    Only letters, digits, `_` and `-`, which is what Resend and Amazon SES take
    (https://resend.com/docs/dashboard/emails/tags, API_MessageTag of SES v2).
    """
    return {BATCH_TAG: re.sub(r"[^A-Za-z0-9_-]", "_", batch.tag)}


def all_as(copies: Sequence[Copy], state: DeliveryState, reason: str = "") -> tuple[Outcome, ...]:
    """The same outcome for every copy."""
    return tuple(Outcome(copy.reader, state, reason) for copy in copies)
