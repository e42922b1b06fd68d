"""One letter: what is in it, and the mail that it becomes."""

from __future__ import annotations

from datetime import date
from typing import Literal

from digest.model.noun import Line, Noun
from digest.model.tool import Tool
from digest.model.verdict import Reviewer, Verdict


class Comparison(Noun):
    """Two tools with verdicts side by side: which one should you ship with?

    Attributes:
        bottom_line: The answer, in small Markdown.
        reason: Why these two meet, in one sentence.
    """

    a: Verdict
    b: Verdict
    bottom_line: str
    reason: str = ""

    @property
    def slug(self) -> str:
        """The comparison's name in an address."""
        return f"{self.a.slug}-vs-{self.b.slug}"


class Section(Noun):
    """A free part that an editor adds: corrections, notes."""

    title: Line
    text: str


class Sender(Noun):
    """Who the letter comes from, and where an answer goes."""

    name: Line
    address: Line
    reply_to: Line
    postal_address: Line


class Category(Noun):
    """A shelf of the publication, with the words by which a tool is put on it."""

    id: Line
    name: Line
    words: tuple[Line, ...] = ()


class Masthead(Noun):
    """What a publication says of itself in an issue, as it was when the issue was built.

    Attributes:
        date: The day the issue goes out, in the publication's time zone.
        publication: Its name.
        base_url: Where the readers' application answers, without a slash at its end.
        quorum: The number of reviews below which no per cent is said.
    """

    date: date
    publication: str
    base_url: str
    sender: Sender
    panel: tuple[Reviewer, ...]
    quorum: int
    categories: tuple[Category, ...]


class Issue(Masthead):
    """A letter complete, as the templates see it; the first comparison leads.

    Attributes:
        id: The ISO week it goes out in, perhaps with a suffix.
    """

    id: str
    subject: str
    preheader: str
    headline: str
    intro: str
    comparisons: tuple[Comparison, ...] = ()
    also_shipped: tuple[Tool, ...] = ()
    sections: tuple[Section, ...] = ()

    def category_name(self, category: str) -> str:
        """A category's name as people read it; the id with spaces where the table does not know it."""
        known = {"uncategorised": "Everything else", **{entry.id: entry.name for entry in self.categories}}
        return known.get(category, category.replace("-", " ").capitalize())


class Email(Noun):
    """An issue as it goes out, one body for all readers, with the merge field in its links.

    Attributes:
        html: The HTML part.
        text: The text part, lines of at most 72 columns where words allow it.
    """

    subject: str
    preheader: str
    sender: Sender
    html: str
    text: str


class Finding(Noun):
    """What a preflight check found: errors refuse, warnings inform."""

    check: str
    severity: Literal["error", "warning"]
    what: str
    where: str = ""
    cure: str = ""
