"""Broken files and broken feeds: told in a line with their place, and nothing else is lost for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import BEFORE_SENDING, WEEK, CommandLine, line_of, tree

DRAFT = f"issues/{WEEK}/issue.yaml"
FEED = "feeds/brackwater-blog.xml"


class TestIssueYaml:
    @pytest.mark.parametrize(
        ("text", "place", "says"),
        [
            (
                "comparisons:\n  - tools: [tidepol, copperline]\n",
                "2:13",
                'no verdict is called "tidepol"; did you mean tidepool?',
            ),
            (
                "comparisons:\n  - tools:\n      - copperline\n      - zzz\n",
                "4:9",
                'no verdict is called "zzz"; write verdicts/zzz.yaml',
            ),
            ("pin:\n  - [copperlin, tidepool]\n", "2:6", "did you mean copperline?"),
            ("forbid: [[copperline, tidepoool]]\n", "1:23", "did you mean tidepool?"),
            ("hold: [copperline, hushnot]\n", "1:20", "did you mean hushnote?"),
            ("comparisons:\n\t- tools: [tidepool, copperline]\n", "2:1", "a tab cannot indent YAML; use spaces"),
            ("subject: [not, a, line]\n", "1:1", "subject: "),
            ("comparisons: tidepool\n", "1:1", "comparisons: "),
            ("intro: fine\nsubjekt: hm\n", "2:1", "subjekt: is not a field that is known here"),
        ],
    )
    def test_a_mistake_has_its_place_and_what_would_be_right(
        self, built_publication: Path, digest_here: CommandLine, text: str, place: str, says: str
    ) -> None:
        draft = built_publication / DRAFT
        draft.write_text(text)
        before = tree(built_publication)
        line = digest_here("--now", BEFORE_SENDING, "build", folder=built_publication).refusal(2)
        assert line.startswith(f"{draft}:{place}: ")
        assert says in line
        assert tree(built_publication) == before

    def test_the_weekly_job_stops_at_it_and_has_collected(self, publication: Path, digest_here: CommandLine) -> None:
        draft = publication / DRAFT
        draft.write_text("comparisons:\n  - tools: [tidepol, copperline]\n")
        line = digest_here("run", "--offline", "--approve", folder=publication).refusal(2)
        assert line.startswith(f"{draft}:2:13: ")
        assert (draft.parent / "tools.jsonl").is_file()
        assert not (publication / "outbox").exists()
        assert draft.read_text() == "comparisons:\n  - tools: [tidepol, copperline]\n"

    def test_a_tool_that_waits_for_its_verdict_can_be_held(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        waiting = digest_here(
            "--now", BEFORE_SENDING, "tools", "list", "--waiting", "--json", folder=built_publication
        ).json["tools"][0]
        draft = built_publication / DRAFT
        draft.write_text(f"hold: [{waiting['slug']}]\n")
        ran = digest_here("--now", BEFORE_SENDING, "build", folder=built_publication)
        assert ran.returncode == 0, ran.said
        assert waiting["name"] not in (built_publication / "issues" / WEEK / "email.txt").read_text()

    def test_a_pin_whose_verdict_is_broken_refuses_approval(
        self, built_publication: Path, digest_here: CommandLine
    ) -> None:
        (built_publication / DRAFT).write_text("pin:\n  - [tidepool, framekit]\n")
        (built_publication / "verdicts" / "framekit.yaml").write_text("\tbroken")
        now = ("--now", BEFORE_SENDING)
        assert digest_here(*now, "build", folder=built_publication).returncode == 0
        line = digest_here(*now, "approve", folder=built_publication).refusal(3)
        assert "tidepool vs framekit is pinned and not in the mail" in line


class TestARecordedFeed:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"<!doctype html><html><head><title>Welcome</title></head><body><p>Hello</p></body></html>", "feed"),
            (b"", "feed"),
            (b"\x00\xff\xfe" * 100, "feed"),
            (b"<rss><channel><item><title>never closed", ""),
            (None, "cannot read"),
        ],
        ids=["HTML", "empty", "binary", "cut off", "missing"],
    )
    def test_that_is_none_costs_a_warning_and_one_feed(
        self, publication: Path, digest_here: CommandLine, content: bytes | None, says: str
    ) -> None:
        path = publication / FEED
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        ran = digest_here("collect", "--offline", "--json", folder=publication)
        assert ran.returncode == 0, ran.said
        assert ran.json["feeds"] == 9
        assert ran.json["launches"] > 30
        if says:
            assert ran.json["failed"] == 1
            (warning,) = [line for line in ran.json["warnings"] if line.startswith("feed left out: ")]
            assert says in warning
            assert "\n" not in warning

    def test_the_week_goes_out_without_it(self, publication: Path, digest_here: CommandLine) -> None:
        (publication / FEED).write_text("<html><body>Are you a robot?</body></html>")
        ran = digest_here("run", "--offline", "--approve", folder=publication)
        assert ran.returncode == 0, ran.said
        assert "24 candidates = 24 accepted" in ran.stdout
        (warning,) = [line for line in ran.stderr.splitlines() if "feed left out" in line]
        assert warning.startswith("warning: collect: ")
        assert "brackwater" in warning.lower()


class TestTheRecording:
    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("moment = 2026", "moment = tomorrow # 2026", "not TOML"),
            ('file = "show-hn.xml"', 'file = "../../etc/passwd"', "feed[2].file: must be"),
            ('kind = "hackernews"', 'kind = "hacker"', "feed[2].kind: must be"),
            ('url = "https://news.example/show.rss"', 'url = "file:///etc/passwd"', "feed[2].url: must be an address"),
        ],
    )
    def test_with_a_mistake_has_its_line(
        self, publication: Path, digest_here: CommandLine, old: str, new: str, says: str
    ) -> None:
        path = publication / "feeds" / "recording.toml"
        text = path.read_text()
        path.write_text(text.replace(old, new, 1))
        before = tree(publication)
        line = digest_here("collect", "--offline", folder=publication).refusal(2)
        assert line.startswith(f"{path}:{line_of(path, new)}:")
        assert says in line
        assert tree(publication) == before

    def test_that_is_not_there_says_how_to_make_one(self, publication: Path, digest_here: CommandLine) -> None:
        (publication / "feeds" / "recording.toml").unlink()
        line = digest_here("run", "--offline", folder=publication).refusal(2)
        assert "there is no recording; make one with `digest collect --record`" in line


class TestRecognise:
    @pytest.mark.parametrize(
        "entry",
        ["[]", "7", "{", '{"kind": "news"}', '{"kind": "gossip", "title": "x"}', '{"kind": "news", "title": 7}'],
    )
    def test_a_line_that_is_no_entry_has_its_number(self, digest_command: CommandLine, entry: str) -> None:
        good = '{"kind": "news", "title": "Show HN: Tidepool"}'
        ran = digest_command("recognise", stdin=f"{good}\n\n{entry}\n")
        assert ":3: not an entry: " in ran.refusal(2)
        assert len(ran.stdout.splitlines()) == 1

    def test_not_utf_8(self, digest_command: CommandLine, tmp_path: Path) -> None:
        path = tmp_path / "entries.jsonl"
        path.write_bytes(b'{"kind": "news", "title": "caf\xe9"}\n')
        line = digest_command("recognise", str(path)).refusal(2)
        assert line.startswith(f"{path}:1: not an entry: 'utf-8' codec")
