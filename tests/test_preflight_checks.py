"""The bounds of single checks, where they say that a fault is, and how much they say."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import date

import pytest
import sample_issue as sample
from hypothesis import given, settings
from hypothesis import strategies as st
from proofs import Letter, made

from digest.model.issue import Section
from digest.preflight import CHECKS, Past, Proof, findings_of, preflight
from digest.preflight.check import TOLD
from digest.render.email import render_email
from digest.render.templates import Templates


def told(letter: Letter) -> list[tuple[str, str]]:
    return [(finding.check, finding.severity) for finding in letter.findings()]


def where(letter: Letter) -> list[str]:
    return [finding.where for finding in letter.findings()]


def test_the_checks_render_nothing() -> None:
    program = "import sys, digest.preflight; print([m for m in sys.modules if m.startswith(('digest.render', 'mjml'))])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_check_says_in_words_what_it_holds_a_letter_to() -> None:
    assert all(check.says.endswith((".", "?")) and "\n" not in check.says for check in CHECKS)
    assert len({check.id for check in CHECKS}) == len(CHECKS)


def test_what_protects_readers_cannot_be_waived() -> None:
    guards = {check.id for check in CHECKS if not check.can_be_waived}
    assert guards >= {"unsubscribe-link", "merge-field", "html-too-large", "postal-address"}
    assert all(check.severity == "error" for check in CHECKS if not check.can_be_waived)


@pytest.mark.parametrize(("length", "fine"), [(9, False), (10, True), (78, True), (79, False), (150, False)])
def test_the_subject_has_a_length_that_inboxes_show(length: int, fine: bool) -> None:
    assert told(made().with_email(subject="x" * length)) == ([] if fine else [("subject-length", "warning")])


def test_five_signs_are_enough_where_signs_are_words() -> None:
    assert told(made().with_email(subject="どちらか？")) == []


@pytest.mark.parametrize(
    ("size", "check"),
    [(80_000, None), (80_001, "html-large"), (100_000, "html-large"), (100_001, "html-too-large")],
)
def test_the_size_is_counted_in_bytes(size: int, check: str | None) -> None:
    short = size - len(made().email.html.encode()) - 7
    heavy = made().html("</body>", f"<!--{'é' * (short // 2)}{'x' * (short % 2)}--></body>")
    assert len(heavy.email.html.encode()) == size
    assert [finding.check for finding in heavy.findings()] == ([check] if check else [])


def test_the_travelling_size_is_named_beside_the_size() -> None:
    (finding,) = made().html("</body>", f"<!--{'=' * 50_000}--></body>").findings()
    assert "as quoted-printable" in finding.what


def test_a_line_of_the_text_part_is_counted_in_bytes_too() -> None:
    assert told(made().text(r"\Z", "\n" + "x" * 998)) == []
    assert told(made().text(r"\Z", "\n" + "é" * 500)) == [("line-length", "error")]


@pytest.mark.parametrize("words", ["state-of-the-art", "a - b - c", "100 % recipient", "-v", "{ x }", "<5 % of it>"])
def test_ordinary_words_are_no_marks(words: str) -> None:
    assert "substitution-marks" not in dict(told(made().text("Flaky tests are", f"Flaky {words} are")))


@pytest.mark.parametrize("age", [12, 13])
def test_the_last_twelve_subjects_count(age: int) -> None:
    subjects = {f"issue {number}": f"Subject {number}" for number in range(1, age)}
    past = Past({**subjects, f"issue {age}": made().email.subject})
    assert told(made().in_company(past=past)) == ([("subject-repeated", "error")] if age == 12 else [])


def test_a_price_may_be_90_days_old_and_a_verdict_180() -> None:
    def aged(price: int, review: int) -> Letter:
        day = sample.DAY.toordinal()
        pair = sample.issue().comparisons[0]
        old = pair.b.model_copy(
            update={
                "pricing": pair.b.pricing.model_copy(update={"checked": date.fromordinal(day - price)}),
                "reviews": (
                    sample.made_review("skeptic", "ship", "Tidepool", date=date.fromordinal(day - review)),
                    sample.made_review("builder", "ship", "Tidepool", date=date.fromordinal(day - 400)),
                ),
            }
        )
        return made(comparisons=(pair.model_copy(update={"b": old}),))

    assert told(aged(90, 180)) == []
    assert told(aged(91, 180)) == [("old-prices", "warning")]
    assert told(aged(90, 181)) == [("old-verdicts", "warning")]


def test_a_fault_in_what_editors_wrote_names_its_line() -> None:
    sections = (Section(title="Notes", text="Nothing."), Section(title="Corrections", text="TK"))
    letter = made(sections=sections).in_company(lines={("sections", 1, "text"): 31, ("sections",): 24})
    assert where(letter) == ["issue.yaml:31: sections[2].text"]
    assert where(made(sections=sections)) == ["issue.yaml: sections[2].text"]


def test_a_fault_in_the_mail_names_line_element_and_words() -> None:
    (place,) = where(made().inside("<p>A lake: <img src='https://cdn.dev/a.png' width='9'></p>"))
    assert re.fullmatch(r"email\.html:\d+: p > img, near “A lake:”", place)


def test_a_fault_that_repeats_is_told_a_few_times_and_counted() -> None:
    letter = made().inside(
        "<img src='https://cdn.dev/{}.png' width='9'>" * 1
        + "".join(f"<img src='https://cdn.dev/{number}.png' width='9'>" for number in range(20))
    )
    findings = [finding for finding in letter.findings() if finding.check == "image-alt"]
    assert len(findings) == TOLD + 1
    assert findings[-1].what.startswith("15 more like these")


def test_a_person_may_write_what_a_template_may_not_leave() -> None:
    tool = sample.shipped("Brace", tagline="Lints {% if %} and &nbsp; in TODO lists")
    assert told(made(also_shipped=(tool,))) == []


def test_example_domains_are_for_the_outbox() -> None:
    checks = dict(told(made().in_company(is_real=True)))
    assert checks == {"link-examples": "error"}


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_any_words_in_place_of_the_mail_are_judged_and_break_nothing(words: str) -> None:
    email = made().email.model_copy(update={"html": words, "text": words, "subject": words, "preheader": words})
    checks = {finding.check for finding in preflight(email, sample.issue())}
    assert {"unsubscribe-link", "headings", "language", "document-title"} <= checks


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.sampled_from(["<table>", "<td>", "<a href=", "'", ">", "</p>", "<!--[if mso]>", "<style>@media{", "}"]))
)
def test_torn_markup_is_judged_and_breaks_nothing(pieces: list[str]) -> None:
    torn = made().inside("".join(pieces).replace("\\", ""))
    assert isinstance(findings_of(Proof(torn.email, torn.issue)), tuple)


def test_the_full_letter_is_checked_in_less_than_300_milliseconds_of_processor_time() -> None:
    issue = sample.full_issue()
    email = render_email(issue, Templates())
    took = []
    for _ in range(3):
        begun = time.process_time()
        preflight(email, issue)
        took.append(time.process_time() - begun)
    assert min(took) < 0.300
