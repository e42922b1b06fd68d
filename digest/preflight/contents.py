"""What the letter is made of: comparisons, quotes, prices."""

from __future__ import annotations

from digest.model.issue import Email, Finding, Issue
from digest.preflight.findings import ISSUE, warning

QUOTE_MOST = 1_200
PRICE_DAYS = 90


def digest_only(email: Email, issue: Issue) -> list[Finding]:
    """A letter without a comparison is possible, and said aloud.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        A warning where there is none.
    """
    if issue.comparisons:
        return []
    what = "the letter has no comparison, only what shipped"
    return [warning("digest-only", what, f"{ISSUE}: comparisons", "write verdicts for two tools of a category")]


def long_quotes(email: Email, issue: Issue) -> list[Finding]:
    """Quotes stay short enough to be read: the lead comparison carries all of them whole.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        A warning a quote over 1,200 characters.
    """
    return [
        warning(
            "long-quotes",
            f"{review.reviewer}'s quote has {len(review.quote):,} characters",
            f"verdicts/{tool.slug}.yaml",
            f"use at most {QUOTE_MOST:,}",
        )
        for comparison in issue.comparisons
        for tool in (comparison.a, comparison.b)
        for review in tool.reviews
        if len(review.quote) > QUOTE_MOST
    ]


def old_prices(email: Email, issue: Issue) -> list[Finding]:
    """Prices were read lately.

    Args:
        email: The mail.
        issue: Its issue.

    Returns:
        A warning a tool whose price was read more than 90 days before the letter goes out.
    """
    tools = {tool.slug: tool for comparison in issue.comparisons for tool in (comparison.a, comparison.b)}
    ages = {slug: (issue.date - tool.pricing.checked).days for slug, tool in tools.items()}
    return [
        warning(
            "old-prices",
            f"the price of {tools[slug].name} was read {days} days before the letter goes out",
            f"verdicts/{slug}.yaml",
            f"read {tools[slug].pricing.source} again",
        )
        for slug, days in ages.items()
        if days > PRICE_DAYS
    ]
