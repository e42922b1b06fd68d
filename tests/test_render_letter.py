"""What is worked out from an issue before a template sees it."""

from __future__ import annotations

from datetime import date

import sample_issue as sample

from digest.render.letter import day_in_words, letter_of, reading_minutes, strongest


def test_reading_time_is_at_least_a_minute_and_rounds_halves_up() -> None:
    assert reading_minutes([]) == 1
    assert reading_minutes(["word " * 344]) == 1
    assert reading_minutes(["word " * 345]) == 2
    assert reading_minutes(["word " * 115, "word " * 230]) == 2


def test_a_day_is_printed_without_asking_the_locale() -> None:
    assert day_in_words(date(2026, 11, 3)) == "3 November 2026"


def test_the_strongest_review_speaks_for_the_majority_then_for_experience() -> None:
    reviews = (
        sample.made_review("builder", "ship", "x"),
        sample.made_review("skeptic", "skip", "x", basis="saw a demo"),
        sample.made_review("futurist", "skip", "x", basis="ran it"),
    )
    chosen = strongest(sample.made_verdict("x", reviews=reviews), sample.PANEL)
    assert chosen is not None
    assert chosen.reviewer == "futurist"
    assert strongest(sample.made_verdict("x", ()), sample.PANEL) is None


def test_on_a_tie_ship_speaks() -> None:
    reviews = (sample.made_review("builder", "skip", "x"), sample.made_review("skeptic", "ship", "x"))
    chosen = strongest(sample.made_verdict("x", reviews=reviews), sample.PANEL)
    assert chosen is not None
    assert chosen.call == "ship"


def test_rows_follow_the_panel_and_keep_reviewers_who_left_it() -> None:
    reviews = (sample.made_review("old-hand", "ship", "x"), sample.made_review("skeptic", "ship", "x"))
    pair = sample.issue().comparisons[0].model_copy(update={"a": sample.made_verdict("x", reviews=reviews)})
    lead = letter_of(sample.issue(comparisons=(pair,))).lead
    assert lead is not None
    assert [row.voice.name for row in lead.rows] == [
        "The Builder",
        "The Skeptic",
        "The Futurist",
        "The Founder",
        "Old hand",
    ]


def test_shelves_follow_the_publication_and_unknown_ones_come_last() -> None:
    tools = [sample.shipped(name, name.lower()) for name in ("Zoo", "Security", "Data", "Zoo")]
    shelves = letter_of(sample.issue(also_shipped=tuple(tools))).shelves
    assert [(shelf.name, len(shelf.items)) for shelf in shelves] == [("Data", 1), ("Security", 1), ("Zoo", 2)]


def test_a_tool_without_a_homepage_leads_to_where_it_was_seen() -> None:
    seen = {"source": "A feed", "title": "x", "link": "https://news.example/x"}
    tool = sample.shipped("x", homepage=None, sightings=(seen,))
    assert letter_of(sample.issue(also_shipped=(tool,))).shelves[0].items[0].link == "https://news.example/x"
