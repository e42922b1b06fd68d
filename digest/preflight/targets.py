"""Whether a thumb hits what is there to be pressed, and whether an eye can read the smallest words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digest.mail.merge_field import MERGE_FIELD
from digest.preflight.check import Fault, warning
from digest.preflight.ink import Ink
from digest.preflight.page import INLINE, Element, name_of, words_of
from digest.preflight.page import where as place_of
from digest.preflight.proof import Proof
from digest.preflight.styles import NARROW, pixels

LEAST_TARGET = 44  # CSS pixels; WCAG 2.2, success criterion 2.5.5, and Apple's Human Interface Guidelines
LEAST_SIZE = 12
_BLOCKS = ("block", "inline-block", "table-cell", "inline-flex", "flex")


@warning
def target_size(proof: Proof) -> Iterator[Fault]:
    """Buttons, and the links by which readers act (vote, choose, leave), are at least 44 pixels high on a phone; links
    inside a sentence are not meant (WCAG 2.2, success criterion 2.5.5).
    """
    view = proof.sheet.view("light", NARROW)
    lines: dict[Element, Ink] = {}
    for ink in proof.inks("light", NARROW):
        lines.setdefault(ink.element, ink)
        for around in ink.element.iterancestors("a"):
            lines.setdefault(around, ink)
    for link in proof.page.links:
        style = view[link]
        is_button = style.get("display") in _BLOCKS or "background-color" in style
        if link not in lines or not (is_button or (MERGE_FIELD in link.get("href", "") and not _in_sentence(link))):
            continue
        height = _height(link, style, lines[link])
        if height < LEAST_TARGET:
            what = f"“{name_of(link)[:40]}” is {height:.0f} pixels high on a phone"
            yield Fault(what, place_of(link), f"make it {LEAST_TARGET} with padding and display: inline-block")


@warning
def small_text(proof: Proof) -> Iterator[Fault]:
    """No words are smaller than 12 pixels: mail programs on phones enlarge them, and break the layout."""
    small = [
        ink
        for ink in proof.inks("light", NARROW)
        if 2 < ink.size < LEAST_SIZE and any(character.isalpha() for character in ink.words)
    ]
    if small:
        more = f", and {len(small) - 1} more" if len(small) > 1 else ""
        what = f"“{' '.join(small[0].words.split())[:40]}” is {small[0].size:g} pixels{more}"
        yield Fault(what, place_of(small[0].element), f"use at least {LEAST_SIZE}")


def _height(link: Element, style: Mapping[str, str], ink: Ink) -> float:
    fixed = max(pixels(style.get(name)) or 0.0 for name in ("height", "min-height"))
    inside = [float(image.get("height", "0") or 0) for image in link.iter("img") if image.get("height", "0").isdigit()]
    line = ink.line if style.get("display") in _BLOCKS else min(ink.line, 1.2 * ink.size)
    padding = sum(pixels(style.get(f"padding-{side}")) or 0.0 for side in ("top", "bottom"))
    return max(fixed, padding + max([line, *inside]))


def _in_sentence(link: Element) -> bool:
    """Whether words stand beside a link in its block."""
    block = next((one for one in link.iterancestors() if one.tag not in INLINE), None)
    if block is None:
        return False
    rest = words_of(block)
    for other in block.iter("a"):
        rest = rest.replace(words_of(other), " ", 1)
    return any(character.isalnum() for character in rest)
