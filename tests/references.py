"""What the mail is held against, in tests only: the reference MJML compiler and axe-core, both from npm.

They are installed on the first call, from tests/node's own lock file, into pytest's cache.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent / "node"
FILES = ("package.json", "package-lock.json", "compile.mjs")


class Compiled(NamedTuple):
    """What the reference made of a document, and what it complained of."""

    html: str
    errors: list[str]


class NotInstalled(Exception):
    """Node.js, or the network that its packages come from, is not there."""


def installed(cache: Path) -> Path:
    """The folder with node_modules, filled by `npm ci` where it is not yet.

    Raises:
        NotInstalled: Says what is missing.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NotInstalled("Node.js 20 with npm is not installed, and the references are written in it")
    folder = cache / hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several workers, one installation
        if not (folder / "done").exists():
            for name in FILES:
                shutil.copy(HERE / name, folder)
            options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
            ran = subprocess.run([npm, "ci", *options], cwd=folder, capture_output=True, text=True, timeout=300)
            if ran.returncode:
                raise NotInstalled(f"npm could not install the references: {ran.stderr.strip()[-300:]}")
            (folder / "done").touch()
    return folder


def compiled_by_reference(folder: Path, documents: list[str]) -> list[Compiled]:
    """MJML documents as the reference compiler has them."""
    ran = subprocess.run(
        ["node", "compile.mjs"],
        cwd=folder,
        input=json.dumps(documents),
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [Compiled(made["html"], made["errors"]) for made in json.loads(ran.stdout)]


def axe_source(folder: Path) -> str:
    """The accessibility checker, as the script that a page runs."""
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
