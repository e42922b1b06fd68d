"""A laptop builds and approves, a server sends; they agree through git alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, SENDING, WEEK, CommandLine, Ran, replace_in, required, tree
from newsroom import letters_in

from digest.jobs.set_up import set_up

pytestmark = pytest.mark.long

NEXT = "2026-W48"


@dataclass(frozen=True)
class Clone:
    """One machine's clone of the publication."""

    folder: Path
    command: CommandLine

    def digest(self, *arguments: str, now: str = BEFORE_SENDING, code: int = 0) -> Ran:
        ran = self.command("--now", now, *arguments, folder=self.folder)
        assert ran.returncode == code, ran.said
        return ran

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        ran = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.folder,
            env={**clean, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def push(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "origin", "HEAD:main")

    def pull(self) -> None:
        self.git("pull", "--quiet", "--rebase", "origin", "main")

    def issue(self, name: str, week: str = WEEK) -> Path:
        return self.folder / "issues" / week / name

    def has_readers(self) -> None:
        self.digest("readers", "import", str(self.folder / "feeds" / "readers.csv"), now=SENDING)


class Machines:
    """A bare repository in the middle, and clones around it."""

    def __init__(self, folder: Path, command: CommandLine) -> None:
        self._folder = folder
        self._command = command

    def clone(self, name: str) -> Clone:
        """A new clone of what was pushed."""
        target, origin = self._folder / name, self._folder / "origin.git"
        subprocess.run(["git", "clone", "--quiet", str(origin), str(target)], check=True, capture_output=True)
        return Clone(target, self._command)

    def laptop(self) -> Clone:
        """The laptop that was there from the beginning."""
        laptop = Clone(self._folder / "laptop", self._command)
        laptop.git("remote", "set-url", "origin", str(self._folder / "origin.git"))
        return laptop


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory, digest_command: CommandLine) -> Path:
    """A laptop that collected and built the sample's issue and pushed it; it has no readers."""
    if shutil.which("git") is None:
        required("git is not installed")
    folder = tmp_path_factory.mktemp("beginning")
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(folder / "origin.git")], check=True)
    laptop = Machines(folder, digest_command).clone("laptop")
    laptop.git("checkout", "--quiet", "-b", "main")
    set_up(laptop.folder)
    laptop.digest("run", "--offline")
    laptop.push("the draft")
    return folder


@pytest.fixture
def machines(beginning: Path, tmp_path: Path, digest_command: CommandLine) -> Machines:
    shutil.copytree(beginning, tmp_path / "machines")
    return Machines(tmp_path / "machines", digest_command)


@pytest.fixture
def laptop(machines: Machines) -> Clone:
    """The laptop, with the issue built and pushed."""
    return machines.laptop()


@pytest.fixture
def server(machines: Machines, laptop: Clone) -> Clone:
    """A server that cloned it, with the readers."""
    server = machines.clone("server")
    server.has_readers()
    return server


def approved(laptop: Clone, server: Clone) -> None:
    laptop.digest("approve", "--by", "Ann <ann@example.com>")
    laptop.push("approved")
    server.pull()


def test_state_secrets_and_letters_stay_on_their_machine(laptop: Clone) -> None:
    committed = laptop.git("ls-files").splitlines()

    assert not [name for name in committed if name.startswith(("digest.db", "digest.lock", "digest.secret", "outbox"))]
    assert f"issues/{WEEK}/email.html" in committed
    assert f"issues/{WEEK}/tools.jsonl" in committed


def test_the_server_makes_the_laptops_letter_again_byte_for_byte(laptop: Clone, server: Clone) -> None:
    approved(laptop, server)
    before = tree(server.folder)

    assert "byte for byte the same" in server.digest("build", "--verify", "--week", WEEK).stdout

    assert tree(server.folder) == before
    assert server.git("status", "--porcelain") == ""


def test_the_letter_is_made_again_without_the_verdicts_and_settings_it_was_made_from(
    laptop: Clone, server: Clone
) -> None:
    shutil.rmtree(server.folder / "verdicts")
    shutil.rmtree(server.folder / "feeds")
    replace_in(server.folder / "digest.toml", 'name = "Ship or Skip"', 'name = "Another name"')

    assert "byte for byte the same" in server.digest("build", "--verify", "--week", WEEK).stdout


def test_the_approved_bytes_go_out_from_the_server(laptop: Clone, server: Clone) -> None:
    approved(laptop, server)
    html = laptop.issue("email.html").read_bytes()

    ran = server.digest("run", "--offline", now=SENDING)

    assert "24 candidates = 24 accepted" in ran.stdout
    assert len(set(letters_in(server.folder / "outbox"))) == 24
    assert server.issue("email.html").read_bytes() == html
    server.push("sent")
    laptop.pull()
    assert "was sent" in laptop.digest("run", "--offline", now=SENDING).stdout
    assert not (laptop.folder / "outbox").exists()


def test_an_edit_after_approval_is_reported_and_not_mixed_in(laptop: Clone, server: Clone) -> None:
    approved(laptop, server)
    replace_in(laptop.folder / "verdicts" / "copperline.yaml", "tagline: ", "tagline: Rewritten, ")
    replace_in(laptop.issue("issue.yaml"), "subject: ", 'subject: "Edited later" # ')
    laptop.push("an edit too late")
    server.pull()
    approved_html = server.issue("email.html").read_bytes()

    ran = server.digest("run", "--offline", now=SENDING)

    assert "edited since approval: the approved version goes out" in ran.said
    letters = list((server.folder / "outbox" / "new").iterdir())
    assert len(letters) == 24
    assert not any(b"Edited later" in letter.read_bytes() for letter in letters)
    assert server.issue("email.html").read_bytes() == approved_html


@pytest.mark.parametrize("part", ["email.html", "email.txt"])
def test_a_letter_whose_bytes_were_changed_after_approval_is_refused(laptop: Clone, server: Clone, part: str) -> None:
    approved(laptop, server)
    with laptop.issue(part).open("a", encoding="utf-8") as file:
        file.write("\n")
    laptop.push("one byte more")
    server.pull()

    ran = server.digest("send", "--week", WEEK, now=SENDING, code=3)
    assert "not the bytes that were approved" in ran.refusal(3)
    server.digest("run", "--offline", now=SENDING, code=3)
    assert not (server.folder / "outbox").exists()


def test_tools_that_two_machines_collected_merge_in_git(laptop: Clone, server: Clone) -> None:
    tools = laptop.issue("tools.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    server.digest("run", "--offline")
    assert server.git("status", "--porcelain") == "", "the same feeds make the same files everywhere"

    laptop.issue("tools.jsonl").write_text("".join(tools[:-1]), encoding="utf-8")
    laptop.push("one tool less")
    server.pull()
    server.digest("collect", "--offline")

    assert server.issue("tools.jsonl").read_text(encoding="utf-8") == "".join(tools)


def test_a_second_server_may_not_send_until_it_adopts(laptop: Clone, server: Clone, machines: Machines) -> None:
    approved(laptop, server)
    server.digest("run", "--offline", now=SENDING)
    server.push("sent")
    second = machines.clone("second")
    second.has_readers()

    # what another database sent is never sent again
    assert "was sent" in second.digest("run", "--offline", "--week", WEEK, now=SENDING).stdout
    second.digest("send", "--week", WEEK, now=SENDING)
    assert not (second.folder / "outbox").exists()

    wednesday, friday = "2026-11-25T18:05:00+01:00", "2026-11-27T09:05:00+01:00"
    second.digest("run", "--offline", now=wednesday)
    second.digest("approve", "--week", NEXT, "--by", "Ann", now=wednesday)
    refused = second.digest("run", "--offline", now=friday, code=3)
    assert "was sent by the database" in refused.said
    assert "digest adopt" in refused.said
    assert not (second.folder / "outbox").exists()

    second.digest("adopt", now=friday)
    second.digest("run", "--offline", now=friday)
    assert len(set(letters_in(second.folder / "outbox"))) == 24
    second.push("sent from the second server")

    # now the first one is the stranger
    server.pull()
    assert "was sent" in server.digest("run", "--offline", "--week", NEXT, now=friday).stdout
    assert len(letters_in(server.folder / "outbox")) == 24


def test_there_is_nothing_to_adopt_before_the_first_letter(laptop: Clone) -> None:
    laptop.digest("adopt", code=3)
