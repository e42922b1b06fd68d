"""What Gmail, Outlook, Apple Mail and Yahoo do with the letter's tags and styles, by caniemail.com's tests.

mail_support.json beside this file is caniemail's data, slimmed (`make mail-support` renews it; its head names the
licences). MJML's own scaffold would set off hundreds of findings, all of them known and harmless; so features that
only polish, and whose loss leaves every word in its place, are left out below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tinycss2

from digest.preflight.check import HTML, Fault, warning
from digest.preflight.page import Element, tag_of
from digest.preflight.page import where as place_of
from digest.preflight.proof import Proof
from digest.preflight.styles import declarations_of

_DATA = Path(__file__).parent / "mail_support.json"

# Without these a letter looks plainer and says the same.
_POLISH = re.compile(
    r"css-(?:at-media.*|at-supports|border-radius.*|box-shadow|box-sizing|border-spacing|color-scheme|cursor|display-none|"
    r"height|max-(?:width|height)|min-(?:width|height)|overflow|overflow-wrap|word-(?:break|wrap|spacing)|white-space|"
    r"hyphen.*|text-(?:shadow|wrap|overflow|underline.*|decoration.*|justify|align-last|emphasis.*)|font-.*|"
    r"system-ui|sytem-ui|outline.*|tab-size|widows|orphans|user-select|table-layout|visibility|opacity|"
    r"background-(?:position|repeat|size|clip|origin)|letter-spacing|caption-side|empty-cells|"
    r"accent-color|resize|scroll-snap|transition|list-style-position|float|clear)"
    r"|html-(?:aria-.*|body|doctype|style|target|abbr|acronym|bdi|wbr|semantics|loading-attribute|hidden|srcset|"
    r"meta-color-scheme|lang|ruby|rt|rp|anchor-links|link|base|object|dialog)"
)
# Properties whose feature has another name.
_FEATURES = {
    **dict.fromkeys(("top", "right", "bottom", "left"), "css-left-right-top-bottom"),
    **dict.fromkeys(("column-gap", "row-gap", "grid-gap"), "css-gap"),
    **dict.fromkeys(("grid-template-columns", "grid-template-rows", "grid-template-areas"), "css-grid-template"),
    **dict.fromkeys(("margin-inline", "margin-block"), "css-margin-inline-block"),
    **dict.fromkeys(("padding-inline", "padding-block"), "css-padding-inline-block"),
    **dict.fromkeys(("columns", "column-width"), "css-column-count"),
    "animation-name": "css-animation",
    "-webkit-mask-image": "css-mask-image",
}
_IN_VALUES = {
    "css-display-flex": r"^(?:inline-)?flex$",
    "css-display-grid": r"^(?:inline-)?grid$",
    "css-linear-gradient": r"linear-gradient\(",
    "css-radial-gradient": r"radial-gradient\(",
    "css-conic-gradient": r"conic-gradient\(",
    "css-variables": r"var\(\s*--",
    "css-unit-calc": r"calc\(",
    "css-function-clamp": r"clamp\(",
    "css-function-light-dark": r"light-dark\(",
    "css-function-min": r"(?<![\w-])min\(",
    "css-function-max": r"(?<![\w-])max\(",
    "css-modern-color": r"\b(?:ok)?(?:lch|lab)\(",
    "css-rgba": r"rgba\(",
    "css-unit-rem": r"\d\s*rem\b",
    "css-unit-ch": r"\d\s*ch\b",
    "css-unit-vw": r"\d\s*vw\b",
    "css-unit-vh": r"\d\s*vh\b",
}
_TAGS = {
    "svg": "html-svg",
    "video": "html-video",
    "audio": "html-audio",
    "form": "html-form",
    "button": "html-button-submit",
    "select": "html-select",
    "textarea": "html-textarea",
    "progress": "html-progress",
    "meter": "html-meter",
    "picture": "html-picture",
    "marquee": "html-marquee",
    "map": "html-image-maps",
}
_AT = {"font-face": "css-at-font-face", "import": "css-at-import", "keyframes": "css-at-keyframes"}


@warning
def mail_programs(proof: Proof) -> Iterator[Fault]:
    """Tags and styles work in Gmail, Outlook, Apple Mail and Yahoo, or only polish (caniemail.com); rules in media
    queries are not meant, since they are for those that know them.
    """
    told = set()
    for feature, element in _used(proof):
        known = support()["features"].get(feature)
        if known and feature not in told and not _POLISH.fullmatch(feature):
            told.add(feature)
            without = ", ".join(f"{name} ({', '.join(on)})" for name, on in known["without"].items())
            where = f"{HTML}: a style element" if element is None else place_of(element)
            cure = "use tables, widths in pixels and plain colours; see caniemail.com/features/" + feature
            yield Fault(f"{known['title']} is not known to {without}", where, cure)


@cache
def support() -> dict[str, Any]:
    """The table of what is not supported, and where it comes from."""
    data: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    return data


def is_ignored(program: str, on: str, *, name: str, value: str = "") -> bool:
    """Whether a mail program ignores a declaration, by caniemail.com's tests.

    Args:
        program: Such as `Outlook`.
        on: Where it runs, such as `Windows`.
        name: The property, or `@media` for an at-rule.
        value: Its value.
    """
    features = support()["features"]
    used = (f"css-at-{name[1:]}",) if name.startswith("@") else tuple(_of_declaration(name, value))
    return any(on in features.get(feature, {}).get("without", {}).get(program, ()) for feature in used)


def ignored_tags(program: str, on: str) -> tuple[str, ...]:
    """The tags that a mail program does not show, of those that the table knows."""
    features = support()["features"]
    return tuple(
        tag for tag, feature in _TAGS.items() if on in features.get(feature, {}).get("without", {}).get(program, ())
    )


def _used(proof: Proof) -> Iterator[tuple[str, Element | None]]:
    """The features that the letter uses, each with the element that uses it; None for its style elements."""
    for element in proof.page.elements:
        for name in _of_tag(tag_of(element), element.get("type")):
            yield name, element
        for name in _of_style(element.get("style") or ""):
            yield name, element
        if element.tag == "img":
            yield _of_image(element.get("src") or ""), element
    for rule in proof.sheet.rules:
        if not rule.media:
            for property_, value, _ in rule.declarations:
                for name in _of_declaration(property_, value):
                    yield name, None
    for block in proof.sheet.blocks:
        for node in tinycss2.parse_stylesheet(block, skip_comments=True, skip_whitespace=True):
            if node.type == "at-rule" and node.lower_at_keyword in _AT:
                yield _AT[node.lower_at_keyword], None


@lru_cache(maxsize=4096)
def _of_style(style: str) -> tuple[str, ...]:
    found = (name for property_, value, _ in declarations_of(style) for name in _of_declaration(property_, value))
    return tuple(dict.fromkeys(found))


def _of_tag(tag: str, kind: str | None) -> Iterator[str]:
    if tag in _TAGS:
        yield _TAGS[tag]
    elif tag == "input":
        yield f"html-input-{kind if kind in ('checkbox', 'hidden', 'radio', 'reset', 'submit') else 'text'}"


def _of_declaration(name: str, value: str) -> Iterator[str]:
    if name == "position" and value in ("static", "initial"):
        return
    if name.startswith("mso-") or (name == "background-image" and value == "none"):
        return
    yield _FEATURES.get(name, f"css-{name}")
    if name.startswith("--"):
        yield "css-variables"
    yield from (feature for feature, pattern in _IN_VALUES.items() if re.search(pattern, value))


def _of_image(source: str) -> str:
    try:
        ending = urlsplit(source).path.rpartition(".")[2].lower()
    except ValueError:
        return ""
    return f"image-{ending}"
