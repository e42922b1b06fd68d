"""What stands around the letter: subject, preheader, sender, where an answer goes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email

from digest.preflight.check import PUBLICATION, Fault, error, guard, warning
from digest.preflight.page import letters
from digest.preflight.proof import Proof

SUBJECT_SHORT, SUBJECT_LONG, SUBJECT_MOST = 10, 78, 150
PREHEADER_MOST = 140

_UNREAD = re.compile(
    r"(?:^|[-_.+])(?:no|do-?not|dont|nicht|ne-?pas)[-_.]?(?:reply|respond|antworten|repondre)(?:$|[-_.+@])"
    r"|^(?:mailer-daemon|bounces?|devnull|null|unmonitored)@",
    re.IGNORECASE,
)
_ANSWERED = re.compile(r"\s*(?:re|fwd?|aw|wg|sv|tr|rv)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


@guard
def subject_missing(proof: Proof) -> Iterator[Fault]:
    """The letter has a subject, on one line: a line break in it would end the header (RFC 5322, section 2.2)."""
    text = proof.email.subject
    if not text.strip():
        yield Fault("the letter has no subject", proof.in_issue("subject"), "write one")
    elif re.search(r"[\r\n]", text.strip()):
        yield Fault("the subject has a line break", proof.in_issue("subject"), "put it on one line")


@error
def subject_too_long(proof: Proof) -> Iterator[Fault]:
    """The subject has at most 150 characters: no inbox shows more than half of that."""
    length = len(proof.email.subject.strip())
    if length > SUBJECT_MOST:
        yield Fault(f"the subject has {length} characters", proof.in_issue("subject"), f"use at most {SUBJECT_LONG}")


@warning
def subject_length(proof: Proof) -> Iterator[Fault]:
    """The subject has 10 to 78 characters, so that it says something and inboxes show it whole (RFC 5322, section
    2.1.1, would like lines of at most 78); Chinese, Japanese and Korean signs count as two.
    """
    text = proof.email.subject.strip()
    width = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    if text and len(text) <= SUBJECT_MOST and not SUBJECT_SHORT <= width <= SUBJECT_LONG:
        cure = f"use {SUBJECT_SHORT} to {SUBJECT_LONG}, so that inboxes show it whole"
        yield Fault(f"the subject has {len(text)} characters", proof.in_issue("subject"), cure)


@warning
def subject_shouting(proof: Proof) -> Iterator[Fault]:
    """The subject does not shout: capitals throughout, or several exclamation marks, cost points in spam filters
    (SpamAssassin's SUBJ_ALL_CAPS) and trust.
    """
    text = proof.email.subject
    cased = [character for character in text if character.upper() != character.lower()]
    if len(cased) >= 10 and sum(character.isupper() for character in cased) > 0.7 * len(cased):
        yield Fault("the subject is in capitals", proof.in_issue("subject"), "write it as a sentence")
    elif re.search(r"[!！¡]\s*[!！]|[?？]{2,}|\${2,}", text):
        yield Fault("the subject repeats its marks", proof.in_issue("subject"), "one mark is enough, or none")


@warning
def subject_pretends(proof: Proof) -> Iterator[Fault]:
    """The subject does not pretend to be an answer or forwarded (CAN-SPAM, 15 USC 7704(a)(2): deceptive subjects)."""
    mark = _ANSWERED.match(proof.email.subject)
    if mark:
        what = f"the subject begins with “{mark.group().strip()}”, and the letter answers nobody"
        yield Fault(what, proof.in_issue("subject"), "take it out")


@warning
def preheader_missing(proof: Proof) -> Iterator[Fault]:
    """There is a preheader: without one, inboxes show whatever words come first."""
    if not proof.email.preheader.strip():
        yield Fault(
            "the letter has no preheader", proof.in_issue("preheader"), "write the line that inboxes show first"
        )


@warning
def preheader_length(proof: Proof) -> Iterator[Fault]:
    """The preheader has at most 140 characters: what inboxes show of it."""
    length = len(proof.email.preheader.strip())
    if length > PREHEADER_MOST:
        yield Fault(
            f"the preheader has {length} characters", proof.in_issue("preheader"), f"use at most {PREHEADER_MOST}"
        )


@warning
def preheader_repeats(proof: Proof) -> Iterator[Fault]:
    """The preheader says more than the subject, beside which it stands."""
    text = letters(proof.email.preheader)
    if text and text == letters(proof.email.subject):
        yield Fault("the preheader repeats the subject", proof.in_issue("preheader"), "say what the subject does not")


@warning
def preheader_unshown(proof: Proof) -> Iterator[Fault]:
    """The HTML part begins with the preheader, where inboxes look for it."""
    text = letters(proof.email.preheader)
    if text and text not in letters(proof.page.text)[: len(text) + 2_000]:
        what = "the preheader is not at the beginning of the HTML part"
        yield Fault(what, "email.html", "print issue.preheader first in the body, hidden")


@guard
def sender_name(proof: Proof) -> Iterator[Fault]:
    """The sender has a name, on one line."""
    name = proof.email.sender.name
    if not name.strip() or re.search(r"[\r\n]", name):
        yield Fault("the sender has no name", f"{PUBLICATION}: sender.name", "write who the letter comes from")


@guard
def sender_address(proof: Proof) -> Iterator[Fault]:
    """The sender's address is a mail address."""
    yield from _no_address("address", proof.email.sender.address)


@guard
def reply_to_missing(proof: Proof) -> Iterator[Fault]:
    """Reply-To is a mail address: readers can answer."""
    yield from _no_address("reply_to", proof.email.sender.reply_to)


@warning
def reply_to_unread(proof: Proof) -> Iterator[Fault]:
    """Answers go to an address that a person reads, and not to no-reply: the letter asks for them."""
    address = proof.email.sender.reply_to
    if _UNREAD.search(address):
        what = f"answers go to {address}, which says that nobody reads it"
        yield Fault(what, f"{PUBLICATION}: sender.reply_to", "name an address that a person reads")


def _no_address(field: str, address: str) -> Iterator[Fault]:
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as reason:
        what = f"“{address}” is no mail address: {str(reason).rstrip('.').lower()}"
        yield Fault(what, f"{PUBLICATION}: sender.{field}", "write it as name@domain")
