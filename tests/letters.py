"""A letter to send, its copies, and a message as its reader sees it, for the tests of providers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, NamedTuple

from digest.mail.merge_field import preferences_address, unsubscribe_address, vote_address
from digest.model.delivery import Batch, Copy
from digest.model.issue import Email, Sender
from digest.tokens import Tokens

BASE = "https://letter.internal"
ISSUE = "2026-W47"
FIRST = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
OUR_HEADERS = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
_TOKENS = Tokens(["k" * 32])
# providers write these in full, whatever its length
_WIRE = policy.default.clone(max_line_length=990, cte_type="7bit")


class AsRead(NamedTuple):
    """What a reader, or their mail program, sees of a message."""

    to: str
    subject: str
    sender: tuple[str, str]
    reply_to: str
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str


def letter(**changes: Any) -> Email:
    """A letter with everything that is hard to carry: scripts, quotes, long lines, dots, and the merge field often."""
    values: dict[str, Any] = {
        "subject": "Copperline or Tidepool — für 1 000 €, “maybe” 🚀?",
        "preheader": "Also: more.",
        "sender": Sender(
            name='Ship, "or" Skip é',
            address="letter@mail.internal",
            reply_to="editors@mail.internal",
            postal_address="12",
        ),
        "html": (
            f'<p class="a">Grüße — 100&nbsp;% &amp; \\ "x" 船 🚀</p>\n<a href="{unsubscribe_address(BASE)}">leave</a>\n'
            f'<a href="{vote_address(BASE, ISSUE, "tidepool")}">vote</a>{"x" * 1500}\n.\n..two\n'
        ),
        "text": (
            f"Grüße — 1\u00a0000 €, 50 % off\n.\nFrom here\nLeave: {unsubscribe_address(BASE)}\n"
            f"Choose: {preferences_address(BASE)}\n"
        ),
    }
    return Email(**{**values, **changes})


def copies(number: int, domain: str = "mail.internal") -> list[Copy]:
    """Copies for `reader1@mail.internal` and so on."""
    return [Copy(one, f"reader{one}@{domain}", _TOKENS.letter_token(one, ISSUE)) for one in range(1, number + 1)]


def batch(some: list[Copy], number: int = 1) -> Batch:
    """The batch that copies travel in."""
    people = tuple((copy.reader, copy.address) for copy in some)
    return Batch(number, ISSUE, number, f"key-{number}", f"{ISSUE}.{number}", FIRST, people)


def as_read(content: bytes) -> AsRead:
    """Parse a message as it travelled."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not any(part.defects for part in message.walk())
    (author,) = message["From"].addresses
    return AsRead(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sender=(author.display_name, author.addr_spec),
        reply_to=str(message["Reply-To"]),
        headers=tuple((name, str(message[name])) for name in OUR_HEADERS),
        html=_part(message, "html"),
        text=_part(message, "plain"),
    )


class Travelling(NamedTuple):
    """A message as a service is about to put it together, after its own substitution."""

    to: str
    subject: str
    sender: str
    reply_to: str
    headers: Mapping[str, str]
    html: str
    text: str

    def read(self) -> AsRead:
        """What its reader sees, after MIME there and back."""
        message = EmailMessage(policy=_WIRE)
        fields = {"From": self.sender, "To": self.to, "Reply-To": self.reply_to, "Subject": self.subject}
        for name, value in {**fields, **self.headers}.items():
            message[name] = value
        message.set_content(self.text, cte="base64")
        message.add_alternative(self.html, subtype="html", cte="base64")
        return as_read(message.as_bytes())


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    # lines end as they end in mail, and the last one always does
    return str(body.get_content()).replace("\r\n", "\n").removesuffix("\n")
