"""MJML mistakes that the compiler would swallow are found, with the template's line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sample_issue as sample
from lxml import etree

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile
from digest.render.email import render_email
from digest.render.templates import Templates

LETTER = """<mjml lang="en" dir="ltr">
<mj-head></mj-head>
<mj-body width="600px">
<mj-section>
<mj-column>
{}
</mj-column>
</mj-section>
</mj-body>
</mjml>"""


def mistakes_of(folder: Path, source: str, name: str = "email.mjml.j2") -> list[str]:
    """What is said of a letter whose template is this one."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(source, encoding="utf-8")
    try:
        render_email(sample.issue(), Templates(folder))
    except BrokenFile as error:
        return list(error.mistakes)
    return []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("<mj-tezt>x</mj-tezt>", "6: <mj-tezt> is no MJML; did you mean mj-text?"),
        ("<mj-text colour='#ffffff'>x</mj-text>", "6: <mj-text> knows no colour; did you mean color?"),
        ('<mj-text padding="24">x</mj-text>', '6: padding="24" of <mj-text>; write one to four lengths such as 0 24px'),
        ('<mj-text color="#12">x</mj-text>', '6: color="#12" of <mj-text>; write a colour such as #0b6640'),
        ("<mj-image src='https://a.example/x.png' />", '6: <mj-image> lacks alt; write alt="…"'),
        ("<mj-button>x</mj-button>", '6: <mj-button> lacks href; write href="…"'),
        (
            "<mj-section></mj-section>",
            "6: <mj-section> stands in <mj-column>, where it is lost; it belongs into mj-body",
        ),
        (
            "<mj-text><mj-button href='https://a.example'>x</mj-button></mj-text>",
            "6: <mj-button> stands in <mj-text>, where it is lost; it belongs into mj-column",
        ),
        ("<p>x</p>", "6: <p> stands loose in <mj-column>, where it is lost; put it into mj-text or mj-raw"),
        ("words", "5: words stand loose in <mj-column>, where they are lost: words; put them into mj-text"),
        ("<mj-text>x", "6: <mj-text> is not closed before </mj-column>; write </mj-text> where it ends"),
        ("<mj-text><b>x</mj-text>", "6: <b> is not closed before </mj-text>; write </b> where it ends"),
        ("<mj-text>x</i></mj-text>", "6: </i> closes nothing; take it out, or open it"),
        (
            "<mj-hero></mj-hero>",
            "6: <mj-hero> is not in the part of MJML that all compilers draw alike; "
            "use mj-section with a background-color",
        ),
        ("<mj-include path='/etc/passwd' />", "6: <mj-include> is not in the part of MJML that all compilers"),
        ('<mj-text mj-class="a b">x</mj-text>', '6: mj-class="a b" of <mj-text>; write one name'),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_cure(tmp_path: Path, line: str, said: str) -> None:
    found = mistakes_of(tmp_path, LETTER.format(line))
    assert found
    assert found[0].startswith(f"templates/email.mjml.j2:{said}")


def test_a_padded_section_of_several_columns_is_refused(tmp_path: Path) -> None:
    columns = "<mj-column><mj-text>x</mj-text></mj-column>" * 2
    source = f'<mjml><mj-body>\n<mj-section padding="20px 24px">\n{columns}</mj-section></mj-body></mjml>'
    assert (
        "email.mjml.j2:2: <mj-section> has several columns and padding at its sides" in mistakes_of(tmp_path, source)[0]
    )
    assert mistakes_of(tmp_path, source.replace("20px 24px", "20px 0 4px")) == []


def test_importance_in_the_inlined_rules_is_refused(tmp_path: Path) -> None:
    head = "<mjml><mj-head><mj-raw>\n<style data-inline>p { margin: 0 !important; }</style></mj-raw></mj-head>"
    source = head + "<mj-body><mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section></mj-body></mjml>"
    assert "email.mjml.j2:2: !important in the rules that are inlined" in mistakes_of(tmp_path, source)[0]


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    found = mistakes_of(tmp_path, LETTER.format('<mj-tezt>x</mj-tezt>\n<mj-text padding="a">x</mj-text>'))
    assert [re.search(r"j2:(\d+)", line)[1] for line in found] == ["6", "7"]  # type: ignore[index]


def test_the_line_is_that_of_the_included_template(tmp_path: Path) -> None:
    source = (
        '{# a comment\n over two lines #}\n{% if letter.minutes %}\n<p class="title">\n<b>The letter</p>\n{% endif %}\n'
    )
    found = mistakes_of(tmp_path, source, "email/masthead.mjml.j2")
    assert found == [
        "templates/email/masthead.mjml.j2:5: <b> is not closed before </p>; write </b> where it ends",
    ]


def test_the_line_is_that_of_the_macro(tmp_path: Path) -> None:
    parts = (Templates()._folders[0] / "email" / "parts.mjml.j2").read_text(encoding="utf-8")
    line = parts.split("\n").index(next(line for line in parts.split("\n") if "macro said" in line)) + 1
    found = mistakes_of(tmp_path, parts.replace('<td class="answer">', '<td class="answer"><i>'), "email/parts.mjml.j2")
    assert found[0].startswith(f"templates/email/parts.mjml.j2:{line}: <i> is not closed before </td>")


@pytest.mark.parametrize("source", ["", "no markup at all", "<mjml></mjml>"])
def test_what_is_no_mjml_is_a_broken_template(tmp_path: Path, source: str) -> None:
    (tmp_path / "email.mjml.j2").write_text(source, encoding="utf-8")
    with pytest.raises(BrokenInput, match=r"templates/email\.mjml\.j2: there is no <mj"):
        render_email(sample.issue(), Templates(tmp_path))


def test_words_that_look_like_tags_are_no_mistake() -> None:
    said = '<mj-text> {{ x }} <b data-from="templates/x:1"> </div>'
    email = render_email(sample.issue(headline=said, intro=said), Templates())
    assert "&lt;mj-text&gt;" in email.html
    words = "".join(etree.fromstring(email.html, etree.HTMLParser()).find(".//body").itertext())
    for shown in (words, email.text):  # what people wrote is never taken for a mark
        assert shown.count('data-from="templates/x:1"') == 2


def test_no_mark_is_left_in_the_mail() -> None:
    assert "data-from" not in render_email(sample.sample_issue(), Templates()).html
