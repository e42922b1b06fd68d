"""A full or a read-only disk: one line says so, nothing is half-written, and later the same command goes through."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, WEEK, CommandLine, leftovers, required, tree

from digest.jobs.set_up import set_up

pytestmark = pytest.mark.long

Disk = Callable[[str], Path]
RUN = ("run", "--offline", "--approve")
# what no two runs have in common: who the database is, when it was, and the tokens' keys
OWN = ("digest.lock", "digest.db", "digest.secret", "filling", "approval.yaml", "sent.yaml")


def _as_root(*command: str) -> None:
    prefix = () if os.geteuid() == 0 else ("sudo", "-n")
    try:
        subprocess.run([*prefix, *command], check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError) as error:
        required(f"this machine lets nobody mount a disk for a test ({error})")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Makes a disk of its own, as big as a test asks for."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        place = tmp_path / f"disk-{len(mounted)}"
        place.mkdir()
        _as_root("mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "none", str(place))
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        with suppress(subprocess.SubprocessError):
            subprocess.run([*(() if os.geteuid() == 0 else ("sudo", "-n")), "umount", "-l", str(place)], check=False)


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """The disk takes no writes for a while."""
    _as_root("mount", "-o", "remount,ro", str(place))
    yield
    _as_root("mount", "-o", "remount,rw", str(place))


@contextmanager
def filled(place: Path, *, but: int) -> Iterator[None]:
    """The disk is full for a while, but for so many bytes."""
    stat = os.statvfs(place)
    filling = place / "filling"
    with filling.open("wb") as file:
        file.write(b"\0" * max(0, stat.f_bavail * stat.f_frsize - but))
    yield
    filling.unlink()


def sound(folder: Path) -> None:
    """Nothing half-written: no file beside another, a database that holds together, mails that are whole."""
    assert leftovers(folder) == []
    if (folder / "digest.db").exists():
        with sqlite3.connect(folder / "digest.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for mail in (folder / "outbox").glob("new/*"):
        assert mail.read_bytes().rstrip().endswith(b"--")


def recipients(folder: Path) -> Counter[str]:
    mails = (folder / "outbox" / "new").iterdir()
    return Counter(BytesHeaderParser().parsebytes(path.read_bytes())["To"] for path in mails)


def sent_whole(folder: Path, command: CommandLine) -> None:
    """The same command goes through, and everybody gets the letter once."""
    ran = command(*RUN, folder=folder)
    assert ran.returncode == 0, ran.said
    assert "24 candidates = 24 accepted" in ran.stdout
    assert len(recipients(folder)) == 24
    assert set(recipients(folder).values()) == {1}
    sound(folder)


class TestAReadOnlyDisk:
    @pytest.mark.parametrize(
        "command",
        [
            RUN,
            ("collect", "--offline"),
            ("build", "--week", WEEK),
            ("approve", "--week", WEEK),
            ("templates", "copy", "email.txt.j2"),
        ],
        ids=["run", "collect", "build", "approve", "templates copy"],
    )
    def test_refuses_what_writes_in_one_line_and_goes_on_later(
        self, disk: Disk, digest_command: CommandLine, command: tuple[str, ...]
    ) -> None:
        folder = disk("8m") / "letter"
        set_up(folder)
        before = tree(folder, without=())
        with read_only(folder.parent):
            line = digest_command(*command, folder=folder).refusal(1)
            assert line.startswith(str(folder))
            assert "cannot" in line
            assert "read-only" in line or "right" in line
        assert tree(folder, without=()) == before
        if command == RUN:
            sent_whole(folder, digest_command)

    def test_lets_everything_be_read(self, disk: Disk, built_publication: Path, digest_command: CommandLine) -> None:
        folder = Path(shutil.copytree(built_publication, disk("8m") / "letter"))
        before = tree(folder, without=())
        with read_only(folder.parent):
            for command in (
                ("tools", "list"),
                ("pair",),
                ("check",),
                ("verdict", "check"),
                ("templates", "list"),
                ("build", "--verify"),
            ):
                ran = digest_command("--now", BEFORE_SENDING, *command, folder=folder)
                assert ran.returncode == 0, (command, ran.said)
        assert tree(folder, without=()) == before

    def test_is_no_place_for_a_new_publication(self, disk: Disk, digest_command: CommandLine) -> None:
        place = disk("1m")
        with read_only(place):
            line = digest_command("init", str(place / "letter")).refusal(1)
            assert line.startswith(str(place / "letter"))
        assert list(place.iterdir()) == []


class TestAFullDisk:
    def test_is_told_in_one_line_and_the_next_run_does_the_work(
        self, disk: Disk, sent_publication: Path, digest_command: CommandLine
    ) -> None:
        folder = disk("8m") / "letter"
        set_up(folder)
        before = tree(folder, without=OWN)
        with filled(folder.parent, but=0):
            line = digest_command(*RUN, folder=folder).refusal(1)
            assert str(folder) in line
            assert "no space left" in line or "the disk is full" in line
            assert "free some room" in line
            assert tree(folder, without=OWN) == before
            assert leftovers(folder) == []
        sent_whole(folder, digest_command)
        there, normal = (
            {name: made for name, made in tree(one, without=OWN).items() if not name.startswith("outbox/")}
            for one in (folder, sent_publication)
        )
        assert there == normal

    @pytest.mark.parametrize("room", [4, 40, 120, 200, 260, 300, 340, 400, 460, 560, 700, 900, 1100, 1500, 2200])
    def test_wherever_the_room_ends(
        self, disk: Disk, sent_publication: Path, digest_command: CommandLine, room: int
    ) -> None:
        folder = disk("8m") / "letter"
        set_up(folder)
        with filled(folder.parent, but=room * 1000):
            for _ in range(2):
                ran = digest_command(*RUN, folder=folder)
                if ran.returncode == 0:
                    break
                line = ran.refusal(1)
                assert "no space left" in line or "the disk is full" in line
                assert leftovers(folder) == []
        sent_whole(folder, digest_command)
        there, normal = (
            {name: made for name, made in tree(one, without=OWN).items() if not name.startswith("outbox/")}
            for one in (folder, sent_publication)
        )
        assert there == normal

    def test_is_no_place_for_a_new_publication(self, disk: Disk, digest_command: CommandLine) -> None:
        place = disk("1m")
        with filled(place, but=60_000):
            line = digest_command("init", str(place / "letter")).refusal(1)
            assert "no space left" in line
            assert not (place / "letter" / "digest.toml").exists()
            assert leftovers(place) == []
        shutil.rmtree(place / "letter")
        assert digest_command("init", str(place / "letter")).returncode == 0

    def test_leaves_an_import_of_readers_whole_or_undone(
        self, disk: Disk, built_publication: Path, tmp_path: Path, digest_command: CommandLine
    ) -> None:
        folder = Path(shutil.copytree(built_publication, disk("8m") / "letter"))
        many = tmp_path / "many.csv"
        rest = "@example.com,Somebody,2026-01-01,Send me the letter every Friday."
        rows = [f"reader-{number}{rest}" for number in range(3000)]
        many.write_text("address,name,consented_at,consent\n" + "\n".join(rows))
        with filled(folder.parent, but=150_000):
            line = digest_command("readers", "import", str(many), folder=folder).refusal(1)
            assert "the disk is full" in line
        assert digest_command("readers", "list", "--json", folder=folder).json == []
        assert digest_command("readers", "import", str(many), "--json", folder=folder).json["added"] == 3000
        sound(folder)
