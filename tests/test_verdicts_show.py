"""`digest verdict show` and `digest reviewers` as people read them, and as programs do."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import CommandLine, replace_in

NOW = ("--now", "2026-11-20T09:00:00+01:00")
HISTORY = """\
history:
  - date: 2026-11-19
    why: The 1.4 fails aloud
    reviews:
      - reviewer: founder
        call: skip
        basis: saw a demo
        by: Dev Raman
        date: 2026-11-01
        short: I would not pay for it yet.
        quote: Nice.
"""


@pytest.fixture
def revised(publication: Path) -> Path:
    """A publication in which the Founder thought again of Copperline."""
    path = publication / "verdicts" / "copperline.yaml"
    path.write_text(path.read_text() + HISTORY)
    replace_in(path, "    by: Tomas Okafor\n", "    by: Tomas Okafor\n    disclosure: Worked for Copperline Inc.\n")
    return publication


class TestAVerdict:
    @pytest.mark.parametrize("columns", ["60", "80", "100", "120", "200"])
    def test_fits_the_terminal_and_says_everything(self, revised: Path, digest_here: CommandLine, columns: str) -> None:
        ran = digest_here(*NOW, "verdict", "show", "copperline", folder=revised, env={"COLUMNS": columns})
        assert ran.returncode == 0, ran.said
        assert max(map(len, ran.stdout.splitlines())) <= int(columns)
        assert all(line == line.rstrip() for line in ran.stdout.splitlines())
        for said in ("Copperline  by Copperline Inc", "50\u00a0%", "✗ SKIP", "✓ SHIP", "Disclosure: ", "$29 per month"):
            assert said in ran.stdout
        words = " ".join(ran.stdout.split())
        assert "Was 25 %, now 50 %: The 1.4 fails aloud" in words
        assert "The Founder said ✗ SKIP on 2026-11-01 (saw a demo): I would not" in words

    def test_side_by_side_where_there_is_room(self, revised: Path, digest_here: CommandLine) -> None:
        def lines(columns: str) -> list[str]:
            ran = digest_here(*NOW, "verdict", "show", "copperline", folder=revised, env={"COLUMNS": columns})
            return [line for line in ran.stdout.splitlines() if "The Builder" in line and "The Skeptic" in line]

        assert (len(lines("80")), len(lines("120"))) == (0, 1)

    def test_its_words_are_marked_up_and_never_raw(self, revised: Path, digest_here: CommandLine) -> None:
        path = revised / "verdicts" / "copperline.yaml"
        replace_in(path, "Skipped by whom?", "<b>Skipped</b> # by [bold]whom[/bold] :smile:? ![x](https://x.example)")
        plain = " ".join(digest_here(*NOW, "verdict", "show", "copperline", folder=revised).stdout.split())
        assert "<b>Skipped</b> # by [bold]whom[/bold] :smile:?" in plain
        assert "called all fourteen noise." in plain

    def test_without_reviews_it_says_who_is_to_speak(self, publication: Path, digest_here: CommandLine) -> None:
        path = publication / "verdicts" / "tidepool.yaml"
        path.write_text(path.read_text().partition("reviews:")[0])
        ran = digest_here(*NOW, "verdict", "show", "tidepool", folder=publication)
        assert "—  No reviewer has judged it yet" in ran.stdout
        assert "Still to speak  The Builder, The Skeptic, The Futurist, The Founder" in ran.stdout

    def test_what_is_old_is_said_at_its_end(self, publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("--now", "2027-06-20T09:00:00Z", "verdict", "show", "tidepool", folder=publication)
        words = " ".join(ran.stdout.split())
        assert "! the price was read 216 days ago" in words
        assert "! nobody has judged it for " in words

    def test_as_json(self, revised: Path, digest_here: CommandLine) -> None:
        said = digest_here(*NOW, "verdict", "show", "copperline", "--json", folder=revised).json
        assert said["slug"] == "copperline"
        assert said["panel_score"] == {"figure": "50\u00a0%", "percent": 50, "ships": 2, "reviews": 4, "ran": 3}
        assert [change["before"] for change in said["score_changes"]] == ["25\u00a0%"]
        assert said["owed_by"] == []

    def test_a_broken_one_is_told_like_the_check_tells_it(self, publication: Path, digest_here: CommandLine) -> None:
        replace_in(publication / "verdicts" / "tidepool.yaml", "licence: ", "# licence: ")
        ran = digest_here(*NOW, "verdict", "show", "tidepool", folder=publication)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "licence: is missing" in ran.stderr


class TestTheReviewers:
    def test_are_shown_with_what_they_said_and_who_agreed(self, revised: Path, digest_here: CommandLine) -> None:
        ran = digest_here("reviewers", folder=revised)
        assert ran.returncode == 0
        rows = {line.split("  ")[1]: line.split()[2:] for line in ran.stdout.splitlines() if line.startswith("  The ")}
        assert list(rows) == ["The Builder", "The Skeptic", "The Futurist", "The Founder"]
        founder = next(line for line in ran.stdout.splitlines() if line.startswith("  The Founder"))
        assert founder.split()[2:5] == ["9", "4", "6"]
        assert founder.rstrip().endswith("—")
        assert "Ships by category" in ran.stdout

    def test_as_json(self, revised: Path, digest_here: CommandLine) -> None:
        records = digest_here("reviewers", "--json", folder=revised).json
        founder = records[-1]
        assert (founder["reviewer"], founder["calls"], founder["revised"]) == ("founder", {"ships": 9, "skips": 4}, 1)
        assert sum(tally["ships"] for tally in founder["by_category"].values()) == 9
        assert founder["with_readers"] == {"agreed": 0, "asked": 0}

    def test_of_a_publication_without_verdicts_have_said_nothing(
        self, publication: Path, digest_here: CommandLine
    ) -> None:
        for path in (publication / "verdicts").glob("*.yaml"):
            path.unlink()
        ran = digest_here("reviewers", folder=publication)
        assert ran.returncode == 0
        assert "Ships by category" not in ran.stdout
