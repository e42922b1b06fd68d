"""`digest feeds`: the subscribed feeds, their health, and the list of them in and out."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import IO, get_args

import click

from digest.cli.call import Call, command_row, heading, progress_bar, row, table, warn, with_json
from digest.cli.feed_lines import check_line, days, health_lines, named, notes
from digest.errors import BrokenInput
from digest.jobs.feed_look import Look
from digest.jobs.feeds import Subscribed
from digest.model.tool import FeedKind

_KINDS = get_args(FeedKind)


@click.group(invoke_without_command=True)
@with_json
@click.pass_context
def feeds(context: click.Context) -> None:
    """The subscribed feeds and their health; OPML in and out.

    Without a command it lists them. They stand in digest.toml as [[feeds]] tables; add, remove and import change
    those tables and leave every other byte of the file as it is.

    \b
    Examples:
      digest feeds
      digest feeds add https://example.com/blog
      digest feeds check
      digest feeds export feeds.opml
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@feeds.command("list")
@with_json
@click.pass_obj
def list_(call: Call) -> None:
    """The feeds and their health: successes, changes, errors, the last 30 days.

    A kind with a question mark is a guess; `kind` in digest.toml settles it.

    \b
    Examples:
      digest feeds list
      digest feeds list --json
    """
    from digest.jobs.feed_health import feed_health

    now = call.clock()()
    with call.database() as database:
        listed = feed_health(call.publication, database, now)
    if call.as_json:
        call.print_json([feed.model_dump(mode="json") for feed in listed])
        return
    if not listed:
        heading("No feed is subscribed yet")
        command_row("Add one", call.command("feeds add https://example.com/blog"))
        command_row("Or a list", call.command("feeds import feeds.opml"))
        click.echo()
        return
    heading(f"{len(listed)} {'feed' if len(listed) == 1 else 'feeds'} · entries and launches of the last 30 days")
    table(health_lines(listed, now))
    if not any(feed.last_asked for feed in listed):
        click.echo(f"\n  None was asked yet: `{call.command('collect')}` asks them.")
    click.echo()
    for note in notes(listed):
        warn(note)


@feeds.command()
@click.argument("address", metavar="URL")
@click.option(
    "--kind", type=click.Choice(_KINDS), metavar="KIND", help=f"One of {', '.join(_KINDS)}; else it is guessed."
)
@click.option("--title", help="What to call it; without it, its own title.")
@click.option("--allow-private", is_flag=True, help="It may live at a private address, such as an intranet's.")
@click.option("--no-check", is_flag=True, help="Take the address as it is, without asking it.")
@with_json
@click.pass_obj
def add(
    call: Call, address: str, kind: FeedKind | None, title: str | None, allow_private: bool, no_check: bool
) -> None:
    """Subscribe to a feed, given its address or that of a page that names it.

    The address is asked once. If a page names several feeds they are listed, and you choose.

    \b
    Examples:
      digest feeds add https://example.com/blog
      digest feeds add https://example.com/feed.xml --kind vendor-blog --title "Example"
      digest feeds add http://wiki.intranet/changes.atom --allow-private
      digest feeds add file:notes/own.xml
    """
    from digest.jobs.feed_meant import wanted_feed
    from digest.jobs.feeds import subscribe

    wanted = wanted_feed(address, kind=kind, title=title, allow_private=allow_private)
    with progress_bar() as progress:
        done = subscribe(call.publication, wanted, call.clock(), check=not no_check, progress=progress)
    if call.as_json:
        call.print_json(_document(done))
    elif done.added or done.already:
        _tell_subscribed(call, done)
    else:
        _tell_choice(call, done, allow_private=allow_private)
    if not (done.added or done.already) and done.found:
        said = f"{len(done.found.links)} feeds are named there"
        raise BrokenInput(said, where=done.found.page, cure="add the one that you want by its own address")


@feeds.command()
@click.argument("feed", metavar="URL")
@with_json
@click.pass_obj
def remove(call: Call, feed: str) -> None:
    """Take a feed out of digest.toml, with the comment lines that touch its table.

    URL is its address or title, or a part that fits no other feed. Tools that it reported stay.

    \b
    Examples:
      digest feeds remove https://example.com/feed.xml
      digest feeds remove example.com
    """
    from digest.jobs.feeds import unsubscribe

    gone = unsubscribe(call.publication, feed, call.clock())
    if call.as_json:
        call.print_json({"removed": gone.model_dump(mode="json")})
        return
    click.echo(f"{named(gone.url)} is taken out of digest.toml.")


@feeds.command()
@click.argument("feed", metavar="[URL]", required=False)
@with_json
@click.pass_obj
def check(call: Call, feed: str | None) -> None:
    """Ask the feeds now, a line each, and file nothing.

    With URL only that one: a subscribed feed or any other address.

    \b
    Examples:
      digest feeds check
      digest feeds check example.com
      digest feeds check --json
    """
    from digest.jobs.feed_look import look_at
    from digest.jobs.feed_meant import meant_feed
    from digest.store.database import is_there
    from digest.store.feeds import waiting_hosts

    asked = [meant_feed(call.publication.settings.feeds, feed)] if feed else list(call.publication.settings.feeds)
    now, waiting = call.clock()(), {}
    if is_there(call.publication.database_url):
        with call.database() as database:
            waiting = waiting_hosts(database, now)
    with progress_bar() as progress:
        looks = look_at(call.publication, asked, now, progress, waiting)
    if call.as_json:
        call.print_json([look.model_dump(mode="json") for look in looks])
        return
    for look in looks:
        click.echo(check_line(look))
    failed = sum(bool(look.problem) for look in looks)
    click.echo(f"\n  {len(looks) - failed} of {len(looks)} answered.\n" if looks else "No feed is subscribed yet.")
    for look in looks:
        for warning in look.warnings:
            warn(f"{named(look.feed.url)}: {warning}")


@feeds.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--allow-private", is_flag=True, help="Believe the file where it marks a feed as private.")
@with_json
@click.pass_obj
def import_(call: Call, file: IO[bytes], allow_private: bool) -> None:
    """Subscribe to every feed of a list: OPML, or addresses, one a line. None of them is asked.

    \b
    Examples:
      digest feeds import subscriptions.opml
      echo https://example.com/feed.xml | digest feeds import -
    """
    from digest.collect.opml import MOST_BYTES
    from digest.jobs.feeds import take_over

    content = file.read(MOST_BYTES + 1)
    done = take_over(call.publication, content, file.name, call.clock(), allow_private=allow_private)
    if call.as_json:
        lists = {"added": done.added, "already": done.already}
        dumped = {name: [feed.model_dump(mode="json") for feed in listed] for name, listed in lists.items()}
        call.print_json({**dumped, "warnings": done.warnings})
    else:
        there = f", {len(done.already)} there already" if done.already else ""
        click.echo(f"{len(done.added)} added{there}.")
        if done.added:
            click.echo(f"`{call.command('feeds check')}` asks them all once.")
    for warning in done.warnings:
        warn(warning)


@feeds.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.pass_obj
def export(call: Call, file: Path | None) -> None:
    """Write the list as OPML 2.0, to FILE or to standard output. `digest feeds import` reads it back as it was.

    \b
    Examples:
      digest feeds export feeds.opml
      digest feeds export | less
    """
    from digest.jobs.feeds import with_password, write_list

    document = write_list(call.publication, call.clock()(), file)
    if file is None:
        click.echo(document, nl=False)
    else:
        click.echo(f"{len(call.publication.settings.feeds)} feeds written to {file}.")
    if secret := with_password(call.publication.settings.feeds):
        names = ", ".join(named(feed.url) for feed in secret)
        warn(f"the list holds passwords (in the address of {names}); keep it to yourself")


def _document(done: Subscribed) -> dict[str, object]:
    look = done.found.look if done.found else None
    return {
        "added": done.added.model_dump(mode="json") if done.added else None,
        "already": done.already.model_dump(mode="json") if done.already else None,
        "look": look.model_dump(mode="json") if look else None,
        "page": done.found.page if done.found else "",
        "links": [link._asdict() for link in done.found.links] if done.found else [],
    }


def _tell_subscribed(call: Call, done: Subscribed) -> None:
    feed = done.added or done.already
    assert feed is not None
    look = done.found.look if done.found else None
    page = done.found.page if done.found else ""
    if done.already:
        click.echo(f"Already subscribed: {named(feed.url)}. Nothing was changed.")
        return
    heading(f"Subscribed to {(look.title if look else feed.title) or named(feed.url)}")
    row("Address", f"{named(feed.url)}{f', found on {page}' if page else ''}")
    if look:
        _tell_look(look)
    row("Next", f"`{call.command('collect')}` asks it with the others")
    click.echo()
    for warning in look.warnings if look else ():
        warn(warning)


def _tell_look(look: Look) -> None:
    row("Kind", f"{look.kind}{'' if look.feed.kind else ', guessed; `kind` in digest.toml settles it'}")
    row("Entries", f"{look.entries}, {days(look)}" if days(look) else f"{look.entries}, without dates")
    row("Launches", f"{look.launches} of {look.entries} {'looks' if look.launches == 1 else 'look'} like it")
    if look.is_redirected and not look.moved_to:
        row("Redirected", f"to {look.address}")


def _tell_choice(call: Call, done: Subscribed, *, allow_private: bool) -> None:
    """The feeds that a page names, each with the command that subscribes to it."""
    assert done.found is not None
    heading(f"Which one? {done.found.page} names {len(done.found.links)} feeds")
    private = " --allow-private" if allow_private else ""
    for link in done.found.links:
        if link.title:
            click.echo(f"  {click.style(link.title, fg='cyan')}")
        click.echo(f"    {call.command(f'feeds add {shlex.quote(link.address)}{private}')}")
    click.echo()
