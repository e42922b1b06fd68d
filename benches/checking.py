"""Preflight of the full letter: eight long quotes, three short comparisons, twelve lines; without the network.

python -m benches.checking
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

LIMIT = 0.300


def main() -> None:
    """Measure processor time, the first letter of a process and the following ones, and print it."""
    import sample_issue as sample

    from digest.preflight import CHECKS, preflight
    from digest.render.email import render_email
    from digest.render.templates import Templates

    issue = sample.full_issue()
    email = render_email(issue, Templates())
    times = []
    for _ in range(12):
        begun = time.process_time()
        found = preflight(email, issue)
        times.append(time.process_time() - begun)
    print(f"preflight, {len(CHECKS)} checks, {len(email.html.encode()):,} bytes, {len(found)} findings")
    print(f"{'processor time':32}{'seconds':>10}{'limit':>10}")
    for name, seconds in (("the first letter", times[0]), ("those after it, median", statistics.median(times[1:]))):
        print(f"{name:32}{seconds:>10.3f}{LIMIT:>10.3f}  {'within' if seconds <= LIMIT else 'ABOVE'}")


if __name__ == "__main__":
    main()
