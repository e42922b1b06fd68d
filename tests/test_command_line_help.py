"""Every command explains itself, with an example; whoever mistypes one is told the nearest."""

from __future__ import annotations

import time

import click
import pytest
from conftest import CommandLine

from digest.cli import COMMANDS, digest


def command_named(name: str) -> click.Command:
    command = digest.get_command(click.Context(digest), name)
    assert command is not None
    return command


ALL = [
    (name, *([sub] if sub else []))
    for name in COMMANDS
    for sub in (None, *getattr(command_named(name), "commands", {}))
]


class TestHelp:
    def test_lists_every_command_with_what_it_does(self, digest_command: CommandLine) -> None:
        ran = digest_command("--help")
        assert ran.returncode == 0
        lines = [line.split(maxsplit=1) for line in ran.stdout.splitlines()]
        for name, (_, what) in COMMANDS.items():
            assert [name, what] in lines
        assert "digest init my-letter" in ran.stdout
        assert max(map(len, ran.stdout.splitlines())) <= 100

    def test_answers_at_once(self, digest_command: CommandLine) -> None:
        times = []
        for _ in range(3):
            before = time.perf_counter()
            digest_command("--help")
            times.append(time.perf_counter() - before)
        assert min(times) < 1

    @pytest.mark.parametrize("path", ALL, ids=" ".join)
    def test_of_a_command_says_what_it_does_and_shows_it(self, path: tuple[str, ...]) -> None:
        command: click.Command = digest
        context = click.Context(digest, info_name="digest")
        for name in path:
            assert isinstance(command, click.Group)
            found = command.get_command(context, name)
            assert found is not None
            command, context = found, click.Context(found, info_name=name, parent=context)
        said = command.get_help(context)
        about = command.help or ""
        assert about.strip(), f"{path} says nothing about itself"
        first = about.strip().splitlines()[0]
        assert first[0].isupper()
        assert first.rstrip().endswith((".", ":", ",")) or len(first) > 80
        # a subcommand's example may stand in its group's help
        group = command_named(path[0]).get_help(click.Context(command_named(path[0])))
        assert f"digest {' '.join(path)}" in said + group, f"no example of `digest {' '.join(path)}`"

    def test_of_one_command_as_a_process_with_either_option(self, digest_command: CommandLine) -> None:
        long, short = digest_command("run", "--help"), digest_command("run", "-h")
        assert long.returncode == short.returncode == 0
        assert long.stdout == short.stdout
        assert "Examples:" in long.stdout
        assert long.stderr == ""

    def test_needs_no_publication(self, digest_command: CommandLine) -> None:
        assert digest_command("readers", "import", "--help").returncode == 0

    def test_each_table_line_is_one_short_sentence(self) -> None:
        for _, what in COMMANDS.values():
            assert what.endswith(".")
            assert len(what) <= 80

    def test_without_a_command_it_is_shown_and_counts_as_wrong_usage(self, digest_command: CommandLine) -> None:
        ran = digest_command()
        assert ran.returncode == 2
        assert "Commands:" in ran.said

    def test_the_version(self, digest_command: CommandLine) -> None:
        ran = digest_command("--version")
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.startswith("digest, version ")


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("typed", "meant"), [("aprove", "approve"), ("colect", "collect"), ("reader", "readers"), ("biuld", "build")]
    )
    def test_a_misspelt_command_is_answered_with_the_nearest(
        self, digest_command: CommandLine, typed: str, meant: str
    ) -> None:
        line = digest_command(typed).refusal(2)
        assert f"'{typed}'" in line
        assert f"did you mean '{meant}'" in line.lower()

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("frobnicate",), "'frobnicate'"),
            (("run", "--aprove"), "--approve"),
            (("run", "2026-W47"), "2026-W47"),
            (("init",), "'DIR'"),
            (("readers", "import"), "'FILE'"),
            (("readers", "improt", "x.csv"), "improt"),
            (("send", "--audience", "many"), "'many'"),
            (("collect", "--offline", "--record"), "--record"),
            (("recognise", "nowhere.jsonl"), "nowhere.jsonl"),
            (("-X", "run"), "-X"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
    )
    def test_is_one_line_that_says_where_help_is(
        self, digest_command: CommandLine, arguments: tuple[str, ...], says: str
    ) -> None:
        line = digest_command(*arguments).refusal(2)
        assert says in line
        assert "--help` says how" in line

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("build", "--week", "47"), "2026-W47"),
            (("build", "--week", "2025-W53"), "2025 has no week 53"),
            (("build", "--week", "../../etc"), "2026-W47"),
            (("run", "--offline", "--week", "2026-W47/.."), "2026-W47"),
            (("--now", "tomorrow", "check"), "2026-11-20T09:05:00+01:00"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
    )
    def test_a_value_that_cannot_be_is_answered_with_one_that_can(
        self, publication: object, digest_here: CommandLine, arguments: tuple[str, ...], says: str
    ) -> None:
        assert says in digest_here(*arguments, folder=publication).refusal(2)
