"""The letter for those who hear it or see little: axe-core in a browser, and the checks of the trade.

The Email Markup Consortium publishes which checks most newsletters fail (Accessibility Report 2025,
https://emailmarkup.org/en/reports/accessibility/2025/); this is our own copy of them. axe-core's two rules about web
pages don't hold for a mail, which stands inside a page that has landmarks already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sample_issue as sample
from in_browser import SCHEMES, as_outlook_reads_it, opened
from lxml import etree
from references import axe_source

from digest.model.issue import Issue
from digest.model.theme import Theme
from digest.render.email import render_email
from digest.render.templates import Templates

OF_WEB_PAGES = ["landmark-one-main", "region"]
LETTERS: dict[str, Issue] = {
    "sample": sample.sample_issue(),
    "full": sample.full_issue(),
    "empty": sample.issue(comparisons=()),
    "single": sample.issue(comparisons=(), single=sample.made_verdict("Alone")),
    "right to left": sample.issue(language="ar"),
    "logo": sample.issue(theme=Theme(logo="https://letter.example.com/logo.png")),
}


@pytest.fixture(scope="module")
def letters() -> dict[str, str]:
    templates = Templates()
    return {name: render_email(issue, templates).html for name, issue in LETTERS.items()}


@pytest.mark.long
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("letter", LETTERS)
def test_axe_finds_nothing(browser: Any, references: Path, letters: dict[str, str], letter: str, scheme: str) -> None:
    with opened(browser, letters[letter], 600, scheme) as page:
        page.evaluate(axe_source(references))
        rules = {rule: {"enabled": False} for rule in OF_WEB_PAGES}
        found = page.evaluate("options => axe.run(document, options)", {"rules": rules})
    assert len(found["passes"]) > 15
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]] == []


@pytest.mark.long
def test_axe_sees_what_it_is_asked_for(browser: Any, references: Path, letters: dict[str, str]) -> None:
    faulty = letters["sample"].replace("color:#625d54", "color:#c0c0c0").replace(' lang="en"', "")
    with opened(browser, faulty, 600) as page:
        page.evaluate(axe_source(references))
        found = {rule["id"] for rule in page.evaluate("axe.run()")["violations"]}
    assert {"color-contrast", "html-has-lang", *OF_WEB_PAGES} <= found


def words_of(element: etree._Element) -> str:
    """What a screen reader says of an element: its words, and what stands for its pictures."""
    alts = (image.get("alt", "") for image in element.iter("img"))
    return " ".join(" ".join([*(str(text) for text in element.itertext()), *alts]).split())


def not_presentational(page: etree._Element) -> Iterator[object]:
    for table in page.iter("table"):
        has_heads = bool(table.xpath("./tr/th | ./tbody/tr/th"))  # not those of a table inside it
        if has_heads == (table.get("role") in ("presentation", "none")):
            yield etree.tostring(table)[:120]


def heads_without_scope(page: etree._Element) -> Iterator[object]:
    yield from (words_of(head) for head in page.iter("th") if head.get("scope") not in ("col", "row"))


def body_without_language(page: etree._Element) -> Iterator[object]:
    for element in (page, page.find("body"), *page.find("body").iterchildren("div", "table")):
        if not element.get("lang") or element.get("dir") not in ("ltr", "rtl"):
            yield element.tag


def headings_out_of_order(page: etree._Element) -> Iterator[object]:
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    if levels.count(1) != 1 or levels[0] != 1:
        yield levels
    yield from ((before, after) for before, after in pairwise(levels) if after > before + 1)


def links_without_words(page: etree._Element) -> Iterator[object]:
    yield from (link.get("href") for link in page.iter("a") if not words_of(link))


def links_that_say_nothing(page: etree._Element) -> Iterator[object]:
    vague = re.compile(r"(?:click )?here|(?:read |learn )?more|this|link|https?:.*", re.IGNORECASE)
    yield from (words_of(link) for link in page.iter("a") if vague.fullmatch(words_of(link)))


def links_with_the_words_of_another(page: etree._Element) -> Iterator[object]:
    leads: dict[str, set[str]] = {}
    for link in page.iter("a"):
        leads.setdefault(words_of(link), set()).add(str(link.get("href")))
    yield from (words for words, addresses in leads.items() if len(addresses) > 1)


def links_by_colour_alone(page: etree._Element) -> Iterator[object]:
    """A link among other words keeps its underline (WCAG 2.2, 1.4.1)."""
    for link in page.iter("a"):
        around = link.getparent()
        alone = around is not None and words_of(around) == words_of(link)
        if "text-decoration:none" in link.get("style", "") and not alone:
            yield words_of(link)


def pictures_without_words(page: etree._Element) -> Iterator[object]:
    yield from (image.get("src") for image in page.iter("img") if not image.get("alt", "").strip())


def no_title(page: etree._Element) -> Iterator[object]:
    if not (page.findtext(".//title") or "").strip():
        yield "title"


def repeated_ids(page: etree._Element) -> Iterator[object]:
    ids = [str(name) for name in page.xpath("//@id")]
    yield from (name for name in ids if ids.count(name) > 1)


def zooming_forbidden(page: etree._Element) -> Iterator[object]:
    for meta in page.xpath("//meta[@name='viewport']/@content"):
        if re.search(r"user-scalable\s*=\s*(?:no|0)|maximum-scale", str(meta)):
            yield str(meta)


def vector_markup(page: etree._Element) -> Iterator[object]:
    yield from (element.tag for element in page.iter(etree.Element) if str(element.tag).startswith("v:"))


CHECKS = (
    not_presentational,
    heads_without_scope,
    body_without_language,
    headings_out_of_order,
    links_without_words,
    links_that_say_nothing,
    links_with_the_words_of_another,
    links_by_colour_alone,
    pictures_without_words,
    no_title,
    repeated_ids,
    zooming_forbidden,
    vector_markup,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_letter_passes_what_most_newsletters_fail(
    letters: dict[str, str], check: Callable[[etree._Element], Iterator[object]]
) -> None:
    for html in letters.values():
        for read in (html, as_outlook_reads_it(html)):
            assert list(check(etree.fromstring(read, etree.HTMLParser()))) == []


@pytest.mark.parametrize(
    ("check", "faulty"),
    [
        (not_presentational, "<table><tr><td>x</td></tr></table>"),
        (heads_without_scope, "<table><tr><th>x</th></tr></table>"),
        (body_without_language, "<div lang='en'>x</div>"),
        (headings_out_of_order, "<h1>x</h1><h3>y</h3>"),
        (links_without_words, "<a href='https://a.example'> </a>"),
        (links_that_say_nothing, "<a href='https://a.example'>Read more</a>"),
        (links_with_the_words_of_another, "<a href='https://a.example'>x</a><a href='https://b.example'>x</a>"),
        (links_by_colour_alone, "<p>y <a style='text-decoration:none' href='https://a.example'>x</a></p>"),
        (pictures_without_words, "<img src='https://a.example'>"),
        (repeated_ids, "<p id='a'></p><p id='a'></p>"),
        (zooming_forbidden, "<meta name='viewport' content='width=device-width, user-scalable=no'>"),
        (vector_markup, "<v:rect></v:rect>"),
    ],
)
def test_each_of_these_checks_finds_its_fault(check: Callable[[etree._Element], Iterator[object]], faulty: str) -> None:
    page = etree.fromstring(
        f"<html lang='en' dir='ltr'><body lang='en' dir='ltr'>{faulty}</body></html>", etree.HTMLParser()
    )
    assert list(check(page))
