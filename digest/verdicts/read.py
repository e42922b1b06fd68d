"""Read verdicts/<slug>.yaml: every good file becomes a verdict, every broken one a report with its places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from digest.errors import DigestError
from digest.files.problems import BrokenFile, Position, validated
from digest.files.yaml_source import YamlSource, read_yaml
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


def read_verdicts(folder: Path, panel: Sequence[Reviewer], categories: Sequence[Category]) -> VerdictsRead:
    """Read every verdict of a publication.

    Args:
        folder: The folder of verdict files; it may be missing.
        panel: The reviewers that may speak.
        categories: The categories that may be named.

    Returns:
        The verdicts, and what is wrong with the others. A broken file is never the end of a run.
    """
    verdicts: dict[str, Verdict] = {}
    broken: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            verdicts[path.stem] = read_verdict(path, panel, categories)
        except BrokenFile as error:
            broken += error.mistakes
        except DigestError as error:
            broken.append(error.line())
    return VerdictsRead(verdicts, tuple(broken))


def read_verdict(path: Path, panel: Sequence[Reviewer], categories: Sequence[Category]) -> Verdict:
    """Read one verdict; its slug is the file's name.

    Raises:
        BrokenFile: With every mistake in it.
    """
    source = read_yaml(path)
    if not isinstance(source.data, dict):
        raise BrokenFile(path, [f"{path}:1:1: holds no verdict; start from another file of this folder"])
    verdict = validated(Verdict, {**source.data, "slug": path.stem}, path=path, position_of=source.position_of)
    mistakes = _strangers(verdict, source, panel, categories)
    if mistakes:
        raise BrokenFile(path, mistakes)
    return verdict


def _strangers(
    verdict: Verdict, source: YamlSource, panel: Sequence[Reviewer], categories: Sequence[Category]
) -> list[str]:
    """What no field can see alone: reviewers who are not on the panel or speak twice, a category nobody knows."""
    mistakes = []
    known = [reviewer.id for reviewer in panel]
    for number, review in enumerate(verdict.reviews):
        if review.reviewer not in known:
            at = source.position_of(("reviews", number, "reviewer"))
            mistakes.append(_at(source, at, f'no reviewer is called "{review.reviewer}"; use {", ".join(known)}'))
    spoken = Counter(review.reviewer for review in verdict.reviews)
    for reviewer in (name for name, times in spoken.items() if times > 1):
        mistakes.append(_at(source, source.position_of(("reviews",)), f"{reviewer} reviews it twice; keep one"))
    if verdict.category not in [category.id for category in categories]:
        ids = ", ".join(category.id for category in categories)
        at = source.position_of(("category",))
        mistakes.append(_at(source, at, f'no category is called "{verdict.category}"; use {ids}'))
    return mistakes


def _at(source: YamlSource, position: Position, what: str) -> str:
    return f"{source.path}:{position.line}:{position.column}: {what}"
