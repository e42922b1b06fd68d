"""`digest tools`: the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from digest.cli.call import Call, heading, row, table, warn, week_option, with_json
from digest.cli.desk_lines import as_data, cells, count, day, decided_line, done_to

Function = TypeVar("Function", bound=Callable[..., Any])


@click.group(invoke_without_command=True)
@with_json
@click.pass_context
def tools(context: click.Context) -> None:
    """List what shipped and what waits for a verdict; accept, ignore, merge, separate, rename.

    Each decision is a line in issues/<id>/desk.yaml; to undo one, take its line out.

    \b
    Examples:
      digest tools list --waiting
      digest tools accept tidepool
      digest tools merge tidepool-db tidepool
      digest tools add https://heron.example --name Heron
    """
    if context.invoked_subcommand is None:
        context.invoke(list_, week=None, waiting=False, ignored=False)


def by_option(function: Function) -> Function:
    """`--by`: who decides."""
    return click.option("--by", metavar="NAME", help="Who decides; without it, git's name and address.")(function)


def decision_options(function: Function) -> Function:
    """What stands behind every decision."""
    week = click.option("--week", metavar="ISSUE", help="The issue; without it, the one that has the tool.")
    return week(by_option(click.option("--why", default="", help="Why, for desk.yaml.")(function)))


@tools.command("list")
@week_option
@click.option("--waiting", is_flag=True, help="Only those without a verdict: what reviewers work from.")
@click.option("--all", "ignored", is_flag=True, help="Also those that are ignored.")
@with_json
@click.pass_obj
def list_(call: Call, week: str | None, waiting: bool, ignored: bool) -> None:
    """The tools of an issue as the desk makes them: accepted ones first, then the surest.

    \b
    Examples:
      digest tools list
      digest tools list --waiting --json
      digest tools list --all --week 2026-W47
    """
    from digest.jobs.desk import listing

    standing = call.standing(week)
    listed = listing(call.publication, standing, waiting=waiting, ignored=ignored)
    if call.as_json:
        tools = [as_data(line) for line in listed.rows]
        call.print_json({"issue": standing.issue, "tools": tools, "near": [one._asdict() for one in listed.near]})
        return
    heading(f"{standing.issue} · {count(len(listed.rows), 'tool')}; {listed.waiting} wait for a verdict")
    heads = ("slug", "name", "category", "score", "desk", "shipped", "verdict", "seen in")
    table([heads, *map(cells, listed.rows)])
    for one in listed.near:
        row("Perhaps", f"{one.tool} is verdicts/{one.verdict}.yaml: {one.why}; {one.cure}")


@tools.command()
@click.argument("slug")
@with_json
@click.pass_obj
def show(call: Call, slug: str) -> None:
    """One tool, whatever issue it belongs to: sightings, decisions, and what may be the same.

    \b
    Example:
      digest tools show tidepool
    """
    from digest.jobs.desk import shown

    seen = shown(call.publication, slug)
    tool = seen.tool
    if call.as_json:
        said = [one.model_dump(mode="json", exclude_defaults=True) for one in seen.decisions]
        merges = [{"slug": one.slug, "why": one.why} for one in seen.possible_merges]
        about = {"desk": seen.state, "merged": seen.parts, "decisions": said, "possible_merges": merges}
        call.print_json({"issue": seen.standing.issue, **tool.model_dump(mode="json"), **about})
        return
    heading(f"{tool.name} · {seen.standing.issue}")
    facts = {"Slug": tool.slug, "Tagline": tool.tagline, "Vendor": tool.vendor, "Category": tool.category}
    facts |= {"Homepage": tool.homepage, "Repository": tool.repository, "Shipped": day(tool.shipped_at)}
    facts |= {"Score": str(tool.score), "Desk": seen.state, "Also called": ", ".join(tool.aliases)}
    for label, fact in facts.items():
        row(label, fact or "—")
    for sighting in tool.sightings:
        row("Seen", f"{sighting.source}: {sighting.title} {sighting.link or ''}".strip())
    for one in seen.decisions:
        row("Decided", decided_line(one))
    for maybe in seen.possible_merges:
        row("Perhaps", f"{maybe.slug}: {maybe.why}")
        row("", maybe.cure)
    click.echo()


@tools.command()
@click.argument("address", metavar="URL")
@click.option("--name", help="What it is called; without it, read from the address.")
@click.option("--tagline", help="What it does, in a line.")
@click.option("--category", help="One of digest.toml's; without it, their words decide.")
@click.option("--week", metavar="ISSUE", help="The issue; without it, the next open one.")
@by_option
@click.pass_obj
def add(
    call: Call,
    address: str,
    name: str | None,
    tagline: str | None,
    category: str | None,
    week: str | None,
    by: str | None,
) -> None:
    """File a tool by hand: a tip, an answer to a letter. Nothing is fetched.

    \b
    Examples:
      digest tools add https://heron.example
      digest tools add https://heron.example --name Heron --tagline "Logs, read standing"
    """
    from digest.jobs.tip import add_tip

    with call.working("tools add"):
        tip = add_tip(
            call.publication,
            call.clock()(),
            address,
            _who(call, by),
            name=_one_line(name) if name else None,
            tagline=_one_line(tagline) if tagline else None,
            category=category,
            week=week,
        )
    how = "filed with" if tip.is_new else "known already, in"
    click.echo(f"{tip.tool.slug} is {how} {tip.issue}: {tip.tool.name}, {tip.tool.category}")
    if tip.state == "ignored":
        warn(f"{tip.tool.slug} is ignored; `digest tools accept {tip.tool.slug}` brings it back")
    for one in tip.possible_merges:
        warn(f"perhaps one tool: {tip.tool.slug} and {one.slug} ({one.why}); {one.cure}")


@tools.command()
@click.argument("slugs", nargs=-1, required=True, metavar="SLUG…")
@decision_options
@click.pass_obj
def accept(call: Call, slugs: Sequence[str], week: str | None, by: str | None, why: str) -> None:
    """List tools in the letter whatever their score, before all others.

    \b
    Examples:
      digest tools accept tidepool
      digest tools accept tidepool heron --why "asked for by readers"
    """
    _decided(call, slugs, week, by, why, decision="accept")


@tools.command()
@click.argument("slugs", nargs=-1, required=True, metavar="SLUG…")
@decision_options
@click.pass_obj
def ignore(call: Call, slugs: Sequence[str], week: str | None, by: str | None, why: str) -> None:
    """Never show tools again, whoever reports them. They stay in `digest tools list --all`.

    \b
    Example:
      digest tools ignore blotter --why "a part of Inkwell"
    """
    _decided(call, slugs, week, by, why, decision="ignore")


@tools.command()
@click.argument("slug")
@click.argument("into")
@decision_options
@click.pass_obj
def merge(call: Call, slug: str, into: str, week: str | None, by: str | None, why: str) -> None:
    """Make one tool of two: SLUG becomes an alias of INTO, which gets its sightings and what it lacks.

    Where they belong to different open issues, SLUG moves to INTO's.

    \b
    Example:
      digest tools merge tidepool-db tidepool
    """
    _decided(call, [slug], week, by, why, decision="merge", into=into)


@tools.command()
@click.argument("slug")
@click.argument("other")
@decision_options
@click.pass_obj
def separate(call: Call, slug: str, other: str, week: str | None, by: str | None, why: str) -> None:
    """Say that two tools are two: they are never offered as one again. It also takes SLUG out of a merge with OTHER.

    \b
    Example:
      digest tools separate heron-db heron --why "another maker"
    """
    _decided(call, [slug], week, by, why, decision="separate", other=other)


@tools.command()
@click.argument("slug")
@click.argument("name")
@decision_options
@click.pass_obj
def rename(call: Call, slug: str, name: str, week: str | None, by: str | None, why: str) -> None:
    """Call a tool by another name. It keeps its slug, and the old name as an alias.

    \b
    Example:
      digest tools rename brogue-tts-0-6b "Brogue TTS"
    """
    name = _one_line(name)
    if not name:
        raise click.UsageError("a name needs a letter")
    _decided(call, [slug], week, by, why, decision="rename", name=name)


@tools.command()
@click.argument("slug")
@click.argument("category")
@decision_options
@click.pass_obj
def category(call: Call, slug: str, category: str, week: str | None, by: str | None, why: str) -> None:
    """Put a tool on another shelf: a category's id from digest.toml, or `uncategorised`.

    \b
    Example:
      digest tools category tidepool data
    """
    _decided(call, [slug], week, by, why, decision="category", category=category)


def _decided(call: Call, slugs: Sequence[str], week: str | None, by: str | None, why: str, **decision: str) -> None:
    """Write one decision about each of some tools, and say how they stand now."""
    from pydantic import ValidationError

    from digest.errors import BrokenInput
    from digest.issues.desk import DeskDecision
    from digest.jobs.desk import decide

    zone = call.publication.schedule.zone
    with call.working(f"tools {decision['decision']}"):
        at = call.clock()().astimezone(zone).replace(microsecond=0)
        said = {"by": _who(call, by), "at": at, "why": _one_line(why), **decision}
        try:
            asked = [DeskDecision.model_validate({"tool": slug, **said}) for slug in dict.fromkeys(slugs)]
        except ValidationError as error:
            found = str(error.errors()[0].get("input"))
            cure = "`digest tools list` lists them"
            raise BrokenInput(f'"{" ".join(found.split())}" is no slug', cure=cure) from None
        for one in decide(call.publication, asked, week):
            again = "" if one.changed else "already "
            through = f" ({one.asked} is merged into it)" if one.asked != one.decision.tool else ""
            moved = f"; it belonged to {one.came_from}" if one.came_from else ""
            click.echo(f"{one.decision.tool} is {again}{done_to(one.decision)} in {one.issue}{through}{moved}")


def _who(call: Call, by: str | None) -> str:
    from digest.jobs.approve import person

    return _one_line(by or "") or person(call.publication)


def _one_line(text: str) -> str:
    """A text as files may hold it: on one line, without what stands for broken bytes."""
    return " ".join(text.encode(errors="ignore").decode().split())
