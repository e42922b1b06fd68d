"""One fault each: every one is found, under the id of the check that is there for it, and no other error is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sample_issue as sample
from proofs import Letter, by_hand, made

from digest.model.issue import Comparison, Section
from digest.model.verdict import Verdict
from digest.preflight import CHECKS, Past, Reply

LEAVE = "https://letter.example.com/unsubscribe/READER_TOKEN"
CHOOSE = "https://letter.example.com/preferences/READER_TOKEN"
FAULTS: dict[str, tuple[str, Callable[[], Letter]]] = {}


def fault(check: str) -> Callable[[Callable[[], Letter]], Callable[[], Letter]]:
    def kept(make: Callable[[], Letter]) -> Callable[[], Letter]:
        FAULTS[make.__name__] = (check, make)
        return make

    return kept


def faults(check: str, **letters: Callable[[], Letter]) -> None:
    FAULTS.update({name: (check, make) for name, make in letters.items()})


def pair(**changes: object) -> tuple[Comparison, ...]:
    return (sample.issue().comparisons[0].model_copy(update=changes),)


def aged(**changes: object) -> tuple[Comparison, ...]:
    return pair(b=sample.issue().comparisons[0].b.model_copy(update=changes))


# around the letter
faults("subject-missing", no_subject=lambda: made().with_email(subject=" "))
faults("subject-missing", a_line_break_in_the_subject=lambda: made().with_email(subject="A week of\nheaders: x"))
faults("subject-too-long", a_subject_of_151=lambda: made().with_email(subject="Word " * 30 + "x"))
faults(
    "subject-length",
    a_subject_of_one_word=lambda: made().with_email(subject="Tools"),
    a_subject_that_is_cut_off=lambda: made().with_email(subject="Copperline or Tidepool, and four more " * 3),
)
faults(
    "subject-shouting",
    a_subject_in_capitals=lambda: made().with_email(subject="WHO KEEPS YOUR TESTS HONEST"),
    many_exclamation_marks=lambda: made().with_email(subject="Who keeps your tests honest!!!"),
)
faults(
    "subject-pretends",
    a_subject_that_answers=lambda: made().with_email(subject="Re: your flaky tests"),
    a_subject_that_forwards=lambda: made().with_email(subject="FWD: your flaky tests"),
)
faults(
    "subject-repeated",
    last_week_s_subject=lambda: made().in_company(past=Past({"2026-W46": made().email.subject})),
    the_subject_of_eleven_weeks_ago_with_a_mark=lambda: made().in_company(
        past=Past(
            {f"2026-W{week}": f"Letter {week}" for week in range(46, 35, -1)}
            | {"2026-W35": f"Fwd: RE:  {made().email.subject.upper()}"}
        )
    ),
)
faults("preheader-missing", no_preheader=lambda: made(preheader=""))
faults("preheader-length", a_long_preheader=lambda: made(preheader="One hides them and one repairs them. " * 4))
faults("preheader-repeats", a_preheader_that_repeats=lambda: made(preheader=sample.issue().subject))
faults("preheader-unshown", a_preheader_that_is_not_in_the_mail=lambda: made().with_email(preheader="Another line."))
faults("sender-name", nobody_sends_it=lambda: made().sender(name=""))
faults("sender-address", no_sender_address=lambda: made().sender(address="letter@"))
faults("reply-to-missing", no_reply_to=lambda: made().sender(reply_to=""))
faults(
    "reply-to-unread",
    no_reply=lambda: made().sender(reply_to="no-reply@example.com"),
    a_newsletter_s_no_reply=lambda: made().sender(reply_to="weekly-noreply@example.com"),
    keine_antwort=lambda: made().sender(reply_to="nicht-antworten@example.com"),
)

# the way out
faults(
    "unsubscribe-link",
    no_way_out=lambda: made().html(LEAVE, "https://letter.example.com/bye"),
    no_way_out_in_the_text=lambda: made().text(LEAVE, "https://letter.example.com/bye"),
    a_hidden_way_out=lambda: made().html(rf'href="{LEAVE}" style="', f'href="{LEAVE}" style="display:none!important;'),
)
faults("preferences-link", no_preferences=lambda: made().html(CHOOSE, "https://letter.example.com/choices"))
faults(
    "postal-address",
    no_postal_address=lambda: made().html("12 Harbour Row, ", ""),
    no_postal_address_in_the_text=lambda: made().text("12 Harbour Row, ", ""),
    no_postal_address_at_all=lambda: made().sender(postal_address=""),
)
faults(
    "merge-field",
    a_merge_field_in_the_words=lambda: made().html("Flaky tests are", "READER_TOKEN: flaky tests are"),
    a_merge_field_in_the_subject=lambda: made().with_email(subject="For READER_TOKEN: flaky tests"),
    a_merge_field_in_the_middle=lambda: made().text(r"(unsubscribe/READER_TOKEN)", r"\1 or \1/now"),
    a_merge_field_that_was_kept_apart=lambda: made().inside(
        '<p>Was it any good? <a href="https://letter.example.com/vote/x/R&#8204;EADER_TOKEN">Say so to us</a></p>'
    ),
)
faults(
    "substitution-marks",
    a_greeting_by_name=lambda: made().html("Flaky tests are", "Dear {{first_name}}, flaky tests are"),
    a_mark_of_mailgun_s=lambda: made().text("Flaky tests are", "Dear %recipient.name%, flaky tests are"),
)
faults(
    "template-marks",
    a_statement_that_was_not_run=lambda: made().inside("<p>{% if corrections %} none this week {% endif %}</p>"),
    another_service_s_tag=lambda: made().inside("<p>You get this as *|EMAIL|* on our list.</p>"),
)

# weight
faults("html-too-large", a_letter_that_gmail_clips=lambda: made().html("</body>", f"<!--{'x' * 90_000}--></body>"))
faults("html-large", a_heavy_letter=lambda: made().html("</body>", f"<!--{'x' * 52_000}--></body>"))
faults("css-too-large", a_lot_of_css=lambda: made().styled(".unused{margin:0}" * 900))
faults("css-nested", a_media_query_in_supports=lambda: made().styled("@supports (x:y){@media print{p{margin:0}}}"))
faults("line-length", an_endless_line=lambda: made().text(r"\Z", "\n" + "x" * 999))
faults("word-count", next_to_nothing=lambda: few_words())
faults("reading-time", an_hour_s_reading=lambda: made(intro="Flaky tests are weather until somebody counts. " * 620))

# words
faults(
    "placeholders",
    a_tk=lambda: made(intro="The vendor says TK, and we will ask again before Monday comes."),
    a_todo=lambda: made(sections=(Section(title="Corrections", text="TODO: say what was wrong."),)),
    lorem_ipsum=lambda: made().inside("<p>Lorem ipsum dolor sit amet, consectetur.</p>"),
    an_insertion=lambda: made(headline="Two ways to live with [insert tool]"),
    an_unwritten_postal_address=lambda: made(
        sender=sample.SENDER.model_copy(update={"postal_address": "TODO: address"})
    ),
    a_quote_that_was_never_written=lambda: made(
        comparisons=aged(reviews=(sample.made_review("skeptic", "ship", "Tidepool", quote="Lorem ipsum dolor."),))
    ),
)
faults("empty-values", a_price_that_is_none=lambda: made().inside("<p>From</p><p>$None</p>"))
faults("turned-words", a_turned_name=lambda: made().html("Flaky tests are", "Flaky \u202etests\u202c are"))
faults(
    "unseen-characters",
    a_zero_width_space=lambda: made().html("Flaky tests are", "Fla\u200bky tests are"),
    a_zero_width_space_in_the_subject=lambda: made().with_email(subject="Who keeps your te\u200bsts honest?"),
)
faults(
    "broken-characters",
    a_wrong_encoding=lambda: made().html("Flaky tests are", "Flaky tests arenâ€™t"),
    an_entity_escaped_twice=lambda: made().inside("<p>Bread &amp;amp; butter, and what else there is.</p>"),
)
faults("spam-words", an_offer=lambda: made(intro="Act now: flaky tests are weather until somebody counts them all."))
faults(
    "attachment",
    an_attachment=lambda: made(intro="Flaky tests are weather. See the attached file for the numbers."),
    ein_anhang=lambda: made(intro="Flaky tests sind Wetter. Die Zahlen stehen im Anhang."),
)
faults("copyright-year", last_year_s_copyright=lambda: made().inside("<p>© 2025 Ship or Skip. All rights kept.</p>"))

# two parts
faults("text-part", no_text=lambda: made().with_email(text=""))
faults(
    "same-words",
    another_answer_in_the_text=lambda: made().text(
        "Tidepool, unless you have somebody", "Flip a coin, unless somebody"
    ),
    a_tool_that_the_mail_lacks=lambda: made().html("Glyphmint", "Another one"),
    another_headline=lambda: made().html("Two ways to live with a flaky test", "Three ways to live with it"),
)
faults("parts-differ", a_text_that_says_something_else=lambda: another_text())
faults("parts-links", a_link_that_the_text_lacks=lambda: made().text(r"https://tool\.example/glyphmint", "the web"))
faults("parts-figures", a_score_that_differs=lambda: made().text(r"\b75\s%", "50 %"))
faults("text-width", an_unfolded_line=lambda: made().text("Flaky tests are", "Flaky tests are really " * 5))
faults("text-markup", a_tag_in_the_text=lambda: made().text("Flaky tests are", "Flaky tests<br> are"))

# links
faults(
    "link-addresses",
    a_relative_link=lambda: linked("/archive/46"),
    a_link_without_a_scheme=lambda: linked("www.tidepool.dev/pricing"),
    a_script_in_a_link=lambda: linked("javascript:void(0)"),
    a_misspelt_scheme=lambda: linked("htps://tidepool.dev/pricing"),
    a_scheme_that_stands_twice=lambda: linked("https://https://tidepool.dev/pricing"),
    a_link_with_a_space=lambda: linked("https://tidepool.dev/our pricing"),
    a_host_without_a_domain=lambda: linked("https://tidepool/pricing"),
    a_broken_mail_address=lambda: linked("mailto:editors"),
    a_password_in_a_link=lambda: linked("https://ada:secret@tidepool.dev/pricing"),
    an_anchor=lambda: linked("#corrections"),
)
faults(
    "link-placeholders",
    a_hash=lambda: linked("#"),
    nothing=lambda: linked(""),
    a_todo_for_a_link=lambda: linked("TODO"),
    your_domain=lambda: linked("https://your-domain.com/pricing"),
    braces=lambda: linked("https://tidepool.dev/{slug}"),
)
faults("link-examples", an_example_in_a_real_letter=lambda: real(linked("https://www.example.com/pricing")))
faults("link-https", a_link_without_https=lambda: linked("http://tidepool.dev/pricing"))
faults("link-shorteners", a_shortener=lambda: linked("https://bit.ly/3xYz"))
faults(
    "link-repeated",
    a_copied_link=lambda: made().html(
        'href="https://tool.example/glyphmint"', 'href="https://tool.example/quarry-cloud"'
    ),
)
faults(
    "text-addresses", a_cut_address=lambda: made().text(r"(https://tool\.example/glyphmint)", r"\1 https://tool.exa…")
)
faults("link-words", a_link_without_words=lambda: linked("https://tidepool.dev/pricing", words=""))
faults(
    "link-generic",
    click_here=lambda: linked("https://tidepool.dev/pricing", words="Click here"),
    hier=lambda: linked("https://tidepool.dev/pricing", words="hier klicken"),
    an_arrow=lambda: linked("https://tidepool.dev/pricing", words="→"),
)
faults(
    "link-same-words",
    two_places_under_one_name=lambda: made().inside(
        '<p>Prices: <a href="https://a.dev/x">The price list</a> and <a href="https://b.dev/x">the price list</a></p>'
    ),
)

# images
faults("image-alt", an_image_without_alt=lambda: image('src="https://cdn.dev/a.png" width="200"'))
faults(
    "image-alt-words",
    a_file_name_for_alt=lambda: image('src="https://cdn.dev/a.png" width="200" alt="hero_final-2.png"'),
    image_1=lambda: image('src="https://cdn.dev/a.png" width="200" alt="Image 1"'),
)
faults(
    "image-address",
    a_file_of_this_machine=lambda: image('src="images/a.png" width="200" alt="A lake"'),
    an_attached_image=lambda: image('src="cid:a@b" width="200" alt="A lake"'),
)
faults("data-addresses", an_embedded_image=lambda: image('src="data:image/png;base64,AAAA" width="200" alt="A lake"'))
faults("image-size", a_huge_image=lambda: image('src="https://cdn.dev/a.png" width="2400" alt="A lake"'))
faults("image-https", an_image_without_https=lambda: image('src="http://cdn.dev/a.png" width="200" alt="A lake"'))

# structure
faults("document-title", no_title=lambda: made().html("<title>.*?</title>", "<title></title>"))
faults(
    "language",
    no_language=lambda: made().html('<html lang="en"', "<html"),
    no_direction=lambda: made().html('(<html[^>]*) dir="ltr"', r"\1"),
)
faults(
    "language-other",
    another_language=lambda: made().html('<html lang="en"', '<html lang="de"'),
    another_direction=lambda: made().html('(<html[^>]*) dir="ltr"', r'\1 dir="rtl"'),
)
faults("language-inside", no_language_inside=lambda: made().html("(<body[^>]*>)", r"\1<div>Good morning.</div>"))
faults(
    "headings",
    two_first_headings=lambda: made().inside("<h1>Another one</h1>"),
    no_first_heading=lambda: made().html(r"<(/?)h1\b", r"<\1h2"),
    a_level_left_out=lambda: made().inside("<h2>What else</h2><h4>And this</h4>"),
    an_empty_heading=lambda: made().inside("<h2> </h2>"),
)
faults(
    "layout-tables",
    a_table_without_a_role=lambda: made().inside("<table><tr><td>Left</td><td>Right</td></tr></table>"),
    a_table_for_outlook_without_a_role=lambda: made().inside("<!--[if mso]><table><tr><td><![endif]-->"),
    data_that_says_it_is_layout=lambda: made().inside(
        '<table role="presentation"><tr><th scope="col">Tool</th></tr><tr><td>Tidepool</td></tr></table>'
    ),
)
faults("table-scopes", a_heading_without_scope=lambda: made().html(r'(<th\b[^>]*?) scope="\w+"', r"\1", count=1))
faults(
    "active-elements",
    a_script=lambda: made().inside("<script>1</script>"),
    a_frame=lambda: made().inside('<iframe src="https://a.dev" title="A"></iframe>'),
    a_handler=lambda: made().inside('<p onclick="go()">Press it.</p>'),
)
faults("zoom", a_locked_zoom=lambda: made().html("initial-scale=1", "initial-scale=1,user-scalable=no"))
faults("duplicate-ids", one_id_twice=lambda: made().inside('<p id="x">One</p><p id="x">Two</p>'))
faults("aria", a_role_that_there_is_not=lambda: made().inside('<p role="headline">Read on</p>'))
faults("vml", a_shape_without_alt=lambda: made().inside('<!--[if mso]><v:rect fill="t"></v:rect><![endif]-->'))
faults("doctype", no_doctype=lambda: made().html("<!doctype html>", ""))

# colours
faults("contrast-light", grey_on_white=lambda: made().inside('<p style="color:#9a9a9a">A quiet line.</p>'))
faults("contrast-dark", ink_that_stays_dark=lambda: in_the_dark("#1d1c1a"))
faults(
    "contrast-dark",
    a_ground_that_stays_light=lambda: made().inside('<p style="background-color:#ffffff;color:#222222">It fades.</p>'),
)
faults(
    "hard-coded-black",
    black=lambda: made().inside('<div style="background-color:#fff;color:#000">A black line on white.</div>'),
)
faults(
    "colour-only",
    dots=lambda: made().inside(
        '<p>Tidepool <span style="color:#0a5736">●</span> Copperline <span style="color:#8c1c13">●</span></p>'
    ),
    cells=lambda: made().inside(
        '<table><tr><th scope="row">Builder</th><td style="background-color:#d8efe0"></td></tr></table>'
    ),
    equal_words=lambda: made().inside(
        '<table><tr><th scope="row">Builder</th><td style="background-color:#d8efe0;color:#0a5736">call</td>'
        '<td style="background-color:#fbe2de;color:#8c1c13">call</td></tr></table>'
    ),
)
faults(
    "link-colour-only",
    a_link_in_its_colour_alone=lambda: made().inside(
        '<p style="color:#1d1c1a">They say so themselves, on a page about '
        '<a href="https://tidepool.dev/p" style="color:#1a2c6b;text-decoration:none">what it costs</a> to run.</p>'
    ),
)
faults(
    "inline-important",
    an_important_colour=lambda: made().inside(
        '<div style="background-color:#fff!important;color:#222!important">A line.</div>'
    ),
)
faults(
    "target-size",
    a_small_button=lambda: made().inside(
        '<p><a href="https://tidepool.dev/p" style="display:inline-block;padding:4px 8px;line-height:20px;'
        'border:1px solid #888888">Try Tidepool</a></p>'
    ),
)
faults(
    "target-size",
    a_small_way_out=lambda: made().html(
        rf'href="{LEAVE}" style="[^"]*"', f'href="{LEAVE}" style="color:#0b6640;font-size:13px;line-height:16px"'
    ),
)
faults("small-text", small_print=lambda: made().inside('<p style="font-size:9px">You agreed to all of it.</p>'))
faults(
    "mail-programs",
    a_layout_with_flex=lambda: made().inside('<div style="display:flex;justify-content:center">Middle</div>'),
    a_position=lambda: made().inside('<p style="position:absolute;top:0">Above</p>'),
    a_variable=lambda: made().inside('<p style="margin:var(--gap)">Apart</p>'),
    a_film=lambda: made().inside('<video src="https://a.dev/a.mp4"></video>'),
    a_web_font=lambda: made().styled("@font-face{font-family:X;src:url(https://a.dev/x.woff2)}"),
    a_drawing=lambda: made().inside('<svg width="9" height="9"><circle r="4"/></svg>'),
)

# contents
faults("digest-only", no_comparison=lambda: made(comparisons=()))
faults(
    "lead-untried",
    a_lead_that_nobody_ran=lambda: made(
        comparisons=aged(
            reviews=(
                sample.made_review("skeptic", "ship", "Tidepool", basis="read the docs"),
                sample.made_review("builder", "skip", "Tidepool", basis="saw a demo"),
            )
        )
    ),
)
faults("unreviewed", a_tool_that_nobody_judged=lambda: made(comparisons=aged(reviews=())))
faults("long-quotes", a_long_quote=lambda: made(comparisons=pair(b=sample.made_verdict("Tidepool", length=1_300))))
faults(
    "old-prices",
    an_old_price=lambda: priced(date(2026, 8, 21)),
    a_price_from_tomorrow=lambda: priced(date(2026, 11, 21)),
)
faults(
    "old-verdicts",
    an_old_verdict=lambda: made(
        comparisons=aged(reviews=(sample.made_review("skeptic", "ship", "Tidepool", date=date(2026, 5, 1)),))
    ),
)
faults(
    "tool-repeated",
    a_tool_that_stands_there_twice=lambda: made(
        also_shipped=(
            sample.shipped("Quarry Cloud"),
            sample.shipped("Tidepool"),
        )
    ),
)
faults(
    "pair-repeated",
    a_pair_of_the_spring=lambda: made().in_company(past=Past({}, {frozenset(("copperline", "tidepool")): "2026-W12"})),
)

# what others say
faults("built", an_edited_mail=lambda: made().in_company(again=made(headline="Another one").email))
faults(
    "dead-links",
    a_dead_link=lambda: linked("https://tidepool.dev/gone").in_company(
        replies={"https://tidepool.dev/gone": Reply("there is no such document any more (HTTP 404)", True)}
    ),
)
faults(
    "silent-links",
    a_server_in_trouble=lambda: linked("https://tidepool.dev/p").in_company(
        replies={"https://tidepool.dev/p": Reply("the server is in trouble (HTTP 502)")}
    ),
)
faults("spam-points", many_points=lambda: made().in_company(spam_points=2.3))


def linked(address: str, words: str = "What Tidepool costs") -> Letter:
    letter = made().inside(f'<p>They say it: <a href="{address}">{words}</a>, on a page of its own.</p>')
    shown = address if address.startswith("http") else ""
    return letter.with_email(text=f"{letter.email.text}\n\nThey say it: {words}, on a page of its own:\n{shown}")


def image(attributes: str) -> Letter:
    return made().inside(f"<p><img {attributes}></p>")


def real(letter: Letter) -> Letter:
    """To real readers, from a sender and to tools that are no examples."""
    kept = "https://www.example.com"
    for name in ("html", "text"):
        part = getattr(letter.email, name).replace(kept, "KEPT")
        for example, name_of_their_own in (
            ("letter.example.com", "letter.dev"),
            ("tool.example", "tool.dev"),
            ("@example.com", "@letter.dev"),
        ):
            part = part.replace(example, name_of_their_own)
        letter = letter.with_email(**{name: part.replace("KEPT", kept)})
    issue = letter.issue.model_copy(update={"base_url": "https://letter.dev"})
    return Letter(issue, letter.email, {"is_real": True})


def few_words() -> Letter:
    return by_hand(
        sample.issue(comparisons=pair(a=brief("Copperline"), b=brief("Tidepool")), intro="Short.", also_shipped=())
    )


def brief(name: str) -> Verdict:
    return sample.made_verdict(name, reviews=(sample.made_review("skeptic", "ship", name, quote="Yes."),))


def another_text() -> Letter:
    letter, issue = made(), sample.issue()
    pair = issue.comparisons[0]
    kept = [issue.headline, pair.a.name, pair.b.name, pair.bottom_line.replace("*", ""), issue.sender.postal_address]
    kept += [tool.name for tool in issue.also_shipped]
    links = [word for word in letter.email.text.split() if word.startswith("http")]
    return letter.with_email(text="\n".join([*kept, *links, "75 % 50 %", "Read the rest online."]))


def in_the_dark(colour: str) -> Letter:
    """A line that its own rule keeps dark in the dark."""
    return (
        made()
        .styled(
            f"@media (prefers-color-scheme:dark){{.box{{background-color:#111111!important;color:{colour}!important}}}}"
        )
        .inside('<p class="box" style="background-color:#ffffff;color:#1d1c1a">A line.</p>')
    )


def priced(day: date) -> Letter:
    pricing = sample.issue().comparisons[0].b.pricing.model_copy(update={"checked": day})
    return made(comparisons=aged(pricing=pricing))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_its_check_and_by_no_other_error(name: str) -> None:
    check, make = FAULTS[name]
    findings = make().findings()
    assert check in {finding.check for finding in findings}, findings
    assert {finding.check for finding in findings if finding.severity == "error"} <= {check}, findings
    assert all(finding.what and finding.where and finding.cure for finding in findings)


def test_every_check_has_a_faulty_letter() -> None:
    assert {check.id for check in CHECKS} == {check for check, _ in FAULTS.values()}
    assert len(FAULTS) >= 40
