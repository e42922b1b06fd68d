"""Whether colours can be read, in both schemes, and whether anything is told by colour alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from digest.model.theme import LEAST_CONTRAST, contrast
from digest.preflight.check import Fault, error, warning
from digest.preflight.ink import BLACK, Colour, Ink, hexadecimal
from digest.preflight.page import INLINE, Element, words_of
from digest.preflight.page import where as place_of
from digest.preflight.proof import Proof
from digest.preflight.styles import Scheme, declarations_of

_LINK_APART = 3.0  # WCAG 2.2, technique G183
# the colour of words, and what lies behind them
_Dress = tuple[Colour | None, Colour | None]
_COLOURS = ("color", "background", "background-color")


@error
def contrast_light(proof: Proof) -> Iterator[Fault]:
    """Words stand out from what lies behind them by 4.5:1 in the light scheme (WCAG 2.2, success criterion 1.4.3)."""
    yield from _faint(proof, "light")


@error
def contrast_dark(proof: Proof) -> Iterator[Fault]:
    """Words stand out from what lies behind them by 4.5:1 in the dark scheme, with the letter's own
    `prefers-color-scheme` rules applied (WCAG 2.2, success criterion 1.4.3).
    """
    light = {(fault.what.partition(" in the ")[0]) for fault in _faint(proof, "light")}
    for fault in _faint(proof, "dark"):
        if fault.what.partition(" in the ")[0] not in light:
            yield fault


@warning
def hard_coded_black(proof: Proof) -> Iterator[Fault]:
    """No words are pure black whatever the scheme: a mail program that only darkens the ground would hide them."""
    black = [ink for ink in proof.inks("dark") if ink.is_chosen and ink.colour == BLACK and _is_word(ink)]
    if black:
        what = f"{_runs(len(black))} black in both schemes, “{_start(black[0])}” first"
        yield Fault(what, place_of(black[0].element), "choose a dark grey, and a light colour for the dark scheme")


@error
def colour_only(proof: Proof) -> Iterator[Fault]:
    """Nothing is told by colour alone: in a data table equal words never differ in colour, no cell is a mere patch of
    colour, and no sign such as ● stands in two colours (WCAG 2.2, success criterion 1.4.1).
    """
    cure = "write what the colour means, or give each its own sign and word"
    colours: dict[tuple[Element | None, str], set[_Dress]] = defaultdict(set)
    cells = {part: cell for cell in _data_cells(proof) for part in cell.iter()}
    grounds = _grounds_of_rows(proof, cells)
    for ink in proof.inks("light"):
        words = " ".join(ink.words.split())
        cell = cells.get(ink.element)
        if cell is not None and words == words_of(cell):
            held = colours[next(cell.iterancestors("table")), words]
        elif _is_sign(words) and ink.element.tag in INLINE and words_of(ink.element) == words:
            held = colours[None, words]
        else:
            continue
        striped = cell is not None and len(grounds[cell.getparent()]) == 1
        dressed = (ink.colour, None if striped else ink.ground)
        if any(_differ(dressed, other) for other in held):
            yield Fault(f"“{words}” stands in two colours and means two things", place_of(ink.element), cure)
            held.clear()
        held.add(dressed)
    for cell in dict.fromkeys(cells.values()):
        if not words_of(cell) and _is_patch(cell):
            yield Fault("a cell of a data table is a patch of colour without a word", place_of(cell), cure)


@error
def link_colour_only(proof: Proof) -> Iterator[Fault]:
    """A link in running text is underlined, bold or bordered, or at least 3:1 from the words around it (WCAG 2.2,
    technique G183).
    """
    colours = {ink.element: ink.colour for ink in reversed(proof.inks("light"))}
    for link in proof.page.links:
        style = proof.sheet.light[link]
        marked = "none" not in style.get("text-decoration", style.get("text-decoration-line", ""))
        heavy = (
            style.get("font-weight", "normal") not in ("normal", "400", "inherit") or link.find(".//strong") is not None
        )
        if marked or heavy or any(name.startswith("border") and value[:1] not in "0n" for name, value in style.items()):
            continue
        parent = link.getparent()
        around = colours.get(parent) if parent is not None else None
        own = colours.get(link)
        if around is None or own is None or not _in_text(link):
            continue
        apart = contrast(hexadecimal(own), hexadecimal(around))
        if apart < _LINK_APART and not style.get("background-color"):
            what = f"the link “{words_of(link)[:40]}” differs from the words around it by colour alone ({apart:.1f}:1)"
            yield Fault(what, place_of(link), "underline it, or make it bold")


@warning
def inline_important(proof: Proof) -> Iterator[Fault]:
    """No style attribute gives a colour `!important`: it would beat the rules of the dark scheme."""
    for element in proof.page.elements:
        for name, value, important in declarations_of(element.get("style") or ""):
            if important and name in _COLOURS:
                what = f"{name}: {value} !important in a style attribute beats the dark scheme"
                yield Fault(what, place_of(element), "take !important out")
                break


def _faint(proof: Proof, scheme: Scheme) -> list[Fault]:
    pairs: dict[tuple[str, str], list[Ink]] = defaultdict(list)
    for ink in proof.inks(scheme):
        if ink.colour is not None and ink.ground is not None and ink.size > 2 and _is_word(ink):
            pairs[hexadecimal(ink.colour), hexadecimal(ink.ground)].append(ink)
    faults = []
    for (words, ground), found in pairs.items():
        ratio = contrast(words, ground)
        if ratio < LEAST_CONTRAST:
            what = (
                f"{words} on {ground} has a contrast of {ratio:.2f}:1 in the {scheme} scheme: “{_start(found[0])}”"
                + (f" and {len(found) - 1} more" if len(found) > 1 else "")
            )
            cure = f"choose colours at least {LEAST_CONTRAST}:1 apart"
            faults.append(Fault(what, place_of(found[0].element), cure))
    return faults


def _is_word(ink: Ink) -> bool:
    return any(character.isalnum() for character in ink.words)


def _start(ink: Ink) -> str:
    return " ".join(ink.words.split())[:40]


def _runs(count: int) -> str:
    return "one run of words is" if count == 1 else f"{count} runs of words are"


def _data_cells(proof: Proof) -> Iterator[Element]:
    """The cells of data tables that are no headings."""
    for table in proof.page.all("table"):
        if table.get("role") not in ("presentation", "none") and table.find(".//th") is not None:
            yield from (cell for cell in table.iter("td") if next(cell.iterancestors("table"), None) is table)


def _differ(one: _Dress, other: _Dress) -> bool:
    return one[0] != other[0] or (None not in (one[1], other[1]) and one[1] != other[1])


def _grounds_of_rows(proof: Proof, cells: Mapping[Element, Element]) -> dict[Element | None, set[object]]:
    """What lies behind the words of each row of a data table: one colour where rows are only striped."""
    found: dict[Element | None, set[object]] = defaultdict(set)
    for ink in proof.inks("light"):
        if ink.element in cells:
            found[cells[ink.element].getparent()].add(ink.ground)
    return found


def _is_sign(words: str) -> bool:
    return len(words) <= 2 and not words.isascii() and not any(character.isalnum() for character in words)


def _is_patch(cell: Element) -> bool:
    parts = [cell, *cell.iter("span", "div", "p", "td", "font")]
    return any("background" in (part.get("style") or "") or part.get("bgcolor") for part in parts)


def _in_text(link: Element) -> bool:
    """Whether words stand beside a link in its block."""
    block = next((one for one in link.iterancestors() if one.tag not in INLINE), None)
    if block is None:
        return False
    links = sum(len(words_of(one)) for one in block.iter("a"))
    return len(words_of(block)) - links > 20
