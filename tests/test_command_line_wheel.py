"""The installed wheel, in a folder that knows nothing of the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent


def _run(command: list[str | Path], folder: Path, **environment: str) -> str:
    given = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
    return subprocess.run(command, cwd=folder, env=given, check=True, capture_output=True, text=True).stdout


def test_an_installed_wheel_makes_a_publication_and_does_its_weekly_job(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    _run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path / "wheels", ROOT], tmp_path)
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    _run([*pip, "install", "--no-deps", "--no-index", "--target", tmp_path / "installed", wheel], tmp_path)
    (tmp_path / "empty").mkdir()
    digest = [sys.executable, "-m", "digest"]
    installed = str(tmp_path / "installed")

    whence = _run([sys.executable, "-c", "import digest; print(digest.__file__)"], tmp_path, PYTHONPATH=installed)
    assert whence.startswith(installed)
    _run([*digest, "init", "letter"], tmp_path / "empty", PYTHONPATH=installed)
    said = _run([*digest, "-C", "letter", "run", "--offline", "--approve"], tmp_path / "empty", PYTHONPATH=installed)

    assert "24 candidates = 24 accepted" in said
    assert len(list((tmp_path / "empty" / "letter" / "outbox" / "new").iterdir())) == 24
    # the letter is the one that the repository commits, byte for byte
    built = tmp_path / "empty" / "letter" / "issues" / "2026-W47" / "email.html"
    assert built.read_bytes() == (ROOT / "issues" / "2026-W47" / "email.html").read_bytes()
