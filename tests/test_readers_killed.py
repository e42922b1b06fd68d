"""An import that is killed and run again ends as one that was not."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CommandLine

pytestmark = pytest.mark.long
ROWS = 30_000


@pytest.mark.parametrize("after", [0.0, 0.2, 0.6, 1.5])
def test_killed_and_run_again(
    publication: Path, tmp_path: Path, digest_here: CommandLine, clean_environment: dict[str, str], after: float
) -> None:
    path = tmp_path / "r.csv"
    rows = [f"r{number}@example.com,R {number},2026-05-01,Yes please." for number in range(ROWS)]
    rows[7::1000] = ["nonsense,,,"] * len(rows[7::1000])
    path.write_text("address,name,consented_at,consent\n" + "\n".join(rows) + "\n")
    clock = ("--now", "2026-11-20T08:00:00+00:00")
    command = [sys.executable, "-m", "digest", "-C", str(publication), *clock, "readers", "import", str(path)]
    killed = subprocess.Popen(command, env=clean_environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    database = publication / "digest.db"
    for _ in range(500):
        if database.exists() or killed.poll() is not None:
            break
        time.sleep(0.02)
    time.sleep(after)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "r.refused.csv").exists() or killed.returncode == 0

    again = digest_here(*clock, "readers", "import", str(path), "--json", folder=publication)
    assert again.returncode == 0, again.said
    assert again.json["added"] + again.json["known"] == ROWS - 30
    assert len((tmp_path / "r.refused.csv").read_text().splitlines()) == 31

    other = tmp_path / "other"
    digest_here("init", str(other))
    digest_here(*clock, "readers", "import", str(path), folder=other)
    exports = [digest_here("readers", "export", folder=folder).stdout for folder in (publication, other)]
    assert exports[0] == exports[1]
