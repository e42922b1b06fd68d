"""How well two tools go together on one page: the same job, and a contrast worth reading.

Every part of a score is an integer and has a clause that says it, so that an editor can read why two tools meet.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from digest.model.verdict import Verdict

SAME_CATEGORY = 40
SHARED_WORD = 5
SHARED_WORDS_AT_MOST = 30
SPLIT_REVIEWER = 6
OTHER_PRICE = 8
OPEN_AND_CLOSED = 8
BOTH_NEW = 4
FLOOR = 40

_IDLE_WORDS = frozenset(
    "about after also and any are back been before but can each every for from has have how into its keep keeps last "
    "less like made make makes many more most much need needs never not now off one only other out over own own past "
    "reads runs same save saves see than that the their them then there they this through time tool turns two under "
    "until use uses using was what when where which while who will with without work works you your".split()
)


class PairScore(NamedTuple):
    """How well two tools go together.

    Attributes:
        a: The slug that comes first in the alphabet.
        b: The other slug.
        total: The sum of the parts.
        parts: Each part's name and points.
        reason: Why these two meet, in one sentence.
    """

    a: str
    b: str
    total: int
    parts: tuple[tuple[str, int], ...]
    reason: str


def pair_score(a: Verdict, b: Verdict, *, new: frozenset[str], category_name: str) -> PairScore | None:
    """Score two tools.

    Args:
        a: One verdict.
        b: The other.
        new: Slugs of the verdicts whose tools shipped for this issue.
        category_name: The name of their category, as people read it.

    Returns:
        The score, or None where they share no job that can be said in a line, or where neither is new.
    """
    if a.category != b.category or not {a.slug, b.slug} & new:
        return None
    a, b = sorted((a, b), key=lambda verdict: verdict.slug)
    shared = sorted(_words(a) & _words(b), key=lambda word: (-len(word), word))
    split = _split_reviewers(a, b)
    closed = _is_open(a) != _is_open(b)
    other_price = _is_free(a) != _is_free(b)
    both_new = {a.slug, b.slug} <= new
    parts = (
        ("category", SAME_CATEGORY),
        ("words", min(SHARED_WORD * len(shared), SHARED_WORDS_AT_MOST)),
        ("panel", SPLIT_REVIEWER * split),
        ("price", OTHER_PRICE if other_price else 0),
        ("licence", OPEN_AND_CLOSED if closed else 0),
        ("freshness", BOTH_NEW if both_new else 0),
    )
    clauses = [f"both are {category_name}" + (f" and speak of {' and '.join(shared[:2])}" if shared else "")]
    if closed:
        clauses.append("one is open, the other closed")
    elif other_price:
        clauses.append("one is free, the other has a price")
    if split:
        clauses.append(f"the panel splits on {split} of {_judged_both(a, b)}")
    clauses.append("both are new this week" if both_new else "a newcomer meets a tool that people know")
    reason = "; ".join(clauses)
    return PairScore(a.slug, b.slug, sum(points for _, points in parts), parts, f"{reason[:1].upper()}{reason[1:]}.")


def _words(verdict: Verdict) -> set[str]:
    """The words that say what a tool does, in the singular; its own name is none of them."""
    text = f"{verdict.tagline} {verdict.description}".casefold()
    own = set(re.findall(r"[a-z]+", verdict.name.casefold()))
    words = {word.removesuffix("s") if not word.endswith("ss") else word for word in re.findall(r"[a-z]{3,}", text)}
    return words - _IDLE_WORDS - own


def _split_reviewers(a: Verdict, b: Verdict) -> int:
    """How many reviewers would ship the one and skip the other."""
    calls = {review.reviewer: review.call for review in a.reviews}
    return sum(calls.get(review.reviewer, review.call) != review.call for review in b.reviews)


def _judged_both(a: Verdict, b: Verdict) -> int:
    return len({review.reviewer for review in a.reviews} & {review.reviewer for review in b.reviews})


def _is_open(verdict: Verdict) -> bool:
    return verdict.licence.casefold() != "proprietary"


def _is_free(verdict: Verdict) -> bool:
    return verdict.pricing.model in ("free", "open source")
