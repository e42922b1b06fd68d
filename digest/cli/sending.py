"""`digest send`, `deliveries`, `reconcile` and `adopt`."""

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

    It does not wait for the schedule: who calls it, means now. What may have been sent before is never sent again on a
    guess: it is repeated where the provider recognises repetitions, looked up where it can be asked, and else listed
    by `digest deliveries`. A short pause that the provider asks for is waited for.

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
      digest deliveries settle ann@example.com --as accepted --why "it is in the server's log"
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


@deliveries.command()
@click.argument("addresses", nargs=-1)
@click.option("--all", "everybody", is_flag=True, help="Every unknown and quarantined delivery of the issue.")
@click.option("--as", "state", type=click.Choice(["accepted", "rejected"]), required=True, help="What became of it.")
@click.option("--why", required=True, help="How you know, for the ledger.")
@click.option("--by", metavar="NAME", help="Who says so; without it, git's name and address.")
@click.option("--week", metavar="ISSUE", help="The issue; without it, the last one that went out.")
@with_json
@click.pass_obj
def settle(
    call: Call, addresses: tuple[str, ...], everybody: bool, state: str, why: str, by: str | None, week: str | None
) -> int:
    """Settle unknown or quarantined deliveries by hand, once you know what became of them.

    Nothing is sent. Who said so, when and why stays in the ledger.

    \b
    Examples:
      digest deliveries settle ann@example.com --as accepted --why "she has it"
      digest deliveries settle --all --as rejected --why "the provider's log has nothing of that hour"
    """
    from digest.jobs.approve import person
    from digest.jobs.settle import settle as settled

    if bool(addresses) == everybody:
        raise click.UsageError("give addresses, or --all")
    who = by or person(call.publication)
    with call.working("deliveries settle") as database:
        done = settled(
            call.publication,
            database,
            issue=week,
            addresses=None if everybody else addresses,
            accepted=state == "accepted",
            by=who,
            why=why,
            now=call.clock()(),
        )
    if call.as_json:
        said = {"issue": done.issue, "settled": done.settled, "as": state, "by": who}
        call.print_json({**said, "balance": done.balance.model_dump()})
    else:
        click.echo(f"{done.settled} settled as {state} by {who}")
        click.echo(f"{done.issue}: {done.balance.line}")
    return 4 if done.balance.unaccounted else 0


@click.command()
@click.option("--week", metavar="ISSUE", help="The issue; without it, the last one that went out.")
@with_json
@click.pass_obj
def reconcile(call: Call, week: str | None) -> int:
    """Settle what is unknown by asking the provider, at once; nothing is sent.

    What the provider knows of was accepted. What it does not know of is set apart by name once its search is complete,
    and at once where it cannot be asked; `digest deliveries settle` is for what you know yourself.

    \b
    Examples:
      digest reconcile
      digest reconcile --week 2026-W47 --json
    """
    from digest.jobs.reconcile import reconcile as reconciled

    with call.working("reconcile") as database:
        done = reconciled(call.publication, database, issue=week, now=call.clock()())
    if done is None:
        call.print_json({"issue": None}) if call.as_json else click.echo("nothing went out from this database yet")
        return 0
    if call.as_json:
        said = {"issue": done.issue, **done.came_to._asdict(), "ask_again_at": done.ask_again_at}
        call.print_json({**said, "balance": done.balance.model_dump()})
    else:
        for line in done.lines(call.publication.schedule.zone):
            click.echo(line)
        click.echo(f"{done.issue}: {done.balance.line}")
    return 4 if done.balance.unaccounted else 0


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
