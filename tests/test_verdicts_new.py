"""`digest verdict new` starts a file from a collected tool: facts filled in, sources as comments, the rest open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import CommandLine, replace_in, tree

from digest.files.yaml_source import read_yaml
from digest.files.yaml_splice import changed

NOW = ("--now", "2026-11-19T12:00:00+01:00")
HERON: dict[str, Any] = {
    "slug": "heron",
    "name": "Heron",
    "vendor": "Heron Labs: a maker",
    "tagline": "Logs, read standing",
    "category": "developer-tools",
    "homepage": "https://heron.example",
    "score": 90,
    "sightings": [
        {
            "source": "Launch Pad",
            "title": "Heron # logs: read\u2028standing",
            "link": "https://launchpad.example/heron",
        },
        {"source": "A tip", "title": "x " * 100, "published": "2026-11-17T08:00:00Z"},
    ],
}


@pytest.fixture
def newsroom(publication: Path) -> Path:
    """A publication that collected one tool without a verdict."""
    collected(publication, **HERON)
    return publication


def collected(folder: Path, **tool: Any) -> None:
    path = folder / "issues" / "2026-W47" / "tools.jsonl"
    before = path.read_text() if path.exists() else ""
    path.write_text(before + json.dumps(tool) + "\n")


class TestTheFile:
    def test_has_the_facts_and_leaves_the_rest_open(self, newsroom: Path, digest_here: CommandLine) -> None:
        ran = digest_here(*NOW, "verdict", "new", "heron", folder=newsroom)
        assert ran.returncode == 0, ran.said
        data = yaml.safe_load((newsroom / "verdicts" / "heron.yaml").read_text())
        assert {name: value for name, value in data.items() if value} == {
            "name": "Heron",
            "vendor": "Heron Labs: a maker",
            "category": "developer-tools",
            "tagline": "Logs, read standing",
            "homepage": "https://heron.example",
            "pricing": {"model": None, "entry": None, "source": "https://heron.example", "checked": None},
        }
        assert data["reviews"] == []

    def test_names_its_schema_and_its_sources_in_comments(self, newsroom: Path, digest_here: CommandLine) -> None:
        digest_here(*NOW, "verdict", "new", "heron", folder=newsroom)
        lines = (newsroom / "verdicts" / "heron.yaml").read_text().splitlines()
        assert lines[0] == "# yaml-language-server: $schema=.schema.json"
        assert "#   Launch Pad: Heron # logs: read standing" in lines
        assert "#     https://launchpad.example/heron" in lines
        assert any(line.startswith("#   A tip, 2026-11-17: x x x") for line in lines)
        assert max(map(len, lines)) <= 120

    def test_is_told_what_it_lacks_line_by_line(self, newsroom: Path, digest_here: CommandLine) -> None:
        started = digest_here(*NOW, "verdict", "new", "heron", folder=newsroom)
        open_ = ["licence", "description", "pricing.model", "pricing.entry", "pricing.checked", "ship_if", "skip_if"]
        said = " ".join(started.stdout.split())
        assert f"Still open {', '.join(open_)}" in said
        assert "Reviews by The Builder, The Skeptic, The Futurist, The Founder" in said
        assert "verdict check heron" in said
        checked = digest_here(*NOW, "verdict", "check", "heron", folder=newsroom)
        assert checked.returncode == 2
        assert [line.split(": ")[1] for line in checked.stderr.splitlines()] == open_
        assert all(": is empty; fill it in (" in line for line in checked.stderr.splitlines())

    def test_filled_in_it_is_a_good_verdict_that_waits(self, newsroom: Path, digest_here: CommandLine) -> None:
        digest_here(*NOW, "verdict", "new", "heron", folder=newsroom)
        source = read_yaml(newsroom / "verdicts" / "heron.yaml")
        facts = {"licence": "MIT", "description": "It reads logs.", "ship_if": "you stand", "skip_if": "you sit"}
        prices = {"model": "free", "entry": "Free", "checked": "2026-11-19"}
        for name, fact in facts.items():
            source = changed(source, (name,), fact)
        for name, fact in prices.items():
            source = changed(source, ("pricing", name), fact)
        source.path.write_text(source.text)
        ran = digest_here(*NOW, "verdict", "check", folder=newsroom)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.startswith("heron waits for builder, skeptic, futurist, founder\n15 good verdicts")
        listed = digest_here(*NOW, "tools", "list", "--waiting", "--json", folder=newsroom).json["tools"]
        assert [(tool["slug"], tool["verdict"]) for tool in listed] == [("heron", "heron")]

    def test_is_one_warning_for_the_weekly_job_while_it_is_unfinished(
        self, newsroom: Path, digest_here: CommandLine
    ) -> None:
        digest_here(*NOW, "verdict", "new", "heron", folder=newsroom)
        ran = digest_here(*NOW, "build", "--week", "2026-W47", folder=newsroom)
        warnings = [line for line in ran.stderr.splitlines() if "heron.yaml" in line]
        assert len(warnings) == 1
        assert warnings[0].endswith("(and 6 more: `digest verdict check heron`)")

    def test_has_the_example_of_a_review_that_only_needs_its_marks_taken_away(
        self, newsroom: Path, digest_here: CommandLine
    ) -> None:
        digest_here(*NOW, "verdict", "new", "heron", folder=newsroom)
        text = (newsroom / "verdicts" / "heron.yaml").read_text().partition("reviews: []\n")[2]
        example = yaml.safe_load("reviews:\n" + "".join(f"{line[2:]}\n" for line in text.splitlines()[1:]))
        (review,) = example["reviews"]
        assert (review["reviewer"], review["call"], review["basis"]) == ("builder", "ship", "ran it")
        assert set(review) == {"reviewer", "call", "basis", "by", "date", "short", "quote", "disclosure"}

    def test_keeps_the_aliases_that_the_desk_gave_the_tool(self, newsroom: Path, digest_here: CommandLine) -> None:
        digest_here(*NOW, "tools", "rename", "heron", "Grey Heron", folder=newsroom)
        digest_here(*NOW, "verdict", "new", "heron", folder=newsroom)
        data = yaml.safe_load((newsroom / "verdicts" / "heron.yaml").read_text())
        assert (data["name"], data["aliases"]) == ("Grey Heron", ["Heron"])

    def test_of_a_tool_that_little_is_known_of_is_a_file_all_the_same(
        self, publication: Path, digest_here: CommandLine
    ) -> None:
        collected(publication, slug="egret", name="no")
        ran = digest_here(*NOW, "verdict", "new", "egret", folder=publication)
        assert "Still open vendor, category, tagline, homepage, licence" in " ".join(ran.stdout.split())
        data = yaml.safe_load((publication / "verdicts" / "egret.yaml").read_text())
        assert (data["name"], data["vendor"], data["homepage"]) == ("no", None, None)


class TestRefusals:
    def test_a_file_that_is_there(self, newsroom: Path, digest_here: CommandLine) -> None:
        (newsroom / "verdicts" / "heron.yaml").write_text("# mine\n")
        before = tree(newsroom, without=())
        line = digest_here(*NOW, "verdict", "new", "heron", folder=newsroom).refusal(3)
        assert line.startswith(f"{newsroom / 'verdicts' / 'heron.yaml'}: stands there already; change it")
        assert tree(newsroom, without=()) == before

    def test_a_tool_that_has_a_verdict_under_another_name(self, newsroom: Path, digest_here: CommandLine) -> None:
        replace_in(newsroom / "verdicts" / "copperline.yaml", "licence: ", "aliases: [Heron]\nlicence: ")
        line = digest_here(*NOW, "verdict", "new", "heron", folder=newsroom).refusal(3)
        assert "Heron has a verdict already; `digest verdict show copperline` shows it" in line
        assert not (newsroom / "verdicts" / "heron.yaml").exists()

    def test_a_tool_that_nobody_collected(self, newsroom: Path, digest_here: CommandLine) -> None:
        line = digest_here(*NOW, "verdict", "new", "hero", folder=newsroom).refusal(2)
        assert line == 'no tool is called "hero"; did you mean heron?'

    def test_what_almost_matches_is_offered_and_not_assumed(self, publication: Path, digest_here: CommandLine) -> None:
        collected(publication, **{**HERON, "slug": "tidepool-2-0", "name": "Tidepool 2.0"})
        ran = digest_here(*NOW, "verdict", "new", "tidepool-2-0", folder=publication)
        assert ran.returncode == 0
        assert (publication / "verdicts" / "tidepool-2-0.yaml").exists()
        assert ran.stderr.startswith("warning: perhaps Tidepool 2.0 is verdicts/tidepool.yaml: ")
