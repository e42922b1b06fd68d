"""The words that people write, in a small Markdown: emphasis, links, code, lists, paragraphs, and nothing else.

Headings, images, tables and HTML are not part of it: they stay the characters that they are.
"""

from __future__ import annotations

import re
import textwrap
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from digest.mail.merge_field import APART, defused, defused_address

WIDTH = 72

# Control characters, and the marks that turn the reading direction of everything after them (Unicode UAX #9,
# section 2: embeddings, overrides, isolates). A tool's name must not be able to mirror the rest of the letter.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")

_TAGS = {"p", "br", "em", "strong", "a", "code", "ul", "ol", "li"}
_INLINE_TAGS = {"em", "strong", "a", "code"}
_SCHEMES = {"http", "https", "mailto"}
_HREF = re.compile(r'(?<=<a )href="([^"]*)"')
_RULES = ["list", "backticks", "emphasis", "link", "autolink", "escape", "entity", "newline"]


@cache
def _markdown() -> MarkdownIt:
    """The parser: begins with no rule at all, so a later version cannot bring new ones in."""
    return MarkdownIt("zero", {"html": False}).enable(_RULES)


def tokens(text: str) -> list[Token]:
    """Small Markdown as the parser's tokens, for whoever prints it on something else than a page.

    Args:
        text: Small Markdown from a person.
    """
    return _markdown().parse(text)


def block(text: str) -> Markup:
    """Paragraphs and lists as HTML that is safe to print.

    Args:
        text: Small Markdown from a person.

    Returns:
        Markup of a short list of tags; links lead to the web or to a mail address only.
    """
    return Markup(_safe(_markdown().render(seen(text)), _TAGS).strip())  # noqa: S704 - nh3 cleaned it


def inline(text: str) -> Markup:
    """One line as HTML: emphasis, links and code, without a paragraph around it.

    Args:
        text: Small Markdown from a person; line breaks count as spaces.

    Returns:
        Markup without block tags.
    """
    return Markup(_safe(_markdown().renderInline(one_line(seen(text))), _INLINE_TAGS))  # noqa: S704 - nh3 cleaned it


def plain(text: str) -> str:
    """The words without their markup: paragraphs apart by an empty line, list items behind a dash, links named.

    Args:
        text: Small Markdown from a person.

    Returns:
        Text with unfolded lines; `fold` breaks them.
    """
    lines: list[str] = []
    depth, marks = 0, list[str]()
    for token in _markdown().parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
            marks.append("-" if token.type == "bullet_list_open" else "1.")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            marks.pop()
        elif token.type == "list_item_open":
            marks[-1] = f"{token.info}." if token.info else "-"
        elif token.type == "inline":
            mark = f"{'  ' * (depth - 1)}{marks[-1]} " if depth else ""
            within = depth > 0 and bool(lines) and lines[-1].lstrip()[:1] in "-0123456789"
            lines.append(("\n" if lines and not within else "") + mark + _spoken(token.children or []))
    return "\n".join(lines)


def seen(text: str) -> str:
    """A text without the characters that nobody sees: control characters and turns of the reading direction."""
    return _UNSEEN.sub("", text)


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def fold(text: str, indent: int = 0, first: str | None = None) -> str:
    """Text broken at 72 columns; an address longer than a line keeps it whole.

    Args:
        text: Lines; each is folded for itself, list items hang behind their dash.
        indent: Spaces before every line.
        first: What stands before the very first line in place of its spaces.

    Returns:
        The folded lines.
    """
    margin, folded = " " * indent, list[str]()
    for line in text.split("\n"):
        mark = re.match(r" *(?:-|\d+\.) ", line)
        hang = " " * len(mark.group()) if mark else ""
        opening = margin if first is None or folded else first
        wrapped = textwrap.wrap(
            line.rstrip(),
            WIDTH,
            initial_indent=opening,
            subsequent_indent=margin + hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
        folded.extend(wrapped or [""])
    return "\n".join(folded)


def _safe(html: str, tags: set[str]) -> str:
    clean = nh3.clean(html, tags=tags, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel=None)
    apart = defused(_HREF.sub(lambda found: f'href="{defused_address(found[1])}"', clean))
    # marks of angle brackets stand escaped here; unseen characters may have come out of entities
    return seen(apart.replace("&lt;%", f"&lt;{APART}%").replace("%&gt;", f"%{APART}&gt;"))


def _spoken(tokens: list[Token]) -> str:
    """Inline tokens as text; a link that is not its own text says where it leads."""
    said, leads, begun = "", "", 0
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            said += " "
        elif token.type == "code_inline":
            said += f"`{token.content}`"
        elif token.type == "link_open":
            leads, begun = str(token.attrGet("href") or ""), len(said)
        elif token.type == "link_close":
            said += "" if said[begun:] in leads else f" ({leads.removeprefix('mailto:')})"
        else:
            said += token.content
    return said
