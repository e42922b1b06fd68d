"""A list of feeds as a file: OPML 2.0 in and out, and plain addresses, one a line, in.

A feed's kind stands in OPML's own `category`; that a feed may live at a private address stands in an attribute of our
namespace (http://opml.org/spec2.opml allows those). So what is exported comes back as it was. Such a file comes from
anywhere and is hostile: nothing outside it is read, no entities, no more than 2,000 feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple, get_args

from lxml import etree
from pydantic import ValidationError

from digest.collect.links import canonical
from digest.collect.plain_text import one_line
from digest.errors import BrokenInput
from digest.http.client import shown
from digest.model.tool import Feed, FeedKind

MOST_FEEDS = 2_000
MOST_BYTES = 10_000_000
_OURS = "https://digest.example/opml"
_PRIVATE = f"{{{_OURS}}}allow-private"
_TITLE = 300
_KINDS = frozenset(get_args(FeedKind))
# What XML 1.0, section 2.2, cannot hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Subscriptions(NamedTuple):
    """The feeds of a file, each once, and what was left out, in words."""

    feeds: tuple[Feed, ...]
    warnings: tuple[str, ...]


class _Outline(NamedTuple):
    """What a file says of one feed, before any of it is believed."""

    line: int
    address: str
    title: str = ""
    category: str = ""
    private: bool = False


def read_subscriptions(content: bytes, name: str) -> Subscriptions:
    """Reads a list of feeds.

    Args:
        content: An OPML document, its outlines nested as deep as they like, or addresses, one a line.
        name: The file, as it is named to the person.

    Returns:
        The feeds in their order. Titles that only repeat the address are none.

    Raises:
        BrokenInput: It is neither, it is too large, or it declares entities.
    """
    if len(content) > MOST_BYTES:
        raise BrokenInput("larger than 10 MB, so no list of feeds", where=name, cure="name the file of the list")
    warnings: tuple[str, ...] = ()
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        root, warnings = _document(content, name)
        outlines = [found for element in root.iter(etree.Element) if (found := _outline(element))]
    else:
        outlines = _lines(content, name)
    if len(outlines) > MOST_FEEDS:
        said = f"{len(outlines):,} feeds; at most {MOST_FEEDS:,} are taken from one file"
        raise BrokenInput(said, where=name, cure="split it, or take out what you don't want")
    feeds, left_out = _believed(outlines, name)
    return Subscriptions(feeds, (*warnings, *left_out))


def write_opml(feeds: Iterable[Feed], *, title: str, moment: datetime) -> bytes:
    """Writes a list of feeds as OPML 2.0.

    Args:
        feeds: The feeds.
        title: The list's title.
        moment: When it was written.

    Returns:
        The document, UTF-8. `read_subscriptions` reads the same feeds from it.
    """
    root = etree.Element("opml", version="2.0", nsmap={"digest": _OURS})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _NOT_XML.sub("", title)
    etree.SubElement(head, "dateCreated").text = format_datetime(moment)
    body = etree.SubElement(root, "body")
    for feed in feeds:
        outline = etree.SubElement(body, "outline", type="rss", text=_NOT_XML.sub("", feed.title or feed.url))
        if feed.title:
            outline.set("title", _NOT_XML.sub("", feed.title))
        outline.set("xmlUrl", _NOT_XML.sub("", feed.url))
        if feed.kind:
            outline.set("category", feed.kind)
        if feed.allow_private:
            outline.set(_PRIVATE, "true")
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def address_of(text: str) -> str:
    """An address as people type it or as `feed:` links have it, with the scheme of the web in front."""
    typed = text.strip()
    if rest := re.fullmatch(r"feed:(?://)?(.+)", typed, re.I):
        typed = rest[1]
    if re.match(r"[a-z][a-z0-9+.-]*://", typed, re.I):
        scheme, _, behind = typed.partition("://")
        return f"{scheme.lower()}://{behind}"
    # `localhost:8000/feed` is a host with a port, `javascript:…` and `mailto:…` are what they are
    is_host = re.match(r"(?:[\w.-]+\.\w+|localhost|\[[0-9a-f:.]+\])(?::\d+)?(?:[/?#]|$)", typed, re.I)
    return f"https://{typed}" if is_host else typed


def _place(address: str) -> dict[str, str]:
    """The field that says where a feed is: in a file of the publication's folder, or on the web."""
    path = address.removeprefix("file:")
    return {"url": address_of(address)} if path == address else {"file": path}


def _document(content: bytes, name: str) -> tuple[etree._Element, tuple[str, ...]]:
    """The document; where it is not well-formed, as much of it as can be read, and that in words."""
    warnings: tuple[str, ...] = ()
    try:
        root = etree.fromstring(content, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else "not XML"
        recovered = _recovered(content)
        if recovered is None or _name(recovered) == "html":
            raise BrokenInput(f"not OPML: {said}", where=name, cure="export it again as OPML") from None
        root = recovered
        warnings = (f"{name}: not well-formed ({said}); what could be read was taken",)
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        said = "it declares entities, which no list of feeds needs"
        raise BrokenInput(said, where=name, cure="export it again as OPML")
    if _name(root) != "opml":
        raise BrokenInput("no OPML document", where=name, cure="export it as OPML, or list addresses, one a line")
    return root, warnings


def _parser(*, recover: bool) -> etree.XMLParser:
    # libxml2's own limits on depth, names and the growth of entities stay on (huge_tree=False)
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover, remove_pis=True
    )


def _recovered(content: bytes) -> etree._Element | None:
    try:
        root: etree._Element | None = etree.fromstring(content, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower()


def _outline(element: etree._Element) -> _Outline | None:
    """An outline that is a feed; folders, and outlines that are only text, are none."""
    if _name(element) != "outline":
        return None
    address = _said(element, "xmlUrl")
    if not address:
        return None
    text = _said(element, "text")
    title = _said(element, "title") or (text if text != address else "")
    private = element.get(_PRIVATE) == "true"
    return _Outline(int(element.sourceline or 0), address, title, _said(element, "category"), private)


def _said(element: etree._Element, name: str) -> str:
    """An attribute. Some programs spell them all in lower case; asking by name is quick however many there are."""
    return str(element.get(name) or element.get(name.lower()) or "").strip()


def _lines(content: bytes, name: str) -> list[_Outline]:
    """Addresses, one a line; empty lines and those that begin with # are skipped."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BrokenInput("neither OPML nor text", where=name, cure="list addresses in it, one a line") from None
    lines = enumerate((line.strip() for line in text.split("\n")), 1)
    return [_Outline(number, line) for number, line in lines if line and not line.startswith("#")]


def _believed(outlines: list[_Outline], name: str) -> tuple[tuple[Feed, ...], tuple[str, ...]]:
    """Outlines as feeds, each address once; what is no address of the web is counted, not listed."""
    feeds: dict[str, Feed] = {}
    refused: list[_Outline] = []
    for outline in outlines:
        kinds = [part.strip().strip("/") for part in outline.category.split(",")]
        try:
            feed = Feed.model_validate(
                {
                    **_place(outline.address),
                    "title": one_line(outline.title, _TITLE) or None,
                    "kind": next((kind for kind in kinds if kind in _KINDS), None),
                    "allow_private": outline.private,
                }
            )
        except ValidationError:
            refused.append(outline)
            continue
        feeds.setdefault(canonical(feed.url) or feed.url, feed)
    if not refused:
        return tuple(feeds.values()), ()
    first = refused[0]
    said = one_line(shown(first.address), 60)
    count = "1 address is" if len(refused) == 1 else f"{len(refused):,} addresses are"
    return tuple(feeds.values()), (f"{name}:{first.line}: {count} not of the web and left out: {said}",)
