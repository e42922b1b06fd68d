"""Print the cold starts beside their limits, and beside a bare Python in the same run; then the collecting.

python -m benches
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benches import checking, collecting, judging, pairing, previewing, recognising, rendering

DIGEST = Path(sys.executable).with_name("digest")
THURSDAY = "2026-11-19T09:00:00+01:00"


def median_seconds(command: list[str | Path], runs: int) -> float:
    """The median time of a whole process, after one run that warms the disk's cache."""
    times = []
    for number in range(runs + 1):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        if number:
            times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        letter = Path(folder) / "letter"
        subprocess.run([DIGEST, "init", letter], check=True, capture_output=True)
        here: list[str | Path] = [DIGEST, "-C", letter, "--now", THURSDAY]
        subprocess.run([*here, "collect", "--offline"], check=True, capture_output=True)
        bare = median_seconds([sys.executable, "-c", "pass"], 20)
        rows = [
            ("python -c pass (the floor)", bare, None),
            ("python -c 'import click'", median_seconds([sys.executable, "-c", "import click"], 20), None),
            ("digest --help", median_seconds([DIGEST, "--help"], 20), 0.150),
            ("digest build", median_seconds([*here, "build", "--week", "2026-W47"], 7), 1.5),
            ("digest run, nothing to do", median_seconds([*here, "run", "--offline"], 5), 10.0),
        ]
    print(f"{'whole process, median':32}{'seconds':>10}{'limit':>10}")
    for name, seconds, limit in rows:
        verdict = "" if limit is None else f"{limit:>10.3f}  {'within' if seconds <= limit else 'ABOVE'}"
        print(f"{name:32}{seconds:>10.3f}{verdict}")
    print()
    rendering.main()
    print()
    checking.main()
    print()
    recognising.main()
    print()
    collecting.main()
    print()
    pairing.main()
    print()
    previewing.main()
    print()
    judging.main()


if __name__ == "__main__":
    main()
