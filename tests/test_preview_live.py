"""The page follows each save: the letter, then the checks; its place is kept, and a broken file never empties it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import WEEK, line_of, replace_in
from preview_server import Preview, previewing

pytestmark = pytest.mark.long
PAGE = f"/issues/{WEEK}"


def following(browser: Any, preview: Preview, path: str = PAGE) -> Any:
    """A page that has begun to listen."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(preview.address + path)
    page.wait_for_selector("body[data-following=yes]")
    return page


def shows(page: Any, words: str) -> None:
    """Waits until the letter says something."""
    page.wait_for_function(
        "words => document.getElementById('letter')?.contentDocument?.body?.innerText.includes(words)", arg=words
    )


def test_saving_a_file_redraws_the_letter_where_it_was_scrolled_to(browser: Any, built_publication: Path) -> None:
    draft = built_publication / "issues" / WEEK / "issue.yaml"
    with previewing(built_publication, live=True) as preview:
        page = following(browser, preview)
        page.frames[1].evaluate("document.documentElement.scrollTop = 900")
        replace_in(draft, "Two launches this week", "Two launches last Tuesday")
        shows(page, "Two launches last Tuesday")
        assert page.evaluate("document.getElementById('letter').contentDocument.documentElement.scrollTop") == 900
        assert page.locator("iframe").count() == 1
        page.wait_for_selector("text=not built since the last change")
        page.context.close()


def test_a_verdict_a_template_and_the_settings_are_followed_too(browser: Any, built_publication: Path) -> None:
    with previewing(built_publication, live=True) as preview:
        page = following(browser, preview)
        replace_in(built_publication / "verdicts" / "smolvlm-3b.yaml", "name: SmolVLM-3B", "name: Renamed-3B")
        shows(page, "Renamed-3B")
        replace_in(built_publication / "digest.toml", 'name = "The Skeptic"', 'name = "The Doubter"')
        shows(page, "The Doubter")
        own = built_publication / "templates" / "email.mjml.j2"
        own.parent.mkdir(exist_ok=True)
        program = Path(__file__).resolve().parent.parent / "templates" / "email.mjml.j2"
        own.write_text(
            program.read_text(encoding="utf-8").replace(
                "</mj-body>",
                "<mj-section><mj-column><mj-text>From my template</mj-text></mj-column></mj-section></mj-body>",
            ),
            encoding="utf-8",
        )
        shows(page, "From my template")
        page.context.close()


def test_a_broken_file_keeps_the_last_good_letter_and_says_where_until_it_is_mended(
    browser: Any, built_publication: Path
) -> None:
    draft = built_publication / "issues" / WEEK / "issue.yaml"
    good = draft.read_text(encoding="utf-8")
    with previewing(built_publication, live=True) as preview:
        page = following(browser, preview)
        draft.write_text(good.replace("Two launches this week", "Seen once") + "subjct: x\n", encoding="utf-8")
        page.wait_for_selector("[role=alert]")
        said = page.locator("[role=alert]").inner_text()
        assert f"issues/{WEEK}/issue.yaml:{line_of(draft, 'subjct')}:1: subjct: is not a field" in said
        shows(page, "Two launches this week")
        draft.write_text(good.replace("Two launches this week", "Mended launches"), encoding="utf-8")
        shows(page, "Mended launches")
        page.wait_for_selector("[role=alert]", state="detached")
        page.context.close()


def test_what_is_being_typed_survives_a_save_elsewhere(browser: Any, built_publication: Path) -> None:
    draft = built_publication / "issues" / WEEK / "issue.yaml"
    with previewing(built_publication, live=True) as preview:
        page = following(browser, preview, f"{PAGE}?panel=words")
        page.fill("[name=headline]", "Half a thou")
        replace_in(draft, "Two launches this week", "Two launches, again")
        shows(page, "Two launches, again")
        page.wait_for_selector("text=not built since the last change")
        assert page.input_value("[name=headline]") == "Half a thou"
        page.context.close()


def test_the_page_says_when_the_preview_stopped(browser: Any, built_publication: Path) -> None:
    with previewing(built_publication, live=True) as preview:
        page = following(browser, preview)
    page.wait_for_selector("body[data-following=no]")
    page.context.close()
