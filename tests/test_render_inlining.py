"""premailer's inlining beside css-inline's: every element of the letter gets the same style."""

from __future__ import annotations

import re
from typing import Any

import css_inline
import pytest
import sample_issue as sample
from in_browser import opened, without_styles
from lxml import etree

from digest.render.email import compiled, dressed, letter_mjml
from digest.render.letter import letter_of
from digest.render.lighten import lighten
from digest.render.templates import Templates

pytestmark = pytest.mark.long

# Every element in order, with its whole computed style, and no styles from outside the inlined ones.
COMPUTED = """() => [...document.body.querySelectorAll("*")].map(element => {
  const style = getComputedStyle(element);
  return [element.tagName, ...[...style].map(name => name + ":" + style.getPropertyValue(name))].join(";");
})"""


def inlined_by_the_other(html: str) -> str:
    """The compiled letter with its plain rules inlined by css-inline, made light as ours is."""
    rules = "".join(re.findall(r"<style data-inline[^>]*>(.*?)</style>", html, re.DOTALL))
    inliner = css_inline.CSSInliner(extra_css=rules, load_remote_stylesheets=False)
    return lighten(etree.fromstring(inliner.inline(without_styles(html)), etree.HTMLParser()))


@pytest.mark.parametrize("make", [sample.sample_issue, sample.full_issue], ids=["sample", "full"])
def test_both_give_every_element_the_same_computed_style(browser: Any, make: Any) -> None:
    issue = make()
    html = compiled(letter_mjml(letter_of(issue), Templates()))
    styles = []
    for shown in (without_styles(dressed(html, issue)), inlined_by_the_other(html)):
        with opened(browser, shown, 600) as page:
            styles.append(page.evaluate(COMPUTED))
    ours, theirs = styles
    assert len(ours) == len(theirs) > 500
    assert [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]] == []
