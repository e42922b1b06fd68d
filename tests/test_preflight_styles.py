"""What preflight makes of styles: the cascade, colours and targets, beside what a real browser makes of them."""

from __future__ import annotations

from typing import Any

import pytest
import sample_issue as sample
from in_browser import opened
from proofs import Letter, by_hand, made

from digest.preflight import Proof
from digest.preflight.ink import hexadecimal
from digest.preflight.page import read_page
from digest.preflight.styles import Scheme, pixels, read_sheet

# Every run of words with its colour, the first colour behind it, and its size.
SEEN = """() => {
  const hex = text => '#' + (text.match(/[\\d.]+/g) || []).slice(0, 3)
    .map(v => Math.round(v).toString(16).padStart(2, '0')).join('');
  const clear = text => /rgba\\(.*, 0\\)|transparent/.test(text);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), seen = [];
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement, style = getComputedStyle(element);
    const words = walk.currentNode.data.split(/\\s+/).filter(Boolean).join(' ');
    if (!/[\\p{L}\\p{N}]/u.test(words) || !element.checkVisibility()) continue;
    let ground = element;
    while (ground && clear(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
    seen.push([words, hex(style.color), ground ? hex(getComputedStyle(ground).backgroundColor) : '',
               parseFloat(style.fontSize)]);
  }
  return seen;
}"""


def view(html: str, scheme: Scheme = "light", width: int = 600) -> dict[str, dict[str, str]]:
    """What is declared for each element of a snippet, by its tag."""
    page = read_page(f"<html><body>{html}</body></html>")
    return {
        str(element.tag): dict(style)
        for element, style in read_sheet(page.root, page.elements).view(scheme, width).items()
    }


def test_the_style_attribute_beats_the_block_unless_the_block_is_important() -> None:
    assert view('<style>p{color:red}</style><p style="color:blue">x')["p"]["color"] == "blue"
    assert view('<style>p{color:red!important}</style><p style="color:blue">x')["p"]["color"] == "red"


def test_the_closer_selector_wins_and_of_equals_the_later() -> None:
    assert view('<style>.a{color:red}p{color:blue}</style><p class="a">x')["p"]["color"] == "red"
    assert view("<style>p{color:red}p{color:blue}</style><p>x")["p"]["color"] == "blue"


@pytest.mark.parametrize(
    ("query", "scheme", "width", "applies"),
    [
        ("(prefers-color-scheme: dark)", "dark", 600, True),
        ("(prefers-color-scheme: dark)", "light", 600, False),
        ("only screen and (min-width:480px)", "light", 375, False),
        ("only screen and (min-width:480px)", "light", 600, True),
        ("(max-width:480px) and (prefers-color-scheme:dark)", "dark", 375, True),
        ("print", "light", 600, False),
        ("print, screen", "light", 600, True),
    ],
)
def test_media_queries_ask_for_scheme_and_width(query: str, scheme: Scheme, width: int, applies: bool) -> None:
    declared = view(f"<style>@media {query}{{p{{color:red}}}}</style><p>x", scheme, width)["p"]
    assert ("color" in declared) is applies


def test_shorthands_say_what_the_checks_ask_for() -> None:
    style = view(
        '<p style="background:url(x.png) #fff no-repeat;padding:1px 2px 3px;font:700 17px/28px Georgia,serif">x'
    )
    assert (style["p"]["background-color"], style["p"]["background-image"] != "none") == ("#fff", True)
    assert (style["p"]["padding-top"], style["p"]["padding-bottom"]) == ("1px", "3px")
    assert (style["p"]["font-size"], style["p"]["line-height"]) == ("17px", "28px")


def test_rules_for_other_programs_and_pointers_are_left_out() -> None:
    css = (
        "[data-ogsc] p{color:red}p:hover{color:red}p::before{color:red}p:unknown-thing{color:red}p:has(>>b){color:red}"
    )
    assert "color" not in view(f"<style>{css}</style><p>x")["p"]


@pytest.mark.parametrize(
    ("said", "length"), [("44px", 44), ("33pt", 44), ("0", 0), ("2em", None), ("auto", None), ("1.2.3px", None)]
)
def test_lengths_are_pixels_or_unknown(said: str, length: float | None) -> None:
    assert pixels(said) == length


LETTERS = {
    "ours": made,
    "the sample": lambda: Letter(sample.sample_issue(), _email(sample.sample_issue())),
    "by hand": lambda: by_hand(
        sample.issue(),
        style="background:#101418;color:rgb(232, 230, 224)",
        head="<style>a{color:#9fd4ff}li{color:hsl(0,0%,80%)}section p{font-size:120%}</style>",
    ),
}


def _email(issue: Any) -> Any:
    from digest.render.email import render_email
    from digest.render.templates import Templates

    return render_email(issue, Templates())


@pytest.mark.long
@pytest.mark.parametrize("width", [600, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", LETTERS)
def test_colours_and_sizes_are_those_that_a_browser_computes(
    name: str, scheme: Scheme, width: int, browser: Any
) -> None:
    letter = LETTERS[name]()
    with opened(browser, letter.email.html, width=width, scheme=scheme) as page:
        seen = sorted((words, colour, ground or None, size) for words, colour, ground, size in page.evaluate(SEEN))
    proof = Proof(letter.email, letter.issue)
    ours = sorted(
        (" ".join(ink.words.split()), *map(_shown, (ink.colour, ink.ground)), ink.size)
        for ink in proof.inks(scheme, width)
        if any(character.isalnum() for character in ink.words)
    )
    assert [one[0] for one in ours] == [one[0] for one in seen]
    differing = [
        (mine, theirs)
        for mine, theirs in zip(ours, seen, strict=True)
        if (theirs[2] and mine[2] != theirs[2]) or mine[1] != theirs[1] or abs(mine[3] - theirs[3]) > 0.1
    ]
    assert differing == []


def _shown(colour: tuple[float, float, float] | None) -> str | None:
    return hexadecimal(colour) if colour else None
