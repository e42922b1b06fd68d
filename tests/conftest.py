"""What all tests share: a fresh publication, the command line as a real process, and what a machine must offer."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import settings
from in_browser import CHROMIUM
from references import NotInstalled, installed

import digest.cli
from digest.jobs.set_up import set_up

# how long one example takes says more about the machine than about the code
settings.register_profile("digest", deadline=None)
settings.load_profile("digest")

CommandLine = Callable[..., "Ran"]
WEEK = "2026-W47"
# before the sample issue goes out, and after it should have
BEFORE_SENDING = "2026-11-19T12:00:00+01:00"
SENDING = "2026-11-20T09:05:00+01:00"


def required(what: str) -> None:
    """Skip a test whose machine lacks something; with DIGEST_REQUIRE_ALL=1, as in CI, fail instead."""
    if os.environ.get("DIGEST_REQUIRE_ALL") == "1":
        pytest.fail(what)
    pytest.skip(what)


@dataclass(frozen=True)
class Ran:
    """What one call of the command line left behind."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        """All that a person saw."""
        return self.stdout + self.stderr

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.stdout)

    def refusal(self, code: int) -> str:
        """The one line of an error, after checking that it is one, stands on standard error, and ends in a code."""
        lines = [line for line in self.stderr.splitlines() if not line.startswith("warning: ")]
        assert self.returncode == code, self.said
        assert len(lines) == 1, self.stderr
        assert lines[0].startswith("digest: ")
        assert "Traceback" not in self.said
        return lines[0].removeprefix("digest: ")


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of real feeds and labelled entries beside the repository.

    Nothing in it may be published, so a clone has none: those tests skip, saying so.
    With DIGEST_REQUIRE_ALL=1 they fail.
    """
    folder = Path(__file__).resolve().parent.parent.parent / "shared"
    if not folder.is_dir():
        required("the folder ../shared with real feeds and labels is not there")
    return folder


@pytest.fixture(scope="session")
def references(request: pytest.FixtureRequest) -> Path:
    """The folder of the reference MJML compiler and axe-core, installed by npm on the first call."""
    try:
        return installed(request.config.cache.mkdir("references"))
    except NotInstalled as missing:
        required(str(missing))
        raise AssertionError("unreachable") from None


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A running Chromium; a page of `in_browser.opened` is closed by closing its context."""
    if CHROMIUM is None:
        required("Chromium is not installed; `apt-get install chromium` brings it")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    """A fresh publication with the sample's verdicts and recorded feeds, as `digest init` makes it."""
    folder = tmp_path / "letter"
    set_up(folder)
    return folder


@pytest.fixture(scope="session")
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The caller's environment with an empty HOME and none of its DIGEST_ variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIGEST_", "GIT_"))}
    return {**kept, "HOME": str(tmp_path_factory.mktemp("home")), "COLUMNS": "100"}


@pytest.fixture(scope="session")
def digest_here(clean_environment: dict[str, str]) -> CommandLine:
    """Calls the command line's `main` in this process, for tests that need its answer and not its process.

    It takes what `digest_command` takes, and is the quicker of the two by all imports.
    """

    def run(*arguments: str, folder: Path | None = None, env: dict[str, str] | None = None, stdin: str = "") -> Ran:
        place = ["-C", str(folder)] if folder is not None else []
        # bytes beneath text, as a process has them: some commands write bytes
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True) for _ in range(2))
        given = io.BytesIO(stdin.encode())
        given.name = "<stdin>"  # type: ignore[attr-defined]
        with (
            patch.dict(os.environ, {**clean_environment, **(env or {})}, clear=True),
            patch.object(sys, "argv", ["digest", *place, *arguments]),
            patch.object(sys, "stdin", io.TextIOWrapper(given)),
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            digest.cli.main()
        said, wrong = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
        return Ran(int(ended.value.code or 0), said, wrong)

    return run


@pytest.fixture(scope="session")
def digest_command(clean_environment: dict[str, str]) -> CommandLine:
    """Runs `digest` as a process of its own, with an empty HOME and none of the caller's DIGEST_ variables.

    `digest_command("run", "--offline", folder=…, env={…}, stdin="…")`. Options that stand before the command
    are simply given first; `prefix` is a command that starts this one, such as setpriv.
    """

    def run(
        *arguments: str,
        folder: Path | None = None,
        env: dict[str, str] | None = None,
        stdin: str = "",
        prefix: tuple[str, ...] = (),
        timeout: float = 120,
    ) -> Ran:
        place = ("-C", str(folder)) if folder is not None else ()
        finished = subprocess.run(
            [*prefix, sys.executable, "-m", "digest", *place, *arguments],
            env={**clean_environment, **(env or {})},
            input=stdin.encode(),
            capture_output=True,
            cwd=clean_environment["HOME"],
            timeout=timeout,
            check=False,
        )
        return Ran(finished.returncode, finished.stdout.decode(), finished.stderr.decode())

    return run


@pytest.fixture(scope="session")
def _sent_once(tmp_path_factory: pytest.TempPathFactory, digest_here: CommandLine) -> Path:
    folder = tmp_path_factory.mktemp("sent") / "letter"
    set_up(folder)
    ran = digest_here("run", "--offline", "--approve", folder=folder)
    assert ran.returncode == 0, ran.said
    return folder


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory, digest_here: CommandLine) -> Path:
    folder = tmp_path_factory.mktemp("built") / "letter"
    set_up(folder)
    ran = digest_here("--now", BEFORE_SENDING, "run", "--offline", folder=folder)
    assert ran.returncode == 0, ran.said
    return folder


@pytest.fixture
def sent_publication(_sent_once: Path, tmp_path: Path) -> Path:
    """A publication whose sample issue went out: the weekly job ran once, offline, with approval."""
    return Path(shutil.copytree(_sent_once, tmp_path / "sent" / "letter"))


@pytest.fixture
def built_publication(_built_once: Path, tmp_path: Path) -> Path:
    """A publication whose sample issue is built and waits for approval."""
    return Path(shutil.copytree(_built_once, tmp_path / "built" / "letter"))


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL database for one test: a schema of its own, dropped afterwards.

    DIGEST_TEST_POSTGRESQL says where the server is.
    """
    psycopg = pytest.importorskip("psycopg")
    server = os.environ.get("DIGEST_TEST_POSTGRESQL", "postgresql://root@127.0.0.1:5432/test")
    schema = f"test_{uuid.uuid4().hex}"
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        required("no PostgreSQL server answers; DIGEST_TEST_POSTGRESQL says where it is")
    with connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{server}?options=-csearch_path%3D{schema}"
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on both kinds that the program knows."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'digest.db'}"
    return str(request.getfixturevalue("postgresql_url"))


def tree(folder: Path, *, without: tuple[str, ...] = ("digest.lock", "digest.db", "digest.secret")) -> dict[str, str]:
    """Every file of a folder and what it holds, for comparing before and after; the program's own state apart."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(without)
    }


def leftovers(folder: Path) -> list[str]:
    """Files that a write left half done."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.new"))


def replace_in(path: Path, old: str, new: str) -> None:
    """Change one place of a file, and insist that the place is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, text: str) -> int:
    """The number of the first line that holds a text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
