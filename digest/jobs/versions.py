"""Which version of a file somebody saw, so that nobody's later words are written over."""

from __future__ import annotations

import hashlib
from pathlib import Path

from digest.errors import Refused


class ChangedMeanwhile(Refused):
    """The file is another one than the person saw; nothing was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__("changed meanwhile; nothing was written", where=path, cure="compare the two and save again")


def version_of(path: Path) -> str:
    """A file's version: a hash of its bytes, empty where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def refuse_changed(path: Path, seen: str) -> None:
    """Stop where a file is not the one that somebody saw.

    Raises:
        ChangedMeanwhile: It is another one.
    """
    if version_of(path) != seen:
        raise ChangedMeanwhile(path)
