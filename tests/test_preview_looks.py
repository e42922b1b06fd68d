"""The letter as kinds of readers see it: colours turned over, Outlook's comments, no images, no style elements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.preview.inversion import inverted, turned
from digest.preview.looks import without_images, without_styles
from digest.preview.outlook import as_outlook_reads_it, holds

CHANNEL = st.integers(0, 255)


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2


@given(CHANNEL, CHANNEL, CHANNEL)
def test_no_ground_stays_light_and_no_words_stay_dark(red: int, green: int, blue: int) -> None:
    colour = f"#{red:02x}{green:02x}{blue:02x}"
    # a lightness of 50 in CIELAB is a luminance of 0.184
    assert lightness(turned(colour, is_ground=True)) < 0.23
    assert lightness(turned(colour, is_ground=False)) > 0.15


@pytest.mark.parametrize("colour", ["transparent", "inherit", "solid", "currentColor", "#12", "rgba(255,255,255,0)"])
def test_what_is_no_visible_colour_stays(colour: str) -> None:
    assert turned(colour, is_ground=True) == colour


def test_words_turn_light_and_grounds_dark_in_attributes_blocks_and_old_tags() -> None:
    letter = (
        "<html><head><style>p{color:#111}@media (prefers-color-scheme:dark){p{color:#fafafa}}</style></head>"
        '<body style="background-color:#ffffff"><td bgcolor="#ffffff"><p style=\'border:1px solid #eee;color:black\'>x'
    )
    shown = inverted(letter)
    assert "color:#111" not in shown
    assert "background-color:#fff" not in shown
    assert 'bgcolor="#ffffff"' not in shown
    assert "color:black" not in shown
    assert "@media not all{p{color:#fafafa}}" in shown


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ("mso", True),
        ("!mso", False),
        ("mso | IE", True),
        ("(gte mso 9)|(IE)", True),
        ("lte mso 11", False),
        ("gt mso 15", True),
        ("lt mso 16", False),
        ("mso 16", True),
        ("(mso)&(!IE)", True),
        ("!(mso)|(IE)", False),
        ("IE", False),
        ("true", True),
        ("", False),
        ("anything else", False),
    ],
)
def test_conditions_hold_as_in_outlook_2016(condition: str, is_met: bool) -> None:
    assert holds(condition) is is_met


@given(st.text(alphabet="()!&| msoTF9", max_size=20))
def test_every_condition_has_an_answer(condition: str) -> None:
    assert holds(condition) in (True, False)


def test_outlook_sees_what_is_meant_for_it_and_nothing_that_is_kept_from_it() -> None:
    letter = (
        "<html><head><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><style>@media (min-width:480px){p{color:red}}"
        "p{color:blue}</style></head><body><!--[if mso | IE]><table><tr><td>ghost<![endif]-->"
        '<!--[if !mso]><!--><i>others</i><!--<![endif]--><p style="border-radius:9px;mso-line-height-rule:exactly">x'
    )
    shown = as_outlook_reads_it(letter)
    assert "ghost" in shown
    assert "others" not in shown
    assert ">96<" not in shown
    assert "@media (min" not in shown
    assert "p{color:blue}" in shown
    assert "border-radius" not in shown
    assert "mso-line-height-rule:exactly" in shown


def test_without_images_the_alt_text_is_left() -> None:
    letter = (
        '<head></head><img src="https://a.example/x.png" srcset="y.png 2x" alt="A chart" width="60">'
        '<td background="https://a.example/b.png" style="color:red;background-image:url(https://a.example/c.png)">'
    )
    shown = without_images(letter)
    assert '<img alt="A chart" width="60">' in shown
    assert "a.example" not in shown
    assert "color:red" in shown


def test_without_styles_the_attributes_are_left() -> None:
    assert without_styles("<style>a{}</style><p style='x'><STYLE media=all>b</STYLE >") == "<p style='x'>"
