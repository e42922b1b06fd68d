"""What an editor does for one reader: add, show, leave, change, and take back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import CommandLine, Ran

NOW = "2026-11-20T08:00:00+00:00"
ANN = "ann@example.com"
WORDING = "Send me the letter every Friday."


class Desk:
    """The command line on one publication and one database."""

    def __init__(self, command: CommandLine, folder: Path, url: str) -> None:
        self.command, self.folder, self.env = command, folder, {"DIGEST_DATABASE_URL": url}

    def __call__(self, *arguments: str) -> Ran:
        return self.command("--now", NOW, "readers", *arguments, folder=self.folder, env=self.env)

    def show(self, address: str = ANN) -> Any:
        return self("show", address, "--json").json


@pytest.fixture
def desk(publication: Path, digest_here: CommandLine, database_url: str) -> Desk:
    desk = Desk(digest_here, publication, database_url)
    added = desk("add", ANN, "--consent", WORDING, "--name", "Ann")
    assert added.stdout == "ann@example.com gets the letters from now on\n"
    return desk


class TestAdd:
    def test_keeps_the_proof(self, desk: Desk) -> None:
        desk("add", "ben@example.com", "--consent", "Yes.", "--how", "at the fair", "--at", "2026-05-01")
        (proof,) = desk.show("ben@example.com")["consents"]
        assert (proof["wording"], proof["how"], proof["origin"]) == ("Yes.", "at the fair", "editor")
        assert proof["at"].startswith("2026-04-30T22:00")
        assert len(proof["wording_hash"]) == 64

    def test_twice_changes_nothing(self, desk: Desk) -> None:
        before = desk.show()
        assert "is on the list already (active)" in desk("add", "ANN@example.com", "--consent", "Other.").stdout
        assert desk.show() == before

    def test_who_left_comes_back_only_if_they_asked(self, desk: Desk) -> None:
        desk("leave", ANN)
        assert "--returning" in desk("add", ANN, "--consent", WORDING).refusal(3)
        assert desk.show()["state"] == "unsubscribed"
        desk("add", ANN, "--consent", "Again, please.", "--returning")
        shown = desk.show()
        assert (shown["state"], len(shown["consents"])) == ("active", 2)

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("nonsense", "--consent", "x"), "must have an @-sign"),
            (("ben@example.com", "--consent", " "), "--consent: the wording is empty"),
            (("ben@example.com", "--consent", "x", "--category", "knitting"), "knitting: no such category"),
            (("ben@example.com", "--consent", "x", "--at", "yesterday"), "yesterday: neither a day nor a moment"),
            (("ben@example.com", "--consent", "x", "--at", "2027-01-01"), "lies in the future"),
            (("ben@example.com",), "missing option '--consent'"),
        ],
    )
    def test_what_cannot_be_is_refused(self, desk: Desk, arguments: tuple[str, ...], says: str) -> None:
        assert says in desk("add", *arguments).refusal(2)


class TestLeave:
    def test_is_remembered_with_its_cause_and_can_be_taken_back(self, desk: Desk) -> None:
        said = desk("leave", ANN).stdout
        assert "gets no more letters; `" in said
        (change,) = desk.show()["changes"]
        assert (change["before"], change["state"], change["cause"]) == (
            "active",
            "unsubscribed",
            "an editor: readers leave",
        )
        assert change["at"] == "2026-11-20 08:00:00+00:00"
        assert desk("leave", ANN, "--undo").stdout == "ann@example.com is active again\n"
        assert desk.show()["state"] == "active"

    def test_twice_is_said(self, desk: Desk) -> None:
        desk("leave", ANN)
        assert "nothing was changed" in desk("leave", ANN).stdout

    def test_only_what_an_editor_did_can_be_taken_back(self, desk: Desk) -> None:
        assert "no editor made them leave last" in desk("leave", ANN, "--undo").refusal(3)

    def test_a_pause_outlives_a_leaving_that_was_taken_back(self, desk: Desk) -> None:
        desk("edit", ANN, "--pause-until", "2027-01-07")
        desk("leave", ANN)
        desk("leave", ANN, "--undo")
        assert desk.show()["state"] == "paused"
        assert desk.show()["paused_until"].startswith("2027-01-06T23:00")


class TestEdit:
    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("--name", "Ann Lee"), "Ann Lee, was Ann"),
            (("--category", "design", "--category", "data"), "data, design, was all"),
            (("--pause",), "paused, was yes"),
            (("--pause-until", "2027-01-07"), "paused until 2027-01-07, was yes"),
            (("--address", "ann@new.example"), "ann@new.example, was ann@example.com"),
        ],
    )
    def test_says_what_was_and_how_to_undo_it(self, desk: Desk, arguments: tuple[str, ...], says: str) -> None:
        before = desk.show()
        said = desk("edit", ANN, *arguments).stdout
        assert says in said
        undo = next(line for line in said.splitlines() if line.strip().startswith("Undo")).partition("readers edit ")[2]
        assert desk.show("ann@new.example" if "--address" in arguments else ANN) != before
        desk("edit", *undo.split())
        after = desk.show()
        assert {**after, "changes": before["changes"]} == before

    def test_nothing_to_change_is_wrong_usage(self, desk: Desk) -> None:
        assert "nothing to change" in desk("edit", ANN).refusal(2)
        assert "exclude each other" in desk("edit", ANN, "--pause", "--resume").refusal(2)
        assert "nothing was changed" in desk("edit", ANN, "--name", "Ann").stdout

    def test_an_address_that_another_has_is_refused(self, desk: Desk) -> None:
        desk("add", "ben@example.com", "--consent", WORDING)
        assert "another reader has that address" in desk("edit", ANN, "--address", "BEN@example.com").refusal(3)
        assert desk("edit", ANN, "--address", "Ann@example.com").returncode == 0

    def test_an_address_that_was_erased_is_refused(self, desk: Desk) -> None:
        desk("add", "ben@example.com", "--consent", WORDING)
        desk("erase", "ben@example.com", "--yes")
        assert "kept away from the list" in desk("edit", ANN, "--address", "ben@example.com").refusal(3)

    def test_a_pause_lies_ahead_and_belongs_to_who_gets_letters(self, desk: Desk) -> None:
        assert "lies in the past" in desk("edit", ANN, "--pause-until", "2026-11-19").refusal(2)
        desk("leave", ANN)
        assert "only who gets letters can pause" in desk("edit", ANN, "--pause").refusal(3)


class TestShow:
    def test_says_what_happened_and_why(self, desk: Desk) -> None:
        desk("edit", ANN, "--pause-until", "2027-01-07")
        said = desk("show", ANN).stdout
        assert "ann@example.com · paused until 2027-01-07" in said
        assert f"“{WORDING}”" in said
        assert "active → paused: an editor: readers edit" in said
        assert "No issue has gone out to them" in said

    def test_every_delivery(self, sent_publication: Path, digest_here: CommandLine) -> None:
        shown = digest_here("readers", "show", "y.tanaka@example.com", "--json", folder=sent_publication).json
        (copy,) = shown["deliveries"]
        assert (copy["issue"], copy["state"]) == ("2026-W47", "accepted")
        said = digest_here("readers", "show", "y.tanaka@example.com", folder=sent_publication).stdout
        assert "2026-W47  accepted" in said

    def test_of_somebody_who_is_kept_away_says_so(self, desk: Desk) -> None:
        desk("erase", ANN, "--yes")
        assert "kept away from it since 2026-11-20 (erased)" in desk("show", ANN).refusal(2)


class TestList:
    @pytest.fixture(autouse=True)
    def some(self, desk: Desk) -> None:
        desk("add", "ben@müller.example", "--consent", WORDING, "--category", "data", "--name", "Ben Ölund")
        desk("add", "cy@example.com", "--consent", WORDING)
        desk("leave", "cy@example.com")

    @pytest.mark.parametrize(
        ("arguments", "listed"),
        [
            ((), ["ann@example.com", "ben@müller.example", "cy@example.com"]),
            (("--state", "active"), ["ann@example.com", "ben@müller.example"]),
            (("--state", "active", "--state", "unsubscribed", "--limit", "1"), ["ann@example.com"]),
            (("--category", "design"), ["ann@example.com", "cy@example.com"]),
            (("--category", "data", "--state", "active"), ["ann@example.com", "ben@müller.example"]),
            (("--search", "MÜLLER"), ["ben@müller.example"]),
            (("--search", "100%"), []),
        ],
    )
    def test_can_be_narrowed(self, desk: Desk, arguments: tuple[str, ...], listed: list[str]) -> None:
        assert [one["address"] for one in desk("list", *arguments, "--json").json] == listed

    def test_counts(self, desk: Desk) -> None:
        assert desk("list", "--count").stdout == "3\n"
        assert desk("list", "--count", "--json").json == {"readers": 3, "states": {"active": 2, "unsubscribed": 1}}

    def test_shows_the_columns_that_are_wanted(self, desk: Desk) -> None:
        lines = desk("list", "--columns", "state,address").stdout.splitlines()
        assert lines[1] == "Ship or Skip · 2 active, 1 unsubscribed"
        assert lines[3:5] == ["  state         address", "  active        ann@example.com"]
        assert "choose from address" in desk("list", "--columns", "shoe size").refusal(2)

    def test_warns_of_categories_that_are_gone(self, desk: Desk) -> None:
        settings = desk.folder / "digest.toml"
        settings.write_text(settings.read_text().replace('id = "data"', 'id = "numbers"'))
        assert "1 reader wants letters about data, which digest.toml no longer has" in desk("list").stderr
