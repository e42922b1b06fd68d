"""`digest preview` as a process: it says where it is, stops with Ctrl-C, and names what is in its way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import WEEK, CommandLine


@contextmanager
def running(folder: Path, *options: str, **env: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`digest preview` on a free port, and the address that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "digest", "-C", str(folder), "preview", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **env},
        # a shell that starts its jobs in the background lets them ignore Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().split()[-1]
    finally:
        process.kill()
        process.wait()


def test_it_prints_its_address_answers_there_and_stops_with_ctrl_c(built_publication: Path) -> None:
    with running(built_publication, "--no-browser") as (process, address):
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.url == f"{address}issues/{WEEK}"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert process.stdout is not None
        assert process.stderr is not None
        assert (process.stdout.read(), process.stderr.read()) == ("Ctrl-C stops it.\n", "")


def test_it_listens_on_this_machine_only(built_publication: Path) -> None:
    with running(built_publication, "--no-browser") as (_, address):
        assert address.startswith("http://127.0.0.1:")
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.2", int(address.rstrip("/").rpartition(":")[2])), timeout=5)


def test_it_opens_the_browser_at_its_address(built_publication: Path, tmp_path: Path) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}.new && mv {seen}.new {seen}\n', encoding="utf-8")
    browser.chmod(0o755)
    with running(built_publication, BROWSER=f"{browser} %s") as (_, address):
        for _ in range(200):
            if seen.is_file():
                break
            with urllib.request.urlopen(address, timeout=30):
                pass
        assert seen.read_text(encoding="utf-8").strip() == address


def test_a_port_that_is_taken_is_one_line_with_a_cure(built_publication: Path, digest_command: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = digest_command("preview", "--no-browser", "--port", str(port), folder=built_publication)
    assert ran.refusal(1) == (
        f"127.0.0.1: port {port} is taken by another program; name another one, such as `--port 8026`"
    )


def test_an_issue_that_is_not_there_is_one_line_with_a_cure(
    built_publication: Path, digest_command: CommandLine
) -> None:
    ran = digest_command("preview", "--no-browser", "--week", "2026-W50", folder=built_publication)
    assert ran.refusal(2) == "there is no issue 2026-W50 here; `digest build --week 2026-W50` makes it"
    assert '"next" must be a week' in digest_command("preview", "--week", "next", folder=built_publication).refusal(2)
