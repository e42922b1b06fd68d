"""Judging entries that come as lines of JSON, as `digest recognise` does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import CommandLine

from digest.collect.entry_line import entry_of


@pytest.mark.parametrize("published", ["Thu, 06 Aug 2026 00:00:00 +0000", "2026-08-06T00:00:00Z", "yesterday", None, 7])
def test_a_date_may_be_written_in_any_way(published: object) -> None:
    line = json.dumps({"kind": "news", "title": "Tidepool 1.0 is out", "published": published})
    assert entry_of(line, "1").title == "Tidepool 1.0 is out"


def test_what_is_not_said_is_empty_and_the_kind_is_guessed() -> None:
    entry = entry_of('{"title": "v1.0.0", "link": "https://github.com/saltmarsh-labs/driftwood/releases/tag/v1"}', "1")
    assert (entry.feed_title, entry.summary, entry.published) == ("", "", None)
    assert entry.kind == "github-releases"


def test_words_are_cleaned_as_those_of_a_feed_are() -> None:
    line = {
        "title": "Serif &amp;amp; <b>Sundry</b>\u202e",
        "summary": "<p>Pairs fonts</p>",
        "link": "javascript:alert(1)",
    }
    entry = entry_of(json.dumps(line), "1")
    assert (entry.title, entry.summary, entry.link) == ("Serif & Sundry", "Pairs fonts", None)


def test_the_command_answers_each_line_with_what_it_was_and_what_it_is(digest_command: CommandLine) -> None:
    lines = [
        {"kind": "hackernews", "title": "Show HN: Tidepool – A database in one file", "published": "Thu, 06 Aug 2026"},
        {"kind": "news", "title": "A week of weather", "note": "kept"},
    ]
    ran = digest_command("recognise", stdin="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0
    assert [answer["label"] for answer in answers] == ["launch", "other"]
    assert answers[0]["name"] == "Tidepool"
    assert answers[0]["published"] == "Thu, 06 Aug 2026"
    assert answers[0]["reasons"]
    assert answers[1]["note"] == "kept"


def test_a_line_that_is_no_entry_is_named_and_the_others_are_judged(digest_command: CommandLine) -> None:
    good = '{"kind": "news", "title": "A week of weather"}'
    bad = [
        '{"title": "x"', "[1]", '{"title": 7}', '{"kind": "paper", "title": "x"}', '"x"', "[" * 100_000,
        '{"title": "x", "n": ' + "9" * 5_000 + "}",
    ]  # fmt: skip
    ran = digest_command("recognise", stdin="\n".join([good, "", *bad, good]))
    assert ran.returncode == 2
    assert len(ran.stdout.splitlines()) == 2
    said = ran.stderr.removeprefix("digest: ").splitlines()
    assert [line.split(":")[1] for line in said] == ["3", "4", "5", "6", "7", "8", "9"]
    assert said[1] == "<stdin>:4: not an entry: must be a JSON object; mend that line"
    assert said[5] == "<stdin>:8: not an entry: too deeply nested; mend that line"
    assert all(line.endswith("; mend that line") for line in said)


def test_bytes_that_are_no_text_cost_their_line_alone(digest_command: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "entries.jsonl"
    file.write_bytes(b'\xff\xfe{}\n{"kind": "news", "title": "Weather", "note": "half \\ud800 a pair"}\n')
    ran = digest_command("recognise", str(file))
    assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1)
    assert json.loads(ran.stdout)["note"] == "half \ud800 a pair"
