"""Which styles apply to which element: the part of CSS that a letter uses, for a scheme and a width.

Style blocks and style attributes are read by tinycss2, selectors matched by cssselect and lxml. The cascade is
CSS Cascading and Inheritance Level 4, section 6: importance, style attributes, specificity, order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

import tinycss2
from cssselect import HTMLTranslator, SelectorError
from cssselect import parse as parse_selectors
from lxml import etree
from tinycss2.color3 import parse_color

from digest.preflight.page import Element

Scheme = Literal["light", "dark"]
Declarations = tuple[tuple[str, str, bool], ...]

WIDE, NARROW = 600, 375
_WIDTH = re.compile(r"\((min|max)-(?:device-)?width:\s*([\d.]+)px\)")
_SCHEME = re.compile(r"prefers-color-scheme:\s*(light|dark)")
# what follows a pointer or stands for no element: it never says how a letter looks by itself
_PASSING = re.compile(r":(?:hover|focus|active|visited|target|checked|:)|:(?:before|after|first-line|first-letter)")
_IN_ATTRIBUTE = (1, 0, 0, 0)


class Weight(NamedTuple):
    """What decides between two declarations of a property, the strongest last."""

    important: bool
    specificity: tuple[int, ...]
    order: int


class Rule(NamedTuple):
    """The declarations that a selector gives, and the media that they are for."""

    selector: str
    specificity: tuple[int, ...]
    media: tuple[str, ...]
    declarations: Declarations


@dataclass(frozen=True, eq=False)
class Sheet:
    """The styles of a document.

    Attributes:
        root: The document.
        elements: Its elements in order.
        rules: Of its style blocks, in order.
        blocks: The style blocks' sources.
    """

    root: Element
    elements: tuple[Element, ...]
    rules: tuple[Rule, ...]
    blocks: tuple[str, ...]

    @cached_property
    def matches(self) -> tuple[tuple[Rule, tuple[Element, ...]], ...]:
        """Which elements each rule is for."""
        return tuple((rule, _selected(rule.selector, self.root)) for rule in self.rules)

    def view(self, scheme: Scheme, width: int = WIDE) -> Mapping[Element, Mapping[str, str]]:
        """What is declared for each element, before inheritance, under a scheme and at a width in CSS pixels."""
        found: dict[Element, dict[str, tuple[Weight, str]]] = {element: {} for element in self.elements}
        for order, (rule, elements) in enumerate(self.matches):
            if elements and all(_applies(query, scheme, width) for query in rule.media):
                for element in elements:
                    _declare(found[element], rule.declarations, rule.specificity, order)
        for element in self.elements:
            style = element.get("style")
            if style:
                _declare(found[element], declarations_of(style), _IN_ATTRIBUTE, 0)
        return {element: {name: value for name, (_, value) in declared.items()} for element, declared in found.items()}

    @cached_property
    def light(self) -> Mapping[Element, Mapping[str, str]]:
        """The view that most readers have."""
        return self.view("light")

    @cached_property
    def hidden(self) -> frozenset[Element]:
        """The elements that nobody sees: their words are no part of the letter; what is in them is not listed."""
        return frozenset(element for element, style in self.light.items() if _is_hidden(element, style))


def read_sheet(root: Element, elements: Sequence[Element]) -> Sheet:
    """Read the styles of a document."""
    rules: list[Rule] = []
    blocks = []
    for style in elements:
        if style.tag == "style":
            blocks.append(style.text or "")
            media = (style.get("media", "").lower(),) if style.get("media") else ()
            rules += _rules(blocks[-1], media)
    return Sheet(root, tuple(elements), tuple(rules), tuple(blocks))


@lru_cache(maxsize=4096)
def declarations_of(style: str) -> Declarations:
    """The declarations of a style attribute: property, value, whether it is important; what is no CSS is left out."""
    return _declarations(tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True))


def pixels(value: str | None) -> float | None:
    """A length in CSS pixels, or None where it is none that is known without a layout."""
    found = re.fullmatch(r"(-?[\d.]+)(px|pt|)", (value or "").strip())
    if not found or found.group(1).count(".") > 1 or (not found.group(2) and float(found.group(1)) != 0):
        return None
    return float(found.group(1)) * (4 / 3 if found.group(2) == "pt" else 1)


def _declare(
    held: dict[str, tuple[Weight, str]], declarations: Declarations, specificity: tuple[int, ...], order: int
) -> None:
    for name, value, important in declarations:
        weight = Weight(important, specificity, order)
        if name not in held or held[name][0] <= weight:
            held[name] = (weight, value)


def _declarations(nodes: Sequence[Any]) -> Declarations:
    found: list[tuple[str, str, bool]] = []
    for node in nodes:
        if node.type == "declaration":
            value = tinycss2.serialize(node.value).strip().lower()
            found.append((node.lower_name, value, node.important))
            found += [(name, part, node.important) for name, part in _longhands(node.lower_name, value)]
    return tuple(found)


def _longhands(name: str, value: str) -> Iterator[tuple[str, str]]:
    """What a shorthand says of the properties that the checks ask for."""
    if name == "background":
        parts = [tinycss2.serialize([part]) for part in tinycss2.parse_component_value_list(value)]
        yield "background-color", next((part for part in parts if parse_color(part) is not None), "transparent")
        yield "background-image", value if re.search(r"url\(|gradient\(", value) else "none"
    elif name == "padding":
        sides = value.split()
        if 1 <= len(sides) <= 4:
            yield "padding-top", sides[0]
            yield "padding-bottom", sides[2] if len(sides) > 2 else sides[0]
    elif name == "font":
        size = re.search(r"([\d.]+(?:px|pt|em|%))(?:\s*/\s*(\S+))?", value)
        if size:
            yield "font-size", size.group(1)
            yield "line-height", size.group(2) or "normal"


def _rules(css: str, media: tuple[str, ...]) -> list[Rule]:
    return list(_walked(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), media))


def _walked(nodes: Sequence[Any], media: tuple[str, ...]) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            declarations = _declarations(content)
            for selector, specificity in _selectors(tinycss2.serialize(node.prelude).strip()):
                yield Rule(selector, (0, *specificity), media, declarations)
        elif node.type == "at-rule" and node.content is not None and node.lower_at_keyword in ("media", "supports"):
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            query = tinycss2.serialize(node.prelude).strip().lower() if node.lower_at_keyword == "media" else ""
            yield from _walked(inner, (*media, query) if query else media)


@lru_cache(maxsize=1024)
def _selectors(prelude: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Each selector of a rule as an XPath, with its specificity; those that are not known here are left out."""
    if _PASSING.search(prelude):
        return tuple(found for part in prelude.split(",") if not _PASSING.search(part) for found in _selectors(part))
    try:
        return tuple(
            (HTMLTranslator().selector_to_xpath(selector), selector.specificity())
            for selector in parse_selectors(prelude)
        )
    except SelectorError:
        return ()


@lru_cache(maxsize=1024)
def _compiled(xpath: str) -> etree.XPath:
    return etree.XPath(xpath)


def _selected(xpath: str, root: Element) -> tuple[Element, ...]:
    found = _compiled(xpath)(root)
    return tuple(found) if isinstance(found, list) else ()


def _applies(query: str, scheme: Scheme, width: int) -> bool:
    """Whether one of a media query's alternatives holds on a screen."""
    return any(_holds(one.strip(), scheme, width) for one in query.split(","))


def _holds(query: str, scheme: Scheme, width: int) -> bool:
    if re.search(r"\b(?:print|speech|tty|tv)\b", query) or query.startswith("not "):
        return False
    wanted = _SCHEME.search(query)
    if wanted and wanted.group(1) != scheme:
        return False
    return all(
        width >= float(size) if bound == "min" else width <= float(size) for bound, size in _WIDTH.findall(query)
    )


def _is_hidden(element: Element, style: Mapping[str, str]) -> bool:
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or element.get("hidden") is not None
        or (style.get("max-height") in ("0", "0px") and style.get("overflow") == "hidden")
    )
