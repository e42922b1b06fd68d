"""The two parts of the letter say the same: a text part that differs costs trust, of readers and of spam filters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.model.issue import Email, Finding, Issue
from digest.preflight.findings import HTML, TEXT, error, excerpt
from digest.preflight.page import letters, read_page

# Where small Markdown changes what is printed: a link's address, the marks of emphasis, code and lists.
_MARKUP = re.compile(r"\]\([^)]*\)|<[^>\s]*>|&#?\w+;|[*_`\[\]\\\n]+")


def text_part(email: Email, issue: Issue) -> list[Finding]:
    """There is a text part.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error where it is empty.
    """
    if letters(email.text):
        return []
    return [error("text-part", "the text part is empty", TEXT, "mend templates/email.txt.j2")]


def same_words(email: Email, issue: Issue) -> list[Finding]:
    """Both parts name every tool, and give every comparison's bottom line.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error a part and a thing that it leaves out.
    """
    shown = {HTML: letters(read_page(email.html).text), TEXT: letters(email.text)}
    return [
        error("same-words", f"{thing} is missing", part, "build again; if it stays, mend the template of this part")
        for thing, runs in _said(issue)
        for part, text in shown.items()
        if not all(letters(run) in text for run in runs)
    ]


def _said(issue: Issue) -> Iterator[tuple[str, list[str]]]:
    """What both parts have to say, each with the runs of words that no markup interrupts."""
    for comparison in issue.comparisons:
        yield comparison.a.name, [comparison.a.name]
        yield comparison.b.name, [comparison.b.name]
        line = comparison.bottom_line
        yield f"the bottom line of {comparison.slug} ({excerpt(line)}…)", _MARKUP.split(line)
    for tool in issue.also_shipped:
        yield tool.name, [tool.name]
