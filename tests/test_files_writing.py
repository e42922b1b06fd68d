"""A file is written whole or not at all, and nothing is left lying beside it."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from conftest import leftovers

from digest.errors import DigestError
from digest.files.problems import BrokenFile
from digest.files.text import read_text
from digest.files.toml_source import read_toml
from digest.files.writing import write_private, write_whole
from digest.files.yaml_source import parse_yaml
from digest.issues.folder import IssueFolder, read_tools, write_tools
from digest.model.tool import Sighting, Tool


class TestWriting:
    def test_makes_the_folders_that_are_missing(self, tmp_path: Path) -> None:
        path = tmp_path / "a" / "b" / "file.txt"
        assert write_whole(path, "Grüße\r\n")
        assert path.read_bytes() == "Grüße\r\n".encode()
        assert leftovers(tmp_path) == []

    def test_leaves_a_file_alone_that_has_the_content_already(self, tmp_path: Path) -> None:
        path = tmp_path / "file.txt"
        write_whole(path, "same")
        before = path.stat()
        assert not write_whole(path, b"same")
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)

    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755])
    def test_a_person_s_file_keeps_its_rights(self, tmp_path: Path, mode: int) -> None:
        path = tmp_path / "file.txt"
        path.write_text("old")
        path.chmod(mode)
        write_whole(path, "new")
        assert stat.S_IMODE(path.stat().st_mode) == mode

    def test_a_new_file_gets_the_usual_rights(self, tmp_path: Path) -> None:
        usual = tmp_path / "usual"
        usual.touch()
        write_whole(tmp_path / "file.txt", "new")
        assert (tmp_path / "file.txt").stat().st_mode == usual.stat().st_mode

    def test_a_reader_sees_the_old_or_the_new_and_never_half(self, tmp_path: Path) -> None:
        path, wholes, seen = tmp_path / "file.txt", {b"a" * 300_000, b"b" * 300_000}, set()
        write_whole(path, b"a" * 300_000)
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                seen.add(path.read_bytes())

        reader = threading.Thread(target=read)
        reader.start()
        try:
            for number in range(40):
                write_whole(path, (b"b" if number % 2 else b"a") * 300_000)
        finally:
            done.set()
            reader.join()
        assert seen <= wholes

    def test_where_a_folder_stands_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "file.txt").mkdir()
        with pytest.raises(DigestError) as caught:
            write_whole(tmp_path / "file.txt", "new")
        assert caught.value.line().startswith(f"{tmp_path / 'file.txt'}: cannot write: ")
        assert leftovers(tmp_path) == []

    def test_where_a_file_stands_in_the_way_of_its_folder(self, tmp_path: Path) -> None:
        (tmp_path / "folder").write_text("a file")
        with pytest.raises(DigestError, match="cannot write"):
            write_whole(tmp_path / "folder" / "file.txt", "new")

    def test_a_link_is_followed_and_stays_a_link(self, tmp_path: Path) -> None:
        target, link = tmp_path / "shared" / "file.txt", tmp_path / "file.txt"
        write_whole(target, "old")
        link.symlink_to(target)
        write_whole(link, "new")
        assert link.is_symlink()
        assert target.read_text() == "new"


class TestWritingASecret:
    def test_is_for_its_owner_alone(self, tmp_path: Path) -> None:
        write_private(tmp_path / "secret", "key\n")
        assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
        assert (tmp_path / "secret").read_text() == "key\n"
        assert leftovers(tmp_path) == []

    def test_never_goes_over_one_that_is_there(self, tmp_path: Path) -> None:
        write_private(tmp_path / "secret", "first")
        write_private(tmp_path / "secret", "second")
        assert (tmp_path / "secret").read_text() == "first"
        assert leftovers(tmp_path) == []

    def test_where_it_cannot_be_written(self, tmp_path: Path) -> None:
        with pytest.raises(DigestError, match="cannot write"):
            write_private(tmp_path / "nowhere" / "secret", "key")


class TestReading:
    def test_line_ends_stay_what_they_are(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"a\r\nb\rc\n")
        assert read_text(tmp_path / "file") == "a\r\nb\rc\n"

    def test_another_encoding_is_told_with_its_place(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes("ä\n".encode() + b"ok caf\xe9\n")
        with pytest.raises(BrokenFile) as caught:
            read_text(tmp_path / "file")
        assert caught.value.line().startswith(f"{tmp_path / 'file'}:2:7: not UTF-8 text")

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(DigestError, match="cannot read: is a directory"):
            read_text(tmp_path)


class TestPlaces:
    def test_of_yaml_values_are_their_names(self, tmp_path: Path) -> None:
        source = parse_yaml("a: 1\nb:\n  - c: x\n    d: [y, z]\n", tmp_path)
        assert source.position_of(("b", 0, "d")) == (4, 5)
        assert source.position_of(("b", 0, "d", 1)) == (4, 12)
        assert source.position_of(("b", 0, "missing")) == (3, 5)
        assert source.position_of(("nowhere",)) == (1, 1)

    def test_of_yaml_values_cut_exactly(self, tmp_path: Path) -> None:
        text = "\ufeff# ä\r\nschlüssel: 'wört' # mehr\r\n"
        span = parse_yaml(text, tmp_path).spans[("schlüssel",)]
        assert text[span.start : span.end] == "'wört'"

    def test_of_toml_values(self, tmp_path: Path) -> None:
        text = 'a = """\nb = 1\n"""\n[t]\nb.c = 2\n[[l]]\nx = 1\n[[l]]\nx = 2\n[l.sub]\ny = "#"  # [no]\n'
        (tmp_path / "x.toml").write_text(text)
        source = read_toml(tmp_path / "x.toml")
        assert source.position_of(("t", "b", "c")) == (5, 1)
        assert source.position_of(("l", 1, "x")) == (9, 1)
        assert source.position_of(("l", 1, "sub", "y")) == (11, 1)
        assert source.position_of(("l", 0, "missing")) == (6, 1)


class TestCollectedTools:
    def test_any_words_stay_on_one_line(self, tmp_path: Path) -> None:
        odd = "a\u2028b\x85c\x1ed\x0ce"
        seen = (Sighting(source="x", title=odd),)
        tools = [Tool(slug="a", name="A", tagline=odd, sightings=seen), Tool(slug="b", name="B")]
        folder = IssueFolder("2026-W47", tmp_path)
        write_tools(folder, tools)
        assert read_tools(folder) == tuple(tools)

    def test_two_machines_lines_become_one_tool_in_any_order(self, tmp_path: Path) -> None:
        folder = IssueFolder("2026-W47", tmp_path)
        lines = []
        for source in ("one", "other"):
            tool = Tool(slug="a", name="A", sightings=(Sighting(source=source, title="A"),))
            write_tools(folder, [tool])
            lines.append(folder.tools.read_text())
        folder.tools.write_text("".join(lines))
        there = read_tools(folder)
        folder.tools.write_text("".join(reversed(lines)))
        assert read_tools(folder) == there
        assert {sighting.source for sighting in there[0].sightings} == {"one", "other"}

    @pytest.mark.parametrize(
        "line",
        ["<<<<<<< HEAD", '{"slug": "a"}', '{"slug": "A B", "name": "x"}', "[]", '{"slug": "a", "nom": 1}', "{"],
    )
    def test_a_line_that_is_no_tool_is_told_by_its_number(self, tmp_path: Path, line: str) -> None:
        folder = IssueFolder("2026-W47", tmp_path)
        write_tools(folder, [Tool(slug="b", name="B")])
        folder.tools.write_text(folder.tools.read_text() + "\n" + line + "\n")
        with pytest.raises(BrokenFile) as caught:
            read_tools(folder)
        (mistake,) = caught.value.mistakes
        assert mistake.startswith(f"{folder.tools}:3: ")
        assert "\n" not in mistake
