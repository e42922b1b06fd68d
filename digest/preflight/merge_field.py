"""The one word that differs from reader to reader, and the marks that a provider would replace."""

from __future__ import annotations

import re

from digest.mail.merge_field import MERGE_FIELD
from digest.model.issue import Email, Finding, Issue
from digest.preflight.findings import HTML, ISSUE, TEXT, error, excerpt
from digest.preflight.page import read_page

_AT_END = re.compile(rf"https?://[^\s<>\"']*/{MERGE_FIELD}(?![\w/?#&=%.-])")

# What providers replace in a body: Handlebars of Postmark, Resend, SendGrid and SES; Mailgun's recipient
# variables; SendGrid's older substitution tags. Each provider's documentation on templates names its own.
_MARKS = re.compile(
    r"\{\{|\}\}|%recipient[._]|%(?:tag_)?unsubscribe|%mailing_list|<%|%>|\[%|%\]|(?<![\w-])-[A-Za-z_]{2,}-(?![\w-])"
)


def merge_field(email: Email, issue: Issue) -> list[Finding]:
    """The merge field stands at the end of link addresses, in both parts, and nowhere else.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error a place where it stands wrongly, and a part where it is missing.
    """
    found = []
    cure = f"take the word {MERGE_FIELD} out of what people wrote"
    for where, text in ((f"{ISSUE}: subject", email.subject), (f"{ISSUE}: preheader", email.preheader)):
        if MERGE_FIELD in text:
            found.append(
                error("merge-field", f"{MERGE_FIELD} stands in it, and is replaced for every reader", where, cure)
            )
    for where, text in ((HTML, email.html), (TEXT, email.text)):
        if MERGE_FIELD not in text:
            what = "the merge field is missing, so readers could not leave"
            found.append(error("merge-field", what, where, "print letter.unsubscribe and letter.preferences"))
        stray = _AT_END.sub("", text).find(MERGE_FIELD)
        if stray >= 0:
            what = f"{MERGE_FIELD} stands outside the end of a link: {excerpt(_AT_END.sub('', text), stray)}"
            found.append(error("merge-field", what, where, cure))
    return found


def substitution_marks(email: Email, issue: Issue) -> list[Finding]:
    """No provider finds anything to replace in the letter.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error a place with the first such mark in it.
    """
    page = read_page(email.html)
    html = "\n".join([page.text, *page.attributes, *(leads for leads, _ in page.links)])
    places = {f"{ISSUE}: subject": email.subject, f"{ISSUE}: preheader": email.preheader, HTML: html, TEXT: email.text}
    found = []
    for where, text in places.items():
        mark = _MARKS.search(text)
        if mark:
            what = f"“{mark.group()}” is a provider's substitution mark: {excerpt(text, mark.start())}"
            found.append(error("substitution-marks", what, where, "write it differently"))
    if "{{" in email.html and not any(finding.where == HTML for finding in found):
        found.append(error("substitution-marks", "“{{” stands in a style", HTML, "put a space between the braces"))
    return found
