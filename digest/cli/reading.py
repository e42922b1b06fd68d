"""`digest readers`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from digest.cli.call import Call, heading, table, warn, with_json
from digest.errors import BrokenInput


@click.group(invoke_without_command=True)
@with_json
@click.pass_context
def readers(context: click.Context) -> None:
    """Import and list the readers.

    \b
    Examples:
      digest readers import readers.csv
      digest readers import old-list.csv --assume-consent "Send me the weekly letter."
      digest readers list
      digest readers leave ann@example.com
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@readers.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--assume-consent", metavar="WORDING", help="What all of them agreed to, where the file does not say it.")
@with_json
@click.pass_obj
def import_(call: Call, file: Path, assume_consent: str | None) -> None:
    """Import a CSV with the columns address, name, consented_at and consent.

    Whoever comes without proof of consent is refused by line. Whoever is on the list already, or has left it, stays
    as they are.
    """
    from digest.jobs.import_readers import import_readers

    with call.working("readers import") as database:
        report = import_readers(database, file, assume_consent, call.clock()())
    if call.as_json:
        call.print_json(report._asdict())
        return
    click.echo(report.line)
    for refused in report.refused:
        warn(refused)


@readers.command("list")
@with_json
@click.pass_obj
def list_(call: Call) -> None:
    """The list, by address."""
    from digest.store.readers import all_readers

    with call.database() as database:
        people = all_readers(database)
    if call.as_json:
        call.print_json([reader.model_dump(mode="json") for reader in people])
        return
    counts = ", ".join(f"{number} {state}" for state, number in sorted(Counter(r.state for r in people).items()))
    heading(f"{call.publication.settings.name} · {counts or 'no readers yet: `digest readers import FILE`'}")
    if people:
        table([("address", "name", "state"), *((r.address, r.name, r.state) for r in people)])
        click.echo()


@readers.command()
@click.argument("address")
@click.pass_obj
def leave(call: Call, address: str) -> None:
    """Unsubscribe a reader who asked for it some other way; an import never brings them back."""
    from digest.store.readers import set_state

    with call.working("readers leave") as database:
        if not set_state(database, address, "unsubscribed"):
            raise BrokenInput("not on the list", where=address, cure="`digest readers list` lists everybody")
    click.echo(f"{address} gets no more letters")
