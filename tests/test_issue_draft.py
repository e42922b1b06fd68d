"""issue.yaml is a person's file: the program renews what nobody touched, and every other byte stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.files.problems import BrokenFile
from digest.issues.draft import Draft, PlannedComparison, Proposal, read_draft, settled, write_draft
from digest.issues.folder import IssueFolder

FIELDS = tuple(Proposal.model_fields)
WORDS = ("subject", "preheader", "headline", "intro")


def folder_in(path: Path, text: str | None = None) -> IssueFolder:
    folder = IssueFolder("2026-W47", path)
    if text is not None:
        folder.draft.write_bytes(text.encode())
    return folder


def proposal(tag: str = "first", pairs: tuple[tuple[str, str], ...] = (("a", "b"), ("c", "d"))) -> Proposal:
    return Proposal(
        **{name: f"{tag} {name}" for name in WORDS},
        comparisons=tuple(PlannedComparison(tools=pair) for pair in pairs),
    )


def refreshed(folder: IssueFolder, last: Proposal | None, now: Proposal) -> Draft:
    """One build's way with the file: read, settle, write, and read again."""
    before, source = read_draft(folder)
    after = settled(before, last, now)
    write_draft(folder, source, before, after)
    again, _ = read_draft(folder)
    assert again == after, folder.draft.read_text()
    return again


class TestWhoDecides:
    def test_without_a_file_the_program_fills_everything_in(self, tmp_path: Path) -> None:
        draft = refreshed(folder_in(tmp_path), None, proposal())
        assert {name: getattr(draft, name) for name in FIELDS} == dict(proposal())
        assert (draft.pin, draft.forbid, draft.hold, draft.sections) == ((), (), (), ())

    def test_untouched_fields_follow_the_program(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path)
        refreshed(folder, None, proposal("first"))
        draft = refreshed(folder, proposal("first"), proposal("second", (("x", "y"),)))
        assert draft.subject == "second subject"
        assert [planned.slugs for planned in draft.comparisons or ()] == [("x", "y")]

    @pytest.mark.parametrize("field", WORDS)
    def test_a_person_s_words_win_over_every_rebuild(self, tmp_path: Path, field: str) -> None:
        folder = folder_in(tmp_path)
        refreshed(folder, None, proposal("first"))
        text = folder.draft.read_text()
        folder.draft.write_text(text.replace(f'"first {field}"', "mine, all mine"))
        refreshed(folder, proposal("first"), proposal("second"))
        draft = refreshed(folder, proposal("second"), proposal("third"))
        assert getattr(draft, field) == "mine, all mine"
        assert {getattr(draft, name) for name in WORDS if name != field} == {
            f"third {name}" for name in WORDS if name != field
        }

    def test_a_pair_with_a_person_s_bottom_line_stays_and_those_beside_it_are_renewed(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path)
        refreshed(folder, None, proposal("first"))
        text = folder.draft.read_text()
        mine = "- tools: [a, b]\n    bottom_line: >-   # mine\n      A, of\n      course."
        folder.draft.write_text(text.replace("- tools: [a, b]", mine))
        draft = refreshed(folder, proposal("first"), proposal("second", (("a", "b"), ("x", "y"), ("v", "w"))))
        assert [planned.slugs for planned in draft.comparisons or ()] == [("a", "b"), ("x", "y"), ("v", "w")]
        assert (draft.comparisons or ())[0].bottom_line == "A, of course."
        assert mine in folder.draft.read_text()

    def test_a_bottom_line_is_never_lost_even_if_its_pair_was_not_proposed_again(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path)
        refreshed(folder, None, proposal("first"))
        text = folder.draft.read_text()
        folder.draft.write_text(text.replace("- tools: [c, d]", "- tools: [c, d]\n    bottom_line: C, of course."))
        draft = refreshed(folder, proposal("first"), proposal("second", (("x", "y"),)))
        assert [planned.slugs for planned in draft.comparisons or ()] == [("x", "y"), ("c", "d")]
        assert (draft.comparisons or ())[1].bottom_line == "C, of course."

    def test_a_list_of_other_pairs_is_a_person_s_with_or_without_words(self, tmp_path: Path) -> None:
        mine = "comparisons:\n  - tools: [a, b]\n    bottom_line: A.\n  - tools: [d, c]\n"
        draft = refreshed(folder_in(tmp_path, mine), proposal("first"), proposal("second", (("x", "y"),)))
        assert [planned.slugs for planned in draft.comparisons or ()] == [("a", "b"), ("d", "c")]

    @pytest.mark.parametrize("empty", ["", " []", " ~"])
    def test_no_lead_is_set_unless_a_pair_is_named(self, tmp_path: Path, empty: str) -> None:
        assert read_draft(folder_in(tmp_path, f"lead:{empty}\n"))[0].lead is None
        assert read_draft(folder_in(tmp_path, "lead: [a, b]\n"))[0].lead == ("a", "b")

    def test_another_order_is_a_person_s_decision(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "comparisons:\n  - tools: [c, d]\n  - tools: [a, b]\n")
        draft = refreshed(folder, proposal(), proposal("second", (("x", "y"),)))
        assert [planned.slugs for planned in draft.comparisons or ()] == [("c", "d"), ("a", "b")]

    def test_a_field_that_was_emptied_is_the_program_s_to_fill(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "subject:\nheadline: mine\n")
        draft = refreshed(folder, proposal("first"), proposal("second"))
        assert (draft.subject, draft.headline) == ("second subject", "mine")

    def test_no_comparisons_at_all_can_be_a_person_s_wish(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "comparisons: []\n")
        assert refreshed(folder, proposal(), proposal("second")).comparisons == ()

    def test_written_before_the_first_build_every_field_is_a_person_s(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "subject: first subject\n")
        draft = refreshed(folder, None, proposal("second"))
        assert (draft.subject, draft.headline) == ("first subject", "second headline")

    def test_building_twice_changes_nothing(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path)
        refreshed(folder, None, proposal())
        before = folder.draft.stat()
        refreshed(folder, proposal(), proposal())
        assert (folder.draft.stat().st_mtime_ns, folder.draft.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


# every way that a person may write one and the same text
STYLES = {
    "double quoted": lambda text: json.dumps(text, ensure_ascii=False),
    "single quoted": lambda text: f"'{text}'",
    "plain": lambda text: text,
    "folded": lambda text: f">-\n  {text}",
    "literal": lambda text: f"|-\n    {text}",
    "on the next line": lambda text: f"\n  {text}",
    "plain over two lines": lambda text: text.replace(" ", "\n  ", 1),
    "under a comment": lambda text: f"# why\n  {text}",
    "tagged": lambda text: f"!!str {text}",
    "anchored": lambda text: f"&here {text}",
}


class TestEveryOtherByteStays:
    @pytest.mark.parametrize("style", STYLES)
    @pytest.mark.parametrize("ending", ["\n", "   # a word on it\n", "\n\n\n", ""])
    def test_whatever_way_the_value_was_written(self, tmp_path: Path, style: str, ending: str) -> None:
        head, tail = "# mine\nheadline:   'mine'   # and why\n\nsubject: ", "# the end\nintro: 'mine'\n"
        if ending == "":
            tail = ""
        elif "#" in ending and style in ("folded", "literal", "plain over two lines"):
            ending = "\n# a word on it\n"
        folder = folder_in(tmp_path, head + STYLES[style]("first subject") + ending + tail)
        assert read_draft(folder)[0].subject == "first subject"
        refreshed(folder, proposal("first"), proposal("second"))
        said = folder.draft.read_text()
        assert said.startswith(head.rstrip())
        assert "second subject" in said
        assert said.count("# a word on it") == ending.count("# a word on it")
        assert said.count("# the end\nintro: 'mine'\n") == (1 if tail else 0)

    def test_windows_line_ends_stay(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "# mine\r\nsubject: first subject\r\nintro: mine\r\n")
        refreshed(folder, proposal("first"), proposal("second"))
        assert folder.draft.read_bytes().startswith(b"# mine\r\nsubject: second subject\r\n")

    def test_a_byte_order_mark_stays(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "\ufeffsubject: first subject\nintro: mine\n")
        refreshed(folder, proposal("first"), proposal("second"))
        assert folder.draft.read_text().startswith("\ufeffsubject: second subject\n")

    @pytest.mark.parametrize("indent", ["", "  ", "      "])
    def test_a_list_of_any_indent_is_replaced_whole(self, tmp_path: Path, indent: str) -> None:
        second = f"{indent}- tools:\n{indent}  - c\n{indent}  - d\n"
        text = f"comparisons:   # ours\n{indent}- tools: [a, b]\n{second}# end\n"
        folder = folder_in(tmp_path, text + "intro: mine\n")
        draft = refreshed(folder, proposal("first"), proposal("second", (("x", "y"),)))
        assert [planned.slugs for planned in draft.comparisons or ()] == [("x", "y")]
        said = folder.draft.read_text()
        assert said.startswith(f"comparisons:   # ours\n{indent}- tools: [x, y]\n# end\nintro: mine\n")

    def test_a_list_that_shrinks_to_nothing_and_grows_again(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path)
        first, none = proposal("first"), proposal("none", ())
        refreshed(folder, None, first)
        text = folder.draft.read_text()
        refreshed(folder, first, none)
        assert "comparisons: []\n" in folder.draft.read_text()
        refreshed(folder, none, first)
        assert folder.draft.read_text() == text

    def test_a_list_on_one_line(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "comparisons: [{tools: [a, b]}, {tools: [c, d]}]  # ours\nintro: mine\n")
        draft = refreshed(folder, proposal("first"), proposal("second", (("x", "y"),)))
        assert [planned.slugs for planned in draft.comparisons or ()] == [("x", "y")]
        assert "# ours" in folder.draft.read_text()

    @pytest.mark.parametrize("field", ["subject", "comparisons"])
    @pytest.mark.parametrize("empty", ["", "   ", "  # to come", "\n# to come", " ~", " null  # to come", "\n\n"])
    def test_a_field_without_a_value_is_filled_in_its_place(self, tmp_path: Path, field: str, empty: str) -> None:
        folder = folder_in(tmp_path, f"intro: mine\n{field}:{empty}\nheadline: 'mine'\n")
        refreshed(folder, proposal("first"), proposal("second"))
        said = folder.draft.read_text()
        assert said.startswith(f"intro: mine\n{field}:")
        assert said.count("# to come") == empty.count("# to come")
        new = "second" if field == "subject" else "[a, b]"
        assert said.index(field) < said.index(new) < said.index("headline: 'mine'")

    def test_a_file_that_is_indented_as_a_whole(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "  subject: first subject\n  comparisons:\n    - tools: [a, b]\n")
        last = proposal("first", (("a", "b"),))
        draft = refreshed(folder, last, proposal("second", (("x", "y"), ("v", "w"))))
        assert (draft.subject, draft.headline) == ("second subject", "second headline")

    def test_a_document_with_its_marks(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "%YAML 1.1\n---\nsubject: first subject\n...\n")
        draft = refreshed(folder, proposal("first"), proposal("second"))
        assert draft.headline == "second headline"

    def test_comments_alone_are_kept_above_a_new_draft(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "# Do not forget the correction!\n")
        refreshed(folder, None, proposal())
        assert folder.draft.read_text().startswith("# Do not forget the correction!\n# Issue 2026-W47: ")

    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def test_for_any_order_comments_indents_and_quoting(
        self, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        lines = st.sampled_from(["", "# a word", "#", "   # indented: 'words'", "# - tools: [q, r]"])
        noise = st.lists(lines, max_size=2)
        order = data.draw(st.permutations([*FIELDS, "pin", "hold", "sections"]))
        kept = data.draw(st.sets(st.sampled_from(FIELDS)))
        chunks: list[tuple[str, str]] = []
        for name in order:
            chunks.append(("", "".join(f"{line}\n" for line in data.draw(noise))))
            chunks.append((name, data.draw(_field(name, "mine" if name in kept else "first"))))
        folder = folder_in(tmp_path_factory.mktemp("draft"), "".join(text for _, text in chunks))
        refreshed(folder, proposal("first"), proposal("second", (("x", "y"), ("v", "w"), ("t", "u"))))
        said = folder.draft.read_text()
        after_order = list(yaml.compose(said).value)
        assert [key.value for key, _ in after_order] == list(order)
        at = 0
        for name, text in chunks:
            if name in FIELDS and name not in kept:
                continue
            found = said.find(text, at)
            assert found >= 0, f"lost {text!r} from\n{said}"
            at = found + len(text)

    @settings(max_examples=60, deadline=None)
    @given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60))
    def test_any_words_survive_being_written(self, text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
        folder = folder_in(tmp_path_factory.mktemp("draft"))
        said = proposal().model_copy(update={"subject": text.strip() or "x"})
        assert refreshed(folder, None, said).subject == (text.strip() or "x")


def _field(name: str, tag: str) -> st.SearchStrategy[str]:
    """A field in one of the ways that people write it, with the words of a tag."""
    if name in WORDS:
        gap = st.sampled_from([" ", "   "])
        styles = st.sampled_from([key for key in STYLES if key not in ("tagged", "anchored")])
        return st.builds(
            lambda space, style: f"{name}:{space}{STYLES[style](f'{tag} {name}')}\n".replace(": \n", ":\n"), gap, styles
        )
    if name == "comparisons":
        pairs = ["[a, b]", "[c, d]"] if tag == "first" else ["[c, d]", "[a, b]"]
        indents = st.sampled_from(["", " ", "    "])
        return indents.map(lambda indent: "comparisons:\n" + "".join(f"{indent}- tools: {pair}\n" for pair in pairs))
    return st.sampled_from(
        {
            "pin": ["pin: []\n", "pin:\n- [a, b]\n", "pin:\n"],
            "hold": ["hold: [q]  # for now\n", "hold:\n  - q\n"],
            "sections": ["sections: []\n", "sections:\n  - title: 'Notes'\n    text: |\n      two\n      # lines\n"],
        }[name]
    )


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("subject: [a, list]\n", ":1:1: subject: "),
            ("subject: fine\ncomparisons: many\n", ":2:1: comparisons: "),
            ("comparisons:\n  - tools: [a]\n", ":2:5: comparisons[1].tools[2]: is missing"),
            ("comparisons:\n  - tools: [a, b, c]\n", ":2:5: comparisons[1].tools: "),
            ("comparisons:\n  - tools: [a, a]\n", ":2:5: comparisons[1].tools: must name two different tools"),
            ("comparisons:\n  - [a, b]\n", ":2:5: comparisons[1]: "),
            ("comparisons:\n  - tools: [a, The B]\n", "comparisons[1].tools[2]: must be lower case letters"),
            ("subjekt: hm\n", ":1:1: subjekt: is not a field"),
            ("hold: a\n", ":1:1: hold: "),
            ("pin: [a]\n", ":1:7: pin[1]: "),
            ("lead: [a]\n", ": lead[2]: is missing"),
            ("lead: [a, a]\n", ":1:1: lead: must name two different tools"),
            ("sections:\n  - title: x\n", ":2:5: sections[1].text: is missing"),
            ("subject: a\nsubject: b\n", ":2:1: subject: stands here twice"),
            ("comparisons:\n\t- tools: [a, b]\n", ":2:1: a tab cannot indent YAML"),
            ("subject: a: b\n", ":1:11: not YAML: "),
            ("- a list\n", ":1:1: must hold fields such as `subject:`"),
            ("{subject: a, intro: b}\n", ":1:1: stands in braces"),
            ("just words\n", ":1:1: must hold fields"),
        ],
    )
    def test_each_has_its_place_and_what_would_be_right(self, tmp_path: Path, text: str, says: str) -> None:
        folder = folder_in(tmp_path, text)
        with pytest.raises(BrokenFile) as caught:
            read_draft(folder)
        (mistake,) = caught.value.mistakes
        assert mistake.startswith(f"{folder.draft}:")
        assert "\n" not in mistake
        assert says in mistake

    def test_words_stay_words(self, tmp_path: Path) -> None:
        folder = folder_in(tmp_path, "subject: no\nheadline: 1.10\nintro: 2026-11-20\npreheader: yes\n")
        draft, _ = read_draft(folder)
        assert (draft.subject, draft.headline, draft.intro, draft.preheader) == ("no", "1.10", "2026-11-20", "yes")
