"""The built-in provider: a Maildir on this machine, for trying things out and for reading them in a mail program.

A message is written in `tmp` and renamed into `new`, where every file is a delivered message, hidden ones too
(https://cr.yp.to/proto/maildir.html). Its file name follows from its batch's key, so a batch that is sent again is
recognised by the files that are there, in `new` or, once a mail program has seen them, in `cur`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from digest.delivery.provider import Answer, Limits, Need, identity
from digest.files.writing import unwritable, write_whole
from digest.mail.message import message_of
from digest.model.delivery import Batch, Copy, Outcome
from digest.model.issue import Email
from digest.publication import Publication


class Outbox:
    """Delivers into a Maildir."""

    name = "outbox"
    limits = Limits(readers=100)
    # for ever: a message that is there is not written again
    replay_window = timedelta.max
    notes = ()

    def __init__(self, folder: Path, *, base_url: str) -> None:
        self._folder = folder
        self._base_url = base_url

    @staticmethod
    def needs(publication: Publication) -> list[Need]:
        """Nothing: it writes into the publication's own folder."""
        return []

    @classmethod
    def of(cls, publication: Publication) -> Outbox:
        """The outbox of a publication."""
        return cls(publication.outbox, base_url=publication.base_url)

    def cannot_carry(self, copy: Copy) -> str | None:
        """It takes every address, the examples' too."""
        return None

    def readers_a_call(self, email: Email) -> int:
        """However long the letter is."""
        return self.limits.readers

    def close(self) -> None:
        """Nothing is open."""

    def send(self, email: Email, batch: Batch, copies: Sequence[Copy], deadline: float) -> Answer:
        """Write a message for every copy that is not there yet.

        Raises:
            DigestError: The folder cannot be written; nothing has left this machine, so it is safe to run again.
        """
        try:
            for part in ("tmp", "new", "cur"):
                (self._folder / part).mkdir(parents=True, exist_ok=True)
            seen = {name.name.partition(":")[0] for name in (self._folder / "cur").iterdir()}
        except OSError as error:
            raise unwritable(self._folder, error) from error
        return Answer(tuple(self._delivered(email, batch, copy, seen) for copy in copies))

    def _delivered(self, email: Email, batch: Batch, copy: Copy, seen: set[str]) -> Outcome:
        own = identity(batch, copy)
        name = f"{int(batch.first_attempt_at.timestamp())}.{own}.digest"
        if name not in seen:
            date = batch.first_attempt_at
            message = message_of(email, copy, base_url=self._base_url, date=date, identity=own)
            # Maildir files use the line ends of the machine
            content = message.as_bytes().replace(b"\r\n", b"\n")
            write_whole(self._folder / "new" / name, content, beside=self._folder / "tmp")
        return Outcome(copy.reader, "accepted", message_id=own)
