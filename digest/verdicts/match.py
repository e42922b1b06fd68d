"""Which verdict belongs to which collected tool: by slug, name, alias, homepage or repository, never by likeness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from digest.model.noun import slug_of
from digest.model.tool import Tool
from digest.model.verdict import Verdict


def matches(tools: Iterable[Tool], verdicts: Mapping[str, Verdict]) -> dict[str, str]:
    """The verdict of each tool that has one.

    Args:
        tools: The tools as the desk makes them; each one's own slug and name come before its aliases.
        verdicts: The stored verdicts by slug.

    Returns:
        Verdict slugs by tool slug. An address that several verdicts share decides nothing.
    """
    by_name: dict[str, str] = {}
    by_place: dict[str, set[str]] = {}
    for slug, verdict in sorted(verdicts.items()):
        for name in (verdict.name, *verdict.aliases):
            by_name.setdefault(slug_of(name), slug)
        for place in (verdict.homepage, verdict.repository):
            if place:
                by_place.setdefault(_place(place), set()).add(slug)

    def by_slug_or_name(alias: str) -> str | None:
        return alias if alias in verdicts else by_name.get(slug_of(alias))

    found: dict[str, str] = {}
    for tool in tools:
        own = tool.slug if tool.slug in verdicts else by_name.get(slug_of(tool.name)) or by_name.get(tool.slug)
        named = own or next((known for alias in tool.aliases if (known := by_slug_or_name(alias))), None)
        placed = [by_place.get(_place(place), set()) for place in (tool.homepage, tool.repository) if place]
        sure = named or next((next(iter(slugs)) for slugs in placed if len(slugs) == 1), None)
        if sure:
            found[tool.slug] = sure
    return found


def _place(address: str) -> str:
    """An address as places are compared: host and path, without `www.`, query and a slash at the end."""
    parts = urlsplit(address.casefold())
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"
