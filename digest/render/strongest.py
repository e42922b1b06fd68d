"""Which review speaks for a tool where there is room for one sentence."""

from __future__ import annotations

from digest.model.verdict import Review, Reviewer, Verdict

_FIRMNESS = {"ran it": 0, "read the docs": 1, "saw a demo": 2}


def strongest(verdict: Verdict, panel: tuple[Reviewer, ...]) -> Review | None:
    """The review that speaks for a tool where there is room for one sentence.

    The majority's call comes first, then the firmer basis, then the panel's order; on a tie ship speaks first.

    Args:
        verdict: The tool's verdict.
        panel: The reviewers in their order.

    Returns:
        The review, or None where there is none.
    """
    ships = sum(review.call == "ship" for review in verdict.reviews)
    majority = "ship" if 2 * ships >= len(verdict.reviews) else "skip"
    order = {reviewer.id: place for place, reviewer in enumerate(panel)}
    return min(
        verdict.reviews,
        key=lambda review: (review.call != majority, _FIRMNESS[review.basis], order.get(review.reviewer, len(order))),
        default=None,
    )
