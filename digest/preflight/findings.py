"""How a check says what it found."""

from __future__ import annotations

from digest.model.issue import Finding

ISSUE = "issue.yaml"
HTML = "email.html"
TEXT = "email.txt"
PUBLICATION = "digest.toml"


def error(check: str, what: str, where: str, cure: str) -> Finding:
    """A finding that refuses the letter."""
    return Finding(check=check, severity="error", what=what, where=where, cure=cure)


def warning(check: str, what: str, where: str, cure: str) -> Finding:
    """A finding that informs."""
    return Finding(check=check, severity="warning", what=what, where=where, cure=cure)


def excerpt(text: str, around: int = 0) -> str:
    """A text's words about a place, short enough for one line."""
    begin = max(0, around - 20)
    words = " ".join(text[begin : begin + 60].split())
    return words[:50]
