"""`digest run`."""

from __future__ import annotations

import os

import click

from digest.cli.call import Call, command_row, heading, program, progress_bar, row, warn, with_json
from digest.jobs.tick import Options
from digest.jobs.weekly import weekly
from digest.model.run import RunReport

_LABELS = {
    "readers": "Readers",
    "collect": "Collected",
    "pair": "Paired",
    "build": "Built",
    "check": "Checked",
    "approve": "Approved",
    "approved": "Approved",
    "send": "Delivered",
    "alert": "Alert",
    "ping": "Ping",
}


@click.command()
@click.option("--week", metavar="ISSUE", help="Only this issue; without it, whatever is due.")
@click.option("--offline", is_flag=True, help="Read the recorded feeds and take their moment as the clock.")
@click.option("--approve", is_flag=True, help="Stand in for the person who approves; only with the outbox.")
@with_json
@click.pass_obj
def run(call: Call, week: str | None, offline: bool, approve: bool) -> int:
    """Do the weekly job: collect, pair, build, check and send, each when it is due.

    Call it from cron as often as you like; it does what is due and nothing else. A run that was killed is continued by
    the next one. Nothing is sent without approval, and nothing is sent twice.

    \b
    Examples:
      digest run                        what cron calls
      digest run --offline --approve    the whole job on the recorded feeds, into the outbox
      digest run --week 2026-W47        only that issue
    """
    options = Options(offline=offline, approve=approve, week=week)
    with progress_bar() as progress:
        report = weekly(call.publication, call.clock(offline=offline), options, progress)
    if call.as_json:
        call.print_json(report.model_dump(mode="json"))
    else:
        _print(call, report)
    return report.exit_code


def _print(call: Call, report: RunReport) -> None:
    moment = report.moment.astimezone(call.publication.schedule.zone)
    heading(f"{report.publication} · {report.issue} · {moment:%A %-d %B %Y, %H:%M}")
    for stage in report.stages:
        row(_LABELS[stage.stage], stage.summary)
    click.echo()
    if report.exit_code:
        click.echo(f"digest: {report.outcome}", err=True)
    else:
        click.echo(f"  {report.outcome}")
    if call.publication.provider == "outbox" and report.exit_code == 0 and (call.publication.outbox / "new").is_dir():
        heading("Next")
        outbox = min(str(call.publication.outbox), os.path.relpath(call.publication.outbox), key=len)
        command_row("Read it", call.command("preview"))
        command_row("As mail", f"mutt -f {outbox}   (or any mail program that reads a Maildir)")
        command_row("Your own", f"{program()} init my-letter")
    click.echo()
    for stage in report.stages:
        for warning in stage.warnings:
            warn(f"{stage.stage}: {warning}")
