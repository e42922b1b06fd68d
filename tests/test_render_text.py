"""The text part: 72 columns, and the same letter."""

from __future__ import annotations

import pytest
import sample_issue as sample

from digest.model.issue import Comparison
from digest.render.email import render_email
from digest.render.templates import Templates

TEMPLATES = Templates()


@pytest.mark.parametrize("make", [sample.issue, sample.sample_issue, sample.full_issue])
def test_lines_fit_72_columns_but_for_addresses(make: object) -> None:
    text = render_email(make(), TEMPLATES).text  # type: ignore[operator]
    assert [line for line in text.split("\n") if len(line) > 72 and "https://" not in line] == []


def test_nothing_is_escaped_and_no_space_hangs_at_a_line_s_end() -> None:
    text = render_email(sample.issue(headline='Tools & "toys" <of> a week'), TEMPLATES).text
    assert 'Tools & "toys" <of> a week' in text
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert "\n\n\n" not in text
    assert text.endswith("READER_TOKEN")


def test_it_says_each_call_with_its_basis_and_its_words() -> None:
    text = render_email(sample.sample_issue(), TEMPLATES).text
    assert "[SKIP] Copperline (Mara Lindqvist, ran it)" in text
    assert "It wants a reporter in every job" in text
    assert ">> Tidepool, unless you have a name" in text
    assert "The Builder: [SHIP] Hushnote, [SKIP] Minutely" in text


def test_a_score_is_drawn_and_said() -> None:
    text = render_email(sample.issue(), TEMPLATES).text
    assert "#####..... 50\u00a0%: 2 of 4 reviewers would ship it" in text


def test_below_the_quorum_and_without_reviews_nothing_is_drawn() -> None:
    comparison = Comparison(
        a=sample.made_verdict("One", ("ship",)), b=sample.made_verdict("None", ()), bottom_line="One."
    )
    text = render_email(sample.issue(comparisons=(comparison,)), TEMPLATES).text
    assert "  1 of 1 reviewer would ship it" in text
    assert "  No reviewer has judged it yet" in text
    assert "##" not in text
