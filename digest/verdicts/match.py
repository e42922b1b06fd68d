"""Which verdict belongs to which collected tool: by slug, name, alias, homepage or repository, never by likeness.

What merely looks alike is offered to a person, with the line that would settle it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from digest.model.noun import slug_of
from digest.model.tool import Tool
from digest.model.verdict import Verdict

# names that share this much of their letters, in per cent, are worth a question
ALIKE = 84
# on these, owner and name make a place; what stands behind them is a page of it
_CODE_HOSTS = frozenset("github.com gitlab.com codeberg.org bitbucket.org sr.ht git.sr.ht huggingface.co".split())


class NearMatch(NamedTuple):
    """A tool without a verdict, and a verdict that may be its own.

    Attributes:
        tool: The tool's slug.
        name: What it is called.
        verdict: The verdict's slug.
        why: What speaks for it.
    """

    tool: str
    name: str
    verdict: str
    why: str

    @property
    def cure(self) -> str:
        """What settles it."""
        return f'if it is, add "{self.name}" to the aliases in verdicts/{self.verdict}.yaml'


def matches(tools: Iterable[Tool], verdicts: Mapping[str, Verdict]) -> dict[str, str]:
    """The verdict of each tool that has one.

    Args:
        tools: The tools as the desk makes them; each one's own slug and name come before its aliases.
        verdicts: The stored verdicts by slug.

    Returns:
        Verdict slugs by tool slug. An address that several verdicts share decides nothing.
    """
    by_name: dict[str, str] = {}
    for slug, verdict in sorted(verdicts.items()):
        for name in (verdict.name, *verdict.aliases):
            by_name.setdefault(slug_of(name), slug)
    by_place = _by_place(verdicts)

    def by_slug_or_name(alias: str) -> str | None:
        return alias if alias in verdicts else by_name.get(slug_of(alias))

    found: dict[str, str] = {}
    for tool in tools:
        own = tool.slug if tool.slug in verdicts else by_name.get(slug_of(tool.name)) or by_name.get(tool.slug)
        named = own or next((known for alias in tool.aliases if (known := by_slug_or_name(alias))), None)
        placed = [by_place.get(place, set()) for place in _places(tool)]
        sure = named or next((next(iter(slugs)) for slugs in placed if len(slugs) == 1), None)
        if sure:
            found[tool.slug] = sure
    return found


def near_matches(
    tools: Iterable[Tool], verdicts: Mapping[str, Verdict], found: Mapping[str, str]
) -> tuple[NearMatch, ...]:
    """What almost matches, for a person to decide.

    Args:
        tools: The tools as the desk makes them.
        verdicts: The stored verdicts by slug.
        found: What `matches` found for them; those tools are left out.

    Returns:
        At most one verdict a tool: one at a shared address, else the one whose name is most like the tool's.
    """
    left = [tool for tool in tools if tool.slug not in found]
    if not left or not verdicts:
        return ()
    by_place = _by_place(verdicts)
    slugs = {name: slug for slug in sorted(verdicts) for name in (verdicts[slug].name, *verdicts[slug].aliases)}
    names = {name: _words(name) for name in slugs}
    offers = []
    for tool in left:
        shared = sorted(slug for place in _places(tool) for slug in by_place.get(place, ()))
        if shared:
            offers.append(NearMatch(tool.slug, tool.name, shared[0], f"both live at {_host(tool)}"))
        elif like := _most_alike(tool, names):
            offers.append(NearMatch(tool.slug, tool.name, slugs[like], f'"{tool.name}" reads like "{like}"'))
    return tuple(offers)


def _most_alike(tool: Tool, names: Mapping[str, list[str]]) -> str | None:
    """The name that begins as the tool's does, or shares most of its letters with it; names come with their words."""
    from rapidfuzz import fuzz, process

    words = _words(tool.name)
    same_start = [name for name, other in names.items() if other[0] == words[0] and _one_begins_the_other(words, other)]
    if same_start:
        return min(same_start, key=lambda name: (abs(len(name) - len(tool.name)), name))
    folded = {name: " ".join(other) for name, other in names.items()}
    best = process.extractOne(" ".join(words), folded, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return str(best[2]) if best else None


def _one_begins_the_other(one: list[str], other: list[str]) -> bool:
    """Tidepool and Tidepool DB, but neither AI and AI Notes nor Tide Pool and Tide Gauge."""
    shorter, longer = sorted((one, other), key=len)
    return longer[: len(shorter)] == shorter and len("".join(shorter)) >= 4


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold()) or [name.casefold()]


def _by_place(verdicts: Mapping[str, Verdict]) -> dict[str, set[str]]:
    places: dict[str, set[str]] = defaultdict(set)
    for slug, verdict in verdicts.items():
        for address in (verdict.homepage, verdict.repository):
            if address:
                places[_place(address)].add(slug)
    return places


def _places(tool: Tool) -> list[str]:
    return [_place(address) for address in (tool.homepage, tool.repository) if address]


def _host(tool: Tool) -> str:
    return urlsplit(tool.homepage or tool.repository or "").netloc


def _place(address: str) -> str:
    """An address as places are compared: host and path, without `www.`, query and a slash at the end."""
    parts = urlsplit(address.casefold())
    host, path = parts.netloc.removeprefix("www."), parts.path.rstrip("/")
    if host in _CODE_HOSTS and path.count("/") >= 2:
        owner, name = path.split("/")[1:3]
        path = f"/{owner}/{name.removesuffix('.git')}"
    return f"{host}{path}"
