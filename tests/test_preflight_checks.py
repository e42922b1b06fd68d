"""Each check finds its fault, and a sound letter passes all of them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from functools import cache
from typing import Any

import pytest
import sample_issue as sample

from digest.model.issue import Comparison, Email, Issue, Section
from digest.preflight import CHECKS, preflight
from digest.render.email import render_email
from digest.render.templates import Templates


@cache
def clean() -> Email:
    return render_email(sample.issue(), Templates())


def found(issue: Issue | None = None, **changes: Any) -> list[tuple[str, str]]:
    """The findings of the sound letter with some fields changed, as check and severity."""
    findings = preflight(clean().model_copy(update=changes), issue or sample.issue())
    assert all(finding.what and finding.where and finding.cure for finding in findings)
    return [(finding.check, finding.severity) for finding in findings]


def sender(**changes: str) -> Any:
    return sample.SENDER.model_copy(update=changes)


def html(old: str, new: str) -> dict[str, str]:
    assert old in clean().html
    return {"html": clean().html.replace(old, new)}


def text(old: str, new: str) -> dict[str, str]:
    assert old in clean().text
    return {"text": clean().text.replace(old, new)}


def test_a_sound_letter_has_no_findings() -> None:
    assert found() == []


def test_the_checks_render_nothing() -> None:
    program = "import sys, digest.preflight; print([m for m in sys.modules if m.startswith(('digest.render', 'mjml'))])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_check_says_in_words_what_it_holds() -> None:
    assert all(check.__doc__ for check in CHECKS)
    assert len(set(CHECKS)) == len(CHECKS)


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        ("", "error"),
        ("Short", "warning"),
        ("x" * 10, None),
        ("x" * 78, None),
        ("x" * 79, "warning"),
        ("x" * 151, "error"),
        ("two\nlines of it", "error"),
    ],
)
def test_the_subject_has_a_length_that_inboxes_show(subject: str, severity: str | None) -> None:
    assert found(subject=subject) == ([("subject", severity)] if severity else [])


@pytest.mark.parametrize(("preheader", "is_fine"), [("", False), ("x" * 140, True), ("x" * 141, False)])
def test_the_preheader_is_written_and_short(preheader: str, is_fine: bool) -> None:
    assert found(preheader=preheader) == ([] if is_fine else [("preheader", "warning")])


@pytest.mark.parametrize("address", ["", "letter", "letter@", "a b@example.com"])
def test_the_sender_s_address_is_a_mail_address(address: str) -> None:
    assert found(sender=sender(address=address)) == [("sender-address", "error")]


@pytest.mark.parametrize("address", ["no-reply@example.com", "noreply@example.com", "Do-Not-Reply@example.com"])
def test_answers_go_to_a_person(address: str) -> None:
    assert found(sender=sender(reply_to=address)) == [("reply-to", "warning")]


def test_a_heavy_letter_warns_and_a_too_heavy_one_is_refused() -> None:
    filled = clean().html.encode()
    for size, severity in ((80_000, None), (80_001, "warning"), (100_000, "warning"), (100_001, "error")):
        heavy = clean().html.replace("</body>", "x" * (size - len(filled)) + "</body>")
        assert found(html=heavy) == ([("html-size", severity)] if severity else [])


def test_the_travelling_size_is_named_beside_the_size() -> None:
    heavy = clean().model_copy(update={"html": clean().html + "=" * 90_000})
    (finding,) = [finding for finding in preflight(heavy, sample.issue()) if finding.check == "html-size"]
    assert "quoted-printable" in finding.what


def test_a_line_of_the_text_part_fits_mail() -> None:
    assert found(text=clean().text + "\n" + "x" * 998) == []
    assert found(text=clean().text + "\n" + "é" * 500) == [("line-length", "error")]


@pytest.mark.parametrize("part", ["html", "text"])
@pytest.mark.parametrize("way", ["unsubscribe", "preferences"])
def test_both_parts_carry_both_ways_out(part: str, way: str) -> None:
    gone = getattr(clean(), part).replace(f"/{way}/READER_TOKEN", "/elsewhere")
    assert found(**{part: gone}) == [(f"{way}-link", "error")]


def test_both_parts_carry_the_postal_address() -> None:
    assert found(**html("12 Harbour Row", "")) == [("postal-address", "error")]
    assert found(**text("12 Harbour Row", "")) == [("postal-address", "error")]
    assert found(sender=sender(postal_address="")) == [("postal-address", "error")]


def test_the_merge_field_stands_at_the_end_of_links_only() -> None:
    assert found(subject="Dear READER_TOKEN, hello") == [("merge-field", "error")]
    assert found(preheader="Dear READER_TOKEN") == [("merge-field", "error")]
    assert found(**html("Flaky tests are", "READER_TOKEN are")) == [("merge-field", "error")]
    assert found(**text("Flaky tests are", "READER_TOKEN are")) == [("merge-field", "error")]
    assert ("merge-field", "error") in found(**text("unsubscribe/READER_TOKEN", "unsubscribe/READER_TOKEN?x=1"))


def test_a_part_without_the_merge_field_is_refused() -> None:
    assert ("merge-field", "error") in found(text=clean().text.replace("READER_TOKEN", ""))


@pytest.mark.parametrize(
    "mark", ["{{name}}", "}}", "{{{ pm:unsubscribe }}}", "%recipient.name%", "%unsubscribe_url%", "-name-", "<%x%>"]
)
def test_no_provider_finds_anything_to_replace(mark: str) -> None:
    shown = mark.replace("<", "&lt;").replace(">", "&gt;")
    assert found(**html("Flaky tests are", f"Flaky {shown} are")) == [("substitution-marks", "error")]
    assert found(**text("Flaky tests are", f"Flaky {mark} are")) == [("substitution-marks", "error")]
    assert found(subject=f"Hello {mark} and so on") == [("substitution-marks", "error")]


@pytest.mark.parametrize("words", ["state-of-the-art", "a - b - c", "100 % recipient", "-v", "{ x }", "<5 % of it>"])
def test_ordinary_words_are_no_marks(words: str) -> None:
    assert found(**text("Flaky tests are", f"Flaky {words} are")) == []


def test_headings_begin_with_one_h1_and_skip_no_level() -> None:
    assert found(**html("h1", "h2")) == [("headings", "error")]
    assert ("headings", "error") in found(**html("h2", "h1"))
    assert ("headings", "error") in found(**html("h2", "h5"))
    assert found(**html("Two ways to live with a flaky test", "")) == [("headings", "error")]


@pytest.mark.parametrize(
    ("address", "severity"),
    [
        ("#", "error"),
        ("/about", "error"),
        ("", "error"),
        ("ftp://tool.example", "error"),
        ("http://tool.example", "warning"),
    ],
)
def test_links_are_whole_and_https(address: str, severity: str) -> None:
    changed = clean().html.replace('href="https://tool.example/"', f'href="{address}"', 1)
    assert found(html=changed) == [("link-addresses", severity)]


def test_links_have_words() -> None:
    assert found(**html(">Quarry Cloud</a>", "></a> Quarry Cloud")) == [("link-addresses", "error")]


@pytest.mark.parametrize("left", ["TK", "TODO: write this", "Lorem ipsum dolor"])
def test_nothing_is_left_to_be_written(left: str) -> None:
    for issue in (
        sample.issue(intro=left),
        sample.issue(headline=f"A week with {left}"),
        sample.issue(sections=(Section(title="Corrections", text=left),)),
    ):
        assert found(issue) == [("placeholders", "error")]


def test_a_tool_may_be_about_todo_comments() -> None:
    issue = sample.issue(also_shipped=(sample.shipped("TODO Tree", tagline="Turns TODO into tickets"),))
    assert preflight(render_email(issue, Templates()), issue) == ()


def test_there_is_a_text_part() -> None:
    assert ("text-part", "error") in found(text="")


def test_both_parts_say_the_same() -> None:
    assert found(**text("Tidepool, unless you have somebody", "Flip a coin")) == [("same-words", "error")]
    assert found(**html("Tidepool, unless you have ", "Flip a coin")) == [("same-words", "error")]
    assert found(**text("Glyphmint", "Another")) == [("same-words", "error")]
    assert ("same-words", "error") in found(**html("Copperline", "Another"))


def test_markdown_in_a_bottom_line_is_no_difference() -> None:
    line = "**Tidepool**, see [the *long* list](https://a.example/x_y), or `tidepool --try` & then\n\nleave."
    pair = sample.issue().comparisons[0].model_copy(update={"bottom_line": line})
    issue = sample.issue(comparisons=(pair,))
    assert preflight(render_email(issue, Templates()), issue) == ()


def test_long_quotes_and_old_prices_name_their_file() -> None:
    old = sample.made_verdict("Old").pricing.model_copy(update={"checked": date(2026, 8, 21)})
    fresh = old.model_copy(update={"checked": date(2026, 8, 22)})
    pair = Comparison(
        a=sample.made_verdict("Old", length=1_300, pricing=old),
        b=sample.made_verdict("Fresh", pricing=fresh),
        bottom_line="Fresh.",
    )
    issue = sample.issue(comparisons=(pair,))
    findings = preflight(render_email(issue, Templates()), issue)
    assert {(finding.check, finding.severity, finding.where) for finding in findings} == {
        ("long-quotes", "warning", "verdicts/old.yaml"),
        ("old-prices", "warning", "verdicts/old.yaml"),
    }


def test_a_letter_without_a_comparison_warns() -> None:
    issue = sample.issue(comparisons=())
    (finding,) = preflight(render_email(issue, Templates()), issue)
    assert (finding.check, finding.severity) == ("digest-only", "warning")
