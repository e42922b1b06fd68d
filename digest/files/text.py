"""A text file, read as UTF-8 with its line ends as they are."""

from __future__ import annotations

from pathlib import Path

from digest.errors import DigestError
from digest.files.problems import BrokenFile


def read_text(path: Path) -> str:
    """Read a text file.

    Raises:
        BrokenFile: It is not UTF-8; says where the first wrong byte stands.
        DigestError: It cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise DigestError(f"cannot read: {what}", where=path, cure="mend that and run it again") from error
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        mistake = f"{path}:{line}:{column}: not UTF-8 text ({error.reason}); save it as UTF-8"
        raise BrokenFile(path, [mistake]) from None
