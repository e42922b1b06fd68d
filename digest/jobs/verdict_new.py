"""Start a verdict file from a collected tool: its facts filled in, its sources as comments, the rest left to people."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from digest.errors import Refused
from digest.files.writing import write_whole
from digest.files.yaml_text import on_one_line
from digest.jobs.desk import Shown, shown
from digest.jobs.judge import verdicts_of
from digest.jobs.verdict_schema import schema_of
from digest.model.tool import Tool
from digest.model.verdict import Reviewer
from digest.publication import Publication
from digest.verdicts.match import NearMatch, matches, near_matches
from digest.verdicts.schema import FILE, HEAD

_WIDTH = 110
_COLUMN = 24

_REVIEW = """\
reviews: []
# One a reviewer, in place of the brackets:
#   - reviewer: {reviewer}
#     call: ship                # ship | skip
#     basis: ran it             # ran it | read the docs | saw a demo
#     by: …                     # the person behind the reviewer this time
#     date: {today}
#     short: …                  # in one sentence
#     quote: >-                 # the review whole, in small Markdown
#       …
#     disclosure: …             # where there is something to disclose
"""


class Started(NamedTuple):
    """A verdict file that was started.

    Attributes:
        issue: The issue whose tool it is.
        missing: The fields that nobody knows yet.
        panel: The reviewers, who all owe a review.
        near: A verdict that may be the same tool's.
    """

    path: Path
    issue: str
    tool: Tool
    missing: tuple[str, ...]
    panel: tuple[Reviewer, ...]
    near: NearMatch | None


def start_verdict(publication: Publication, slug: str, today: str) -> Started:
    """Write verdicts/<slug>.yaml for a tool that was collected for any issue.

    Args:
        publication: The publication.
        slug: The tool's slug; one that is merged into another tool means that one.
        today: The day, for the example of a review.

    Raises:
        Refused: The file is there, or the tool has a verdict under another name.
        BrokenInput: No tool of any issue is called so.
    """
    seen = shown(publication, slug)
    tool = seen.tool
    path = publication.verdicts / f"{tool.slug}.yaml"
    if path.exists():
        raise Refused("stands there already", where=path, cure=f"change it, and ask `digest verdict check {tool.slug}`")
    verdicts = verdicts_of(publication).verdicts
    found = matches([tool], verdicts)
    if found:
        known = found[tool.slug]
        cure = f"`digest verdict show {known}` shows it"
        raise Refused(f"{tool.name} has a verdict already", where=publication.verdicts / f"{known}.yaml", cure=cure)
    panel, categories = publication.settings.panel.reviewers, publication.category_ids
    text, missing = _started(seen, panel, categories, today)
    write_whole(publication.verdicts / FILE, schema_of(publication))
    write_whole(path, text)
    near = near_matches([tool], verdicts, found)
    return Started(path, seen.standing.issue, tool, missing, panel, near[0] if near else None)


def _started(
    seen: Shown, panel: Sequence[Reviewer], categories: Sequence[str], today: str
) -> tuple[str, tuple[str, ...]]:
    """The file's text, and the fields that it leaves open."""
    tool = seen.tool
    category = tool.category if tool.category in categories else None
    fields = [
        ("name", tool.name, ""),
        ("vendor", tool.vendor, "who makes it"),
        ("category", category, " | ".join(categories)),
        ("tagline", tool.tagline or None, "what it does, in one line"),
        ("homepage", tool.homepage, "https://…"),
        ("repository", tool.repository, ""),
        ("licence", tool.licence, "an SPDX id such as Apache-2.0, or Proprietary"),
        ("description", None, "two or three sentences: what it does, for whom, how"),
        ("pricing", "", ""),
        ("  model", None, "free | freemium | paid | open source"),
        ("  entry", None, "the entry price in words; amount: and unit: where there is a number"),
        ("  source", tool.homepage, "the page where you read it"),
        ("  checked", None, f"the day when you read it, such as {today}"),
        ("ship_if", None, "one line that goes on from: ship it if"),
        ("skip_if", None, "one line that goes on from: skip it if"),
    ]
    known = [field for field in fields if field[0] != "repository" or tool.repository]
    lines = [HEAD, *_sources(seen), *(_line(*field) for field in known)]
    if tool.aliases:
        lines.append(f"aliases: {on_one_line(list(tool.aliases))}")
    prices = {"model", "entry", "source", "checked"}
    open_ = [name.strip() for name, value, _ in known if value is None]
    missing = tuple(f"pricing.{name}" if name in prices else name for name in open_)
    return "\n".join(lines) + "\n" + _REVIEW.format(reviewer=panel[0].id, today=today), missing


def _line(name: str, value: str | None, hint: str) -> str:
    if value is None:
        return f"{name}:".ljust(_COLUMN) + f"# {hint}"
    return f"{name}: {on_one_line(value)}" if value else f"{name}:"


def _sources(seen: Shown) -> list[str]:
    """Where the tool was seen, as comments."""
    said = [f"{seen.tool.name}, as it was collected for {seen.standing.issue}. What it was seen in:"]
    for sighting in seen.tool.sightings:
        day = f", {sighting.published:%Y-%m-%d}" if sighting.published else ""
        said.append(f"  {sighting.source}{day}: {sighting.title}")
        said += [f"    {sighting.link}"] if sighting.link else []
    return [f"# {line}" for text in said for line in _folded(text)]


def _folded(text: str) -> list[str]:
    """A text as comments hold it: printable, and on lines that are not too long."""
    margin = " " * (len(text) - len(text.lstrip(" ")))
    printable = "".join(character if character.isprintable() else " " for character in text)
    words = " ".join(printable.split())
    return textwrap.wrap(
        words,
        _WIDTH,
        initial_indent=margin,
        subsequent_indent=f"{margin}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
