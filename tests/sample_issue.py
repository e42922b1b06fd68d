"""Issues for the tests: one from the publication's own verdicts, and some made of the longest plausible words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from digest.model.issue import Category, Comparison, Issue, Section, Sender
from digest.model.noun import slug_of
from digest.model.past_issue import PastComparison, PastIssue, PastTool
from digest.model.tool import Tool
from digest.model.verdict import PricingRead, Review, Reviewer, Verdict, panel_score
from digest.model.vote import CommunityVote

VERDICTS = Path(__file__).resolve().parent.parent / "verdicts"
DAY = date(2026, 11, 20)
# as long as a tool's name plausibly is
LONG = "Perplexity Sonar Pro 2 API with Search"
CALLS: dict[str, tuple[Any, ...]] = {
    "split": ("ship", "skip", "ship", "skip"),
    "ship": ("ship", "ship", "ship", "skip"),
    "all": ("ship",) * 4,
    "none": ("skip",) * 4,
}

PANEL = tuple(
    Reviewer(id=name.lower(), name=f"The {name}", lens=lens, likes="Exports.", tired_of="Numbers alone.")
    for name, lens in {
        "Builder": "Can I put this into production by Friday?",
        "Skeptic": "What does it cost when it goes wrong?",
        "Futurist": "What does it make normal in three years?",
        "Founder": "Would I bet a company's margin on it?",
    }.items()
)
CATEGORIES = tuple(
    Category(id=name.lower().replace(" ", "-"), name=name)
    for name in ("Developer Tools", "Data", "Design", "Productivity", "Security")
)
SENDER = Sender(
    name="Ship or Skip",
    address="letter@example.com",
    reply_to="editors@example.com",
    postal_address="Ship or Skip, 12 Harbour Row, 20457 Hamburg",
)


def stored_verdict(slug: str) -> Verdict:
    """A verdict of the publication."""
    return Verdict(slug=slug, **yaml.safe_load((VERDICTS / f"{slug}.yaml").read_text(encoding="utf-8")))


def made_review(reviewer: str, call: Any, tool: str, length: int = 240, **changes: Any) -> Review:
    """A review whose quote has about as many characters as asked for."""
    sentence = (
        f"I ran {tool} on a repository of 900 files, and the *second* run took `41 s` against 12 minutes before. "
    )
    quote = (sentence * (length // len(sentence) + 1))[:length].rsplit(" ", 1)[0] + "."
    values: dict[str, Any] = {
        "reviewer": reviewer,
        "call": call,
        "basis": "ran it",
        "by": "Mara Lindqvist",
        "date": date(2026, 11, 13),
        "short": f"{tool} cut our slowest run from 12 minutes to 41 seconds, and it says why when it does not.",
        "quote": quote,
    }
    return Review(**{**values, **changes})


def made_verdict(
    name: str, calls: str | tuple[Any, ...] = "ship", length: int | tuple[int, ...] = 240, **changes: Any
) -> Verdict:
    """A verdict with a review a call, in the panel's order; the quotes of one length, or each of its own."""
    order = CALLS[calls] if isinstance(calls, str) else calls
    lengths = (length,) * len(order) if isinstance(length, int) else length
    values: dict[str, Any] = {
        "slug": slug_of(name),
        "name": name,
        "vendor": "Copperline Inc",
        "category": "developer-tools",
        "tagline": "A hosted service that spots flaky tests and takes them out of the way",
        "homepage": f"https://tool.example/{slug_of(name)}",
        "licence": "Apache-2.0",
        "description": "It reads results.",
        "pricing": PricingRead(
            model="freemium",
            entry="Free for one repository, then $29 a month",
            source="https://tool.example/pricing",
            checked=date(2026, 11, 16),
        ),
        "ship_if": "merges are blocked daily and somebody owns the job of emptying the quarantine",
        "skip_if": "a quarantined test is, in your house, a test that nobody will look at again",
        "reviews": tuple(
            made_review(reviewer.id, call, name, long)
            for reviewer, call, long in zip(PANEL, order, lengths, strict=False)
        ),
    }
    return Verdict(**{**values, **changes})


def shipped(name: str, category: str = "data", **changes: Any) -> Tool:
    """A tool in one line."""
    values: dict[str, Any] = {
        "slug": "tool",
        "name": name,
        "tagline": "One file of tables that answers questions without a server",
        "category": category,
        "homepage": f"https://tool.example/{slug_of(name)}",
        "shipped_at": datetime(2026, 11, 17, tzinfo=UTC),
    }
    return Tool(**{**values, **changes})


def issue(**changes: Any) -> Issue:
    """A small issue with one comparison; any field can be changed."""
    values: dict[str, Any] = {
        "id": "2026-W47",
        "date": DAY,
        "publication": "Ship or Skip",
        "base_url": "https://letter.example.com",
        "sender": SENDER,
        "panel": PANEL,
        "quorum": 2,
        "categories": CATEGORIES,
        "subject": "Copperline or Tidepool: who keeps your tests honest?",
        "preheader": "One hides flaky tests, one repairs them. The panel is split on what that is worth.",
        "headline": "Two ways to live with a flaky test",
        "intro": "Flaky tests are *weather* until somebody counts them.\n\nWe let two tools do the counting.",
        "comparisons": (
            Comparison(
                a=made_verdict("Copperline", "split"),
                b=made_verdict("Tidepool", "ship"),
                bottom_line="Tidepool, unless you have **somebody** who empties a quarantine every Monday.",
                reason="Both stop flaky tests from blocking a merge.",
            ),
        ),
        "also_shipped": (shipped("Quarry Cloud"), shipped("Glyphmint", "design")),
        "sections": (),
    }
    return Issue(**{**values, **changes})


def sample_issue() -> Issue:
    """An issue from the publication's own verdicts."""
    return issue(
        comparisons=(
            Comparison(
                a=stored_verdict("copperline"),
                b=stored_verdict("tidepool"),
                bottom_line="**Tidepool**, unless you have a name to put against the quarantine every Monday.",
                reason="Both stop flaky tests from blocking a merge, one by hiding them and one by repairing them.",
            ),
            _pair(
                "hushnote", "minutely", "Hushnote for what is said in the room, Minutely for what is said on a call."
            ),
            _pair("framekit", "glyphmint", "Framekit. A set of icons is not a design system."),
            _pair("palisade", "latchkey", "Latchkey, until you have more than one cloud."),
        ),
        also_shipped=tuple(
            shipped(verdict.name, verdict.category, tagline=verdict.tagline, homepage=verdict.homepage)
            for verdict in map(stored_verdict, ("driftwood", "inkwell", "ledgerleaf", "quarry-cloud", "smolvlm-3b"))
        ),
        sections=(Section(title="Corrections", text="Last week we said *Inkwell* has no export. It has, as `.csv`."),),
    )


def past_issue() -> PastIssue:
    """A letter of the week before, on which readers voted."""
    votes = ((49, 120), (101, 120), (0, 0), (60, 120), (12, 120), (3, 4), (0, 0), (118, 120))
    tools = [
        PastTool(
            slug=slug_of(f"{LONG} {number}"),
            name=f"{LONG} {number}",
            score=panel_score(made_verdict(f"{LONG} {number}", calls).reviews, 2),
            vote=CommunityVote(ships=ships, votes=count, least=10),
        )
        for number, (calls, (ships, count)) in enumerate(zip(("ship", "split", "all", "none") * 2, votes, strict=True))
    ]
    pairs = tuple(PastComparison(a=a, b=b) for a, b in zip(tools[::2], tools[1::2], strict=True))
    return PastIssue(id="2026-W46", date=date(2026, 11, 13), comparisons=pairs)


def full_issue() -> Issue:
    """The heaviest issue that the budget has to carry.

    Eight quotes of 700 to 1,060 characters, 7,000 in all, three short comparisons, last week's lines, twelve tools.
    """
    pair = (f"{LONG} Alpha", f"{LONG} Omega")
    return issue(
        number=123,
        last=past_issue(),
        votes={slug_of(pair[0]): CommunityVote(ships=1_412, votes=2_304, least=10)},
        comparisons=(
            Comparison(
                a=made_verdict(pair[0], "split", (710, 885, 765, 1_062)),
                b=made_verdict(pair[1], "none", (925, 825, 1_005, 865)),
                bottom_line="Alpha for a team with a Monday to spare, Omega for everybody else, since it asks little. "
                * 2,
                reason="Both answer questions from the open web with their sources.",
            ),
            *(
                Comparison(
                    a=made_verdict(f"{pair[0]} {number}", "all"),
                    b=made_verdict(f"{pair[1]} {number}", "split"),
                    bottom_line="Alpha, unless the pictures have to stay on the machine that they were taken with. "
                    "Omega where nobody has a graphics card, or the time to learn what one is for.",
                )
                for number in (2, 3, 4)
            ),
        ),
        also_shipped=tuple(
            shipped(
                f"{LONG} {number}", CATEGORIES[number % 5].id, homepage=f"https://tool.example/{'path/' * 8}{number}"
            )
            for number in range(12)
        ),
        sections=(Section(title="Corrections", text="Last week we said it has no export. It has. " * 5),),
    )


def _pair(a: str, b: str, bottom_line: str) -> Comparison:
    return Comparison(a=stored_verdict(a), b=stored_verdict(b), bottom_line=bottom_line)
