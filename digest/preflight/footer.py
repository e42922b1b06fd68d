"""What every letter has to say at its end: who sends it, and how to leave."""

from __future__ import annotations

from collections.abc import Iterator

from digest.mail.merge_field import preferences_address, unsubscribe_address
from digest.preflight.check import HTML, PUBLICATION, TEXT, Fault, guard
from digest.preflight.page import letters
from digest.preflight.proof import Proof


@guard
def unsubscribe_link(proof: Proof) -> Iterator[Fault]:
    """Both parts carry the way out, where readers see it (Gmail's and Yahoo's sender rules, 2024; CAN-SPAM, 15 USC
    7704(a)(3)).
    """
    yield from _missing(proof, unsubscribe_address(proof.issue.base_url), "letter.unsubscribe")


@guard
def preferences_link(proof: Proof) -> Iterator[Fault]:
    """Both parts carry the way to choose what one gets, where readers see it."""
    yield from _missing(proof, preferences_address(proof.issue.base_url), "letter.preferences")


@guard
def postal_address(proof: Proof) -> Iterator[Fault]:
    """Both parts carry the sender's postal address, where readers see it (CAN-SPAM, 15 USC 7704(a)(5))."""
    address = letters(proof.email.sender.postal_address)
    if not address:
        where = f"{PUBLICATION}: sender.postal_address"
        yield Fault("the publication has no postal address", where, "write one; the law wants it")
        return
    cure = "print issue.sender.postal_address in the template's footer"
    for part, text in proof.parts:
        if address not in letters(text):
            yield Fault("the postal address is missing", part, cure)


def _missing(proof: Proof, address: str, name: str) -> Iterator[Fault]:
    hidden = proof.sheet.hidden
    links = [link for link in proof.page.links if link.get("href", "").strip() == address]
    seen = [link for link in links if not any(part in hidden for part in (link, *link.iterancestors()))]
    cure = f"print {name} in the template's footer"
    if not links:
        yield Fault(f"{address} is missing", HTML, cure)
    elif not seen:
        yield Fault(f"the link to {address} is hidden", HTML, "show it")
    if len(proof.parts) > 1 and address not in proof.email.text.replace("<", " ").replace(">", " ").split():
        yield Fault(f"{address} is missing", TEXT, cure)
