"""What launches of one tool tell about it: its name, tagline, home, category, sightings.

Where they disagree the more telling one counts: launch sites and makers state names and taglines as they want them
read; repositories and lists of models name things for machines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from digest.collect.links import host_of, is_home, repository_of, without_tracking
from digest.collect.names import repository_owner, without_version
from digest.collect.plain_text import cut
from digest.collect.same_tool import fold, in_utc, sighting_key, source_of
from digest.model.issue import Category
from digest.model.tool import FeedKind, Launch, Sighting, Tool

_TELLING: tuple[FeedKind, ...] = (
    "producthunt", "hackernews", "vendor-blog", "changelog",
    "github-releases", "hf-trending", "github-trending", "news",
)  # fmt: skip
# Who knows the vendor: the vendor itself, then whoever names one; an account's name comes last.
_KNOWS_VENDOR: tuple[FeedKind, ...] = (
    "vendor-blog", "changelog", "producthunt", "hf-trending",
    "github-releases", "hackernews", "github-trending", "news",
)  # fmt: skip
_LONGEST_TAGLINE = 110
_TAIL = re.compile(r"^[^–—]+?\s[–—-]\s(?P<tail>.+)$")


def prominence(launch: Launch) -> tuple[object, ...]:
    """How telling a launch is: the smallest comes first. No two different launches are equal."""
    day = in_utc(launch.entry.published)
    return (
        _TELLING.index(launch.entry.kind),
        -launch.score,
        day is None,
        day.timestamp() if day else 0.0,
        launch.model_dump_json(),
    )


def make_tool(launches: Sequence[Launch], slug: str, categories: Sequence[Category]) -> Tool:
    """A tool as its launches tell of it.

    Args:
        launches: One or more launches of the same tool.
        slug: The slug that it gets.
        categories: The publication's categories, in the order in which they win ties.

    Returns:
        The tool.
    """
    told = sorted(launches, key=prominence)
    name, tagline = _name(told), _tagline(told)
    sightings = merged_sightings(sighting_of(launch) for launch in told)
    repository = next((found for launch in told if (found := repository_of(launch.entry.link))), None)
    days = [sighting.published for sighting in sightings if sighting.published]
    by_vendor = sorted(told, key=lambda launch: _KNOWS_VENDOR.index(launch.entry.kind))
    return Tool(
        slug=slug,
        name=name,
        vendor=next((launch.vendor for launch in by_vendor if launch.vendor), None) or repository_owner(repository),
        tagline=tagline,
        category=_category(f"{name} {tagline} {told[0].entry.summary}", categories),
        homepage=_homepage(told),
        repository=repository,
        score=max(launch.score for launch in told),
        shipped_at=min(days, default=None),
        sightings=sightings,
    )


def sighting_of(launch: Launch) -> Sighting:
    """The sighting that a launch is."""
    entry = launch.entry
    return Sighting(
        source=source_of(entry.feed_title, entry.feed),
        title=entry.title,
        link=without_tracking(entry.link) if entry.link else None,
        published=in_utc(entry.published),
    )


def merged_sightings(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Sightings without repetition, the earliest first; one seen twice keeps its first words and earliest date."""
    kept: dict[tuple[str, str, str], Sighting] = {}
    for sighting in sightings:
        key = sighting_key(sighting.source, sighting.title, sighting.link)
        days = sorted(day for one in (kept.get(key, sighting), sighting) if (day := in_utc(one.published)))
        kept[key] = kept.get(key, sighting).model_copy(update={"published": days[0] if days else None})
    return tuple(sorted(kept.values(), key=_by_date))


def _by_date(sighting: Sighting) -> tuple[object, ...]:
    day = sighting.published
    return (day is None, day.timestamp() if day else 0.0, sighting.source, sighting.title, sighting.link or "")


def _name(told: Sequence[Launch]) -> str:
    """The most telling name; the one without a version where somebody uses that."""
    names = [" ".join((launch.name or "").split()) for launch in told]
    bare = fold(without_version(names[0]))
    return next((name for name in names if fold(name) == bare), names[0])


def _tagline(told: Sequence[Launch]) -> str:
    """What the tool does in a line, as a launch site, a Show HN title or a first sentence says it."""
    for launch in told:
        entry = launch.entry
        tail = _TAIL.match(entry.title) if entry.kind == "hackernews" else None
        line = cut(tail["tail"], _LONGEST_TAGLINE) if tail else _first_sentence(entry.summary)
        if line and fold(line) != fold(entry.title):
            return line
    return ""


def _first_sentence(text: str) -> str:
    """The first sentence of a text; empty where it is too long for a tagline."""
    sentence = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0].strip()
    return sentence.removesuffix(".") if len(sentence) <= _LONGEST_TAGLINE else ""


def _homepage(told: Sequence[Launch]) -> str | None:
    """The first link that leads to a place of the tool's own, else the first link."""
    links = [without_tracking(launch.entry.link) for launch in told if launch.entry.link and not _lists(launch)]
    listed = [without_tracking(launch.entry.link) for launch in told if launch.entry.link]
    return next((link for link in links if is_home(link)), next(iter([*links, *listed]), None))


def _lists(launch: Launch) -> bool:
    """Whether a launch's link stays on the site that lists it."""
    entry = launch.entry
    return entry.kind in ("producthunt", "hackernews", "news") and host_of(entry.link or "") == host_of(entry.feed)


def _category(text: str, categories: Sequence[Category]) -> str:
    """The category whose words occur most often in a text, whole and without case; the first one wins a tie."""
    folded = text.casefold()
    counts = [sum(_times(word.casefold(), folded) for word in category.words) for category in categories]
    best = max(counts, default=0)
    return categories[counts.index(best)].id if best else "uncategorised"


def _times(word: str, text: str) -> int:
    """How often a word stands whole in a text."""
    times, at = 0, text.find(word)
    while at >= 0:
        end = at + len(word)
        whole = not (at and _in_word(text[at - 1])) and not (end < len(text) and _in_word(text[end]))
        times += whole
        at = text.find(word, end if whole else at + 1)
    return times


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"
