"""A tip: a tool that an editor files by hand, from its address alone. Nothing is fetched."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from digest.collect.identify import identify
from digest.collect.links import web_link
from digest.collect.names import repository_name, site_name
from digest.collect.new_tool import sighting_of
from digest.errors import BrokenInput, Refused
from digest.issues.folder import read_tools, write_tools
from digest.jobs.desk import State, check_category, refuse_closed, shown
from digest.jobs.desk_merges import Perhaps, ignored_tools
from digest.jobs.standing import all_standings, next_open, standing_of
from digest.model.tool import Entry, Launch, Tool
from digest.publication import Publication

# last parts of addresses that say nothing about the tool
_TELLS_NOTHING = re.compile(
    r"(?i)(?:index|home|docs?|blog|about|pricing|download|app|product|products|start|main)|.{0,2}|\W*[\d\W]*"
)


class Tip(NamedTuple):
    """A tip as it was filed.

    Attributes:
        tool: The tool: a new one, or the known one that got the sighting.
        is_new: Whether nobody knew it before.
        state: What the desk says of it.
        possible_merges: Other tools that may be the same one.
    """

    issue: str
    tool: Tool
    is_new: bool
    state: State
    possible_merges: tuple[Perhaps, ...]


def add_tip(
    publication: Publication,
    now: datetime,
    address: str,
    by: str,
    *,
    name: str | None = None,
    tagline: str | None = None,
    category: str | None = None,
    week: str | None = None,
) -> Tip:
    """File a tool by hand. A tool that is known already gets one more sighting where it is.

    Args:
        publication: The publication.
        now: The moment.
        address: Where the tool lives.
        by: Who files it; what stands in angle brackets is left out of the sighting.
        name: What it is called; None reads it from the address.
        tagline: What it does, in a line.
        category: One of the publication's; None lets the table of words decide.
        week: The issue; None takes the next open one.

    Raises:
        BrokenInput: That is no address, no category or no issue.
        Refused: The issue is closed, or the tool belongs to one that is.
    """
    link = web_link(address)
    if link is None:
        raise BrokenInput(f'"{address}" is no address of the web', cure="begin it with https://")
    if category is not None:
        check_category(publication, category)
    standings = all_standings(publication)
    there = [(one.issue, tool) for one in standings for tool in read_tools(one.folder)]
    launch = _launch(link, by, name or name_in(link), tagline or "")
    known = [tool for _, tool in there]
    found = identify([launch], known, publication.settings.categories, ignored=ignored_tools(publication))
    issues = {tool.slug: issue for issue, tool in there}
    tool = found.tools[0] if found.tools else _known_by(launch, known)
    is_new = tool.slug not in issues
    issue = (week or next_open(publication, now)) if is_new else issues[tool.slug]
    standing = standing_of(publication, issue)
    if standing.is_closed and not is_new:
        what = f"{tool.slug} is known since {issue}, which is {standing.state}"
        raise Refused(what, cure=f"`digest tools show {tool.slug}` shows it")
    refuse_closed(standing)
    if is_new:
        told = {"tagline": tagline, "category": category}
        tool = tool.model_copy(update={field: value for field, value in told.items() if value})
    filed = {one.slug: one for one in read_tools(standing.folder)}
    write_tools(standing.folder, {**filed, tool.slug: tool}.values())
    seen = shown(publication, tool.slug, issue)
    return Tip(issue, seen.tool, is_new, seen.state, seen.possible_merges)


def name_in(link: str) -> str:
    """A name for the tool at an address: its repository's, else the last part of the path, else the site's."""
    steps = [unquote(step) for step in urlsplit(link).path.split("/") if step]
    last = re.sub(r"\.(?:html?|php|aspx?)$", "", steps[-1]) if steps else ""
    word = repository_name(link) or ("" if _TELLS_NOTHING.fullmatch(last) else last) or site_name(link) or "Unnamed"
    words = " ".join(re.split(r"[-_\s]+", word)).strip() or word
    return words.title() if words.islower() else words


def _launch(link: str, by: str, name: str, tagline: str) -> Launch:
    """A tip as identifying reads it: a launch that an editor is sure of."""
    who = re.sub(r"\s*<[^>]*>", "", by).strip() or by
    entry = Entry(
        feed="", feed_title=f"editor: {who}", kind="news", identity=link, title=name, link=link, summary=tagline
    )
    return Launch(entry=entry, label="launch", name=name, score=100, reasons=(f"filed by {who}",))


def _known_by(launch: Launch, tools: list[Tool]) -> Tool:
    """The tool that has this very sighting already."""
    tip = sighting_of(launch)
    for tool in tools:
        if any((one.source, one.title, one.link) == (tip.source, tip.title, tip.link) for one in tool.sightings):
            return tool
    raise BrokenInput(f'"{launch.name}" is no name', cure="give it one with --name")
