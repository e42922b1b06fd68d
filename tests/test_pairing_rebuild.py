"""A rebuild changes what nobody touched, says what it changed, and never loses a person's words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import BEFORE_SENDING, WEEK, CommandLine, Ran, replace_in

Rebuild = Callable[[], Ran]
MINE = "bottom_line: >-   # argued over for an hour\n      *Minutely*, whatever\n      the panel says."


@pytest.fixture
def draft(built_publication: Path, digest_here: CommandLine) -> Path:
    """An issue.yaml that the program alone has written."""
    path = built_publication / "issues" / WEEK / "issue.yaml"
    path.unlink()
    (path.parent / "inputs.json").unlink()
    ran = digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=built_publication)
    assert ran.returncode == 0, ran.said
    assert "Renewed" not in ran.stdout
    assert "Yours" not in ran.stdout
    return path


@pytest.fixture
def rebuilt(draft: Path, digest_here: CommandLine) -> Rebuild:
    def run() -> Ran:
        ran = digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=draft.parent.parent.parent)
        assert ran.returncode == 0, ran.said
        again = digest_here(
            "--now", BEFORE_SENDING, "build", "--week", WEEK, "--verify", folder=draft.parent.parent.parent
        )
        assert again.returncode == 0, again.said
        return ran

    return run


def pairs(draft: Path) -> list[list[str]]:
    return [one["tools"] for one in yaml.safe_load(draft.read_text())["comparisons"]]


class TestWhatNobodyTouched:
    def test_follows_every_wish(self, draft: Path, rebuilt: Rebuild) -> None:
        assert pairs(draft)[0] == ["copperline", "driftwood"]
        replace_in(draft, "hold: []", "hold: [driftwood]")
        replace_in(draft, "lead: []", "lead: [framekit, glyphmint]")
        said = " ".join(rebuilt().stdout.split())
        assert pairs(draft)[0] == ["framekit", "glyphmint"]
        assert not any("driftwood" in pair for pair in pairs(draft))
        assert 'Renewed subject: "Copperline or Driftwood?" became "Framekit or Glyphmint?"' in said
        assert "comparisons: without Copperline vs Driftwood" in said
        assert "comparisons: with Framekit vs Glyphmint" in said
        assert "Yours" not in said

    def test_a_second_rebuild_changes_nothing(self, draft: Path, rebuilt: Rebuild) -> None:
        before = draft.read_bytes()
        ran = rebuilt()
        assert draft.read_bytes() == before
        assert "nothing: all of it is as it was" in ran.stdout

    def test_another_lead_alone_changes_the_order(self, draft: Path, rebuilt: Rebuild) -> None:
        before = pairs(draft)
        replace_in(draft, "lead: []", f"lead: [{', '.join(before[2])}]")
        said = " ".join(rebuilt().stdout.split())
        assert pairs(draft) == [before[2], before[0], before[1], before[3]]
        assert "leads" in said


class TestAPersonSWords:
    def test_stay_byte_for_byte_while_the_pairs_beside_them_are_renewed(self, draft: Path, rebuilt: Rebuild) -> None:
        replace_in(draft, "- tools: [hushnote, minutely]", f"- tools: [hushnote, minutely]\n    {MINE}")
        replace_in(draft, "hold: []", "hold: [latchkey]")
        said = " ".join(rebuilt().stdout.split())
        assert MINE in draft.read_text()
        assert ["hushnote", "minutely"] in pairs(draft)
        assert not any("latchkey" in pair for pair in pairs(draft))
        assert len(pairs(draft)) == 4
        assert "Yours 1 bottom line" in said
        mail = " ".join((draft.parent / "email.txt").read_text().split())
        assert "Minutely, whatever the panel says." in mail

    def test_keep_their_pair_in_the_letter_even_if_a_stronger_one_comes_along(
        self, draft: Path, rebuilt: Rebuild
    ) -> None:
        last = pairs(draft)[3]
        item = f"- tools: [{', '.join(last)}]"
        replace_in(draft, item, f"{item}\n    bottom_line: This one, I insist.")
        replace_in(draft, "pin: []", "pin: [[glyphmint, inkwell]]")
        rebuilt()
        assert last in pairs(draft)
        assert ["glyphmint", "inkwell"] in pairs(draft)
        assert len(pairs(draft)) == 4
        assert "This one, I insist." in draft.read_text()

    def test_are_not_given_up_for_a_wish_that_contradicts_them(self, draft: Path, digest_here: CommandLine) -> None:
        replace_in(draft, "- tools: [hushnote, minutely]", f"- tools: [hushnote, minutely]\n    {MINE}")
        replace_in(draft, "hold: []", "hold: [minutely]")
        before = draft.read_bytes()
        folder = draft.parent.parent.parent
        said = digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=folder).refusal(2)
        assert '"minutely" is held back in this file' in said
        assert draft.read_bytes() == before

    def test_a_list_of_their_own_stays_and_the_difference_is_shown(self, draft: Path, rebuilt: Rebuild) -> None:
        text = draft.read_text()
        begin, end = text.index("comparisons:"), text.index("# The pair that leads")
        mine = "comparisons:\n  - tools: [tidepool, quarry-cloud]   # the only one\n\n"
        draft.write_text(text[:begin] + mine + text[end:])
        said = " ".join(rebuilt().stdout.split())
        assert mine in draft.read_text()
        assert "Yours comparisons; the program's would be with Copperline vs Driftwood; " in said

    def test_their_subject_stays(self, draft: Path, rebuilt: Rebuild) -> None:
        replace_in(draft, "subject: ", "subject: Mine.   # ")
        said = " ".join(rebuilt().stdout.split())
        assert "subject: Mine.   # " in draft.read_text()
        assert said.endswith("Yours subject")
