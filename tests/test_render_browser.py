"""The letter in a real browser: widths, both colour schemes, and without its style blocks."""

from __future__ import annotations

from typing import Any

import pytest
import sample_issue as sample
from in_browser import opened, without_styles

from digest.model.issue import Comparison, Issue
from digest.render.email import render_email
from digest.render.templates import Templates

pytestmark = pytest.mark.long

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


# Runs of text whose boxes share more than a hair with a box of another run.
OVERLAPPING = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), boxes = [], found = [];
  while (walk.nextNode()) {
    if (!walk.currentNode.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(walk.currentNode);
    for (const box of range.getClientRects()) if (box.width > 1) boxes.push([box, walk.currentNode.data.slice(0, 30)]);
  }
  boxes.sort((a, b) => a[0].top - b[0].top);
  boxes.forEach(([a, said], place) => { for (const [b, other] of boxes.slice(place + 1)) {
    if (b.top >= a.bottom) break;
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    // glyphs' boxes are taller than the letters in them, so lines of one text may touch
    if (wide > 2 && high > 6) found.push([said, other, wide, high]); } });
  return found;
}"""

# The sizes of all text.
SIZES = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), sizes = [];
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (walk.currentNode.data.trim() && element.getClientRects().length)
      sizes.push(getComputedStyle(element).fontSize);
  }
  return sizes;
}"""


def foreign() -> Issue:
    """An issue whose words are of other scripts, or have no end."""
    name, words = "比較する道具 👩‍👩‍👧‍👦 أداة", f"{'w' * 5_000} 🚀 مقارنة بين أداتين どちらを出荷すべきか"
    a, b = (sample.made_verdict(f"{name} {side}", tagline=words, slug=side) for side in ("a", "b"))
    pair = Comparison(a=a, b=b, bottom_line=words)
    return sample.issue(comparisons=(pair, pair), headline=words, intro=words)


@pytest.fixture(scope="module")
def letters() -> dict[str, str]:
    templates = Templates()
    made = {"sample": sample.sample_issue(), "full": sample.full_issue(), "empty": sample.issue(comparisons=())}
    made["single"] = sample.issue(comparisons=(), single=sample.made_verdict("Alone"))
    made["right to left"], made["foreign"] = sample.sample_issue().model_copy(update={"language": "ar"}), foreign()
    return {name: render_email(issue, templates).html for name, issue in made.items()}


@pytest.mark.parametrize("width", [320, 375, 480, 600, 900])
def test_nothing_runs_over_the_edge(browser: Any, letters: dict[str, str], width: int) -> None:
    for html in letters.values():
        for shown in (html, without_styles(html)):
            with opened(browser, shown, width) as page:
                # Without its styles the body keeps the browser's own margin of 8 px, which mail programs do not have.
                assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 375, 600])
def test_no_words_lie_on_others(browser: Any, letters: dict[str, str], width: int) -> None:
    for html in letters.values():
        for shown in (html, without_styles(html)):
            with opened(browser, shown, width) as page:
                assert page.evaluate(OVERLAPPING) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read_in_both_schemes(browser: Any, letters: dict[str, str], scheme: str) -> None:
    for html in letters.values():
        with opened(browser, html, 600, scheme) as page:
            assert page.evaluate(FAINT) == []


def test_all_words_can_be_read_without_the_style_blocks(browser: Any, letters: dict[str, str]) -> None:
    with opened(browser, without_styles(letters["full"]), 600) as page:
        assert page.evaluate(FAINT) == []


def test_dark_mode_has_a_palette_of_its_own(browser: Any, letters: dict[str, str]) -> None:
    with opened(browser, letters["sample"], 600, "dark") as page:
        ground = "getComputedStyle(document.querySelector('.s')).backgroundColor"
        assert page.evaluate(ground) == "rgb(27, 28, 26)"


def test_buttons_and_the_ways_out_are_easy_to_hit(browser: Any, letters: dict[str, str]) -> None:
    for width in (320, 600):
        with opened(browser, letters["sample"], width) as page:
            own = page.query_selector_all("a[href*=READER_TOKEN]")
            assert len(own) == 10
            assert all(link.bounding_box()["height"] >= 44 for link in own)


@pytest.mark.parametrize("width", [320, 375, 600])
def test_names_scores_and_buttons_of_the_two_tools_stand_level(
    browser: Any, letters: dict[str, str], width: int
) -> None:
    with opened(browser, letters["full"], width) as page:
        for kind in ("a.name", ".number", "table[aria-hidden]", "td:has(> a[href*='/vote/'])"):
            boxes = [found.bounding_box() for found in page.query_selector_all(kind)]
            assert len(boxes) == 8
            for left, right in zip(boxes[::2], boxes[1::2], strict=True):
                assert left["y"] == right["y"]
                assert left["x"] + left["width"] < right["x"]


def test_quotes_stand_side_by_side_on_a_desk_and_below_each_other_on_a_phone(
    browser: Any, letters: dict[str, str]
) -> None:
    for width, side_by_side in ((600, True), (375, False)):
        with opened(browser, letters["sample"], width) as page:
            first, second = (quote.bounding_box() for quote in page.query_selector_all(".half")[:2])
            assert (first["y"] == second["y"]) is side_by_side
            assert (first["x"] == second["x"]) is not side_by_side


def test_a_stacked_quote_still_says_whose_and_which_tool_s_it_is(browser: Any, letters: dict[str, str]) -> None:
    with opened(browser, letters["sample"], 375) as page:
        heads = [" ".join(half.inner_text().split("\n\n")[0].split()) for half in page.query_selector_all(".half")[:2]]
    assert heads == ["✗ SKIP Copperline Mara Lindqvist, ran it", "✓ SHIP Tidepool Mara Lindqvist, ran it"]


def test_the_answer_and_both_cards_fit_the_first_two_screens_of_a_phone(browser: Any, letters: dict[str, str]) -> None:
    for name in ("sample", "full"):
        with opened(browser, letters[name], 375, height=812) as page:
            lead = page.query_selector("table:has(> tbody > tr > td.card)").bounding_box()
            assert lead["y"] + lead["height"] <= 2 * 812


def test_the_type_keeps_to_one_scale(browser: Any, letters: dict[str, str]) -> None:
    sizes = set()
    for width in (375, 600):
        with opened(browser, letters["sample"], width) as page:
            sizes |= set(page.evaluate(SIZES))
    assert sizes <= {"13px", "15px", "17px", "21px", "27px", "33px"}


def test_the_preheader_is_there_and_not_seen(browser: Any, letters: dict[str, str]) -> None:
    with opened(browser, letters["sample"], 600) as page:
        assert sample.issue().preheader in page.content()
        assert sample.issue().preheader not in page.inner_text("body")
