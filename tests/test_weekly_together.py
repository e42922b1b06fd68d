"""Cron may start the weekly job twice: one works, the other says so and leaves."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import CommandLine, tree
from newsroom import letters_in

from digest.jobs.lock import held


@pytest.mark.long
@pytest.mark.parametrize("attempt", range(6))
def test_two_runs_at_the_same_instant_make_one_issue(
    publication: Path, digest_command: CommandLine, attempt: int
) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(digest_command, "run", "--offline", "--approve", folder=publication) for _ in range(2)]
        one, other = (run.result() for run in both)
    letters = letters_in(publication / "outbox")

    assert one.returncode == other.returncode == 0, one.said + other.said
    assert len(letters) == len(set(letters)) == 24
    worked = [ran for ran in (one, other) if "24 accepted" in ran.stdout]
    assert worked
    for ran in (one, other):
        if ran not in worked:
            line = ran.refusal(0)
            assert re.search(r"`digest run` \(process \d+ on \S+ since \S+\) is at work here", line), line

    before = tree(publication)
    third = digest_command("run", "--offline", "--approve", folder=publication)
    assert third.returncode == 0
    assert "Nothing is sent twice" in third.stdout
    assert tree(publication) == before


@pytest.mark.long
def test_a_storm_of_starts_makes_one_issue(publication: Path, digest_command: CommandLine) -> None:
    with ThreadPoolExecutor(5) as pool:
        starts = [pool.submit(digest_command, "run", "--offline", "--approve", folder=publication) for _ in range(5)]
        assert {start.result().returncode for start in starts} == {0}
    letters = letters_in(publication / "outbox")

    assert len(letters) == len(set(letters)) == 24


def test_who_comes_while_another_command_works_is_told_who_it_is(
    publication: Path, digest_command: CommandLine
) -> None:
    with held(publication, "approve", lambda: datetime(2026, 11, 20, 8, 5, tzinfo=UTC)):
        ran = digest_command("run", "--offline", folder=publication)

    assert ran.refusal(0).startswith("`digest approve` (process ")
    assert "since 2026-11-20T08:05:00+00:00" in ran.stderr
    assert not (publication / "digest.db").exists()


def test_a_lock_that_a_dead_process_left_behind_locks_nobody_out(
    publication: Path, digest_command: CommandLine
) -> None:
    (publication / "digest.lock").write_text('{"command": "run", "process": 1, "host": "x", "since": "2026"}')

    assert digest_command("run", "--offline", "--approve", folder=publication).returncode == 0
