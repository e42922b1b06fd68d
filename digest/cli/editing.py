"""`digest pair`, `build`, `check`, `preview` and `templates`."""

from __future__ import annotations

import click

from digest.cli.call import Call, heading, progress_bar, row, table, warn, week_option, with_json


@click.command()
@week_option
@click.option("--explain", is_flag=True, help="Say why each pair meets, with its points, and name the runners-up.")
@with_json
@click.pass_obj
def pair(call: Call, week: str | None, explain: bool) -> None:
    """Show the comparisons that the week's tools make. Writes nothing.

    \b
    Examples:
      digest pair
      digest pair --explain --week 2026-W47
    """
    from digest.cli.pair_lines import as_document, print_pairing
    from digest.jobs.wishes import pairing_as_wished

    standing = call.standing(week)
    pairing, draft = pairing_as_wished(call.publication, standing.folder)
    if call.as_json:
        call.print_json({"issue": standing.issue, **as_document(pairing)})
        return
    print_pairing(call.publication, standing.issue, pairing, explain=explain)
    planned = [one.slugs for one in draft.comparisons or ()]
    if planned != pairing.plan:
        row("Planned", "; ".join(" vs ".join(pairing.names.get(slug, slug) for slug in pair) for pair in planned))
        row("", "That stands in issue.yaml, where a person's own list wins over these.")
        click.echo()
    for mistake in pairing.broken:
        warn(mistake)


@click.command()
@week_option
@click.option("--verify", is_flag=True, help="Write nothing: make the mail again from the folder and compare.")
@click.pass_obj
def build(call: Call, week: str | None, verify: bool) -> None:
    """Write or refresh the issue's files and render its mail. What a person wrote in issue.yaml stays.

    \b
    Examples:
      digest build
      digest build --week 2026-W47 --verify
    """
    from digest.jobs.build import build as built
    from digest.jobs.build import verify as verified
    from digest.jobs.lock import held

    standing = call.standing(week)
    if verify:
        verified(call.publication, standing)
        click.echo(f"{standing.issue}: made again from its folder, byte for byte the same")
        return
    with held(call.publication.folder, "build", call.clock()):
        made = built(call.publication, standing)
    heading(f"{call.publication.settings.name} · {standing.issue}")
    row("Subject", made.issue.subject)
    for number, one in enumerate(made.issue.comparisons):
        row("Lead" if number == 0 else "", f"{one.a.name} vs {one.b.name}")
    if made.issue.single:
        row("Alone", f"{made.issue.single.name}: no second tool to compare it with")
    row("Besides", f"{len(made.issue.also_shipped)} tools that shipped")
    row("Mail", f"{standing.folder.html.relative_to(call.publication.folder)}, {_size(made.email.html)}")
    row("Wrote", ", ".join(made.changed) or "nothing: all of it is as it was")
    for number, line in enumerate(made.renewed):
        row("" if number else "Renewed", line)
    for number, line in enumerate(made.kept):
        row("" if number else "Yours", line)
    click.echo()
    for warning in made.warnings:
        warn(warning)


@click.command()
@week_option
@click.option("--online", is_flag=True, help="Ask for every address that the letter leads to, politely.")
@click.option(
    "--list", "listed", is_flag=True, help="List the checks instead: id, severity, what each holds a letter to."
)
@with_json
@click.pass_obj
def check(call: Call, week: str | None, online: bool, listed: bool) -> int:
    """Run preflight over the mail as it was built. Errors refuse (exit 3), warnings inform.

    A check is waived in issue.yaml, by its id and with a reason; those that protect readers cannot be.

    \b
    Examples:
      digest check
      digest check --online --week 2026-W47
      digest check --list
    """
    from digest.cli.check_lines import as_document, print_checked, print_checks
    from digest.jobs.check import check as checked_

    if listed:
        print_checks(call)
        return 0
    standing = call.standing(week)
    with progress_bar() as progress:
        checked = checked_(call.publication, standing, online=progress if online else None, spam=True)
    if call.as_json:
        call.print_json({"issue": standing.issue, **as_document(checked)})
    else:
        print_checked(call, standing.issue, checked)
    return 3 if checked.errors else 0


@click.command()
@click.option("--week", metavar="ISSUE", help="The issue to open; without it, the newest there is.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8025,
    show_default=True,
    help="The port that it listens on.",
)
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="The address that it listens on; another one than this machine's own needs DIGEST_PREVIEW_PASSWORD.",
)
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@click.pass_obj
def preview(call: Call, week: str | None, port: int, host: str, no_browser: bool) -> None:
    """The editors' desk in the browser: see the issues as each kind of reader will, change them, approve them.

    The page follows every file that is saved, and nothing is built before you ask for it. Stops with Ctrl-C.

    \b
    Examples:
      digest preview
      digest preview --week 2026-W47 --port 8026
    """
    from digest.preview.application import serve

    serve(call.publication, week=week, port=port, host=host, open_browser=not no_browser, clock=call.clock())


@click.group()
def templates() -> None:
    """List the program's templates, or take one over.

    \b
    Examples:
      digest templates list
      digest templates copy email.txt.j2
    """


@templates.command("list")
@with_json
@click.pass_obj
def list_templates(call: Call) -> None:
    """The program's templates, and which of them this publication overrides."""
    from digest.jobs.templates import template_names

    names = template_names(call.publication)
    if call.as_json:
        call.print_json([{"name": name, "overridden": own} for name, own in names.items()])
        return
    table([("template", "whose"), *((name, "yours" if own else "the program's") for name, own in names.items())])


@templates.command("copy")
@click.argument("name")
@click.pass_obj
def copy_template(call: Call, name: str) -> None:
    """Copy one of the program's templates into templates/, to change it there."""
    from digest.jobs.templates import take_over

    click.echo(f"{take_over(call.publication, name)}: yours to change now")


def _size(html: str) -> str:
    return f"{len(html.encode()) / 1000:.0f} KB"
