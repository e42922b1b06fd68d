"""What a provider is to the sender: a batch goes in, what became of each copy comes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from digest.model.delivery import Batch, Copy, Outcome
from digest.model.issue import Email


class Provider(Protocol):
    """A service that sends.

    Attributes:
        name: Its name in digest.toml.
        batch_size: How many readers travel in one call.
        repeats_are_recognised: Whether a batch sent again under its key, byte for byte, arrives once.
    """

    name: str
    batch_size: int
    repeats_are_recognised: bool

    def send(self, email: Email, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
        """Send one batch, in one attempt.

        Returns:
            An outcome for every copy: `accepted`, `rejected` with a reason, `pending` where nothing can have been
            sent, `unknown` where it may have been.
        """
        ...
