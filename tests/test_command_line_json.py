"""`--json`, before or after the command: one JSON document on standard output, and nothing else there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import BEFORE_SENDING, WEEK, CommandLine

# a command, and the code it ends with on a publication that waits for approval
READING: dict[tuple[str, ...], int] = {
    ("check",): 0,
    ("pair",): 0,
    ("tools", "list"): 0,
    ("tools",): 0,
    ("feeds",): 0,
    ("feeds", "list"): 0,
    ("readers", "list"): 0,
    ("readers",): 0,
    ("doctor",): 3,
    ("verdict", "check"): 0,
    ("templates", "list"): 0,
    ("collect", "--offline"): 0,
    ("run", "--offline"): 0,
}


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_before_and_after_the_command_it_is_the_same_document(
    built_publication: Path, digest_here: CommandLine, command: tuple[str, ...]
) -> None:
    now = ("--now", BEFORE_SENDING)
    before = digest_here(*now, "--json", *command, folder=built_publication)
    after = digest_here(*now, *command, "--json", folder=built_publication)
    assert before.returncode == after.returncode == READING[command], before.said
    assert before.json == after.json
    assert before.stdout.startswith(("{", "["))
    assert "Traceback" not in before.said


class TestWhatTheDocumentsSay:
    def ask(self, command: CommandLine, folder: Path, *arguments: str) -> Any:
        return command("--now", BEFORE_SENDING, *arguments, "--json", folder=folder).json

    def test_run_says_how_it_stands_and_with_what_code(self, built_publication: Path, digest_here: CommandLine) -> None:
        said = self.ask(digest_here, built_publication, "run", "--offline")
        assert (said["issue"], said["exit_code"]) == (WEEK, 0)
        assert "waits for approval" in said["outcome"]
        assert said["stages"][0]["stage"] == "collect"

    def test_tools_carry_their_verdicts(self, built_publication: Path, digest_here: CommandLine) -> None:
        said = self.ask(digest_here, built_publication, "tools", "list")
        assert said["issue"] == WEEK
        assert {tool["verdict"] for tool in said["tools"]} > {None, "tidepool"}

    def test_pairs_carry_their_reasons(self, built_publication: Path, digest_here: CommandLine) -> None:
        said = self.ask(digest_here, built_publication, "pair")
        assert len(said["comparisons"]) == 4
        assert all(one["reason"] for one in said["comparisons"])

    def test_mistakes_in_verdicts_come_as_a_list(self, built_publication: Path, digest_here: CommandLine) -> None:
        (built_publication / "verdicts" / "broken.yaml").write_text("\tx")
        ran = digest_here("verdict", "check", "--json", folder=built_publication)
        assert ran.returncode == 2
        assert len(ran.json["mistakes"]) == 1
        assert "broken" not in ran.json["verdicts"]

    def test_deliveries_balance(self, sent_publication: Path, digest_here: CommandLine) -> None:
        after = digest_here("deliveries", "list", "--json", folder=sent_publication)
        before = digest_here("--json", "deliveries", folder=sent_publication)
        assert after.returncode == before.returncode == 0
        assert after.json == before.json
        assert (after.json["issue"], after.json["deliveries"]) == (WEEK, [])
        assert (after.json["balance"]["candidates"], after.json["balance"]["accepted"]) == (24, 24)

    def test_readers_are_a_list(self, sent_publication: Path, digest_here: CommandLine) -> None:
        people = digest_here("readers", "list", "--json", folder=sent_publication).json
        assert len(people) == 24
        assert {one["state"] for one in people} == {"active"}

    def test_an_import_tells_whom_it_refused(
        self, built_publication: Path, digest_here: CommandLine, tmp_path: Path
    ) -> None:
        (tmp_path / "r.csv").write_text("address\nann@example.com\nnonsense\n")
        said = digest_here(
            "--json", "readers", "import", str(tmp_path / "r.csv"), "--assume-consent", "Yes.", folder=built_publication
        ).json
        assert said["added"] == 1
        assert len(said["refused"]) == 1

    def test_words_of_other_scripts_stay_readable(self, sent_publication: Path, digest_here: CommandLine) -> None:
        assert "Siobhán O’Neill" in digest_here("readers", "list", "--json", folder=sent_publication).stdout

    def test_an_error_leaves_standard_output_empty(self, tmp_path: Path, digest_here: CommandLine) -> None:
        ran = digest_here("--json", "run", folder=tmp_path)
        assert ran.stdout == ""
        ran.refusal(2)
