"""The editors' application in a real browser: its frames, its two colour schemes, and a hostile issue."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import WEEK, required
from preview_server import Preview, previewing

pytestmark = pytest.mark.long
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        required("Chromium is not installed; `apt-get install chromium` brings it")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


def opened(browser: Any, preview: Preview, path: str, *, width: int = 1440, scheme: str = "light") -> Any:
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.goto(preview.address + path)
    return page


@pytest.mark.parametrize(("view", "width"), [("phone", 375), ("desktop", 600), ("dark", 375)])
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
        page.wait_for_url("**view=desktop")
        page.context.close()


def test_a_hostile_mail_opens_no_dialog_and_asks_no_other_place(browser: Any, built_publication: Path) -> None:
    folder = built_publication / "issues" / WEEK
    (folder / "email.html").write_text(HOSTILE, encoding="utf-8")
    (folder / "email.txt").write_text(HOSTILE, encoding="utf-8")
    said = HOSTILE.replace("'", "''").replace("\n", " ")
    fields = "".join(f"{name}: '{said}'\n" for name in ("subject", "preheader", "headline", "intro"))
    (folder / "issue.yaml").write_text(fields, encoding="utf-8")
    dialogs: list[str] = []
    elsewhere: list[str] = []
    with previewing(built_publication) as preview:
        context = browser.new_context()
        context.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        # a request that a policy stops is never routed
        context.route("**elsewhere.example/**", lambda route: (elsewhere.append(route.request.url), route.abort()))
        for view in ("phone", "desktop", "dark", "text", "headers"):
            page = context.new_page()
            page.goto(f"{preview.address}{PAGE}?view={view}")
            for link in ("#a", "#j", "#b") if len(page.frames) > 1 else ():
                page.frames[1].locator(link).click()
            page.wait_for_timeout(300)
            assert page.url.startswith(preview.address)
            assert page.evaluate("document.querySelectorAll('script, main img, main object').length") == 0
            page.close()
        page = context.new_page()
        page.goto(f"{preview.address}{PAGE}/email.html")
        page.wait_for_timeout(300)
        context.close()
    assert (dialogs, elsewhere) == ([], [])
