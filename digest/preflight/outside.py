"""What others say of the letter: its own files, the servers it leads to, a spam filter. A job asks, these judge."""

from __future__ import annotations

from collections.abc import Iterator

from digest.preflight.check import HTML, TEXT, Fault, error, guard, warning
from digest.preflight.links import addresses_to_ask
from digest.preflight.proof import Proof

SPAM_POINTS = 2.0  # of 5, from which on SpamAssassin calls a mail spam


@guard
def built(proof: Proof) -> Iterator[Fault]:
    """The mail in the folder is what its files make."""
    if proof.again is not None:
        for part, here, made in (
            (HTML, proof.email.html, proof.again.html),
            (TEXT, proof.email.text, proof.again.text),
        ):
            if here != made:
                yield Fault("the mail in the folder is not what its files make", part, "run `digest build`")
                return


@error
def dead_links(proof: Proof) -> Iterator[Fault]:
    """Every link leads to a page that is there. Only with `digest check --online`, which asks for each address."""
    yield from _unanswered(proof, is_gone=True)


@warning
def silent_links(proof: Proof) -> Iterator[Fault]:
    """Every link's server answers as it should. Only with `digest check --online`; some answer browsers only."""
    yield from _unanswered(proof, is_gone=False)


@warning
def spam_points(proof: Proof) -> Iterator[Fault]:
    """SpamAssassin's own rules, without the network, give the letter less than 2 of the 5 points that make spam. Only
    with `digest check`, and only where `spamassassin` is installed; it says that there is no silly mistake, and not
    that the letter reaches the inbox.
    """
    if proof.spam_points is not None and proof.spam_points >= SPAM_POINTS:
        what = f"SpamAssassin gives the letter {proof.spam_points:.1f} of 5 points"
        yield Fault(what, HTML, "the other findings say why; `spamassassin -t -L` on a test mail lists its rules")


def _unanswered(proof: Proof, *, is_gone: bool) -> Iterator[Fault]:
    for address, place in addresses_to_ask(proof).items() if proof.replies else ():
        reply = proof.replies.get(address)
        if reply and reply.said and reply.is_gone is is_gone:
            yield Fault(f"{address}: {reply.said}", place, "open it in a browser, and mend or take out the link")
