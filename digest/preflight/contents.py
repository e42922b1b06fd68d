"""What the letter is made of: comparisons, quotes, prices, and how old they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from digest.model.verdict import Verdict
from digest.preflight.check import Fault, warning
from digest.preflight.proof import Proof

QUOTE_MOST = 1_200
PRICE_DAYS, VERDICT_DAYS = 90, 180


@warning
def digest_only(proof: Proof) -> Iterator[Fault]:
    """The letter judges something: one that only says what shipped is possible, and said aloud."""
    if proof.issue.is_digest_only:
        what = "the letter has no comparison, only what shipped"
        yield Fault(what, proof.in_issue("comparisons"), "write verdicts for two tools of a category")


@warning
def lead_untried(proof: Proof) -> Iterator[Fault]:
    """Of each tool that leads, a reviewer ran it before judging it."""
    for pair in proof.issue.comparisons[:1]:
        for tool in (pair.a, pair.b):
            if tool.reviews and all(review.basis != "ran it" for review in tool.reviews):
                what = f"{tool.name} leads, and no reviewer ran it"
                yield Fault(what, _file(tool), "have somebody run it, or let another comparison lead")


@warning
def unreviewed(proof: Proof) -> Iterator[Fault]:
    """Every compared tool has a review."""
    for tool in _compared(proof):
        if not tool.reviews:
            yield Fault(f"nobody reviewed {tool.name}", _file(tool), "write a review, or take the comparison out")


@warning
def long_quotes(proof: Proof) -> Iterator[Fault]:
    """Quotes have at most 1,200 characters: the lead comparison carries all of them whole."""
    for tool in _compared(proof):
        for review in tool.reviews:
            if len(review.quote) > QUOTE_MOST:
                what = f"{review.reviewer}'s quote on {tool.name} has {len(review.quote):,} characters"
                yield Fault(what, _file(tool), f"use at most {QUOTE_MOST:,}")


@warning
def old_prices(proof: Proof) -> Iterator[Fault]:
    """Prices were read in the 90 days before the letter goes out, and not after it."""
    for tool in _compared(proof):
        days = (proof.issue.date - tool.pricing.checked).days
        if days > PRICE_DAYS:
            what = f"the price of {tool.name} was read {days} days before the letter goes out"
            yield Fault(what, _file(tool), f"read {tool.pricing.source} again")
        elif days < 0:
            what = f"the price of {tool.name} was read on {tool.pricing.checked}, after the letter goes out"
            yield Fault(what, _file(tool), "mend pricing.checked")


@warning
def old_verdicts(proof: Proof) -> Iterator[Fault]:
    """Of every compared tool, some review was written in the 180 days before the letter goes out, and none after it."""
    for tool in _compared(proof):
        if not tool.reviews:
            continue
        newest = max(review.date for review in tool.reviews)
        days = (proof.issue.date - newest).days
        if days > VERDICT_DAYS:
            what = f"the newest review of {tool.name} is {days} days old when the letter goes out"
            yield Fault(what, _file(tool), "look at the tool again, and date the review")
        elif days < 0:
            what = f"a review of {tool.name} is dated {newest}, after the letter goes out"
            yield Fault(what, _file(tool), "mend its date")


@warning
def tool_repeated(proof: Proof) -> Iterator[Fault]:
    """No tool stands in the letter twice."""
    names = [tool.name for tool in _compared(proof, once=False)]
    names += [tool.name for tool in proof.issue.also_shipped]
    spelt = {name.casefold(): name for name in reversed(names)}
    for name, times in Counter(name.casefold() for name in names).items():
        if times > 1:
            what = f"{spelt[name]} stands in the letter {times} times"
            yield Fault(
                what, proof.in_issue("comparisons"), "take it out, forbid the pair, or `digest tools ignore` it"
            )


def _compared(proof: Proof, *, once: bool = True) -> list[Verdict]:
    tools = [tool for pair in proof.issue.comparisons for tool in (pair.a, pair.b)]
    tools += [proof.issue.single] if proof.issue.single else []
    return list({tool.slug: tool for tool in tools}.values()) if once else tools


def _file(tool: Verdict) -> str:
    return f"verdicts/{tool.slug}.yaml"
