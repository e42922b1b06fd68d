"""How the letter is built, for those who hear it."""

from __future__ import annotations

from itertools import pairwise

from digest.model.issue import Email, Finding, Issue
from digest.preflight.findings import HTML, error, excerpt
from digest.preflight.page import read_page


def headings(email: Email, issue: Issue) -> list[Finding]:
    """One first heading, and no level left out (WCAG 2.2, technique G141).

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        An error where there is not exactly one h1, where it is not the first heading, where a level is skipped, and
        where a heading is empty.
    """
    found = read_page(email.html).headings
    levels = [level for level, _ in found]
    cure = "mend the headings in the template"
    problems = []
    if levels.count(1) != 1:
        problems.append(f"the letter has {levels.count(1)} h1 headings, it needs one")
    elif levels[0] != 1:
        problems.append("the letter does not begin with its h1")
    for (level, _), (following, words) in pairwise(found):
        if following > level + 1:
            problems.append(f"h{following} follows h{level}: {excerpt(words)}")
    problems += [f"an h{level} is empty" for level, words in found if not words.strip()]
    return [error("headings", problem, HTML, cure) for problem in problems]
