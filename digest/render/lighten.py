"""A compiled letter made light: everything that shows nothing goes. Gmail clips a letter at about 102 KB.

What goes: the inliner's marks, white space between blocks, class names that no rule knows, styles and links that
would load fonts. What stays shown stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

_INLINE = {"a", "b", "bdi", "br", "code", "em", "i", "span", "strong", "sub", "sup"}
_MARK = re.compile(r"\s*data-premailer=\"ignore\"")
_SPACE = re.compile(r"[ \t\r\n]+")  # not \s: a no-break space shows


def lighten(page: etree._Element) -> str:
    """A document as a string of little weight.

    Args:
        page: The document, its plain rules inlined.

    Returns:
        The HTML with its doctype.
    """
    _drop_fonts(page)
    _drop_unused_classes(page)
    for element in list(page.iter()):
        if isinstance(element, etree._Comment):
            element.text = _light_comment(element.text or "")
        elif element.tag == "style":
            element.text = _light_css(element.text or "")
            element.attrib.pop("data-premailer", None)
        elif isinstance(element.tag, str):
            _light_element(element)
    _drop_space(page)
    html = etree.tostring(page, encoding="unicode", method="html", doctype="<!doctype html>")
    return html.replace("\r", "").strip()


def _drop_fonts(page: etree._Element) -> None:
    """MJML loads a font from the web as soon as a text names it beside the word font-family; a letter loads nothing."""
    loading = [element for element in page.iter("link", "style") if element.tag == "link" or "@import" in _css(element)]
    for element in loading:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def _drop_unused_classes(page: etree._Element) -> None:
    comments = [comment.text or "" for comment in page.iter(etree.Comment)]
    rules = " ".join([*map(_css, page.iter("style")), *(text for text in comments if "<style" in text)])
    known = set(re.findall(r"\.([A-Za-z][\w-]*)", rules))
    for element in page.iter(etree.Element):
        names = [name for name in element.get("class", "").split() if name in known]
        if names:
            element.set("class", " ".join(names))
        else:
            element.attrib.pop("class", None)
    for comment in page.iter(etree.Comment):
        comment.text = re.sub(r'\sclass="([^"]*)"', lambda found: _kept_classes(found, known), comment.text or "")


def _kept_classes(found: re.Match[str], known: Iterable[str]) -> str:
    names = " ".join(name for name in found.group(1).split() if name in known)
    return f' class="{names}"' if names else ""


def _css(element: etree._Element) -> str:
    return element.text or ""


def _light_comment(text: str) -> str:
    """Conditional comments are the tables that Outlook sees: white space between their tags shows nothing."""
    bare = _MARK.sub("", text)
    bare = re.sub(r"<style[^>]*>.*?</style>", lambda found: _light_css(found.group()), bare, flags=re.DOTALL)
    bare = _SPACE.sub(" ", bare)
    return re.sub(r"(?<=[>\]]) (?=<)|(?<=>) $|^ (?=<)", "", bare.replace(" >", ">"))


def _light_css(text: str) -> str:
    """Rules without spare space. `}}` never stands together: providers take it for the end of a substitution."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    bare = re.sub(r"\s*([{};,])\s*", r"\1", _SPACE.sub(" ", bare)).replace(";}", "}").replace(": ", ":").strip()
    return bare.replace(" !important", "!important").replace("}}", "} }").replace("}}", "} }")


def _light_element(element: etree._Element) -> None:
    style = element.get("style")
    if style is not None:
        parts = [part.strip() for part in style.split(";") if part.strip()]
        element.set(
            "style",
            ";".join(re.sub(r"^([\w-]+):\s+", r"\1:", part).replace(", ", ",") for part in dict.fromkeys(parts)),
        )
    if element.tag in ("td", "div", "p") and element.get("align") == "left":
        del element.attrib["align"]


def _drop_space(page: etree._Element) -> None:
    for element in page.iter(etree.Element):
        if element.tag in ("style", "pre", "title"):
            continue
        between_blocks = all(child.tag not in _INLINE for child in element)
        if len(element) == 0 or not between_blocks:
            continue
        if not (element.text or "").strip(" \t\r\n"):
            element.text = None
        for child in element:
            if not (child.tail or "").strip(" \t\r\n"):
                child.tail = None
