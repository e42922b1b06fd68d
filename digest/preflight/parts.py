"""The two parts of the letter say the same: a text part that differs costs trust, of readers and of spam filters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from digest.preflight.check import HTML, TEXT, Fault, error, guard, warning
from digest.preflight.page import excerpt, letters
from digest.preflight.proof import Proof

# Where small Markdown changes what is printed: a link's address, the marks of emphasis, code and lists.
_MARKUP = re.compile(r"\]\([^)]*\)|<[^>\s]*>|&#?\w+;|[*_`\[\]\\\n]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+|mailto:[^\s<>\"]+")
_TAG = re.compile(
    r"</?(?:p|div|br|td|tr|table|span|strong|em|ul|li|h[1-6]|a)(?:\s[^<>]*)?/?>|&(?:nbsp|amp|quot|lt|gt|#\d+);"
)

RUN = 6
SHARE = 0.8
WIDTH = 78  # RFC 5322, section 2.1.1, would like no more


@guard
def text_part(proof: Proof) -> Iterator[Fault]:
    """There is a text part: some read nothing else, and filters distrust mail without one."""
    if not letters(proof.email.text):
        yield Fault("the text part is empty", TEXT, "mend templates/email.txt.j2")


@error
def same_words(proof: Proof) -> Iterator[Fault]:
    """Both parts name every tool and give every comparison's bottom line; if one has the headline, so has the other."""
    shown = {part: letters(text) for part, text in proof.parts}
    headline = letters(proof.issue.headline)
    without = [part for part, text in shown.items() if headline not in text]
    if len(without) == 1 and len(shown) > 1:
        what = f"the headline “{excerpt(proof.issue.headline)}” stands in the other part only"
        yield Fault(what, without[0], "build again; if it stays, mend the template of this part")
    for thing, runs in _said(proof):
        for part, text in shown.items():
            if not all(letters(run) in text for run in runs):
                yield Fault(f"{thing} is missing", part, "build again; if it stays, mend the template of this part")


@error
def parts_differ(proof: Proof) -> Iterator[Fault]:
    """Four fifths of what one part says stand in the other, counted in runs of six letters, so that it holds for every
    script (SpamAssassin's MPART_ALT_DIFF counts words, and costs 2.2 points).
    """
    if len(proof.parts) < 2:
        return
    html, text = _runs(proof.shown), _runs(_ADDRESS.sub(" ", proof.email.text))
    for one, other, part, against in ((html, text, HTML, TEXT), (text, html, TEXT, HTML)):
        share = len(one & other) / len(one) if one else 1.0
        if share < SHARE:
            what = f"only {100 * share:.0f} % of what {part} says stands in {against}"
            yield Fault(what, against, "build again; if it stays, mend the template of this part")


@warning
def parts_links(proof: Proof) -> Iterator[Fault]:
    """Every address that one part leads to stands in the other."""
    if len(proof.parts) < 2:
        return
    html = {_bare(link.get("href", "").strip()) for link in proof.page.links}
    html = {address for address in html if _ADDRESS.match(address)}
    text = {_bare(found) for found in _ADDRESS.findall(proof.email.text)}
    written = proof.email.text
    for lacking, part in (
        ([one for one in html if one not in text and one.removeprefix("mailto:") not in written], TEXT),
        ([one for one in text if one not in html and one not in proof.shown], HTML),
    ):
        if lacking:
            more = f", and {len(lacking) - 1} more addresses" if len(lacking) > 1 else ""
            what = f"{min(lacking)} is missing{more}"
            yield Fault(what, part, "build again; if it stays, mend the template of this part")


@warning
def parts_figures(proof: Proof) -> Iterator[Fault]:
    """Every per cent that one part names, the other names too."""
    if len(proof.parts) < 2:
        return
    html, text = _figures(proof.shown), _figures(proof.email.text)
    for lacking, part in ((html - text, TEXT), (text - html, HTML)):
        if lacking:
            what = f"{', '.join(f'{figure} %' for figure in sorted(lacking)[:4])} stands in the other part only"
            yield Fault(what, part, "build again; if it stays, mend the template of this part")


@warning
def text_width(proof: Proof) -> Iterator[Fault]:
    """No line of the text part is wider than 78 columns, but for long words and addresses (RFC 5322, section 2.1.1)."""
    for number, line in enumerate(proof.email.text.split("\n"), start=1):
        words = line.split()
        if len(line) > WIDTH and len(words) > 1 and max(map(len, words)) < WIDTH - 12:
            yield Fault(f"a line has {len(line)} columns: {excerpt(line)}", f"{TEXT}:{number}", "fold it at 72")


@warning
def text_markup(proof: Proof) -> Iterator[Fault]:
    """No markup is left in the text part: no tags, no character references."""
    for number, line in enumerate(proof.email.text.split("\n"), start=1):
        mark = _TAG.search(line)
        if mark and not proof.is_of_people(mark.group()):
            yield Fault(f"“{mark.group()}” is left in: {excerpt(line)}", f"{TEXT}:{number}", "print the words alone")


def _said(proof: Proof) -> Iterator[tuple[str, list[str]]]:
    """What both parts have to say, each with the runs of words that no markup interrupts."""
    issue = proof.issue
    for comparison in issue.comparisons:
        yield comparison.a.name, [comparison.a.name]
        yield comparison.b.name, [comparison.b.name]
        line = comparison.bottom_line
        yield f"the bottom line of {comparison.slug} ({excerpt(line)})", _MARKUP.split(line)
    if issue.single:
        yield issue.single.name, [issue.single.name]
    for tool in issue.also_shipped:
        yield tool.name, [tool.name]


def _runs(text: str) -> set[str]:
    whole = letters(text)
    return {whole[begin : begin + RUN] for begin in range(len(whole) - RUN + 1)}


def _bare(address: str) -> str:
    """An address for comparing: an href is percent-encoded where a text is not (RFC 3986, section 6.2.2)."""
    return unquote(address).rstrip(".,;:!?)]»”'").partition("#")[0].rstrip("/")


def _figures(text: str) -> set[str]:
    return set(re.findall(r"(?<![\d.,])(\d{1,3})\s?%", text))
