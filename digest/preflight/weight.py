"""How heavy the letter is."""

from __future__ import annotations

import quopri

from digest.model.issue import Email, Finding, Issue
from digest.preflight.findings import HTML, TEXT, error, warning

# Gmail clips at about 102 KB and hides the rest, the unsubscribe link with it. No official figure exists; people
# measure 99 to 105 KB. KB = 1,000 bytes.
WARN, REFUSE = 80_000, 100_000
LINE = 998  # RFC 5322, section 2.1.1


def html_size(email: Email, issue: Issue) -> list[Finding]:
    """The HTML part stays under the size at which Gmail clips.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error over 100,000 bytes, a warning over 80,000; the quoted-printable size is named beside it.
    """
    size = len(email.html.encode())
    if size <= WARN:
        return []
    travels = len(quopri.encodestring(email.html.encode()))
    what = f"the HTML part has {size:,} bytes ({travels:,} as quoted-printable); Gmail clips at about 102,000"
    cure = "shorten quotes, or take a comparison out"
    return [(error if size > REFUSE else warning)("html-size", what, HTML, cure)]


def line_length(email: Email, issue: Issue) -> list[Finding]:
    """No line of the text part is longer than mail allows (RFC 5322, section 2.1.1); the HTML travels folded.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error for the first line that is.
    """
    for number, line in enumerate(email.text.split("\n"), start=1):
        if len(line.encode()) > LINE:
            what = f"a line has {len(line.encode()):,} bytes, more than the {LINE} that mail allows"
            return [error("line-length", what, f"{TEXT}:{number}", "shorten the address or the word in it")]
    return []
