"""The letter in a real browser: widths, both colour schemes, and without its style blocks."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import sample_issue as sample

from digest.render.email import render_email
from digest.render.templates import Templates

pytestmark = pytest.mark.long
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# Every run of text with its colour and the first background behind it, and the contrast of the two (WCAG 2.2, 1.4.3).
FAINT = """() => {
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => { for (let e = node; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), faint = [];
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement, words = walk.currentNode.data.trim();
    if (!words || !element.getClientRects().length) continue;
    const a = light(rgb(getComputedStyle(element).color)), b = light(behind(element));
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push([words.slice(0, 40), contrast]);
  }
  return faint;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        reason = "Chromium is not installed; `apt-get install chromium` brings it"
        if os.environ.get("DIGEST_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def letters() -> dict[str, str]:
    templates = Templates()
    made = {"sample": sample.sample_issue(), "full": sample.full_issue(), "empty": sample.issue(comparisons=())}
    return {name: render_email(issue, templates).html for name, issue in made.items()}


def opened(browser: Any, html: str, width: int, scheme: str = "light") -> Any:
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.set_content(html)
    return page


def without_styles(html: str) -> str:
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("width", [320, 375, 480, 600, 900])
def test_nothing_runs_over_the_edge(browser: Any, letters: dict[str, str], width: int) -> None:
    for html in letters.values():
        for shown in (html, without_styles(html)):
            page = opened(browser, shown, width)
            # Without its styles the body keeps the browser's own margin of 8 px, which mail programs do not have.
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read_in_both_schemes(browser: Any, letters: dict[str, str], scheme: str) -> None:
    for html in letters.values():
        page = opened(browser, html, 600, scheme)
        assert page.evaluate(FAINT) == []
        page.context.close()


def test_all_words_can_be_read_without_the_style_blocks(browser: Any, letters: dict[str, str]) -> None:
    page = opened(browser, without_styles(letters["full"]), 600)
    assert page.evaluate(FAINT) == []


def test_dark_mode_has_a_palette_of_its_own(browser: Any, letters: dict[str, str]) -> None:
    page = opened(browser, letters["sample"], 600, "dark")
    ground = "getComputedStyle(document.querySelector('.s')).backgroundColor"
    assert page.evaluate(ground) == "rgb(27, 28, 26)"


def test_the_two_ways_out_are_easy_to_hit(browser: Any, letters: dict[str, str]) -> None:
    page = opened(browser, letters["sample"], 320)
    for way in page.query_selector_all("a[href*=READER_TOKEN]"):
        assert way.bounding_box()["height"] >= 44


def test_cards_stand_side_by_side_on_a_desk_and_below_each_other_on_a_phone(
    browser: Any, letters: dict[str, str]
) -> None:
    for width, side_by_side in ((600, True), (375, False)):
        page = opened(browser, letters["sample"], width)
        first, second = (link.bounding_box() for link in page.query_selector_all("a.name")[:2])
        assert (first["y"] == second["y"]) is side_by_side


def test_the_preheader_is_there_and_not_seen(browser: Any, letters: dict[str, str]) -> None:
    page = opened(browser, letters["sample"], 600)
    assert sample.issue().preheader in page.content()
    assert sample.issue().preheader not in page.inner_text("body")
