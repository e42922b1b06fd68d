"""`digest init`: a publication that runs at once, and never over something that is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import CommandLine, tree

from digest.errors import Refused
from digest.jobs.set_up import set_up
from digest.publication import load_publication


class TestANewPublication:
    def test_is_good_as_it_stands(self, tmp_path: Path) -> None:
        written = set_up(tmp_path / "letter")
        assert set(written) == set(tree(tmp_path / "letter", without=()))
        assert load_publication(tmp_path / "letter", {}).settings.name == "Ship or Skip"
        assert len(list((tmp_path / "letter" / "verdicts").glob("*.yaml"))) == 14

    def test_keeps_state_and_secrets_out_of_version_control(self, tmp_path: Path) -> None:
        set_up(tmp_path)
        ignored = (tmp_path / ".gitignore").read_text().split()
        assert {"/digest.db*", "/digest.secret*", "/digest.lock", "/outbox/"} <= set(ignored)

    def test_bare_it_has_its_settings_and_nothing_of_the_sample(self, tmp_path: Path) -> None:
        set_up(tmp_path / "letter", bare=True)
        assert sorted(tree(tmp_path / "letter", without=())) == [
            ".gitattributes",
            ".gitignore",
            "digest.toml",
            "verdicts/.schema.json",
        ]

    def test_carries_nothing_of_the_sample_s_own_past(self, tmp_path: Path) -> None:
        files = set_up(tmp_path)
        names = {Path(file).name for file in files}
        assert not names & {"approval.yaml", "sent.yaml", "digest.db", "digest.secret", "email.html", "tools.jsonl"}

    def test_goes_into_a_folder_that_holds_other_things(self, tmp_path: Path) -> None:
        (tmp_path / "README.md").write_text("mine")
        set_up(tmp_path)
        assert (tmp_path / "README.md").read_text() == "mine"


class TestNeverOverWhatIsThere:
    @pytest.mark.parametrize("bare", [True, False])
    def test_a_publication(self, publication: Path, bare: bool) -> None:
        (publication / "digest.toml").write_text("mine")
        before = tree(publication, without=())
        with pytest.raises(Refused, match="there is a publication already"):
            set_up(publication, bare=bare)
        assert tree(publication, without=()) == before

    def test_a_file_of_that_name(self, tmp_path: Path) -> None:
        (tmp_path / "letter").write_text("mine")
        with pytest.raises(Refused, match="that is a file"):
            set_up(tmp_path / "letter")

    @pytest.mark.parametrize("name", [".gitignore", "feeds/recording.toml", "verdicts/tidepool.yaml"])
    def test_a_file_of_its_own_name(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
        before = tree(tmp_path, without=())
        with pytest.raises(Refused) as caught:
            set_up(tmp_path)
        assert caught.value.line() == f"{path}: stands there already; name another folder"
        assert tree(tmp_path, without=()) == before


class TestAsAPersonSeesIt:
    def test_twice_is_refused_and_changes_nothing(self, tmp_path: Path, digest_command: CommandLine) -> None:
        folder = tmp_path / "my letter"
        first = digest_command("init", str(folder))
        assert first.returncode == 0
        assert f"digest -C '{folder}' run --offline --approve\n" in first.stdout
        assert f"digest -C '{folder}' doctor\n" in first.stdout
        before = tree(folder, without=())
        for options in ((), ("--bare",)):
            line = digest_command("init", str(folder), *options).refusal(3)
            assert line.startswith(f"{folder / 'digest.toml'}: there is a publication already")
        assert tree(folder, without=()) == before

    def test_bare_says_nothing_of_a_sample_run(self, tmp_path: Path, digest_here: CommandLine) -> None:
        ran = digest_here("init", str(tmp_path / "letter"), "--bare")
        assert ran.returncode == 0
        assert "--offline" not in ran.stdout
        doctor = digest_here("doctor", folder=tmp_path / "letter")
        assert doctor.returncode == 3
        assert "there is none" in doctor.stdout

    def test_a_bare_one_builds_a_letter_without_anything(self, tmp_path: Path, digest_here: CommandLine) -> None:
        folder = tmp_path / "letter"
        set_up(folder, bare=True)
        ran = digest_here("--now", "2026-11-19T12:00:00+01:00", "build", folder=folder)
        assert ran.returncode == 0, ran.said
        assert (folder / "issues" / "2026-W47" / "issue.yaml").is_file()
