"""Check 1,000 verdicts with full quotes, as a whole process, and print the time beside its limit.

python -m benches.judging

Beside the wall clock stands the processor's time, which a busy machine leaves alone.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DIGEST = Path(sys.executable).with_name("digest")
SAMPLE = Path(__file__).resolve().parent.parent / "verdicts"
NOW = "2026-11-20T09:00:00+01:00"
FILES = 1000
LIMIT = 2.0
RUNS = 5


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        letter = Path(folder) / "letter"
        subprocess.run([DIGEST, "init", letter], check=True, capture_output=True)
        subprocess.run([DIGEST, "-C", letter, "--now", NOW, "collect", "--offline"], check=True, capture_output=True)
        size = fill(letter / "verdicts", FILES)
        print(
            f"{f'verdict check, {FILES} files, {size / FILES / 1000:.1f} KB each':44}{'wall':>8}{'CPU':>8}{'limit':>8}"
        )
        command = [DIGEST, "-C", letter, "--now", NOW, "verdict", "check"]
        row("all good", command)
        for path in sorted((letter / "verdicts").glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("  checked: 2026-11-16", "  checked: 2025-11-16"), encoding="utf-8")
        row("each with a warning at its line", command)


def fill(folder: Path, count: int) -> int:
    """Write many verdicts, made of the sample's; returns how many bytes they have together."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLE.glob("*.yaml"))]
    size = 0
    for number in range(count):
        text = texts[number % len(texts)].replace(".example", f"-{number}.example")
        lines = [f"name: Tool {number:04}" if line.startswith("name: ") else line for line in text.splitlines()]
        size += (folder / f"tool-{number:04}.yaml").write_bytes("\n".join([*lines, ""]).encode())
    for path in SAMPLE.glob("*.yaml"):
        (folder / path.name).unlink()
    return size


def row(title: str, command: list[str | Path]) -> None:
    """The median of some runs, after one that warms the disk's cache."""
    walls, processors = [], []
    for number in range(RUNS + 1):
        begun, before = time.perf_counter(), _processor_seconds()
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "COLUMNS": "100"})
        if number:
            walls.append(time.perf_counter() - begun)
            processors.append(_processor_seconds() - before)
    wall, processor = statistics.median(walls), statistics.median(processors)
    print(f"{title:44}{wall:>8.3f}{processor:>8.3f}{LIMIT:>8.3f}  {'within' if wall <= LIMIT else 'ABOVE'}")


def _processor_seconds() -> float:
    """The processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
