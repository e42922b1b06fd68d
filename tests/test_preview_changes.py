"""What an editor changes by a page: it stands in the files as a person would have written it, and nobody's later words
are written over.
"""

from __future__ import annotations

import difflib
from html import unescape
from pathlib import Path

import pytest
from conftest import WEEK, replace_in, tree
from preview_server import Answer, Preview, previewing

from digest.jobs.build import as_it_would_be
from digest.jobs.standing import standing_of
from digest.publication import load_publication

PAGE = f"/issues/{WEEK}"
LEAD, SECOND = "smolvlm-3b-vs-perplexity-sonar-pro-2-api", "driftwood-vs-copperline"


def draft_of(folder: Path) -> Path:
    return folder / "issues" / WEEK / "issue.yaml"


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that went and came, with their sign."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("---", "+++")]


def pairs_of(folder: Path) -> list[str]:
    """The comparisons that a build would make now."""
    publication = load_publication(folder, {})
    issue = as_it_would_be(publication, standing_of(publication, WEEK)).issue
    return [f"{one.a.slug}-vs-{one.b.slug}" for one in issue.comparisons]


def on_pairs(preview: Preview, action: str, pair: str) -> Answer:
    fields = preview.fields(f"{PAGE}?panel=pairs")
    return preview.posted(f"{PAGE}/pairs", {**fields, "action": action, "pair": pair})


def test_a_changed_subject_is_one_changed_line_of_issue_yaml(built_publication: Path) -> None:
    draft = draft_of(built_publication)
    before = draft.read_text(encoding="utf-8")
    with previewing(built_publication) as preview:
        fields = preview.fields(f"{PAGE}?panel=words")
        answer = preview.posted(f"{PAGE}/words", {**fields, "subject": 'Mine: "quoted", and a # sign'})
        assert (answer.status, answer.headers["Location"]) == (303, f"{PAGE}?view=phone&panel=words&done=words")
        assert "The words are written" in preview.page(answer.headers["Location"])
    gone, came = changed_lines(before, draft.read_text(encoding="utf-8"))
    assert gone.startswith("-subject: ")
    assert came == r'+subject: "Mine: \"quoted\", and a # sign"'


def test_intro_and_bottom_lines_are_written_in_place(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        fields = preview.fields(f"{PAGE}?panel=words")
        mine = {"intro": "One line.\r\n\r\nAnother *one*.", SECOND: "**Driftwood**, unless nobody reads diffs."}
        assert preview.posted(f"{PAGE}/words", {**fields, **mine}).status == 303
        shown = preview.fields(f"{PAGE}?panel=words")
        letter = preview.page(f"{PAGE}/email.txt")
    assert shown["intro"] == "One line.\n\nAnother *one*."
    assert shown[SECOND] == mine[SECOND]
    assert "Another one." in letter
    assert "Driftwood, unless nobody reads diffs." in letter
    assert "# The lead: every reviewer's words" in draft_of(built_publication).read_text(encoding="utf-8")


def test_a_field_that_is_emptied_is_the_programs_again(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        fields = preview.fields(f"{PAGE}?panel=words")
        assert preview.posted(f"{PAGE}/words", {**fields, "headline": ""}).status == 303
        proposed = preview.fields(f"{PAGE}?panel=words")["headline"]
    assert proposed
    assert proposed != fields["headline"]
    assert "headline:" not in draft_of(built_publication).read_text(encoding="utf-8")


def test_nothing_is_overwritten_when_the_file_changed_meanwhile_and_both_versions_are_shown(
    built_publication: Path,
) -> None:
    draft = draft_of(built_publication)
    with previewing(built_publication) as preview:
        mine = {**preview.fields(f"{PAGE}?panel=words"), "subject": "What I wanted to say"}
        theirs = {**preview.fields(f"{PAGE}?panel=words"), "subject": "What somebody else said"}
        assert preview.posted(f"{PAGE}/words", theirs).status == 303
        between = draft.read_bytes()
        answer = preview.posted(f"{PAGE}/words", mine)
        assert answer.status == 409
        assert draft.read_bytes() == between
        page = unescape(answer.body)
        assert "What somebody else said" in page
        assert "What I wanted to say" in page
        seen = page.partition('name="seen" value="')[2].partition('"')[0]
        assert preview.posted(f"{PAGE}/words", {**mine, "seen": seen}).status == 303
        assert preview.fields(f"{PAGE}?panel=words")["subject"] == "What I wanted to say"


def test_a_save_in_a_text_editor_counts_as_a_change_too(built_publication: Path) -> None:
    draft = draft_of(built_publication)
    with previewing(built_publication) as preview:
        fields = preview.fields(f"{PAGE}?panel=pairs")
        replace_in(draft, "hold: []", "hold: []  # nobody")
        answer = preview.posted(f"{PAGE}/pairs", {**fields, "action": "forbid", "pair": SECOND})
    assert answer.status == 409
    assert "hold: []  # nobody" in unescape(answer.body)
    assert "forbid: []" in draft.read_text(encoding="utf-8")


def test_pairs_move_up_and_down_and_their_comments_stay(built_publication: Path) -> None:
    draft = draft_of(built_publication)
    before = draft.read_text(encoding="utf-8")
    first, second, third, *_ = pairs_of(built_publication)
    with previewing(built_publication) as preview:
        assert on_pairs(preview, "down", second).status == 303
        assert pairs_of(built_publication)[:3] == [first, third, second]
        assert on_pairs(preview, "up", second).status == 303
        assert draft.read_text(encoding="utf-8") == before
        assert on_pairs(preview, "up", first).status == 303
    assert draft.read_text(encoding="utf-8") == before


def test_a_moved_pair_takes_its_bottom_line_along_byte_for_byte(built_publication: Path) -> None:
    draft = draft_of(built_publication)
    before = draft.read_text(encoding="utf-8")
    with previewing(built_publication) as preview:
        assert on_pairs(preview, "down", LEAD).status == 303
    assert pairs_of(built_publication)[:2] == [SECOND, LEAD]
    after = draft.read_text(encoding="utf-8")
    assert sorted(after.splitlines()) == sorted(before.splitlines())
    assert "Gone" not in after


def test_a_forbidden_pair_leaves_the_letter_and_comes_back_when_it_is_allowed(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        assert on_pairs(preview, "forbid", SECOND).status == 303
        assert SECOND not in pairs_of(built_publication)
        assert "forbidden" in preview.page(f"{PAGE}?panel=pairs")
        assert on_pairs(preview, "forbid-off", SECOND).status == 303
        assert on_pairs(preview, "pin", SECOND).status == 303
    assert SECOND in pairs_of(built_publication)


def test_a_held_tool_leaves_the_letter_with_what_was_pinned_of_it(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        assert on_pairs(preview, "hold", "smolvlm-3b").status == 303
        assert not any("smolvlm-3b" in pair for pair in pairs_of(built_publication))
        assert on_pairs(preview, "release", "smolvlm-3b").status == 303
    assert "hold: []" in draft_of(built_publication).read_text(encoding="utf-8")


def test_a_pair_can_be_made_to_lead(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        assert on_pairs(preview, "lead", SECOND).status == 303
        assert "lead: [driftwood, copperline]" in draft_of(built_publication).read_text(encoding="utf-8")
        assert on_pairs(preview, "lead-off", SECOND).status == 303
    assert "driftwood, copperline" not in draft_of(built_publication).read_text(encoding="utf-8").split("lead:")[-1]


def test_desk_decisions_are_lines_of_desk_yaml(built_publication: Path) -> None:
    desk = built_publication / "issues" / WEEK / "desk.yaml"
    with previewing(built_publication) as preview:
        fields = preview.fields(f"{PAGE}?panel=desk")
        for decision, more in (("accept", {}), ("ignore", {}), ("merge", {"into": "driftwood"})):
            said = {**fields, "decision": decision, "tool": "copperline", **more}
            assert preview.posted(f"{PAGE}/desk", said).status == 303
    lines = [line for line in desk.read_text(encoding="utf-8").splitlines() if "copperline" in line]
    assert ["accept" in lines[0], "ignore" in lines[1], "into: driftwood" in lines[2]] == [True] * 3


def test_a_tool_is_added_by_its_address(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        fields = {**preview.fields(f"{PAGE}?panel=desk"), "address": "https://github.com/somebody/lanternfish"}
        assert preview.posted(f"{PAGE}/tip", {**fields, "name": ""}).status == 303
        assert "Lanternfish" in preview.page(f"{PAGE}?panel=desk")
        refused = preview.posted(f"{PAGE}/tip", {**fields, "address": "javascript:alert(1)", "name": ""})
    assert refused.status == 409
    assert "is no address of the web" in unescape(refused.body)


def test_a_verdict_is_started_written_and_mended_from_its_form(built_publication: Path) -> None:
    path = built_publication / "verdicts" / "dawn-chorus.yaml"
    form = f"{PAGE}/verdicts/dawn-chorus"
    facts = {
        **{"vendor": "Wren", "licence": "MIT", "description": "It names birds.", "category": "data"},
        **{"pricing.model": "free", "pricing.entry": "Free", "pricing.checked": "2026-11-18"},
        **{"pricing.source": "https://wren.example/price", "ship_if": "you own a garden", "skip_if": "you do not"},
        **{"homepage": "https://wren.example/", "skeptic:call": "ship", "skeptic:basis": "ran it"},
        **{"skeptic:by": "Mara", "skeptic:date": "2026-11-18", "skeptic:short": "It hears a wren."},
        **{"skeptic:quote": "It heard a wren where I heard rain, and the wren was there."},
    }
    with previewing(built_publication) as preview:
        fields = preview.fields(f"{PAGE}?panel=desk")
        assert preview.posted(f"{PAGE}/verdicts", {**fields, "tool": "dawn-chorus"}).headers["Location"] == form
        assert "The card stands here once the file has no mistakes" in preview.page(form)
        shown = preview.fields(form)
        was = {f"was.{name}": shown.get(f"was.{name}", "") for name in facts}
        assert preview.posted(form, {**shown, **was, **facts}).status == 303
        page = preview.page(form)
    assert "It hears a wren." in page.partition('class="card"')[2]
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server")


def test_a_verdict_that_changed_meanwhile_is_not_written_over(built_publication: Path) -> None:
    path, form = built_publication / "verdicts" / "copperline.yaml", f"{PAGE}/verdicts/copperline"
    with previewing(built_publication) as preview:
        fields = {**preview.fields(form), "ship_if": "mine"}
        path.write_text(path.read_text(encoding="utf-8") + "# a note\n", encoding="utf-8")
        before = path.read_bytes()
        assert preview.posted(form, fields).status == 409
        assert path.read_bytes() == before


def test_an_untouched_form_changes_no_byte(built_publication: Path) -> None:
    before = tree(built_publication)
    with previewing(built_publication) as preview:
        form = f"{PAGE}/verdicts/copperline"
        assert preview.posted(form, preview.fields(form)).status == 303
        assert preview.posted(f"{PAGE}/words", preview.fields(f"{PAGE}?panel=words")).status == 303
    assert tree(built_publication) == before


def test_approving_builds_what_the_page_shows_and_withdrawing_says_what_changed_since(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        fields = preview.fields(f"{PAGE}?panel=words")
        preview.posted(f"{PAGE}/words", {**fields, "subject": "Approved from the page: which one do you keep?"})
        approval = preview.fields(f"{PAGE}?panel=approve")
        assert preview.posted(f"{PAGE}/approve", approval).status == 303
        assert 'class="state approved"' in preview.page(PAGE)
        log = (built_publication / "issues" / WEEK / "approval.yaml").read_text(encoding="utf-8")
        assert "Approved from the page" in log
        assert preview.posted(f"{PAGE}/words", {**fields, "subject": "Too late"}).status == 409
        assert preview.posted(f"{PAGE}/withdraw", {**approval, "why": "a price changed"}).status == 303
        assert "It is what was approved last, byte for byte" in preview.page(f"{PAGE}?panel=approve")
        fields = preview.fields(f"{PAGE}?panel=words")
        preview.posted(f"{PAGE}/words", {**fields, "subject": "Another subject, after all"})
        said = unescape(preview.page(f"{PAGE}?panel=approve"))
    assert "is now “Another subject, after all”" in said
    assert "the HTML part is another one" in said


def test_another_letter_than_the_page_showed_is_not_approved(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        approval = preview.fields(f"{PAGE}?panel=approve")
        fields = preview.fields(f"{PAGE}?panel=words")
        preview.posted(f"{PAGE}/words", {**fields, "headline": "Somebody else was quicker"})
        answer = preview.posted(f"{PAGE}/approve", approval)
    assert answer.status == 409
    assert "the letter is another one than this page showed" in unescape(answer.body)
    assert not (built_publication / "issues" / WEEK / "approval.yaml").exists()


def test_an_issue_without_a_build_is_built_by_its_button(built_publication: Path) -> None:
    with previewing(built_publication) as preview:
        fields = preview.fields("/issues/2026-W48")
        assert preview.posted("/issues/2026-W48/build", fields).status == 303
    assert (built_publication / "issues" / "2026-W48" / "email.html").is_file()


@pytest.mark.parametrize("panel", ["words", "pairs", "desk"])
def test_a_letter_that_went_out_offers_no_change(sent_publication: Path, panel: str) -> None:
    with previewing(sent_publication) as preview:
        assert "<form" not in preview.page(f"{PAGE}?panel={panel}")
        assert "The balance" in preview.page(f"{PAGE}?panel=approve")


def test_a_program_at_work_is_waited_for_and_said(built_publication: Path) -> None:
    from preview_server import NOON

    from digest.jobs.lock import held

    with previewing(built_publication) as preview:
        fields = {**preview.fields(f"{PAGE}?panel=words"), "subject": "Meanwhile"}
        with held(built_publication, "run", lambda: NOON):
            answer = preview.posted(f"{PAGE}/words", fields)
    assert answer.status == 409
    assert "is at work here" in unescape(answer.body)
