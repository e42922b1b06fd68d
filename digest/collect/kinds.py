"""What kind of feed an address and a title suggest, where nobody has said it."""

from __future__ import annotations

import re

from digest.model.tool import FeedKind

# The first pattern that is found in "address title" decides, so what is more particular stands first.
_SIGNS: tuple[tuple[FeedKind, str], ...] = (
    ("producthunt", r"producthunt|product hunt"),
    ("hackernews", r"//(?:www\.)?hnrss\.|news\.ycombinator\.com|hacker ?news|\bshow hn\b"),
    ("hf-trending", r"hugging ?face.{0,60}trending|trending.{0,60}hugging ?face"),
    ("github-trending", r"github.{0,60}trending|trending.{0,60}github"),
    ("github-releases", r"//github\.com/[^/\s]+/[^/\s]+/(?:releases|tags)(?:\.atom|/tag/)|release notes from \S+"
                        r"|\S+ releases$"),
    ("changelog", r"change-?log|release-?notes|what-?s-?new|/updates?\b|/releases\b"),
    ("vendor-blog", r"\bblog\b|\bblog\.|engineering|//developers?\."),
    ("news", r"techcrunch|theverge|arstechnica|wired\.com|venturebeat|theregister|infoq|zdnet|engadget|reddit\.com"
             r"|lobste\.rs|slashdot|bbc\.|nytimes|theguardian|substack\.com|newsletter|\bdaily\b|\bweekly\b|podcast"),
)  # fmt: skip


def guess_kind(url: str, title: str = "") -> FeedKind:
    """Guesses what kind of feed it is.

    Args:
        url: The feed's address.
        title: The feed's title.

    Returns:
        The kind; a vendor's blog where nothing speaks for another, since the rules for those ask for clear words.
    """
    return next((kind for kind, sign in _SIGNS if re.search(sign, f"{url} {title}", re.I)), "vendor-blog")
