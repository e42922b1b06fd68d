"""How `digest tools` words its tools and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.issues.desk import DeskDecision
    from digest.jobs.desk import Row


def done_to(one: DeskDecision) -> str:
    """What a decision made of its tool, in words."""
    done = {"accept": "accepted", "ignore": "ignored", "merge": f"merged into {one.into}"}
    done["separate"] = f"another tool than {one.other}"
    return done.get(one.decision) or (f'called "{one.name}"' if one.name else f"on the shelf {one.category}")


def decided_line(one: DeskDecision) -> str:
    """A decision as a sentence: what, by whom, when and why."""
    when = f" on {one.at:%Y-%m-%d}" if one.at else ""
    return f"{one.tool} {done_to(one)}{f' by {one.by}' if one.by else ''}{when}{f': {one.why}' if one.why else ''}"


def as_data(line: Row) -> dict[str, object]:
    """A row for `--json`."""
    sources = list(dict.fromkeys(sighting.source for sighting in line.tool.sightings))
    said = {"sources": sources, "desk": line.state, "verdict": line.verdict}
    return {**line.tool.model_dump(mode="json"), **said}


def cells(line: Row) -> tuple[str, ...]:
    """A row of the table."""
    tool = line.tool
    sources = ", ".join(dict.fromkeys(sighting.source for sighting in tool.sightings))
    said = (
        line.state or "—",
        day(tool.shipped_at),
        ("waits" if line.waits else line.verdict or "—"),
        _short(sources, 40),
    )
    return (tool.slug, _short(tool.name, 28), tool.category, str(tool.score), *said)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def count(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def day(moment: datetime | None) -> str:
    """A moment's day, or a dash."""
    return f"{moment:%Y-%m-%d}" if moment else "—"
