"""`digest send`, `deliveries` and `adopt`."""

from __future__ import annotations

import click

from digest.cli.call import Call, heading, progress_bar, row, table, week_option, with_json
from digest.errors import Refused


@click.command()
@week_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--audience", type=int, metavar="N", help="Confirm that it goes to N readers.")
@click.pass_obj
def send(call: Call, week: str | None, dry_run: bool, audience: int | None) -> int:
    """Deliver the approved issue to every active reader once, or resume where a sending was left.

    It does not wait for the schedule: who calls it, means now.

    \b
    Examples:
      digest send --dry-run
      digest send --week 2026-W47
    """
    from digest.jobs.send import dry_run as what_it_would_do
    from digest.jobs.send import send as sent

    standing = call.standing(week)
    if dry_run:
        with call.database() as database:
            click.echo(f"{standing.issue}: {what_it_would_do(call.publication, database, standing)}")
        return 0
    with call.working("send") as database, progress_bar() as progress:
        balance = sent(
            call.publication, database, standing, call.clock(), progress=progress, audience_confirmed=audience
        )
    click.echo(f"{standing.issue}: {balance.line}")
    return 4 if balance.unaccounted else 0


@click.group(invoke_without_command=True)
@with_json
@click.pass_context
def deliveries(context: click.Context) -> None:
    """Show the balance of deliveries, and who is unaccounted for.

    \b
    Examples:
      digest deliveries list
      digest deliveries list --week 2026-W47 --json
    """
    if context.invoked_subcommand is None:
        context.invoke(list_, week=None)


@deliveries.command("list")
@click.option("--week", metavar="ISSUE", help="The issue; without it, the last one that went out.")
@with_json
@click.pass_obj
def list_(call: Call, week: str | None) -> int:
    """The balance of an issue, and by name whoever is pending, submitting, unknown, quarantined or rejected."""
    from digest.jobs.standing import standing_of
    from digest.model.delivery import UNACCOUNTED
    from digest.store.ledger import balance_of, last_sending, unsettled

    with call.database() as database:
        issue = standing_of(call.publication, week).issue if week else last_sending(database)
        if issue is None:
            nothing = "nothing went out from this database yet; `digest run` does the weekly job"
            call.print_json({"issue": None}) if call.as_json else click.echo(nothing)
            return 0
        balance = balance_of(database, issue)
        named = unsettled(database, issue, (*UNACCOUNTED, "rejected", "excluded"))
    if call.as_json:
        people = [{"address": address, "state": state, "reason": reason} for address, state, reason in named]
        call.print_json({"issue": issue, "balance": balance.model_dump(), "deliveries": people})
    else:
        heading(f"{issue} · {balance.line}")
        if named:
            table([("address", "state", "reason"), *named])
        else:
            row("", "everybody is accounted for")
        click.echo()
    return 4 if balance.unaccounted else 0


@click.command()
@click.pass_obj
def adopt(call: Call) -> None:
    """Let this database send, when another one sent the last issue.

    Only one database knows who got what. Adopt when the other one is gone for good, and import its readers first.

    \b
    Example:
      digest adopt
    """
    from digest.jobs.standing import all_standings

    sent = [standing.sent for standing in all_standings(call.publication) if standing.sent is not None]
    if not sent:
        raise Refused("no issue was sent yet; there is nothing to adopt")
    with call.working("adopt") as database:
        if sent[-1].database == database.id:
            click.echo(f"{sent[-1].issue} was sent by this database; nothing to adopt")
            return
        database.adopt(sent[-1].database)
    click.echo(f"this database ({database.id}) sends from now on, in the place of {sent[-1].database}")
