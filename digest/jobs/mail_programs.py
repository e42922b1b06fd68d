"""What mail programs make of a letter's styles, for whoever shows a letter as they do."""

from __future__ import annotations

from digest.preflight.clients import ignored_tags, is_ignored


def outlook_ignores(name: str, value: str = "") -> bool:
    """Whether classic Outlook on Windows ignores a declaration (caniemail.com).

    Args:
        name: The property, or `@media` for an at-rule.
        value: Its value.
    """
    return is_ignored("Outlook", "Windows", name=name, value=value)


def outlook_hides() -> tuple[str, ...]:
    """The tags that classic Outlook on Windows does not show (caniemail.com)."""
    return ignored_tags("Outlook", "Windows")
