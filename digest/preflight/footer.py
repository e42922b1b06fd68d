"""What every letter has to say at its end: who sends it, and how to leave."""

from __future__ import annotations

from digest.mail.merge_field import preferences_address, unsubscribe_address
from digest.model.issue import Email, Finding, Issue
from digest.preflight.findings import HTML, PUBLICATION, TEXT, error
from digest.preflight.page import letters, read_page


def unsubscribe_link(email: Email, issue: Issue) -> list[Finding]:
    """Both parts carry the way out (Gmail's and Yahoo's sender rules, 2024; CAN-SPAM, 15 USC 7704(a)(3)).

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error a part that lacks it.
    """
    return _missing("unsubscribe-link", unsubscribe_address(issue.base_url), email, "letter.unsubscribe")


def preferences_link(email: Email, issue: Issue) -> list[Finding]:
    """Both parts carry the way to choose what one gets.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error a part that lacks it.
    """
    return _missing("preferences-link", preferences_address(issue.base_url), email, "letter.preferences")


def postal_address(email: Email, issue: Issue) -> list[Finding]:
    """Both parts carry the sender's postal address (CAN-SPAM, 15 USC 7704(a)(5)).

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error where the publication has none, or a part lacks it.
    """
    address = letters(email.sender.postal_address)
    if not address:
        where = f"{PUBLICATION}: sender.postal_address"
        return [error("postal-address", "the publication has no postal address", where, "write one; the law wants it")]
    cure = "print issue.sender.postal_address in the template's footer"
    shown = {HTML: read_page(email.html).text, TEXT: email.text}
    return [
        error("postal-address", "the postal address is missing", part, cure)
        for part, text in shown.items()
        if address not in letters(text)
    ]


def _missing(check: str, address: str, email: Email, name: str) -> list[Finding]:
    held = {
        HTML: address in {leads for leads, _ in read_page(email.html).links},
        TEXT: address in email.text.split(),
    }
    cure = f"print {name} in the template's footer"
    return [error(check, f"{address} is missing", part, cure) for part, there in held.items() if not there]
