"""A program changes one value of a YAML file: it says so then, and every other line is the byte that it was."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from untidy_yaml import Place, Untidy, some_line, some_words, untidy

from digest.errors import BrokenInput
from digest.files.yaml_source import YamlSource, parse_yaml
from digest.files.yaml_splice import appended, changed, removed

PATH = Path("file.yaml")


def parsed(text: str) -> YamlSource:
    return parse_yaml(text, PATH)


def said(text: str) -> Any:
    """What a file says to a reader that is not ours; every scalar as its text."""
    return yaml.load(text.removeprefix("\ufeff"), Loader=yaml.CBaseLoader)


def leaves(data: Any, place: Place = ()) -> list[Place]:
    """The places of all texts."""
    if isinstance(data, str):
        return [place]
    steps = data.items() if isinstance(data, dict) else enumerate(data)
    return [leaf for step, inner in steps for leaf in leaves(inner, (*place, step))]


def at(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data


def dressed(rng: random.Random, text: str) -> str:
    """Now and then as other systems write files."""
    text = text.replace("\n", "\r\n") if rng.random() < 0.2 else text
    return "\ufeff" + text if rng.random() < 0.1 else text


class TestAThousandUntidyFiles:
    @pytest.mark.parametrize("batch", range(10))
    def test_one_changed_text_changes_its_own_lines_alone(self, batch: int) -> None:
        for seed in range(batch * 100, batch * 100 + 100):
            made, plain = untidy(seed)
            rng = random.Random(-seed - 1)
            text = dressed(rng, plain)
            assert said(text) == made.data, f"seed {seed}: the generator is wrong"
            place = rng.choice(leaves(made.data))
            new = some_words(rng) if place[-1] in ("quote", "description", "intro", "text") else some_line(rng)
            after = changed(parsed(text), place, new).text
            wanted = said(text)
            at(wanted, place[:-1])[place[-1]] = new
            assert said(after) == wanted, f"seed {seed}"
            own = next(of for length in range(len(place), 0, -1) for of, _ in made.lines if of == place[:length])
            before, behind = around_lines(made, own, text)
            assert after.startswith(before), f"seed {seed}"
            assert after.endswith(behind), f"seed {seed}"
            assert len(after) >= len(before) + len(behind), f"seed {seed}"

    @pytest.mark.parametrize("batch", range(5))
    def test_one_removed_value_takes_its_own_lines_alone(self, batch: int) -> None:
        for seed in range(batch * 100, batch * 100 + 100):
            made, plain = untidy(seed)
            rng = random.Random(-seed - 1)
            text = dressed(rng, plain)
            places = {leaf[:length] for leaf in leaves(made.data) for length in range(1, len(leaf) + 1)}
            place = rng.choice(sorted(places, key=str))
            after = removed(parsed(text), place).text
            wanted = said(text)
            del at(wanted, place[:-1])[place[-1]]
            assert said(after) == wanted, f"seed {seed}"
            first = made.lines[numbers_of(made, place)[0]][1].lstrip()
            # an only child leaves empty brackets; what stood beside a dash gives its place to the field behind it
            shared = len(at(made.data, place[:-1])) == 1 or (isinstance(place[-1], str) and first.startswith("-"))
            others = without_lines_of(made, place[:-1] if shared else place)
            assert lost(others, after) == [], f"seed {seed}"

    @pytest.mark.parametrize("batch", range(5))
    def test_one_more_item_or_field_leaves_every_line_as_it_was(self, batch: int) -> None:
        for seed in range(batch * 100, batch * 100 + 100):
            made, plain = untidy(seed)
            rng = random.Random(-seed - 1)
            text = dressed(rng, plain)
            source = parsed(text)
            wanted = said(text)
            name = rng.choice(["aliases", "hold", "reviews", "comparisons", "new"])
            item: Any = {"title": some_line(rng), "text": some_words(rng)} if rng.random() < 0.4 else some_line(rng)
            if name == "new":
                after = changed(source, (name,), item).text
                wanted[name] = item
            else:
                after = appended(source, (name,), item).text
                wanted[name] = [*wanted.get(name, []), item]
            assert said(after) == wanted, f"seed {seed}"
            others = without_lines_of(made, (name,)) if _is_bracketed(made, name) else [line for _, line in made.lines]
            assert lost(others, after) == [], f"seed {seed}"


def numbers_of(made: Untidy, place: Place) -> list[int]:
    """The numbers of a value's lines; in brackets it has none of its own, and theirs are its."""
    for length in range(len(place), 0, -1):
        own = [number for number, (of, _) in enumerate(made.lines) if of is not None and of[:length] == place[:length]]
        if own:
            return own
    return []


def without_lines_of(made: Untidy, place: Place) -> list[str]:
    """The lines of a file but for those of a value, the comments between them among them."""
    own = numbers_of(made, place)
    inside = range(own[0], own[-1] + 1) if own else range(0)
    return [line for number, (_, line) in enumerate(made.lines) if number not in inside]


def lost(lines: list[str], text: str) -> list[str]:
    """The lines that a text lacks, or has in another order; white space at their ends may go."""
    remaining = iter([line.rstrip() for line in text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")])
    return [line for line in lines if line.rstrip() not in remaining]


def _is_bracketed(made: Untidy, name: str) -> bool:
    return any(line.partition(":")[2].lstrip()[:1] in ("[", "{") for of, line in made.lines if of == (name,))


def around_lines(made: Untidy, own: Place, text: str) -> tuple[str, str]:
    """What stands before and behind the lines that belong to a place."""
    numbers = [number for number, (of, _) in enumerate(made.lines) if of == own]
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(line_end)
    before = "".join(line + line_end for line in lines[: numbers[0]])
    behind = line_end.join(lines[numbers[-1] + 1 :])
    return before, behind


CHANGES: dict[str, tuple[str, Place, Any, str]] = {
    # name: (before, place, the new value, after)
    "a comment beside it stays": ("a: old  # why\nb: 1\n", ("a",), "new", "a: new  # why\nb: 1\n"),
    "single quotes stay": ("a: 'old'\n", ("a",), "it's", "a: 'it''s'\n"),
    "double quotes stay": ('a: "old"\n', ("a",), "new", 'a: "new"\n'),
    "a word that others take for a no": ("a: old\n", ("a",), "no", 'a: "no"\n'),
    "a word that others take for a number": ("a: old\n", ("a",), "1.10", 'a: "1.10"\n'),
    "a text with a colon": ("a: old\n", ("a",), "new: thing", 'a: "new: thing"\n'),
    "several lines in place of one": ("a: old\nb: 1\n", ("a",), "x\ny", "a: |-\n  x\n  y\nb: 1\n"),
    "several lines, a comment beside them": ("a: old # why\n", ("a",), "x\ny", 'a: "x\\ny" # why\n'),
    "a folded block": ("a: >-\n    old\n    words\n\n# c\nb: 1\n", ("a",), "new", "a: >-\n    new\n\n# c\nb: 1\n"),
    "a folded block is folded anew": (
        "a: >-\n  old\nb: 1\n", ("a",), "word " * 20 + "end",
        "a: >-\n  " + "word " * 13 + "word\n  " + "word " * 6 + "end\nb: 1\n",
    ),
    "a literal block keeps its comment": ("a: |  # why\n  old\n", ("a",), "x\ny", "a: |-  # why\n  x\n  y\n"),
    "a block that keeps its line breaks": ("a: |+\n  old\n\nb: 1\n", ("a",), "new\n\n", "a: |+\n  new\n\nb: 1\n"),
    "a block without a last line break": ("a: |\n  old", ("a",), "new\n", 'a: "new\\n"'),
    "a line in a block that looks like a comment": ("a: |\n  x\n  # y\nb: 1\n", ("a",), "z", "a: |-\n  z\nb: 1\n"),
    "a number": ("p: {amount: 29, unit: month}\n", ("p", "amount"), 30.5, "p: {amount: 30.5, unit: month}\n"),
    "yes and no are written so that everybody reads them alike": ("a: yes\n", ("a",), False, "a: false\n"),
    "a field without a value": ("a:\n# c\nb: 1\n", ("a",), "x", "a: x\n# c\nb: 1\n"),
    "a field without a value in braces": ("{a: , b}\n", ("b",), "x", "{a: , b: x}\n"),
    "nothing at all": ("a: >  # why\n  old\nb: 1\n", ("a",), None, "a:  # why\nb: 1\n"),
    "a list of words goes on the line": ("a: x # c\n", ("a",), ["w", "z"], "a: [w, z] # c\n"),
    "a list of tables goes beneath": ("a: []  # c\nb: 1\n", ("a",), [{"k": "v"}], "a:  # c\n  - k: v\nb: 1\n"),
    "a list keeps its indent": ("a:\n- x\n- y # y\n# c\nb: 1\n", ("a",), [{"k": "v"}], "a:\n- k: v # y\n# c\nb: 1\n"),
    "a list that is emptied": ("a:   # these\n  - x\n# c\nb: 1\n", ("a",), [], "a: []   # these\n# c\nb: 1\n"),
    "a missing field": ("# c\nb: 1  # one\n\n# end\n", ("a",), "x", "# c\nb: 1  # one\na: x\n\n# end\n"),
    "a missing field in a table": ("a:\n    b: 1\nc: 2\n", ("a", "d"), "x", "a:\n    b: 1\n    d: x\nc: 2\n"),
    "a missing field in an item": ("- a: 1\n- a: 2\n", (0, "d"), "x", "- a: 1\n  d: x\n- a: 2\n"),
    "a missing field in braces": ("a: {b: 1}\n", ("a", "d"), "x, y", 'a: {b: 1, d: "x, y"}\n'),
    "a missing field and its table": ("b: 1\n", ("a", "d"), "x", "b: 1\na:\n  d: x\n"),
    "no last line break": ("b: 1", ("a",), "x", "b: 1\na: x\n"),
    "the line breaks of Windows": ("a: 1\r\nb: 2", ("a",), "x\ny", "a: |-\r\n  x\r\n  y\r\nb: 2"),
    "a byte order mark": ("\ufeffa: 1", ("b",), "x", "\ufeffa: 1\nb: x\n"),
    "an empty file": ("", ("a", "b"), "x", "a:\n  b: x\n"),
    "a file of comments": ("# c\n", ("a",), "x", "# c\na: x\n"),
    "a document with its marks": ("---\n...\n", ("a",), "x", "---\na: x\n...\n"),
    "what YAML cannot hold as it is": ("a: 'x'\n", ("a",), "e\x01\u2028", 'a: "e\\u0001\\u2028"\n'),
    "the same value": ("a:   'x'   # c\n", ("a",), "x", "a:   'x'   # c\n"),
}  # fmt: skip
APPENDED: dict[str, tuple[str, Place, Any, str]] = {
    "to brackets": ("a: [x]  # c\n", ("a",), "y, z", 'a: [x, "y, z"]  # c\n'),
    "to brackets over several lines": ("a: [\n  x,  # c\n]\n", ("a",), "z", "a: [\n  x, z,  # c\n]\n"),
    "to lines": ("a:\n  - x  # c\n\nb: 1\n", ("a",), "z", "a:\n  - x  # c\n  - z\n\nb: 1\n"),
    "behind a block": ("a:\n- k: |+\n    x\n\nb: 1\n", ("a",), "z", "a:\n- k: |+\n    x\n\n- z\nb: 1\n"),
    "a table": ("a:\n- x\n", ("a",), {"k": "v", "l": ["m"]}, "a:\n- x\n- k: v\n  l: [m]\n"),
    "to an empty list": ("a: []\n", ("a",), "x", "a: [x]\n"),
    "to a missing list": ("b: 1\n", ("a",), "x", "b: 1\na: [x]\n"),
    "to a list in a list": ("- - 1\n  - 2\n- x\n", (0,), "z", "- - 1\n  - 2\n  - z\n- x\n"),
}
REMOVED: dict[str, tuple[str, Place, str]] = {
    "a field": ("# c\na: 1  # a\n# d\nb: 2\n", ("a",), "# c\n# d\nb: 2\n"),
    "the first field of a file with a mark": ("\ufeffa: 1\nb: 2", ("a",), "\ufeffb: 2"),
    "the last field of a file": ("a: 1\nb: |\n  x", ("b",), "a: 1\n"),
    "the only field": ("a: 1\n", ("a",), "{}\n"),
    "an item": ("a:\n  - x\n  # c\n  - y\n", ("a", 0), "a:\n  # c\n  - y\n"),
    "the only item": ("a:\n  - x\nb: 1\n", ("a", 0), "a: []\nb: 1\n"),
    "an item in brackets": ("a: [x, y , z]\n", ("a", 1), "a: [x, z]\n"),
    "the last item in brackets": ("a: [x, y, ]\n", ("a", 1), "a: [x, ]\n"),
    "what stands beside a dash": ("- k: v\n  l: w\n", (0, "k"), "- l: w\n"),
    "what stands beside a dash, with a comment": ("- k: v  # c\n  l: w\n", (0, "k"), "-   # c\n  l: w\n"),
}


class TestOneByOne:
    @pytest.mark.parametrize("name", CHANGES)
    def test_changed(self, name: str) -> None:
        before, place, value, after = CHANGES[name]
        assert changed(parsed(before), place, value).text == after

    @pytest.mark.parametrize("name", APPENDED)
    def test_appended(self, name: str) -> None:
        before, place, value, after = APPENDED[name]
        assert appended(parsed(before), place, value).text == after

    @pytest.mark.parametrize("name", REMOVED)
    def test_removed(self, name: str) -> None:
        before, place, after = REMOVED[name]
        assert removed(parsed(before), place).text == after

    @settings(max_examples=200, deadline=None)
    @given(
        text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
        style=st.sampled_from(
            ["a: old\n", "a: 'old'\n", 'a: "old"\n', "a: |\n  old\n", "a: >\n  old\n", "a: [old]\n", "a:"]
        ),
        tail=st.sampled_from(["", "z: 1\n", "# c\nz: 1"]),
    )
    def test_any_text_can_be_written_over_any_style(self, text: str, style: str, tail: str) -> None:
        source = parsed(style + (tail if style.endswith("\n") else ""))
        place: Place = ("a", 0) if "[" in style else ("a",)
        after = changed(source, place, text)
        assert at(after.data, place) == text
        if source.text.endswith(tail):
            assert after.text.endswith(tail)

    @pytest.mark.parametrize("word", "yes Yes no NO on off true False null ~ 1 1.5 1e3 0x1F 0o17 2026-11-20 <<".split())
    def test_a_word_that_some_reader_takes_for_something_else_is_quoted(self, word: str) -> None:
        assert changed(parsed("a: old\n"), ("a",), word).text == f'a: "{word}"\n'

    def test_what_cannot_be_changed_in_place_is_refused_with_its_place(self) -> None:
        # a document that begins beside its own mark has no line for a table
        with pytest.raises(BrokenInput, match=r"file.yaml:1:5: this cannot be changed in place; write it on a line"):
            changed(parsed("--- text\n"), (), {"a": [{"b": "c"}]})
