"""`digest verdict`, `pair`, `build`, `check`, `preview` and `templates`."""

from __future__ import annotations

import click

from digest.cli.call import Call, heading, row, table, warn, week_option, with_json


@click.group()
def verdict() -> None:
    """Check the stored verdicts.

    \b
    Example:
      digest verdict check
    """


@verdict.command("check")
@with_json
@click.pass_obj
def check_verdicts(call: Call) -> int:
    """Read every file in verdicts/ and name each mistake with its place."""
    from digest.jobs.judge import verdicts_of

    read = verdicts_of(call.publication)
    if call.as_json:
        call.print_json({"verdicts": list(read.verdicts), "mistakes": list(read.broken)})
    else:
        for mistake in read.broken:
            click.echo(mistake, err=True)
        mistakes = f"{len(read.broken) or 'no'} mistake{'' if len(read.broken) == 1 else 's'}"
        click.echo(f"{len(read.verdicts)} good verdicts, {mistakes}")
    return 2 if read.broken else 0


@click.command()
@week_option
@click.option("--explain", is_flag=True, help="Say why each pair meets, and name the runners-up.")
@with_json
@click.pass_obj
def pair(call: Call, week: str | None, explain: bool) -> None:
    """Show the comparisons that the week's tools make. Writes nothing.

    \b
    Examples:
      digest pair
      digest pair --explain --week 2026-W47
    """
    from digest.issues.desk_file import read_desk_tools
    from digest.issues.draft import read_draft
    from digest.jobs.pair import pairing_of

    standing = call.standing(week)
    draft, _ = read_draft(standing.folder)
    tools = read_desk_tools(standing.folder)
    pairing = pairing_of(call.publication, standing.folder, tools, draft)
    if call.as_json:
        chosen = [{"a": one.a.slug, "b": one.b.slug, "reason": one.reason} for one in pairing.comparisons]
        scores = [score._asdict() for score in pairing.scores]
        call.print_json({"issue": standing.issue, "comparisons": chosen, "scores": scores})
        return
    heading(f"{standing.issue} · {len(pairing.comparisons)} comparisons")
    for number, one in enumerate(pairing.comparisons):
        row("Lead" if number == 0 else "", f"{one.a.name} vs {one.b.name}")
        if explain and one.reason:
            row("", one.reason)
    if explain:
        chosen_pairs = {frozenset((one.a.slug, one.b.slug)) for one in pairing.comparisons}
        left = [score for score in pairing.scores if frozenset((score.a, score.b)) not in chosen_pairs]
        if left:
            heading("Runners-up")
            table([("pair", "score", "why"), *((f"{s.a} vs {s.b}", str(s.total), s.reason) for s in left[:8])])
    if draft.comparisons is not None:
        click.echo("\n  issue.yaml may plan other pairs: what a person wrote there wins.")
    click.echo(f"\n  {len(pairing.waiting)} tools wait for a verdict: `digest tools list --waiting`.\n")
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
    row("Besides", f"{len(made.issue.also_shipped)} tools that shipped")
    row("Mail", f"{standing.folder.html.relative_to(call.publication.folder)}, {_size(made.email.html)}")
    row("Wrote", ", ".join(made.changed) or "nothing: all of it is as it was")
    click.echo()
    for warning in made.warnings:
        warn(warning)


@click.command()
@week_option
@with_json
@click.pass_obj
def check(call: Call, week: str | None) -> int:
    """Run preflight over the mail as it was built. Errors refuse (exit 3), warnings inform.

    \b
    Examples:
      digest check
      digest check --json --week 2026-W47
    """
    from digest.jobs.check import check as checked_

    standing = call.standing(week)
    checked = checked_(call.publication, standing)
    if call.as_json:
        found = [finding.model_dump(mode="json") for finding in checked.findings]
        call.print_json({"issue": standing.issue, "findings": found})
    else:
        heading(f"{standing.issue} · {checked.line}")
        for finding in checked.findings:
            row(finding.severity, f"{finding.what}{f' ({finding.where})' if finding.where else ''}")
            if finding.cure:
                row("", finding.cure)
        click.echo()
    return 3 if checked.errors else 0


@click.command()
@click.option("--week", metavar="ISSUE", help="The issue to open; without it, the newest there is.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8025,
    show_default=True,
    help="Where it listens, on this machine only.",
)
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@click.pass_obj
def preview(call: Call, week: str | None, port: int, no_browser: bool) -> None:
    """Read the issues in the browser as readers will: on a phone, on a desktop, in the dark, as text.

    Stops with Ctrl-C.

    \b
    Examples:
      digest preview
      digest preview --week 2026-W47 --port 8026
    """
    from digest.preview.application import serve

    serve(call.publication, week=week, port=port, open_browser=not no_browser, clock=call.clock())


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
