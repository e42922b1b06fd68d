"""What a rebuild changed in issue.yaml, and what it left alone because a person wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digest.issues.draft import Draft, PlannedComparison, Proposal

_MOST = 60


def renewed_fields(before: Draft, after: Draft, names: Mapping[str, str]) -> tuple[str, ...]:
    """What became other than it stood in the file, a line each.

    Args:
        before: As the file said.
        after: As it says now.
        names: Tools' names by slug.
    """
    lines = []
    for field in Proposal.model_fields:
        old, new = getattr(before, field), getattr(after, field)
        if old is None or old == new:
            continue
        if field == "comparisons":
            lines += [f"comparisons: {change}" for change in _changes(old, new, names)]
        else:
            lines.append(f'{field}: "{_short(old)}" became "{_short(new)}"')
    return tuple(lines)


def kept_fields(after: Draft, proposal: Proposal, names: Mapping[str, str]) -> tuple[str, ...]:
    """What a person wrote and the program would write otherwise, a line each; of comparisons, what it would change.

    Args:
        after: issue.yaml as it says now.
        proposal: What the program would write.
        names: Tools' names by slug.
    """
    theirs = [field for field in Proposal.model_fields if getattr(after, field) != getattr(proposal, field)]
    words = ", ".join(field for field in theirs if field != "comparisons")
    lines = [words] if words else []
    if "comparisons" in theirs:
        planned = after.comparisons or ()
        worded = sum(bool(one.bottom_line) for one in planned)
        said = [f"{worded} bottom line{'' if worded == 1 else 's'}"] if worded else []
        if changes := _changes(planned, proposal.comparisons, names):
            said.append(f"comparisons; the program's would be {'; '.join(changes)}")
        lines += said
    return tuple(lines)


def _changes(old: Sequence[PlannedComparison], new: Sequence[PlannedComparison], names: Mapping[str, str]) -> list[str]:
    """From one list of comparisons to another."""

    def said(planned: PlannedComparison) -> str:
        return " vs ".join(names.get(slug, slug) for slug in planned.slugs)

    before, after = [set(one.tools) for one in old], [set(one.tools) for one in new]
    changes = [f"without {said(one)}" for one in old if set(one.tools) not in after]
    changes += [f"with {said(one)}" for one in new if set(one.tools) not in before]
    if after and before and after[0] != before[0] and after[0] in before:
        changes.append(f"{said(new[0])} leads")
    if not changes and before != after:
        changes.append(f"in the order {', '.join(map(said, new))}")
    return changes


def _short(text: str) -> str:
    """A text's beginning, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST else f"{line[: _MOST - 1].rstrip()}…"
