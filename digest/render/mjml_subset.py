"""The part of MJML that all compilers turn into the same mail, as a table: elements, their places, their attributes.

What is left out was drawn differently by compilers or clients, or costs more than it gives (heroes, carousels, social
icons, web fonts, previews). The names, places and kinds of attributes are those of MJML's documentation,
https://documentation.mjml.io/.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Holds = Literal["elements", "html", "css", "nothing"]


class Kind(NamedTuple):
    """What an attribute's value must look like, as a pattern and in words."""

    pattern: re.Pattern[str]
    words: str


class Element(NamedTuple):
    """An element of the subset.

    Attributes:
        inside: The elements that it may stand in.
        holds: What may stand in it.
        takes: Its attributes.
        needs: Those of them that it must have.
    """

    inside: tuple[str, ...]
    holds: Holds
    takes: dict[str, Kind]
    needs: tuple[str, ...] = ()


def _kind(pattern: str, words: str) -> Kind:
    return Kind(re.compile(rf"(?:{pattern})\Z"), words)


_LENGTH = r"(?:0|\d+(?:\.\d+)?px)"
_WORDS = _kind(r".*", "text")
_NAME = _kind(r"[\w-]+", "one name")
_NAMES = _kind(r"[\w-]+(?: [\w-]+)*", "names of classes")
_COLOUR = _kind(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|[a-z]+|rgba?\([\d., %]+\)", "a colour such as #0b6640")
_PIXELS = _kind(r"0|\d+(?:\.\d+)?px", "a length such as 24px")
_SPACE = _kind(rf"{_LENGTH}(?: {_LENGTH}){{0,3}}", "one to four lengths such as 0 24px")
_WIDTH = _kind(r"\d+(?:\.\d+)?(?:px|%)", "a width such as 50% or 300px")
_LINE = _kind(r"\d+(?:\.\d+)?(?:px|%|)", "a height such as 24px")
_TRACKING = _kind(r"-?\d+(?:\.\d+)?(?:px|em)", "a length such as 0.5px")
_BORDER = _kind(
    r"none|\d+px (?:solid|dashed|dotted) (?:#[0-9a-fA-F]{3,6}|[a-z]+)", "a border such as 1px solid #dddddd"
)
_ADDRESS = _kind(r"(?:https?://|mailto:)\S+", "an address that begins with https://")
_ALIGN = _kind(r"left|right|center|justify", "left, right, center or justify")
_VERTICAL = _kind(r"top|middle|bottom", "top, middle or bottom")
_DIRECTION = _kind(r"ltr|rtl", "ltr or rtl")
_FONTS = _kind(r"[\w ,'-]+", "names of fonts")
_WEIGHT = _kind(r"normal|bold|[1-9]00", "a weight such as 700")
_STYLE = _kind(r"normal|italic", "normal or italic")

_COMMON = {"css-class": _NAMES, "mj-class": _NAME}
_PADDING = {"padding": _SPACE, **{f"padding-{side}": _PIXELS for side in ("top", "right", "bottom", "left")}}
_BORDERS = {
    "border": _BORDER,
    **{f"border-{side}": _BORDER for side in ("top", "right", "bottom", "left")},
    "border-radius": _SPACE,
}
_TYPE = {
    "color": _COLOUR,
    "font-family": _FONTS,
    "font-size": _PIXELS,
    "font-style": _STYLE,
    "font-weight": _WEIGHT,
    "letter-spacing": _TRACKING,
    "line-height": _LINE,
    "text-decoration": _kind(r"none|underline|line-through", "none, underline or line-through"),
    "text-transform": _kind(r"none|uppercase|lowercase|capitalize", "none, uppercase, lowercase or capitalize"),
}
_BLOCK = {**_COMMON, **_PADDING, "align": _ALIGN, "container-background-color": _COLOUR}
_IN_COLUMN = ("mj-column", "mj-attributes")

SUBSET: dict[str, Element] = {
    "mjml": Element((), "elements", {"lang": _NAME, "dir": _DIRECTION}),
    "mj-head": Element(("mjml",), "elements", {}),
    "mj-title": Element(("mj-head",), "html", {}),
    "mj-style": Element(("mj-head",), "css", {}),
    "mj-attributes": Element(("mj-head",), "elements", {}),
    "mj-all": Element(("mj-attributes",), "nothing", {}),
    "mj-class": Element(("mj-attributes",), "nothing", {"name": _NAME}, ("name",)),
    "mj-raw": Element(("mj-head", "mj-body", "mj-section", "mj-column"), "html", {}),
    "mj-body": Element(("mjml",), "elements", {"background-color": _COLOUR, "width": _PIXELS, "css-class": _NAMES}),
    "mj-section": Element(
        ("mj-body", "mj-attributes"),
        "elements",
        {
            **_COMMON,
            **_PADDING,
            **_BORDERS,
            "background-color": _COLOUR,
            "direction": _DIRECTION,
            "text-align": _ALIGN,
            "full-width": _kind("full-width", "full-width"),
        },
    ),
    "mj-group": Element(
        ("mj-section", "mj-attributes"),
        "elements",
        {
            **_COMMON,
            "background-color": _COLOUR,
            "direction": _DIRECTION,
            "vertical-align": _VERTICAL,
            "width": _WIDTH,
        },
    ),
    "mj-column": Element(
        ("mj-section", "mj-group", "mj-attributes"),
        "elements",
        {
            **_COMMON,
            **_PADDING,
            **_BORDERS,
            "background-color": _COLOUR,
            "direction": _DIRECTION,
            "inner-background-color": _COLOUR,
            "inner-border-radius": _SPACE,
            "vertical-align": _VERTICAL,
            "width": _WIDTH,
        },
    ),
    "mj-text": Element(_IN_COLUMN, "html", {**_BLOCK, **_TYPE, "height": _PIXELS}),
    "mj-button": Element(
        _IN_COLUMN,
        "html",
        {
            **_BLOCK,
            **_TYPE,
            **_BORDERS,
            "background-color": _COLOUR,
            "height": _PIXELS,
            "href": _ADDRESS,
            "inner-padding": _SPACE,
            "text-align": _ALIGN,
            "vertical-align": _VERTICAL,
            "width": _WIDTH,
        },
        ("href",),
    ),
    "mj-image": Element(
        _IN_COLUMN,
        "nothing",
        {
            **_BLOCK,
            **_BORDERS,
            "alt": _WORDS,
            "height": _PIXELS,
            "href": _ADDRESS,
            "src": _ADDRESS,
            "width": _PIXELS,
        },
        ("src", "alt"),
    ),
    "mj-divider": Element(
        _IN_COLUMN,
        "nothing",
        {
            **_BLOCK,
            "border-color": _COLOUR,
            "border-style": _kind("solid|dashed|dotted", "solid, dashed or dotted"),
            "border-width": _PIXELS,
            "width": _kind(r"100%|\d+px", "100% or a width such as 300px; compilers count other per cents differently"),
        },
    ),
    "mj-spacer": Element(_IN_COLUMN, "nothing", {**_COMMON, **_PADDING, "height": _PIXELS}),
}

# MJML that the subset leaves out, and what to write in its place.
LEFT_OUT: dict[str, str] = {
    "mj-accordion": "write headings and text",
    "mj-carousel": "show one picture with mj-image",
    "mj-font": "name fonts that readers have; a letter loads none",
    "mj-hero": "use mj-section with a background-color",
    "mj-html-attributes": "write the attribute where the tag stands",
    "mj-include": "use Jinja2's include",
    "mj-navbar": "write links into mj-text",
    "mj-preview": "print the preheader in mj-raw, hidden; spam filters count faint text",
    "mj-social": "write links into mj-text",
    "mj-table": "write an HTML table into mj-text",
    "mj-wrapper": "give each mj-section the same background-color",
}


def taken_by_any() -> dict[str, Kind]:
    """Every attribute of every element: what mj-all and mj-class may set."""
    return {name: kind for element in SUBSET.values() for name, kind in element.takes.items()}
