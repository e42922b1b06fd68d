"""A letter's HTML part as the checks read it: its visible words, its headings, its links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

_UNSEEN = {"style", "script", "title", "head"}


@dataclass
class Page:
    """What a letter's HTML part holds.

    Attributes:
        text: The words that it shows, white space as it stands.
        headings: Level and words, in order.
        links: Where each link leads, and the words on it.
        attributes: The values of the other attributes that a person's words could have reached.
    """

    text: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)


@lru_cache(maxsize=4)
def read_page(html: str) -> Page:
    """An HTML part, read once however many checks ask for it.

    Args:
        html: The whole document.

    Returns:
        What it holds; treat it as read-only.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def letters(text: str) -> str:
    """A text's letters and digits alone, in one case: what stays when lines are folded and marks dropped."""
    return re.sub(r"[\W_]+", "", text).casefold()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._hidden = 0
        self._heading: tuple[int, list[str]] | None = None
        self._link: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._hidden += 1
        elif tag == "a":
            self._link = (values.get("href", ""), [])
        elif re.fullmatch(r"h[1-6]", tag):
            self._heading = (int(tag[1]), [])
        self.page.attributes += [
            value for name, value in values.items() if name in ("alt", "title", "aria-label", "src")
        ]
        self.page.text += "" if tag in ("b", "strong", "em", "i", "a", "span", "code") else " "

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "a" and self._link:
            self.page.links.append((self._link[0], "".join(self._link[1])))
            self._link = None
        elif re.fullmatch(r"h[1-6]", tag) and self._heading:
            self.page.headings.append((self._heading[0], "".join(self._heading[1])))
            self._heading = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.page.text += data
        for collecting in (self._heading, self._link):
            if collecting:
                collecting[1].append(data)
