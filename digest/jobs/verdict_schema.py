"""The JSON Schema of this publication's verdicts: beside them in verdicts/, and named at the head of each file.

It lies in the folder of the files that it is for, so that editors find it by a relative path, without a network.
"""

from __future__ import annotations

from pathlib import Path

from digest.errors import DigestError
from digest.files.text import read_text
from digest.files.writing import write_whole
from digest.publication import Publication
from digest.verdicts.schema import FILE, HEAD, schema_text

_NAMED = "yaml-language-server:"
_HEAD_LINES = 20


def schema_of(publication: Publication) -> str:
    """The schema, as its file holds it."""
    return schema_text(publication.settings.panel.reviewers, publication.settings.categories)


def is_current(publication: Publication) -> bool:
    """Whether the schema beside the verdicts is the one of this digest.toml."""
    try:
        return read_text(publication.verdicts / FILE) == schema_of(publication)
    except DigestError:
        return False


def write_schema(publication: Publication) -> tuple[Path, ...]:
    """Write the schema beside the verdicts and name it at the head of each file that names none.

    Returns:
        The files that changed.
    """
    path = publication.verdicts / FILE
    changed = [path] if write_whole(path, schema_of(publication)) else []
    return (*changed, *(path for path in sorted(publication.verdicts.glob("*.yaml")) if _name_at_the_head(path)))


def _name_at_the_head(path: Path) -> bool:
    try:
        text = read_text(path)
    except DigestError:
        return False  # what cannot be read is `digest verdict check`'s to report
    if any(_NAMED in line for line in text.split("\n", _HEAD_LINES)[:_HEAD_LINES] if line.lstrip("\ufeff")[:1] == "#"):
        return False
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    line_end = "\r\n" if "\r\n" in text else "\n"
    return write_whole(path, f"{mark}{HEAD}{line_end}{text[len(mark) :]}")
