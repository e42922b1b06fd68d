"""How heavy a letter is and how long, and where it leads."""

from __future__ import annotations

import quopri
from collections.abc import Iterable
from typing import NamedTuple

from digest.mail.merge_field import MERGE_FIELD
from digest.model.issue import Email, Finding, Issue
from digest.preflight.page import name_of, read_page
from digest.preflight.weight import CSS_MOST, REFUSE, WARN
from digest.render.letter import letter_of


class Weight(NamedTuple):
    """A letter's weight.

    Attributes:
        html: The HTML part in bytes.
        travelling: The same as quoted-printable, as it travels.
        styles: Its style elements in bytes.
        minutes: How long it takes to read.
        warn: From how many bytes of HTML on preflight warns.
        refuse: From how many on it refuses.
        most_styles: Behind how many bytes of styles Gmail drops the rest.
    """

    html: int
    travelling: int
    styles: int
    minutes: int
    warn: int = WARN
    refuse: int = REFUSE
    most_styles: int = CSS_MOST


class Link(NamedTuple):
    """A link of the letter.

    Attributes:
        name: What it is called, the first of them where several lead there.
        is_readers_own: Whether its address ends in the reader's own token.
        times: How often it stands there.
        faults: What preflight finds wrong with it.
    """

    name: str
    address: str
    is_readers_own: bool
    times: int
    faults: tuple[str, ...]


def weight_of(email: Email, issue: Issue) -> Weight:
    """How heavy a letter is, and how long."""
    html = email.html.encode()
    styles = sum(len((block.text or "").encode()) for block in read_page(email.html).all("style"))
    return Weight(len(html), len(quopri.encodestring(html)), styles, letter_of(issue).minutes)


def links_of(email: Email, findings: Iterable[Finding]) -> tuple[Link, ...]:
    """Where a letter leads, in its order, each address once.

    Args:
        email: The letter.
        findings: What preflight found; a fault that names an address stands beside it.
    """
    names: dict[str, list[str]] = {}
    for link in read_page(email.html).links:
        names.setdefault(str(link.get("href")), []).append(name_of(link))
    told = [finding.what for finding in findings if "link" in finding.check]
    return tuple(
        Link(
            name=said[0],
            address=address,
            is_readers_own=MERGE_FIELD in address,
            times=len(said),
            faults=tuple(what for what in told if address and address[:80] in what),
        )
        for address, said in names.items()
    )
