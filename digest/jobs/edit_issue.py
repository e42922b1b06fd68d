"""What an editor changes in issue.yaml by a page: words, wishes about pairs, their order. Each is spliced into the file
as a person would have written it; every other byte stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from digest.errors import BrokenInput, Refused
from digest.files.writing import write_whole
from digest.files.yaml_source import YamlSource
from digest.files.yaml_splice import appended, changed, removed
from digest.files.yaml_swap import swapped
from digest.issues.draft import read_draft
from digest.issues.folder import IssueFolder
from digest.issues.inputs import read_inputs
from digest.jobs.standing import Standing
from digest.jobs.versions import refuse_changed

WORDS = ("subject", "preheader", "headline", "intro")
Wish = Literal["pin", "forbid", "lead"]
Pair = tuple[str, str]


def write_words(standing: Standing, words: Mapping[str, str], seen: str) -> bool:
    """Write the words around the comparisons, and the bottom lines.

    Args:
        standing: The issue.
        words: By field of `WORDS`, or by `<slug>-vs-<slug>` for a bottom line. An empty text gives the field back to
            the program.
        seen: The version of issue.yaml that the person saw.

    Returns:
        Whether the file changed.

    Raises:
        ChangedMeanwhile: The file is another one; nothing was written.
        Refused: The issue is closed.
        BrokenInput: The file is broken, or is written in a way that cannot be changed in place.
    """
    source = _opened(standing, seen)
    for name, text in words.items():
        said = text.replace("\r\n", "\n").strip()
        source = _with_words(source, name, said) if name in WORDS else _with_answer(source, name, said)
    return write_whole(standing.folder.draft, source.text)


def move_pair(standing: Standing, shown: Sequence[Pair], pair: Pair, places: int, seen: str) -> bool:
    """Move a comparison up or down.

    Args:
        standing: The issue.
        shown: The pairs in the order of the letter.
        pair: The one that moves.
        places: How far, up being negative; past an end it stops there.
        seen: The version of issue.yaml that the person saw.

    Raises:
        As `write_words`; BrokenInput also where the letter has no such pair.
    """
    source = _opened(standing, seen)
    if pair not in shown:
        raise BrokenInput(f"{pair[0]} vs {pair[1]} is not in this letter")
    source = _in_order(source, shown)
    at = list(shown).index(pair)
    to = min(max(at + places, 0), len(shown) - 1)
    while at != to:
        step = 1 if to > at else -1
        source = swapped(source, ("comparisons",), at, at + step)
        at += step
    return write_whole(standing.folder.draft, source.text)


def wish(standing: Standing, kind: Wish, pair: Pair, is_wished: bool, seen: str) -> bool:
    """Pin a pair, forbid it, or let it lead; or take that back. What a new wish contradicts is taken back with it.

    Args:
        standing: The issue.
        kind: What is wished.
        pair: The two tools.
        is_wished: False takes the wish back.
        seen: The version of issue.yaml that the person saw.

    Raises:
        As `write_words`.
    """
    source = _opened(standing, seen)
    if is_wished:
        for other in ("pin", "lead") if kind == "forbid" else ("forbid",):
            source = _without(source, other, pair)
        if kind == "forbid":
            source = _not_planned(source, standing.folder, {*pair}, both=True)
        else:
            source = _planned(source, standing.folder, pair, first=kind == "lead")
        said = list(pair)
        if kind == "lead":
            source = changed(source, ("lead",), said)
        elif _index(source, kind, pair) is None:
            source = appended(source, (kind,), said)
    else:
        source = _without(source, kind, pair)
    return write_whole(standing.folder.draft, source.text)


def hold(standing: Standing, slug: str, is_held: bool, seen: str) -> bool:
    """Keep a tool out of this issue, or let it in again.

    Args:
        standing: The issue.
        slug: The tool, or its verdict.
        is_held: False lets it in again.
        seen: The version of issue.yaml that the person saw.

    Raises:
        As `write_words`.
    """
    source = _opened(standing, seen)
    held = list(_list(source, "hold"))
    if is_held and slug not in held:
        for kind in ("pin", "lead"):
            pairs = _pairs(source, kind)
            for pair in [one for one in pairs if slug in one]:
                source = _without(source, kind, pair)
        source = appended(_not_planned(source, standing.folder, {slug}, both=False), ("hold",), slug)
    elif not is_held and slug in held:
        source = removed(source, ("hold", held.index(slug)))
    return write_whole(standing.folder.draft, source.text)


def _opened(standing: Standing, seen: str) -> YamlSource:
    if standing.is_closed:
        cure = "withdraw the approval first" if standing.state == "approved" else ""
        raise Refused(f"{standing.issue} is {standing.state}; its words stay as they are", cure=cure)
    refuse_changed(standing.folder.draft, seen)
    source = read_draft(standing.folder)[1]
    if source is None:
        raise BrokenInput("there is no issue.yaml yet", where=standing.folder.path, cure="build the issue first")
    return source


def _with_words(source: YamlSource, name: str, said: str) -> YamlSource:
    before = (source.data or {}).get(name)
    if said == (before or "").strip():
        return source
    if not said:
        return removed(source, (name,))
    # a block of several lines ends with a line break, as it did before
    return changed(source, (name,), f"{said}\n" if "\n" in said or str(before).endswith("\n") else said)


def _with_answer(source: YamlSource, name: str, said: str) -> YamlSource:
    pair = tuple(name.split("-vs-"))
    if len(pair) != 2:
        raise BrokenInput(f'"{name}" is no field of issue.yaml')
    at = _index(source, "comparisons", (pair[0], pair[1]))
    before = "" if at is None else _list(source, "comparisons")[at].get("bottom_line") or ""
    if " ".join(before.split()) == " ".join(said.split()):
        return source
    if not said:
        return removed(source, ("comparisons", at or 0, "bottom_line"))
    if at is None:
        return appended(source, ("comparisons",), {"tools": list(pair), "bottom_line": said})
    return changed(source, ("comparisons", at, "bottom_line"), said)


def _in_order(source: YamlSource, shown: Sequence[Pair]) -> YamlSource:
    """The file with the comparisons of the letter, each with the bottom line that a person wrote."""
    if _pairs(source, "comparisons") == list(shown):
        return source
    worded = {frozenset(one["tools"]): one for one in _list(source, "comparisons") if one.get("bottom_line")}
    return changed(source, ("comparisons",), [worded.get(frozenset(pair), {"tools": list(pair)}) for pair in shown])


def _not_planned(source: YamlSource, folder: IssueFolder, slugs: set[str], *, both: bool) -> YamlSource:
    """The file without the comparisons that a wish rules out; in the program's list they lose their bottom line alone,
    since the program puts others in their places.
    """
    is_programs = _is_programs(source, folder)
    for number in reversed(range(len(_list(source, "comparisons")))):
        planned = _list(source, "comparisons")[number]
        if not ({*planned["tools"]} == slugs if both else {*planned["tools"]} & slugs):
            continue
        if not is_programs:
            source = removed(source, ("comparisons", number))
        elif planned.get("bottom_line"):
            source = removed(source, ("comparisons", number, "bottom_line"))
    # an empty list would say that the letter is to have none
    is_empty = "comparisons" in source.data and not _list(source, "comparisons")
    return removed(source, ("comparisons",)) if is_empty else source


def _planned(source: YamlSource, folder: IssueFolder, pair: Pair, *, first: bool) -> YamlSource:
    """The file with a pair in a person's list of comparisons; the program's list follows the wish by itself."""
    if _is_programs(source, folder):
        return source
    at = _index(source, "comparisons", pair)
    if at is None:
        for slug in pair:
            source = _not_planned(source, folder, {slug}, both=False)
        source = appended(source, ("comparisons",), {"tools": list(pair)})
        at = len(_list(source, "comparisons")) - 1
    while first and at > 0:
        source, at = swapped(source, ("comparisons",), at, at - 1), at - 1
    return source


def _is_programs(source: YamlSource, folder: IssueFolder) -> bool:
    """Whether the list of comparisons names the pairs that the program proposed last, or none."""
    inputs, pairs = read_inputs(folder), _pairs(source, "comparisons")
    return not pairs or (inputs is not None and pairs == [one.slugs for one in inputs.proposal.comparisons])


def _without(source: YamlSource, kind: str, pair: Pair) -> YamlSource:
    if kind == "lead":
        return changed(source, ("lead",), []) if {*_list(source, "lead")} == {*pair} else source
    at = _index(source, kind, pair)
    return source if at is None else removed(source, (kind, at))


def _index(source: YamlSource, kind: str, pair: Pair) -> int | None:
    return next((number for number, one in enumerate(_pairs(source, kind)) if {*one} == {*pair}), None)


def _pairs(source: YamlSource, kind: str) -> list[Pair]:
    items = _list(source, kind)
    if kind == "lead":
        return [(items[0], items[1])] if items else []
    tools = [one["tools"] if isinstance(one, dict) else one for one in items]
    return [(one[0], one[1]) for one in tools]


def _list(source: YamlSource, name: str) -> list[Any]:
    return list((source.data or {}).get(name) or [])
