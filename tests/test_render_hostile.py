"""Whatever a feed or a verdict says, it is shown as text: the letter's tags are the template's alone."""

from __future__ import annotations

import re

import sample_issue as sample
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from digest.mail.merge_field import MERGE_FIELD, SUBSTITUTION_MARKS
from digest.model.issue import Comparison, Issue
from digest.render.email import render_email
from digest.render.templates import Templates

TEMPLATES = Templates()
NASTY = (
    "<script>alert(1)</script>",
    "</td></tr></table><h1>x",
    '" onclick="x',
    "' style='x",
    "{{x}}",
    "{% include 'x' %}",
    "{# x #}",
    "🚀> b",
    "”> 5 < 6",
    "<!--[if mso]>x<![endif]-->",
    "<mj-text>x</mj-text>",
    "<mj-include path='/etc/passwd' />",
    "]]>",
    "&amp;lt;",
    "&#60;b&#62;",
    "\u202egnp.exe",
    "\u2067x",
    "a\x00b\x0bc",
    '"font-family: Roboto"',
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "![x](https://tool.example/x.png)",
    "# x",
    "<style>*{display:none}</style>",
    "%recipient.x%",
    "%unsubscribe_url% <%x%> [%x%] -name-",
    MERGE_FIELD,
    f"at https://tool.example/{MERGE_FIELD}",
    "one\r\nBcc: everybody@example.com",
    "a\u200bb\u200dc\u2060d\ufeffe",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
    "مقارنة بين أداتين",
    "どちらを出荷すべきか",
    "w" * 5_000,
)
hostile = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=12)), min_size=1, max_size=4).map(
    lambda words: " ".join(["x", *words])
)
lines = hostile.map(lambda text: " ".join(text.split()))


def letter(line: str, text: str) -> Issue:
    """An issue with the same hostile words at every place that a stranger may fill."""
    review = sample.made_review("builder", "ship", "x", short=line, quote=text, by=line, disclosure=line)
    words = {"vendor": line, "tagline": line, "licence": line, "ship_if": line, "skip_if": line, "reviews": (review,)}
    first, second = (
        sample.made_verdict(name, **{**words, "slug": slug}) for name, slug in ((line, "first"), (line, "second"))
    )
    pair = Comparison(a=first, b=second, bottom_line=line, reason=line)
    changes = {
        "subject": line,
        "preheader": text,
        "headline": line,
        "also_shipped": (sample.shipped(line, tagline=text),),
    }
    return sample.issue(comparisons=(pair, pair), **changes)


def skeleton(html: str, but: frozenset[str]) -> list[str]:
    """The document's tags in order; small Markdown may add a few of its own, which are left out."""
    page = etree.fromstring(html, etree.HTMLParser())
    return [element.tag for element in page.iter(etree.Element) if element.tag not in but]


def as_read(text: str) -> str:
    """What a person sees of a text: no white space that folding could move, no signs that have no width."""
    return "".join(
        re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", text).split()
    )


def test_hostile_words_never_change_the_structure() -> None:
    markdown = frozenset({"p", "em", "strong", "a", "code", "ul", "ol", "li", "br"})
    plain = skeleton(render_email(letter("x", "x"), TEMPLATES).html, markdown)

    @settings(max_examples=25, deadline=None)
    @given(lines, hostile)
    def check(line: str, text: str) -> None:
        email = render_email(letter(line, text), TEMPLATES)
        html = email.html
        assert skeleton(html, markdown) == plain
        page = etree.fromstring(html, etree.HTMLParser())
        assert not [name for name in page.xpath("//@*") if name.attrname.startswith("on")]  # type: ignore[union-attr]
        assert all(str(href).startswith(("https:", "http:", "mailto:")) for href in page.xpath("//a/@href"))
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", html + email.text)
        # the words are there to be read, in both parts
        assert as_read("".join(page.find(".//h1").itertext())) == as_read(line)
        assert as_read("".join(page.xpath("//p[starts-with(., 'by ')]")[0].itertext())) == as_read(f"by {line}")
        assert as_read(line) in as_read(email.text)
        # and no provider finds anything in them to put something else in its place
        for part in (html, email.text):
            assert part.count(MERGE_FIELD) == len(
                re.findall(rf"https://letter\.example\.com/[\w/-]+/{MERGE_FIELD}", part)
            )
            assert part.count(MERGE_FIELD) == 6
        seen = [*page.find("body").itertext(), *(str(value) for value in page.xpath("//@*[name() != 'style']"))]
        assert not any(SUBSTITUTION_MARKS.search(text) for text in seen)
        assert not SUBSTITUTION_MARKS.search(email.text)

    check()


def test_every_nasty_name_is_shown_as_it_is_written() -> None:
    for nasty in NASTY:
        html = render_email(letter(" ".join(nasty.split()), "x"), TEMPLATES).html
        page = etree.fromstring(html, etree.HTMLParser())
        assert as_read("".join(page.find(".//h1").itertext())) == as_read(nasty)


def test_no_words_bring_a_font_from_the_web_in() -> None:
    html = render_email(letter('"font-family: Roboto" and "font-family: Lato"', "x"), TEMPLATES).html
    assert "googleapis" not in html


def test_words_with_line_breaks_stay_one_line_in_the_text_part() -> None:
    issue = sample.issue(
        also_shipped=(sample.shipped("Plain", tagline="one\r\n\r\n-- \r\nUnsubscribe: https://evil.example"),)
    )
    assert "- Plain — one -- Unsubscribe: https://evil.example" in render_email(issue, TEMPLATES).text
