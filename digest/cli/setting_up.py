"""`digest init` and `digest doctor`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from digest.cli.call import Call, command_row, heading, program, with_json


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--bare", is_flag=True, help="Without the sample's verdicts, recorded feeds and first issue.")
def init(folder: Path, bare: bool) -> None:
    """Make a new publication in DIR, ready to run.

    It asks nothing and mails nobody: a new publication sends to its outbox folder, and only what somebody approved.

    \b
    Examples:
      digest init my-letter
      digest init my-letter --bare
    """
    from digest.jobs.set_up import set_up

    written = set_up(folder, bare=bare)
    heading(f"{folder} · a publication of {len(written)} files")
    where = f"{program()} -C {shlex.quote(str(folder))}"
    if not bare:
        command_row("Try it", f"{where} run --offline --approve")
    command_row("Make it yours", str(folder / "digest.toml"))
    command_row("Then", f"{where} doctor")
    click.echo()


@click.command()
@with_json
@click.pass_obj
def doctor(call: Call) -> int:
    """Say whether this publication can send for real; for each thing that is missing, what mends it.

    \b
    Examples:
      digest doctor
      digest doctor --json
    """
    from digest.jobs.doctor import examine

    answers = examine(call.publication, call.clock()())
    lacking = [answer for answer in answers if answer.state != "good"]
    if call.as_json:
        call.print_json([answer._asdict() for answer in answers])
        return 3 if lacking else 0
    verdict = f"{len(lacking)} of {len(answers)} things are missing" if lacking else "able to send"
    heading(f"{call.publication.settings.name} · {verdict}")
    marks = {"good": click.style("✓", fg="green"), "missing": click.style("·", fg="yellow")}
    for answer in answers:
        click.echo(f"  {marks.get(answer.state, click.style('✗', fg='red'))} {answer.about.ljust(16)}{answer.said}")
        if answer.cure:
            click.echo(f"    {' ' * 16}{click.style(answer.cure, dim=True)}")
    click.echo()
    return 3 if lacking else 0
