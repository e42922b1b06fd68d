"""What can go wrong, said once: what happened, where, and what to do.

Every error that a person may see is one of these. The command line prints it as one line and ends with its exit
code (docs/command-line.md lists them); a traceback is a bug.
"""

from __future__ import annotations

from pathlib import Path


class DigestError(Exception):
    """An error with a place and a cure; safe to run again unless a subclass says otherwise.

    Args:
        what: What happened, one clause, no full stop.
        where: The file, address or record it happened in; a path, or a path with line and column.
        cure: What the person can do about it, one clause.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | Path = "", cure: str = "") -> None:
        self.what = what
        self.where = str(where)
        self.cure = cure
        super().__init__(self.line())

    def line(self) -> str:
        """The error as the one line that a person reads."""
        place = f"{self.where}: " if self.where else ""
        cure = f"; {self.cure}" if self.cure else ""
        return " ".join(f"{place}{self.what}{cure}".split())


class BrokenInput(DigestError):
    """Wrong usage, configuration, or a file that cannot be understood."""

    exit_code = 2


class Refused(DigestError):
    """Preflight, a guard or a missing approval said no."""

    exit_code = 3


class Incomplete(DigestError):
    """Deliveries are left, and none of them can be sent until a person has mended something."""

    exit_code = 4


class PastItsTime(DigestError):
    """An issue is still held although its time to go out has passed."""

    exit_code = 5


class LockHeld(DigestError):
    """Another run holds the publication's lock; that run does the work, so this is no failure."""

    exit_code = 0
