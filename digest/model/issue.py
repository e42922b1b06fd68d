"""One letter: what is in it, and the mail that it becomes."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from digest.model.noun import Line, Noun
from digest.model.past_issue import PastIssue
from digest.model.theme import Theme
from digest.model.tool import Tool
from digest.model.verdict import Reviewer, Verdict
from digest.model.vote import CommunityVote


def _checked_language(tag: str) -> str:
    # RFC 5646 without its rare extensions
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", tag):
        raise ValueError("must be a language tag such as en, pt-BR or zh-Hant")
    return tag


Language = Annotated[str, AfterValidator(_checked_language)]

# Languages whose usual script runs from right to left, and the scripts that do (Unicode CLDR, script metadata).
_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi", "Arab", "Hebr", "Syrc", "Thaa"}


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
        number: Which of the publication's letters this is, counted from one; None where it is not counted.
        publication: Its name.
        language: The language that the letter is written in.
        base_url: Where the readers' application answers, without a slash at its end.
        quorum: The number of reviews below which no per cent is said.
        theme: How the letter looks.
        votes: What readers made of the compared tools until the cutoff, by slug.
        last: The letter before this one; None in the first.
    """

    date: date
    number: int | None = None
    publication: str
    language: Language = "en"
    base_url: str
    sender: Sender
    panel: tuple[Reviewer, ...]
    quorum: int
    categories: tuple[Category, ...]
    theme: Theme = Theme()
    votes: dict[str, CommunityVote] = Field(default_factory=dict)
    last: PastIssue | None = None

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the letter's language is written; a script that is named decides over the language's usual one."""
        language, *more = self.language.split("-")
        script = next((part for part in more if len(part) == 4), language)
        return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


class Issue(Masthead):
    """A letter complete, as the templates see it; the first comparison leads.

    Attributes:
        id: The ISO week it goes out in, perhaps with a suffix.
        single: The one verdict there is, in an issue that has no second tool to compare it with.
    """

    id: str
    subject: str
    preheader: str
    headline: str
    intro: str
    comparisons: tuple[Comparison, ...] = ()
    single: Verdict | None = None
    also_shipped: tuple[Tool, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def is_digest_only(self) -> bool:
        """Whether it says what shipped, and judges nothing."""
        return not self.comparisons and self.single is None

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
