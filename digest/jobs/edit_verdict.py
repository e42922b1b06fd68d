"""What an editor changes in a verdict by a form: facts, reviews, and the two "if" lines, spliced into its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile, Place
from digest.files.writing import write_whole
from digest.files.yaml_source import YamlSource, read_yaml
from digest.files.yaml_splice import appended, changed, removed
from digest.jobs.versions import refuse_changed, version_of
from digest.model.verdict import Verdict
from digest.publication import Publication
from digest.verdicts.read import read_verdict

FACTS: tuple[str, ...] = (
    *("name", "vendor", "category", "tagline", "homepage", "licence", "description"),
    *("pricing.model", "pricing.entry", "pricing.source", "pricing.checked", "ship_if", "skip_if"),
)
REVIEW: tuple[str, ...] = ("call", "basis", "by", "date", "short", "quote")


class VerdictForm(NamedTuple):
    """A verdict as a form shows it.

    Attributes:
        seen: The version of its file.
        facts: What the file says, by the names of `FACTS`.
        reviews: What each reviewer of the panel said, by the names of `REVIEW`; empty texts where they owe it.
        verdict: The verdict; None while the file has mistakes.
        mistakes: A line each.
    """

    path: Path
    seen: str
    facts: dict[str, str]
    reviews: dict[str, dict[str, str]]
    verdict: Verdict | None
    mistakes: tuple[str, ...]


def verdict_form(publication: Publication, slug: str) -> VerdictForm:
    """The form of a verdict that has a file.

    Raises:
        BrokenInput: There is no such file, or it is no YAML.
    """
    path = _path(publication, slug)
    source = _read(path)
    verdict, mistakes = None, tuple[str, ...]()
    try:
        verdict = read_verdict(path, publication.settings.panel.reviewers, publication.settings.categories)
    except BrokenFile as error:
        mistakes = error.mistakes
    by_reviewer = {one.get("reviewer"): one for one in source.data.get("reviews") or [] if isinstance(one, dict)}
    return VerdictForm(
        path=path,
        seen=version_of(path),
        facts={name: _text(source.data, name) for name in FACTS},
        reviews={
            reviewer.id: {name: str(by_reviewer.get(reviewer.id, {}).get(name) or "").strip() for name in REVIEW}
            for reviewer in publication.settings.panel.reviewers
        },
        verdict=verdict,
        mistakes=mistakes,
    )


def write_verdict(
    publication: Publication, slug: str, facts: Mapping[str, str], reviews: Mapping[str, Mapping[str, str]], seen: str
) -> bool:
    """Write what a form says into the verdict's file; what stayed the same keeps its every byte.

    Args:
        publication: The publication.
        slug: The verdict.
        facts: By the names of `FACTS`; others are refused.
        reviews: By reviewer; a review without a call is taken out.
        seen: The version of the file that the person saw.

    Returns:
        Whether the file changed. It may still have mistakes, as a file that a person saves may.

    Raises:
        ChangedMeanwhile: The file is another one; nothing was written.
        BrokenInput: There is no such file, or it cannot be changed in place.
    """
    path = _path(publication, slug)
    refuse_changed(path, seen)
    source = _read(path)
    for name, text in facts.items():
        if name not in FACTS:
            raise BrokenInput(f'"{name}" is no field of a verdict')
        source = _changed(source, tuple(name.split(".")), _tidy(text))
    known = {reviewer.id for reviewer in publication.settings.panel.reviewers}
    for reviewer, said in reviews.items():
        if reviewer not in known:
            raise BrokenInput(f'"{reviewer}" is no reviewer of the panel')
        source = _reviewed(source, reviewer, {name: _tidy(said.get(name, "")) for name in REVIEW})
    return write_whole(path, source.text)


def _reviewed(source: YamlSource, reviewer: str, said: Mapping[str, str]) -> YamlSource:
    reviews = source.data.get("reviews") or []
    at = next((number for number, one in enumerate(reviews) if one.get("reviewer") == reviewer), None)
    if not said["call"]:
        return source if at is None else removed(source, ("reviews", at))
    if at is None:
        words = {name: text for name, text in said.items() if text}
        return appended(source, ("reviews",), {"reviewer": reviewer, **words})
    for name, text in said.items():
        source = _changed(source, ("reviews", at, name), text)
    return source


def _changed(source: YamlSource, place: Place, text: str) -> YamlSource:
    before: Any = source.data
    for step in place:
        before = before[step] if isinstance(step, int) else (before or {}).get(step)
    if " ".join(str(before or "").split()) == " ".join(text.split()):
        return source
    return changed(source, place, text or None)


def _text(data: Mapping[str, Any], name: str) -> str:
    value: Any = data
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return str(value or "").strip()


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _read(path: Path) -> YamlSource:
    source = read_yaml(path)
    if not isinstance(source.data, dict):
        raise BrokenFile(path, [f"{path}:1:1: holds no verdict; start it from another file of this folder"])
    return source


def _path(publication: Publication, slug: str) -> Path:
    path = publication.verdicts / f"{slug}.yaml"
    if "/" in slug or slug.startswith(".") or not path.is_file():
        raise BrokenInput("there is no such verdict", where=path, cure=f"`digest verdict new {slug}` starts it")
    return path
