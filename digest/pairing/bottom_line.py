"""Which one should you ship with? The answer, from the verdicts' own lines, the panel's calls and the prices."""

from __future__ import annotations

import re
from collections.abc import Mapping

from digest.model.verdict import PanelScore, Verdict, panel_score
from digest.pairing.reason import listed
from digest.pairing.terms import prices_apart

# words that begin a sentence and are no names
_OPENERS = frozenset(
    "a an any each every everyone it its most no nobody some somebody the their there they this "
    "what when whenever where who you your".split()
)


def bottom_line(a: Verdict, b: Verdict, quorum: int, reviewers: Mapping[str, str]) -> str:
    """The bottom line of a comparison, in small Markdown; an editor may write a better one.

    Args:
        a: The tool on the left.
        b: The tool on the right.
        quorum: The number of reviews below which no per cent is said.
        reviewers: The panel's names by id, in its order.
    """
    answer = "; ".join(
        (
            f"**{_plain(a.name)}** if {_condition(a.ship_if)}",
            f"**{_plain(b.name)}** if {_condition(b.ship_if)}",
            f"*neither* if {_both(_condition(a.skip_if), _condition(b.skip_if))}",
        )
    )
    evidence = (_plain(_panel(a, b, quorum, reviewers)), _plain(prices_apart(a, b)))
    return " ".join(f"{sentence}." for sentence in (answer, *evidence))


def _condition(line: str) -> str:
    """A line of a verdict behind the word `if`."""
    line = re.sub(r"^if\s+", "", line.strip(), flags=re.IGNORECASE).rstrip(". ")
    first = line.split(maxsplit=1)[0] if line else ""
    return _plain(first.casefold() + line[len(first) :] if first.casefold() in _OPENERS else line)


def _both(one: str, other: str) -> str:
    """Both conditions at once, said so that alternatives within one of them are not heard as one long list."""
    if one.casefold() == other.casefold():
        return one
    one, other = _first_case(one), _first_case(other)
    has_alternatives = re.search(r"\bor\b", one)
    return f"{one}, and at the same time {other}" if has_alternatives else f"{one}, and {other}"


def _first_case(condition: str) -> str:
    """The first of two alternatives that a comma parts: true as well, and half as long."""
    first, _, second = condition.partition(", or ")
    return first if second and "," not in first else condition


def _panel(a: Verdict, b: Verdict, quorum: int, reviewers: Mapping[str, str]) -> str:
    """Who leads the panel, and who of it would ship the one and skip the other."""
    score_a, score_b = panel_score(a.reviews, quorum), panel_score(b.reviews, quorum)
    if not score_a.reviews or not score_b.reviews:
        return "The panel has not judged both yet"
    if score_a.percent is None or score_b.percent is None:
        lead = f"The panel so far: {a.name} {score_a.figure}, {b.name} {score_b.figure}"
    elif score_a.ships == score_b.ships == 0:
        return "The panel would ship neither"
    elif score_a.ships * score_b.reviews == score_b.ships * score_a.reviews:
        lead = f"The panel is level at {score_a.figure}"
    else:
        a_leads = score_a.ships * score_b.reviews > score_b.ships * score_a.reviews
        (ahead, most), (behind, least) = [(a, score_a), (b, score_b)] if a_leads else [(b, score_b), (a, score_a)]
        if _is_close(most, least):
            lead = f"It is close, {ahead.name} {most.figure} and {behind.name} {least.figure}"
        else:
            lead = f"The panel is with {ahead.name}, {most.figure} against {least.figure}"
    split = _split(a, b, reviewers)
    return f"{lead}: {split}" if split else lead


def _is_close(ahead: PanelScore, behind: PanelScore) -> bool:
    """One review apart: a single call the other way would take the lead away. A panel is small."""
    without = (ahead.ships - 1) * behind.reviews <= behind.ships * ahead.reviews
    return without or ahead.ships * behind.reviews <= (behind.ships + 1) * ahead.reviews


def _split(a: Verdict, b: Verdict, reviewers: Mapping[str, str]) -> str:
    """Who would ship only one of the two, by name."""
    only: dict[str, list[str]] = {a.name: [], b.name: []}
    for reviewer, name in reviewers.items():
        on_a, on_b = a.review_by(reviewer), b.review_by(reviewer)
        if on_a and on_b and on_a.call != on_b.call:
            said = f"the {name[4:]}" if name.startswith("The ") else name
            only[a.name if on_a.call == "ship" else b.name].append(said)
    sides = [(names, tool) for tool, names in only.items() if names]
    if not sides:
        return ""
    first = f"{listed(sides[0][0])} would ship only {sides[0][1]}"
    return ", ".join([first, *(f"{listed(names)} only {tool}" for names, tool in sides[1:])])


def _plain(text: str) -> str:
    """Words of a verdict's one-liners, none of which is Markdown."""
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)
