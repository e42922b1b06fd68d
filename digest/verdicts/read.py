"""Read verdicts/<slug>.yaml: every good file becomes a verdict, every broken one a report with its places."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from digest.errors import DigestError
from digest.files.problems import BrokenFile, Place, in_order, nearest, validated
from digest.files.text import read_text
from digest.files.yaml_source import YamlSource, parse_yaml
from digest.model.issue import Category
from digest.model.verdict import Reviewer, Verdict


class VerdictsRead(NamedTuple):
    """What the folder of verdicts holds.

    Attributes:
        verdicts: By slug, in the order of the slugs.
        broken: A line for each mistake: file, line, column, what would be right. Those files are left out.
    """

    verdicts: dict[str, Verdict]
    broken: tuple[str, ...]


def read_verdicts(
    folder: Path,
    panel: Sequence[Reviewer],
    categories: Sequence[Category],
    only: Collection[str] | None = None,
    *,
    every_mistake: bool = True,
) -> VerdictsRead:
    """Read every verdict of a publication.

    Args:
        folder: The folder of verdict files; it may be missing.
        panel: The reviewers that may speak.
        categories: The categories that may be named.
        only: The slugs to read; None reads all.
        every_mistake: Whether each has its line; else a broken file has one line, and names how many there are.

    Returns:
        The verdicts, and what is wrong with the others. A broken file is never the end of a run.
    """
    verdicts: dict[str, Verdict] = {}
    broken: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        if only is not None and path.stem not in only:
            continue
        try:
            verdicts[path.stem] = read_verdict(path, panel, categories)
        except BrokenFile as error:
            broken += error.mistakes if every_mistake else [_in_short(path.stem, error.mistakes)]
        except DigestError as error:
            broken.append(error.line())
    return VerdictsRead(verdicts, tuple(broken))


def _in_short(slug: str, mistakes: Sequence[str]) -> str:
    """A file that was only started has many empty fields, and cron tells of it each hour."""
    more = len(mistakes) - 1
    return f"{mistakes[0]} (and {more} more: `digest verdict check {slug}`)" if more else mistakes[0]


def read_verdict(path: Path, panel: Sequence[Reviewer], categories: Sequence[Category]) -> Verdict:
    """Read one verdict; its slug is the file's name.

    Raises:
        BrokenFile: With every mistake in it.
    """
    mistakes: list[str] = []
    source = parse_yaml(read_text(path), path, repeated=mistakes)
    if not isinstance(source.data, dict):
        cure = "start it with `digest verdict new`, or from another file of this folder"
        raise BrokenFile(path, [f"{path}:1:1: holds no verdict; {cure}"])
    mistakes += [_at(source, *found) for found in _misfits(source.data, panel, categories)]
    try:
        verdict = validated(Verdict, {**source.data, "slug": path.stem}, path=path, position_of=source.position_of)
        mistakes += [_at(source, *found) for found in _out_of_order(verdict)]
    except BrokenFile as error:
        mistakes += error.mistakes
    if mistakes:
        raise BrokenFile(path, in_order(path, mistakes))
    return verdict


def _misfits(data: dict[str, Any], panel: Sequence[Reviewer], categories: Sequence[Category]) -> Iterator[_Found]:
    """What no field can see alone: reviewers who are not on the panel or speak twice, a category nobody knows."""
    if "slug" in data:
        yield ("slug",), "slug: is the file's name; take it out"
    known, ids = [reviewer.id for reviewer in panel], [category.id for category in categories]
    category = data.get("category")
    if isinstance(category, str) and category and category not in ids:
        cure = nearest(category, ids, f"use {', '.join(ids)}")
        yield ("category",), f'no category is called "{category}"; {cure}'
    speaking = dict(_speakers(data.get("reviews"), ("reviews",)))
    yield from _strangers(speaking, known)
    for number, revision in enumerate(_items(data.get("history"))):
        before = dict(_speakers(revision.get("reviews"), ("history", number, "reviews")))
        # who has left the panel may still have a past, under the name that the verdict's own reviews know
        yield from _strangers(before, [*known, *speaking.values()])


def _speakers(reviews: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Who speaks in a list of reviews, by place; what is no review is found elsewhere."""
    for number, review in enumerate(reviews if isinstance(reviews, list) else []):
        if isinstance(review, dict) and isinstance(review.get("reviewer"), str) and review["reviewer"]:
            yield (*place, number, "reviewer"), review["reviewer"]


def _items(data: Any) -> Iterator[dict[str, Any]]:
    return (item if isinstance(item, dict) else {} for item in (data if isinstance(data, list) else []))


def _strangers(speaking: dict[Place, str], known: Sequence[str]) -> Iterator[_Found]:
    spoken: set[str] = set()
    others = f"use {', '.join(known)}"
    for place, reviewer in speaking.items():
        if reviewer not in known:
            yield place, f'no reviewer is called "{reviewer}"; {nearest(reviewer, known, others)}'
        elif reviewer in spoken:
            yield place, f"{reviewer} reviews it twice; keep one, and put an older one into history"
        spoken.add(reviewer)


def _out_of_order(verdict: Verdict) -> Iterator[_Found]:
    """Reviews that were replaced before they were written."""
    for number, revision in enumerate(verdict.history):
        for one, review in enumerate(revision.reviews):
            if review.date > revision.date:
                said = f"date: is later than the revision that replaced it, of {revision.date}; one of the two is wrong"
                yield ("history", number, "reviews", one, "date"), said


_Found = tuple[Place, str]


def _at(source: YamlSource, place: Place, what: str) -> str:
    position = source.position_of(place)
    return f"{source.path}:{position.line}:{position.column}: {what}"
