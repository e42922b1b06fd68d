"""A run that is killed, wherever, is continued by running again, and ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from newsroom import letters_in

from digest.jobs.set_up import set_up

DRIVER = Path(__file__).with_name("kill_driver.py")
SECRET = "a secret that every copy of this publication shares\n"
Driven = Callable[..., subprocess.CompletedProcess[bytes]]
pytestmark = pytest.mark.long


def prepared(folder: Path) -> Path:
    set_up(folder)
    (folder / "digest.secret").write_text(SECRET, encoding="utf-8")
    return folder


def command(folder: Path, point: str, number: int) -> list[str]:
    return [sys.executable, str(DRIVER), point, str(number), "-C", str(folder), "run", "--offline", "--approve"]


def environment(count: Path | None = None) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DIGEST_", "GIT_"))}
    return {**clean, "PYTHONDONTWRITEBYTECODE": "1"} | ({"KILL_DRIVER_COUNT": str(count)} if count else {})


def driven(folder: Path, point: str = "none", number: int = 0, count: Path | None = None) -> int:
    """Run the weekly job, and die at a point."""
    ran = subprocess.run(
        command(folder, point, number), env=environment(count), capture_output=True, timeout=120, check=False
    )
    assert b"Traceback" not in ran.stderr, ran.stderr.decode()
    assert ran.returncode in (0, -signal.SIGKILL), ran.stderr.decode()
    return ran.returncode


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in the publication that is not this machine's own, the name of its database blanked."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(("digest.db", "digest.lock", "digest.secret")):
            found[name] = path.read_bytes()
            if path.name == "sent.yaml":
                found[name] = re.sub(rb'database: "[0-9a-f]+"', b'database: ""', found[name])
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], Counter[str]]:
    """What a run that nobody kills leaves behind, and how often it passes each point."""
    folder = prepared(tmp_path_factory.mktemp("undisturbed") / "letter")
    count = folder.parent / "count"
    assert driven(folder, count=count) == 0
    passed = Counter(count.read_text(encoding="utf-8").splitlines())
    left = contents(folder)
    assert len([name for name in left if name.startswith("outbox/new/")]) == 24
    assert set(passed) >= {"stage", "after a claim", "in the freeze", "before sent.yaml"}
    return left, passed


def assert_as_if_nothing_happened(folder: Path, left: dict[str, bytes]) -> None:
    found = contents(folder)
    # a write that was cut off leaves its file under a name that nothing reads, and never among delivered messages
    for name in [name for name in found if name.endswith(".new") and not name.startswith("outbox/new/")]:
        del found[name]
    assert sorted(found) == sorted(left)
    assert [name for name in left if found[name] != left[name]] == []
    letters = letters_in(folder / "outbox")
    assert len(letters) == len(set(letters)) == 24


def assert_survives(folder: Path, left: dict[str, bytes], point: str, number: int) -> None:
    assert driven(prepared(folder), point, number) == -signal.SIGKILL
    assert driven(folder) == 0
    assert_as_if_nothing_happened(folder, left)
    shutil.rmtree(folder)


def some(numbers: int, most: int) -> list[int]:
    """The first, the last, and a few between."""
    return sorted({1 + round(step * (numbers - 1) / max(most - 1, 1)) for step in range(most)})


POINTS = {
    "stage": 30,
    "before the sending begins": 1,
    "after the sending began": 1,
    "in the freeze": 3,
    "after the freeze": 1,
    "after a claim": 2,
    "after a message": 4,
    "before a batch is settled": 2,
    "after a batch was settled": 2,
    "before the sending is finished": 1,
    "after the sending was finished": 1,
    "before sent.yaml": 1,
    "after sent.yaml": 1,
    "before a file": 5,
    "after a file": 5,
    "after a flush": 12,
}


@pytest.mark.parametrize("point", POINTS)
def test_a_run_killed_at_a_point_is_continued(
    point: str, undisturbed: tuple[dict[str, bytes], Counter[str]], tmp_path: Path
) -> None:
    left, passed = undisturbed
    for number in some(passed[point], POINTS[point]):
        assert_survives(tmp_path / f"{number}", left, point, number)


def test_a_run_killed_again_and_again_is_continued(
    undisturbed: tuple[dict[str, bytes], Counter[str]], tmp_path: Path
) -> None:
    folder = prepared(tmp_path / "letter")

    for point in ("after a file", "stage", "in the freeze", "after a message", "after a message", "before sent.yaml"):
        assert driven(folder, point, 2 if point in ("stage", "after a message") else 1) == -signal.SIGKILL
    assert driven(folder) == 0

    assert_as_if_nothing_happened(folder, undisturbed[0])


@pytest.mark.parametrize("seed", range(15))
def test_a_run_killed_at_a_random_moment_is_continued(
    seed: int, undisturbed: tuple[dict[str, bytes], Counter[str]], tmp_path: Path
) -> None:
    folder = prepared(tmp_path / "letter")
    began = time.monotonic()
    process = subprocess.Popen(
        command(folder, "none", 0), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    # not before it has begun to work: the lock is the first thing that it makes
    while not (folder / "digest.lock").exists() and process.poll() is None and time.monotonic() < began + 60:
        time.sleep(0.01)
    time.sleep(random.Random(seed).uniform(0.0, 1.8))
    process.kill()
    process.wait(30)

    assert driven(folder) == 0
    assert_as_if_nothing_happened(folder, undisturbed[0])


def test_a_second_stand_in_is_not_asked_for_twice_after_a_kill(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "letter")
    text = (folder / "digest.toml").read_text(encoding="utf-8")
    (folder / "digest.toml").write_text(text.replace("approvals = 1", "approvals = 2"), encoding="utf-8")
    approval = folder / "issues" / "2026-W47" / "approval.yaml"
    number = 1
    while not approval.is_file():
        driven(folder, "after a file", number)
        number += 1
    assert approval.read_text(encoding="utf-8").count("decision: approved") == 1

    assert driven(folder) == 0

    assert approval.read_text(encoding="utf-8").count("decision: approved") == 2
    assert len(letters_in(folder / "outbox")) == 24
