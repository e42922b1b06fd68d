"""Collect every real feed of ../shared/feeds, beside feedparser alone and beside the package `reader`.

python -m benches.collecting

The feeds are served from as many loopback addresses as there are, each answer 50 ms late, so that hosts are many and
far away. All three get the same bytes from the same server, and each is asked twice: the shorter time counts.

- feedparser alone: two processes, bytes from the disk, no network, nothing kept.
- digest: from the start of the process to its end, in a publication without a database (cold); then once more, when
  nothing has changed; then when bytes have changed, and no entry.
- reader, with eight workers; its list of feeds was made before.

Each is a whole process, measured from outside.
"""

from __future__ import annotations

import compileall
import hashlib
import importlib.util
import json
import multiprocessing
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import digest

DIGEST = Path(sys.executable).with_name("digest")
FEEDS = Path(__file__).resolve().parent.parent.parent / "shared" / "feeds"
LATENCY = 0.05
# when the youngest of the real feeds were saved
NOW = "2026-08-14T12:{:02}:00+00:00"
ROUNDS = 2
# as an installed program runs: with its byte code at hand
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Timed(NamedTuple):
    """How long something took, in seconds, and what it said."""

    seconds: float
    said: str


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
            is_json = body.lstrip().startswith(b"{")
            self.send_header("Content-Type", "application/feed+json" if is_json else "application/xml")
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


def feedparser_alone(files: Sequence[Path]) -> Timed:
    """What the parser alone needs for the same bytes, in two processes."""
    listed = "\n".join(map(str, files)).encode()
    begun = time.perf_counter()
    ran = subprocess.run([sys.executable, "-c", _ALONE], check=True, capture_output=True, input=listed, env=ENVIRONMENT)
    return Timed(time.perf_counter() - begun, ran.stdout.decode().strip())


def collected(folder: Path, minute: int) -> Timed:
    """What one `digest collect` needs."""
    begun = time.perf_counter()
    command = [DIGEST, "-C", folder, "--now", NOW.format(minute), "--json", "collect"]
    ran = subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)
    seconds = time.perf_counter() - begun
    report = json.loads(ran.stdout)
    said = ("feeds", "unchanged", "failed", "entries", "changed")
    return Timed(seconds, ", ".join(f"{report[name]} {name}" for name in said))


def read_by_reader(addresses: Sequence[str], folder: Path) -> Timed | None:
    """What the package `reader` needs; None where it is not installed."""
    if not importlib.util.find_spec("reader"):
        return None
    listed = "\n".join(addresses).encode()
    subprocess.run([sys.executable, "-c", _LIST, folder / "reader.db"], check=True, capture_output=True, input=listed)
    begun = time.perf_counter()
    command = [sys.executable, "-c", _UPDATE, folder / "reader.db"]
    ran = subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)
    return Timed(time.perf_counter() - begun, ran.stdout.decode().strip())


def one_round(paths: Sequence[Path]) -> tuple[dict[str, Timed | None], int]:
    """Everybody once, and how many rows of entries were written where no entry had changed."""
    files = {f"/{number}": path for number, path in enumerate(paths)}
    with tempfile.TemporaryDirectory() as temporary, serving(files) as port:
        folder = Path(temporary) / "letter"
        addresses = [f"http://127.0.0.{1 + number % 200}:{port}/{number}" for number in range(len(paths))]
        _prepare(folder, addresses)
        times: dict[str, Timed | None] = {"feedparser": feedparser_alone(paths), "cold": collected(folder, 0)}
        _count_writes(folder)
        times["same"] = collected(folder, 1)
        subprocess.run([sys.executable, "-c", _ASK, f"http://127.0.0.1:{port}/change"], check=True)
        times["bytes"] = collected(folder, 2)
        times["reader"] = read_by_reader(addresses, Path(temporary))
        return times, _written(folder)


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


def _prepare(folder: Path, addresses: Sequence[str]) -> None:
    compileall.compile_dir(Path(digest.__file__).parent, quiet=2)
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
    size = sum(path.stat().st_size for path in paths) / 1e6
    print(f"{len(paths)} real feeds, {size:.1f} MB, {LATENCY * 1000:.0f} ms away, {os.cpu_count()} processors")
    rounds = [one_round(paths) for _ in range(ROUNDS)]
    best = {
        name: min(timed for times, _ in rounds if (timed := times[name])) if first else None
        for name, first in rounds[0][0].items()
    }
    alone, cold, same, reader = best["feedparser"], best["cold"], best["same"], best["reader"]
    assert alone
    assert cold
    assert same
    times_alone, times_reader = cold.seconds / alone.seconds, reader.seconds / cold.seconds if reader else None
    notes = {
        "cold": f"{times_alone:.2f} times feedparser alone, at most 2: {_verdict(times_alone <= 2)}",
        "same": f"at most 2 s: {_verdict(same.seconds <= 2)}",
        "reader": f"{times_reader:.1f} times digest, at least 4: {_verdict(times_reader >= 4)}" if times_reader else "",
    }
    for name, title in _TITLES.items():
        timed = best[name]
        shown = (
            f"{timed.seconds:7.2f} s   {timed.said}" if timed else "      —     the package `reader` is not installed"
        )
        print(f"  {title:34}{shown}")
        if notes.get(name):
            print(f"  {'':47}{notes[name]}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    written = sum(count for _, count in rounds)
    print(f"  rows of entries written where no entry had changed: {written}; largest process: {peak:.0f} MB")


def _verdict(within: bool) -> str:
    return "within" if within else "ABOVE"


_TITLES = {
    "feedparser": "feedparser alone, two processes",
    "cold": "digest collect, cold",
    "same": "digest collect, all unchanged",
    "bytes": "digest collect, bytes changed",
    "reader": "reader, 8 workers, cold",
}
_ALONE = """
import io, pathlib, sys
from concurrent.futures import ProcessPoolExecutor
import feedparser

def entries_of(path):
    body = io.BytesIO(pathlib.Path(path).read_bytes())
    return len(feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries)

with ProcessPoolExecutor(2) as pool:
    print(sum(pool.map(entries_of, sys.stdin.read().splitlines())), "entries")
"""
_LIST = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
for address in sys.stdin.read().split():
    reader.add_feed(address)
"""
_UPDATE = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
reader.update_feeds(workers=8)
print(reader.get_entry_counts().total, "entries")
"""
_ASK = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"

if __name__ == "__main__":
    main()
