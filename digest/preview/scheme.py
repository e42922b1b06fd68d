"""A mail in one colour scheme, whatever the desktop around it prefers.

A mail answers to `prefers-color-scheme`, which a page cannot set for a frame. So the copy that is shown has the
question answered already: in the dark its dark rules always hold, in the light never.
"""

from __future__ import annotations

import re
from typing import Literal

Scheme = Literal["light", "dark"]

# compiled mails are minified, templates that people write are not
_ASKED = re.compile(
    r"@media\s*(?:(?:only\s+)?(?:all|screen)\s+and\s*)?\(\s*prefers-color-scheme\s*:\s*(?P<scheme>light|dark)\s*\)(?=\s*\{)",
    re.IGNORECASE,
)
_PROPERTY = re.compile(r"(?<![\w(-])((?:supported-)?color-schemes?\s*:)\s*[a-z ]+(?=[;}])", re.IGNORECASE)
_META = re.compile(r"<meta\b[^>]*\bname\s*=\s*[\"']?(?:supported-)?color-schemes?\b[^>]*>", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)

# a phone's scroll bar takes no room; and a link that wants a new window does nothing in a frame that may open none,
# where it would otherwise put an error page in the place of the letter
_FOR_THE_FRAME = '<base target="_blank"><style>html{scrollbar-width:none}</style>'


def in_scheme(html: str, scheme: Scheme) -> str:
    """A mail's HTML with its colour scheme settled.

    Args:
        html: The HTML part, compiled or as a person wrote it.
        scheme: The scheme it is to be seen in.

    Returns:
        The same mail; `@media (prefers-color-scheme: …)` is `@media all` where it matches, else `@media not all`.
    """
    html = _ASKED.sub(lambda asked: f"@media {'all' if asked['scheme'].lower() == scheme else 'not all'}", html)
    html = _PROPERTY.sub(lambda declared: f"{declared[1]}{scheme}", html)
    return _META.sub(f'<meta name="color-scheme" content="{scheme}">', html)


def for_the_frame(html: str) -> str:
    """A mail's HTML with what its frame needs at the beginning of its head."""
    return _HEAD.sub(lambda head: head[0] + _FOR_THE_FRAME, html, count=1)
