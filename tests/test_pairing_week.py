"""Which pairs an issue gets: pins, bans and held tools are respected, and no two letters compare the same two tools."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from conftest import BEFORE_SENDING, WEEK, CommandLine, replace_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_issue import made_verdict

from digest.issues.desk_file import read_desk_tools
from digest.issues.draft import Draft
from digest.issues.folder import issue_folder
from digest.jobs.pair import pairing_of
from digest.model.tool import Tool
from digest.publication import load_publication
from digest.verdicts.match import matches

NEXT = "2026-W48"
STORED = {
    "tidepool": made_verdict("Tidepool", homepage="https://tidepool.example/", aliases=("Tide Pool CLI",)),
    "one": made_verdict("One", homepage="https://shared.example"),
    "other": made_verdict("Other", homepage="https://shared.example"),
}


class TestWhoseVerdictItIs:
    @pytest.mark.parametrize(
        "tool",
        [
            Tool(slug="tidepool", name="Anything"),
            Tool(slug="tide-pool-1", name="tidepool"),
            Tool(slug="x", name="Tide Pool CLI"),
            Tool(slug="x", name="X", homepage="https://www.tidepool.example/?ref=hn"),
            Tool(slug="x", name="X", repository="https://TIDEPOOL.example"),
        ],
        ids=["slug", "name", "alias", "homepage", "repository"],
    )
    def test_by_slug_name_alias_or_place(self, tool: Tool) -> None:
        assert matches([tool], STORED) == {tool.slug: "tidepool"}

    @pytest.mark.parametrize(
        "tool",
        [
            Tool(slug="tidepools", name="Tidepools"),
            Tool(slug="x", name="X", homepage="https://shared.example"),
            Tool(slug="x", name="X", homepage="https://tidepool.example.org"),
        ],
        ids=["a likeness", "a place that two share", "another host"],
    )
    def test_and_never_by_a_guess(self, tool: Tool) -> None:
        assert matches([tool], STORED) == {}


def planned(folder: Path, text: str) -> Path:
    draft = folder / "issues" / WEEK / "issue.yaml"
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text(text)
    return draft


def compared(command: CommandLine, folder: Path, week: str = WEEK) -> list[set[str]]:
    """The pairs that the program makes, the lead first."""
    ran = command("--now", BEFORE_SENDING, "pair", "--json", "--week", week, folder=folder)
    assert ran.returncode == 0, ran.said
    return [{one["a"], one["b"]} for one in ran.json["comparisons"]]


class TestAnEditorsWishes:
    def pairs(self, command: CommandLine, folder: Path, wishes: str) -> list[set[str]]:
        planned(folder, wishes)
        return compared(command, folder)

    def test_a_pin_stands_and_its_tools_stand_nowhere_else(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        pairs = self.pairs(digest_here, built_publication, "pin:\n  - [framekit, tidepool]\n")
        assert {"framekit", "tidepool"} in pairs
        assert len(pairs) == 4
        assert sum(bool({"framekit", "tidepool"} & one) for one in pairs) == 1

    def test_the_strongest_leads_unless_an_editor_sets_the_lead(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        pairs = self.pairs(digest_here, built_publication, "pin:\n  - [framekit, tidepool]\n")
        assert pairs[0] == {"copperline", "driftwood"}
        pairs = self.pairs(digest_here, built_publication, "lead: [tidepool, framekit]\n")
        assert pairs[0] == {"framekit", "tidepool"}
        assert pairs[1] == {"copperline", "driftwood"}
        assert len(pairs) == 4

    def test_a_ban_is_respected_in_either_order(self, built_publication: Path, digest_here: CommandLine) -> None:
        pairs = self.pairs(digest_here, built_publication, "forbid:\n  - [minutely, hushnote]\n")
        assert {"hushnote", "minutely"} not in pairs

    def test_a_held_tool_meets_nobody(self, built_publication: Path, digest_here: CommandLine) -> None:
        pairs = self.pairs(digest_here, built_publication, "hold: [hushnote]\n")
        assert not any("hushnote" in one for one in pairs)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_whatever_an_editor_wishes_it_is_so(self, built_publication: Path, data: st.DataObject) -> None:
        folder = issue_folder(built_publication, WEEK)
        publication = load_publication(built_publication, {})
        slugs = sorted(path.stem for path in publication.verdicts.glob("*.yaml"))
        mixed = data.draw(st.permutations(slugs))
        pins = [(mixed[2 * number], mixed[2 * number + 1]) for number in range(data.draw(st.integers(0, 3)))]
        pinned = {slug for pin in pins for slug in pin}
        others = st.sampled_from([slug for slug in slugs if slug not in pinned])
        bans = data.draw(st.lists(st.tuples(others, others).filter(lambda pair: pair[0] != pair[1]), max_size=6))
        held = data.draw(st.lists(others, max_size=3))
        lead = data.draw(st.sampled_from([None, *pins]))
        draft = Draft(pin=tuple(pins), forbid=tuple(bans), hold=tuple(held), lead=lead)
        made = pairing_of(publication, folder, read_desk_tools(folder), draft).plan
        tools = [slug for pair in made for slug in pair]
        assert len(tools) == len(set(tools))
        assert set(pins) <= set(made)
        assert not {frozenset(pair) for pair in made} & {frozenset(ban) for ban in bans}
        assert not set(held) & set(tools)
        assert lead is None or made[0] == lead
        assert len(made) <= max(4, len(pins))

    @pytest.mark.parametrize(
        ("wishes", "line", "says"),
        [
            ("pin:\n  - [a-tool, tidepool]\n", 2, 'no verdict is called "a-tool"'),
            ("lead: [tidepol, inkwell]\n", 1, "did you mean tidepool?"),
            (
                "pin: [[tidepool, inkwell], [tidepool, framekit]]\n",
                1,
                '"tidepool" is to meet both inkwell and framekit',
            ),
            ("lead: [tidepool, inkwell]\npin: [[inkwell, framekit]]\n", 2, '"inkwell" is to meet both tidepool and'),
            ("pin: [[tidepool, inkwell]]\nforbid: [[inkwell, tidepool]]\n", 1, "is forbidden in this file too"),
            ("pin: [[tidepool, inkwell]]\nhold: [inkwell]\n", 1, '"inkwell" is held back in this file'),
            ("hold: [inkwell]\ncomparisons:\n  - tools: [tidepool, inkwell]\n", 3, "is held back in this file"),
        ],
    )
    def test_wishes_that_cannot_be_are_named_with_their_place(
        self, built_publication: Path, digest_here: CommandLine, wishes: str, line: int, says: str
    ) -> None:
        draft = planned(built_publication, wishes)
        for command in ("pair", "build"):
            said = digest_here("--now", BEFORE_SENDING, command, "--week", WEEK, folder=built_publication).refusal(2)
            assert said.startswith(f"{draft}:{line}:")
            assert says in said

    def test_a_lead_that_a_person_s_own_list_does_not_follow_refuses_the_letter(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        wishes = "lead: [hushnote, minutely]\ncomparisons:\n  - tools: [copperline, driftwood]\n"
        planned(built_publication, f"{wishes}  - tools: [hushnote, minutely]\n")
        digest_here("--now", BEFORE_SENDING, "build", "--week", WEEK, folder=built_publication)
        ran = digest_here("--now", BEFORE_SENDING, "check", "--week", WEEK, folder=built_publication)
        assert ran.returncode == 3
        assert "hushnote vs minutely is to lead and does not" in " ".join(ran.stdout.split())


class TestWhatWentBefore:
    def after(self, folder: Path) -> str:
        """The week after has the same tools again."""
        went = (folder / "issues" / WEEK / "tools.jsonl").read_text()
        (folder / "issues" / NEXT / "tools.jsonl").write_text(went)
        return NEXT

    def went_out(self, folder: Path) -> set[frozenset[str]]:
        draft = yaml.safe_load((folder / "issues" / WEEK / "issue.yaml").read_text())
        return {frozenset(one["tools"]) for one in draft["comparisons"]}

    def test_what_went_out_is_not_compared_again(self, sent_publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("pair", "--week", self.after(sent_publication), "--json", folder=sent_publication)
        again = {frozenset((one["a"], one["b"])) for one in ran.json["comparisons"] + ran.json["runners_up"]}
        assert len(self.went_out(sent_publication)) == 4
        assert again
        assert not again & self.went_out(sent_publication)

    def test_also_if_its_issue_yaml_was_edited_since(self, sent_publication: Path, digest_here: CommandLine) -> None:
        went_out = self.went_out(sent_publication)
        (sent_publication / "issues" / WEEK / "issue.yaml").write_text("comparisons: []\n")
        ran = digest_here("pair", "--week", self.after(sent_publication), "--json", folder=sent_publication)
        again = {frozenset((one["a"], one["b"])) for one in ran.json["comparisons"] + ran.json["runners_up"]}
        assert again
        assert not again & went_out

    def test_a_tool_that_was_never_compared_waits_for_its_turn(
        self, sent_publication: Path, digest_here: CommandLine
    ) -> None:
        (sent_publication / "issues" / NEXT / "tools.jsonl").write_text("")
        # Latchkey and Palisade shipped for the issue before, which had no room for them
        assert {"latchkey", "palisade"} in compared(digest_here, sent_publication, NEXT)
        replace_in(sent_publication / "digest.toml", "[issue]\n", "[pairing]\nrecent = 0\n\n[issue]\n")
        assert compared(digest_here, sent_publication, NEXT) == []

    def test_but_not_for_ever(self, sent_publication: Path, digest_here: CommandLine) -> None:
        for week, waits in (("2027-W02", True), ("2027-W03", False)):
            (sent_publication / "issues" / week).mkdir()
            assert ({"latchkey", "palisade"} in compared(digest_here, sent_publication, week)) is waits

    def test_a_draft_that_may_still_go_out_keeps_its_pairs_and_its_tools(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        special = f"{WEEK}-special"
        (built_publication / "issues" / special).mkdir()
        assert compared(digest_here, built_publication, special) == []
        shutil.copy(built_publication / "issues" / WEEK / "tools.jsonl", built_publication / "issues" / special)
        pairs = compared(digest_here, built_publication, special)
        assert {"hushnote", "minutely"} not in pairs
        assert pairs


class TestHowItIsSaid:
    def test_each_pair_with_its_points_and_one_sentence_why(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        ran = digest_here("--now", BEFORE_SENDING, "pair", "--explain", "--week", WEEK, folder=built_publication)
        said = " ".join(ran.stdout.split())
        assert (
            f"{WEEK} · 4 of at most 4 comparisons Lead Copperline vs Driftwood Both are about flaky tests, yet" in said
        )
        assert "120 points: category 40, words 30, panel 18, price 8, licence 8, freshness 16" in said
        assert "SmolVLM-3B vs Perplexity Sonar Pro 2 API An editor put them together." in said

    def test_the_runners_up_and_why_they_are_none_of_the_pairs(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        ran = digest_here("--now", BEFORE_SENDING, "pair", "--explain", "--week", WEEK, folder=built_publication)
        said = " ".join(ran.stdout.partition("Runners-up")[2].split())
        assert said.startswith("(the floor is 70 points)")
        assert "96 Quarry Cloud vs Tidepool" in said
        assert "But there is room for 4." in said
        planned(built_publication, "pin: [[tidepool, framekit]]\n")
        ran = digest_here("--now", BEFORE_SENDING, "pair", "--explain", "--week", WEEK, folder=built_publication)
        assert "Quarry Cloud vs Tidepool" not in ran.stdout

    def test_json_has_the_parts(self, built_publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here("--now", BEFORE_SENDING, "pair", "--json", "--week", WEEK, folder=built_publication)
        lead = ran.json["comparisons"][0]
        assert lead["points"] == sum(lead["parts"].values()) == 120
        assert lead["bottom_line"].startswith("**Copperline** if ")
        assert {"issue", "comparisons", "single", "runners_up", "waiting"} == set(ran.json)

    def test_the_weights_are_the_publication_s(self, built_publication: Path, digest_here: CommandLine) -> None:
        replace_in(built_publication / "digest.toml", "[issue]\n", "[pairing]\nfloor = 115\npanel = 40\n\n[issue]\n")
        (built_publication / "issues" / WEEK / "issue.yaml").unlink()
        pairs = compared(digest_here, built_publication)
        assert pairs == [{"copperline", "driftwood"}, {"hushnote", "minutely"}]

    @pytest.mark.parametrize("line", ["floor = 0", "recent = 53", "panel = -1", 'word = "many"', "wieght = 3"])
    def test_a_weight_that_is_none_is_named(self, publication: Path, digest_here: CommandLine, line: str) -> None:
        replace_in(publication / "digest.toml", "[issue]\n", f"[pairing]\n{line}\n\n[issue]\n")
        said = digest_here("pair", folder=publication).refusal(2)
        assert f"pairing.{line.partition(' ')[0]}: " in said
