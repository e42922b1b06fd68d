"""What the HTML part of a letter holds to, whatever is in the issue."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import sample_issue as sample
from lxml import etree

from digest.mail.merge_field import MERGE_FIELD
from digest.model.issue import Comparison, Issue
from digest.model.vote import CommunityVote
from digest.preflight import preflight
from digest.render.email import render_email
from digest.render.templates import Templates

TEMPLATES = Templates()
TESTS = Path(__file__).resolve().parent


def html_of(issue: Issue) -> str:
    return render_email(issue, TEMPLATES).html


def page_of(issue: Issue) -> etree._Element:
    return etree.fromstring(html_of(issue), etree.HTMLParser())


def words_of(issue: Issue) -> str:
    body = page_of(issue).find("body")
    for block in body.iter("p", "h1", "h2", "h3", "br", "td"):
        block.tail = f" {block.tail or ''}"
    return " ".join("".join(body.itertext()).split())


def test_the_same_issue_gives_the_same_bytes_in_any_process() -> None:
    program = (
        "import sample_issue as s; from digest.render.email import render_email;"
        "from digest.render.templates import Templates; import hashlib;"
        "e = render_email(s.issue(), Templates()); print(hashlib.sha256((e.html + e.text).encode()).hexdigest())"
    )
    hashes = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{TESTS}:{TESTS.parent}", "LC_ALL": "C"}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        hashes.add(done.stdout.strip())
    assert len(hashes) == 1


def test_a_full_letter_stays_under_75_kilobytes() -> None:
    assert len(html_of(sample.full_issue()).encode()) <= 75_000


def test_a_short_comparison_weighs_at_most_10_kilobytes() -> None:
    whole = sample.full_issue()
    fewer = whole.model_copy(update={"comparisons": whole.comparisons[:-1]})
    assert len(html_of(whole).encode()) - len(html_of(fewer).encode()) <= 10_000


@pytest.mark.parametrize("make", [sample.issue, sample.sample_issue, sample.full_issue])
def test_a_sound_letter_passes_preflight(make: object) -> None:
    issue = make()  # type: ignore[operator]
    assert preflight(render_email(issue, TEMPLATES), issue) == ()


def test_the_document_is_whole_and_loads_nothing() -> None:
    html = html_of(sample.issue())
    assert html.startswith("<!doctype html>\n<html ")
    assert "data-premailer" not in html
    assert "data-inline" not in html
    for loading in ("<link", "@import", "<img", "<script", "url(", "fonts.googleapis"):
        assert loading not in html


def test_plain_rules_are_inlined_and_never_important() -> None:
    styles = page_of(sample.issue()).xpath("//@style")
    assert any("Georgia" in style for style in styles)
    assert not any("important" in style for style in styles)


def test_dark_mode_and_media_queries_stay_in_blocks_of_their_own() -> None:
    blocks = ["".join((style.text or "").split()) for style in page_of(sample.issue()).iter("style")]
    dark = [block for block in blocks if "prefers-color-scheme:dark" in block]
    outlook = [block for block in blocks if "[data-ogsc]" in block]
    assert len(dark) == len(outlook) == 1
    assert dark != outlook
    assert dark[0].count("!important") >= 20
    assert sum(len(block.encode()) for block in blocks) < 16_384  # Gmail drops styles beyond that


def test_no_style_holds_two_closing_braces_together() -> None:
    assert "}}" not in html_of(sample.full_issue())


def test_words_are_heard_in_their_language() -> None:
    page = page_of(sample.issue())
    assert [page.get("lang"), page.get("dir")] == ["en", "ltr"]
    for child in page.find("body").iterchildren("div", "table"):
        assert [child.get("lang"), child.get("dir")] == ["en", "ltr"]
    assert page.find("body").get("lang") == "en"
    assert page.findtext(".//title") == sample.issue().subject
    inner = page.xpath("//div[@role='article']")[0]
    assert inner.get("aria-label") == sample.issue().subject


def test_layout_tables_are_presentation_and_data_tables_name_their_cells() -> None:
    page = page_of(sample.sample_issue())
    data = [table for table in page.iter("table") if table.get("role") != "presentation"]
    assert len(data) == 4
    for table in data:
        assert [cell.get("scope") for cell in table.findall(".//tr")[0]] == ["col"] * 3
        assert {row[0].get("scope") for row in table.findall(".//tr")[1:]} == {"row"}


def test_a_bar_leaves_the_empty_cell_out_at_both_ends() -> None:
    comparison = Comparison(
        a=sample.made_verdict("All", "all"), b=sample.made_verdict("None", "none"), bottom_line="All."
    )
    page = page_of(sample.issue(comparisons=(comparison,)))
    widths = [[cell.get("width") for cell in bar.iter("td")] for bar in page.xpath("//table[@aria-hidden]")]
    assert widths == [["100%"], ["100%"]]


def test_the_answer_stands_under_the_question_before_the_evidence() -> None:
    words = words_of(sample.issue())
    order = [
        "Copperline vs Tidepool",
        "Which one should you ship with?",
        "Tidepool, unless",
        "would ship it",
        "The Builder",
    ]
    places = [words.index(part) for part in order]
    assert places == sorted(places)


def test_the_merge_field_stands_in_the_ways_out_and_the_votes_and_nowhere_else() -> None:
    email = render_email(sample.issue(), TEMPLATES)
    own = [
        "vote/2026-W47/copperline",
        "vote/2026-W47/tidepool",
        "preferences",
        "unsubscribe",
    ]
    for part in (email.html, email.text):
        found = re.findall(rf"https://letter\.example\.com/([\w/-]+)/{MERGE_FIELD}(?=[\"\n]|$)", part)
        assert found == own
        assert part.count(MERGE_FIELD) == len(own)


def test_each_tool_has_one_button_to_vote_that_names_it() -> None:
    page = page_of(sample.sample_issue())
    tools = [tool for pair in sample.sample_issue().comparisons for tool in (pair.a, pair.b)]
    assert ["".join(link.itertext()) for link in page.xpath("//a[contains(@href, '/vote/')]")] == [
        f"Vote on {tool.name}" for tool in tools
    ]


def test_the_masthead_says_which_letter_it_is_and_where_it_lies_online() -> None:
    issue = sample.issue(number=12)
    before_headline = words_of(issue).partition("Two ways")[0].strip()
    assert before_headline.endswith("Ship or Skip No. 12 · 20 November 2026 · 2 min read · View online")
    assert page_of(issue).xpath("//a[.='View online']/@href") == ["https://letter.example.com/issues/2026-W47"]
    assert "No. " not in words_of(sample.issue())


def test_readers_are_heard_beside_the_panel_where_enough_of_them_voted() -> None:
    votes = {
        "copperline": CommunityVote(ships=41, votes=100, least=10),
        "tidepool": CommunityVote(ships=3, votes=4, least=10),
    }
    words = words_of(sample.issue(votes=votes))
    assert "Readers: 41 % of 100 readers" in words
    assert "Readers: —" in words
    assert "75 % of 4" not in words


def test_last_week_s_lines_say_what_panel_and_readers_said_and_where_they_disagree_most() -> None:
    words = words_of(sample.full_issue())
    assert f"{sample.LONG} 0: the panel said 3 of 4, you said 41 %" in words
    assert f"{sample.LONG} 5: the panel said 2 of 4, you said —" in words  # four votes are too few
    assert f"We disagree most on {sample.LONG} 7: 0 % of the panel would ship it, and 98 % of 120 readers." in words


def test_a_letter_long_ago_is_not_called_last_week() -> None:
    past = sample.past_issue().model_copy(update={"date": date(2026, 11, 6)})
    assert "Our last letter, 6 November 2026" in words_of(sample.issue(last=past))
    assert "Last week" not in words_of(sample.issue(last=past))


def test_without_a_letter_before_there_are_no_lines_about_it() -> None:
    assert "the panel said" not in words_of(sample.issue())


def test_a_short_comparison_leads_to_its_page() -> None:
    page = page_of(sample.sample_issue())
    assert page.xpath("//a[.='Hushnote vs Minutely in full']/@href") == [
        "https://letter.example.com/compare/hushnote-vs-minutely"
    ]


def test_who_got_it_forwarded_finds_a_way_in_without_a_token() -> None:
    assert page_of(sample.issue()).xpath("//a[.='Get your own Ship or Skip']/@href") == ["https://letter.example.com/"]


def test_a_score_below_the_quorum_is_said_in_words_without_a_bar() -> None:
    comparison = Comparison(
        a=sample.made_verdict("One", ("ship",)), b=sample.made_verdict("Many", "ship"), bottom_line="Many."
    )
    page = page_of(sample.issue(comparisons=(comparison,)))
    assert "1 of 1 " in words_of(sample.issue(comparisons=(comparison,))).replace(" ", " ")
    assert len(page.xpath("//table[@aria-hidden]")) == 1


def test_tools_without_reviews_show_a_dash() -> None:
    comparison = Comparison(
        a=sample.made_verdict("One", ()), b=sample.made_verdict("Two", ()), bottom_line="Neither yet."
    )
    for comparisons in ((comparison,), (*sample.issue().comparisons, comparison)):
        words = words_of(sample.issue(comparisons=comparisons))
        assert words.count("No reviewer has judged it yet") == 2
        assert "—" in words


def test_a_reviewer_who_judged_one_tool_only_has_a_dash_for_the_other() -> None:
    comparison = Comparison(
        a=sample.made_verdict("Three", ("ship",) * 3), b=sample.made_verdict("Four"), bottom_line="Four."
    )
    page = page_of(sample.issue(comparisons=(comparison,)))
    assert next("".join(cell.itertext()) for cell in page.xpath("//tr[th='The Founder']/td")) == "—"


def test_a_letter_without_comparisons_says_that_verdicts_come_next_week() -> None:
    issue = sample.issue(comparisons=())
    assert "Verdicts next week" in words_of(issue)
    assert [finding.check for finding in preflight(render_email(issue, TEMPLATES), issue)] == ["digest-only"]


@pytest.mark.parametrize(
    "changes",
    [
        {"also_shipped": ()},
        {"intro": ""},
        {"headline": ""},
        {"preheader": ""},
        {"sections": ()},
        {"also_shipped": (), "comparisons": (), "intro": "  ", "sections": ()},
        {"also_shipped": (sample.shipped("Bare", tagline="", homepage=None),)},
        {"panel": ()},
    ],
    ids=lambda changes: "+".join(changes),
)
def test_a_letter_without_a_part_still_stands(changes: dict[str, object]) -> None:
    issue = sample.issue(**changes)
    email = render_email(issue, TEMPLATES)
    assert [finding for finding in preflight(email, issue) if finding.severity == "error"] == []
    assert "<p></p>" not in email.html


def test_a_disclosure_is_shown_with_its_quote() -> None:
    review = sample.made_review("builder", "ship", "One", disclosure="The vendor lent us an account.")
    comparison = Comparison(
        a=sample.made_verdict("One", reviews=(review,)), b=sample.made_verdict("Two"), bottom_line="Two."
    )
    email = render_email(sample.issue(comparisons=(comparison,)), TEMPLATES)
    assert "Disclosure: The vendor lent us an account." in email.html
    assert "Disclosure: The vendor lent us an account." in email.text
