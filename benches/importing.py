"""Import 100,000 readers, beside plain sqlite3 writing the same rows in the same run, and export them again.

Plain sqlite3 reads the file with `csv` and writes two tables with `executemany` in one transaction: no address is
checked, nobody is looked up, nothing is hashed. Each is a process of its own, so that its memory is its own.

python -m benches.importing [ROWS]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DIGEST = Path(sys.executable).with_name("digest")
ROWS = 100_000
MOST_MEGABYTES = 150
_PLAIN = """
import csv, resource, sqlite3, sys, time
begun, worked = time.perf_counter(), time.process_time()
database = sqlite3.connect(sys.argv[2], isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous=FULL")
database.execute("CREATE TABLE readers (id INTEGER PRIMARY KEY, address TEXT, key TEXT UNIQUE, name TEXT)")
database.execute("CREATE TABLE consents (reader INTEGER, at TEXT, wording TEXT)")
rows = list(enumerate(csv.DictReader(open(sys.argv[1], newline="")), 1))
database.execute("BEGIN")
people = ((n, row["address"], row["address"].lower(), row["name"]) for n, row in rows)
database.executemany("INSERT INTO readers VALUES (?, ?, ?, ?)", people)
database.executemany("INSERT INTO consents VALUES (?, ?, ?)", ((n, r["consented_at"], r["consent"]) for n, r in rows))
database.execute("COMMIT")
print(time.perf_counter() - begun, time.process_time() - worked)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_OURS = """
import resource, sys, time
from digest.cli import main
begun, worked = time.perf_counter(), time.process_time()
sys.argv = ["digest", *sys.argv[1:]]
try:
    main()
finally:
    print(time.perf_counter() - begun, time.process_time() - worked, file=sys.stderr)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, file=sys.stderr)
"""


def made_up(path: Path, rows: int) -> None:
    """Write a list of so many readers, at a thousand domains."""
    with path.open("w", encoding="utf-8") as file:
        file.write("address,name,consented_at,consent\n")
        for number in range(rows):
            address = f"person.{number}@mail{number % 997}.example.com"
            file.write(f"{address},Person {number},2026-05-01T10:00:00Z,Send me the letter every Friday.\n")


def measured(name: str, command: list[str | Path], rows: int) -> float:
    """Run a process that tells its time and memory in its last two lines, and print them.

    Returns:
        Seconds of processor.
    """
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    times, memory = (ran.stdout + ran.stderr).strip().splitlines()[-2:]
    seconds, worked = map(float, times.split())
    said = f"{seconds:7.2f} s {rows / seconds:>9,.0f} rows/s {worked:7.2f} s of processor"
    print(f"  {name:34}{said} {float(memory):>6.0f} MB at most")
    return worked


def main(rows: int = ROWS) -> None:
    """Measure and print."""
    print(f"importing {rows:,} readers; at most {MOST_MEGABYTES} MB")
    with tempfile.TemporaryDirectory() as place:
        letter, path = Path(place) / "letter", Path(place) / "readers.csv"
        subprocess.run([DIGEST, "init", letter], check=True, capture_output=True)
        made_up(path, rows)
        python: list[str | Path] = [sys.executable, "-c"]
        plain = measured("plain sqlite3, nothing checked", [*python, _PLAIN, path, Path(place) / "plain.db"], rows)
        ours: list[str | Path] = [*python, _OURS, "-C", letter, "readers"]
        first = measured("digest readers import", [*ours, "import", path], rows)
        measured("the same file again", [*ours, "import", path], rows)
        measured("digest readers export FILE", [*ours, "export", Path(place) / "out.csv"], rows)
        measured("digest readers list --json", [*ours, "list", "--json"], rows)
        begun = time.perf_counter()
        answer = subprocess.run([DIGEST, "-C", letter, "readers", "list", "--count", "--json"], capture_output=True)
        print(f"  digest readers list --count says {json.loads(answer.stdout)['readers']:,} after "
              f"{time.perf_counter() - begun:.2f} s")  # fmt: skip
    print(f"  the import takes {first / plain:.1f} times the processor of writing the rows alone")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
