"""The editors' application in a real browser: its frames, its two colour schemes, and a hostile issue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import WEEK, replace_in
from preview_server import Preview, previewing

from digest.preview.views import PANELS, VIEWS

pytestmark = pytest.mark.long
PAGE = f"/issues/{WEEK}"
GROUND = "getComputedStyle(document.querySelector('.s')).backgroundColor"
HOSTILE = """<!doctype html><html><head><meta http-equiv="refresh" content="0;url=http://elsewhere.example/refresh">
<link rel="stylesheet" href="http://elsewhere.example/x.css"><link rel="prefetch" href="http://elsewhere.example/p">
<script>alert(1);fetch('http://elsewhere.example/f');top.location='http://elsewhere.example/top'</script></head>
<body style="background:url(http://elsewhere.example/b.png)" onload="alert(2)"><img src="x" onerror="alert(3)">
<img src="http://elsewhere.example/i.png"><iframe src="http://elsewhere.example/frame"></iframe>
<object data="http://elsewhere.example/o"></object><video src="http://elsewhere.example/v" autoplay></video>
<form action="http://elsewhere.example/form"><button id="b">Go</button></form>
<a id="a" href="http://elsewhere.example/link">link</a> <a id="j" href="javascript:alert(4)">run</a></body></html>"""


def opened(browser: Any, preview: Preview, path: str, *, width: int = 1440, scheme: str = "light") -> Any:
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto(preview.address + path)
    return page


@pytest.mark.parametrize(
    ("view", "width"),
    [("phone", 375), ("desktop", 600), ("dark", 375), ("inverted", 375), ("no-images", 375), ("free&width=480", 480)],
)
def test_the_mail_has_the_width_of_its_device(browser: Any, built_publication: Path, view: str, width: int) -> None:
    with previewing(built_publication) as preview:
        page = opened(browser, preview, f"{PAGE}?view={view}")
        assert page.query_selector("iframe").bounding_box()["width"] == width
        # nothing of it is lost to a scroll bar, which a phone lays over the mail
        assert page.frames[1].evaluate("document.documentElement.clientWidth") == width
        assert page.frames[1].evaluate("document.documentElement.scrollWidth") == width
        page.context.close()


@pytest.mark.parametrize("desktop", ["light", "dark"])
def test_dark_is_dark_and_light_is_light_on_every_desktop(browser: Any, built_publication: Path, desktop: str) -> None:
    with previewing(built_publication) as preview:
        for view, ground in (("phone", "rgb(255, 255, 255)"), ("dark", "rgb(27, 28, 26)")):
            page = opened(browser, preview, f"{PAGE}?view={view}", scheme=desktop)
            assert page.frames[1].evaluate(GROUND) == ground
            page.context.close()


@pytest.mark.parametrize("width", [360, 900, 1440, 2500])
def test_nothing_runs_over_the_edge(browser: Any, built_publication: Path, width: int) -> None:
    with previewing(built_publication) as preview:
        for path in (PAGE, f"{PAGE}?view=desktop", f"{PAGE}?view=text", f"{PAGE}?view=headers", "/nowhere"):
            page = opened(browser, preview, path, width=width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.context.close()


def test_the_keyboard_alone_reaches_every_view(browser: Any, built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        page = opened(browser, preview, PAGE)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the issue"
        page.keyboard.press("Enter")
        for name in ("Phone", "Desktop"):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent").startswith(name)
        page.keyboard.press("Enter")
        page.wait_for_url("**view=desktop&panel=checks")
        page.context.close()


def test_each_view_shows_what_it_claims(browser: Any, built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        shown = {}
        for view in ("inverted", "no-images", "no-styles", "outlook"):
            page = opened(browser, preview, f"{PAGE}?view={view}")
            shown[view] = page.frames[1].evaluate(
                """() => ({ground: getComputedStyle(document.querySelector('.s') || document.body).backgroundColor,
                styles: [...document.styleSheets].length, words: document.body.innerText,
                loading: [...document.images].filter(one => one.currentSrc).length})"""
            )
            page.context.close()
    assert max(map(int, re.findall(r"\d+", shown["inverted"]["ground"])[:3])) < 70
    assert shown["no-images"]["loading"] == 0
    # the frame's own, for its scroll bar
    assert shown["no-styles"]["styles"] == 1
    for view in shown.values():
        assert "Keep it on the laptop" in view["words"]
        assert "PixelsPerInch" not in view["words"]


def test_the_inbox_rows_are_cut_in_both_programs_and_both_schemes(browser: Any, built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        page = opened(browser, preview, f"{PAGE}?view=inbox")
        rows = page.locator(".inboxes section").all()
        assert [row.get_attribute("aria-label") for row in rows] == [
            f"{program}, {scheme}" for program in ("Gmail", "Apple Mail") for scheme in ("light", "dark")
        ]
        for row in rows:
            subject = row.locator(".subject")
            assert row.bounding_box()["width"] == 375
            assert subject.evaluate("one => one.scrollWidth > one.clientWidth")
        page.context.close()


def test_a_finding_points_at_its_place_in_the_mail(browser: Any, built_publication: Path) -> None:
    replace_in(built_publication / "issues" / WEEK / "issue.yaml", "How we judge", "How we judge click here TODO")
    with previewing(built_publication) as preview:
        page = opened(browser, preview, PAGE)
        before = page.frames[1].evaluate("document.documentElement.scrollTop")
        page.locator("[data-near]").first.click()
        assert page.frames[1].locator("[data-pointed]").count() == 1
        assert page.frames[1].evaluate("document.documentElement.scrollTop") > before
        page.context.close()


def test_pairs_are_reordered_by_the_keyboard_and_the_focus_goes_along(browser: Any, built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        page = opened(browser, preview, f"{PAGE}?panel=pairs")
        order = "[...document.querySelectorAll('[data-pair]')].map(one => one.id)"
        before = page.evaluate(order)
        page.locator(f"#{before[2]}").focus()
        page.keyboard.press("Alt+ArrowUp")
        page.wait_for_url("**done=pairs")
        assert page.evaluate(order) == [before[0], before[2], before[1], *before[3:]]
        assert page.evaluate("document.activeElement.id") == before[2]
        page.context.close()


def test_two_editors_in_conflict_see_both_versions(browser: Any, built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        one, other = (opened(browser, preview, f"{PAGE}?panel=words") for _ in range(2))
        one.fill("[name=headline]", "The first one was quicker")
        one.get_by_role("button", name="Save the words").click()
        one.wait_for_url("**done=words")
        other.fill("[name=headline]", "The second one was slower")
        other.get_by_role("button", name="Save the words").click()
        other.wait_for_selector("text=issue.yaml changed meanwhile")
        assert other.get_by_text("The first one was quicker").count() == 1
        assert other.get_by_label("Yours").input_value() == "The second one was slower"
        other.get_by_role("button", name="Write mine").click()
        other.wait_for_url("**done=words")
        assert other.locator("iframe").get_attribute("sandbox") == "allow-same-origin"
        assert "The second one was slower" in other.frames[1].evaluate("document.body.innerText")
        one.context.close()
        other.context.close()


def test_approving_is_one_press_of_a_button(browser: Any, built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        page = opened(browser, preview, f"{PAGE}?panel=approve")
        page.get_by_role("button", name="Approve this letter").click()
        page.wait_for_url("**done=approve")
        assert page.locator("header .state").inner_text() == "approved"
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Any, built_publication: Path, references: Path, scheme: str) -> None:
    axe = (references / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    paths = [f"{PAGE}?view={view}" for view in ("phone", "inbox", "text", "source", "headers")]
    paths += [f"{PAGE}?panel={panel}" for panel in ("words", "pairs", "desk", "approve")]
    with previewing(built_publication) as preview:
        for path in (*paths, f"{PAGE}/verdicts/copperline", "/nowhere"):
            context = browser.new_context(color_scheme=scheme, viewport={"width": 1440, "height": 900}, bypass_csp=True)
            page = context.new_page()
            page.goto(preview.address + path)
            page.evaluate(axe)
            # the letter has an axe test of its own
            found = page.evaluate("axe.run({exclude: ['iframe']}, {iframes: false}).then(done => done.violations)")
            assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found] == [], path
            context.close()


def test_a_hostile_issue_opens_no_dialog_and_asks_no_other_place(browser: Any, built_publication: Path) -> None:
    folder = built_publication / "issues" / WEEK
    said = HOSTILE.replace("'", "''").replace("\n", " ")
    fields = "".join(f"{name}: '{said}'\n" for name in ("subject", "preheader", "headline", "intro"))
    (folder / "issue.yaml").write_text(fields, encoding="utf-8")
    verdict = built_publication / "verdicts" / "copperline.yaml"
    tagline = next(line for line in verdict.read_text(encoding="utf-8").splitlines() if line.startswith("tagline:"))
    replace_in(verdict, tagline, f"tagline: '{said}'")
    pages = [f"{PAGE}?view={view}" for view in VIEWS] + [f"{PAGE}?panel={panel}" for panel in PANELS]
    opens_nothing(browser, built_publication, [*pages, f"{PAGE}/verdicts/copperline"], links=())


def test_a_hostile_mail_opens_no_dialog_and_asks_no_other_place(browser: Any, sent_publication: Path) -> None:
    folder = sent_publication / "issues" / WEEK
    (folder / "email.html").write_text(HOSTILE, encoding="utf-8")
    (folder / "email.txt").write_text(HOSTILE, encoding="utf-8")
    framed = [f"{PAGE}?view={view}" for view, one in VIEWS.items() if one.look]
    opens_nothing(browser, sent_publication, framed, links=("#a", "#j", "#b"))
    others = [f"{PAGE}?view={view}" for view, one in VIEWS.items() if not one.look]
    opens_nothing(browser, sent_publication, [*others, f"{PAGE}/email.html"], links=())


def opens_nothing(browser: Any, folder: Path, paths: list[str], *, links: tuple[str, ...]) -> None:
    """Opens pages, clicks what is in their letter, and fails if anything ran or was asked for elsewhere."""
    dialogs: list[str] = []
    elsewhere: list[str] = []
    with previewing(folder) as preview:
        context = browser.new_context()
        context.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        # a request that a policy stops is never routed
        context.route("**elsewhere.example/**", lambda route: (elsewhere.append(route.request.url), route.abort()))
        for path in paths:
            page = context.new_page()
            page.goto(preview.address + path)
            # Outlook shows no buttons
            for link in (one for one in links if page.frames[1].locator(one).is_visible()):
                page.frames[1].locator(link).click()
            page.wait_for_timeout(250)
            assert page.url.startswith(preview.address)
            assert page.evaluate("document.querySelectorAll('main script, main img, main object').length") == 0
            page.close()
        context.close()
    assert (dialogs, elsewhere) == ([], [])
