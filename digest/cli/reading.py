"""`digest readers`: the list, in and out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from zoneinfo import ZoneInfo

import click
from rich.cells import cell_len, set_cell_size

from digest.cli import one_reader
from digest.cli.call import Call, command_row, heading, progress_bar, row, warn, with_json
from digest.cli.feed_lines import shortened
from digest.errors import BrokenInput
from digest.model.reader import Reader, ReaderState

if TYPE_CHECKING:
    from digest.jobs.import_readers import ImportReport
    from digest.store.readers import Wanted

_STATES = [state for state in get_args(ReaderState) if state != "erased"]
_COLUMNS = ("address", "name", "state", "categories", "since", "until")
_USUAL = "address,name,state,categories,since"
_WIDEST_TERMINAL = 120
# what gives way on a narrow terminal, in this order, and how much has to stay of it
_SHORTENED = {"categories": 10, "name": 14, "address": 24}
_MEASURED = 500
_KINDS = {
    "consent": "without proof of consent",
    "address": "with a bad address",
    "left": "of people who left before",
    "twice": "that stand in the file twice",
    "state": "with something else that cannot be",
}


@click.group(invoke_without_command=True)
@with_json
@click.pass_context
def readers(context: click.Context) -> None:
    """The readers: import, export, list, and what one of them asks for.

    Without a command it lists them. Nobody comes onto the list without proof of what they agreed to, and an import
    brings nobody back who left.

    \b
    Examples:
      digest readers
      digest readers import readers.csv
      digest readers show ann@example.com
      digest readers leave ann@example.com
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


for command in (one_reader.show, one_reader.add, one_reader.leave, one_reader.edit, one_reader.erase):
    readers.add_command(command)


@readers.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--assume-consent", metavar="WORDING", help="What all of them agreed to, where the file does not say it.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where to list the rows refused.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and keep nothing.")
@with_json
@click.pass_obj
def import_(call: Call, file: Path, assume_consent: str | None, report: Path | None, dry_run: bool) -> None:
    """Import a CSV: our own, or an export of Mailchimp, Substack, Buttondown, listmonk or Ghost.

    Our own columns are address, name, consented_at and consent, and more that an export has. Who left, bounced or
    complained elsewhere is kept away from now on, as a keyed hash. Whoever is on the list stays as they are, and who
    left it is not brought back. Rows that are refused are listed with their line and the reason, beside the file.

    \b
    Examples:
      digest readers import readers.csv
      digest readers import subscribed.csv --assume-consent "Send me the weekly letter."
      digest readers import old-list.csv --dry-run --report refused.csv
    """
    from digest.jobs.import_readers import check_wording, import_readers

    check_wording(assume_consent)
    with call.working("readers import") as database, progress_bar() as progress:
        done = import_readers(
            call.publication,
            database,
            file,
            call.clock()(),
            assumed_wording=assume_consent,
            progress=progress,
            report=report,
            is_dry=dry_run,
        )
    if call.as_json:
        call.print_json(done._asdict())
        return
    _tell_import(done)


@readers.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True, help="Only these; may be given often.")
@with_json
@click.pass_obj
def export(call: Call, file: Path | None, states: tuple[ReaderState, ...]) -> None:
    """Write the list to FILE or to standard output, as CSV that imports back to the same.

    Behind the readers stand, as keyed hashes, those who must not be brought back. With --json it is one document.

    \b
    Examples:
      digest readers export readers.csv
      digest readers export --state active | wc -l
      digest readers export --json all.json
    """
    from digest.jobs.export_readers import export_csv, export_json, private_file
    from digest.store.readers import Wanted

    written = export_json if call.as_json else export_csv
    with call.database() as database:
        if file is None:
            written(database, sys.stdout, Wanted(states))
            return
        with private_file(file) as out:
            count = written(database, out, Wanted(states))
    click.echo(f"{_counted(count)} written to {file}. It holds personal data; you alone can read it.", err=call.as_json)


@readers.command("list")
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True, help="Only these; may be given often.")
@click.option("--category", metavar="ID", help="Only who gets letters about it.")
@click.option("--search", "text", metavar="TEXT", help="Only whose address or name contains it.")
@click.option("--columns", default=_USUAL, show_default=True, help=f"Of {', '.join(_COLUMNS)}.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N.")
@click.option("--count", is_flag=True, help="Only how many they are.")
@with_json
@click.pass_obj
def list_(
    call: Call,
    states: tuple[ReaderState, ...] = (),
    category: str | None = None,
    text: str | None = None,
    columns: str = _USUAL,
    limit: int | None = None,
    count: bool = False,
) -> None:
    """The list, by address.

    \b
    Examples:
      digest readers list
      digest readers list --state unsubscribed --state bounced
      digest readers list --category data --count
      digest readers list --search @example.com --columns address,since
    """
    from digest.store.readers import Wanted, chosen_categories, counts_by_state, stream_readers

    known = call.publication.category_ids
    if category and category not in known:
        raise BrokenInput("no such category", where=category, cure=f"choose from {', '.join(known)}")
    shown = _checked_columns(columns)
    wanted = Wanted(states, category or "", text or "")
    with call.database() as database:
        counts = counts_by_state(database, wanted)
        found = islice(stream_readers(database, wanted), limit)
        if count:
            number = sum(counts.values())
            call.print_json({"readers": number, "states": counts}) if call.as_json else click.echo(number)
        elif call.as_json:
            _print_list(found)
        else:
            _tell_list(call, counts, found, shown, wanted)
            lost = {one: number for one, number in chosen_categories(database).items() if one not in known}
            for one, number in lost.items():
                wants = "wants" if number == 1 else "want"
                warn(f"{_counted(number)} {wants} letters about {one}, which digest.toml no longer has")


def _tell_import(done: ImportReport) -> None:
    whose = f"{done.service}'s export" if done.service else ""
    kept = " · nothing was kept, this was a dry run" if done.is_dry else ""
    heading(f"{done.source} · {', '.join(filter(None, (whose, _rows(done.rows))))}{kept}")
    row("Added", _counted(done.added))
    if done.known:
        row("Known before", f"{done.known:,}, left as they are")
    if done.suppressed:
        row("Kept away", f"{done.suppressed:,} who left or bounced elsewhere; no import brings them in")
    if done.ended:
        row("Left", f"{done.ended:,} who were on the list and left elsewhere")
    if done.refusals:
        row("Refused", f"{_rows(sum(done.refusals.values()))}:")
        for kind, number in sorted(done.refusals.items(), key=lambda one: -one[1]):
            click.echo(f"{'':17}{number:>7,} {_KINDS[kind]}")
    if done.report:
        command_row("All of them", str(done.report))
    click.echo()
    for note in done.notes:
        warn(note)
    for refused in done.refused:
        warn(refused)
    left = sum(done.refusals.values()) - len(done.refused)
    if left > 0:
        warn(f"and {left:,} more{f', listed in {done.report}' if done.report else ''}")


def _checked_columns(written: str) -> tuple[str, ...]:
    columns = tuple(filter(None, (name.strip().lower() for name in written.split(","))))
    for name in columns:
        if name not in _COLUMNS:
            raise BrokenInput("no such column", where=name, cure=f"choose from {', '.join(_COLUMNS)}")
    return columns or tuple(_USUAL.split(","))


def _print_list(found: Iterable[Reader]) -> None:
    """One JSON document, a reader at a time."""
    written = 0
    for reader in found:
        sys.stdout.write((",\n " if written else "[\n ") + reader.model_dump_json())
        written += 1
    sys.stdout.write("\n]\n" if written else "[]\n")


def _tell_list(
    call: Call, counts: dict[str, int], found: Iterator[Reader], columns: tuple[str, ...], wanted: Wanted
) -> None:
    said = ", ".join(f"{number:,} {state}" for state, number in sorted(counts.items()))
    nobody = "nobody like that" if any(wanted) else f"no readers yet: `{call.command('readers import FILE')}`"
    lines = _lines(found, columns, ZoneInfo(call.publication.schedule.timezone))
    head = f"\n{click.style(f'{call.publication.settings.name} · {said or nobody}', bold=True)}\n\n"
    rows = sum(counts.values())
    if sys.stdout.isatty() and rows > shutil.get_terminal_size().lines - 6:
        click.echo_via_pager(chain([head], lines))
        return
    for text in chain([head], lines):
        click.echo(text, nl=False)
    if rows:
        click.echo()


def _lines(found: Iterator[Reader], columns: tuple[str, ...], zone: ZoneInfo) -> Iterator[str]:
    """A table that begins before the whole list is read: its widths come from the first readers."""
    first = [_cells(reader, columns, zone) for reader in islice(found, _MEASURED)]
    if not first:
        return
    widths = _widths([columns, *first], columns)
    yield click.style(_line(columns, widths), dim=True) + "\n"
    for cells in chain(first, (_cells(reader, columns, zone) for reader in found)):
        yield _line(cells, widths) + "\n"


def _widths(rows: list[tuple[str, ...]], columns: tuple[str, ...]) -> list[int]:
    """As wide as the widest; on a terminal that is too narrow, names are shortened first and addresses last."""
    widths = [max(cell_len(cells[number]) for cells in rows) for number in range(len(columns))]
    if not sys.stdout.isatty():
        return widths
    room = min(shutil.get_terminal_size().columns, _WIDEST_TERMINAL) - 2 * len(columns) - 2
    for name, least in _SHORTENED.items():
        if name in columns:
            number = columns.index(name)
            excess = max(sum(widths) - room, 0)
            widths[number] = max(widths[number] - excess, min(least, widths[number]))
    return widths


def _cells(reader: Reader, columns: tuple[str, ...], zone: ZoneInfo) -> tuple[str, ...]:
    until = (
        f"{reader.paused_until.astimezone(zone):%Y-%m-%d}" if reader.paused_until and reader.state == "paused" else ""
    )
    cells = {
        "address": reader.address,
        "name": reader.name,
        "state": reader.state,
        "categories": " ".join(reader.categories) or "all",
        "since": f"{reader.created_at.astimezone(zone):%Y-%m-%d}",
        "until": until,
    }
    return tuple(cells[name] for name in columns)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    # ideographs take two columns each
    padded = [set_cell_size(shortened(cell, width), width) for cell, width in zip(cells, widths, strict=True)]
    return "  " + "  ".join(padded).rstrip()


def _rows(number: int) -> str:
    return f"{number:,} row{'' if number == 1 else 's'}"


def _counted(number: int) -> str:
    return f"{number:,} reader{'' if number == 1 else 's'}"
