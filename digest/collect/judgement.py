"""How a judgement is put together, whatever kind of feed the entry came from."""

from __future__ import annotations

from digest.model.tool import Entry, Label, Launch

UNSURE = 50
"""The score of a judgement that rests on one weak sign."""


def judged(
    entry: Entry, label: Label, score: int, *reasons: str, name: str | None = None, vendor: str | None = None
) -> Launch:
    """A judgement; what is neither a launch nor an update names nothing."""
    named = label != "other"
    return Launch(
        entry=entry,
        label=label,
        name=(name or None) if named else None,
        vendor=(vendor or None) if named else None,
        score=score,
        reasons=reasons,
    )
