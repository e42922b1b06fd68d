"""Collect every real feed of ../shared/feeds, beside feedparser alone and beside the package `reader`.

The feeds are served from as many loopback addresses as there are, each answer 50 ms late, so that hosts are many and
far away. A run is a whole process, measured from outside.

python -m benches.collecting; with READER_PYTHON=… (a Python that has `reader`) beside that too
"""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

DIGEST = Path(sys.executable).with_name("digest")
FEEDS = Path(__file__).resolve().parent.parent.parent / "shared" / "feeds"
LATENCY = 0.05
# when the youngest of the real feeds were saved
NOW = "2026-08-14T12:{:02}:00+00:00"


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


def _serve(files: dict[str, Path], pipe: Connection) -> None:
    """Answer with files; after `change` was asked for, with one more line break at the end of each."""
    changes = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            nonlocal changes
            time.sleep(LATENCY)
            if self.path == "/change":
                changes += 1
            path = files.get(self.path)
            body = path.read_bytes() + b"\n" * changes if path else b""
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            same = self.headers["If-None-Match"] == etag
            self.send_response(304 if same else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", "0" if same else str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if same else body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = _Server(("0.0.0.0", 0), Handler)  # noqa: S104 - all of 127.0.0.0/8
    pipe.send(server.server_address[1])
    server.serve_forever()


@contextmanager
def serving(files: dict[str, Path]) -> Iterator[int]:
    """The server in a process of its own, so that it takes no time from what is measured here."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(files, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def _entries_of(path: Path) -> int:
    import feedparser

    body = io.BytesIO(path.read_bytes())
    return len(feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries)


def feedparser_alone(files: list[Path]) -> tuple[float, str]:
    """What the parser alone needs for the same bytes, in two processes."""
    begun = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        found = sum(pool.map(_entries_of, files))
    return time.perf_counter() - begun, f"{found} entries"


def _collected(folder: Path, minute: int) -> tuple[float, str]:
    begun = time.perf_counter()
    command = [DIGEST, "-C", folder, "--now", NOW.format(minute), "--json", "collect"]
    ran = subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - begun
    report = json.loads(ran.stdout)
    said = ("feeds", "unchanged", "failed", "entries", "changed")
    return seconds, ", ".join(f"{report[name]} {name}" for name in said)


def _reader(addresses: list[str], folder: Path) -> tuple[float, str] | None:
    """The same with the package `reader`, if READER_PYTHON names a Python that has it."""
    if not os.environ.get("READER_PYTHON"):
        return None
    command = [os.environ["READER_PYTHON"], "-c", _READER, folder / "reader.db"]
    ran = subprocess.run(command, check=True, capture_output=True, input="\n".join(addresses).encode())
    seconds, said = ran.stdout.decode().split(maxsplit=1)
    return float(seconds), said.strip()


def _written(folder: Path) -> int:
    """How often rows of entries were written, counted by triggers of the bench's own."""
    with sqlite3.connect(folder / "digest.db") as database:
        return int(database.execute("SELECT count(*) FROM bench_writes").fetchone()[0])


def _count_writes(folder: Path) -> None:
    with sqlite3.connect(folder / "digest.db") as database:
        database.execute("CREATE TABLE bench_writes (at TEXT)")
        for what in ("INSERT", "UPDATE", "DELETE"):
            trigger = f"CREATE TRIGGER bench_{what} AFTER {what} ON entries"
            database.execute(f"{trigger} BEGIN INSERT INTO bench_writes VALUES (''); END")  # noqa: S608 - our own words


def _prepared(folder: Path, addresses: list[str]) -> None:
    subprocess.run([DIGEST, "init", folder], check=True, capture_output=True)
    settings = (folder / "digest.toml").read_text(encoding="utf-8")
    tables = [f'\n[[feeds]]\nurl = "{address}"\nallow_private = true\n' for address in addresses]
    (folder / "digest.toml").write_text(settings[: settings.index("[[feeds]]")] + "".join(tables), encoding="utf-8")


def main() -> None:
    """Measure and print."""
    if not FEEDS.is_dir():
        print("collecting: ../shared/feeds is not there, so nothing is measured")
        return
    paths = sorted(path for path in FEEDS.rglob("*") if path.is_file() and path.name != "README.md")
    files = {f"/{number}": path for number, path in enumerate(paths)}
    size = sum(path.stat().st_size for path in paths)
    print(f"{len(paths)} real feeds, {size / 1e6:.1f} MB, {LATENCY * 1000:.0f} ms away, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as temporary, serving(files) as port:
        folder = Path(temporary) / "letter"
        addresses = [f"http://127.0.0.{1 + number % 200}:{port}/{number}" for number in range(len(paths))]
        _prepared(folder, addresses)
        rows = [("feedparser alone, two processes", *feedparser_alone(paths))]
        limit = 2 * rows[0][1]
        rows.append((f"digest collect, cold (at most {limit:.1f})", *_collected(folder, 0)))
        _count_writes(folder)
        rows.append(("digest collect, all 304 (at most 2.0)", *_collected(folder, 1)))
        subprocess.run([sys.executable, "-c", _ASK, f"http://127.0.0.1:{port}/change"], check=True)
        rows.append(("digest collect, bytes changed", *_collected(folder, 2)))
        written = _written(folder)
        if beside := _reader(addresses, Path(temporary)):
            rows.append(("reader, 8 workers, cold", *beside))
    for name, seconds, said in rows:
        print(f"  {name:42}{seconds:7.2f} s   {said}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  rows of entries written by the last two runs: {written}; largest process: {peak:.0f} MB")


_READER = """
import sys, time
from reader import make_reader
reader = make_reader(sys.argv[1])
for address in sys.stdin.read().split():
    reader.add_feed(address)
begun = time.perf_counter()
reader.update_feeds(workers=8)
print(time.perf_counter() - begun, reader.get_entry_counts().total, "entries")
"""
_ASK = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"

if __name__ == "__main__":
    main()
