"""From an item of a feed to a tool: entry, launch, sighting, tool."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ValidationInfo, field_validator, model_validator

from digest.model.noun import Line, Noun, Slug, WebAddress, checked_address

FeedKind = Literal[
    "producthunt",
    "hackernews",
    "github-releases",
    "changelog",
    "vendor-blog",
    "github-trending",
    "hf-trending",
    "news",
]
Label = Literal["launch", "update", "other"]
# what was published, or left its feed, longer ago than this is history: nothing about it is news any more
FORGOTTEN_AFTER = timedelta(days=400)


def _checked_path(path: str) -> str:
    """Only paths below the publication's folder."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path:
        raise ValueError('must be a path inside the publication, such as "local/launches.xml"')
    return path


class Entry(Noun):
    """One item of a feed, as parsed: plain text only, links of the web only.

    Attributes:
        feed: The feed's address.
        feed_title: The feed's own title.
        kind: What kind of feed it is.
        identity: What stays the same when the entry is edited (its id, else its link, else a hash).
        title: Plain text, one line.
        link: Where the entry points, or None.
        published: When it was published, in UTC, or None where the feed does not say it believably.
        summary: Plain text, at most 2,000 characters.
    """

    feed: str
    feed_title: str
    kind: FeedKind
    identity: str
    title: str
    link: str | None = None
    published: datetime | None = None
    summary: str = ""

    def is_history(self, now: datetime) -> bool:
        """Whether it was published so long ago that it needs no judgement."""
        return self.published is not None and now - self.published > FORGOTTEN_AFTER


class Launch(Noun):
    """The judgement of one entry: does it announce a newly shipped tool, and which one.

    Attributes:
        score: How sure the judgement is, 0 to 100.
        reasons: Why, in words, the strongest first.
    """

    entry: Entry
    label: Label
    name: str | None = None
    vendor: str | None = None
    score: int = 0
    reasons: tuple[str, ...] = ()


class Sighting(Noun):
    """An entry, or an editor's tip, that named the tool."""

    source: Line
    title: str
    link: WebAddress | None = None
    published: datetime | None = None


class Tool(Noun):
    """The thing shipped: as it was collected, or as the desk makes it.

    Attributes:
        score: The strongest of its launches' scores, 0 to 100.
        shipped_at: The earliest date among its sightings, in UTC; None where none has one.
        accepted: An editor wants it listed, whatever its score.
        aliases: What else it is called: former names, and names and slugs of what was merged into it.
    """

    slug: Slug
    name: Line
    vendor: str | None = None
    tagline: str = ""
    category: str = "uncategorised"
    homepage: WebAddress | None = None
    repository: WebAddress | None = None
    licence: str | None = None
    score: int = 0
    shipped_at: datetime | None = None
    sightings: tuple[Sighting, ...] = ()
    accepted: bool = False
    aliases: tuple[Line, ...] = ()

    @property
    def known_as(self) -> frozenset[str]:
        """Its slug and its aliases: all by which a file may call it."""
        return frozenset((self.slug, *self.aliases))


def joined(tool: Tool, others: Sequence[Tool]) -> Tool:
    """A tool with what others know of the same one: their sightings, and the facts that it lacks.

    Args:
        tool: Its slug, name and aliases stay, and so does every fact that it has.
        others: In the order in which they are asked for a fact.
    """
    if not others:
        return tool
    every = (tool, *others)
    lacking: dict[str, object] = {
        name: next((fact for other in others if (fact := getattr(other, name)) not in _UNKNOWN), getattr(tool, name))
        for name in ("vendor", "tagline", "category", "homepage", "repository", "licence")
        if getattr(tool, name) in _UNKNOWN
    }
    return tool.model_copy(
        update={
            **lacking,
            "score": max(one.score for one in every),
            "shipped_at": _earliest(one.shipped_at for one in every),
            "sightings": _together(sighting for one in every for sighting in one.sightings),
        }
    )


_UNKNOWN = (None, "", "uncategorised")


def _together(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Sightings without repetition, the earliest first; one that stands there twice keeps its earliest date."""
    kept: dict[tuple[str, str, str], Sighting] = {}
    for one in sightings:
        key = (one.source, one.title, one.link or "")
        published = _earliest((kept.get(key, one).published, one.published))
        kept[key] = one.model_copy(update={"published": published})

    def by_date(key: tuple[str, str, str]) -> tuple[object, ...]:
        day = kept[key].published
        return (day is None, day.timestamp() if day else 0.0, *key)

    return tuple(kept[key] for key in sorted(kept, key=by_date))


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """The first of some moments, those without an offset taken as UTC; None where there is none."""
    known = [moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments if moment]
    return min(known, default=None)


class Feed(Noun):
    """A subscribed feed, or one that stands in the recording.

    Attributes:
        file: Where a feed that is not on the web lies, inside the publication's folder.
        url: Its address, which is also its name; `file:` and the path for one that is not on the web.
        kind: What kind of feed it is; None where digest.toml leaves it to be guessed.
        allow_private: The feed may live at a private address (an intranet, a test).
    """

    file: Annotated[str, AfterValidator(_checked_path)] | None = None
    url: str
    title: str | None = None
    kind: FeedKind | None = None
    allow_private: bool = False

    @model_validator(mode="before")
    @classmethod
    def named_by_its_file(cls, given: Any) -> Any:
        """A feed in a file has that file for its address."""
        if not isinstance(given, dict) or not isinstance(given.get("file"), str):
            return given
        address = f"file:{given['file'].strip()}"
        if given.get("url", address) != address:
            raise ValueError("has both url and file; keep one of them")
        return {**given, "url": address}

    @field_validator("url")
    @classmethod
    def on_the_web_or_in_a_file(cls, url: str, others: ValidationInfo) -> str:
        """An address of the web, unless a file stands behind it."""
        return url if others.data.get("file") and url == f"file:{others.data['file']}" else checked_address(url)
