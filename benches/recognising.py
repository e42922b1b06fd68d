"""Judge the hand-labelled entries and print how often the judgement is right, by kind of feed.

python -m benches.recognising

The rules were written after reading these entries, so the figures flatter them; entries that nobody read would not.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from digest.collect.entry_line import entry_of
from digest.collect.recognise import recognise

LABELLED = Path(__file__).resolve().parent.parent.parent / "shared" / "launches" / "dev.jsonl"
LABELS = ("launch", "update", "other")


def main() -> None:
    """Print the confusion table."""
    if not LABELLED.is_file():
        print("recognising: no labelled entries on this machine, left out")
        return
    seen: Counter[tuple[str, str, str]] = Counter()
    names: Counter[tuple[str, bool]] = Counter()
    for number, line in enumerate(LABELLED.read_text(encoding="utf-8").splitlines()):
        said, judged = json.loads(line), recognise(entry_of(line, str(number)))
        seen[said["kind"], said["label"], judged.label] += 1
        if said["label"] == judged.label == "launch":
            names[said["kind"], _folded(judged.name) in {_folded(name) for name in said["names"]}] += 1
    kinds = sorted({kind for kind, _, _ in seen})
    print(f"{'labelled entries':20}{'launch':>8}{'found':>8}{'right':>8}{'P':>8}{'R':>8}{'F1':>8}{'names':>10}")
    for kind in (*kinds, "all"):
        _row(kind, kinds if kind == "all" else [kind], seen, names)


def _row(title: str, kinds: list[str], seen: Counter[tuple[str, str, str]], names: Counter[tuple[str, bool]]) -> None:
    launches = sum(seen[kind, "launch", judged] for kind in kinds for judged in LABELS)
    found = sum(seen[kind, label, "launch"] for kind in kinds for label in LABELS)
    right = sum(seen[kind, "launch", "launch"] for kind in kinds)
    precision, recall = (right / found if found else 0.0), (right / launches if launches else 0.0)
    both = 2 * right / (found + launches) if found + launches else 0.0
    good = sum(names[kind, True] for kind in kinds)
    figures = f"{precision:8.2f}{recall:8.2f}{both:8.3f}" if launches else f"{'—':>8}" * 3
    print(f"{title:20}{launches:>8}{found:>8}{right:>8}{figures}{f'{good}/{right}':>10}")


def _folded(name: str | None) -> str:
    return "".join(character for character in (name or "").casefold() if character.isalnum())


if __name__ == "__main__":
    main()
