"""How heavy the letter is, and how long."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator

import tinycss2

from digest.preflight.check import HTML, TEXT, Fault, error, guard, warning
from digest.preflight.proof import Proof

# Gmail clips at about 102 KB and hides the rest, the unsubscribe link with it. No official figure exists; people
# measure 99 to 105 KB. KB = 1,000 bytes.
WARN, REFUSE = 80_000, 100_000
CSS_MOST = 16_384  # Gmail drops the style elements behind that (caniemail.com, the style element, note 6)
LINE = 998  # RFC 5322, section 2.1.1
FEWEST_WORDS, MOST_WORDS = 50, 5_000
MOST_MINUTES = 20
WORDS_A_MINUTE = 230  # Brysbaert, Journal of Memory and Language 109, 2019: 238 for English non-fiction

# Scripts that put no space between words: two signs are about a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@guard
def html_too_large(proof: Proof) -> Iterator[Fault]:
    """The HTML part has at most 100,000 bytes: Gmail clips at about 102,000, and hides the unsubscribe link with the
    rest.
    """
    if len(proof.email.html.encode()) > REFUSE:
        yield _large(proof.email.html)


@warning
def html_large(proof: Proof) -> Iterator[Fault]:
    """The HTML part has at most 80,000 bytes: Gmail clips at about 102,000, as the mail travels."""
    if WARN < len(proof.email.html.encode()) <= REFUSE:
        yield _large(proof.email.html)


@error
def css_too_large(proof: Proof) -> Iterator[Fault]:
    """The style elements have less than 16,384 bytes together: Gmail drops those behind, and the dark scheme with them
    (caniemail.com, the style element).
    """
    size = sum(len(block.encode()) for block in proof.sheet.blocks)
    if size >= CSS_MOST:
        what = f"the style elements have {size:,} bytes; Gmail drops what comes behind {CSS_MOST:,}"
        yield Fault(what, HTML, "take rules out of templates/email/*.css.j2")


@warning
def css_nested(proof: Proof) -> Iterator[Fault]:
    """No at-rule stands inside another: Gmail drops the whole style element then (caniemail issue 144)."""
    for block in proof.sheet.blocks:
        for rule in tinycss2.parse_stylesheet(block, skip_comments=True, skip_whitespace=True):
            if rule.type == "at-rule" and rule.content and any(part.type == "at-keyword" for part in rule.content):
                what = f"a rule inside @{rule.lower_at_keyword} begins with @, and Gmail drops all of its style element"
                yield Fault(what, HTML, "write them one after the other")


@guard
def line_length(proof: Proof) -> Iterator[Fault]:
    """No line of the text part has more than 998 bytes (RFC 5322, section 2.1.1); the HTML travels folded."""
    for number, line in enumerate(proof.email.text.split("\n"), start=1):
        if len(line.encode()) > LINE:
            what = f"a line has {len(line.encode()):,} bytes, more than the {LINE} that mail allows"
            yield Fault(what, f"{TEXT}:{number}", "shorten the address or the word in it")


@warning
def word_count(proof: Proof) -> Iterator[Fault]:
    """The letter has 50 to 5,000 words: fewer look like spam to filters, more are not read."""
    words = _words(proof.shown)
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        cure = "write more" if words < FEWEST_WORDS else "take a comparison out, or shorten quotes"
        yield Fault(f"the letter has {words:,} words", HTML, cure)


@warning
def reading_time(proof: Proof) -> Iterator[Fault]:
    """The letter is read in at most 20 minutes, at 230 words a minute (Brysbaert 2019)."""
    minutes = _words(proof.shown) / WORDS_A_MINUTE
    if minutes > MOST_MINUTES:
        what = f"the letter takes about {minutes:.0f} minutes to read"
        yield Fault(what, HTML, f"shorten it to {MOST_MINUTES}: fewer comparisons, shorter quotes in the lead")


def _large(html: str) -> Fault:
    body = html.encode()
    travels = len(quopri.encodestring(body))
    what = f"the HTML part has {len(body):,} bytes ({travels:,} as quoted-printable); Gmail clips at about 102,000"
    return Fault(what, HTML, "shorten quotes, or take a comparison out")


def _words(text: str) -> int:
    unspaced = len(_UNSPACED.findall(text))
    return len(re.findall(r"\w+(?:['’.-]\w+)*", _UNSPACED.sub(" ", text))) + unspaced // 2
