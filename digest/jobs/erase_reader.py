"""Erase a reader: out of the database, out of the outbox, and never back by an import."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from digest.files.writing import unwritable
from digest.jobs.readers import not_listed
from digest.model.address import address_key
from digest.publication import Publication
from digest.store.database import Database
from digest.store.erasure import Letter, erase_reader, letters_to
from digest.store.readers import reader_at
from digest.store.suppressions import SuppressionKey, check_key


class Erased(NamedTuple):
    """What was erased.

    Attributes:
        letters: How many letters were taken out of the outbox.
        providers: The services that have letters to them in their own records.
        is_overwritten: Whether the database's files were written anew without them.
    """

    letters: int
    providers: tuple[str, ...]
    is_overwritten: bool


def erase(publication: Publication, database: Database, address: str, now: datetime) -> Erased:
    """Erase all that is personal of a reader; a keyed hash stays, by which no import brings them back.

    Args:
        publication: Its key of suppressions, and its outbox.
        database: The state.
        address: Theirs.
        now: The moment.

    Raises:
        BrokenInput: They are not on the list.
        Refused: A letter to them is on its way.
    """
    key = SuppressionKey(publication.suppression_key())
    with database.transaction() as connection:
        check_key(connection, key)
        reader = reader_at(connection, address)
        if reader is None:
            raise not_listed(address)
        letters = letters_to(connection, reader.id)
    # the files first: once the rows are gone nobody could tell which files were theirs
    taken = _take_out(publication.outbox, letters)
    with database.transaction() as connection:
        erase_reader(connection, reader, key.hash(address_key(reader.address)), now)
    elsewhere = sorted({letter.provider for letter in letters} - {"outbox"})
    return Erased(taken, tuple(elsewhere), database.forget())


def _take_out(outbox: Path, letters: tuple[Letter, ...]) -> int:
    """Take somebody's letters out of the Maildir, read or not; their names hold what the ledger calls them."""
    names = {letter.message_id for letter in letters if letter.provider == "outbox"}
    taken = 0
    if not names:
        return taken
    for folder in (outbox / "new", outbox / "cur"):
        for path in folder.iterdir() if folder.is_dir() else ():
            if len(parts := path.name.split(".")) > 1 and parts[1] in names:
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise unwritable(path, error) from error
                taken += 1
    return taken
