"""Which one should you ship with? The answer, from the verdicts' own lines and the panel's calls."""

from __future__ import annotations

from digest.model.verdict import PanelScore, Verdict, panel_score


def bottom_line(a: Verdict, b: Verdict, quorum: int) -> str:
    """The bottom line of a comparison, in small Markdown; an editor may write a better one.

    Args:
        a: The tool on the left.
        b: The tool on the right.
        quorum: The number of reviews below which no per cent is said.
    """
    score_a, score_b = panel_score(a.reviews, quorum), panel_score(b.reviews, quorum)
    return f"**{a.name}** if {a.ship_if}. **{b.name}** if {b.ship_if}. {_panel(a.name, b.name, score_a, score_b)}"


def _panel(a: str, b: str, score_a: PanelScore, score_b: PanelScore) -> str:
    if not score_a.reviews or not score_b.reviews:
        return "The panel has not judged both yet."
    if score_a.percent is None or score_b.percent is None:
        return f"The panel so far: {a} {score_a.figure}, {b} {score_b.figure}."
    if score_a.ships * score_b.reviews == score_b.ships * score_a.reviews:
        return f"The panel is level: {score_a.figure} each would ship either."
    ahead, behind = ((a, score_a), (b, score_b)) if score_a.percent > score_b.percent else ((b, score_b), (a, score_a))
    # one review apart is a close call, since a panel is small
    close = abs(score_a.ships - score_b.ships) <= 1 and score_a.reviews == score_b.reviews
    verb = "is a close call for" if close else "is with"
    return f"The panel {verb} {ahead[0]}: {ahead[1].figure} against {behind[1].figure}."
