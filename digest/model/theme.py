"""How a letter looks: its colours in both schemes, its type, its logo; and how well a colour is read on another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field

from digest.model.noun import Noun, WebAddress


def _checked_colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError("must be a colour of six digits such as #0b6640")
    return text.lower()


def _checked_fonts(text: str) -> str:
    # they stand in attributes and in styles, where a quote would end something
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9 -]*(, ?[A-Za-z][A-Za-z0-9 -]*)*", text):
        raise ValueError("must be names of fonts with commas between and without quotes, such as Georgia, serif")
    return ", ".join(name.strip() for name in text.split(","))


Colour = Annotated[str, AfterValidator(_checked_colour)]
Fonts = Annotated[str, AfterValidator(_checked_fonts)]

LEAST_CONTRAST = 4.5


class Palette(Noun):
    """The colours of one scheme, as `#rrggbb`.

    Attributes:
        page: Behind the letter, the masthead and the footer.
        paper: Behind everything else.
        ink: Text.
        quiet: Text that stands back: dates, sources, labels.
        line: Rules between parts.
        accent: Links, buttons, bars.
        on_accent: Text on a button.
        answer: Behind a bottom line.
        rest: The part of a bar that is not filled.
        ship: The word SHIP.
        ship_chip: Behind it.
        skip: The word SKIP.
        skip_chip: Behind it.
    """

    page: Colour
    paper: Colour
    ink: Colour
    quiet: Colour
    line: Colour
    accent: Colour
    on_accent: Colour
    answer: Colour
    rest: Colour
    ship: Colour
    ship_chip: Colour
    skip: Colour
    skip_chip: Colour


class LightPalette(Palette):
    """The program's own colours on white."""

    page: Colour = "#f4f2ec"
    paper: Colour = "#ffffff"
    ink: Colour = "#1d1c1a"
    quiet: Colour = "#625d54"
    line: Colour = "#dcd8cc"
    accent: Colour = "#0b6640"
    on_accent: Colour = "#ffffff"
    answer: Colour = "#eef4ef"
    rest: Colour = "#e3dfd3"
    ship: Colour = "#0a5736"
    ship_chip: Colour = "#d8efe0"
    skip: Colour = "#8c1c13"
    skip_chip: Colour = "#fbe2de"


class DarkPalette(Palette):
    """The program's own colours in the dark."""

    page: Colour = "#121311"
    paper: Colour = "#1b1c1a"
    ink: Colour = "#eceae3"
    quiet: Colour = "#aaa69b"
    line: Colour = "#3a3b37"
    accent: Colour = "#7fd0a6"
    on_accent: Colour = "#0f2218"
    answer: Colour = "#1f2a23"
    rest: Colour = "#3a3b37"
    ship: Colour = "#9be3bd"
    ship_chip: Colour = "#173f2b"
    skip: Colour = "#ffbcb3"
    skip_chip: Colour = "#4d201c"


class Theme(Noun):
    """digest.toml's [theme]; what it does not say is the program's own.

    Attributes:
        headings: Fonts of headings, the likeliest first; none is loaded from the web.
        words: Fonts of running text.
        labels: Fonts of everything small.
        logo: A picture in place of the publication's name, or None. Its text is the name.
        logo_width: In CSS pixels.
    """

    light: LightPalette = LightPalette()
    dark: DarkPalette = DarkPalette()
    headings: Fonts = "Georgia, serif"
    words: Fonts = "Georgia, serif"
    labels: Fonts = "Helvetica, Arial, sans-serif"
    logo: WebAddress | None = None
    logo_width: Annotated[int, Field(ge=16, le=272)] = 160


# Which text stands on what. The templates use these pairs and no other.
_TEXT_ON: dict[str, tuple[str, ...]] = {
    "ink": ("paper", "page", "answer"),
    "quiet": ("paper", "page"),
    "accent": ("paper", "page", "answer"),
    "on_accent": ("accent",),
    "ship": ("paper", "ship_chip"),
    "skip": ("paper", "skip_chip"),
}


class Faint(NamedTuple):
    """Two colours of a palette, by name, that are too near each other for text, and their contrast."""

    text: str
    ground: str
    contrast: float


def contrast(one: str, other: str) -> float:
    """How far two colours are apart: 1 for the same one, 21 for black and white (WCAG 2.2, contrast ratio).

    Args:
        one: A colour as `#rrggbb`.
        other: Another, in any order.
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def faint(palette: Palette) -> Iterator[Faint]:
    """The pairs of text and ground below 4.5:1 (WCAG 2.2, success criterion 1.4.3)."""
    for text, grounds in _TEXT_ON.items():
        for ground in grounds:
            ratio = contrast(getattr(palette, text), getattr(palette, ground))
            if ratio < LEAST_CONTRAST:
                yield Faint(text, ground, ratio)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, glossary)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
