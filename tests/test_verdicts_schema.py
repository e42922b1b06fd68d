"""The JSON Schema says of a verdict file what the program says, so that editors help while somebody types."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import CommandLine, replace_in, tree
from jsonschema import Draft7Validator

from digest.jobs.set_up import sample

TIDEPOOL = "verdicts/tidepool.yaml"


def validator(folder: Path) -> Draft7Validator:
    schema = json.loads((folder / "verdicts" / ".schema.json").read_text())
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


class EditorsLoader(yaml.SafeLoader):
    """Reads as the editors' YAML servers do, by YAML 1.2: days are texts, and so are `no` and `yes`."""


EditorsLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith(("timestamp", "bool"))]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorsLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def said(path: Path) -> Any:
    return yaml.load(path.read_text(), EditorsLoader)


class TestTheSchema:
    def test_takes_every_verdict_of_the_sample(self, publication: Path) -> None:
        check = validator(publication)
        for path in sorted((publication / "verdicts").glob("*.yaml")):
            assert [error.message for error in check.iter_errors(said(path))] == [], path.name

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("ship_if: ", "shipif: "),
            ("licence: ", "# licence: "),
            ("licence: ", "licence: # "),
            ("reviewer: skeptic", "reviewer: sceptic"),
            ("category: data", "category: toys"),
            ("call: ", "call: maybe # "),
            ("basis: ", "basis: heard of it # "),
            ("  checked: ", "  checked: 7 # "),
        ],
    )
    def test_refuses_what_the_check_refuses(
        self, publication: Path, digest_here: CommandLine, old: str, new: str
    ) -> None:
        replace_in(publication / TIDEPOOL, old, new)
        assert list(validator(publication).iter_errors(said(publication / TIDEPOOL)))
        assert digest_here("verdict", "check", "tidepool", folder=publication).returncode == 2

    def test_tells_what_each_field_is(self, publication: Path) -> None:
        schema = validator(publication).schema
        tables = [schema, *schema["definitions"].values()]
        fields = [field for table in tables for field in table["properties"].values()]
        assert len(fields) > 20
        assert all(field.get("description") for field in fields)
        reviewer = schema["definitions"]["Review"]["properties"]["reviewer"]
        assert reviewer["enum"] == ["builder", "skeptic", "futurist", "founder"]
        assert "The Skeptic: What does it cost when it goes wrong?" in reviewer["description"]

    def test_knows_this_publication_s_panel_and_categories(self, publication: Path, digest_here: CommandLine) -> None:
        replace_in(publication / "digest.toml", 'id = "skeptic"', 'id = "doubter"')
        schema = digest_here("verdict", "schema", folder=publication).json
        assert "doubter" in schema["definitions"]["Review"]["properties"]["reviewer"]["enum"]

    def test_of_the_sample_is_the_one_that_the_program_writes(self, digest_here: CommandLine) -> None:
        printed = digest_here("verdict", "schema", folder=sample()).stdout
        assert (sample() / "verdicts" / ".schema.json").read_text() == printed


class TestWriting:
    def test_names_it_at_the_head_of_each_file_and_leaves_the_rest(
        self, publication: Path, digest_here: CommandLine
    ) -> None:
        folder = publication / "verdicts"
        head = "# yaml-language-server: $schema=.schema.json"
        bodies = {path: path.read_bytes().removeprefix(f"{head}\n".encode()) for path in folder.glob("*.yaml")}
        for number, (path, body) in enumerate(bodies.items()):
            dressed = b"\xef\xbb\xbf" + body.replace(b"\n", b"\r\n") if number == 0 else body
            path.write_bytes(dressed)
        (folder / ".schema.json").unlink()
        ran = digest_here("verdict", "schema", "--write", folder=publication)
        assert ran.returncode == 0
        assert len(ran.stdout.splitlines()) == 15
        for number, (path, body) in enumerate(bodies.items()):
            windows = b"\xef\xbb\xbf" + f"{head}\r\n".encode() + body.replace(b"\n", b"\r\n")
            assert path.read_bytes() == (windows if number == 0 else f"{head}\n".encode() + body)

    def test_twice_changes_nothing(self, publication: Path, digest_here: CommandLine) -> None:
        before = tree(publication, without=())
        ran = digest_here("verdict", "schema", "--write", folder=publication)
        assert ran.stdout == "nothing to write: the schema is there, and each file names one\n"
        assert tree(publication, without=()) == before

    def test_another_schema_that_a_file_names_is_left_alone(self, publication: Path, digest_here: CommandLine) -> None:
        path = publication / TIDEPOOL
        replace_in(path, "$schema=.schema.json", "$schema=../mine.json")
        before = path.read_bytes()
        digest_here("verdict", "schema", "--write", folder=publication)
        assert path.read_bytes() == before

    def test_the_check_says_when_digest_toml_has_moved_on(self, publication: Path, digest_here: CommandLine) -> None:
        replace_in(publication / "digest.toml", 'name = "The Skeptic"', 'name = "The Doubter"')
        now = ("--now", "2026-11-20T09:00:00+01:00")
        ran = digest_here(*now, "verdict", "check", folder=publication)
        assert "verdicts/.schema.json: is not the schema of this digest.toml" in ran.stderr
        assert ran.returncode == 0
        digest_here("verdict", "schema", "--write", folder=publication)
        assert digest_here(*now, "verdict", "check", folder=publication).stderr == ""
