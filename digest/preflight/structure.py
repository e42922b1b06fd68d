"""How the letter is built, for those who hear it: the published checks of the Email Markup Consortium among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from digest.preflight.check import HTML, Fault, error, warning
from digest.preflight.page import Element, tag_of, words_of
from digest.preflight.page import where as place_of
from digest.preflight.proof import Proof

_TEMPLATE = "mend the template"
_LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"  # RFC 5646, as far as letters need it
_LAYOUT = ("presentation", "none")
_RUNS = ("script", "iframe", "object", "embed", "applet", "frame", "frameset", "base", "portal")

# WAI-ARIA 1.2, sections 5.4 and 6.6, without what only applications use.
_ROLES = set(
    "alert article banner blockquote button caption cell code columnheader complementary contentinfo definition "
    "deletion document emphasis figure form generic group heading img insertion link list listitem main math meter "
    "navigation none note paragraph presentation progressbar region row rowgroup rowheader search section separator "
    "status strong subscript superscript table term text time img doc-subtitle".split()
)
_ARIA = set(
    "atomic braillelabel busy colcount colindex colspan controls current describedby description details disabled "
    "errormessage expanded flowto haspopup hidden invalid keyshortcuts label labelledby level live orientation owns "
    "posinset pressed readonly relevant required roledescription rowcount rowindex rowspan selected setsize sort "
    "valuemax valuemin valuenow valuetext checked modal multiline multiselectable placeholder autocomplete "
    "activedescendant".split()
)


@error
def document_title(proof: Proof) -> Iterator[Fault]:
    """The HTML part has a title: it is what a screen reader says first (WCAG 2.2, success criterion 2.4.2)."""
    titles = [title for title in proof.page.all("title") if not any(True for _ in title.iterancestors("svg"))]
    if not any((title.text or "").strip() for title in titles):
        yield Fault("the HTML part has no title", HTML, "print the subject in <title>")


@error
def language(proof: Proof) -> Iterator[Fault]:
    """The document says its language and its direction (WCAG 2.2, success criterion 3.1.1)."""
    root, issue = proof.page.root, proof.issue
    said, direction = (root.get("lang") or "").strip(), (root.get("dir") or "").strip()
    if not re.fullmatch(_LANGUAGE, said):
        what = f"<html> has lang=“{said}”" if said else "<html> has no lang"
        yield Fault(what, HTML, f'write lang="{issue.language}"')
    if direction.lower() not in ("ltr", "rtl", "auto"):
        what = f"<html> has dir=“{direction}”" if direction else "<html> has no dir"
        yield Fault(what, HTML, f'write dir="{issue.direction}"')


@warning
def language_other(proof: Proof) -> Iterator[Fault]:
    """Language and direction of the document are the publication's."""
    root, issue = proof.page.root, proof.issue
    said, direction = (root.get("lang") or "").strip(), (root.get("dir") or "").strip().lower()
    if re.fullmatch(_LANGUAGE, said) and said.split("-")[0].lower() != issue.language.split("-")[0].lower():
        what = f"<html> says lang=“{said}”, and the publication is written in {issue.language}"
        yield Fault(what, HTML, f'write lang="{issue.language}", or change language in digest.toml')
    elif direction in ("ltr", "rtl") and direction != issue.direction:
        what = f"<html> says dir=“{direction}”, and {issue.language} is written {issue.direction}"
        yield Fault(what, HTML, f'write dir="{issue.direction}"')


@warning
def language_inside(proof: Proof) -> Iterator[Fault]:
    """What stands in the body says language and direction once more: webmail takes <html> and <body> away (Email
    Markup Consortium, 2025: the check that 98 % of mails fail).
    """
    for child in proof.page.body:
        if not isinstance(child.tag, str) or child.tag in ("style", "script") or not words_of(child):
            continue
        lacking = [name for name in ("lang", "dir") if not (child.get(name) or "").strip()]
        if lacking:
            yield Fault(
                f"an element of the body has no {' and no '.join(lacking)}", place_of(child), "write both on it"
            )


@error
def headings(proof: Proof) -> Iterator[Fault]:
    """One first heading, which comes first, and no level left out, and none empty (WCAG 2.2, technique G141)."""
    found = [one for one in _headings(proof) if one not in proof.sheet.hidden]
    levels = [_level(one) for one in found]
    cure = "mend the headings in the template"
    if levels.count(1) != 1:
        yield Fault(f"the letter has {levels.count(1)} h1 headings, it needs one", HTML, cure)
    elif levels[0] != 1:
        yield Fault("the letter does not begin with its h1", place_of(found[0]), cure)
    for before, after in pairwise(found):
        if _level(after) > _level(before) + 1:
            yield Fault(f"h{_level(after)} follows h{_level(before)}", place_of(after), cure)
    for one in found:
        if not words_of(one):
            yield Fault(f"an h{_level(one)} is empty", place_of(one), cure)


@error
def layout_tables(proof: Proof) -> Iterator[Fault]:
    """A table that only lays out says role="presentation", in Outlook's comments too; a table of data has row or
    column headings (Email Markup Consortium; WCAG 2.2, success criterion 1.3.1).
    """
    for table in proof.page.all("table"):
        own = [cell for cell in table.iter("th", "caption") if next(cell.iterancestors("table"), None) is table]
        if table.get("role") in _LAYOUT:
            if own:
                what = f"a table with role={table.get('role')} has a <{tag_of(own[0])}>"
                yield Fault(what, place_of(table), "take the role away, or use td")
        elif not own:
            what = "a table has neither role=presentation nor headings"
            yield Fault(what, place_of(table), 'write role="presentation" if it lays out, else th with scope')
    for comment in proof.page.comments:
        for table in re.findall(r"<table\b[^>]*>", comment):
            if comment.lstrip().startswith("[if") and not re.search(r"\brole=[\"']?(?:presentation|none)\b", table):
                yield Fault(f"a table for Outlook has no role: {table[:60]}", HTML, 'write role="presentation"')


@error
def table_scopes(proof: Proof) -> Iterator[Fault]:
    """Every heading of a data table says whether it heads its row or its column (WCAG 2.2, technique H63)."""
    for cell in proof.page.all("th"):
        if (cell.get("scope") or "").lower() not in ("row", "col", "rowgroup", "colgroup"):
            said = f"scope=“{cell.get('scope')}”" if cell.get("scope") else "no scope"
            yield Fault(
                f"the heading “{words_of(cell)[:40]}” of a table has {said}", place_of(cell), "write row or col"
            )


@error
def active_elements(proof: Proof) -> Iterator[Fault]:
    """Nothing in the letter runs or loads a page: mail programs take it for an attack."""
    for element in proof.page.elements:
        if element.tag in _RUNS:
            yield Fault(f"<{tag_of(element)}> has no place in a letter", place_of(element), "take it out")
        elif (element.get("http-equiv") or "").lower() == "refresh":
            yield Fault("the letter sends its reader elsewhere by <meta http-equiv=refresh>", HTML, "take it out")
        for name in element.attrib:
            if re.match(r"on[a-z]{3,}$", str(name)):
                yield Fault(f"{name} on <{tag_of(element)}> is a script", place_of(element), "take it out")


@error
def zoom(proof: Proof) -> Iterator[Fault]:
    """Readers may enlarge the letter (Email Markup Consortium; WCAG 2.2, success criterion 1.4.4)."""
    for meta in proof.page.all("meta"):
        content = (meta.get("content") or "").lower().replace(" ", "")
        bound = re.search(r"maximum-scale=([\d.]+)", content)
        if (meta.get("name") or "").lower() == "viewport" and (
            re.search(r"user-scalable=(?:no|0)", content) or (bound and bound.group(1)[:1] in "01")
        ):
            yield Fault("the viewport forbids enlarging", HTML, "take user-scalable and maximum-scale out")


@warning
def duplicate_ids(proof: Proof) -> Iterator[Fault]:
    """No two elements have the same id (Email Markup Consortium)."""
    ids = Counter(element.get("id") for element in proof.page.elements if element.get("id"))
    for name, times in ids.items():
        if times > 1:
            yield Fault(f"the id “{name}” stands {times} times", HTML, "give each its own, or a class")


@warning
def aria(proof: Proof) -> Iterator[Fault]:
    """Roles and aria attributes are ones that there are (WAI-ARIA 1.2; Email Markup Consortium)."""
    for element in proof.page.elements:
        for role in (element.get("role") or "").split():
            if role not in _ROLES and not role.startswith("doc-"):
                yield Fault(f"role=“{role}” is none", place_of(element), _TEMPLATE)
        for name in map(str, element.attrib):
            if name.startswith("aria-") and name.removeprefix("aria-") not in _ARIA:
                yield Fault(f"{name} is no attribute", place_of(element), _TEMPLATE)


@warning
def vml(proof: Proof) -> Iterator[Fault]:
    """Shapes for Outlook have an alternative text and lead nowhere: keyboards cannot reach links in them (Email Markup
    Consortium).
    """
    for comment in proof.page.comments:
        for shape in re.findall(r"<v:(?:rect|roundrect|image|oval|shape)\b[^>]*>", comment):
            if not re.search(r"\balt=", shape):
                yield Fault(f"a shape for Outlook has no alt: {shape[:60]}", HTML, 'write alt="", or what it shows')
            if re.search(r"\bhref=", shape):
                yield Fault(f"a shape for Outlook is a link: {shape[:60]}", HTML, "use a table cell and a link in it")


@warning
def doctype(proof: Proof) -> Iterator[Fault]:
    """The document begins with <!doctype html> and says that it is UTF-8: without them programs draw as of old."""
    if not re.match(r"\s*<!doctype html", proof.email.html, re.IGNORECASE):
        yield Fault("the HTML part has no <!doctype html>", f"{HTML}:1", _TEMPLATE)
    said = " ".join(f"{meta.get('charset') or ''} {meta.get('content') or ''}" for meta in proof.page.all("meta"))
    if "utf-8" not in said.lower():
        yield Fault("the HTML part does not say that it is UTF-8", HTML, 'write <meta charset="utf-8"> in its head')


def _headings(proof: Proof) -> list[Element]:
    return [
        element
        for element in proof.page.elements
        if re.fullmatch("h[1-6]", tag_of(element)) or (element.get("role") == "heading" and element.get("aria-level"))
    ]


def _level(heading: Element) -> int:
    level = heading.get("aria-level") or tag_of(heading)[1:]
    return int(level) if level.isdigit() else 6
