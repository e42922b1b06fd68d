"""`digest approve`, `unapprove` and `skip`."""

from __future__ import annotations

import click

from digest.cli.call import Call, heading, row, warn, week_option


@click.command()
@week_option
@click.option("--by", metavar="NAME", help="Who approves; without it, git's name and address.")
@click.pass_obj
def approve(call: Call, week: str | None, by: str | None) -> None:
    """Approve the bytes that lie in the issue's folder: exactly these go out, whatever is edited later.

    \b
    Examples:
      digest approve
      digest approve --week 2026-W47 --by "Ann <ann@example.com>"
    """
    from digest.jobs.approve import approve as approved
    from digest.jobs.approve import person

    standing = call.standing(week)
    who = by or person(call.publication)
    with call.working("approve") as database:
        standing, checked = approved(call.publication, database, standing, call.clock()(), who)
    latest, needed = standing.approval.latest, call.publication.settings.approvals
    assert latest is not None
    heading(f"{standing.issue} · {len(standing.approval.people)} of {needed} approvals")
    row("By", who)
    row("Subject", checked.email.subject)
    row("From", f"{checked.email.sender.name} <{checked.email.sender.address}>")
    row("Readers", "not known on this machine" if latest.readers is None else f"about {latest.readers}")
    row("Checked", checked.line)
    at = standing.moments.send.astimezone(call.publication.schedule.zone)
    now = call.clock()()
    row("Goes out", f"{at:%A %-d %B, %H:%M}" if now < standing.moments.send else "with the next `digest run`")
    click.echo()
    for finding in checked.findings:
        warn(finding.what)


@click.command()
@week_option
@click.option("--by", metavar="NAME", help="Who withdraws; without it, git's name and address.")
@click.option("--why", default="", help="Why, for the log.")
@click.pass_obj
def unapprove(call: Call, week: str | None, by: str | None, why: str) -> None:
    """Withdraw the approval, or a skip: the issue is a draft again.

    \b
    Example:
      digest unapprove --week 2026-W47 --why "the price changed"
    """
    from digest.jobs.approve import person, withdraw

    standing = call.standing(week)
    with call.working("unapprove") as database:
        withdraw(call.publication, database, standing, call.clock()(), by or person(call.publication), why)
    click.echo(f"{standing.issue} is a draft again")


@click.command()
@week_option
@click.option("--by", metavar="NAME", help="Who decides; without it, git's name and address.")
@click.option("--why", default="", help="Why, for the log.")
@click.pass_obj
def skip(call: Call, week: str | None, by: str | None, why: str) -> None:
    """Send no letter that week; its tools roll over to the next one. `digest unapprove` takes it back.

    \b
    Example:
      digest skip --week 2026-W52 --why holidays
    """
    from digest.jobs.approve import person
    from digest.jobs.approve import skip as skipped

    standing = call.standing(week)
    with call.working("skip") as database:
        after, tools = skipped(
            call.publication, database, standing, call.clock()(), by or person(call.publication), why
        )
    click.echo(f"{standing.issue} is skipped; {tools} tools roll over to {after}")
