"""The one per-reader word of a letter, and the addresses that end in it.

Braces in an href get percent-encoded by every serialiser, so the field is one plain word. Everything that is a
reader's own stands behind it; the body is the same for all.
"""

from __future__ import annotations

import re

MERGE_FIELD = "READER_TOKEN"

# What providers replace in a body: Handlebars of Postmark, Resend, SendGrid and SES; Mailgun's recipient
# variables; SendGrid's older substitution tags. Each provider's documentation on templates names its own.
SUBSTITUTION_MARKS = re.compile(
    r"\{\{|\}\}|%recipient[._%]|%(?:tag_)?unsubscribe|%mailing_list|<%|%>|\[%|%\]|(?<![\w-])-[A-Za-z_]{2,}-(?![\w-])"
)
_REPLACED = re.compile(rf"{MERGE_FIELD}|{SUBSTITUTION_MARKS.pattern}")
APART = "\N{ZERO WIDTH NON-JOINER}"


class ReaderAddress(str):
    """An address that ends in the merge field: the only text of ours that may hold it."""

    __slots__ = ()


def unsubscribe_address(base_url: str, token: str = MERGE_FIELD) -> ReaderAddress:
    """Where a reader leaves (RFC 8058: the same address answers the one-click POST)."""
    return ReaderAddress(f"{base_url}/unsubscribe/{token}")


def preferences_address(base_url: str, token: str = MERGE_FIELD) -> ReaderAddress:
    """Where a reader chooses what they get."""
    return ReaderAddress(f"{base_url}/preferences/{token}")


def vote_address(base_url: str, issue: str, tool: str, token: str = MERGE_FIELD) -> ReaderAddress:
    """Where a reader votes on a tool of an issue.

    Args:
        base_url: Where the readers' application answers, without a slash at its end.
        issue: The issue's id.
        tool: The tool's slug.
        token: What stands for the reader.
    """
    return ReaderAddress(f"{base_url}/vote/{issue}/{tool}/{token}")


def defused(text: str) -> str:
    """A text in which nothing is replaced on the way: what looks like a mark is kept apart by a sign of no width.

    Args:
        text: What people or feeds wrote; it reads as before.
    """
    # taking one mark apart can leave another one beside it: `{{{`
    while _REPLACED.search(text):
        text = _REPLACED.sub(lambda mark: f"{mark.group()[0]}{APART}{mark.group()[1:]}", text)
    return text


def defused_address(address: str) -> str:
    """The same for an address, which leads where it led: a sign of the mark is percent-encoded (RFC 3986, 2.4).

    Args:
        address: A web address.
    """
    while _REPLACED.search(address):
        address = _REPLACED.sub(lambda mark: f"%{ord(mark.group()[0]):02X}{mark.group()[1:]}", address)
    return address


def merged(part: str, token: str) -> str:
    """A part of the letter with one reader's token in the place of the merge field."""
    return part.replace(MERGE_FIELD, token)
