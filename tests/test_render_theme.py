"""A publication's own colours, type, logo and language; and colours that nobody could read are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sample_issue as sample
from conftest import line_of, replace_in
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from digest.files.problems import BrokenFile
from digest.model.theme import LEAST_CONTRAST, DarkPalette, LightPalette, Palette, Theme, contrast, faint
from digest.publication import load_publication
from digest.render.email import render_email
from digest.render.templates import Templates

TEMPLATES = Templates()
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def html_with(**theme: object) -> str:
    return render_email(sample.sample_issue().model_copy(update={"theme": Theme.model_validate(theme)}), TEMPLATES).html


def mistakes_of(publication: Path, toml: str) -> list[str]:
    """What is said of digest.toml with these lines at its end."""
    path = publication / "digest.toml"
    path.write_text(path.read_text(encoding="utf-8") + toml, encoding="utf-8")
    with pytest.raises(BrokenFile) as caught:
        load_publication(publication, {})
    return [mistake.replace(str(publication), "") for mistake in caught.value.mistakes]


def line_count(publication: Path) -> int:
    return (publication / "digest.toml").read_text(encoding="utf-8").count("\n")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_that_of_the_web_s_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@given(colours, colours)
def test_contrast_lies_between_one_and_twenty_one(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) <= 21.0001


@pytest.mark.parametrize("palette", [LightPalette(), DarkPalette()])
def test_the_program_s_own_colours_can_be_read(palette: Palette) -> None:
    assert list(faint(palette)) == []


def test_each_text_colour_is_judged_on_each_ground_that_it_stands_on() -> None:
    everything = dict.fromkeys(Palette.model_fields, "#808080")
    found = {(pair.text, pair.ground) for pair in faint(LightPalette(**everything))}
    assert len(found) == 13
    assert {("ink", "answer"), ("accent", "page"), ("on_accent", "accent"), ("skip", "skip_chip")} <= found


def test_the_letter_takes_the_theme_s_colours_in_both_schemes() -> None:
    html = html_with(light={"accent": "#7a1f5c"}, dark={"accent": "#f0a8d8", "paper": "#101010"})
    styles = " ".join(re.findall(r"<style.*?</style>", html, re.DOTALL))
    assert html.count("#7a1f5c") > 20
    assert "#0b6640" not in html
    assert "a{color:#f0a8d8!important}" in styles
    assert "#101010" in styles
    assert "#101010" not in html.replace(styles, "")[html.index("<body") :]


def test_the_letter_takes_the_theme_s_type() -> None:
    html = html_with(headings="Futura, sans-serif", words="Palatino, serif", labels="Verdana, sans-serif")
    assert "Georgia" not in html
    assert "Helvetica" not in html
    assert all(font in html for font in ("Futura", "Palatino", "Verdana"))


def test_a_logo_stands_for_the_name_and_says_it() -> None:
    html = html_with(logo="https://letter.example.com/logo.png", logo_width=120)
    (logo,) = etree.fromstring(html, etree.HTMLParser()).iter("img")
    assert (logo.get("alt"), logo.get("width")) == ("Ship or Skip", "120")
    assert logo.get("src") == "https://letter.example.com/logo.png"


@pytest.mark.parametrize(
    ("language", "direction", "sides"),
    [("en", "ltr", ("left", "right")), ("pt-BR", "ltr", ("left", "right")), ("ar", "rtl", ("right", "left"))],
)
def test_the_letter_is_written_in_the_publication_s_language(
    language: str, direction: str, sides: tuple[str, str]
) -> None:
    html = render_email(sample.issue(language=language), TEMPLATES).html
    page = etree.fromstring(html, etree.HTMLParser())
    assert {(element.get("lang"), element.get("dir")) for element in page.iter() if element.get("lang")} == {
        (language, direction)
    }
    assert f"border-{sides[0]}:4px" in html
    assert f"border-{sides[1]}:4px" not in html
    assert f"direction:{'ltr' if direction == 'rtl' else 'rtl'}" not in html


@pytest.mark.parametrize(
    ("language", "direction"), [("he", "rtl"), ("fa-IR", "rtl"), ("az-Arab", "rtl"), ("ku-Latn", "ltr"), ("ja", "ltr")]
)
def test_a_named_script_decides_over_the_language_s_usual_one(language: str, direction: str) -> None:
    assert sample.issue(language=language).direction == direction


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_faint_colour_is_refused_with_its_line(publication: Path, scheme: str) -> None:
    ground = getattr(Theme(), scheme).paper
    found = mistakes_of(publication, f'\n[theme.{scheme}]\npage = "{ground}"\nquiet = "#808080"\n')
    line = line_count(publication)
    assert found
    assert found[0].startswith(f"/digest.toml:{line}:1: theme.{scheme}.quiet: #808080 against paper {ground} has a")
    assert found[0].endswith(f"text needs {LEAST_CONTRAST}:1; choose colours that lie further apart")


def test_a_ground_that_swallows_the_program_s_own_text_is_the_one_to_change(publication: Path) -> None:
    found = mistakes_of(publication, '\n[theme.light]\npaper = "#1b1c1a"\n')
    assert all(
        f"/digest.toml:{line_count(publication)}:1: theme.light.paper: #1b1c1a against" in line for line in found
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('accent = "green"', "theme.light.accent: must be a colour of six digits such as #0b6640"),
        ('accents = "#0b6640"', "theme.light.accents: is not a field that is known here"),
    ],
)
def test_what_is_no_colour_is_refused_with_its_line(publication: Path, line: str, said: str) -> None:
    (found,) = mistakes_of(publication, f"\n[theme.light]\n{line}\n")
    assert found.startswith(f"/digest.toml:{line_count(publication)}:1: {said}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("words = \"'Palatino', serif\"", "theme.words: must be names of fonts"),
        ('logo = "logo.png"', "theme.logo: must be an address"),
        ("logo_width = 900", "theme.logo_width: "),
    ],
)
def test_what_no_mail_can_show_is_refused(publication: Path, line: str, said: str) -> None:
    replace_in(publication / "digest.toml", "\n[theme]\n", f"\n[theme]\n{line}\n")
    (found,) = mistakes_of(publication, "")
    assert found.startswith(f"/digest.toml:{line_of(publication / 'digest.toml', line)}:1: {said}")


def test_what_is_no_language_is_refused(publication: Path) -> None:
    path = publication / "digest.toml"
    replace_in(path, 'language = "en"', 'language = "English"')
    (found,) = mistakes_of(publication, "")
    line = line_of(path, "English")
    assert found.startswith(f"/digest.toml:{line}:1: language: must be a language tag such as en")
