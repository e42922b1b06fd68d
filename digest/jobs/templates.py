"""The program's templates, and those of them that a publication took over."""

from __future__ import annotations

from pathlib import Path

from digest.errors import BrokenInput, Refused
from digest.files.writing import write_whole
from digest.publication import Publication
from digest.render.templates import program_templates


def template_names(publication: Publication) -> dict[str, bool]:
    """The program's templates in the order of their names, and whether this publication has its own."""
    own, program = publication.folder / "templates", program_templates()
    names = sorted(str(path.relative_to(program)) for path in program.rglob("*.j2"))
    return {name: own != program and (own / name).is_file() for name in names}


def take_over(publication: Publication, name: str) -> Path:
    """Copy one of the program's templates into the publication, to change it there.

    Returns:
        The copy, relative to the publication's folder.

    Raises:
        BrokenInput: The program has no such template.
        Refused: The publication has its own already.
    """
    if name not in template_names(publication):
        raise BrokenInput(f'no template is called "{name}"', cure="`digest templates list` lists them")
    copy = Path("templates") / name
    target = publication.folder / copy
    if target.exists():
        raise Refused("stands there already", where=target, cure="change that one, or move it away first")
    write_whole(target, (program_templates() / name).read_bytes())
    return copy
