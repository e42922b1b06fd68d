"""How long a letter takes to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from digest.model.issue import Issue
from digest.render.strongest import strongest

# Adults read English non-fiction at about 238 words a minute (Brysbaert, Journal of Memory and Language 109, 2019).
WORDS_A_MINUTE = 230


def reading_minutes(texts: Iterable[str]) -> int:
    """How long the texts take to read.

    Args:
        texts: Everything that is there to be read.

    Returns:
        Whole minutes, halves up, at least 1.
    """
    words = sum(len(text.split()) for text in texts)
    return max(1, (2 * words + WORDS_A_MINUTE) // (2 * WORDS_A_MINUTE))


def shown_texts(issue: Issue) -> Iterator[str]:
    """Every text that the letter shows, for the reading time."""
    yield from (issue.headline, issue.intro)
    for place, comparison in enumerate(issue.comparisons):
        yield comparison.bottom_line
        for tool in (comparison.a, comparison.b):
            review = strongest(tool, issue.panel)
            yield from (tool.name, tool.tagline, tool.pricing.entry)
            if place == 0:
                yield from (tool.ship_if, tool.skip_if, *(review.quote for review in tool.reviews))
            elif review is not None:
                yield review.short
    if (alone := issue.single) is not None:
        yield from (alone.name, alone.tagline, alone.pricing.entry, alone.ship_if, alone.skip_if)
        yield from (review.quote for review in alone.reviews)
    for shipped in issue.also_shipped:
        yield from (shipped.name, shipped.tagline)
    for section in issue.sections:
        yield from (section.title, section.text)
