"""The text part: a template of its own, 72 columns, saying the same as the HTML."""

from __future__ import annotations

import re

from digest.render.letter import Letter
from digest.render.templates import EMAIL_TEXT, Templates


def render_text(letter: Letter, templates: Templates) -> str:
    """A letter as plain text.

    Args:
        letter: The issue, worked out.
        templates: The publication's templates.

    Returns:
        Lines without white space at their ends, never two empty ones in a row.

    Raises:
        BrokenInput: The template does not work.
    """
    filled = templates.plain(EMAIL_TEXT, letter=letter, issue=letter.issue)
    lines = (line.rstrip() for line in filled.replace("\r", "").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
