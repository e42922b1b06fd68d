"""The exit codes of docs/command-line.md, and the words that go with each."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, SENDING, WEEK, CommandLine, replace_in, tree

LATE = "2026-11-21T12:00:00+01:00"
TOO_LATE = "2026-11-23T12:05:00+01:00"


class TestNothingToDoIsFine:
    def test_held_before_its_time(self, built_publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("--now", BEFORE_SENDING, "run", "--offline", folder=built_publication)
        assert ran.returncode == 0
        assert "2026-W47 waits for approval and goes out on Friday 20 November, 09:00" in ran.stdout

    def test_approved_before_its_time(self, built_publication: Path, digest_here: CommandLine) -> None:
        assert digest_here("--now", BEFORE_SENDING, "approve", folder=built_publication).returncode == 0
        ran = digest_here("--now", BEFORE_SENDING, "run", "--offline", folder=built_publication)
        assert ran.returncode == 0
        assert "2026-W47 is approved and goes out on Friday 20 November, 09:00" in ran.stdout
        assert not (built_publication / "outbox").exists()

    def test_sent_already(self, sent_publication: Path, digest_here: CommandLine) -> None:
        before = tree(sent_publication)
        ran = digest_here("run", "--offline", "--approve", folder=sent_publication)
        assert ran.returncode == 0
        assert "Nothing is sent twice" in ran.stdout
        assert tree(sent_publication) == before

    def test_deliveries_that_are_all_accounted_for(self, sent_publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("deliveries", "list", folder=sent_publication)
        assert ran.returncode == 0
        assert "everybody is accounted for" in ran.stdout

    def test_deliveries_where_there_were_none(self, publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("deliveries", "list", folder=publication)
        assert ran.returncode == 0
        assert "nothing went out from this database yet" in ran.stdout

    def test_a_skipped_week(self, built_publication: Path, digest_here: CommandLine) -> None:
        skipped = digest_here("--now", BEFORE_SENDING, "skip", "--why", "holidays", folder=built_publication)
        assert skipped.returncode == 0
        ran = digest_here("--now", SENDING, "run", "--offline", "--week", WEEK, folder=built_publication)
        assert ran.returncode == 0
        assert "2026-W47 is skipped; its tools roll over to 2026-W48" in ran.stdout

    def test_another_run_at_work(self, built_publication: Path, digest_here: CommandLine, lock: Path) -> None:
        before = tree(built_publication)
        line = digest_here("run", "--offline", "--approve", folder=built_publication).refusal(0)
        assert "at work here; this run leaves it to that one" in line
        assert tree(built_publication) == before

    @pytest.fixture
    def lock(self, built_publication: Path) -> Iterator[Path]:
        path = built_publication / "digest.lock"
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield path


class TestRefused:
    def test_sending_what_nobody_approved(self, built_publication: Path, digest_here: CommandLine) -> None:
        line = digest_here("--now", SENDING, "send", "--week", WEEK, folder=built_publication).refusal(3)
        assert line == "2026-W47 is not approved; run `digest approve`"

    def test_approving_twice(self, built_publication: Path, digest_here: CommandLine) -> None:
        first = digest_here("--now", BEFORE_SENDING, "approve", "--by", "Ann", folder=built_publication)
        assert first.returncode == 0, first.said
        before = tree(built_publication)
        line = digest_here("--now", BEFORE_SENDING, "approve", "--by", "Ben", folder=built_publication).refusal(3)
        assert "is approved already" in line
        assert "digest unapprove" in line
        assert tree(built_publication) == before

    def test_approving_what_preflight_refuses(self, built_publication: Path, digest_here: CommandLine) -> None:
        html = built_publication / "issues" / WEEK / "email.html"
        html.write_text(html.read_text().replace("READER_TOKEN", ""))
        line = digest_here("--now", BEFORE_SENDING, "approve", folder=built_publication).refusal(3)
        assert "approval refused: " in line
        assert not (html.parent / "approval.yaml").exists()

    @pytest.mark.parametrize("part", ["email.html", "email.txt"])
    @pytest.mark.parametrize("change", ["\n", " ", "\r\n", "<!-- x -->"], ids=["line end", "space", "CRLF", "comment"])
    def test_approving_a_mail_that_somebody_changed_by_hand(
        self, built_publication: Path, digest_here: CommandLine, part: str, change: str
    ) -> None:
        path = built_publication / "issues" / WEEK / part
        path.write_bytes(path.read_bytes() + change.encode())
        line = digest_here("--now", BEFORE_SENDING, "approve", folder=built_publication).refusal(3)
        assert "the mail in the folder is not what its files make" in line
        assert "digest build" in line

    def test_sending_other_bytes_than_the_approved_ones(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        assert digest_here("--now", BEFORE_SENDING, "approve", folder=built_publication).returncode == 0
        html = built_publication / "issues" / WEEK / "email.html"
        html.write_bytes(html.read_bytes() + b"\n")
        line = digest_here("--now", SENDING, "run", "--offline", folder=built_publication).refusal(3)
        assert line.startswith(f"{html}: not the bytes that were approved")
        assert not (built_publication / "outbox").exists()

    def test_changing_what_went_out(self, sent_publication: Path, digest_here: CommandLine) -> None:
        before = tree(sent_publication)
        for command in (("build",), ("approve",), ("unapprove",), ("skip",)):
            digest_here("--now", SENDING, *command, "--week", WEEK, folder=sent_publication).refusal(3)
        assert tree(sent_publication) == before

    def test_a_template_that_stands_there_already(self, publication: Path, digest_here: CommandLine) -> None:
        assert digest_here("templates", "copy", "email.txt.j2", folder=publication).returncode == 0
        line = digest_here("templates", "copy", "email.txt.j2", folder=publication).refusal(3)
        assert line.startswith(f"{publication / 'templates' / 'email.txt.j2'}: stands there already")


class TestWrongInput:
    def test_approving_what_was_never_built(self, publication: Path, digest_here: CommandLine) -> None:
        line = digest_here("approve", "--week", "2026-W50", folder=publication).refusal(2)
        assert "run `digest build`" in line

    @pytest.mark.parametrize("name", ["../../digest.toml", "/etc/passwd", "nothing.j2", "email", ""])
    def test_a_template_that_there_is_not(self, publication: Path, digest_here: CommandLine, name: str) -> None:
        before = tree(publication)
        assert "digest templates list" in digest_here("templates", "copy", name, folder=publication).refusal(2)
        assert tree(publication) == before

    @pytest.mark.parametrize("file", ["email.html", "inputs.json", "tools.jsonl", "issue.yaml", "sent.yaml"])
    def test_a_file_of_the_issue_that_is_not_utf_8(
        self, built_publication: Path, digest_here: CommandLine, file: str
    ) -> None:
        path = built_publication / "issues" / WEEK / file
        path.write_bytes(b"caf\xe9\n")
        line = digest_here("--now", BEFORE_SENDING, "approve", folder=built_publication).refusal(2)
        assert line.startswith(f"{path}:1:")

    @pytest.mark.parametrize("file", ["inputs.json", "tools.jsonl", "issue.yaml", "sent.yaml", "approval.yaml"])
    @pytest.mark.parametrize("content", ["<<<<<<< HEAD\n{\n", "[1]\n", '"words"\n', "\x00"])
    def test_a_file_of_the_issue_that_git_or_somebody_broke(
        self, built_publication: Path, digest_here: CommandLine, file: str, content: str
    ) -> None:
        path = built_publication / "issues" / WEEK / file
        path.write_text(content)
        before = tree(built_publication)
        line = digest_here("--now", BEFORE_SENDING, "check", folder=built_publication)
        assert line.returncode == 2, line.said
        assert "Traceback" not in line.said
        assert line.stderr.startswith(f"digest: {path}:")
        assert tree(built_publication) == before


class TestPastItsTime:
    def test_held_past_its_time(self, built_publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("--now", LATE, "run", "--offline", folder=built_publication)
        assert ran.returncode == 5, ran.said
        assert "waits for approval past its time" in ran.stderr
        assert "digest approve" in ran.stderr

    def test_given_up(self, built_publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("--now", TOO_LATE, "run", "--offline", folder=built_publication)
        assert ran.returncode == 5, ran.said
        assert "2026-W47 is given up" in ran.stderr


class TestTwoPeople:
    def test_one_of_two_is_not_enough(self, built_publication: Path, digest_here: CommandLine) -> None:
        replace_in(built_publication / "digest.toml", "approvals = 1", "approvals = 2")
        now = ("--now", BEFORE_SENDING)
        assert digest_here(*now, "approve", "--by", "Ann", folder=built_publication).returncode == 0
        again = digest_here(*now, "approve", "--by", "Ann", folder=built_publication).refusal(3)
        assert "Ann has approved it; 2 different people have to" in again
        held = digest_here("--now", SENDING, "run", "--offline", folder=built_publication)
        assert held.returncode == 5
        assert "waits for approval (1 of 2)" in held.stderr
        assert digest_here(*now, "approve", "--by", "Ben", folder=built_publication).returncode == 0
