"""Render the heaviest issue that the budget has to carry, warm, stage by stage.

python -m benches.rendering
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import sample_issue

from digest.render.email import compiled, dressed, letter_mjml, render_email
from digest.render.letter import letter_of
from digest.render.templates import Templates
from digest.render.text import render_text

LIMIT = 0.250
RUNS = 15


def median(work: Callable[[], object]) -> tuple[float, float]:
    """The median seconds of a piece of work by the clock on the wall, and by the processor's."""
    walls, processors = [], []
    work()
    for _ in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return statistics.median(walls), statistics.median(processors)


def main() -> None:
    """Measure and print."""
    templates, issue = Templates(), sample_issue.full_issue()
    letter = letter_of(issue)
    mjml = letter_mjml(letter, templates)
    html = compiled(mjml)
    email = render_email(issue, templates)
    print(f"the full issue: {len(email.html.encode()):,} bytes of HTML, {len(email.text.encode()):,} of text")
    print(f"{'warm, median':32}{'seconds':>10}{'processor':>11}{'limit':>8}")
    for name, work in (
        ("templates, and MJML checked", lambda: letter_mjml(letter, templates)),
        ("compiled", lambda: compiled(mjml)),
        ("inlined and made light", lambda: dressed(html, issue)),
        ("text part", lambda: render_text(letter, templates)),
    ):
        wall, processor = median(work)
        print(f"{name:32}{wall:>10.3f}{processor:>11.3f}")
    wall, processor = median(lambda: render_email(issue, templates))
    print(
        f"{'the whole mail':32}{wall:>10.3f}{processor:>11.3f}{LIMIT:>8.3f}  {'within' if wall <= LIMIT else 'ABOVE'}"
    )


if __name__ == "__main__":
    main()
