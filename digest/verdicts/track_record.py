"""The track record of the panel: what each reviewer shipped and skipped, and how often others saw it alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from digest.model.track_record import Agreement, Tally, TrackRecord
from digest.model.verdict import Call, Review, Reviewer, Verdict
from digest.model.vote import CommunityVote


def track_records(
    verdicts: Iterable[Verdict],
    panel: Sequence[Reviewer],
    categories: Sequence[str],
    votes: Mapping[str, CommunityVote] | None = None,
) -> tuple[TrackRecord, ...]:
    """Everybody's track record, in the panel's order.

    Args:
        verdicts: The stored verdicts.
        panel: The reviewers.
        categories: The categories' ids in their order.
        votes: The readers' votes by verdict slug; a tool with too few votes, or with a tie, asks nobody.
    """
    known = tuple(verdicts)
    return tuple(_record(reviewer, known, categories, votes or {}) for reviewer in panel)


def _record(
    reviewer: Reviewer, verdicts: Sequence[Verdict], categories: Sequence[str], votes: Mapping[str, CommunityVote]
) -> TrackRecord:
    judged = [(verdict, review) for verdict in verdicts if (review := verdict.review_by(reviewer.id))]
    by_category = {
        category: _tally(review for verdict, review in judged if verdict.category == category)
        for category in categories
    }
    return TrackRecord(
        reviewer=reviewer.id,
        name=reviewer.name,
        calls=_tally(review for _, review in judged),
        ran=sum(review.basis == "ran it" for _, review in judged),
        by_category={category: tally for category, tally in by_category.items() if tally.calls},
        with_panel=_agreement((review.call, _panel_majority(verdict)) for verdict, review in judged),
        with_readers=_agreement(
            (review.call, _readers_majority(votes.get(verdict.slug))) for verdict, review in judged
        ),
        revised=sum(_changes_of_mind(verdict, review) for verdict, review in judged),
    )


def _tally(reviews: Iterable[Review]) -> Tally:
    calls = [review.call for review in reviews]
    return Tally(ships=calls.count("ship"), skips=calls.count("skip"))


def _agreement(calls: Iterable[tuple[Call, Call | None]]) -> Agreement:
    asked = [(own, theirs) for own, theirs in calls if theirs]
    return Agreement(agreed=sum(own == theirs for own, theirs in asked), asked=len(asked))


def _panel_majority(verdict: Verdict) -> Call | None:
    """The call of more than half of the panel, where at least two have spoken."""
    if len(verdict.reviews) < 2:
        return None
    return _majority(sum(review.call == "ship" for review in verdict.reviews), len(verdict.reviews))


def _readers_majority(vote: CommunityVote | None) -> Call | None:
    return None if vote is None or vote.percent is None else _majority(vote.ships, vote.votes)


def _majority(ships: int, all_: int) -> Call | None:
    if 2 * ships == all_:
        return None
    return "ship" if 2 * ships > all_ else "skip"


def _changes_of_mind(verdict: Verdict, review: Review) -> int:
    """How often a reviewer's call on a tool turned round, revision by revision."""
    history = sorted(verdict.history, key=lambda revision: revision.date)
    before = [old.call for revision in history for old in revision.reviews if old.reviewer == review.reviewer]
    calls = [*before, review.call]
    return sum(one != other for one, other in pairwise(calls))
