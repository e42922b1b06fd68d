"""On which terms a tool is to be had: open or closed, free or at a price, and how two prices differ in words."""

from __future__ import annotations

import re

from digest.model.verdict import Verdict

_CURRENCY = re.compile(r"[$€£¥]")
_TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 10: "ten times"}


def is_open(verdict: Verdict) -> bool:
    """Whether everybody may read and change it."""
    return verdict.licence.casefold() != "proprietary"


def is_free(verdict: Verdict) -> bool:
    """Whether it costs nothing, however much of it one uses."""
    return verdict.pricing.model in ("free", "open source")


def terms_apart(a: Verdict, b: Verdict) -> str:
    """Where two tools are to be had on different terms, in a clause; nothing where they are not."""
    if is_open(a) != is_open(b):
        opened, closed = (a, b) if is_open(a) else (b, a)
        if is_free(a) == is_free(b):
            return f"{opened.name} is open, {closed.name} closed"
        return f"{opened.name} is open and {_price(opened)}, {closed.name} closed and {_price(closed)}"
    if is_free(a) != is_free(b):
        free, priced = (a, b) if is_free(a) else (b, a)
        return f"{free.name} is free, {priced.name} {_price(priced)}"
    return ""


def prices_apart(a: Verdict, b: Verdict) -> str:
    """What the one costs beside the other, in a sentence without its full stop; nothing where both are free.

    A multiple is said only where both prices buy the same: the same unit, the same currency.
    """
    if is_free(a) and is_free(b):
        return "Both are free"
    if is_free(a) != is_free(b):
        free, priced = (a, b) if is_free(a) else (b, a)
        return f"{free.name} is free, {_is_had_for(priced)}"
    said = f"{_is_had_for(a)}; {_is_had_for(b)}"
    return f"{said}: {times}" if (times := _times(a, b)) else said


def _is_had_for(verdict: Verdict) -> str:
    """A tool and its entry price: `Copperline costs $29 a month`, `Quarry Cloud is free to 10 GB, then …`."""
    entry = verdict.pricing.entry.rstrip(". ")
    first = entry.split(maxsplit=1)[0]
    if first.rstrip(",;:").isalpha() and first[1:].islower():
        return f"{verdict.name} is {entry[0].lower()}{entry[1:]}"
    return f"{verdict.name} costs {entry}"


def _price(verdict: Verdict) -> str:
    return "free" if is_free(verdict) else verdict.pricing.model


def _times(a: Verdict, b: Verdict) -> str:
    one, other = a.pricing, b.pricing
    if not one.amount or not other.amount or not one.unit or not other.unit:
        return ""
    same_unit = one.unit.casefold() == other.unit.casefold()
    if not same_unit or set(_CURRENCY.findall(one.entry)) != set(_CURRENCY.findall(other.entry)):
        return ""
    if one.amount == other.amount:
        return "the same price"
    dear, more, less = (a, one.amount, other.amount) if one.amount > other.amount else (b, other.amount, one.amount)
    ratio = round(more / less)
    about = "" if abs(more / less - ratio) < 0.005 else "about "
    if more / less >= 1.75:
        return f"{dear.name} costs {about}{_TIMES.get(ratio, f'{ratio} times')} as much"
    return f"{dear.name} costs {round(100 * (more / less - 1))} % more".replace(" %", "\N{NO-BREAK SPACE}%")
