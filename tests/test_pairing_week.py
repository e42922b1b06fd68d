"""Which pairs an issue gets: pins, bans and held tools are respected, and no two letters compare the same two tools."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from conftest import WEEK, CommandLine
from sample_issue import made_verdict

from digest.model.tool import Tool
from digest.pairing.match import scored_pairs
from digest.pairing.score import FLOOR, pair_score
from digest.verdicts.match import matches

OPEN = {"licence": "Apache-2.0"}


class TestTheScore:
    def test_no_pair_without_a_shared_category(self) -> None:
        one, other = made_verdict("One"), made_verdict("Other", category="data")
        assert pair_score(one, other, new=frozenset({"one", "other"}), category_name="Data") is None

    def test_no_pair_of_two_that_people_know_already(self) -> None:
        assert pair_score(made_verdict("One"), made_verdict("Other"), new=frozenset(), category_name="x") is None

    def test_the_parts_add_up_and_the_order_does_not_matter(self) -> None:
        one = made_verdict("One", "split", licence="Proprietary")
        other = made_verdict("Other", "all", **OPEN)
        there = pair_score(one, other, new=frozenset({"one", "other"}), category_name="Developer Tools")
        back = pair_score(other, one, new=frozenset({"one", "other"}), category_name="Developer Tools")
        assert there == back
        assert there is not None
        assert there.total == sum(points for _, points in there.parts)
        assert dict(there.parts)["panel"] == 12
        assert there.reason.startswith("Both are Developer Tools and speak of ")
        ending = "one is open, the other closed; the panel splits on 2 of 4; both are new this week."
        assert there.reason.endswith(ending)

    def test_weak_pairs_and_banned_pairs_never_stand(self) -> None:
        tools = [made_verdict(name) for name in ("One", "Other", "Third")]
        new = frozenset(verdict.slug for verdict in tools)
        names = {"developer-tools": "Developer Tools"}
        all_three = scored_pairs(tools, new=new, category_names=names)
        assert len(all_three) == 3
        assert all(score.total >= FLOOR for score in all_three)
        left = scored_pairs(tools, new=new, category_names=names, never=[("other", "one")])
        assert [(score.a, score.b) for score in left] == [("one", "third"), ("other", "third")]


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


class TestAnEditorsWishes:
    def pairs(self, command: CommandLine, folder: Path, wishes: str) -> list[set[str]]:
        planned(folder, wishes)
        ran = command("--now", "2026-11-19T12:00:00+01:00", "pair", "--json", folder=folder)
        assert ran.returncode == 0, ran.said
        return [{one["a"], one["b"]} for one in ran.json["comparisons"]]

    def test_a_pin_leads_and_its_tools_stand_nowhere_else(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        pairs = self.pairs(digest_here, built_publication, "pin:\n  - [framekit, tidepool]\n")
        assert pairs[0] == {"framekit", "tidepool"}
        assert len(pairs) == 4
        assert all(not {"framekit", "tidepool"} & one for one in pairs[1:])

    def test_a_ban_is_respected_in_either_order(self, built_publication: Path, digest_here: CommandLine) -> None:
        pairs = self.pairs(digest_here, built_publication, "forbid:\n  - [minutely, hushnote]\n")
        assert {"hushnote", "minutely"} not in pairs

    def test_a_held_tool_meets_nobody(self, built_publication: Path, digest_here: CommandLine) -> None:
        pairs = self.pairs(digest_here, built_publication, "hold: [hushnote]\n")
        assert not any("hushnote" in one for one in pairs)

    def test_what_went_out_is_not_compared_again(self, sent_publication: Path, digest_here: CommandLine) -> None:
        went = (sent_publication / "issues" / WEEK / "tools.jsonl").read_text()
        after = sent_publication / "issues" / "2026-W48"
        (after / "tools.jsonl").write_text(went)
        ran = digest_here("pair", "--week", "2026-W48", "--json", folder=sent_publication)
        again = {frozenset((one["a"], one["b"])) for one in ran.json["scores"]}
        draft = yaml.safe_load((sent_publication / "issues" / WEEK / "issue.yaml").read_text())
        went_out = {frozenset(one["tools"]) for one in draft["comparisons"]}
        assert len(went_out) == 4
        assert again
        assert not again & went_out
