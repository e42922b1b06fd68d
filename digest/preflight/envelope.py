"""What stands around the letter: subject, preheader, sender, where an answer goes."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from digest.model.issue import Email, Finding, Issue
from digest.preflight.findings import ISSUE, PUBLICATION, error, warning

SUBJECT_SHORT, SUBJECT_LONG, SUBJECT_MOST = 10, 78, 150
PREHEADER_MOST = 140


def subject(email: Email, issue: Issue) -> list[Finding]:
    """A letter has a subject of a length that inboxes show.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error where it is missing, holds a line break or passes 150 characters; a warning outside 10 to 78
        (RFC 5322, section 2.1.1, would like a line of at most 78).
    """
    text, where = email.subject.strip(), f"{ISSUE}: subject"
    if not text:
        return [error("subject", "the letter has no subject", where, "write one")]
    if re.search(r"[\r\n]", text):
        return [error("subject", "the subject has a line break", where, "put it on one line")]
    if len(text) > SUBJECT_MOST:
        return [error("subject", f"the subject has {len(text)} characters", where, f"use at most {SUBJECT_LONG}")]
    if not SUBJECT_SHORT <= len(text) <= SUBJECT_LONG:
        cure = f"use {SUBJECT_SHORT} to {SUBJECT_LONG}, so that inboxes show it whole"
        return [warning("subject", f"the subject has {len(text)} characters", where, cure)]
    return []


def preheader(email: Email, issue: Issue) -> list[Finding]:
    """The line beside the subject is written, not left to chance.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        A warning where it is missing or too long to be shown.
    """
    text, where = email.preheader.strip(), f"{ISSUE}: preheader"
    if not text:
        return [warning("preheader", "the letter has no preheader", where, "write the line that inboxes show first")]
    if len(text) > PREHEADER_MOST:
        what = f"the preheader has {len(text)} characters"
        return [warning("preheader", what, where, f"use at most {PREHEADER_MOST}")]
    return []


def sender_address(email: Email, issue: Issue) -> list[Finding]:
    """The sender's and the answer's addresses are mail addresses.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error an address that is none.
    """
    found = []
    for name, address in (("address", email.sender.address), ("reply_to", email.sender.reply_to)):
        try:
            validate_email(address, check_deliverability=False, test_environment=True)
        except EmailNotValidError as reason:
            what = f"{address} is no mail address: {str(reason).rstrip('.').lower()}"
            found.append(error("sender-address", what, f"{PUBLICATION}: sender.{name}", "write it as name@domain"))
    return found


def reply_to(email: Email, issue: Issue) -> list[Finding]:
    """Readers can answer: the letter asks them to.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        A warning where answers go to an address that says that nobody reads it.
    """
    if not re.match(r"(?:no|do-?not)[-_.]?reply\b", email.sender.reply_to, re.IGNORECASE):
        return []
    what = f"answers go to {email.sender.reply_to}, although the letter asks for them"
    return [warning("reply-to", what, f"{PUBLICATION}: sender.reply_to", "name an address that a person reads")]
