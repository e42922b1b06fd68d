"""`digest collect` and `recognise`."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from digest.cli.call import Call, heading, progress_bar, row, warn, with_json


@click.command()
@click.option("--offline", is_flag=True, help="Read the recorded feeds and take their moment as the clock.")
@click.option("--record", is_flag=True, help="Keep the answers in feeds/, for --offline.")
@with_json
@click.pass_obj
def collect(call: Call, offline: bool, record: bool) -> None:
    """Poll the feeds, judge their entries and file the tools with the issue they belong to.

    \b
    Examples:
      digest collect
      digest collect --offline
      digest collect --record
    """
    from digest.jobs.collect import collect as collected

    if offline and record:
        raise click.UsageError("--record keeps what the network says; it cannot go with --offline")
    clock = call.clock(offline=offline)
    with call.working("collect") as database, progress_bar() as progress:
        report = collected(call.publication, database, clock(), offline=offline, record=record, progress=progress)
    if call.as_json:
        call.print_json(report.model_dump(mode="json"))
        return
    heading(f"{call.publication.settings.name} · collected")
    waiting = f", {report.waiting} not asked" if report.waiting else ""
    row("Feeds", f"{report.feeds} asked, {report.unchanged} unchanged, {report.failed} failed{waiting}")
    row("Entries", f"{report.entries}: {report.launches} launches, {report.updates} updates")
    filed = ", ".join(f"{count} new for {issue}" for issue, count in sorted(report.filed.items())) or "none new"
    row("Tools", f"{filed}; {report.seen_again} seen again; {report.too_old} too old")
    click.echo()
    for warning in report.warnings:
        warn(warning)


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
def recognise(file: IO[bytes]) -> None:
    """Judge entries, one JSON object a line, and print each with its label, name, vendor, score and reasons.

    An entry has kind, feed_title, title, link, published and summary. Without FILE it reads standard input. A line that
    is no entry is named, and the others are judged.

    \b
    Examples:
      digest recognise entries.jsonl
      head -1 entries.jsonl | digest recognise
    """
    from digest.collect.entry_line import entry_of, line_of
    from digest.collect.recognise import recognise as judged
    from digest.files.problems import BrokenFile

    mistakes = []
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            entry = entry_of(line, str(number))
        except ValueError as error:
            said = " ".join(str(error).split())[:160]
            mistakes.append(f"{file.name}:{number}: not an entry: {said}; mend that line")
            continue
        click.echo(line_of(line, judged(entry)))
    if mistakes:
        raise BrokenFile(Path(file.name), mistakes)
