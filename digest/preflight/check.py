"""What a check is: one function, named by what it checks, that takes a proof and yields the faults that it finds.

Its id is its name with hyphens, its first paragraph says what it holds a letter to, and its decorator says how grave
a fault is: `guard` refuses and cannot be waived, `error` refuses unless an editor waives it with a reason, `warning`
informs. docs/checks.md is written from this.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple

from digest.model.issue import Finding
from digest.preflight.proof import Proof

# Of one check this many findings are told, then the rest is counted: a fault in a template repeats on every line.
TOLD = 6

HTML = "email.html"
TEXT = "email.txt"
PUBLICATION = "digest.toml"


class Fault(NamedTuple):
    """What a check found: what is wrong, where, and how to mend it."""

    what: str
    where: str
    cure: str


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        id: By which it is listed, reported and waived.
        severity: Errors refuse, warnings inform.
        can_be_waived: Whether an editor may let the letter go out with this fault.
        find: Yields the faults of a proof.
    """

    id: str
    severity: Literal["error", "warning"]
    can_be_waived: bool
    find: Callable[[Proof], Iterable[Fault]]

    @property
    def says(self) -> str:
        """What it holds a letter to, in one paragraph."""
        return " ".join((inspect.getdoc(self.find) or "").split("\n\n")[0].split())

    def findings(self, proof: Proof) -> Iterator[Finding]:
        """What it finds in a proof; where there is much of it, the beginning and how much more there is."""
        faults = iter(dict.fromkeys(self.find(proof)))
        for fault in islice(faults, TOLD):
            yield self._finding(fault)
        more = list(faults)
        if more:
            yield self._finding(more[0]._replace(what=f"{len(more)} more like these; the next: {more[0].what}"))

    def _finding(self, fault: Fault) -> Finding:
        return Finding(check=self.id, severity=self.severity, what=fault.what, where=fault.where, cure=fault.cure)


Find = Callable[[Proof], Iterable[Fault]]


def guard(find: Find) -> Check:
    """A check that refuses and cannot be waived: it protects readers, or the letter could not be sent."""
    return Check(_id(find), "error", False, find)


def error(find: Find) -> Check:
    """A check that refuses, unless it is waived."""
    return Check(_id(find), "error", True, find)


def warning(find: Find) -> Check:
    """A check that informs."""
    return Check(_id(find), "warning", True, find)


def _id(find: Find) -> str:
    return find.__name__.replace("_", "-")
