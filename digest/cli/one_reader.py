"""`digest readers show`, `add`, `leave`, `edit` and `erase`: one reader, and what they asked an editor for."""

from __future__ import annotations

import shlex
import sys
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from digest.cli.call import Call, command_row, heading, row, table, with_json
from digest.errors import Refused

if TYPE_CHECKING:
    from digest.jobs.readers import Changed, Record
    from digest.model.reader import Reader

_CATEGORY_HELP = "The id of a category they want; may be given often."


@click.command()
@click.argument("address")
@with_json
@click.pass_obj
def show(call: Call, address: str) -> None:
    """All that is kept of a reader: state, proof of consent, every delivery and why.

    \b
    Example:
      digest readers show ann@example.com
    """
    from digest.jobs.readers import record_of

    with call.database() as database:
        record = record_of(call.publication, database, address)
    if call.as_json:
        call.print_json(
            {
                **record.reader.model_dump(mode="json"),
                "consents": [
                    one.model_dump(mode="json") | {"wording_hash": one.wording_hash} for one in record.consents
                ],
                "changes": [one._asdict() for one in record.changes],
                "deliveries": [one._asdict() for one in record.copies],
            }
        )
        return
    _tell(record, ZoneInfo(call.publication.schedule.timezone))


@click.command()
@click.argument("address")
@click.option("--consent", required=True, metavar="WORDING", help="What they agreed to, word by word.")
@click.option("--how", default="an editor, on their word", show_default=True, help="How they agreed.")
@click.option("--at", metavar="MOMENT", help="When they agreed; without it, now.")
@click.option("--name", default="", help="Their name.")
@click.option("--category", "categories", multiple=True, metavar="ID", help=f"{_CATEGORY_HELP} Without any, all.")
@click.option("--returning", is_flag=True, help="They left, and asked for letters again themselves.")
@with_json
@click.pass_obj
def add(
    call: Call,
    address: str,
    consent: str,
    how: str,
    at: str | None,
    name: str,
    categories: tuple[str, ...],
    returning: bool,
) -> None:
    """Add somebody who agreed in some way that you can prove. Who signs up on the web confirms by mail instead.

    \b
    Examples:
      digest readers add ann@example.com --consent "Send me the weekly letter."
      digest readers add ann@example.com --consent "Yes, please." --how "the list at the fair" --at 2026-05-01
    """
    from digest.jobs.readers import add_reader, day_or_moment
    from digest.model.reader import Consent

    now = call.clock()()
    agreed = day_or_moment(call.publication, at) if at else now
    if agreed > now:
        raise click.BadParameter("lies in the future", param_hint="--at")
    proof = Consent(at=agreed, how=" ".join(how.split()) or "an editor", wording=consent, origin="editor")
    with call.working("readers add") as database:
        done = add_reader(
            call.publication, database, address, proof, now, name=name, categories=categories, returning=returning
        )
    said = f"{done.after.address} gets the letters from now on"
    if done.before is not None and done.before.state == done.after.state:
        said = f"{done.after.address} is on the list already ({done.after.state}); nothing was changed"
    elif done.before is not None:
        said = f"{done.after.address} was {done.before.state} and gets the letters again"
    _done(call, done, said)


@click.command()
@click.argument("address")
@click.option("--undo", is_flag=True, help="Take back an earlier `leave` that was a mistake of yours.")
@with_json
@click.pass_obj
def leave(call: Call, address: str, undo: bool) -> None:
    """Unsubscribe a reader who asked for it some other way; an import never brings them back.

    \b
    Examples:
      digest readers leave ann@example.com
      digest readers leave ann@example.com --undo
    """
    from digest.jobs.readers import leave as left
    from digest.jobs.readers import undo_leaving

    with call.working("readers leave") as database:
        done = (undo_leaving if undo else left)(call.publication, database, address, call.clock()())
    assert done.before is not None
    if undo:
        said = f"{done.after.address} is {done.after.state} again"
    elif done.before.state == done.after.state:
        said = f"{done.after.address} gets no letters already ({done.after.state}); nothing was changed"
    else:
        undone = call.command(f"readers leave {shlex.quote(done.after.address)} --undo")
        said = f"{done.after.address} gets no more letters; `{undone}` takes that back"
    _done(call, done, said)


@click.command()
@click.argument("address")
@click.option("--name", help="Their name.")
@click.option("--address", "new", metavar="NEW", help="Their new address.")
@click.option("--category", "categories", multiple=True, metavar="ID", help=_CATEGORY_HELP)
@click.option("--all-categories", is_flag=True, help="They want letters about everything.")
@click.option("--pause", is_flag=True, help="No letters until they say so.")
@click.option("--pause-until", "until", metavar="DAY", help="No letters until that day.")
@click.option("--resume", is_flag=True, help="Letters again, from now on.")
@with_json
@click.pass_obj
def edit(
    call: Call,
    address: str,
    name: str | None,
    new: str | None,
    categories: tuple[str, ...],
    all_categories: bool,
    pause: bool,
    until: str | None,
    resume: bool,
) -> None:
    """Change a reader's name, address, categories or pause. Categories decide whether they get an issue.

    \b
    Examples:
      digest readers edit ann@example.com --category data --category design
      digest readers edit ann@example.com --pause-until 2027-01-07
      digest readers edit ann@example.com --address ann@new.example
    """
    from digest.jobs.readers import Edit, day_or_moment
    from digest.jobs.readers import edit as edited

    if sum((pause, bool(until), resume)) > 1:
        raise click.UsageError("--pause, --pause-until and --resume exclude each other")
    if categories and all_categories:
        raise click.UsageError("--category and --all-categories exclude each other")
    changes = Edit(
        name=name,
        address=new,
        categories=categories if categories or all_categories else None,
        pause=True if pause or until else False if resume else None,
        until=day_or_moment(call.publication, until) if until else None,
    )
    if all(value is None for value in changes):
        raise click.UsageError("nothing to change; name what is to change")
    with call.working("readers edit") as database:
        done = edited(call.publication, database, address, changes, call.clock()())
    if call.as_json:
        _done(call, done, "")
        return
    assert done.before is not None
    zone = ZoneInfo(call.publication.schedule.timezone)
    heading(done.after.address)
    for label, before, after in _differences(done.before, done.after, zone):
        row(label, f"{after}, was {before}")
    undo = _undo(done.before, done.after, zone)
    if undo:
        command_row("Undo", call.command(f"readers edit {shlex.quote(done.after.address)} {undo}"))
    else:
        row("", "nothing was changed: all of it was so before")
    click.echo()


@click.command()
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask whether you mean it.")
@with_json
@click.pass_obj
def erase(call: Call, address: str, yes: bool) -> None:
    """Erase all that is personal of a reader, as they may ask for (GDPR article 17). It cannot be taken back.

    It goes out of every table of the database and out of outbox/. A keyed hash stays, by which no import brings them
    back; whoever signs up again themselves is welcome. Not here: backups, exports and imported files of yours, and
    what the sending service keeps.

    \b
    Examples:
      digest readers erase ann@example.com
      digest readers erase ann@example.com --yes
    """
    from digest.jobs.erase_reader import erase as erased
    from digest.jobs.readers import record_of

    with call.working("readers erase") as database:
        record = record_of(call.publication, database, address)
        if not yes:
            letters = f"{len(record.copies)} deliver{'y' if len(record.copies) == 1 else 'ies'}"
            about = f"{record.reader.address} ({record.reader.state}, {letters})"
            if not sys.stdin.isatty():
                raise Refused(f"{about} would be erased for good", cure="confirm with --yes")
            click.confirm(f"Erase {about} for good?", abort=True)
        done = erased(call.publication, database, address, call.clock()())
    if call.as_json:
        call.print_json(done._asdict())
        return
    heading("Erased; a keyed hash stays, by which no import brings them back")
    row("Letters", f"{done.letters} taken out of outbox/")
    if done.is_overwritten:
        row("Database", "written anew, so that nothing of them stays in free pages or in its log")
    else:
        row(
            "Database",
            "their rows are empty; its files keep old pages until a vacuum (PostgreSQL: `VACUUM FULL`)",
        )
    if done.providers:
        row("Elsewhere", f"{', '.join(done.providers)} has letters to them in its records; ask for erasure there")
    row("By hand", "backups, exports, and files that you imported")
    click.echo()


def _done(call: Call, done: Changed, said: str) -> None:
    if call.as_json:
        before = done.before.model_dump(mode="json") if done.before else None
        call.print_json({"before": before, "after": done.after.model_dump(mode="json")})
        return
    click.echo(said)


def _differences(before: Reader, after: Reader, zone: ZoneInfo) -> list[tuple[str, str, str]]:
    said = [
        ("Address", before.address, after.address),
        ("Name", before.name or "none", after.name or "none"),
        ("Categories", ", ".join(before.categories) or "all", ", ".join(after.categories) or "all"),
        ("Letters", _letters(before, zone), _letters(after, zone)),
    ]
    return [one for one in said if one[1] != one[2]]


def _letters(reader: Reader, zone: ZoneInfo) -> str:
    if reader.state != "paused":
        return "yes" if reader.state == "active" else reader.state
    return f"paused until {reader.paused_until.astimezone(zone):%Y-%m-%d}" if reader.paused_until else "paused"


def _undo(before: Reader, after: Reader, zone: ZoneInfo) -> str:
    """The options that put everything back."""
    said = []
    if before.address != after.address:
        said.append(f"--address {shlex.quote(before.address)}")
    if before.name != after.name:
        said.append(f"--name {shlex.quote(before.name)}")
    if before.categories != after.categories:
        said += [f"--category {one}" for one in before.categories] or ["--all-categories"]
    if _letters(before, zone) != _letters(after, zone):
        until = f"--pause-until {before.paused_until.isoformat()}" if before.paused_until else "--pause"
        said.append(until if before.state == "paused" else "--resume")
    return " ".join(said)


def _tell(record: Record, zone: ZoneInfo) -> None:
    reader = record.reader
    heading(f"{reader.address} · {_letters(reader, zone) if reader.state == 'paused' else reader.state}")
    if reader.name:
        row("Name", reader.name)
    row("On the list", f"since {_moment(reader.created_at, zone)}")
    row("Categories", ", ".join(reader.categories) or "all")
    for number, consent in enumerate(record.consents):
        row("" if number else "Consent", f"{_moment(consent.at, zone)}, {consent.how}")
        row("", f"“{consent.wording}”")
        row("", f"SHA-256 {consent.wording_hash[:16]}…")
    if not record.consents:
        row("Consent", "none is kept")
    for number, change in enumerate(record.changes):
        row(
            "" if number else "Changes", f"{_moment(change.at, zone)}, {change.before} → {change.state}: {change.cause}"
        )
    click.echo()
    if record.copies:
        copies = [
            (one.issue, one.state, one.reason, _moment(one.settled_at, zone) if one.settled_at else "")
            for one in record.copies
        ]
        table([("issue", "state", "why", "when"), *copies])
    else:
        click.echo("  No issue has gone out to them from this database.")
    click.echo()


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
