"""Mistakes in a file, all at once, each with its place and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from digest.errors import BrokenInput

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class Position(NamedTuple):
    """A line and a column, both counted from one."""

    line: int
    column: int


class BrokenFile(BrokenInput):
    """A file with one or more mistakes; prints one line a mistake."""

    def __init__(self, path: Path, mistakes: Sequence[str]) -> None:
        self.path = path
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes[0])

    def line(self) -> str:
        """All mistakes, a line each."""
        return "\n".join(self.mistakes)


def validated(model: type[Model], data: object, *, path: Path, position_of: Callable[[Place], Position]) -> Model:
    """A file's data as a model of ours, or every mistake in it with its place.

    Args:
        model: The pydantic model that the data must fit.
        data: What the file holds.
        path: The file, as it is named to the person.
        position_of: Tells where the value at a place stands in the file.

    Returns:
        The model.

    Raises:
        BrokenFile: The data does not fit; one mistake a line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = sorted(error.errors(), key=lambda detail: position_of(tuple(detail["loc"])))
        raise BrokenFile(path, [_mistake(detail, path, position_of) for detail in details]) from None


def _mistake(detail: object, path: Path, position_of: Callable[[Place], Position]) -> str:
    assert isinstance(detail, dict)
    place: Place = tuple(detail["loc"])
    position = position_of(place)
    name = _said(place) or "the file"
    return f"{path}:{position.line}:{position.column}: {name}: {_complaint(detail)}"


def _said(place: Place) -> str:
    """A place as people write it: `reviews[2].call`, counted from one."""
    said = ""
    for step in place:
        said += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if said else step
    return said


def _complaint(detail: dict[str, object]) -> str:
    """One clause: what was found, what would be right."""
    kind, found = str(detail["type"]), detail.get("input")
    context = detail.get("ctx") or {}
    assert isinstance(context, dict)
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        return "is not a field that is known here; check its spelling or take it out"
    if kind == "literal_error":
        return f"must be {context.get('expected')}; found {_shown(found)}"
    if kind == "value_error":
        return f"{str(detail['msg']).removeprefix('Value error, ')}; found {_shown(found)}"
    if kind == "string_pattern_mismatch" and context.get("pattern") == r"^[^\r\n]*$":
        return f"must stand on one line; found {_shown(found)}"
    if kind == "string_pattern_mismatch":
        return f"must be lower case letters, digits and hyphens; found {_shown(found)}"
    message = str(detail["msg"])
    return f"{message[:1].lower()}{message[1:]}; found {_shown(found)}"


def _shown(found: object) -> str:
    if found is None:
        return "nothing"
    if isinstance(found, dict | list | tuple):
        return "a list" if not isinstance(found, dict) else "a table"
    text = " ".join(str(found).split())
    return f'"{text if len(text) <= 60 else text[:57] + "…"}"'
