"""An entry as a line of JSON, for judging it outside a feed: kind, feed_title, title, link, published, summary."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ConfigDict, ValidationError

from digest.collect.kinds import guess_kind
from digest.collect.links import web_link
from digest.collect.plain_text import plain
from digest.model.noun import Noun
from digest.model.tool import Entry, FeedKind, Launch

_TITLE, _SUMMARY = 300, 2_000


class _Line(Noun):
    """What a line may say; other fields are somebody's labels and stay out of the judgement."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str
    kind: FeedKind | None = None
    feed_title: str | None = None
    link: str | None = None
    summary: str | None = None


def entry_of(line: bytes | str, identity: str) -> Entry:
    """The entry that a line describes, cleaned as an entry of a feed is.

    Args:
        line: One JSON object. `published` may be written in any way: no judgement depends on it.
        identity: What tells this entry from the others.

    Returns:
        The entry; its kind is guessed where the line does not say it.

    Raises:
        ValueError: It is not JSON, or not an entry.
    """
    given = _object(line)
    try:
        said = _Line.model_validate(given)
    except ValidationError as error:
        detail = error.errors()[0]
        field = ".".join(str(step) for step in detail["loc"])
        raise ValueError(f"{field}: {detail['msg'][:1].lower()}{detail['msg'][1:]}") from None
    feed_title = plain(said.feed_title or "", _TITLE)
    return Entry(
        feed="",
        feed_title=feed_title,
        kind=said.kind or guess_kind(said.link or "", feed_title),
        identity=identity,
        title=plain(said.title, _TITLE),
        link=web_link(said.link) if said.link else None,
        summary=plain(said.summary or "", _SUMMARY),
    )


def line_of(line: bytes | str, launch: Launch) -> str:
    """A line with the judgement behind what it said.

    Args:
        line: The line that `entry_of` read.
        launch: How it was judged.

    Returns:
        One JSON object. Fields of the judgement take the place of fields of the same name.
    """
    answer = launch.model_dump(mode="json", include={"label", "name", "vendor", "score", "reasons"})
    said = json.dumps({**_object(line), **answer}, ensure_ascii=False)
    # half a surrogate pair has no bytes of its own
    return said if said.isprintable() else json.dumps({**_object(line), **answer})


def _object(line: bytes | str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except RecursionError:
        raise ValueError("too deeply nested") from None
    if not isinstance(given, dict):
        raise ValueError("must be a JSON object")
    return given
