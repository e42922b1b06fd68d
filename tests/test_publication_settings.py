"""digest.toml and the environment: read together, and every mistake in them told at once with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import CommandLine, line_of, replace_in, tree

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile
from digest.publication import find_folder, load_publication

KEY = "k" * 32


def mistakes_of(folder: Path, environment: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(BrokenFile) as caught:
        load_publication(folder, environment or {})
    return caught.value.mistakes


class TestTheFolderIsFoundUpwards:
    def test_from_the_folder_itself_and_from_any_folder_inside_it(self, publication: Path) -> None:
        inside = publication / "verdicts" / "deep" / "deeper"
        inside.mkdir(parents=True)
        assert find_folder(publication) == find_folder(inside) == publication.resolve()

    def test_the_nearest_one_wins(self, publication: Path) -> None:
        inner = publication / "other"
        inner.mkdir()
        (inner / "digest.toml").write_text("")
        assert find_folder(inner) == inner.resolve()

    def test_a_folder_named_digest_toml_is_no_publication(self, tmp_path: Path) -> None:
        (tmp_path / "digest.toml").mkdir()
        with pytest.raises(BrokenInput, match="digest init"):
            find_folder(tmp_path)

    def test_a_file_as_the_folder_is_refused(self, publication: Path) -> None:
        with pytest.raises(BrokenInput, match="no such folder"):
            find_folder(publication / "digest.toml")


class TestTheEnvironmentStandsOverTheFile:
    def test_each_variable(self, publication: Path) -> None:
        environment = {
            "DIGEST_BASE_URL": "https://news.example.org/",
            "DIGEST_DATABASE_URL": "postgresql://somewhere/letter",
            "DIGEST_PROVIDER": "outbox",
            "DIGEST_SECRET_KEYS": f"{KEY}1, {KEY}2\n{KEY}3",
        }
        read = load_publication(publication, environment)
        assert read.base_url == "https://news.example.org"
        assert read.database_url == "postgresql://somewhere/letter"
        assert read.provider == "outbox"
        assert read.secret_keys() == (f"{KEY}1", f"{KEY}2", f"{KEY}3")

    def test_without_any_the_file_speaks(self, publication: Path) -> None:
        read = load_publication(publication, {})
        assert read.base_url == "https://letter.example.com"
        assert read.database_url == f"sqlite:///{publication}/digest.db"
        assert read.environment_keys == ()

    def test_an_empty_variable_counts_as_none(self, publication: Path) -> None:
        assert load_publication(publication, {"DIGEST_BASE_URL": ""}).base_url == "https://letter.example.com"

    def test_name_file_holds_the_value(self, publication: Path, tmp_path: Path) -> None:
        (tmp_path / "keys").write_text(f"{KEY}\n")
        read = load_publication(publication, {"DIGEST_SECRET_KEYS_FILE": str(tmp_path / "keys")})
        assert read.secret_keys() == (KEY,)
        assert not (publication / "digest.secret").exists()

    def test_the_variable_itself_comes_before_its_file(self, publication: Path, tmp_path: Path) -> None:
        (tmp_path / "url").write_text("https://file.example.org")
        environment = {"DIGEST_BASE_URL": "https://own.example.org", "DIGEST_BASE_URL_FILE": str(tmp_path / "url")}
        assert load_publication(publication, environment).base_url == "https://own.example.org"

    @pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not UTF-8"])
    def test_a_file_that_cannot_be_read_is_named_by_its_variable(
        self, publication: Path, tmp_path: Path, content: bytes | None
    ) -> None:
        path = tmp_path / "keys"
        if content is not None:
            path.write_bytes(content)
        (mistake,) = mistakes_of(publication, {"DIGEST_SECRET_KEYS_FILE": str(path)})
        assert mistake.startswith("DIGEST_SECRET_KEYS_FILE: cannot read")

    @pytest.mark.parametrize(
        ("name", "value", "says"),
        [
            ("DIGEST_BASE_URL", "letter.example.org", "https://"),
            ("DIGEST_BASE_URL", "javascript:alert(1)", "https://"),
            ("DIGEST_BASE_URL", "https://", "https://"),
            ("DIGEST_BASE_URL", "https://a b.example.org", "https://"),
            ("DIGEST_BASE_URL", "https://letter.example.org\r\nX-Evil: 1", "must be an address"),
            ("DIGEST_PROVIDER", "pigeon", '"pigeon"'),
            ("DIGEST_DATABASE_URL", "mysql://somewhere", "postgresql://"),
            ("DIGEST_SECRET_KEYS", "short", "16 characters"),
        ],
    )
    def test_a_wrong_value_is_told_by_its_name(self, publication: Path, name: str, value: str, says: str) -> None:
        (mistake,) = mistakes_of(publication, {name: value})
        assert mistake.startswith(f"{name}: ")
        assert says in mistake

    def test_a_wrong_secret_is_told_without_saying_it(self, publication: Path) -> None:
        assert "tooshort" not in " ".join(mistakes_of(publication, {"DIGEST_SECRET_KEYS": "tooshort"}))

    def test_keys_of_separators_alone_count_as_none(self, publication: Path) -> None:
        assert load_publication(publication, {"DIGEST_SECRET_KEYS": " , ,"}).environment_keys == ()


class TestMistakesInTheFile:
    def test_a_syntax_error_has_its_line_and_column(self, publication: Path) -> None:
        path = publication / "digest.toml"
        replace_in(path, 'name = "outbox"', "name = outbox")
        (mistake,) = mistakes_of(publication)
        assert mistake.startswith(f"{path}:{line_of(path, 'name = outbox')}:8: not TOML: ")

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("comparisons = 4", 'comparisons = "many"', "issue.comparisons: "),
            ("comparisons = 4", "comparisons = 99", 'found "99"'),
            ("quorum = 2", "quorun = 2", "panel.quorun: is not a field that is known here"),
            ('id = "skeptic"', 'id = "The Skeptic"', "panel.reviewers[2].id: must be lower case letters"),
            ('timezone = "Europe/Berlin"', 'timezone = "Europe/Bärlin"', "schedule.timezone: must be a time zone"),
            ('send = "Friday 09:00"', 'send = "Freitag 9"', "schedule.send: must be a weekday and a time"),
            ('collect = "1 hour"', 'collect = "now and then"', "schedule.collect: must be an interval"),
            ('approval = "required"', 'approval = "maybe"', "approval: must be 'required' or 'automatic'"),
            ('base_url = "https://letter.example.com"', 'base_url = "letter.example.com"', "base_url: must be an"),
            ('address = "letter@example.com"', 'address = "letter"', "sender.address: must be a mail address"),
            ('reply_to = "editors@example.com"', "", "sender.reply_to: is missing"),
            ('lens = "Would I bet', 'lens = "Two\\nlines. Would I bet', "panel.reviewers[4].lens: must stand on one"),
            ('kind = "news"', 'kind = "newspaper"', "feeds[6].kind: must be "),
            ('skip = ["2026-W52"', 'skip = ["2025-W53"', "schedule.skip[1]: 2025 has no week 53"),
        ],
    )
    def test_a_wrong_value_has_its_line_and_its_name(self, publication: Path, old: str, new: str, says: str) -> None:
        path = publication / "digest.toml"
        replace_in(path, old, new)
        (mistake,) = mistakes_of(publication)
        line = int(mistake.removeprefix(f"{path}:").partition(":")[0])
        named = new.partition(" =")[0] or "[sender]"
        assert named in path.read_text(encoding="utf-8").splitlines()[line - 1], mistake
        assert says in mistake

    def test_a_whole_table_of_the_wrong_type(self, publication: Path) -> None:
        path = publication / "digest.toml"
        replace_in(path, 'name = "Ship or Skip"', 'name = "Ship or Skip"\nalerts = "none"')
        replace_in(path, "[alerts]\n", "")
        (mistake,) = mistakes_of(publication)
        assert mistake.startswith(f"{path}:{line_of(path, 'alerts =')}:1: alerts: ")

    def test_not_utf_8(self, publication: Path) -> None:
        path = publication / "digest.toml"
        path.write_bytes(path.read_bytes().replace(b"Hamburg", b"Malm\xf6"))
        (mistake,) = mistakes_of(publication)
        assert mistake.startswith(f"{path}:")
        assert "save it as UTF-8" in mistake

    @pytest.mark.parametrize("content", ["", "# nothing but a comment\n"])
    def test_an_empty_file_misses_every_field_that_must_be_there(self, publication: Path, content: str) -> None:
        (publication / "digest.toml").write_text(content)
        missing = [mistake.split(": ")[1] for mistake in mistakes_of(publication)]
        assert missing == ["name", "base_url", "sender", "panel", "categories"]

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ('id = "skeptic"', 'id = "builder"', 'panel.reviewers: "builder" stands there twice'),
            ('id = "design"', 'id = "data"', 'categories: "data" stands there twice'),
            ("https://hnrss.org/launches", "https://www.producthunt.com/feed", "feeds: "),
        ],
    )
    def test_an_id_that_stands_twice(self, publication: Path, old: str, new: str, says: str) -> None:
        replace_in(publication / "digest.toml", old, new)
        (mistake,) = mistakes_of(publication)
        assert says in mistake
        assert "keep one" in mistake

    def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(self, publication: Path) -> None:
        path = publication / "digest.toml"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        assert load_publication(publication, {}).settings.name == "Ship or Skip"


class TestAsAPersonSeesIt:
    def test_all_mistakes_at_once_the_environment_s_too(self, publication: Path, digest_here: CommandLine) -> None:
        path = publication / "digest.toml"
        replace_in(path, "comparisons = 4", 'comparisons = "many"')
        replace_in(path, "quorum = 2", "quorum = 0")
        replace_in(path, 'kind = "news"', 'sort = "news"')
        before = tree(publication, without=())
        environment = {"DIGEST_PROVIDER": "pigeon", "DIGEST_SECRET_KEYS": "sesame"}
        ran = digest_here("run", "--offline", folder=publication, env=environment)
        assert ran.returncode == 2
        lines = ran.stderr.removeprefix("digest: ").splitlines()
        assert len(lines) == 5
        for text, line in zip(("comparisons =", "quorum =", "sort ="), lines, strict=False):
            assert line.startswith(f"{path}:{line_of(path, text)}:1: ")
        assert lines[3].startswith("DIGEST_PROVIDER: ")
        assert lines[4].startswith("DIGEST_SECRET_KEYS: ")
        assert "sesame" not in ran.said
        assert "Traceback" not in ran.said
        assert tree(publication, without=()) == before

    @pytest.mark.parametrize("command", [("run", "--offline"), ("doctor",), ("readers", "list"), ("build",)])
    def test_an_empty_folder_says_how_to_begin(
        self, tmp_path: Path, digest_here: CommandLine, command: tuple[str, ...]
    ) -> None:
        line = digest_here(*command, folder=tmp_path).refusal(2)
        assert str(tmp_path) in line
        assert "digest init" in line
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path, digest_here: CommandLine) -> None:
        line = digest_here("run", folder=tmp_path / "nowhere").refusal(2)
        assert line.startswith(f"{tmp_path / 'nowhere'}: no such folder")
        assert not (tmp_path / "nowhere").exists()

    def test_a_secret_file_without_a_key_is_named(self, publication: Path, digest_here: CommandLine) -> None:
        (publication / "digest.secret").write_text("\n")
        line = digest_here("run", "--offline", "--approve", folder=publication).refusal(2)
        assert line.startswith(f"{publication / 'digest.secret'}: holds no key")
