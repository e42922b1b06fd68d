"""A letter knows its number and the letter before it, and freezes both with its theme."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import CommandLine, replace_in

from digest.jobs.past import last_issue, number_of
from digest.publication import load_publication

NEXT = "2026-W48"
WEDNESDAY = "2026-11-25T19:00:00+01:00"


def build(digest_here: CommandLine, folder: Path, week: str = NEXT, *options: str) -> None:
    ran = digest_here("--now", WEDNESDAY, "build", "--week", week, *options, folder=folder)
    assert ran.returncode == 0, ran.said


def frozen(folder: Path, week: str = NEXT) -> dict[str, object]:
    return dict(json.loads((folder / "issues" / week / "inputs.json").read_text(encoding="utf-8")))


def test_the_next_letter_looks_back_on_the_one_that_went_out(sent_publication: Path, digest_here: CommandLine) -> None:
    build(digest_here, sent_publication)
    text = (sent_publication / "issues" / NEXT / "email.txt").read_text(encoding="utf-8")
    assert "No. 2 · 27 November 2026" in text
    assert "\nLast week\n" in text
    assert "- Hushnote vs Minutely\n  Hushnote: the panel said 3 of 4, you said —\n" in text
    assert "We disagree most" not in text


def test_what_it_looks_back_on_is_frozen(sent_publication: Path, digest_here: CommandLine) -> None:
    build(digest_here, sent_publication)
    before = (sent_publication / "issues" / NEXT / "email.html").read_bytes()
    last = frozen(sent_publication)["last"]
    assert isinstance(last, dict)
    assert last["id"] == "2026-W47"
    (sent_publication / "issues" / "2026-W47" / "inputs.json").unlink()
    build(digest_here, sent_publication, NEXT, "--verify")
    assert (sent_publication / "issues" / NEXT / "email.html").read_bytes() == before


def test_the_first_letter_has_nothing_to_look_back_on(built_publication: Path) -> None:
    assert "last" not in frozen(built_publication, "2026-W47")
    assert frozen(built_publication, "2026-W47")["number"] == 1
    publication = load_publication(built_publication, {})
    # the letter of this week has not gone out, so the next one does not count it yet
    assert last_issue(publication, NEXT) == (None, "")
    assert number_of(publication, NEXT) == 1


def test_letters_are_counted_from_the_publication_s_first_number(sent_publication: Path) -> None:
    replace_in(sent_publication / "digest.toml", "first_number = 1 ", "first_number = 200 ")
    publication = load_publication(sent_publication, {})
    assert [number_of(publication, week) for week in ("2026-W46", "2026-W47", "2026-W48", "2026-W49-special")] == [
        200,
        200,
        201,
        201,
    ]


def test_a_letter_before_that_cannot_be_read_costs_its_lines_alone(
    sent_publication: Path, digest_here: CommandLine
) -> None:
    (sent_publication / "issues" / "2026-W47" / "inputs.json").unlink()
    ran = digest_here("--now", WEDNESDAY, "build", "--week", NEXT, folder=sent_publication)
    assert ran.returncode == 0
    assert "last week's lines left out: " in ran.stderr
    assert "Last week" not in (sent_publication / "issues" / NEXT / "email.txt").read_text(encoding="utf-8")


def test_the_theme_is_frozen_whole_and_rebuilds_after_it_changed(
    built_publication: Path, digest_here: CommandLine
) -> None:
    folder = built_publication
    assert len(frozen(folder, "2026-W47")["theme"]["light"]) == 13  # type: ignore[index]
    toml = folder / "digest.toml"
    plain = toml.read_text(encoding="utf-8")
    toml.write_text(plain + '\n[theme.light]\naccent = "#7a1f5c"\n', encoding="utf-8")
    build(digest_here, folder, "2026-W47", "--verify")
    assert "#7a1f5c" not in (folder / "issues/2026-W47/email.html").read_text(encoding="utf-8")
    build(digest_here, folder, "2026-W47")
    toml.write_text(plain, encoding="utf-8")
    build(digest_here, folder, "2026-W47", "--verify")
    assert "#7a1f5c" in (folder / "issues/2026-W47/email.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", ["first_number = -1", 'first_number = "one"'])
def test_a_first_number_that_is_none_is_refused(publication: Path, digest_here: CommandLine, line: str) -> None:
    replace_in(publication / "digest.toml", "first_number = 1 ", f"{line} ")
    assert "issue.first_number" in digest_here("doctor", folder=publication).said
