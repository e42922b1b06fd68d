"""A driver for feedparser's XML parser that hands on only what somebody reads.

The standard library's driver hands text on line by line and entity by entity: a million calls for twenty megabytes of
feeds. Expat can join what belongs together (`buffer_text`), which nobody switches on. And feedparser works hardest on
what nobody here reads: authors, categories, the second half of a long article. Those end here. So do the names of HTML
(`&nbsp;`), which XML does not know: for one of them feedparser would read the whole feed again with its slow parser.
feedparser tries the drivers that it is told of first (`PREFERRED_XML_PARSERS`).
"""

from __future__ import annotations

import html
from typing import Any
from xml.sax.expatreader import ExpatParser
from xml.sax.xmlreader import AttributesNSImpl

# In characters, for one field of one item, markup included. The first is what a summary is made from; of content behind
# a summary only the links are looked for with which launch sites and Hacker News begin.
_MOST, _MOST_BEHIND_A_SUMMARY = 7_000, 3_000
_BUFFER = 64 * 1024

# Fields of items and of feeds that become no part of an entry. None is the name of a title, a summary, a date or a link
# in any vocabulary that feedparser knows.
_UNREAD = frozenset(
    (
        "author", "category", "cloud", "comments", "contributor", "copyright", "credit", "creator", "docs", "duration",
        "episodetype", "explicit", "generator", "keywords", "managingeditor", "rating", "rights", "skipdays",
        "skiphours", "statistics", "thumbnail", "webmaster",
    )
)  # fmt: skip
_ITEMS = frozenset(("item", "entry"))
_SUMMARIES, _CONTENTS = frozenset(("description", "summary")), frozenset(("content", "encoded"))
_HOLDERS = _ITEMS | {"channel", "feed"}
_NO_ATTRIBUTES = AttributesNSImpl({}, {})


class _Sparing(ExpatParser):
    """The standard library's driver, with text joined, and without what nobody reads."""

    _parser: Any
    _cont_handler: Any

    def reset(self) -> None:
        """Begin a document."""
        super().reset()
        self._parser.buffer_text = True
        self._parser.buffer_size = _BUFFER
        # with a document type that is elsewhere, an unknown name is skipped aloud instead of ending everything
        self._parser.UseForeignDTD(True)
        self._parser.CharacterDataHandler = self.character_data
        self._names: dict[str, tuple[str | None, str]] = {}
        self._open: list[str] = []
        self._field = 0  # how deep the field of an item is that is being read; 0 outside of items
        self._skipped = 0  # how many elements are open, from the outermost one that is left out
        self._room = _MOST
        self._summed_up = False  # the item that is being read has a summary

    def start_element_ns(self, name: str, attrs: Any) -> None:
        """An element begins."""
        if self._skipped:
            self._skipped += 1
            return
        names = self._names.get(name) or self._split(name)
        local = names[1].lower()
        parent = self._open[-1] if self._open else ""
        if (local in _UNREAD and parent in _HOLDERS) or self._room <= 0:
            self._skipped = 1
            self._parser.CharacterDataHandler = None
            return
        self._open.append(local)
        if parent in _ITEMS and not self._field:
            self._field = len(self._open)
            self._room = _MOST_BEHIND_A_SUMMARY if self._summed_up and local in _CONTENTS else _MOST
        if attrs:
            super().start_element_ns(name, attrs)
        else:
            self._cont_handler.startElementNS(names, None, _NO_ATTRIBUTES)

    def end_element_ns(self, name: str) -> None:
        """An element ends."""
        if self._skipped:
            self._skipped -= 1
            if not self._skipped:
                self._parser.CharacterDataHandler = self.character_data
            return
        if len(self._open) == self._field:
            self._field = 0
            self._summed_up = self._summed_up or (self._open[-1] in _SUMMARIES and self._room < _MOST)
            self._room = _MOST
        if self._open.pop() in _ITEMS:
            self._summed_up = False
        self._cont_handler.endElementNS(self._names[name], None)

    def _split(self, name: str) -> tuple[str | None, str]:
        """An element's vocabulary and its name in it, from how expat spells both; split once a document."""
        words = name.split()
        self._names[name] = names = (None, name) if len(words) == 1 else (words[0], words[1])
        return names

    def character_data(self, data: str) -> None:
        """Text; of a long field no more than is read of it."""
        if self._field:
            data = data[: max(self._room, 0)]
            self._room -= len(data)
        if data:
            self._cont_handler.characters(data)

    def skipped_entity_handler(self, name: str, is_pe: bool) -> None:
        """A name that the document does not explain: HTML's, or none at all."""
        if not is_pe and not self._skipped:
            self.character_data(html.unescape(f"&{name};"))

    def external_entity_ref(self, context: Any, base: Any, sysid: Any, pubid: Any) -> int:
        """Something outside the document, which is never looked at: it counts as empty."""
        self._parser.ExternalEntityParserCreate(context).Parse(b"", True)
        return 1


def create_parser() -> ExpatParser:
    """What `xml.sax.make_parser` asks a driver for."""
    return _Sparing()
