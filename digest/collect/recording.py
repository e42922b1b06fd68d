"""Recorded answers of feeds, which stand in for the network, and the moment that they stand for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from digest.errors import BrokenInput
from digest.files.problems import validated
from digest.files.toml_source import read_toml
from digest.files.writing import write_whole
from digest.model.noun import Noun
from digest.model.tool import Feed

FILE = "recording.toml"


class RecordedFeed(Feed):
    """A feed with the file that holds its answer."""

    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    content_type: str | None = None

    @model_validator(mode="before")
    @classmethod
    def named_by_its_file(cls, given: Any) -> Any:
        """A recorded feed keeps the address that it was recorded from."""
        return given


class Recording(Noun):
    """recording.toml."""

    moment: datetime
    feed: Annotated[tuple[RecordedFeed, ...], Field(min_length=1)]


def read_recording(folder: Path) -> Recording:
    """Read what was recorded.

    Raises:
        BrokenInput: There is no recording, or its list is broken.
    """
    path = folder / FILE
    if not path.is_file():
        raise BrokenInput("there is no recording", where=path, cure="make one with `digest collect --record`")
    source = read_toml(path)
    recording = validated(Recording, source.data, path=path, position_of=source.position_of)
    if recording.moment.tzinfo is None:
        return recording.model_copy(update={"moment": recording.moment.replace(tzinfo=UTC)})
    return recording


def write_recording(folder: Path, moment: datetime, answers: list[tuple[Feed, bytes, str | None]]) -> None:
    """Write the answers of a live collection, so that it can be repeated without the network.

    Args:
        folder: The folder of recordings.
        moment: When the answers were given.
        answers: Each feed with its body and its content type.
    """
    lines = [
        "# What `digest --offline` reads instead of the network, and the moment that it stands for.",
        f"moment = {moment.isoformat(timespec='seconds')}",
    ]
    for number, (feed, body, content_type) in enumerate(answers, 1):
        name = f"recorded-{number:02}.feed"
        write_whole(folder / name, body)
        lines += ["", "[[feed]]", f"url = {_quoted(feed.url)}", f"file = {_quoted(name)}"]
        lines += [f"kind = {_quoted(feed.kind)}"] if feed.kind else []
        lines += [f"content_type = {_quoted(content_type)}"] if content_type else []
    write_whole(folder / FILE, "\n".join(lines) + "\n")


def _quoted(text: str) -> str:
    """A TOML basic string; what must be escaped in one is escaped as in JSON."""

    return json.dumps(text)
