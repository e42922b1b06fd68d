"""Which colours a reader sees: every run of words with its colour, what lies behind it, and its size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tinycss2.color3 import RGBA, parse_color

from digest.preflight.page import Element, tag_of
from digest.preflight.styles import Scheme, Sheet, pixels

BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
Colour = tuple[float, float, float]

# What browsers use where a document says nothing (HTML Standard, section 15.3; Chromium's dark canvas).
_USUAL: dict[Scheme, tuple[Colour, Colour, Colour]] = {
    "light": (BLACK, (0.0, 0.0, 238 / 255), WHITE),
    "dark": (WHITE, (158 / 255, 158 / 255, 1.0), (18 / 255, 18 / 255, 18 / 255)),
}


# Font sizes of elements where a document says nothing, as shares of what is around (the same section).
_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, **dict.fromkeys(("small", "sub", "sup"), 5 / 6)}


class Ink(NamedTuple):
    """A run of words as it is printed.

    Attributes:
        element: The element that it stands in.
        words: The run.
        colour: Of the words; None where it cannot be told.
        ground: Behind them; None where a picture lies there or it cannot be told.
        size: In CSS pixels.
        line: The height of a line, in CSS pixels.
        is_chosen: Whether the letter says the colour, and the browser does not choose it.
    """

    element: Element
    words: str
    colour: Colour | None
    ground: Colour | None
    size: float
    line: float
    is_chosen: bool


class _Held(NamedTuple):
    colour: Colour | None
    ground: Colour | None
    size: float
    line: float
    is_chosen: bool


def inks(sheet: Sheet, scheme: Scheme, width: int) -> tuple[Ink, ...]:
    """Every run of words that is seen, in document order; runs without a letter or digit too."""
    view = sheet.view(scheme, width)
    words, _, canvas = _USUAL[scheme if _knows_dark(sheet) else "light"]
    link = _USUAL[scheme if _knows_dark(sheet) else "light"][1]
    hidden = sheet.hidden
    found: list[Ink] = []

    def walk(element: Element, around: _Held) -> None:
        if element in hidden or element.tag in ("head", "style", "script", "title"):
            return
        held = _held(element, view[element], around, link)
        texts = [element.text, *(child.tail for child in element)]
        found.extend(Ink(element, text, *held) for text in texts if text and text.strip())
        for child in element:
            if isinstance(child.tag, str):
                walk(child, held)

    walk(sheet.root, _Held(words, canvas, 16.0, 19.0, False))
    return tuple(found)


def hexadecimal(colour: Colour) -> str:
    """A colour as `#rrggbb`."""
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in colour)


def _knows_dark(sheet: Sheet) -> bool:
    """Whether the letter asks for dark defaults (`color-scheme`, CSS Color Adjustment Level 1, section 2)."""
    said = [element.get("content", "") for element in sheet.elements if element.get("name") == "color-scheme"]
    said += [value for rule in sheet.rules for name, value, _ in rule.declarations if name == "color-scheme"]
    return any("dark" in value for value in said)


def _held(element: Element, style: Mapping[str, str], around: _Held, link: Colour) -> _Held:
    colour, chosen = around.colour, around.is_chosen
    if element.tag == "a" and element.get("href") is not None:
        colour, chosen = link, False
    said = style.get("color") or (element.get("color") if element.tag == "font" else None)
    ground = _ground(element, style, around.ground)
    if said == "inherit":
        colour, chosen = around.colour, around.is_chosen
    elif said and said not in ("initial", "unset", "currentcolor"):
        colour, chosen = _over(said, ground), True
    size = _size(style.get("font-size"), around.size, _SIZES.get(tag_of(element), 1.0))
    return _Held(colour, ground, size, _line(style.get("line-height"), size, around), chosen)


def _ground(element: Element, style: Mapping[str, str], behind: Colour | None) -> Colour | None:
    said = style.get("background-color") or element.get("bgcolor")
    pictured = style.get("background-image", "none") != "none" or element.get("background") is not None
    if said and said not in ("transparent", "none", "inherit", "initial", "unset"):
        return _over(said, behind)
    return None if pictured else behind


def _over(said: str, behind: Colour | None) -> Colour | None:
    """A colour that may let through what lies behind it."""
    colour = parse_color(said)
    if not isinstance(colour, RGBA):
        return None
    if colour.alpha >= 1:
        return (colour.red, colour.green, colour.blue)
    if behind is None:
        return None
    mixed = [
        front * colour.alpha + back * (1 - colour.alpha)
        for front, back in zip((colour.red, colour.green, colour.blue), behind, strict=True)
    ]
    return (mixed[0], mixed[1], mixed[2])


def _size(said: str | None, around: float, usual: float) -> float:
    exact = pixels(said)
    if exact is not None:
        return exact
    return around * next(_shares(said), usual)


def _line(said: str | None, size: float, around: _Held) -> float:
    if said is None:
        return around.line if around.line else 1.2 * size
    exact = pixels(said)
    if exact:
        return exact
    try:
        return float(said) * size
    except ValueError:
        return size * next(_shares(said), 1.2)


def _shares(said: str | None) -> Iterator[float]:
    """A share of what is around: `120%`, `1.2em`."""
    for unit, whole in (("%", 100.0), ("rem", 1.0), ("em", 1.0)):
        if said and said.endswith(unit):
            try:
                yield float(said.removesuffix(unit)) / whole
            except ValueError:
                return
