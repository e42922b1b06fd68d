"""Whether the letter repeats what an earlier one was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from digest.preflight.check import Fault, error, warning
from digest.preflight.proof import Proof

SUBJECTS = 12
_ANSWERED = re.compile(r"^(?:(?:re|fwd?|aw|wg|sv|tr|rv)\s*(?:\[\d+\])?\s*:\s*)+")


@error
def subject_repeated(proof: Proof) -> Iterator[Fault]:
    """The subject is not that of one of the last 12 letters: Gmail threads equal subjects, and folds away what it has
    shown before. Re: and Fwd:, case and spaces make no difference.
    """
    own = _folded(proof.email.subject)
    for issue, subject in islice(proof.past.subjects.items(), SUBJECTS):
        if own and own == _folded(subject):
            what = f"{issue} had the same subject, and Gmail would fold this letter into that one"
            yield Fault(what, proof.in_issue("subject"), "write another one")
            return


@warning
def pair_repeated(proof: Proof) -> Iterator[Fault]:
    """No earlier letter compared the same two tools."""
    for number, pair in enumerate(proof.issue.comparisons):
        earlier = proof.past.pairs.get(frozenset((pair.a.slug, pair.b.slug)))
        if earlier:
            yield Fault(
                f"{pair.a.name} vs {pair.b.name} was in {earlier}",
                proof.in_issue("comparisons", number, "tools"),
                "forbid the pair, or say in the bottom line what is new",
            )


def _folded(subject: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", subject).casefold().split())
    return _ANSWERED.sub("", plain).strip()
