"""A year of letters: 52 weeks of 30 launches, a third of them with verdicts, two weeks without a letter."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import replace_in

from digest.issues.approval import append_record, approving
from digest.issues.folder import issue_folder, read_tools, write_tools
from digest.issues.sent import Sent, write_sent
from digest.jobs.build import Built, build, verify
from digest.jobs.set_up import set_up
from digest.jobs.standing import next_open, standing_of
from digest.model.delivery import Balance
from digest.model.tool import Sighting, Tool
from digest.model.week import monday_of, week_id
from digest.publication import Publication, load_publication

FIRST = "2026-W47"
SKIPPED = ("2026-W52", "2026-W53")
LAUNCHES = 30
# a week without any verdict, one with a single verdict, and one whose verdicts come a week late
NONE, ONE, LATE = 10, 20, 30
JOBS = {
    "developer-tools": ("flaky tests", "slow builds", "merge conflicts", "stack traces", "feature flags"),
    "data": ("spreadsheet formulas", "warehouse bills", "broken pipelines", "customer lists", "event logs"),
    "design": ("icon sets", "colour palettes", "type specimens", "screen flows", "print layouts"),
    "productivity": ("meeting minutes", "late invoices", "travel plans", "reading lists", "shared calendars"),
    "security": ("leaked secrets", "stale passwords", "open ports", "audit trails", "phishing mails"),
}
VERBS = ("Finds", "Repairs", "Explains", "Collects", "Prevents", "Sorts")
PANEL = ("builder", "skeptic", "futurist", "founder")


class Year:
    """A publication that lives through a year, week by week."""

    def __init__(self, folder: Path) -> None:
        set_up(folder)
        for sample in (*(folder / "verdicts").glob("*.yaml"), *(folder / "issues" / FIRST).iterdir()):
            sample.unlink()
        replace_in(folder / "digest.toml", 'skip = ["2026-W52", "2026-W53"]', f"skip = {json.dumps(SKIPPED)}")
        self.folder = folder
        self.publication: Publication = load_publication(folder, {})
        self.lot = random.Random(2026)
        self.shipped = 0
        self.late: list[tuple[str, str]] = []

    def weeks(self) -> Iterator[tuple[int, str]]:
        monday = monday_of(FIRST)
        return ((number, week_id(monday + timedelta(weeks=number))) for number in range(52))

    def launch(self, number: int, week: str) -> None:
        """Ship a week's tools and judge a third of them; those of last week that are late, too."""
        for slug, category in self.late:
            self.judge(slug, category)
        self.late = []
        ships = standing_of(self.publication, week).moments.cutoff - timedelta(days=1)
        folder = issue_folder(self.folder, next_open(self.publication, ships, shipped=ships))
        tools = {tool.slug: tool for tool in read_tools(folder)}
        for place in range(LAUNCHES):
            self.shipped += 1
            slug, category = f"tool-{self.shipped}", self.lot.choice(list(JOBS))
            tools[slug] = Tool(
                slug=slug,
                name=f"Tool {self.shipped}",
                tagline=self.tagline(category),
                category=category,
                homepage=f"https://{slug}.example/",
                score=self.lot.randint(30, 99),
                shipped_at=ships,
                sightings=(Sighting(source="Launches", title="New", published=ships),),
            )
            judged = {NONE: 0, ONE: 1}.get(number, LAUNCHES // 3)
            if place < judged:
                self.late.append((slug, category)) if number == LATE else self.judge(slug, category)
        write_tools(folder, tools.values())

    def judge(self, slug: str, category: str) -> None:
        """Write a verdict, by two to four reviewers."""
        reviewers = self.lot.sample(PANEL, self.lot.randint(2, 4))
        price = self.lot.choice(["free", "freemium", "paid", "open source"])
        verdict = {
            "name": slug.replace("-", " ").capitalize(),
            "vendor": "Vendor",
            "category": category,
            "tagline": self.tagline(category),
            "homepage": f"https://{slug}.example/",
            "licence": "MIT" if price == "open source" else "Proprietary",
            "description": f"{self.tagline(category)}, on your own machine.",
            "pricing": {"model": price, "entry": "$9 a month", "source": "https://x.example", "checked": "2026-11-16"},
            "ship_if": "you have the time",
            "skip_if": "you have none",
            "incumbent": "true" if self.shipped % 97 == 0 else "false",
            "reviews": [
                {
                    "reviewer": reviewer,
                    "call": self.lot.choice(["ship", "skip"]),
                    "basis": "ran it",
                    "by": "Ann",
                    "date": "2026-11-16",
                    "short": "It does what it says.",
                    "quote": "It does what it says, and nothing else.",
                }
                for reviewer in reviewers
            ],
        }
        # JSON is YAML
        (self.folder / "verdicts" / f"{slug}.yaml").write_text(json.dumps(verdict))

    def tagline(self, category: str) -> str:
        return f"{self.lot.choice(VERBS)} {self.lot.choice(JOBS[category])} before anybody asks"

    def send(self, week: str, built: Built) -> None:
        """The letter goes out; who gets it is another test's matter."""
        standing = standing_of(self.publication, week)
        at = standing.moments.send
        record = approving(built.email, at=at, by="Ann", provider="outbox", readers=1)
        append_record(standing.folder, record)
        sent = Sent(
            issue=week,
            at=at,
            database="one",
            provider="outbox",
            subject=built.email.subject,
            html=record.html or "",
            text=record.text or "",
            balance=Balance(candidates=1, accepted=1),
        )
        write_sent(standing.folder, sent)


@pytest.mark.long
def test_a_year_of_letters(tmp_path: Path) -> None:
    year = Year(tmp_path / "letter")
    met: Counter[frozenset[str]] = Counter()
    sizes: dict[int, int] = {}
    for number, week in year.weeks():
        year.launch(number, week)
        if week in SKIPPED:
            assert standing_of(year.publication, week).state == "skipped"
            continue
        standing = standing_of(year.publication, week)
        built = build(year.publication, standing)
        letter = built.issue
        slugs = [slug for pair in letter.comparisons for slug in (pair.a.slug, pair.b.slug)]
        assert len(slugs) == len(set(slugs)), week
        assert len(letter.comparisons) <= 4
        assert all(pair.reason and pair.a.category == pair.b.category for pair in letter.comparisons)
        assert {tool.slug for tool in letter.also_shipped}.isdisjoint(slugs)
        assert len(letter.also_shipped) == 12
        met.update(frozenset((pair.a.slug, pair.b.slug)) for pair in letter.comparisons)
        sizes[number] = len(letter.comparisons)
        if letter.is_digest_only:
            assert letter.subject == "12 new tools this week, verdicts next week"
            assert "Verdicts next week" in built.email.text
        verify(year.publication, standing)
        year.send(week, built)
    assert len(sizes) == 50
    assert max(met.values()) == 1, "two letters compared the same two tools"
    assert sum(size == 4 for size in sizes.values()) >= 30, sizes
    assert {number for number, size in sizes.items() if size == 0} <= {NONE, ONE, LATE}, sizes
    # a tool that was never compared waits for its turn: verdicts that came late meet in the week after
    assert sizes[LATE + 1] == 4
    compared = Counter(slug for pair in met for slug in pair)
    again = {slug for slug, times in compared.items() if times > 1}
    incumbents = {path.stem for path in (year.folder / "verdicts").glob("*.yaml") if '"true"' in path.read_text()}
    assert again <= incumbents
