"""The newest items of a document with more of them than are read, found without parsing it.

A feed of 200,000 items would keep feedparser busy for a minute. Where an item begins and ends, and its date, can be
seen in a second; feedparser then gets a document with the newest items only. This is no parser: what it takes for an
item is checked by the one that follows, and a document that it does not understand goes there whole.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from digest.collect.newest import MOST_ENTRIES, believable, newest

_NAMES = (b"<item", b"<entry", b":item", b":entry")
_TOKEN = re.compile(rb"<!\[CDATA\[|<!--|<(?P<close>/?)(?P<name>(?:[\w.-]{1,40}:)?(?:item|entry))(?=[\s/>])", re.I)
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
# What feedparser takes for a date of publication, and for one of a change, which counts where the other is missing.
_DATE = re.compile(
    rb"<(?:[\w.-]{1,40}:)?(?:(?P<published>pubdate|published|issued)|updated|modified|date)(?:\s[^<>]{0,200})?>"
    rb"\s{0,9}(?:<!\[CDATA\[)?\s{0,9}(?P<date>[\w:.,+ -]{4,60})",
    re.I,
)
# Where a page has no date, some programs write the year 0001, which is not 2001.
_NO_YEAR = re.compile(r" 00\d\d ")


class Shortened(NamedTuple):
    """A document of which the newest items are left.

    Attributes:
        items: How many it had.
    """

    body: bytes
    items: int


def shortened(body: bytes, now: datetime) -> Shortened | None:
    """The document with its newest 2,000 items only.

    Args:
        body: An RSS or Atom feed, well-formed or not.
        now: The moment it stands for, since dates that cannot be true count as missing.

    Returns:
        The document without its other items, all else as it was; None where it has no more than 2,000.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        body = body.decode("utf-16", "replace").encode("utf-8-sig")
    folded = body.lower()
    if sum(map(folded.count, _NAMES)) <= MOST_ENTRIES:
        return None
    items = list(_items(body))
    if len(items) <= MOST_ENTRIES:
        return None
    kept = set(newest([believable(_moment(body, *item), now) for item in items]))
    pieces, end = [], 0
    for place, (begin, after) in enumerate(items):
        between = body[end:begin]
        if not between.isspace():  # the feed's own title may stand anywhere
            pieces.append(between)
        if place in kept:
            pieces.append(body[begin:after])
        end = after
    return Shortened(b"".join([*pieces, body[end:]]), len(items))


def _items(body: bytes) -> Iterator[tuple[int, int]]:
    """Where each item begins and ends. Items never lie in each other: an open one ends where the next begins.

    What stands in comments and in text as it is (CDATA) is no item.
    """
    name, begin, at, end = b"", -1, 0, -1
    while token := _TOKEN.search(body, at):
        at = token.end()
        if closing := _ENDS.get(token[0].upper()):
            at = body.find(closing, at) + len(closing)
            if at < token.end():
                break
            continue
        name = name or token["name"]
        if end < at:  # else the bracket that was found last closes this tag too: looking again would take for ever
            end = body.find(b">", at)
        if end < 0:
            break
        if token["name"] != name:
            continue
        if begin >= 0:
            yield begin, end + 1 if token["close"] else token.start()
        begin = -1 if token["close"] else token.start()
        at = end + 1
        if begin >= 0 and body[end - 1 : end] == b"/":
            yield begin, at
            begin = -1
    if begin >= 0:
        yield begin, len(body)


def _moment(body: bytes, begin: int, end: int) -> datetime | None:
    """When an item says it was published, or else changed; of several such dates the last one counts."""
    published = changed = None
    for found in _DATE.finditer(body, begin, end):
        moment = _read(found["date"].decode("ascii", "replace").strip())
        published, changed = (moment, changed) if found["published"] else (published, moment)
    return published or changed


def _read(date: str) -> datetime | None:
    """A date of RSS (RFC 822) or of Atom (RFC 3339) in UTC; None for one that is written in another way."""
    try:
        if _NO_YEAR.search(date):
            return datetime.min.replace(tzinfo=UTC)
        moment = datetime.fromisoformat(date) if date[:4].isdigit() else parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
