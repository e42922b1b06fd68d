"""Sound letters of many kinds pass: ours with other contents, in other languages and looks, and ones made by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape

import pytest
import sample_issue as sample
from proofs import Letter, by_hand, made

from digest.model.issue import Comparison, Issue, Section
from digest.model.past_issue import PastComparison, PastIssue, PastTool
from digest.model.theme import DarkPalette, LightPalette, Theme
from digest.model.verdict import PanelScore
from digest.model.vote import CommunityVote
from digest.preflight import Past
from digest.render.email import render_email
from digest.render.templates import Templates

INK = "color:#1d1c1a"
BUTTON = "display:inline-block;padding:12px 20px;line-height:20px;background-color:#0b6640;color:#ffffff"


def pair(left: str, right: str, **changes: object) -> tuple[Comparison, ...]:
    values: dict[str, object] = {"a": sample.made_verdict(left, "split"), "b": sample.made_verdict(right)}
    values |= {"bottom_line": f"{right}, unless {left} is there already."}
    return (Comparison.model_validate({**values, **changes}),)


def of(issue: Issue) -> Letter:
    return Letter(issue, render_email(issue, Templates()))


def in_german() -> Letter:
    return made(
        language="de",
        subject="Kupferdraht oder Gezeitenbecken: wer hält die Tests ehrlich?",
        preheader="Das eine versteckt wacklige Tests, das andere repariert sie.",
        headline="Zwei Wege, mit Donaudampfschifffahrtsgesellschaftskapitänsmützen zu leben",
        intro="Wacklige Tests sind *Wetter*, bis jemand sie zählt.\n\nWir haben zählen lassen.",
        comparisons=pair(
            "Kupferdraht", "Gezeitenbecken", bottom_line="Gezeitenbecken, außer jemand leert **jeden Montag** alles."
        ),
    )


def in_arabic() -> Letter:
    return made(
        language="ar",
        subject="أي أداة تشحن معها هذا الأسبوع؟",
        preheader="واحدة تخفي الاختبارات المتقلبة والأخرى تصلحها",
        headline="طريقتان للعيش مع اختبار متقلب",
        intro="الاختبارات المتقلبة طقس حتى يعدها أحد.",
        comparisons=pair("نحاس", "مدّ"),
    )


def in_japanese() -> Letter:
    return made(
        language="ja",
        subject="どちらを出荷？",
        preheader="一つは不安定なテストを隠し、一つは直します。",
        headline="不安定なテストと暮らす二つの方法",
        intro="不安定なテストは、誰かが数えるまでは天気のようなものです。" * 8,
        comparisons=pair(
            "銅線", "潮溜まり", bottom_line="潮溜まり。ただし毎週月曜日に隔離を空にする人がいれば別です。"
        ),
    )


def looking_back() -> Letter:
    score, few = PanelScore(ships=3, reviews=4, ran=3, quorum=2), CommunityVote(ships=1, votes=2, least=10)
    tools = (
        PastTool(slug="xylo", name="Xylo", score=score, vote=CommunityVote(ships=41, votes=100, least=10)),
        PastTool(slug="yarrow", name="Yarrow", score=score, vote=few),
    )
    last = PastIssue(id="2026-W46", date=date(2026, 11, 13), comparisons=(PastComparison(a=tools[0], b=tools[1]),))
    votes = {"copperline": CommunityVote(ships=13, votes=30, least=10)}
    return made(last=last, votes=votes, number=12)


def about_odd_tools() -> Letter:
    tools = {
        "TODO Tree": "Turns TODO and FIXME comments into tickets",
        "Attachly": "Finds the file that you forgot: see attached, it says",
        "Brace": "Lints {% if %} blocks, <div> tags and &amp; references",
        "None Such": "",
        "Casino Royale": "A casino of random numbers that are 100% free and risk-free",
        "Lapse © 2019": "Time-lapse films since 2019",
        "R2-D2 & C-3PO": "Two robots, 50% off each other",
    }
    return made(also_shipped=tuple(sample.shipped(name, tagline=tagline) for name, tagline in tools.items()))


def in_the_dark_alone() -> Letter:
    dark = DarkPalette().model_dump()
    return made(theme=Theme(light=LightPalette(**dark), dark=DarkPalette(**dark)))


def with_pictures() -> Letter:
    pictures = (
        '<p><img src="https://cdn.shiporskip.dev/lake.jpg" width="560" alt="A lake at dusk, with two boats on it"></p>'
        '<p><img src="https://cdn.shiporskip.dev/rule.png" width="560" height="1" alt=""></p>'
        '<p><a href="https://shiporskip.dev/"><img src="https://cdn.shiporskip.dev/m.png" width="64" '
        'alt="Ship or Skip"></a></p>'
    )
    letter = by_hand(sample.issue(), style=INK, extra=pictures)
    return letter.with_email(text=f"{letter.email.text}\nhttps://shiporskip.dev/")


def with_a_table_of_data() -> Letter:
    table = (
        '<table><caption>Who would ship it</caption><tr><th scope="col">Reviewer</th><th scope="col">Copperline</th>'
        '<th scope="col">Tidepool</th></tr><tr><th scope="row">The Builder</th>'
        '<td style="color:#0a5736">✓ SHIP</td><td style="color:#8c1c13">✗ SKIP</td></tr>'
        '<tr><th scope="row">The Skeptic</th><td>—</td><td style="color:#8c1c13">✗ SKIP</td></tr></table>'
    )
    return by_hand(sample.issue(), style=f"background-color:#ffffff;{INK}", extra=table)


def with_stripes() -> Letter:
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td style="background-color:{ground}">yes</td>'
        f'<td style="background-color:{ground}">yes</td></tr>'
        for name, ground in (("Builder", "#ffffff"), ("Skeptic", "#eef2f4"), ("Founder", "#ffffff"))
    )
    return by_hand(sample.issue(), style=f"background-color:#ffffff;{INK}", extra=f"<table>{rows}</table>")


def with_odd_links() -> Letter:
    addresses = {
        "A list": "https://todo.sr.ht/~ada/todo",
        "A story": "https://yourstory.com/2026/11/launch-your-site-fast",
        "A page of theirs": "https://github.com/undefined-labs/null/blob/main/TODO.md?tab=readme&x={y}",
        "A house": "https://domains.google/placeholder-pages/",
        "A bücher shop": "https://bücher.example.org/a_(b)?q=a%20b",
        "A port": "https://shop.dev:8443/x",
    }
    links = " ".join(f'<a href="{escape(address)}">{words}</a>' for words, address in addresses.items())
    letter = by_hand(sample.issue(), extra=f"<p>Some more to read, if there is time: {links}</p>")
    return letter.with_email(text="\n".join([letter.email.text, *addresses, *addresses.values()]))


def with_a_button() -> Letter:
    button = f'<p><a href="https://shiporskip.dev/jobs" style="{BUTTON}">Work with us</a></p>'
    letter = by_hand(sample.issue(), style=INK, extra=button)
    return letter.with_email(text=f"{letter.email.text}\nWork with us: https://shiporskip.dev/jobs")


def to_real_readers() -> Letter:
    """From a sender, and about tools, that are no examples."""
    tools = {
        name: sample.made_verdict(
            name, homepage=f"https://{name.lower()}.dev/", pricing=_priced(f"https://{name}.dev/p")
        )
        for name in ("Copperline", "Tidepool")
    }
    letter = made(
        base_url="https://letters.shiporskip.dev",
        sender=sample.SENDER.model_copy(update={"address": "hi@shiporskip.dev", "reply_to": "editors@shiporskip.dev"}),
        comparisons=pair("Copperline", "Tidepool", a=tools["Copperline"], b=tools["Tidepool"]),
        also_shipped=(sample.shipped("Quarry", homepage="https://quarry.münchen.de/a_b?x=1&y=%20z#top"),),
    )
    past = Past({"2026-W46": "Copperline or Tidepool?"}, {frozenset(("copperline", "ledgerleaf")): "2026-W46"})
    return letter.in_company(is_real=True, past=past)


def _priced(source: str) -> object:
    return sample.made_verdict("x").pricing.model_copy(update={"source": source})


CLEAN: dict[str, Callable[[], Letter]] = {
    "ours": made,
    "the publication's own verdicts": lambda: of(sample.sample_issue()),
    "the heaviest there may be": lambda: of(sample.full_issue()),
    "nothing else shipped": lambda: made(also_shipped=()),
    "one comparison and nothing else": lambda: made(also_shipped=(), sections=()),
    "no headline and no intro": lambda: made(headline="", intro=""),
    "in German": in_german,
    "in Arabic": in_arabic,
    "in Japanese": in_japanese,
    "emoji": lambda: made(
        subject="🚀 Copperline or Tidepool 👩‍👩‍👧‍👦?", comparisons=pair("Rocket 🚀>", "Tide 👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿")
    ),
    "long words": lambda: made(
        comparisons=pair("A" * 60, "B" * 60), intro=f"{'x' * 300} and {'y' * 120}, as they say."
    ),
    "small Markdown": lambda: made(
        intro="See [the *long* list](https://a.dev/x_y), or `tool --try` & then\n\n- one\n- two\n\n1. first\n2. second",
        comparisons=pair(
            "Copperline", "Tidepool", bottom_line="**Tidepool**, or [so](https://a.dev/?a=1&b=2) & `<x>`."
        ),
    ),
    "odd tools": about_odd_tools,
    "two reviewers of four": lambda: made(
        comparisons=pair("A One", "B Two", a=sample.made_verdict("A One", ("skip", "ship")))
    ),
    "sections": lambda: made(
        sections=(
            Section(title="Corrections", text="Inkwell costs **$12**, [they say](https://inkwell.dev/p), not $9."),
            Section(title="Jobs?!", text="None this week. In 1976 copyright law changed; attached houses did not."),
        )
    ),
    "a logo": lambda: made(theme=Theme(logo="https://cdn.shiporskip.dev/logo.png", logo_width=200)),
    "dark in both schemes": in_the_dark_alone,
    "looking back at last week": looking_back,
    "a tool without a link": lambda: made(also_shipped=(sample.shipped("Bare", tagline="", homepage=None),)),
    "to real readers": to_real_readers,
    "by hand": lambda: by_hand(sample.issue()),
    "by hand, light on dark": lambda: by_hand(
        sample.issue(), style="background-color:#101418;color:#e8e6e0", head="<style>a{color:#9fd4ff}</style>"
    ),
    "by hand, with pictures": with_pictures,
    "by hand, with a table": with_a_table_of_data,
    "by hand, with a striped table": with_stripes,
    "by hand, with a list of contents": lambda: by_hand(
        sample.issue(), extra='<p><a href="#more">What else there is</a></p><h2 id="more">More</h2>'
    ),
    "links that look like placeholders": with_odd_links,
    "excitement": lambda: made(intro="Really??? Flaky tests are weather; a Hebrew name is \u202bשלום\u202c, they say."),
    "by hand, with a button": with_a_button,
    "by hand, in Hebrew": lambda: by_hand(
        sample.issue(language="he", headline="שתי דרכים", subject="מי שומר על הבדיקות?")
    ),
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_sound_letter_has_no_findings(name: str) -> None:
    assert CLEAN[name]().findings() == ()


def test_there_are_enough_of_them() -> None:
    assert len(CLEAN) >= 20
