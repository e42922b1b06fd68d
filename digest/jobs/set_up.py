"""Set up a publication: the folder that `digest init` writes."""

from __future__ import annotations

from pathlib import Path

import digest
from digest.errors import Refused
from digest.files.writing import write_whole
from digest.publication import FILE

_IGNORED = """\
# state, secrets and what the outbox "sent" never go under version control
/digest.db*
/digest.lock
/digest.secret*
/outbox/
# what a process that was killed while writing leaves behind
.*.new
"""


def sample() -> Path:
    """The folder of the sample publication: package data in a wheel, the repository itself in a checkout."""
    package = Path(digest.__file__).resolve().parent
    shipped = package / "sample"
    return shipped if shipped.is_dir() else package.parent


def set_up(folder: Path, *, bare: bool = False) -> tuple[str, ...]:
    """Write a new publication that runs at once.

    Args:
        folder: Where; it is made when missing, and must hold no publication yet.
        bare: Without the sample's verdicts, recorded feeds and first issue.

    Returns:
        What was written, relative to the folder.

    Raises:
        Refused: There is a publication, or a file of the same name.
        DigestError: The folder cannot be written.
    """
    if (folder / FILE).exists():
        raise Refused("there is a publication already", where=folder / FILE, cure="name another folder")
    if folder.exists() and not folder.is_dir():
        raise Refused("that is a file", where=folder, cure="name another folder")
    # the schema is digest.toml's own: it knows the panel and the categories
    parts = [".gitattributes", "verdicts/.schema.json"]
    parts += [] if bare else ["verdicts/*.yaml", "feeds/*", "issues/2026-W47/issue.yaml"]
    sources = [path for part in parts for path in sorted(sample().glob(part)) if path.is_file()]
    contents = {folder / path.relative_to(sample()): path.read_bytes() for path in sources}
    contents[folder / ".gitignore"] = _IGNORED.encode()
    # last, since a folder is a publication by this file: a kill before it leaves one that init can be run on again
    contents[folder / FILE] = (sample() / FILE).read_bytes()
    others = [path for path, content in contents.items() if path.exists() and path.read_bytes() != content]
    if others:
        raise Refused("stands there already", where=others[0], cure="name another folder")
    for path, content in contents.items():
        write_whole(path, content)
    return tuple(str(path.relative_to(folder)) for path in contents)
