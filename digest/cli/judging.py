"""`digest verdict` and `digest reviewers`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.call import Call, command_row, heading, progress_bar, row, table, warn, with_json

if TYPE_CHECKING:
    from digest.jobs.verdict_check import Ask, VerdictsChecked


@click.group()
def verdict() -> None:
    """Start a verdict, check the files, look at one.

    A verdict is a file that people write, verdicts/<slug>.yaml. Editors that read its schema complete it and check it
    while you type.

    \b
    Examples:
      digest verdict new heron
      digest verdict check
      digest verdict show tidepool
    """


@verdict.command("new")
@click.argument("slug")
@click.pass_obj
def new(call: Call, slug: str) -> None:
    """Start verdicts/SLUG.yaml from a collected tool: facts filled in, sources as comments, no review yet.

    \b
    Example:
      digest verdict new heron
    """
    from digest.jobs.verdict_new import start_verdict

    today = call.clock()().astimezone(call.publication.schedule.zone).date()
    started = start_verdict(call.publication, slug, today.isoformat())
    tool, path = started.tool, started.path.relative_to(call.publication.folder)
    heading(f"{tool.name} · {path}")
    seen = len(tool.sightings)
    row("Facts", f"from {started.issue}, with {seen} source{'' if seen == 1 else 's'} as comments")
    row("Still open", ", ".join(started.missing))
    row("Reviews by", ", ".join(reviewer.name for reviewer in started.panel))
    command_row("Then", call.command(f"verdict check {tool.slug}"))
    click.echo()
    if started.near:
        warn(f"perhaps {tool.name} is verdicts/{started.near.verdict}.yaml: {started.near.why}; {started.near.cure}")


@verdict.command("check")
@click.argument("slugs", nargs=-1, metavar="[SLUG…]")
@click.option("--online", is_flag=True, help="Ask the homepages too, politely, whether they are still there.")
@with_json
@click.pass_obj
def check(call: Call, slugs: tuple[str, ...], online: bool) -> int:
    """Read all verdicts, or some, and name each mistake with its place (exit 2) and what to look at again.

    Warns of prices that were read more than 90 days ago, of verdicts that are older than 180, and of tools that may
    be a verdict's under another name.

    \b
    Examples:
      digest verdict check
      digest verdict check tidepool heron
      digest verdict check --online
    """
    from digest.jobs.verdict_check import check_verdicts

    today = call.clock()().astimezone(call.publication.schedule.zone).date()
    found = check_verdicts(call.publication, today, slugs, _asking(call) if online else None)
    if call.as_json:
        call.print_json(_as_document(found))
        return 2 if found.mistakes else 0
    for mistake in found.mistakes:
        click.echo(mistake, err=True)
    for warned in found.warnings:
        warn(warned.line)
    for near in found.near:
        warn(f"perhaps the tool {near.tool} is verdicts/{near.verdict}.yaml: {near.why}; {near.cure}")
    for slug, reviewers in found.waiting.items():
        click.echo(f"{slug} waits for {', '.join(reviewers)}")
    counted = [_count(len(found.verdicts), "good verdict"), _count(len(found.mistakes), "mistake")]
    warnings = len(found.warnings) + len(found.near)
    click.echo(", ".join([*counted, *([_count(warnings, "warning")] if warnings else [])]))
    return 2 if found.mistakes else 0


@verdict.command("show")
@click.argument("slug")
@with_json
@click.pass_obj
def show(call: Call, slug: str) -> int:
    """One verdict as a page: what it is, what the panel says, and what it said before.

    \b
    Examples:
      digest verdict show tidepool
      digest verdict show tidepool --json
    """
    from digest.cli.verdict_page import Setting, as_document, print_verdict
    from digest.jobs.verdict_check import check_verdicts

    settings = call.publication.settings
    today = call.clock()().astimezone(call.publication.schedule.zone).date()
    found = check_verdicts(call.publication, today, [slug])
    for mistake in found.mistakes:
        click.echo(mistake, err=True)
    if slug not in found.verdicts:
        return 2
    shown = found.verdicts[slug]
    names = {category.id: category.name for category in settings.categories}
    remarks = tuple(f"{warned.what}; {warned.cure}" for warned in found.warnings)
    setting = Setting(settings.panel.reviewers, settings.panel.quorum, names[shown.category], remarks)
    if call.as_json:
        call.print_json(as_document(shown, setting))
    else:
        print_verdict(shown, setting)
    return 0


@verdict.command("schema")
@click.option("--write", is_flag=True, help="Write it beside the verdicts, and name it at the head of each file.")
@click.pass_obj
def schema(call: Call, write: bool) -> None:
    """Print the JSON Schema of this publication's verdict files: with your reviewers and categories in it.

    \b
    Examples:
      digest verdict schema
      digest verdict schema --write
    """
    from digest.jobs.verdict_schema import schema_of, write_schema

    if not write:
        click.echo(schema_of(call.publication), nl=False)
        return
    changed = write_schema(call.publication)
    for path in changed:
        click.echo(f"wrote {path.relative_to(call.publication.folder)}")
    if not changed:
        click.echo("nothing to write: the schema is there, and each file names one")


@click.command()
@with_json
@click.pass_obj
def reviewers(call: Call) -> None:
    """The panel's track record: what each reviewer shipped and skipped, and how often others saw it alike.

    \b
    Examples:
      digest reviewers
      digest reviewers --json
    """
    from digest.jobs.judge import panel_record

    records, broken = panel_record(call.publication)
    if call.as_json:
        call.print_json([record.model_dump(mode="json") for record in records])
        return
    settings = call.publication.settings
    heading(f"{settings.name} · the panel's track record")
    heads = ("reviewer", "ships", "skips", "ran it", "changed", "with the panel", "with readers")
    rows = [
        (
            one.name,
            str(one.calls.ships),
            str(one.calls.skips),
            f"{one.ran} of {one.calls.calls}" if one.calls.calls else "—",
            str(one.revised) if one.calls.calls else "—",
            one.with_panel.figure,
            one.with_readers.figure,
        )
        for one in records
    ]
    table([heads, *rows])
    shelves = [category for category in settings.categories if any(category.id in one.by_category for one in records)]
    if shelves:
        heading("Ships by category")
        by_category = [
            (one.name, *(one.by_category[shelf.id].figure if shelf.id in one.by_category else "—" for shelf in shelves))
            for one in records
        ]
        table([("reviewer", *(shelf.name for shelf in shelves)), *by_category])
    click.echo()
    for mistake in broken:
        warn(mistake)


def _asking(call: Call) -> Ask:
    """Asks homepages with a bar that moves."""
    from collections.abc import Mapping, Sequence

    from digest.jobs.homepages import Homepage, ask_homepages, client_of

    def ask(addresses: Sequence[str]) -> Mapping[str, Homepage]:
        with progress_bar() as progress:
            pages = ask_homepages(client_of(call.publication), addresses, progress)
        silent = [page for page in pages.values() if page.state == "silent"]
        if silent:
            names = ", ".join(page.address for page in silent[:3])
            more = f" and {len(silent) - 3} more" if len(silent) > 3 else ""
            click.echo(f"no word from {names}{more}: open {'it' if len(silent) == 1 else 'them'} yourself", err=True)
        return pages

    return ask


def _as_document(found: VerdictsChecked) -> dict[str, object]:
    return {
        "verdicts": list(found.verdicts),
        "mistakes": list(found.mistakes),
        "warnings": [warned._asdict() for warned in found.warnings],
        "waiting": found.waiting,
        "near": [near._asdict() for near in found.near],
    }


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
