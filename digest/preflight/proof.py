"""The proof of a letter, as a printer has one: everything that the checks read, taken together and parsed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from digest.model.issue import Email, Issue
from digest.preflight.ink import Ink, inks
from digest.preflight.page import Page, read_page
from digest.preflight.styles import WIDE, Scheme, Sheet, read_sheet

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Past:
    """What earlier letters of the publication were.

    Attributes:
        subjects: Their subjects by issue, the newest first.
        pairs: The issue in which two tools met last, by their slugs.
    """

    subjects: Mapping[str, str] = field(default_factory=dict)
    pairs: Mapping[frozenset[str], str] = field(default_factory=dict)


class Reply(NamedTuple):
    """What came of asking for a link's address.

    Attributes:
        said: What was answered, in words; empty where the page is there.
        is_gone: Whether the page is not there, and not only out of reach now.
    """

    said: str = ""
    is_gone: bool = False


@dataclass(frozen=True, eq=False)
class Proof:
    """A letter and what stands around it.

    Attributes:
        email: The mail as it would go out.
        issue: The issue that it was made from.
        past: What earlier letters were.
        is_real: Whether it goes to people, and not to the outbox.
        lines: Where values stand in issue.yaml, as line numbers by place.
        again: The mail as its files make it now; None where that is not asked for.
        replies: What came of asking for addresses, by address; empty where nobody was asked.
        spam_points: SpamAssassin's score; None where it was not asked.
    """

    email: Email
    issue: Issue
    past: Past = Past()
    is_real: bool = False
    lines: Mapping[Place, int] = field(default_factory=dict)
    again: Email | None = None
    replies: Mapping[str, Reply] = field(default_factory=dict)
    spam_points: float | None = None

    @cached_property
    def page(self) -> Page:
        """The HTML part."""
        return read_page(self.email.html)

    @cached_property
    def sheet(self) -> Sheet:
        """How the HTML part is styled."""
        return read_sheet(self.page.root, self.page.elements)

    @cached_property
    def shown(self) -> str:
        """The words that the HTML part shows, without those that its styles hide."""
        return self.page.text_without(self.sheet.hidden)

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Both parts with the words that each shows; the HTML alone where there is no text, since one check says so."""
        html = ("email.html", self.shown)
        return (html, ("email.txt", self.email.text)) if self.email.text.strip() else (html,)

    def inks(self, scheme: Scheme, width: int = WIDE) -> tuple[Ink, ...]:
        """Every run of words as it is printed under a scheme, at a width in CSS pixels."""
        if (scheme, width) not in self._inks:
            self._inks[scheme, width] = inks(self.sheet, scheme, width)
        return self._inks[scheme, width]

    @cached_property
    def _inks(self) -> dict[tuple[Scheme, int], tuple[Ink, ...]]:
        return {}

    @cached_property
    def of_tools(self) -> str:
        """What tools, vendors and reviewers say in the letter, white space folded."""
        issue = self.issue
        judged = [tool for pair in issue.comparisons for tool in (pair.a, pair.b)]
        judged += [issue.single] if issue.single else []
        words = [text for tool in judged for text in _texts(tool.model_dump())]
        words += [text for tool in issue.also_shipped for text in _texts(tool.model_dump())]
        return _folded(" ".join(words))

    @cached_property
    def of_editors(self) -> tuple[tuple[Place, str], ...]:
        """What editors wrote, by its place in issue.yaml."""
        issue = self.issue
        written: list[tuple[Place, str]] = [
            (("subject",), self.email.subject),
            (("preheader",), self.email.preheader),
            (("headline",), issue.headline),
            (("intro",), issue.intro),
        ]
        for number, comparison in enumerate(issue.comparisons):
            written.append((("comparisons", number, "bottom_line"), comparison.bottom_line))
        for number, section in enumerate(issue.sections):
            written.append((("sections", number, "title"), section.title))
            written.append((("sections", number, "text"), section.text))
        return tuple(written)

    def is_of_people(self, text: str) -> bool:
        """Whether somebody wrote a text that stands in the letter, so that no template left it there."""
        folded = _folded(text)
        return folded in self.of_tools or any(folded in _folded(written) for _, written in self.of_editors)

    def in_issue(self, *place: str | int) -> str:
        """A value of issue.yaml as a person finds it: the line where it stands, else its name."""
        name = ""
        for step in place:
            name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return f"issue.yaml:{self.lines[place[:length]]}: {name}"
        return f"issue.yaml: {name}"


def _folded(text: str) -> str:
    return " ".join(text.split())


def _texts(value: object) -> list[str]:
    """Every text in a noun."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [text for part in parts for text in _texts(part)]
