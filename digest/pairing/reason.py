"""Why two tools meet, in one sentence for the editor; and lists and numbers as people say them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from digest.model.verdict import Verdict
from digest.pairing.terms import terms_apart

Since = Literal["new", "recent", "incumbent"]
# the reason of a pair that shares no job which the program could name
PUT_TOGETHER = "An editor put them together."
_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def reason(a: Verdict, b: Verdict, job: str, since: tuple[Since, Since], *, liked: bool = False) -> str:
    """Why two tools meet.

    Args:
        a: The tool that is named first.
        b: The other.
        job: What both do, as `shared_job` says it: `are about flaky tests`.
        since: Since when each of them is there.
        liked: Whether readers like this category more than others.
    """
    apart = [clause for clause in (terms_apart(a, b), _split(a, b)) if clause]
    yet = f", yet {listed(apart)}" if apart else ""
    shelf = ", on a shelf that readers like" if liked else ""
    return f"Both {job}{yet}; {_freshness(a.name, b.name, since)}{shelf}."


def listed(items: Sequence[str]) -> str:
    """Items as a list in a sentence: `a`, `a and b`, `a, b and c`; a comma more where an item has one itself."""
    comma = "," if any("," in item for item in items) else ""
    return f"{', '.join(items[:-1])}{comma} and {items[-1]}" if len(items) > 1 else "".join(items)


def number(count: int) -> str:
    """A number in words, up to twelve."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _split(a: Verdict, b: Verdict) -> str:
    """How many of those who judged both would ship the one and skip the other."""
    calls = {review.reviewer: review.call for review in a.reviews}
    both = [review for review in b.reviews if review.reviewer in calls]
    split = sum(calls[review.reviewer] != review.call for review in both)
    who = f"{number(split)} of {number(len(both))} reviewers" if split < len(both) else f"all {number(split)} reviewers"
    who = "the one reviewer of both" if len(both) == 1 else who
    return f"{who} {'splits' if len(both) == 1 else 'split'} on them" if split else ""


def _freshness(a: str, b: str, since: tuple[Since, Since]) -> str:
    if since == ("new", "new"):
        return "both are new this week"
    if since == ("recent", "recent"):
        return "both have waited for their turn"
    said = {"new": "is new this week", "recent": "has waited for its turn", "incumbent": "is known for long"}
    # the newer one first
    order = sorted(zip((a, b), since, strict=True), key=lambda side: tuple(said).index(side[1]))
    return ", ".join(f"{name} {said[when]}" for name, when in order)
