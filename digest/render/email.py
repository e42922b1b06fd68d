"""The mail of an issue: Jinja2 → MJML → HTML → plain rules inlined → made light; and the text part.

The way through the compiler and the inliner is narrow on purpose. MJML is its portable subset, includes are
Jinja2's. One `<style data-inline>` is inlined; every other style stays a block, because dark mode and media queries
only work there and only with their `!important`, which an inlined rule must never have.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from digest.errors import BrokenInput
from digest.files.problems import BrokenFile
from digest.model.issue import Email, Issue
from digest.render.letter import Letter, letter_of
from digest.render.lighten import lighten
from digest.render.mjml_check import mjml_mistakes
from digest.render.source_lines import unmarked
from digest.render.templates import EMAIL_HTML, Templates, visible
from digest.render.text import render_text

_STYLE = re.compile(r"<style\b(?![^>]*\bdata-inline\b)|<link\b")
# What an element of MJML hands through as it stands, and what keeps its place (private use characters: see Unicode,
# section 23.5).
_WORDS = re.compile(r"(?P<tag><mj-(?P<name>text|raw|button)\b[^>]*(?<!/)>)(?P<words>.*?)(?=</mj-(?P=name)>)", re.DOTALL)
_KEPT = "\ue000{}\ue001"
_PLACE = re.compile("\ue000(\\d+)\ue001")
_FOUR = ("align", "valign", "bgcolor", "width", "height")


def render_email(issue: Issue, templates: Templates) -> Email:
    """An issue as it goes out: one body for all readers, with the merge field in its links.

    Args:
        issue: The issue.
        templates: The publication's templates.

    Returns:
        The mail; the same issue and the same templates give the same bytes.

    Raises:
        BrokenInput: A template does not work, or what it makes is no MJML.
    """
    letter = letter_of(issue)
    return Email(
        subject=issue.subject,
        preheader=issue.preheader,
        sender=issue.sender,
        html=render_html(letter, templates),
        text=render_text(letter, templates),
    )


def render_html(letter: Letter, templates: Templates) -> str:
    """The HTML part of a letter.

    Args:
        letter: The issue, worked out.
        templates: The publication's templates.

    Returns:
        A whole document.

    Raises:
        BrokenInput: A template does not work, or what it makes is no MJML.
    """
    return dressed(compiled(letter_mjml(letter, templates)), letter.issue)


def letter_mjml(letter: Letter, templates: Templates) -> str:
    """A letter as MJML, and certain that no compiler swallows anything of it.

    Raises:
        BrokenInput: A template does not work, or what it makes leaves the portable subset; with every such place.
    """
    issue = letter.issue
    start, end = ("right", "left") if issue.direction == "rtl" else ("left", "right")
    look = {"light": issue.theme.light, "dark": issue.theme.dark, "start": start, "end": end}
    mjml = templates.marked(EMAIL_HTML, letter=letter, issue=issue, **look)
    mistakes = mjml_mistakes(mjml)
    if mistakes:
        raise BrokenFile(Path("templates", EMAIL_HTML), mistakes)
    return unmarked(mjml)


def compiled(mjml: str) -> str:
    """MJML as HTML. The compiler does not validate: it trips over what it does not know, wherever that shows.

    It is given the frame alone, and the words are put back afterwards: what it would hand through unchanged takes
    nine tenths of its time.

    Raises:
        BrokenInput: It is no MJML.
    """
    from mjml import mjml_to_html

    kept: list[str] = []

    def keep(element: re.Match[str]) -> str:
        kept.append(element["words"])
        return f"{element['tag']}{_KEPT.format(len(kept) - 1)}"

    try:
        frame = str(mjml_to_html(_WORDS.sub(keep, mjml)).html)
        return _PLACE.sub(lambda place: kept[int(place[1])], frame)
    except (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, TypeError, ValueError) as error:
        what = f"MJML does not know <{error.args[0]}>" if isinstance(error, KeyError) else f"this is no MJML: {error}"
        raise BrokenInput(
            what,
            where=f"templates/{EMAIL_HTML}",
            cure="use mj-section, mj-column, mj-text, mj-button, mj-image, mj-divider, mj-spacer, mj-raw, mj-group",
        ) from error


def dressed(html: str, issue: Issue) -> str:
    """Compiled MJML as it goes out: its plain rules inlined, named for those who hear it, and made light.

    Args:
        html: What an MJML compiler made.
        issue: The issue, for its subject and its language.
    """
    page = _inlined(html)
    _name(page, issue)
    return lighten(page)


def _inlined(html: str) -> etree._Element:
    """The document with its own plain rules in style attributes; every other style carries the mark that saves it."""
    from premailer import Premailer

    marked = _STYLE.sub(lambda found: f'{found.group()} data-premailer="ignore"', html)
    page = etree.fromstring(marked.strip(), etree.HTMLParser(no_network=True))
    Premailer(
        allow_network=False,
        strip_important=False,
        disable_validation=True,
        disable_leftover_css=True,
        disable_basic_attributes=list(_FOUR),
        align_floating_images=False,
        cssutils_logging_level="CRITICAL",
    ).transform(page)
    return page


def _name(page: etree._Element, issue: Issue) -> None:
    """The title and the language, for those who hear the letter; MJML would print a title unescaped."""
    subject = str(visible(issue.subject))
    for title in page.iter("title"):
        title.text = subject
    for article in page.iter("div"):
        if article.get("role") == "article":
            article.set("aria-label", subject)
    for body in page.iter("body"):
        body.set("lang", issue.language)
        body.set("dir", issue.direction)
