"""Weeks with too few verdicts: the letter still comes out honestly, and says what is missing and who owes it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from conftest import BEFORE_SENDING, SENDING, WEEK, CommandLine, replace_in
from newsroom import newsroom

from digest.jobs.check import check

pytestmark = pytest.mark.long


@pytest.fixture
def publication(built_publication: Path) -> Path:
    """The sample's publication, whose tools are collected."""
    return built_publication


def only(folder: Path, *slugs: str) -> None:
    """Leave a publication these verdicts, and no issue.yaml that names others."""
    for path in (folder / "verdicts").glob("*.yaml"):
        if path.stem not in slugs:
            path.unlink()
    for name in ("issue.yaml", "inputs.json"):
        (folder / "issues" / WEEK / name).unlink(missing_ok=True)


class TestOneComparison:
    def test_two_verdicts_of_a_kind_make_a_letter(self, publication: Path, digest_here: CommandLine) -> None:
        only(publication, "hushnote", "minutely")
        ran = digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=publication)
        assert ran.returncode == 0, ran.said
        text = (publication / "issues" / WEEK / "email.txt").read_text()
        assert "Hushnote or Minutely: which one should you ship with?" in text
        assert "1 comparison by the panel this week, and 12 other tools that shipped." in text
        assert "Also shipped this week" in text


class TestASingleVerdict:
    @pytest.fixture
    def alone(self, publication: Path, digest_here: CommandLine) -> Path:
        only(publication, "hushnote", "tidepool")
        # no reviewer has spoken on the other: it may not stand alone
        path = publication / "verdicts" / "tidepool.yaml"
        path.write_text(path.read_text().partition("reviews:")[0])
        ran = digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=publication)
        assert ran.returncode == 0, ran.said
        assert "Hushnote: no second tool to compare it with" in ran.stdout
        return publication

    def test_it_stands_alone_with_all_that_was_said(self, alone: Path) -> None:
        folder = alone / "issues" / WEEK
        text, html = (" ".join((folder / name).read_text().split()) for name in ("email.txt", "email.html"))
        assert "Hushnote: should you ship with it?" in text
        assert ">> Ship it if your meetings are confidential" in text
        assert "3 of 4 reviewers would ship it" in text
        assert text.count("[SHIP] Hushnote") == 3
        assert text.count("[SKIP] Hushnote") == 1
        assert "The Founder" in html
        assert "Verdicts next week" not in text + html
        assert "Also shipped this week" in text
        assert "- Hushnote" not in text.partition("Also shipped this week")[2]

    def test_its_mail_passes_preflight_and_is_made_again_from_the_folder(
        self, alone: Path, digest_here: CommandLine
    ) -> None:
        checked = digest_here("--now", BEFORE_SENDING, "check", "--week", WEEK, "--json", folder=alone)
        assert checked.returncode == 0, checked.said
        assert {one["severity"] for one in checked.json["findings"]} == {"warning"}
        (alone / "verdicts" / "hushnote.yaml").unlink()
        again = digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, "--verify", folder=alone)
        assert again.returncode == 0, again.said

    def test_it_is_no_digest_only_letter_so_nobody_has_to_be_asked(
        self, publication: Path, digest_here: CommandLine
    ) -> None:
        only(publication, "hushnote")
        ran = digest_here("run", "--offline", "--approve", folder=publication)
        assert ran.returncode == 0, ran.said
        assert "no comparison" not in ran.stdout
        assert (publication / "issues" / WEEK / "sent.yaml").is_file()

    def test_a_held_tool_does_not_stand_alone(self, alone: Path, digest_here: CommandLine) -> None:
        replace_in(alone / "issues" / WEEK / "issue.yaml", "hold: []", "hold: [hushnote]")
        ran = digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=alone)
        assert ran.returncode == 0, ran.said
        assert "Verdicts next week" in (alone / "issues" / WEEK / "email.txt").read_text()


class TestADigestOnlyLetter:
    def test_it_lists_what_shipped_by_category(self, publication: Path, digest_here: CommandLine) -> None:
        only(publication)
        ran = digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=publication)
        assert ran.returncode == 0, ran.said
        draft = yaml.safe_load((publication / "issues" / WEEK / "issue.yaml").read_text())
        assert draft["subject"] == "12 new tools this week, verdicts next week"
        text = (publication / "issues" / WEEK / "email.txt").read_text()
        assert text.index("Verdicts next week") < text.index("Also shipped this week") < text.index("DEVELOPER TOOLS")

    def test_the_machine_never_approves_it(self, publication: Path, digest_here: CommandLine) -> None:
        only(publication)
        ran = digest_here("run", "--offline", "--approve", folder=publication)
        assert ran.returncode == 5, ran.said
        assert f"{WEEK} compares nothing, it only says what shipped, and waits for approval by a person" in ran.said
        assert not (publication / "issues" / WEEK / "sent.yaml").exists()

    def test_nor_does_an_automatic_publication(self, tmp_path: Path) -> None:
        with newsroom(tmp_path / "letter", head='approval = "automatic"') as room:
            room.ships("2026-11-16 09:00", "Grebe", "Heron")
            report = room.tick("2026-11-20 09:05")
            assert report.exit_code == 5
            assert "waits for approval by a person past its time" in report.outcome
            assert room.sent_issues() == []
            room.approve(WEEK, "2026-11-20 10:00")
            assert room.tick("2026-11-20 10:05").exit_code == 0
            assert room.sent_issues() == [WEEK]

    def test_a_person_approves_it_and_it_goes_out(self, publication: Path, digest_here: CommandLine) -> None:
        only(publication)
        digest_here("run", "--offline", folder=publication)
        approved = digest_here("--now", SENDING, "approve", "--week", WEEK, "--by", "Ann", folder=publication)
        assert approved.returncode == 0, approved.said
        ran = digest_here("run", "--offline", folder=publication)
        assert ran.returncode == 0, ran.said
        assert (publication / "issues" / WEEK / "sent.yaml").is_file()


class TestWhatIsMissingAndWhoOwesIt:
    def test_silent_reviewers_of_the_letter_s_tools(self, built_publication: Path, digest_here: CommandLine) -> None:
        path = built_publication / "verdicts" / "hushnote.yaml"
        path.write_text(path.read_text().partition("  - reviewer: founder")[0])
        digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=built_publication)
        ran = digest_here("--now", BEFORE_SENDING, "check", "--week", WEEK, "--json", folder=built_publication)
        found = [one for one in ran.json["findings"] if one["check"] == "silent-reviewers"]
        assert [one["what"] for one in found] == ["The Founder has not spoken on Hushnote"]
        assert found[0]["severity"] == "warning"
        assert {"reviewer": "founder", "tools": ["hushnote"]} in ran.json["owed"]

    def test_too_few_comparisons_and_the_tools_that_nobody_judged(
        self, publication: Path, digest_here: CommandLine
    ) -> None:
        only(publication, "hushnote", "minutely")
        digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=publication)
        ran = digest_here("--now", BEFORE_SENDING, "check", "--week", WEEK, folder=publication)
        said = " ".join(ran.stdout.split())
        assert "1 of 4 comparisons: nobody has spoken on " in said
        assert "Still owed" in said
        assert "`digest tools list --waiting`" in said

    def test_a_full_letter_of_a_full_panel_owes_its_readers_nothing(self, built_publication: Path) -> None:
        from digest.jobs.standing import standing_of
        from digest.publication import load_publication

        publication = load_publication(built_publication, {})
        checked = check(publication, standing_of(publication, WEEK))
        assert not [one for one in checked.findings if one.check in ("silent-reviewers", "few-comparisons")]
        assert checked.owed.waiting

    def test_a_sent_letter_owes_nothing_any_more(self, sent_publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("check", "--week", WEEK, "--json", folder=sent_publication)
        assert (ran.json["owed"], ran.json["waiting"]) == ([], [])
