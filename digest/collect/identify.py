"""From launches to tools: what is the same tool becomes one, what is known gets new sightings, what is new gets a slug.

A pure function: the same launches in any order give the same tools, and giving it the same launches again changes
nothing. What only looks the same is offered to editors, never merged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations, product

from digest.collect.links import canonical, host_of, is_home
from digest.collect.near_names import near_names
from digest.collect.new_tool import make_tool, merged_sightings, prominence, sighting_of
from digest.collect.same_tool import (
    IGNORED,
    NEAR,
    Evidence,
    evidence,
    fold,
    in_utc,
    sighting_key,
    trace_of_launch,
    traces_of_tool,
    vendors_agree,
)
from digest.model.issue import Category
from digest.model.noun import Noun, slug_of
from digest.model.tool import Launch, Tool

_LONGEST_SLUG = 64


class Identified(Noun):
    """What a collection brought.

    Attributes:
        tools: New tools, and known ones that something was learnt about, by slug.
        possible_merges: Two slugs and why they may be one tool; for an editor to decide.
        perhaps_ignored: A new tool, one that is never to be shown again, and why it may be that one.
    """

    tools: tuple[Tool, ...]
    possible_merges: tuple[tuple[str, str, str], ...] = ()
    perhaps_ignored: tuple[tuple[str, str, str], ...] = ()


def identify(
    launches: Iterable[Launch],
    known: Sequence[Tool],
    categories: Sequence[Category],
    ignored: Collection[str] = (),
) -> Identified:
    """Turns launches into tools.

    Args:
        launches: Judged entries; updates and others are passed over.
        known: The tools that there are already. Their slug, name, category and tagline stay as they are.
        categories: The publication's categories, in the order in which they win ties.
        ignored: The slugs of known tools that are never to be shown again. They are known again by their name and
            their maker or site, however much later.

    Returns:
        The tools that are new or changed, and pairs that may be the same.
    """
    shipped = _once(launch for launch in launches if launch.label == "launch" and fold(launch.name))
    traces = [trace_of_launch(number, launch) for number, launch in enumerate(shipped)]
    for number, tool in enumerate(known, start=len(shipped)):
        traces += traces_of_tool(number, tool)
    never_again = [(number, tool) for number, tool in enumerate(known, start=len(shipped)) if tool.slug in set(ignored)]
    proof = (*evidence(traces), *_known_for_good(shipped, never_again))

    belongs, doubts = _to_known(proof, len(shipped), known)
    theirs: dict[str, list[Launch]] = {}
    for at, slug in sorted(belongs.items()):
        theirs.setdefault(slug, []).append(shipped[at])
    changed = [_with_launches(tool, theirs.get(tool.slug, ())) for tool in known]
    groups = _to_each_other([at for at in range(len(shipped)) if at not in belongs], proof)
    new = _new_tools([[shipped[at] for at in group] for group in groups], known, categories)

    touched = [*new, *(tool for tool, before in zip(changed, known, strict=True) if tool != before)]
    return Identified(
        tools=tuple(sorted(touched, key=lambda tool: tool.slug)),
        possible_merges=tuple(sorted({**look_alike(touched, [*changed, *new]), **doubts}.values())),
        perhaps_ignored=perhaps_ignored(new, [tool for _, tool in never_again]),
    )


def _once(launches: Iterable[Launch]) -> list[Launch]:
    """Launches in an order of their own; of those that are one sighting the most telling, with the earliest date."""
    same: dict[tuple[str, str, str], list[Launch]] = {}
    for launch in launches:
        sighting = sighting_of(launch)
        same.setdefault(sighting_key(sighting.source, sighting.title, sighting.link), []).append(launch)
    kept = []
    for group in same.values():
        best = min(group, key=prominence)
        days = sorted(day for launch in group if (day := in_utc(launch.entry.published)))
        entry = best.entry.model_copy(update={"published": days[0] if days else None})
        kept.append(best.model_copy(update={"entry": entry}))
    return sorted(kept, key=prominence)


def _known_for_good(launches: Sequence[Launch], ignored: Sequence[tuple[int, Tool]]) -> Iterator[Evidence]:
    """What shows that launches tell of a tool that is never to be shown again: its name, and its maker or its site."""
    by_name: dict[str, list[tuple[int, Tool]]] = defaultdict(list)
    for number, tool in ignored:
        by_name[fold(tool.name)].append((number, tool))
    for at, launch in enumerate(launches):
        maker, sites = fold(launch.vendor), _sites([launch.entry.link])
        for number, tool in by_name.get(fold(launch.name), ()):
            same_maker = bool(maker and tool.vendor) and vendors_agree(maker, fold(tool.vendor))
            if same_maker or sites & _sites(_links(tool)):
                yield Evidence(IGNORED, frozenset((at, number)))


def perhaps_ignored(tools: Sequence[Tool], ignored: Sequence[Tool]) -> tuple[tuple[str, str, str], ...]:
    """Tools that share their name or a page with one that is never to be shown again, where that proves nothing.

    A page that several tools share is a page about many, and shows nothing at all.
    """
    named: dict[str, list[Tool]] = defaultdict(list)
    about: dict[str, list[Tool]] = defaultdict(list)
    for tool in (*ignored, *tools):
        named[fold(tool.name)].append(tool)
        for page in {canonical(link) for link in _links(tool) if link}:
            about[page].append(tool)
    gone = {tool.slug for tool in ignored}
    found: dict[tuple[str, str], str] = {}
    shared = [(group, "the same page") for group in about.values() if len(group) == 2]
    for group, reason in [*shared, *((group, "the same name") for group in named.values())]:
        for one, other in product(group, group):
            if one.slug not in gone and other.slug in gone:
                found[one.slug, other.slug] = f"{reason} as a tool that is ignored"
    return tuple(sorted((slug, other, reason) for (slug, other), reason in found.items()))


def _links(tool: Tool) -> list[str | None]:
    return [tool.homepage, tool.repository, *(sighting.link for sighting in tool.sightings)]


def _sites(links: Iterable[str | None]) -> set[str]:
    """The hosts that are a tool's own."""
    return {host_of(link) for link in links if link and is_home(link)}


def _to_known(
    proof: Sequence[Evidence], launches: int, known: Sequence[Tool]
) -> tuple[dict[int, str], dict[tuple[str, str], tuple[str, str, str]]]:
    """Which launches belong to which known tool, and known tools that one launch fits equally well.

    First by evidence of their own, then by belonging to launches that have been placed. Known tools never become one
    here: that is an editor's decision.
    """
    placed: dict[int, str] = {launches + at: tool.slug for at, tool in enumerate(known)}
    doubts: dict[tuple[str, str], tuple[str, str, str]] = {}
    about: dict[int, list[Evidence]] = {launch: [] for launch in range(launches)}
    for entry in proof:
        for member in entry.members & about.keys():
            about[member].append(entry)
    while True:
        found: dict[int, str] = {}
        for launch in about.keys() - placed.keys():
            fitting = [
                (entry.strength, placed[other]) for entry in about[launch] for other in entry.members if other in placed
            ]
            if fitting:
                strongest = sorted({slug for strength, slug in fitting if strength == min(fitting)[0]})
                found[launch] = strongest[0]
                doubts |= {pair: (*pair, "an entry fits both") for pair in combinations(strongest, 2)}
        if not found:
            return {at: slug for at, slug in placed.items() if at < launches}, doubts
        placed |= found


def _to_each_other(launches: Sequence[int], proof: Sequence[Evidence]) -> list[list[int]]:
    """Launches that no known tool explains, in groups of one tool each."""
    group_of = {launch: {launch} for launch in launches}
    for entry in proof:
        joined: set[int] = set().union(*(group_of[member] for member in entry.members if member in group_of))
        for member in joined:
            group_of[member] = joined
    return [list(group) for group in sorted({tuple(sorted(group)) for group in group_of.values()})]


def _with_launches(tool: Tool, launches: Sequence[Launch]) -> Tool:
    """A known tool with what new launches tell; what it says already stays."""
    if not launches:
        return tool
    told = make_tool(launches, tool.slug, ())
    sightings = merged_sightings([*tool.sightings, *told.sightings])
    days = sorted(day for moment in (tool.shipped_at, told.shipped_at) if (day := in_utc(moment)))
    return tool.model_copy(
        update={
            "vendor": tool.vendor or told.vendor,
            "homepage": tool.homepage or told.homepage,
            "repository": tool.repository or told.repository,
            "score": max(tool.score, told.score),
            "shipped_at": days[0] if days else None,
            "sightings": sightings,
        }
    )


def _new_tools(groups: Sequence[Sequence[Launch]], known: Sequence[Tool], categories: Sequence[Category]) -> list[Tool]:
    """New tools, the most telling first, each with a slug that nobody has."""
    taken = {tool.slug for tool in known}
    tools = []
    for group in sorted(groups, key=lambda group: min(map(prominence, group))):
        tool = make_tool(group, "unnamed", categories)
        slug = _free_slug(tool, taken)
        taken.add(slug)
        tools.append(tool.model_copy(update={"slug": slug}))
    return tools


def _free_slug(tool: Tool, taken: set[str]) -> str:
    """The name's slug, else with the vendor's behind it, else with a number."""
    slug = slug_of(tool.name)
    if slug in taken and tool.vendor:
        behind = f"-{slug_of(tool.vendor)}"[:30].rstrip("-")
        slug = slug[: _LONGEST_SLUG - len(behind)].rstrip("-") + behind
    number, candidate = 2, slug
    while candidate in taken:
        behind = f"-{number}"
        candidate = slug[: _LONGEST_SLUG - len(behind)].rstrip("-") + behind
        number += 1
    return candidate


def look_alike(touched: Sequence[Tool], tools: Sequence[Tool]) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Pairs of tools with nearly the same name, of vendors that agree, that shipped within seven days.

    A tool without a date may have shipped at any time.
    """
    offered: dict[tuple[str, str], tuple[str, str, str]] = {}
    vendors = {vendor: fold(vendor) for vendor in {tool.vendor for tool in (*touched, *tools)}}
    called: dict[str, list[Tool]] = defaultdict(list)
    asking: dict[str, list[Tool]] = defaultdict(list)
    for tool in tools:
        called[tool.name].append(tool)
    for tool in touched:
        asking[tool.name].append(tool)
    for name, near in near_names(asking, called):
        for tool, other in product(asking[name], called[near]):
            one, two = sorted((tool.slug, other.slug))
            reason = _nearness(tool, other)
            if one != two and reason and vendors_agree(vendors[tool.vendor], vendors[other.vendor]):
                offered[(one, two)] = (one, two, f"nearly the same name{reason}")
    return offered


def _nearness(one: Tool, other: Tool) -> str:
    """How near two tools are in time, in words; empty where they are apart."""
    days = [day for tool in (one, other) if (day := in_utc(tool.shipped_at))]
    if len(days) < 2:
        return ", one without a date" if days else ", both without a date"
    return " within seven days" if abs(days[0] - days[1]) <= NEAR else ""
