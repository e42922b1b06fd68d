"""Where the letter leads, and what was meant to be replaced before it goes out."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from digest.model.issue import Email, Finding, Issue
from digest.preflight.findings import HTML, ISSUE, error, excerpt, warning
from digest.preflight.page import read_page

_PLACEHOLDER = re.compile(r"\bTK\b|\bTKTK\b|\bTODO\b|\bXXX\b|\bFIXME\b|(?i:lorem ipsum)")


def link_addresses(email: Email, issue: Issue) -> list[Finding]:
    """Links lead somewhere: whole addresses, https, and words on them.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error a link without a whole web or mail address or without words; a warning a link without https.
    """
    found = []
    for leads, words in dict.fromkeys(read_page(email.html).links):
        name, cure = excerpt(words) or leads, "give it a whole address that begins with https://"
        parts = urlsplit(leads) if "[" not in leads else None
        if not words.strip():
            found.append(error("link-addresses", f"a link to {leads} has no words", HTML, "write what it leads to"))
        elif parts is None or not _whole(parts.scheme, parts.netloc, parts.path):
            found.append(error("link-addresses", f"the link “{name}” leads to “{leads}”", HTML, cure))
        elif parts.scheme == "http":
            found.append(warning("link-addresses", f"the link “{name}” leads to {leads}, without https", HTML, cure))
    return found


def placeholders(email: Email, issue: Issue) -> list[Finding]:
    """Nothing that an editor meant to replace is left: TK, TODO, lorem ipsum.

    Only editors' words are searched, since a tool may well be about TODO comments.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error a field of the issue that holds one.
    """
    written = {"subject": issue.subject, "preheader": issue.preheader, "headline": issue.headline, "intro": issue.intro}
    for comparison in issue.comparisons:
        written[f"the bottom line of {comparison.slug}"] = comparison.bottom_line
    for section in issue.sections:
        written[f"the section “{section.title}”"] = f"{section.title}\n{section.text}"
    marks = ((name, text, _PLACEHOLDER.search(text)) for name, text in written.items())
    return [
        error(
            "placeholders",
            f"“{mark.group()}” is left in: {excerpt(text, mark.start())}",
            f"{ISSUE}: {name}",
            "write it",
        )
        for name, text, mark in marks
        if mark
    ]


def _whole(scheme: str, host: str, path: str) -> bool:
    if scheme == "mailto":
        return "@" in path
    return scheme in ("http", "https") and bool(host)
