"""Draw docs/issue.png: the sample issue as its readers see it, on a desktop, on a phone, and in the dark.

    python docs/picture.py

Needs Chromium; CHROMIUM names it where it is not /usr/bin/chromium.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
MAIL = ROOT / "issues" / "2026-W47" / "email.html"
PICTURE = ROOT / "docs" / "issue.png"

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The sample issue</title><style>
body {{ margin: 0; padding: 48px; display: flex; gap: 40px; align-items: flex-start; background: #dedbd3; }}
iframe {{ border: 0; border-radius: 12px; box-shadow: 0 12px 40px rgb(0 0 0 / 22%); height: 1180px; }}
</style>{frames}</html>"""


def main() -> None:
    """Three frames on one page, photographed."""
    light = MAIL.read_text(encoding="utf-8").replace("(prefers-color-scheme:dark)", "not all")
    dark = MAIL.read_text(encoding="utf-8").replace("(prefers-color-scheme:dark)", "all")
    assert light != dark, "the mail has no dark palette, or its media query is written another way"
    frames = "".join(
        f'<iframe title="{title}" width="{width}" srcdoc="{_quoted(mail)}"></iframe>'
        for title, width, mail in (("desktop", 600, light), ("phone", 375, light), ("dark", 375, dark))
    )
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1526, "height": 1276})
        page.set_content(PAGE.format(frames=frames))
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} KB")


def _quoted(mail: str) -> str:
    return mail.replace("&", "&amp;").replace('"', "&quot;")


if __name__ == "__main__":
    main()
