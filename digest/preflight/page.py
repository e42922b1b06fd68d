"""A letter's HTML part as the checks read it: parsed once, its elements in order, its words, its links."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

Element = etree._Element

_UNSEEN = {"style", "script", "title", "head", "noscript", "template"}
# Elements that don't break a word: text on both sides of their tags belongs together.
INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark"),
    *("q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "u", "var", "wbr"),
}
_EMPTY = b"<html><head></head><body></body></html>"


@dataclass(frozen=True, eq=False)
class Page:
    """An HTML part, parsed.

    Attributes:
        html: The source.
        root: The document.
        elements: All elements in document order.
        comments: The text of all comments, conditional ones among them.
    """

    html: str
    root: Element
    elements: tuple[Element, ...]
    comments: tuple[str, ...]

    def all(self, *tags: str) -> list[Element]:
        """The elements of these names, in document order."""
        return [element for element in self.elements if element.tag in tags]

    @cached_property
    def body(self) -> Element:
        """The body; the whole document where there is none."""
        return next((element for element in self.elements if element.tag == "body"), self.root)

    @cached_property
    def links(self) -> tuple[Element, ...]:
        """Every `a` with an address."""
        return tuple(element for element in self.elements if element.tag == "a" and element.get("href") is not None)

    @cached_property
    def text(self) -> str:
        """All words, those too that styles hide."""
        return self.text_without(frozenset())

    def text_without(self, hidden: Collection[Element]) -> str:
        """The words outside some elements."""
        return "".join(_pieces(self.body, hidden))


def read_page(html: str) -> Page:
    """Parse an HTML part.

    Args:
        html: The whole document; whatever it is, it is parsed as browsers forgive it.
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:  # nothing but white space and comments
        root = etree.fromstring(_EMPTY, parser)
    elements = tuple(element for element in root.iter(etree.Element) if isinstance(element.tag, str))
    comments = tuple(comment.text or "" for comment in root.iter(etree.Comment))
    return Page(html, root, elements, comments)


def tag_of(element: Element) -> str:
    """An element's name."""
    return str(element.tag)


def words_of(element: Element, hidden: Collection[Element] = frozenset()) -> str:
    """An element's words, images by their alt text, white space folded."""
    return " ".join("".join(_pieces(element, hidden, images=True)).split())


def name_of(link: Element) -> str:
    """What a link is called for those who hear it: its label, else its words and the alt texts of its images."""
    return (link.get("aria-label") or "").strip() or words_of(link) or (link.get("title") or "").strip()


def excerpt(text: str, around: int = 0) -> str:
    """A text's words about a place, short enough for one line."""
    begin = max(0, around - 20)
    words = " ".join(text[begin : begin + 70].split())
    return words if len(words) <= 50 else f"{words[:50].rstrip()}…"


def where(element: Element) -> str:
    """An element's place: the line of email.html, the element, and the words in it or about it."""
    parent = element.getparent()
    path = tag_of(element) if parent is None else f"{tag_of(parent)} > {tag_of(element)}"
    around: Element | None = element
    near = ""
    while not near and around is not None:
        near, around = excerpt(words_of(around)), around.getparent()
    return f"email.html:{element.sourceline}: {path}" + (f", near “{near}”" if near else "")


def letters(text: str) -> str:
    """A text's letters and digits alone, in one case: what stays when lines are folded and marks dropped."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _pieces(element: Element, hidden: Collection[Element], *, images: bool = False) -> Iterator[str]:
    if element.tag in _UNSEEN or element in hidden:
        return
    gap = "" if element.tag in INLINE else " "
    yield gap
    if images and element.tag == "img":
        yield f" {element.get('alt', '')} "
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _pieces(child, hidden, images=images)
        yield child.tail or ""
    yield gap
