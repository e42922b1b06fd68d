"""Our compiled letter beside the reference compiler's: the same pixels, the same columns in Outlook.

Both go through our inliner, since that is not what is compared here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import sample_issue as sample
from in_browser import SCHEMES, as_outlook_reads_it, opened, without_styles
from references import Compiled, compiled_by_reference

from digest.model.issue import Issue
from digest.render.email import compiled, dressed, letter_mjml
from digest.render.letter import letter_of
from digest.render.mjml_subset import SUBSET
from digest.render.templates import Templates

pytestmark = pytest.mark.long

# What the program's own templates don't use, but a publication's may: every other element of the subset.
WHOLE_SUBSET = """<mjml lang="en" dir="ltr"><mj-head><mj-title>The subset</mj-title><mj-attributes>
<mj-all font-family="Helvetica, Arial, sans-serif" />
<mj-text font-size="16px" line-height="24px" padding="0 24px 12px" />
<mj-section background-color="#ffffff" padding="0" /><mj-class name="note" color="#625d54" />
<mj-button background-color="#0b6640" color="#ffffff" border-radius="6px" font-weight="700" inner-padding="13px 18px"
/>
</mj-attributes><mj-style>.x { color: #0b6640 }</mj-style><mj-raw><meta name="color-scheme" content="light dark">
<style>@media (prefers-color-scheme: dark) { .s, .s > table { background: #1b1c1a !important } }</style></mj-raw>
</mj-head>
<mj-body background-color="#f4f2ec" width="600px">
<mj-section css-class="s" padding="20px 0 0" border-top="1px solid #dcd8cc" text-align="left"><mj-column>
<mj-text align="center" color="#1d1c1a" letter-spacing="0.5px" text-transform="uppercase"><h1 class="x">One</h1>
</mj-text>
<mj-text mj-class="note">A note with a <a href="https://a.example/">link</a></mj-text>
<mj-divider border-width="1px" border-color="#dcd8cc" padding="12px 24px" width="240px" />
<mj-image src="https://a.example/x.png" alt="A picture that does not load" width="200px" padding="0 24px" />
<mj-spacer height="24px" /></mj-column></mj-section>
<mj-section css-class="s">
<mj-column width="50%" padding="6px 6px 6px 24px" inner-background-color="#eef4ef" inner-border-radius="8px">
<mj-text padding="14px">Left</mj-text><mj-button href="https://a.example/a" width="100%">A button</mj-button>
</mj-column>
<mj-column width="50%" padding="6px 24px 6px 6px" background-color="#eef4ef" border="1px solid #dcd8cc">
<mj-text padding="14px">Right, with more words than the left one has, so that it is taller</mj-text></mj-column>
</mj-section>
<mj-section css-class="s" direction="rtl" full-width="full-width"><mj-column width="200px" vertical-align="middle">
<mj-text>First</mj-text>
</mj-column><mj-column width="400px"><mj-raw><p>Raw</p></mj-raw></mj-column></mj-section>
<mj-section css-class="s"><mj-group width="100%"><mj-column width="33%"><mj-text>a</mj-text></mj-column>
<mj-column width="67%">
<mj-text>b</mj-text></mj-column></mj-group></mj-section></mj-body></mjml>"""

RIGHT_TO_LEFT = sample.issue(language="ar", headline="مقارنة بين أداتين", intro="كلمات *قليلة* عن أداتين.")
LETTERS: dict[str, tuple[Issue, str]] = {
    "sample": (sample.sample_issue(), ""),
    "empty": (sample.issue(comparisons=()), ""),
    "right to left": (RIGHT_TO_LEFT, ""),
    "subset": (sample.issue(), WHOLE_SUBSET),
}


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    templates = Templates()
    return {name: mjml or letter_mjml(letter_of(issue), templates) for name, (issue, mjml) in LETTERS.items()}


@pytest.fixture(scope="module")
def reference(references: Path, sources: dict[str, str]) -> dict[str, Compiled]:
    return dict(zip(sources, compiled_by_reference(references, list(sources.values())), strict=True))


def test_these_letters_use_the_whole_subset(sources: dict[str, str]) -> None:
    used = {tag for source in sources.values() for tag in re.findall(r"<(mj[\w-]*)", source)}
    assert used == set(SUBSET)


def test_the_reference_has_no_complaint(reference: dict[str, Compiled]) -> None:
    assert {name: made.errors for name, made in reference.items() if made.errors} == {}


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [600, 375])
def test_both_draw_the_same_pixels(
    browser: Any, sources: dict[str, str], reference: dict[str, Compiled], letter: str, scheme: str, width: int
) -> None:
    issue = LETTERS[letter][0]
    ours, theirs = dressed(compiled(sources[letter]), issue), dressed(reference[letter].html, issue)
    # without its styles a letter has one scheme only
    for shown in (str, without_styles) if scheme == "light" else (str,):
        pictures = []
        for html in (ours, theirs):
            with opened(browser, shown(html), width, scheme) as page:
                pictures.append(page.screenshot(full_page=True))
        assert pictures[0] == pictures[1]


def columns(html: str) -> list[list[str]]:
    """The width of every table and cell that classic Outlook reads, as attribute and as style, in order."""
    boxes = re.findall(r"<(?:table|td|th)\b[^>]*>", as_outlook_reads_it(html))
    return [re.findall(r"(?<![\w-])width[:=]\s*\"?([\d.]+(?:px|%)?)", box) for box in boxes]


@pytest.mark.parametrize("letter", LETTERS)
def test_both_give_outlook_the_same_columns(
    sources: dict[str, str], reference: dict[str, Compiled], letter: str
) -> None:
    issue = LETTERS[letter][0]
    ours, theirs = (columns(dressed(html, issue)) for html in (compiled(sources[letter]), reference[letter].html))
    assert ours == theirs
    assert ["600", "600px"] in [sorted(widths) for widths in ours]
