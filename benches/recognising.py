"""Judge the hand-labelled entries and print how often the judgement is right, by kind of feed.

python -m benches.recognising

The rules were written after reading these entries, so the first table flatters them. The cross-validation beneath it
takes out of the tables, for each part of the entries in turn, every rule that did no good in the other parts (rules
that give the same reason count as one), and judges that part with the rest: what a rule that fits one feed alone has
earned does not count there.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from digest.collect import makers, recognise
from digest.collect.entry_line import entry_of
from digest.collect.rules import Rule
from digest.model.tool import Entry, Launch

LABELLED = Path(__file__).resolve().parent.parent.parent / "shared" / "launches" / "dev.jsonl"
LABELS = ("launch", "update", "other")
IN_WORDS = ("vendor-blog", "changelog")
# where the tables of rules are read from
TABLES = [
    (module, name)
    for module in (makers, recognise)
    for name, value in sorted(vars(module).items())
    if isinstance(value, tuple) and value and all(isinstance(rule, Rule) for rule in value)
]


class Labelled(NamedTuple):
    """An entry with what people said of it."""

    entry: Entry
    label: str
    names: frozenset[str]


class Judged(NamedTuple):
    """An entry with what people said of it and how it was judged."""

    said: Labelled
    launch: Launch

    @property
    def is_named(self) -> bool:
        """Whether the name is one that people gave, case and punctuation aside."""
        return _folded(self.launch.name) in self.said.names


def main() -> None:
    """Print the confusion table by kind, the cross-validation, and how long 10,000 entries take."""
    if not LABELLED.is_file():
        print("recognising: no labelled entries on this machine, left out")
        return
    rows = list(_labelled())
    every = [_judged(row) for row in rows]
    kinds = sorted({row.entry.kind for row in rows})
    print(f"{'labelled entries':20}{'launch':>8}{'found':>8}{'right':>8}{'P':>8}{'R':>8}{'F1':>8}{'names':>10}")
    for kind in kinds:
        _row(kind, [one for one in every if one.said.entry.kind == kind])
    _row("blog or changelog", [one for one in every if one.said.entry.kind in IN_WORDS])
    _row("all", every)
    _confusion(every, kinds)
    print(f"\n{'cross-validated':30}{'F1 of launch, all':>20}{'blog or changelog':>20}")
    for title, parts in (("by feed, none in both parts", _by_feed(rows)), ("five parts at random", _at_random(rows))):
        out = [one for number in sorted(set(parts)) for one in _held_out(rows, parts, number)]
        in_words = [one for one in out if one.said.entry.kind in IN_WORDS]
        print(f"{title:30}{_f1(out):>20.3f}{_f1(in_words):>20.3f}")
    begun = time.process_time()
    for at in range(10_000):
        recognise.recognise(rows[at % len(rows)].entry)
    print(f"\n10,000 entries judged in {time.process_time() - begun:.2f} s of processor time (limit 5)")


def _labelled() -> Iterator[Labelled]:
    for number, line in enumerate(LABELLED.read_text(encoding="utf-8").splitlines()):
        said = json.loads(line)
        yield Labelled(entry_of(line, str(number)), said["label"], frozenset(map(_folded, said["names"])))


def _judged(row: Labelled) -> Judged:
    return Judged(row, recognise.recognise(row.entry))


def _by_feed(rows: Sequence[Labelled]) -> list[int]:
    """The part of each entry: whole feeds, dealt out from the largest to the smallest part."""
    sizes = Counter(row.entry.feed_title for row in rows)
    part_of: dict[str, int] = {}
    filled: Counter[int] = Counter(dict.fromkeys(range(8), 0))
    for feed, size in sizes.most_common():
        part_of[feed] = min(filled, key=lambda part: (filled[part], part))
        filled[part_of[feed]] += size
    return [part_of[row.entry.feed_title] for row in rows]


def _at_random(rows: Sequence[Labelled]) -> list[int]:
    """The part of each entry: five parts with as many of each label and kind."""
    order = sorted(range(len(rows)), key=lambda at: (rows[at].label, rows[at].entry.kind, _shuffled(at)))
    return [part for _, part in sorted((at, number % 5) for number, at in enumerate(order))]


def _shuffled(at: int) -> float:
    return random.Random(at).random()  # noqa: S311 - no secret


def _held_out(rows: Sequence[Labelled], parts: Sequence[int], number: int) -> list[Judged]:
    """One part, judged with the rules that did some good in the others."""
    others = [_judged(row) for row, part in zip(rows, parts, strict=True) if part != number]
    good = {reason for one in others if one.launch.label == one.said.label for reason in one.launch.reasons}
    with _only(lambda rule: rule.reason in good):
        return [_judged(row) for row, part in zip(rows, parts, strict=True) if part == number]


@contextmanager
def _only(keep: Callable[[Rule], bool]) -> Iterator[None]:
    """While this lasts, the tables hold some of their rules only."""
    patches = [mock.patch.object(module, name, tuple(filter(keep, vars(module)[name]))) for module, name in TABLES]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()


def _row(title: str, judged: Sequence[Judged]) -> None:
    launches = sum(one.said.label == "launch" for one in judged)
    found = sum(one.launch.label == "launch" for one in judged)
    hits = [one for one in judged if one.said.label == one.launch.label == "launch"]
    right, good = len(hits), sum(one.is_named for one in hits)
    precision, recall = (right / found if found else 0.0), (right / launches if launches else 0.0)
    figures = f"{precision:8.2f}{recall:8.2f}{_f1(judged):8.3f}" if launches else f"{'—':>8}" * 3
    print(f"{title:20}{launches:>8}{found:>8}{right:>8}{figures}{f'{good}/{right}':>10}")


def _confusion(judged: Sequence[Judged], kinds: Sequence[str]) -> None:
    """How each label was judged, by kind."""
    seen: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for one in judged:
        seen[one.said.entry.kind][one.said.label, one.launch.label] += 1
    print(f"\n{'people → program':20}" + "".join(f"{label:>28}" for label in LABELS))
    print(" " * 20 + "".join(f"{label:>28}" for label in ["launch/update/other"] * 3))
    for kind in kinds:
        cells = ["/".join(str(seen[kind][label, found]) for found in LABELS) for label in LABELS]
        print(f"{kind:20}" + "".join(f"{cell:>28}" for cell in cells))


def _f1(judged: Sequence[Judged]) -> float:
    launches = sum(one.said.label == "launch" for one in judged)
    found = sum(one.launch.label == "launch" for one in judged)
    right = sum(one.said.label == one.launch.label == "launch" for one in judged)
    return 2 * right / (found + launches) if found + launches else 0.0


def _folded(name: str | None) -> str:
    return "".join(character for character in (name or "").casefold() if character.isalnum())


if __name__ == "__main__":
    main()
