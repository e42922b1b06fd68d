"""The MIME message of one reader's copy.

Headers follow RFC 5322 (Date, Message-ID, From), RFC 2369 and RFC 8058 (List-Unsubscribe with its one-click POST) and
RFC 2919 (List-Id). The standard library chooses transfer encodings and refuses a header with a line break in it.
"""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any
from urllib.parse import urlsplit

from digest.mail.merge_field import merged, unsubscribe_address
from digest.model.delivery import Copy
from digest.model.issue import Email, Sender

_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-unsubscribe-post")


class _LetterPolicy(EmailPolicy):
    """The standard library's policy, with addresses in list headers left whole.

    It turns any word that is longer than a line into encoded words (RFC 2047), which no mail program reads inside an
    address: one-click unsubscribing would be gone. A line may be 998 characters long (RFC 5322, section 2.1.1).
    """

    def fold(self, name: str, value: Any) -> str:
        """One address a line."""
        if name.casefold() not in _LIST_HEADERS:
            return str(super().fold(name, value))
        return f"{name}: {value}".replace(", <", f",{self.linesep} <") + self.linesep

    def fold_binary(self, name: str, value: Any) -> bytes:
        """As `fold`."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


_POLICY = _LetterPolicy(linesep="\r\n")


def list_id(sender: Sender) -> str:
    """The List-Id of a publication: a name under the sender's domain (RFC 2919)."""
    domain = sender.address.rpartition("@")[2]
    # a phrase in front would need encoding as soon as a name is not English, so the identifier stands alone
    return f"<letter.{domain}>"


def reader_headers(base_url: str, sender: Sender, token: str) -> dict[str, str]:
    """The headers of ours that every provider must carry for a reader, in this order."""
    return {
        "List-Id": list_id(sender),
        "List-Unsubscribe": f"<{unsubscribe_address(base_url, token)}>, <mailto:{sender.reply_to}?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def from_header(sender: Sender) -> str:
    """The From header in plain Unicode, for services that encode it themselves: `"Ship, or Skip" <a@b.c>`."""
    return str(_from_address(sender))


def _from_address(sender: Sender) -> Address:
    return Address(header_words(sender.name), addr_spec=sender.address)


def message_of(email: Email, copy: Copy, *, base_url: str, date: datetime, identity: str) -> EmailMessage:
    """One reader's copy as a message; the same arguments give the same bytes.

    Args:
        email: The letter, with the merge field.
        copy: The reader's copy.
        base_url: Where the readers' application answers.
        date: When the batch was first attempted.
        identity: What makes the Message-ID this copy's own; letters and digits.

    Returns:
        A multipart/alternative with the text first and the HTML last.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _from_address(email.sender)
    message["To"] = copy.address
    message["Reply-To"] = email.sender.reply_to
    message["Subject"] = header_words(email.subject)
    message["Date"] = date
    message["Message-ID"] = f"<{identity}@{urlsplit(base_url).hostname or 'localhost'}>"
    for name, value in reader_headers(base_url, email.sender, copy.token).items():
        message[name] = value
    message.set_content(merged(email.text, copy.token), cte="quoted-printable")
    message.add_alternative(merged(email.html, copy.token), subtype="html", cte="quoted-printable")
    # the library draws the boundary by lot; ours follows from the copy, so that a repetition is the same bytes
    message.set_boundary(f"=_{identity}")
    return message


def header_words(text: str) -> str:
    """Words for a header, the same for every provider: without line breaks, and without encoded words (RFC 2047).

    The library decodes an encoded word that it is given; one that holds a line break would become a header of its own.
    """
    return " ".join(text.split()).replace("=?", "= ?")
