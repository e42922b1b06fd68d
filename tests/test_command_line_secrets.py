"""Secrets are used and never shown: not in words, not in errors, not in files that others may read."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, CommandLine

KEY, OLD = "s3cret-newest-" + "k" * 20, "s3cret-older-" + "k" * 20
PASSWORD = "hunter2-hunter2"


def anywhere(folder: Path, secret: str) -> list[str]:
    """The files of a folder that hold a secret."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


class TestTheKeys:
    def test_from_the_environment_are_nowhere_to_be_seen(self, publication: Path, digest_command: CommandLine) -> None:
        env = {"DIGEST_SECRET_KEYS": f"{KEY},{OLD}"}
        for arguments in (
            ("-v", "run", "--offline", "--approve"),
            ("-v", "doctor"),
            ("deliveries", "list", "--json"),
            ("-v", "send"),
        ):
            ran = digest_command(*arguments, folder=publication, env=env)
            assert KEY not in ran.said
            assert OLD not in ran.said
        assert not (publication / "digest.secret").exists()
        assert list((publication / "outbox" / "new").iterdir())
        assert anywhere(publication, KEY) == anywhere(publication, OLD) == []

    @pytest.mark.parametrize("broken", ["digest.toml", "verdicts"])
    def test_are_not_in_errors_either(self, publication: Path, digest_command: CommandLine, broken: str) -> None:
        if broken == "digest.toml":
            (publication / "digest.toml").write_text("name = ")
        else:
            (publication / "verdicts" / "x.yaml").write_text("\t")
        env = {"DIGEST_SECRET_KEYS": KEY, "DIGEST_PROVIDER": "pigeon"}
        for arguments in (("run", "--offline"), ("-v", "verdict", "check")):
            ran = digest_command(*arguments, folder=publication, env=env)
            assert ran.returncode == 2
            assert KEY not in ran.said

    def test_too_short_they_are_refused_unsaid(self, publication: Path, digest_here: CommandLine) -> None:
        line = digest_here("run", folder=publication, env={"DIGEST_SECRET_KEYS": "s3same"}).refusal(2)
        assert line.startswith("DIGEST_SECRET_KEYS: ")
        assert "openssl rand" in line
        assert "s3same" not in line

    def test_the_folder_s_own_is_for_its_owner_alone(self, sent_publication: Path) -> None:
        path = sent_publication / "digest.secret"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(path.read_text().strip()) == 64
        assert anywhere(sent_publication, path.read_text().strip()) == [str(path)]

    def test_the_folder_s_own_is_never_printed(self, sent_publication: Path, digest_here: CommandLine) -> None:
        secret = (sent_publication / "digest.secret").read_text().strip()
        for arguments in (("-v", "run", "--offline"), ("-v", "doctor"), ("--json", "doctor")):
            assert secret not in digest_here(*arguments, folder=sent_publication).said

    def test_the_folder_s_own_is_made_once(self, sent_publication: Path, digest_here: CommandLine) -> None:
        before = (sent_publication / "digest.secret").read_bytes()
        digest_here("run", "--offline", "--approve", folder=sent_publication)
        assert (sent_publication / "digest.secret").read_bytes() == before

    def test_a_file_may_hold_them(self, publication: Path, tmp_path: Path, digest_here: CommandLine) -> None:
        (tmp_path / "keys").write_text(KEY)
        ran = digest_here("doctor", folder=publication, env={"DIGEST_SECRET_KEYS_FILE": str(tmp_path / "keys")})
        assert "1 in the environment" in ran.stdout
        assert KEY not in ran.said


class TestTheDatabasesPassword:
    @pytest.mark.parametrize(
        "address",
        [
            f"postgresql://editor:{PASSWORD}@127.0.0.1:1/letter",
            f"postgresql+psycopg://editor:{PASSWORD}@127.0.0.1:1/letter?connect_timeout=2",
            f"postgresql://editor:{PASSWORD}@127.0.0.1:notaport/letter",
            f"postgresql://editor:{PASSWORD}@127.0.0.1:1/letter?nonsense={PASSWORD}",
            f"postgresql:editor:{PASSWORD}",
        ],
        ids=["refused", "psycopg", "no port", "nonsense", "no address"],
    )
    @pytest.mark.parametrize("arguments", [("readers", "list"), ("-v", "run", "--offline")], ids=" ".join)
    def test_is_not_in_the_error(
        self, publication: Path, digest_here: CommandLine, address: str, arguments: tuple[str, ...]
    ) -> None:
        env = {"DIGEST_DATABASE_URL": address}
        ran = digest_here("--now", BEFORE_SENDING, *arguments, folder=publication, env=env)
        assert ran.returncode in (1, 2), ran.said
        ran.refusal(ran.returncode)
        assert PASSWORD not in ran.said
