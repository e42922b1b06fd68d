"""Letters to try preflight on: a sound one with one place changed, and one that owes nothing to our templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

import sample_issue as sample

from digest.mail.merge_field import preferences_address, unsubscribe_address
from digest.model.issue import Email, Finding, Issue
from digest.preflight import Proof, findings_of
from digest.render.email import render_email
from digest.render.templates import Templates


@cache
def _rendered() -> Email:
    return render_email(sample.issue(), Templates())


@dataclass
class Letter:
    """A letter that can be changed in one place at a time, each change insisting that the place is there."""

    issue: Issue = field(default_factory=sample.issue)
    email: Email = field(default_factory=_rendered)
    around: dict[str, Any] = field(default_factory=dict)

    def findings(self) -> tuple[Finding, ...]:
        """What preflight says."""
        return findings_of(Proof(self.email, self.issue, **self.around))

    def html(self, pattern: str, new: str, *, count: int = 0) -> Letter:
        """The HTML part with a pattern replaced."""
        changed, times = re.subn(
            pattern, lambda found: found.expand(new), self.email.html, count=count, flags=re.DOTALL
        )
        assert times, f"{pattern} is not in the HTML part"
        return self.with_email(html=changed)

    def text(self, pattern: str, new: str, *, count: int = 0) -> Letter:
        """The text part with a pattern replaced."""
        changed, times = re.subn(
            pattern, lambda found: found.expand(new), self.email.text, count=count, flags=re.DOTALL
        )
        assert times, f"{pattern} is not in the text part"
        return self.with_email(text=changed)

    def inside(self, markup: str) -> Letter:
        """The HTML part with something more at the end of what its body holds."""
        box = f'<div lang="en" dir="ltr">{markup}</div>'
        return self.html(r"(</div>\s*</body>)", box.replace("\\", r"\\") + r"\1", count=1)

    def styled(self, css: str) -> Letter:
        """The HTML part with one more style element."""
        return self.html("</head>", f"<style>{css}</style></head>")

    def sender(self, **changes: str) -> Letter:
        """Another sender."""
        return self.with_email(sender=self.email.sender.model_copy(update=changes))

    def with_email(self, **changes: Any) -> Letter:
        """Other fields of the mail."""
        return Letter(self.issue, self.email.model_copy(update=changes), self.around)

    def in_company(self, **around: Any) -> Letter:
        """Something else around it."""
        return Letter(self.issue, self.email, {**self.around, **around})


def made(**changes: Any) -> Letter:
    """A sound letter, or one of an issue with some fields changed, as our templates make it."""
    if not changes:
        return Letter()
    issue = sample.issue(**changes)
    return Letter(issue, render_email(issue, Templates()))


def by_hand(issue: Issue, *, style: str = "", head: str = "", extra: str = "") -> Letter:
    """A letter of somebody who uses no table, no class and none of our templates.

    Args:
        issue: What it says.
        style: Declarations on its one box.
        head: What else stands in the head.
        extra: Markup behind the comparisons.
    """
    leave, choose = unsubscribe_address(issue.base_url), preferences_address(issue.base_url)
    pairs = "".join(_section_by_hand(pair) for pair in issue.comparisons)
    shipped = "".join(
        f'<li><a href="{tool.homepage}">{escape(tool.name)}</a>: {escape(tool.tagline)}</li>'
        for tool in issue.also_shipped
    )
    html = f"""<!DOCTYPE html>
<html lang="{issue.language}" dir="{issue.direction}">
<head><meta charset="utf-8"><title>{escape(issue.subject)}</title>{head}</head>
<body>
<div lang="{issue.language}" dir="{issue.direction}" style="max-width:600px;font-size:16px;line-height:24px;{style}">
<div style="display:none">{escape(issue.preheader)}</div>
<h1>{escape(issue.headline)}</h1>
<p>{escape(issue.intro)}</p>
{pairs}{extra}
<h2>Also shipped</h2>
<ul>{shipped}</ul>
<p>{escape(issue.sender.postal_address)}</p>
<p>You may <a href="{choose}">choose what you get</a>, or <a href="{leave}">leave the list</a>, whenever you like.</p>
</div>
</body>
</html>
"""
    return Letter(
        issue,
        Email(
            subject=issue.subject, preheader=issue.preheader, sender=issue.sender, html=html, text=_text_by_hand(issue)
        ),
    )


def _section_by_hand(pair: Any) -> str:
    quotes = "".join(
        f"<blockquote><p>{escape(review.quote)}</p></blockquote>"
        for tool in (pair.a, pair.b)
        for review in tool.reviews
    )
    names = " or ".join(f'<a href="{tool.homepage}">{escape(tool.name)}</a>' for tool in (pair.a, pair.b))
    return f"<section><h2>{names}</h2><p>{escape(pair.bottom_line)}</p>{quotes}</section>"


def _text_by_hand(issue: Issue) -> str:
    lines = [issue.headline, "", issue.intro, ""]
    for pair in issue.comparisons:
        tools = (pair.a, pair.b)
        lines += [*(f"{tool.name} {tool.homepage}" for tool in tools), "", pair.bottom_line, ""]
        lines += [f"{review.quote}\n" for tool in tools for review in tool.reviews]
    lines += ["Also shipped", "", *(f"{tool.name}: {tool.tagline}\n{tool.homepage}" for tool in issue.also_shipped), ""]
    lines += [issue.sender.postal_address, f"You may choose what you get: {preferences_address(issue.base_url)}"]
    lines += [f"or leave the list, whenever you like: {unsubscribe_address(issue.base_url)}"]
    return "\n".join(_folded(line) for line in "\n".join(lines).split("\n"))


def _folded(line: str) -> str:
    words, rows = line.split(" "), [""]
    for word in words:
        if len(rows[-1]) + len(word) > 70 and rows[-1]:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return "\n".join(rows)
