"""One call of the command line: its folder, its clock, and how it prints."""

from __future__ import annotations

import functools
import json
import re
import shlex
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from digest.jobs.standing import Standing
    from digest.model.run import Clock, Progress
    from digest.publication import Publication
    from digest.store.database import Database

Function = TypeVar("Function", bound=Callable[..., Any])
_COLUMN = 15
_WIDTH = 100
_HELD_TOGETHER = "\0"  # stands for a space where no line may end


@dataclass
class Call:
    """What stands before the command, and what every command needs."""

    folder: str
    verbose: bool
    as_json: bool
    now: str | None

    @functools.cached_property
    def publication(self) -> Publication:
        """The publication that the folder lies in."""
        from digest.publication import find_folder, load_publication

        return load_publication(find_folder(Path(self.folder)))

    def clock(self, *, offline: bool = False) -> Clock:
        """The clock: the machine's, the one that --now sets, or the recording's own moment."""
        if self.now is not None:
            try:
                moment = datetime.fromisoformat(self.now)
            except ValueError:
                said = "must be a moment such as 2026-11-20T09:05:00+01:00"
                raise click.BadParameter(said, param_hint="--now") from None
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return lambda: moment
        if offline:
            from digest.collect.recording import read_recording

            recorded = read_recording(self.publication.recording).moment
            return lambda: recorded
        return lambda: datetime.now(UTC)

    def standing(self, week: str | None) -> Standing:
        """The issue that the command is about."""
        from digest.jobs.standing import issue_at_hand

        return issue_at_hand(self.publication, self.clock()(), week)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The state, open for the length of a command."""
        from digest.store.database import open_database

        database = open_database(self.publication.database_url, self.clock()())
        try:
            yield database
        finally:
            database.close()

    @contextmanager
    def working(self, command: str) -> Iterator[Database]:
        """The publication's lock and its state, for a command that changes something."""
        from digest.jobs.lock import held

        with held(self.publication.folder, command, self.clock()), self.database() as database:
            yield database

    def command(self, name: str) -> str:
        """A command of this program as a person may type it here."""
        folder = "" if self.folder == "." else f" -C {shlex.quote(self.folder)}"
        return f"{program()}{folder} {name}"

    def print_json(self, document: object) -> None:
        """One JSON document on standard output."""
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def with_json(function: Function) -> Function:
    """Let `--json` stand behind the command as well as before it."""

    def remembered(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
        call: Call = context.obj
        call.as_json = call.as_json or value

    return click.option(
        "--json", is_flag=True, expose_value=False, callback=remembered, help="Print one JSON document."
    )(function)


def week_option(function: Function) -> Function:
    """`--week`: the issue that the command is about."""
    return click.option("--week", metavar="ISSUE", help="The issue, such as 2026-W47; without it, the one at hand.")(
        function
    )


def heading(text: str) -> None:
    """A heading with air around it."""
    click.echo(f"\n{click.style(text, bold=True)}\n")


def row(label: str, text: str) -> None:
    """A label and its text in two columns, the text folded; a command in backticks stays whole, to be copied."""
    whole = re.sub("`[^`]*`", lambda command: command[0].replace(" ", _HELD_TOGETHER), text)
    folded = textwrap.wrap(whole, _WIDTH - _COLUMN - 2, break_long_words=False, break_on_hyphens=False) or [""]
    click.echo(f"  {click.style(label.ljust(_COLUMN), fg='cyan')}{folded[0].replace(_HELD_TOGETHER, ' ')}")
    for line in folded[1:]:
        click.echo(" " * (_COLUMN + 2) + line.replace(_HELD_TOGETHER, " "))


def command_row(label: str, command: str) -> None:
    """A label and a command, or a place, on one line however long, so that it can be copied."""
    click.echo(f"  {click.style(label.ljust(_COLUMN), fg='cyan')}{command}")


def table(rows: Sequence[tuple[str, ...]], *, gap: int = 2) -> None:
    """Rows in columns as wide as their widest cell; the first row is the heading."""
    widths = [max(len(line[column]) for line in rows) for column in range(len(rows[0]))] if rows else []
    for number, line in enumerate(rows):
        padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        said = (" " * gap).join(padded).rstrip()
        click.echo(f"  {click.style(said, dim=True) if number == 0 else said}")


def warn(text: str) -> None:
    """A line of warning on standard error, behind whatever was printed before it."""
    sys.stdout.flush()
    click.echo(f"{click.style('warning', fg='yellow')}: {text}", err=True)


def program() -> str:
    """How this program was called, for lines that a person may copy."""
    called, found = Path(sys.argv[0]), shutil.which("digest")
    if called.name != "digest" or (found and Path(found).samefile(called)):
        return "digest"
    try:
        return str(called.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(called)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on a terminal; elsewhere nothing moves, and the report at the end says it all."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _all: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def told(what: str, done: int, all_: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=all_)
            bars.update(tasks[what], completed=done, total=all_)

        yield told
