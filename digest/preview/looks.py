"""The mail as kinds of readers see it: a look turns its HTML into a copy that a browser shows that way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from digest.preview.inversion import inverted
from digest.preview.outlook import as_outlook_reads_it
from digest.preview.scheme import in_scheme

_STYLE = re.compile(r"<style\b.*?</style\s*>", re.DOTALL | re.IGNORECASE)
_SOURCE = re.compile(r"(<img\b[^>]*?)\s(?:src|srcset)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_BEHIND = re.compile(
    r"(?<=[\s;\"'{])background(?:-image)?\s*:[^;}\"']*url\([^)]*\)[^;}\"']*;?|\sbackground\s*=\s*(?:\"[^\"]*\"|'[^']*')",
    re.IGNORECASE,
)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_EMPTY_PLACE = "<style>img{border:1px dashed #999}</style>"


def without_images(html: str) -> str:
    """A mail whose reader's program loads no images: their alt texts stand in their places."""
    html = _SOURCE.sub(r"\1", _SOURCE.sub(r"\1", in_scheme(html, "light")))
    return _HEAD.sub(lambda head: head[0] + _EMPTY_PLACE, _BEHIND.sub("", html), count=1)


def without_styles(html: str) -> str:
    """A mail whose style elements were dropped, as Gmail does for addresses of other services."""
    return _STYLE.sub("", in_scheme(html, "light"))


LOOKS: Mapping[str, Callable[[str], str]] = {
    "light": lambda html: in_scheme(html, "light"),
    "dark": lambda html: in_scheme(html, "dark"),
    "inverted": inverted,
    "no-images": without_images,
    "no-styles": without_styles,
    "outlook": as_outlook_reads_it,
}
