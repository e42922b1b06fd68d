"""Verdict files are written by hand: a good one becomes a verdict, a broken one is told with file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import CommandLine, line_of, replace_in, tree

from digest.model.verdict import Verdict
from digest.publication import load_publication
from digest.verdicts.read import VerdictsRead, read_verdicts

TIDEPOOL = "verdicts/tidepool.yaml"
NOW = ("--now", "2026-11-20T09:00:00+01:00")


def read(folder: Path) -> VerdictsRead:
    settings = load_publication(folder, {}).settings
    return read_verdicts(folder / "verdicts", settings.panel.reviewers, settings.categories)


def broken(folder: Path, mistakes: int = 1) -> str:
    """The mistakes of a folder with one broken file, which costs exactly that file."""
    found = read(folder)
    assert "tidepool" not in found.verdicts
    assert len(found.verdicts) == 13
    assert len(found.broken) == mistakes, found.broken
    return "\n".join(found.broken)


def at(folder: Path, text: str, column: int) -> str:
    """The place where a text stands, as mistakes name it."""
    path = folder / TIDEPOOL
    return f"{path}:{line_of(path, text)}:{column}: "


class TestAGoodFile:
    def test_every_sample_verdict_is_good(self, publication: Path) -> None:
        found = read(publication)
        assert (len(found.verdicts), found.broken) == (14, ())
        assert all(slug == verdict.slug for slug, verdict in found.verdicts.items())

    def test_words_are_read_as_they_stand(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        replace_in(path, "name: Tidepool", "name: 1.10")
        replace_in(path, "vendor: ", "vendor: no # ")
        verdict = read(publication).verdicts["tidepool"]
        assert isinstance(verdict, Verdict)
        assert (verdict.name, verdict.vendor) == ("1.10", "no")

    def test_without_a_folder_there_are_none(self, publication: Path) -> None:
        (publication / "verdicts").rename(publication / "elsewhere")
        assert read(publication) == VerdictsRead({}, ())

    def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        assert read(publication).broken == ()

    def test_other_files_in_the_folder_are_none_of_ours(self, publication: Path) -> None:
        (publication / "verdicts" / "README.md").write_text("{{{")
        (publication / "verdicts" / ".tidepool.yaml.swp").write_bytes(b"\xff")
        assert len(read(publication).verdicts) == 14


class TestABrokenFile:
    def test_a_tab(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        replace_in(path, "  model: ", "\tmodel: ")
        assert broken(publication).startswith(f"{path}:{line_of(path, chr(9))}:1: a tab cannot indent YAML; use spaces")

    def test_a_missing_field(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        replace_in(path, "licence: ", "# licence: ")
        at_the_top = f"{path}:{line_of(path, 'name: ')}:1: "
        assert (
            broken(publication)
            == f"{at_the_top}licence: is missing; add it (an SPDX id such as Apache-2.0, or Proprietary)"
        )

    def test_a_missing_field_of_a_review_is_told_at_that_review(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        lines = path.read_text().splitlines(keepends=True)
        second = [number for number, line in enumerate(lines) if "  basis: " in line][1]
        del lines[second]
        path.write_text("".join(lines))
        place = next(number for number, line in enumerate(lines, 1) if "- reviewer: skeptic" in line)
        assert broken(publication).startswith(f"{path}:{place}:5: reviews[2].basis: is missing; add it (what the call ")

    def test_an_unknown_field(self, publication: Path) -> None:
        replace_in(publication / TIDEPOOL, "ship_if: ", "shipif: ")
        said = broken(publication, 2)
        assert f"{at(publication, 'shipif', 1)}shipif: is not a field that is known here" in said
        assert "ship_if: is missing" in said

    def test_an_unknown_reviewer(self, publication: Path) -> None:
        replace_in(publication / TIDEPOOL, "reviewer: skeptic", "reviewer: sceptic")
        said = broken(publication)
        assert said.startswith(f'{at(publication, "sceptic", 5)}no reviewer is called "sceptic"; did you mean skeptic?')

    def test_a_double_review(self, publication: Path) -> None:
        replace_in(publication / TIDEPOOL, "reviewer: skeptic", "reviewer: builder")
        lines = (publication / TIDEPOOL).read_text().splitlines()
        second = [number for number, line in enumerate(lines, 1) if "reviewer: builder" in line][1]
        assert broken(publication).startswith(
            f"{publication / TIDEPOOL}:{second}:5: builder reviews it twice; keep one"
        )

    def test_an_unknown_category(self, publication: Path) -> None:
        replace_in(publication / TIDEPOOL, "category: data", "category: toys")
        assert broken(publication).startswith(f'{at(publication, "toys", 1)}no category is called "toys"; use ')

    def test_a_duplicate_key(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        replace_in(path, "vendor: ", "name: Ridepool\nvendor: ")
        assert broken(publication) == f"{at(publication, 'Ridepool', 1)}name: stands here twice; keep one"

    def test_a_duplicate_key_in_a_review(self, publication: Path) -> None:
        replace_in(publication / TIDEPOOL, "    call: ", "    call: ship\n    call: ")
        assert broken(publication).endswith("call: stands here twice; keep one")

    def test_not_utf_8(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        path.write_bytes(path.read_bytes().replace(b"Tidepool", b"Tid\xe9pool", 1))
        said = broken(publication)
        assert said.startswith(f"{path}:2:")
        assert said.endswith("save it as UTF-8")

    def test_not_utf_8_is_told_where_it_stands(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        path.write_bytes(path.read_bytes() + b"# caf\xe9\n")
        assert broken(publication).startswith(f"{path}:{len(path.read_bytes().splitlines())}:6: not UTF-8")

    @pytest.mark.parametrize("content", ["", "# later\n", "just words\n", "- a\n- list\n", "---\n", "null\n"])
    def test_no_verdict_at_all(self, publication: Path, content: str) -> None:
        (publication / TIDEPOOL).write_text(content)
        assert broken(publication).startswith(f"{publication / TIDEPOOL}:1:1: holds no verdict")

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("call: ", "call: maybe #", "must be 'ship' or 'skip'; found \"maybe\""),
            ("basis: ", "basis: heard of it #", "must be 'ran it'"),
            ("date: ", "date: last week #", "date"),
            ("  amount: ", "  amount: -1 #", "greater than or equal to 0"),
            ("  amount: ", "  amount: cheap #", 'found "cheap"'),
            ("homepage: ", "homepage: javascript:alert(1) #", "must be an address"),
            ("name: ", "name: [Tide, pool] #", "name: "),
            ("tagline: ", "tagline: |\n  two\n  lines\nignored: ", "must stand on one line"),
            ("reviews:", "reviews: none\nlater:", "reviews: "),
        ],
    )
    def test_a_wrong_value_says_what_would_be_right(self, publication: Path, old: str, new: str, says: str) -> None:
        path = publication / TIDEPOOL
        text = path.read_text()
        if old not in text:
            replace_in(path, "  source: ", "  amount: 1\n  source: ")
        replace_in(path, old, new)
        first = read(publication).broken[0]
        assert says in "\n".join(read(publication).broken)
        assert first.startswith(f"{path}:")
        assert "\n" not in first

    @pytest.mark.parametrize(
        "hostile",
        [
            "name: &a x\nvendor: *a\n",
            "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
            "name: &a [*a]\n",
            "&a [*a]",
            "? [complex, key]\n: value\n",
            "name: !!python/object/apply:os.system ['touch /tmp/never']\n",
            "name: !!binary aGk=\n",
            "<<: {name: merged}\n",
            "--- one\n--- two\n",
            "name: 'never closed\n",
            "{" * 500,
            "[" * 5000,
            "a: " * 40,
            "\x00",
            "name: \x07bell\n",
            "%YAML 9.9\n---\nname: x\n",
            "name: *nobody\n",
        ],
    )
    def test_what_only_an_attacker_would_write_is_a_mistake_like_any_other(
        self, publication: Path, hostile: str
    ) -> None:
        (publication / TIDEPOOL).write_text(hostile)
        found = read(publication)
        assert "tidepool" not in found.verdicts
        assert found.broken
        assert all(mistake.startswith(f"{publication / TIDEPOOL}:") for mistake in found.broken)
        assert all("\n" not in mistake for mistake in found.broken)

    def test_a_billion_laughs_cost_nothing(self, publication: Path) -> None:
        lines = ["a0: &a0 [" + ", ".join(["lol"] * 9) + "]"]
        lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, 18)]
        (publication / TIDEPOOL).write_text("\n".join(lines) + "\n")
        assert "alias" in broken(publication, len(read(publication).broken))

    def test_a_folder_named_like_a_verdict(self, publication: Path) -> None:
        (publication / TIDEPOOL).unlink()
        (publication / TIDEPOOL).mkdir()
        assert broken(publication).startswith(f"{publication / TIDEPOOL}: cannot read")

    def test_a_file_name_that_is_no_slug(self, publication: Path) -> None:
        (publication / TIDEPOOL).rename(publication / "verdicts" / "Tide Pool.yaml")
        assert 'slug: must be lower case letters, digits and hyphens; found "Tide Pool"' in broken(publication)

    def test_every_mistake_of_a_file_at_once_in_the_order_of_its_lines(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        replace_in(path, "licence: ", "# licence: ")
        replace_in(path, "category: data", "category: dater\nvendor: Brackwater")
        replace_in(path, "reviewer: skeptic", "reviewer: sceptic")
        replace_in(path, "call: ", "call: perhaps #")
        replace_in(path, "basis: ", "basis: a guess #")
        found = [mistake.partition(": ")[2] for mistake in read(publication).broken]
        assert found == [
            "licence: is missing; add it (an SPDX id such as Apache-2.0, or Proprietary)",
            'no category is called "dater"; did you mean data?',
            "vendor: stands here twice; keep one",
            "reviews[1].call: must be 'ship' or 'skip'; found \"perhaps\"",
            "reviews[1].basis: must be 'ran it', 'read the docs' or 'saw a demo'; found \"a guess\"",
            'no reviewer is called "sceptic"; did you mean skeptic?',
        ]

    @pytest.mark.parametrize("empty", ["", '""', "' '", "~", ">-\n", "|\n\n"])
    def test_an_empty_quote(self, publication: Path, empty: str) -> None:
        path = publication / TIDEPOOL
        text = path.read_text()
        begin = text.index("    quote: ")
        end = text.index("  - reviewer: ", begin)
        path.write_text(text[:begin] + f"    quote: {empty}\n" + text[end:])
        assert "reviews[1].quote: is empty; fill it in (the review whole; emphasis" in broken(publication)

    def test_a_slug_since_the_file_s_name_says_it(self, publication: Path) -> None:
        replace_in(publication / TIDEPOOL, "vendor: ", "slug: tide\nvendor: ")
        assert broken(publication) == f"{at(publication, 'slug: ', 1)}slug: is the file's name; take it out"

    @pytest.mark.parametrize("word", ["no", "on", "yes", "off", "true", "y"])
    def test_a_key_that_other_readers_take_for_a_yes_or_a_no(self, publication: Path, word: str) -> None:
        replace_in(publication / TIDEPOOL, "vendor: ", f"{word}: 1\nvendor: ")
        assert f"{word}: is not a field that is known here" in broken(publication)

    def test_an_unknown_field_is_answered_with_the_nearest_of_its_own_table(self, publication: Path) -> None:
        path = publication / TIDEPOOL
        replace_in(path, "  checked: ", "  chequed: ")
        replace_in(path, "    short: ", "    shorts: ")
        said = broken(publication, 4)
        assert "pricing.chequed: is not a field that is known here; did you mean checked?" in said
        assert "reviews[1].shorts: is not a field that is known here; did you mean short?" in said


class TestTheHistoryOfAFile:
    HISTORY = """\
history:
  - date: 2026-11-19
    why: The 1.0 keeps its rows
    reviews:
      - {reviewer: skeptic, call: skip, basis: ran it, by: Tomas, date: 2026-11-01, short: No., quote: No.}
"""

    def with_history(self, publication: Path, old: str = "", new: str = "") -> Path:
        path = publication / TIDEPOOL
        history = self.HISTORY.replace(old, new, 1) if old else self.HISTORY
        assert not old or history != self.HISTORY
        path.write_text(path.read_text() + history)
        return path

    def test_keeps_the_old_review_whole(self, publication: Path) -> None:
        self.with_history(publication)
        (revision,) = read(publication).verdicts["tidepool"].history
        assert (revision.why, revision.reviews[0].call) == ("The 1.0 keeps its rows", "skip")

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("skeptic", "sceptic", 'no reviewer is called "sceptic"; did you mean skeptic?'),
            ("2026-11-01", "2026-11-20", "date: is later than the revision that replaced it, of 2026-11-19"),
            ("    why: The 1.0 keeps its rows\n", "", "history[1].why: is missing; add it (what made the panel look"),
            ("call: skip", "call: hm", "history[1].reviews[1].call: must be 'ship' or 'skip'"),
            ("      - {", "      # {", "history[1].reviews: is empty; fill it in (the reviews that were replaced"),
            ("quote: No.", "quote: ' '", "history[1].reviews[1].quote: is empty"),
        ],
    )
    def test_a_mistake_in_it_has_its_place(self, publication: Path, old: str, new: str, says: str) -> None:
        path = self.with_history(publication, old, new)
        said = broken(publication)
        assert says in said
        line = int(said.removeprefix(f"{path}:").partition(":")[0])
        assert line >= line_of(path, "history:")

    def test_nobody_speaks_twice_in_one_revision(self, publication: Path) -> None:
        path = self.with_history(publication)
        path.write_text(path.read_text() + path.read_text().splitlines()[-1] + "\n")
        assert "skeptic reviews it twice" in broken(publication)


def _two_reviewers_alike(path: Path) -> None:
    replace_in(path, "reviewer: skeptic", "reviewer: builder")


BREAKAGES = {
    "a tab": lambda path: replace_in(path, "  model: ", "\tmodel: "),
    "a missing field": lambda path: replace_in(path, "licence: ", "# licence: "),
    "an unknown reviewer": lambda path: replace_in(path, "reviewer: skeptic", "reviewer: sceptic"),
    "a double review": _two_reviewers_alike,
    "a duplicate key": lambda path: replace_in(path, "vendor: ", "name: Ridepool\nvendor: "),
    "not UTF-8": lambda path: path.write_bytes(path.read_bytes() + b"# caf\xe9\n"),
}


class TestAsAPersonSeesIt:
    @pytest.mark.parametrize("what", BREAKAGES)
    def test_verdict_check_names_the_place(self, publication: Path, digest_here: CommandLine, what: str) -> None:
        path = publication / TIDEPOOL
        BREAKAGES[what](path)
        before = tree(publication, without=())
        ran = digest_here(*NOW, "verdict", "check", folder=publication)
        assert ran.returncode == 2
        (line,) = ran.stderr.splitlines()
        name, number, column, complaint = line.split(":", 3)
        assert (name, number.isdigit(), column.isdigit()) == (str(path), True, True)
        assert complaint
        assert ran.stdout == "13 good verdicts, 1 mistake\n"
        assert tree(publication, without=()) == before

    def test_good_ones_are_counted(self, publication: Path, digest_here: CommandLine) -> None:
        ran = digest_here(*NOW, "verdict", "check", folder=publication)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "14 good verdicts, no mistakes\n", "")

    def test_the_weekly_job_goes_on_without_a_broken_one(self, publication: Path, digest_here: CommandLine) -> None:
        for number, breakage in enumerate(BREAKAGES.values()):
            broken_one = publication / "verdicts" / f"stranger-{number}.yaml"
            broken_one.write_bytes((publication / TIDEPOOL).read_bytes())
            breakage(broken_one)
        ran = digest_here("run", "--offline", "--approve", folder=publication)
        assert ran.returncode == 0, ran.said
        assert "24 candidates = 24 accepted" in ran.stdout
        warnings = [line for line in ran.stderr.splitlines() if line.startswith("warning: pair: ")]
        assert len(warnings) == len(BREAKAGES)
        assert all(f"/verdicts/stranger-{number}.yaml:" in line for number, line in enumerate(warnings))

    @pytest.mark.parametrize("what", ["a tab", "not UTF-8"])
    def test_approval_is_refused_where_an_editor_planned_a_comparison_that_needs_it(
        self, publication: Path, digest_here: CommandLine, what: str
    ) -> None:
        draft = publication / "issues" / "2026-W47" / "issue.yaml"
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text("comparisons:\n  - tools: [tidepool, copperline]\n  - tools: [hushnote, minutely]\n")
        BREAKAGES[what](publication / TIDEPOOL)
        ran = digest_here("run", "--offline", "--approve", folder=publication)
        line = ran.refusal(3)
        assert "approval refused: tidepool vs copperline is planned and not in the mail" in line
        assert str(draft) in line
        assert "digest verdict check" in line
        assert not (draft.parent / "approval.yaml").exists()
        assert not (publication / "outbox").exists()
        assert draft.read_text().startswith("comparisons:\n  - tools: [tidepool, copperline]\n")

    def test_without_approval_the_same_week_is_built_and_waits(
        self, publication: Path, digest_here: CommandLine
    ) -> None:
        draft = publication / "issues" / "2026-W47" / "issue.yaml"
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text("comparisons:\n  - tools: [tidepool, copperline]\n  - tools: [hushnote, minutely]\n")
        BREAKAGES["a tab"](publication / TIDEPOOL)
        ran = digest_here("--now", "2026-11-19T12:00:00+01:00", "run", "--offline", folder=publication)
        assert ran.returncode == 0, ran.said
        assert "comparison left out: tidepool-vs-copperline" in ran.stderr
        assert "Hushnote vs Minutely" in ran.stdout
