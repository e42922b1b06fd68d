"""How long an editor waits after a save: until the letter is drawn anew, and until the checks stand beside it."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

from digest.preview.application import application
from digest.preview.server import listening
from digest.preview.watching import Watching
from digest.publication import load_publication

SAVES = 9
LIMIT = 0.5
THURSDAY = "2026-11-19T12:00:00+01:00"
_DRAWN = "words => document.getElementById('letter')?.contentDocument?.body?.innerText.includes(words)"
_TOLD = "count => Number(document.body.dataset.told || 0) >= count"


def main() -> None:
    """Measure and print."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("the preview was not measured: Chromium is not installed")
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "letter"
        for words in (["init", str(folder)], ["-C", str(folder), "--now", THURSDAY, "run", "--offline"]):
            subprocess.run([sys.executable, "-m", "digest", *words], check=True, capture_output=True)
        letters, checks = _measured(folder, chromium)
    print(f"{'the preview after a save, median':44}{'seconds':>10}{'limit':>10}")
    verdict = "within" if letters <= LIMIT else "ABOVE"
    print(f"{'until the letter is drawn anew':44}{letters:>10.3f}{LIMIT:>10.3f}  {verdict}")
    print(f"{'until the checks stand beside it':44}{checks:>10.3f}")


def _measured(folder: Path, chromium: str) -> tuple[float, float]:
    from playwright.sync_api import sync_playwright

    draft = folder / "issues" / "2026-W47" / "issue.yaml"
    good, watching = draft.read_text(encoding="utf-8"), Watching(folder)
    app = application(load_publication(folder, {}), lambda: datetime.fromisoformat(THURSDAY), watching=watching)
    server = listening(app, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    watching.start()
    letters, checks = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/issues/2026-W47")
        page.wait_for_selector("body[data-following=yes]")
        time.sleep(1)
        for number in range(1, SAVES + 1):
            words = f"Launches of save {number}"
            begun = time.perf_counter()
            draft.write_text(good.replace("Two launches", words), encoding="utf-8")
            page.wait_for_function(_DRAWN, arg=words, polling=10)
            letters.append(time.perf_counter() - begun)
            page.wait_for_function(_TOLD, arg=number, polling=10)
            checks.append(time.perf_counter() - begun)
            time.sleep(0.5)
        browser.close()
    watching.stop()
    server.shutdown()
    return statistics.median(letters), statistics.median(checks)
