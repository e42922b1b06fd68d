"""One sample reader's copy of a letter: the message exactly as its mail program gets it."""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from typing import NamedTuple

from digest.errors import BrokenInput
from digest.mail.message import message_of
from digest.model.delivery import Copy
from digest.model.issue import Email

# nobody could take it for a token that opens anything
_OPENS_NOTHING = "A-SAMPLE-TOKEN-THAT-OPENS-NOTHING"
SAMPLES = tuple(
    Copy(0, address, _OPENS_NOTHING)
    for address in (
        "sample.reader@example.com",
        "another+letters@example.com",
        "an.address.as.long.as.some.companies.give.them.to.people@subsidiary.example.com",
    )
)
_IDENTITY = "samplecopy"


class Part(NamedTuple):
    """One part of the message: what it says it is, and its size on the wire in bytes."""

    headers: str
    size: int


class SampleCopy(NamedTuple):
    """The message, taken apart for reading.

    Attributes:
        headers: The headers as they travel, a line each.
        size: The whole message in bytes.
        whole: The message as it travels.
    """

    headers: str
    parts: tuple[Part, ...]
    size: int
    whole: str


def sample_copy(email: Email, *, base_url: str, date: datetime, reader: Copy = SAMPLES[0]) -> SampleCopy:
    """The copy of a reader who does not exist.

    Args:
        email: The letter, with the merge field.
        base_url: Where the readers' application answers.
        date: When it goes out.
        reader: One of `SAMPLES`.

    Raises:
        BrokenInput: The letter's envelope makes no message, as after a change to inputs.json by hand.
    """
    try:
        message = message_of(email, reader, base_url=base_url, date=date, identity=_IDENTITY)
        whole, parts = message.as_bytes(), [part.as_bytes() for part in message.iter_parts()]
    except (ValueError, MessageError) as error:
        raise BrokenInput(f"these words make no message: {error}", cure="run `digest build`") from None
    shown = tuple(Part(_headers(part), len(part)) for part in parts)
    return SampleCopy(_headers(whole), shown, len(whole), whole.decode("ascii", "replace").replace("\r\n", "\n"))


def _headers(message: bytes) -> str:
    """What stands before the first empty line (RFC 5322, section 2.1)."""
    return message.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n")
