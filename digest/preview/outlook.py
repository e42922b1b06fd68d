"""A mail as classic Outlook on Windows reads it: conditional comments opened, and the styles that it ignores taken out.

What it ignores says the table that preflight reads, too. Its engine (Word) draws the rest in its own way, which no
browser can show.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import tinycss2

from digest.jobs.mail_programs import outlook_hides, outlook_ignores
from digest.preview.scheme import in_scheme

_VERSION = 16
_COMMENT = re.compile(
    r"<!--\[if (?P<if>[^\]]*)\]>(?:<!-->|-->)?(?P<then>.*?)(?:<!--)?<!\[endif\]-->", re.DOTALL | re.IGNORECASE
)
_ASKED = re.compile(r"(?:(lte?|gte?)\s+)?(mso|ie|vml|true|false)(?:\s+([\d.]+))?", re.IGNORECASE)
# `(true)` before `!`, `!` before `&`, `&` before `|`
_STEPS = (
    (re.compile(r"\(([TF])\)"), r"\1"),
    (re.compile(r"!T"), "F"),
    (re.compile(r"!F"), "T"),
    (re.compile(r"T&T"), "T"),
    (re.compile(r"[TF]&[TF]"), "F"),
    (re.compile(r"F\|F"), "F"),
    (re.compile(r"[TF]\|[TF]"), "T"),
)
_COMPARED = {"lt": "__lt__", "lte": "__le__", "gt": "__gt__", "gte": "__ge__"}
_ATTRIBUTE = re.compile(r"(\sstyle\s*=\s*)([\"'])(.*?)\2", re.DOTALL | re.IGNORECASE)
_BLOCK = re.compile(r"(<style\b[^>]*>)(.*?)(?=</style)", re.DOTALL | re.IGNORECASE)
_OFFICE = re.compile(r"<xml\b.*?</xml\s*>", re.DOTALL | re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)


def as_outlook_reads_it(html: str) -> str:
    """A mail's HTML as classic Outlook has it.

    Args:
        html: The HTML part.
    """
    html = in_scheme(_COMMENT.sub(lambda found: found["then"] if holds(found["if"]) else "", html), "light")
    # what it tells Office is no word of the letter, but a browser would print it
    html = _OFFICE.sub("", html)
    html = _BLOCK.sub(lambda block: block[1] + _rules(block[2]), html)
    html = _ATTRIBUTE.sub(lambda found: f"{found[1]}{found[2]}{_declarations(found[3])}{found[2]}", html)
    hidden = ",".join((*outlook_hides(), "[style*='mso-hide:all']"))
    own = f"<style>{hidden}{{display:none!important}}body{{font-family:'Times New Roman',serif}}</style>"
    return _HEAD_END.sub(lambda end: own + end[0], html, count=1)


def holds(condition: str) -> bool:
    """Whether a conditional comment's condition holds in Outlook 2016 and later, which call themselves version 16.

    Args:
        condition: Such as `gte mso 9` or `(mso)|(IE)`.

    Returns:
        False also for what is no condition; it would be skipped, too.
    """
    said = re.sub(r"\s+", "", _ASKED.sub(_answer, condition))
    while len(said) > 1:
        step = next(((pattern, new) for pattern, new in _STEPS if pattern.search(said)), None)
        if step is None:
            return False
        said = step[0].sub(step[1], said, count=1)
    return said == "T"


def _answer(asked: re.Match[str]) -> str:
    name, version = asked[2].lower(), asked[3]
    if name != "mso":
        return "T" if name in ("vml", "true") else "F"
    if not version:
        return "T"
    how = _COMPARED.get((asked[1] or "").lower(), "__eq__")
    return "T" if getattr(float(_VERSION), how)(float(version)) else "F"


def _rules(styles: str) -> str:
    kept = []
    for node in tinycss2.parse_stylesheet(styles, skip_comments=True):
        if node.type == "at-rule" and outlook_ignores(f"@{node.lower_at_keyword}"):
            continue
        if node.type == "qualified-rule":
            kept.append(f"{tinycss2.serialize(node.prelude)}{{{_declarations(tinycss2.serialize(node.content))}}}")
        elif node.type != "error":
            kept.append(node.serialize())
    return "".join(kept)


@lru_cache(maxsize=4096)
def _declarations(style: str) -> str:
    nodes: list[Any] = tinycss2.parse_declaration_list(style, skip_comments=True, skip_whitespace=True)
    kept = [
        node.serialize()
        for node in nodes
        if node.type == "declaration"
        and not outlook_ignores(node.lower_name, tinycss2.serialize(node.value).strip().lower())
    ]
    # the attribute's own quotes may not be written by the serialiser
    return ";".join(kept).replace('"', "'")
