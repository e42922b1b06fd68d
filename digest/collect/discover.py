"""Autodiscovery: which feeds a web page names, and where to look when it names none.

A page names its feeds with `<link rel="alternate" type="…" href="…">` in its head (RSS Autodiscovery, RSS Advisory
Board, 2006; JSON Feed 1.1, "Discovery"). Nothing is fetched here.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from digest.collect.links import canonical, web_link
from digest.collect.plain_text import plain

_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json", "application/rdf+xml")
)
_COMMENTS = re.compile(r"\bcomments?\b", re.I)
# Where most programs that write feeds put them. Tried in this order, and no others.
_USUAL = ("/feed", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml")
# The head comes first; what stands behind megabytes of page is not looked for.
_MOST_BYTES = 2_000_000
_MOST_LINKS = 50
_TITLE = 100


class FeedLink(NamedTuple):
    """A feed that a page names."""

    address: str
    title: str = ""


def feeds_named(page: bytes, address: str, *, content_type: str | None = None) -> tuple[FeedLink, ...]:
    """The feeds that a web page names.

    Args:
        page: The page.
        address: Where it was found, for links that are relative to it.
        content_type: The header that came with it.

    Returns:
        Each address once, in the page's order. A feed of comments is left out where there is another one. JSON counts
        only where the link says that it is a feed, since `application/json` is also what APIs are linked with.
    """
    root = _root(page[:_MOST_BYTES], content_type)
    if root is None:
        return ()
    base = next((web_link(element.get("href"), address) for element in root.iter("base")), None) or address
    found: dict[str, FeedLink] = {}
    for element in root.iter("link"):
        link = web_link(element.get("href"), base) if _names_a_feed(element) else None
        if link:
            found.setdefault(canonical(link), FeedLink(link, plain(element.get("title"), _TITLE)))
        if len(found) == _MOST_LINKS:
            break
    wanted = [link for link in found.values() if not _COMMENTS.search(f"{urlsplit(link.address).path} {link.title}")]
    return tuple(wanted or found.values())


def is_page(body: bytes, content_type: str | None) -> bool:
    """Whether a document is a web page, by its own beginning or by what its server calls it."""
    head = body[:2_000].lower()
    called = (content_type or "").partition(";")[0].strip().lower()
    return b"<html" in head or b"<!doctype html" in head or called in ("text/html", "application/xhtml+xml")


def usual_addresses(address: str) -> tuple[str, ...]:
    """Where a site that names no feed may still have one: five addresses of the same host.

    Args:
        address: The page that names none.
    """
    return tuple(urljoin(address, path) for path in _USUAL)


def _names_a_feed(element: html.HtmlElement) -> bool:
    rels = (element.get("rel") or "").lower().split()
    kind = (element.get("type") or "").partition(";")[0].strip().lower()
    if "alternate" not in rels or kind not in _FEED_TYPES:
        return False
    said = f"{element.get('href')} {element.get('title')}"
    return kind != "application/json" or bool(re.search(r"feed|rss", said, re.I))


def _root(page: bytes, content_type: str | None) -> html.HtmlElement | None:
    """The page as a tree, or None where there is nothing to be read."""
    charset = re.search(r"charset=[\"']?([\w.:-]+)", content_type or "", re.I)
    try:
        encoding = codecs.lookup(charset[1]).name if charset else None
    except LookupError:
        encoding = None
    try:
        parser = html.HTMLParser(encoding=encoding, no_network=True, huge_tree=False)
        return html.document_fromstring(page, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, LookupError, ValueError):
        return None
