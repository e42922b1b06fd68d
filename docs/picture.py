"""Draw the sample issue as its readers see it, and as the poorest mail programs show it.

    python docs/picture.py

docs/issue.png has a desktop, a phone and the dark. docs/mail/ has the whole letter, to be looked at after each change
of its look: colours inverted by force, pictures off, style elements dropped, and 320 pixels wide. Needs Chromium;
CHROMIUM names it where it is not /usr/bin/chromium.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
MAIL = ROOT / "issues" / "2026-W47" / "email.html"
PICTURE = ROOT / "docs" / "issue.png"
POOR = ROOT / "docs" / "mail"

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The sample issue</title><style>
body {{ margin: 0; padding: 48px; display: flex; gap: 40px; align-items: flex-start; background: #dedbd3; }}
iframe {{ border: 0; border-radius: 12px; box-shadow: 0 12px 40px rgb(0 0 0 / 22%); height: 1180px; }}
</style>{frames}</html>"""


def main() -> None:
    """Draw all of them."""
    mail = MAIL.read_text(encoding="utf-8")
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        plain = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        # what Gmail's and Samsung's apps do to a letter whose dark colours they don't read
        inverting = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--enable-features=WebContentsForceDark"]
        )
        _draw_frames(plain, mail)
        POOR.mkdir(exist_ok=True)
        _draw_whole(inverting, "inverted", _without_dark(mail), 375)
        _draw_whole(plain, "pictures-off", mail, 375)
        _draw_whole(plain, "styles-dropped", re.sub(r"<style.*?</style>", "", mail, flags=re.DOTALL), 375)
        _draw_whole(plain, "narrow", mail, 320)
        plain.close()
        inverting.close()


def _draw_frames(browser: Any, mail: str) -> None:
    """Three frames on one page, photographed."""
    light = mail.replace("(prefers-color-scheme:dark)", "not all")
    dark = mail.replace("(prefers-color-scheme:dark)", "all")
    assert light != dark, "the mail has no dark palette, or its media query is written another way"
    frames = "".join(
        f'<iframe title="{title}" width="{width}" srcdoc="{_quoted(shown)}"></iframe>'
        for title, width, shown in (("desktop", 600, light), ("phone", 375, light), ("dark", 375, dark))
    )
    page = browser.new_page(viewport={"width": 1526, "height": 1276})
    page.set_content(PAGE.format(frames=frames))
    page.screenshot(path=PICTURE)
    _tell(PICTURE)


def _draw_whole(browser: Any, name: str, mail: str, width: int) -> None:
    """The letter from its first line to its last, with nothing loaded."""
    page = browser.new_context(viewport={"width": width, "height": 812}, offline=True).new_page()
    page.route(re.compile(r"\.(?:png|jpe?g|gif|webp)"), lambda route: route.abort())
    page.set_content(mail)
    page.screenshot(path=POOR / f"{name}.jpg", full_page=True, type="jpeg", quality=35)
    _tell(POOR / f"{name}.jpg")


def _without_dark(mail: str) -> str:
    """The letter without its own dark colours, and without saying that it has some."""
    mail = re.sub(r'<meta name="(?:supported-)?color-schemes?"[^>]*>', "", mail)
    return mail.replace("(prefers-color-scheme:dark)", "not all").replace(
        "color-scheme:light dark", "color-scheme:light"
    )


def _tell(path: Path) -> None:
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} KB")


def _quoted(mail: str) -> str:
    return mail.replace("&", "&amp;").replace('"', "&quot;")


if __name__ == "__main__":
    main()
