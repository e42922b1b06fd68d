"""The one word that differs from reader to reader, and the marks that a provider would replace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.mail.merge_field import MERGE_FIELD, SUBSTITUTION_MARKS
from digest.preflight.check import HTML, PUBLICATION, TEXT, Fault, error, guard
from digest.preflight.page import excerpt
from digest.preflight.proof import Proof

_AT_END = re.compile(rf"https?://[^\s<>\"']*/{MERGE_FIELD}(?![\w/?#&=%.-])")
_BROKEN = re.compile(rf"[/=]{MERGE_FIELD[0]}[\u200b-\u200d\u2060\ufeff]+{MERGE_FIELD[1:]}")
# Statements of template languages, and the merge tags of services that people come from.
_LEFT = re.compile(r"\{%.{0,40}?%\}|\{#.{0,40}?#\}|\*\|[A-Z_:]+\|\*|\[%.{0,40}?%\]|%%[A-Za-z_]+%%|\$\{\w+\}")


@guard
def merge_field(proof: Proof) -> Iterator[Fault]:
    """The merge field READER_TOKEN stands at the end of link addresses, in both parts, and nowhere else."""
    email, cure = proof.email, f"take the word {MERGE_FIELD} out of what people wrote"
    around = {
        proof.in_issue("subject"): email.subject,
        proof.in_issue("preheader"): email.preheader,
        f"{PUBLICATION}: sender": " ".join(email.sender.model_dump().values()),
    }
    for where, text in around.items():
        if MERGE_FIELD in text:
            yield Fault(f"{MERGE_FIELD} stands in it, and is replaced for every reader", where, cure)
    addresses = " ".join(link.get("href") or "" for link in proof.page.links)
    if _BROKEN.search(addresses) or _BROKEN.search(email.text):
        what = f"{MERGE_FIELD} is kept apart in an address, so that nothing is put in its place"
        part = HTML if _BROKEN.search(addresses) else TEXT
        yield Fault(what, part, "print the address by itself, through no filter")
    sources = {HTML: email.html, TEXT: email.text}
    for where, text in ((part, sources[part]) for part, _ in proof.parts):
        if MERGE_FIELD not in text:
            what = "the merge field is missing, so readers could not leave"
            yield Fault(what, where, "print letter.unsubscribe and letter.preferences")
        rest = _AT_END.sub("", text)
        stray = rest.find(MERGE_FIELD)
        if stray >= 0:
            yield Fault(f"{MERGE_FIELD} stands outside the end of a link: {excerpt(rest, stray)}", where, cure)


@guard
def substitution_marks(proof: Proof) -> Iterator[Fault]:
    """No provider finds anything to replace in the letter: its marks, such as `{{` or `%recipient.`, stand nowhere."""
    found = False
    for where, text in _written(proof):
        mark = SUBSTITUTION_MARKS.search(text)
        if mark:
            found = found or where == HTML
            what = f"“{mark.group()}” is a provider's substitution mark: {excerpt(text, mark.start())}"
            yield Fault(what, where, "write it differently")
    if "{{" in proof.email.html and not found:
        yield Fault("“{{” stands in a style", HTML, "put a space between the braces")


@error
def template_marks(proof: Proof) -> Iterator[Fault]:
    """No statement of a template language and no other service's merge tag is left to be read."""
    for where, text in _written(proof):
        for mark in _LEFT.finditer(text):
            if not proof.is_of_people(mark.group()):
                what = f"“{mark.group()}” was not filled in: {excerpt(text, mark.start())}"
                yield Fault(what, where, "mend the template, or take it out")
                break


def _written(proof: Proof) -> Iterator[tuple[str, str]]:
    """All that is sent as words or addresses, with its place."""
    yield proof.in_issue("subject"), proof.email.subject
    yield proof.in_issue("preheader"), proof.email.preheader
    attributes = (
        element.get(name) or ""
        for element in proof.page.elements
        for name in ("href", "src", "alt", "title", "aria-label")
    )
    yield HTML, "\n".join([proof.page.text, *attributes])
    yield TEXT, proof.email.text
