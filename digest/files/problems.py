"""Mistakes in a file, all at once, each with its place and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

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
        found = error.errors()
        # a list whose only item is broken counts as too short besides
        details = [one for one in found if one["type"] != "too_short" or not _is_told_within(one["loc"], found)]
        details.sort(key=lambda detail: position_of(tuple(detail["loc"])))
        raise BrokenFile(path, [_mistake(detail, model, path, position_of) for detail in details]) from None


def in_order(path: Path, mistakes: Sequence[str]) -> list[str]:
    """Mistakes of one file, found in different ways, in the order of their lines."""

    def position(mistake: str) -> tuple[int, ...]:
        return tuple(int(number) for number in mistake.removeprefix(f"{path}:").split(":", 2)[:2] if number.isdigit())

    return sorted(mistakes, key=position)


def nearest(word: str, words: Iterable[str], otherwise: str) -> str:
    """The cure for a misspelt word: the one that looks most like it, or another way out."""
    near = difflib.get_close_matches(word, list(words), n=1)
    return f"did you mean {near[0]}?" if near else otherwise


def _is_told_within(place: Place, details: Iterable[ErrorDetails]) -> bool:
    return any(len(one["loc"]) > len(place) and one["loc"][: len(place)] == place for one in details)


def _mistake(detail: object, model: type[BaseModel], path: Path, position_of: Callable[[Place], Position]) -> str:
    assert isinstance(detail, dict)
    place: Place = tuple(detail["loc"])
    position = position_of(place)
    name = _said(place) or "the file"
    complaint = _unknown(model, place) if detail["type"] == "extra_forbidden" else _complaint(detail, model, place)
    return f"{path}:{position.line}:{position.column}: {name}: {complaint}"


def _fields_at(model: type[BaseModel], place: Place) -> dict[str, FieldInfo]:
    """The fields that a table at a place may have."""
    tables = [model]
    for step in place:
        if isinstance(step, str):
            fields = [table.model_fields[step] for table in tables if step in table.model_fields]
            tables = [table for field in fields for table in _tables_in(field.annotation)]
    return {name: field for table in tables for name, field in table.model_fields.items()}


def _tables_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [table for inner in get_args(annotation) for table in _tables_in(inner)]


def _unknown(model: type[BaseModel], place: Place) -> str:
    cure = nearest(str(place[-1]), _fields_at(model, place[:-1]), "check its spelling or take it out")
    return f"is not a field that is known here; {cure}"


def _said(place: Place) -> str:
    """A place as people write it: `reviews[2].call`, counted from one."""
    said = ""
    for step in place:
        said += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if said else step
    return said


def _complaint(detail: dict[str, object], model: type[BaseModel], place: Place) -> str:
    """One clause: what was found, what would be right."""
    kind, found = str(detail["type"]), detail.get("input")
    field = _fields_at(model, place[:-1]).get(str(place[-1])) if place else None
    hint = f" ({field.description})" if field and field.description else ""
    context = detail.get("ctx") or {}
    assert isinstance(context, dict)
    if kind == "missing":
        return f"is missing; add it{hint}"
    if found is None or (isinstance(found, str) and not found.strip()):
        return f"is empty; fill it in{hint}"
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
