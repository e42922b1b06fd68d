"""What time does to a verdict: prices change, and so do tools."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from digest.files.problems import Place
from digest.model.verdict import Verdict

PRICING_LASTS = timedelta(days=90)
VERDICT_LASTS = timedelta(days=180)


class Remark(NamedTuple):
    """What an editor should look at in a good verdict.

    Attributes:
        place: The field that it is about.
        what: What is odd, one clause.
        cure: What to do about it, one clause.
    """

    place: Place
    what: str
    cure: str


def remarks_on_age(verdict: Verdict, today: date) -> Iterator[Remark]:
    """A pricing read that is older than 90 days, calls that are older than 180, and days that are still to come.

    Args:
        verdict: The verdict.
        today: The day, in the publication's time zone.
    """
    pricing = verdict.pricing
    if (age := today - pricing.checked) > PRICING_LASTS:
        what = f"the price was read {age.days} days ago"
        yield Remark(("pricing", "checked"), what, f"look at {pricing.source} and renew it")
    if verdict.last_judged and (age := today - verdict.last_judged) > VERDICT_LASTS:
        what = f"nobody has judged it for {age.days} days"
        yield Remark(("reviews",), what, "look again, and put calls that change into history")
    days: list[tuple[Place, date]] = [(("pricing", "checked"), pricing.checked)]
    days += [(("reviews", number, "date"), review.date) for number, review in enumerate(verdict.reviews)]
    days += [(("history", number, "date"), revision.date) for number, revision in enumerate(verdict.history)]
    for place, day in days:
        if day > today:
            yield Remark(place, f"{day} is still to come", "correct the day")
