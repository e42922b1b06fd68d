"""Foreign markup to plain text: one line, no tags, no entities, nothing invisible.

A feed's words end up in a mail's subject, in its HTML and on a terminal. Plain text is the only form that is safe in
all of them, as long as each escapes it in its own way.
"""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

# These end a word, so a space takes their place; other tags just vanish.
_BLOCK = re.compile(
    r"<(?=/?(?:p|br|div|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|hr|pre|table|section|article|blockquote)\b)", re.I
)
# Only well-known tags count as markup; `Vec<u8>` and `<dialog-box>` are words, and safe ones: whoever shows the text
# escapes it.
_MARKUP = re.compile(
    r"<!--|</?(?:a|abbr|article|audio|b|big|blink|blockquote|body|br|button|center|cite|code|div|em|embed|figure|font|form"
    r"|h[1-6]|head|hr|html|i|iframe|img|input|li|link|marquee|meta|object|ol|p|picture|pre|s|script|section|small|source"
    r"|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|title|tr|tt|u|ul|video)\b[^<>]*(?:>|$)",
    re.I,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.I)
# Bidirectional overrides and isolates, zero-width spaces, byte order marks, soft hyphens, tag characters. The joiners
# U+200C and U+200D stay: Persian and emoji need them.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)

# Control characters end a word; half a surrogate pair is nothing at all.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def plain(markup: object, most: int) -> str:
    """Foreign text as plain text.

    Args:
        markup: What the feed says: text, HTML, escaped HTML.
        most: The largest number of characters; longer text is cut at a word and ends in an ellipsis.

    Returns:
        Plain text in one line; empty for what is no text.
    """
    if not isinstance(markup, str):
        return ""
    # Three times as much markup as text is enough, and a body of megabytes is not walked through whole.
    text = markup[: most * 3 + 1_000]
    if "<" in text or "&" in text:  # most titles and ids have neither
        if _MARKUP.search(text):
            text = _stripped(text)
        for _ in range(2):
            if not _ENTITY.search(text):
                break
            text = html.unescape(text)
        if _MARKUP.search(text):  # it had been escaped once too often
            text = _stripped(text)
    return one_line(text, most)


def one_line(text: str, most: int) -> str:
    """Text that is plain already, in one line, without what cannot be seen."""
    return cut(_folded(text), most)


def cut(text: str, most: int) -> str:
    """A line of at most so many characters, cut at a word where there is one."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    words, _, rest = head.rpartition(" ")
    return (words if words and len(rest) < 40 else head).rstrip(" ,;:–—-") + "…"


def _stripped(markup: str) -> str:
    """Markup without its tags; what a browser would not show (scripts, styles) is gone too."""
    return html.unescape(nh3.clean(_BLOCK.sub(" <", markup), tags=set(), clean_content_tags={"script", "style"}))


def _folded(text: str) -> str:
    """Text in one line, without control characters and whatever else cannot be seen."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return " ".join(_CONTROL.sub(" ", shown).split())
