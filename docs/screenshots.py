"""Photograph the editors' application on the sample issue, for docs/preview/.

    python docs/screenshots.py

Needs Chromium; CHROMIUM names it where it is not /usr/bin/chromium. Together the pictures stay below 1 MB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from digest.preview.application import application
from digest.preview.server import listening
from digest.preview.views import PANELS, VIEWS
from digest.publication import load_publication

FOLDER = Path(__file__).resolve().parent / "preview"
ISSUE = "2026-W47"
NOW = "2026-11-19T12:00:00+01:00"
# a view beside a panel, so that a few pictures show all of them
PICTURES = (
    *(("phone", "checks", "light"), ("desktop", "words", "light"), ("dark", "pairs", "dark")),
    *(("inverted", "desk", "dark"), ("inbox", "approve", "light"), ("outlook", "checks", "light")),
    *(("no-images", "words", "light"), ("no-styles", "pairs", "light"), ("free", "desk", "light")),
    *(("text", "checks", "light"), ("source", "checks", "dark"), ("headers", "checks", "light")),
)


def main() -> None:
    """Draw all of them."""
    assert {view for view, _, _ in PICTURES} == {*VIEWS}
    assert {panel for _, panel, _ in PICTURES} == {*PANELS}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "letter"
        for words in (["init", str(folder)], ["-C", str(folder), "--now", NOW, "run", "--offline"]):
            subprocess.run([sys.executable, "-m", "digest", *words], check=True, capture_output=True)
        app = application(load_publication(folder, {}), lambda: datetime.fromisoformat(NOW))
        server = listening(app, 0)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            _draw(browser, f"http://127.0.0.1:{server.port}")
            browser.close()
        server.shutdown()


def _draw(browser: Any, address: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    for view, panel, scheme in PICTURES:
        page = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=scheme).new_page()
        page.goto(f"{address}/issues/{ISSUE}?view={view}&panel={panel}")
        page.screenshot(path=FOLDER / f"{view}.jpg", type="jpeg", quality=50)
        page.context.close()
    size = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"docs/preview/: {len(PICTURES)} pictures, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
