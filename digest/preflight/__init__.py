"""The checks before a letter may go out: one function each, values in, findings out; they render nothing.

Errors refuse, warnings inform. The order of the table is the order in which a person reads them.
"""

from __future__ import annotations

from collections.abc import Callable

from digest.model.issue import Email, Finding, Issue
from digest.preflight import contents, envelope, footer, links, merge_field, parts, structure, weight

Check = Callable[[Email, Issue], list[Finding]]

CHECKS: tuple[Check, ...] = (
    envelope.subject,
    envelope.preheader,
    envelope.sender_address,
    envelope.reply_to,
    weight.html_size,
    weight.line_length,
    footer.unsubscribe_link,
    footer.preferences_link,
    footer.postal_address,
    merge_field.merge_field,
    merge_field.substitution_marks,
    structure.headings,
    links.link_addresses,
    links.placeholders,
    parts.text_part,
    parts.same_words,
    contents.digest_only,
    contents.long_quotes,
    contents.old_prices,
)


def preflight(email: Email, issue: Issue) -> tuple[Finding, ...]:
    """Everything that the checks found in a letter.

    Args:
        email: The mail as it would go out.
        issue: The issue that it was made from.

    Returns:
        The findings, in the order of the checks; nothing when the letter is clean.
    """
    return tuple(finding for check in CHECKS for finding in check(email, issue))
