"""How a pairing is printed: its comparisons, why each of them, what came close, and what is still owed."""

from __future__ import annotations

import click

from digest.cli.call import heading, row
from digest.jobs.owed import Owed
from digest.jobs.pair import Pairing
from digest.pairing.score import PairScore
from digest.publication import Publication

_RUNNERS_UP = 6
_WAITING = 5


def as_document(pairing: Pairing) -> dict[str, object]:
    """A pairing as JSON has it."""
    return {
        "comparisons": [
            {
                "a": one.a.slug,
                "b": one.b.slug,
                "points": score.total if (score := pairing.score_of(one)) else None,
                "parts": dict(score.parts) if score else {},
                "reason": one.reason,
                "bottom_line": one.bottom_line,
            }
            for one in pairing.comparisons
        ],
        "single": pairing.single.slug if pairing.single else None,
        "runners_up": [_runner_up(score) for score in pairing.runners_up],
        "waiting": [tool.slug for tool in pairing.waiting],
    }


def print_pairing(publication: Publication, issue: str, pairing: Pairing, *, explain: bool) -> None:
    """A pairing on the terminal."""
    wanted = publication.settings.issue.comparisons
    heading(f"{issue} · {len(pairing.comparisons)} of at most {wanted} comparisons")
    for number, one in enumerate(pairing.comparisons):
        score = pairing.score_of(one)
        row("Lead" if number == 0 else str(number + 1), f"{one.a.name} vs {one.b.name}")
        if explain:
            row("", one.reason)
            if score:
                row("", _sum(score))
            click.echo()
    if pairing.single:
        row("Alone", f"{pairing.single.name}: no second tool of its kind has a verdict")
    if explain and pairing.runners_up:
        floor = publication.settings.pairing.floor
        heading(f"Runners-up (the floor is {floor} points)")
        for score in pairing.runners_up[:_RUNNERS_UP]:
            a, b = pairing.names[score.a], pairing.names[score.b]
            row(f"{score.total:>3}", f"{a} vs {b}")
            row("", f"{score.reason} {_why_not(score, pairing, wanted)}")
    count = len(pairing.waiting)
    if count:
        click.echo(
            f"\n  {count} tool{' waits' if count == 1 else 's wait'} for a verdict: `digest tools list --waiting`."
        )
    click.echo()


def owed_document(owed: Owed) -> dict[str, object]:
    """What an issue still lacks, as JSON has it."""
    return {
        "owed": [{"reviewer": one.reviewer.id, "tools": [tool.slug for tool in one.tools]} for one in owed.debts],
        "waiting": [tool.slug for tool in owed.waiting],
    }


def print_owed(owed: Owed) -> None:
    """What an issue still lacks and who owes it, on the terminal; nothing where it lacks nothing."""
    if not owed.debts and not owed.waiting:
        return
    heading("Still owed")
    for debt in owed.debts:
        row(debt.reviewer.name, ", ".join(tool.name for tool in debt.tools))
    if count := len(owed.waiting):
        named = ", ".join(tool.name for tool in owed.waiting[:_WAITING])
        more = f" and {count - _WAITING} more: `digest tools list --waiting`" if count > _WAITING else ""
        row("Everybody", f"{named}{more}")


def _runner_up(score: PairScore) -> dict[str, object]:
    return {
        "a": score.a,
        "b": score.b,
        "points": score.total,
        "parts": dict(score.parts),
        "reason": score.reason,
    }


def _sum(score: PairScore) -> str:
    """The points of a pair and what they are made of."""
    return f"{score.total} points: {', '.join(f'{name} {points}' for name, points in score.parts if points)}"


def _why_not(score: PairScore, pairing: Pairing, wanted: int) -> str:
    """Why a pair that could have been is not."""
    meets: dict[str, str] = {}
    for one in pairing.comparisons:
        meets |= {one.a.slug: one.b.name, one.b.slug: one.a.name}
    taken = [f"{pairing.names[slug]} meets {meets[slug]}" for slug in (score.a, score.b) if slug in meets]
    return f"But {' and '.join(taken)}." if taken else f"But there is room for {wanted}."
