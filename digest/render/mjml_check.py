"""What the MJML compiler would swallow in silence: unknown elements and attributes, wrong places, unclosed tags.

Pure: marked MJML in, mistakes out, each with the template and line of its tag.
"""

from __future__ import annotations

import difflib
from html.parser import HTMLParser
from typing import NamedTuple

from digest.render.mjml_subset import LEFT_OUT, SUBSET, Kind, taken_by_any
from digest.render.source_lines import ATTRIBUTE, line_of
from digest.render.templates import EMAIL_HTML

# Elements of HTML that never hold anything (HTML Living Standard, 13.1.2, void elements).
_VOID = set("area base br col embed hr img input link meta source track wbr".split())
_DEFAULTS = ("mj-all", "mj-class")
_FOR_LETTERS = [name for name, element in SUBSET.items() if "mj-column" in element.inside or name == "mj-section"]


class _Open(NamedTuple):
    """An element that is not closed yet, with its place in the templates."""

    tag: str
    given: dict[str, str]
    line: str
    children: list[str]

    @property
    def holds(self) -> str:
        """What may stand in it; whatever is no MJML is HTML."""
        return SUBSET[self.tag].holds if self.tag in SUBSET else "html"


def mjml_mistakes(mjml: str) -> list[str]:
    """Everything in a letter's MJML that the compiler would drop, or draw otherwise than another compiler.

    Args:
        mjml: What the templates made, its tags marked with their template and line.

    Returns:
        A line a mistake, in the order of the letter: where, what, what to do.
    """
    checker = _Checker()
    checker.feed(mjml)
    checker.close()
    return checker.finished()


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Open] = []
        self._mistakes: list[str] = []
        self._line = EMAIL_HTML
        self._seen: set[str] = set()

    def finished(self) -> list[str]:
        """The mistakes, those that only the end shows among them."""
        for left in self._open:
            self._say(left.line, f"<{left.tag}> is not closed", f"write </{left.tag}> where it ends")
        for tag in ("mjml", "mj-body"):
            if tag not in self._seen:
                self._say(EMAIL_HTML, f"there is no <{tag}>", "put it around the letter")
        return list(dict.fromkeys(self._mistakes))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge an element where it begins."""
        given = {name: value or "" for name, value in attrs}
        self._line = line_of(given.pop(ATTRIBUTE, self._line))
        self._seen.add(tag)
        around = self._open[-1] if self._open else None
        if around:
            around.children.append(tag)
        if tag in SUBSET:
            self._judge(tag, given, around)
        elif tag.startswith("mj-"):
            near = difflib.get_close_matches(tag, SUBSET, n=1)
            cure = LEFT_OUT.get(tag) or (f"did you mean {near[0]}?" if near else f"use {', '.join(_FOR_LETTERS)}")
            why = "is not in the part of MJML that all compilers draw alike" if tag in LEFT_OUT else "is no MJML"
            self._say(self._line, f"<{tag}> {why}", cure)
        elif around is None or around.holds != "html":
            place = f"<{around.tag}>" if around else "the letter"
            self._say(self._line, f"<{tag}> stands loose in {place}, where it is lost", "put it into mj-text or mj-raw")
        if tag not in _VOID:
            self._open.append(_Open(tag, given, self._line, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge an element that ends where it begins."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Judge an element where it ends."""
        if tag in _VOID:
            return
        place = next((n for n in range(len(self._open) - 1, -1, -1) if self._open[n].tag == tag), None)
        if place is None:
            self._say(self._line, f"</{tag}> closes nothing", "take it out, or open it")
            return
        for left in self._open[place + 1 :]:
            self._say(left.line, f"<{left.tag}> is not closed before </{tag}>", f"write </{left.tag}> where it ends")
        self._judge_whole(self._open[place])
        del self._open[place:]

    def handle_data(self, data: str) -> None:
        """Judge words: only some elements hold any."""
        around = self._open[-1] if self._open else None
        words = " ".join(data.split())
        if not words:
            return
        if around is None or around.holds not in ("html", "css"):
            place = f"<{around.tag}>" if around else "the letter"
            line = around.line if around else self._line
            self._say(line, f"words stand loose in {place}, where they are lost: {words[:30]}", "put them into mj-text")
        elif around.tag == "style" and "data-inline" in around.given and "!important" in data:
            what = "!important in the rules that are inlined, where it would win against dark mode"
            self._say(around.line, what, "take it out, or put the rule into another style block")

    def _judge(self, tag: str, given: dict[str, str], around: _Open | None) -> None:
        element, default = SUBSET[tag], around is not None and around.tag == "mj-attributes" and tag != "mj-class"
        if (around.tag if around else "") not in (element.inside or ("",)):
            place = f"<{around.tag}>" if around else "nothing"
            cure = f"it belongs into {' or '.join(name for name in element.inside if name != 'mj-attributes')}"
            self._say(self._line, f"<{tag}> stands in {place}, where it is lost", cure)
        for name in element.needs:
            if name not in given and not default:
                self._say(self._line, f"<{tag}> lacks {name}", f'write {name}="…"')
        known = {**taken_by_any(), **element.takes} if tag in _DEFAULTS else element.takes
        for name, value in given.items():
            self._judge_value(tag, name, value, known)

    def _judge_value(self, tag: str, name: str, value: str, known: dict[str, Kind]) -> None:
        kind = known.get(name)
        if kind is None:
            near = difflib.get_close_matches(name, known, n=1)
            cure = f"did you mean {near[0]}?" if near else "take it out"
            self._say(self._line, f"<{tag}> knows no {name}", cure)
        elif not kind.pattern.match(value):
            self._say(self._line, f'{name}="{value}" of <{tag}>', f"write {kind.words}")

    def _judge_whole(self, element: _Open) -> None:
        """Columns are measured differently by compilers where their section is padded at its sides."""
        given, columns = element.given, element.children.count("mj-column")
        sides = given.get("padding", "0").split()[1:2] + [
            given.get(f"padding-{side}", "0") for side in ("left", "right")
        ]
        if element.tag == "mj-section" and columns > 1 and any(not side.startswith("0") for side in sides):
            what = "<mj-section> has several columns and padding at its sides, which compilers measure differently"
            self._say(element.line, what, "give the padding to the columns")

    def _say(self, line: str, what: str, cure: str) -> None:
        self._mistakes.append(f"templates/{line}: {what}; {cure}")
