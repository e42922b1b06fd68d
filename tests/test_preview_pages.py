"""What an editor reads: every issue with its state, its mail, its inbox row, its headers and preflight's findings."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from pathlib import Path

from conftest import WEEK, line_of, replace_in, tree
from preview_server import previewing

from digest.jobs.build import read_built
from digest.jobs.set_up import set_up
from digest.jobs.standing import standing_of
from digest.model.issue import Email
from digest.preview.views import PANELS, VIEWS
from digest.publication import load_publication

PAGE = f"/issues/{WEEK}"


def envelope(folder: Path) -> Email:
    """The words around the sample issue's mail."""
    email = read_built(standing_of(load_publication(folder, {}), WEEK))
    assert email is not None
    return email


def words(page: str) -> str:
    """A page as it reads, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_the_start_leads_to_the_newest_issue_with_a_mail(sent_publication: Path) -> None:
    (sent_publication / "issues" / "2026-W48").mkdir(exist_ok=True)
    with previewing(sent_publication) as preview:
        answer = preview.asked("/")
    assert (answer.status, answer.headers["Location"]) == (302, PAGE)


def test_the_start_leads_to_the_issue_that_was_asked_for(sent_publication: Path) -> None:
    with previewing(sent_publication, week="2026-W48") as preview:
        assert preview.asked("/").headers["Location"] == "/issues/2026-W48"


def test_before_the_first_build_the_start_says_what_to_do(tmp_path: Path) -> None:
    set_up(tmp_path / "letter", bare=True)
    with previewing(tmp_path / "letter") as preview:
        assert "No issue is built yet Run digest build" in words(preview.page("/"))


def test_an_issue_says_its_name_state_subject_weight_and_when_it_went_out(sent_publication: Path) -> None:
    with previewing(sent_publication) as preview:
        read = words(preview.page(PAGE))
    assert f"{WEEK} sent went out Friday 20 November 2026, 09:05 " in read
    assert re.search(r"\b\d\d KB of HTML", read)
    assert envelope(sent_publication).subject in read


def test_the_inbox_row_has_sender_subject_and_preheader(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        row = words(preview.page(PAGE).partition('<div class="row">')[2].partition("</div>")[0])
    email = envelope(built_publication)
    assert row == f"Ship or Skip 09:00 {email.subject} {email.preheader}"


def test_all_issues_are_listed_newest_first_with_their_states(sent_publication: Path) -> None:
    shutil.copytree(sent_publication / "issues" / WEEK, sent_publication / "issues" / "2026-W46")
    (sent_publication / "issues" / "2026-W46" / "sent.yaml").write_text("at: never\n", encoding="utf-8")
    (sent_publication / "issues" / "2026-W48").mkdir(exist_ok=True)
    with previewing(sent_publication) as preview:
        listed = words(preview.page(PAGE).partition("<main")[0])
    assert listed.endswith("2026-W48 27 Nov draft, not built 2026-W47 20 Nov sent 2026-W46 13 Nov broken")


def test_the_light_mail_stays_light_and_the_dark_one_dark_on_every_desktop(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        light, dark = preview.page(f"{PAGE}/email.html"), preview.page(f"{PAGE}/email.html?look=dark")
    assert "prefers-color-scheme" not in light + dark
    assert "@media not all{" in light
    assert "@media not all{" not in dark
    assert "@media all{" in dark


def test_the_text_part_is_shown_and_served_as_it_lies_in_the_folder(built_publication: Path) -> None:
    text = (built_publication / "issues" / WEEK / "email.txt").read_text(encoding="utf-8")
    with previewing(built_publication) as preview:
        answer = preview.asked(f"{PAGE}/email.txt")
        shown = preview.page(f"{PAGE}?view=text")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.body == text
    assert text.strip() in unescape(shown)


def test_the_headers_are_those_of_one_made_up_reader(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        shown = unescape(preview.page(f"{PAGE}?view=headers"))
    for header in (
        "From: Ship or Skip <letter@example.com>",
        "To: sample.reader@example.com",
        f"Subject: {envelope(built_publication).subject}",
        "Date: Fri, 20 Nov 2026 08:00:00 +0000",
        "List-Unsubscribe: <https://letter.example.com/unsubscribe/A-SAMPLE-TOKEN-THAT-OPENS-NOTHING>,",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        'Content-Type: text/plain; charset="utf-8"',
        'Content-Type: text/html; charset="utf-8"',
    ):
        assert f"\n{header}\n" in shown.replace("<pre>", "\n").replace("</pre>", "\n")


def test_a_sent_issue_carries_the_moment_it_went_out(sent_publication: Path) -> None:
    with previewing(sent_publication) as preview:
        assert "Date: Fri, 20 Nov 2026 08:05:00 +0000" in preview.page(f"{PAGE}?view=headers")


def test_the_letter_shown_is_the_one_that_the_files_make_now(built_publication: Path) -> None:
    folder, subject = built_publication / "issues" / WEEK, envelope(built_publication).subject
    built = (folder / "email.html").read_bytes()
    with previewing(built_publication) as preview:
        assert "not built since" not in words(preview.page(PAGE))
        replace_in(folder / "issue.yaml", subject, "A subject that nobody built yet")
        read = words(preview.page(PAGE))
    assert "A subject that nobody built yet" in read
    assert "not built since the last change" in read
    assert (folder / "email.html").read_bytes() == built


def test_preflights_findings_stand_there_with_severity_place_and_cure(built_publication: Path) -> None:
    folder, subject = built_publication / "issues" / WEEK, envelope(built_publication).subject
    replace_in(folder / "issue.yaml", subject, subject + " Well." * 20)
    with previewing(built_publication) as preview:
        read = words(preview.page(PAGE))
    where = rf"issues/{WEEK}/issue\.yaml:\d+: subject"
    assert re.search(rf"(Error|Warning) the subject has \d+ characters {where} use ", read)


def test_a_clean_issue_says_that_every_check_passed(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        assert "Preflight no errors, no warnings Every check passed." in words(preview.page(PAGE))


def test_a_broken_file_is_named_with_its_line_and_the_mail_is_still_shown(built_publication: Path) -> None:
    draft = built_publication / "issues" / WEEK / "issue.yaml"
    draft.write_text(draft.read_text(encoding="utf-8") + "subjct: x\n", encoding="utf-8")
    with previewing(built_publication) as preview:
        page = preview.page(PAGE)
    where = f"issues/{WEEK}/issue.yaml:{line_of(draft, 'subjct')}:1: subjct: is not a field"
    assert where in words(page)
    assert "<iframe" in page
    assert str(built_publication) not in page


def test_every_view_of_a_broken_issue_can_be_read(built_publication: Path) -> None:
    folder = built_publication / "issues" / WEEK
    broken = {"issue.yaml": "- a\n", "approval.yaml": "- decision: maybe\n", "inputs.json": "{", "tools.jsonl": "{}\n"}
    for name, content in broken.items():
        before = (folder / name).read_bytes() if (folder / name).exists() else None
        (folder / name).write_text(content, encoding="utf-8")
        with previewing(built_publication) as preview:
            for view in VIEWS:
                assert f"issues/{WEEK}/{name}:1" in preview.page(f"{PAGE}?view={view}")
        (folder / name).unlink() if before is None else (folder / name).write_bytes(before)


def test_a_pair_that_came_after_the_build_stands_in_the_letter(built_publication: Path) -> None:
    folder = built_publication / "issues" / WEEK
    first, second = next(iter(json.loads((folder / "inputs.json").read_text(encoding="utf-8"))["answers"])).split(
        "-vs-"
    )
    (folder / "issue.yaml").write_text(f"comparisons:\n  - tools: [{second}, {first}]\n", encoding="utf-8")
    with previewing(built_publication) as preview:
        page = preview.page(f"{PAGE}?panel=pairs")
        read = words(page)
    assert f'id="pair-{second}-vs-{first}"' in page
    assert "not built since the last change" in read


def test_an_envelope_that_makes_no_message_is_said_in_a_line(sent_publication: Path) -> None:
    inputs = sent_publication / "issues" / WEEK / "inputs.json"
    data = json.loads(inputs.read_text(encoding="utf-8"))
    data["sender"]["address"] = "nobody at all"
    inputs.write_text(json.dumps(data), encoding="utf-8")
    with previewing(sent_publication) as preview:
        assert "these words make no message" in preview.page(f"{PAGE}?view=headers")


def test_an_issue_without_a_build_says_what_to_do(sent_publication: Path) -> None:
    (sent_publication / "issues" / "2026-W48").mkdir(exist_ok=True)
    with previewing(sent_publication) as preview:
        page = preview.page("/issues/2026-W48")
        assert preview.asked("/issues/2026-W48/email.html").status == 404
    assert "Run digest build --week 2026-W48" in words(page)
    assert "<iframe" not in page


def test_an_issue_that_is_not_there_is_answered_kindly(built_publication: Path) -> None:
    paths = ("/issues/2030-W01", "/issues/2026-W60", "/issues/..", "/issues/%2e%2e/email.txt", "/nowhere")
    with previewing(built_publication) as preview:
        for path in (*paths, f"{PAGE}?view=smell"):
            answer = preview.asked(path)
            assert answer.status == 404
            assert "To the newest issue" in answer.body


def test_reading_changes_nothing(built_publication: Path) -> None:
    before = tree(built_publication, without=())
    with previewing(built_publication) as preview:
        for path in ("/", PAGE, f"{PAGE}/email.html", f"{PAGE}/email.txt", f"{PAGE}/verdicts/copperline"):
            preview.page(path) if path != "/" else preview.asked(path)
        for view in VIEWS:
            preview.page(f"{PAGE}?view={view}")
        for panel in PANELS:
            preview.page(f"{PAGE}?panel={panel}")
    assert tree(built_publication, without=()) == before
