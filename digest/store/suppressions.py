"""Who must not be brought back: keyed hashes, from which nobody can read an address."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select

from digest.errors import BrokenInput
from digest.model.reader import Suppression
from digest.store.schema import suppressions


class SuppressionKey:
    """Makes the hashes of one publication.

    A hash begins with the mark of its key, so that a key that was changed is noticed before somebody is brought back.

    Args:
        key: DIGEST_SUPPRESSION_KEY, which is never rotated: hashes cannot be made anew without the addresses.
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self.mark = hashlib.sha256(b"digest.suppression/" + self._key).hexdigest()[:8]

    def hash(self, address_key: str) -> str:
        """The hash of an address in the spelling that addresses are compared in."""
        return f"{self.mark}.{hmac.digest(self._key, address_key.encode(), 'sha256').hex()[:40]}"

    def made(self, hash_: str) -> bool:
        """Whether a hash was made with this key."""
        return hash_.startswith(f"{self.mark}.")


def check_key(connection: Connection, key: SuppressionKey) -> None:
    """Refuse to work with another key than the one that the hashes here were made with.

    Raises:
        BrokenInput: It is another key: whoever was erased would not be recognised.
    """
    other = select(suppressions.c.hash).where(~suppressions.c.hash.startswith(f"{key.mark}.", autoescape=True))
    if connection.execute(other.limit(1)).scalar() is not None:
        raise BrokenInput(
            "not the key that this database's suppressions were made with, so nobody would be recognised",
            where="DIGEST_SUPPRESSION_KEY",
            cure="put the old one back; it is never changed",
        )


def suppressed(connection: Connection, hashes: Sequence[str]) -> dict[str, Suppression]:
    """Those of some hashes that are suppressed."""
    found = connection.execute(select(suppressions).where(suppressions.c.hash.in_(hashes)))
    return {row.hash: Suppression(row.hash, row.reason, row.at, row.cause) for row in found}


def suppress(connection: Connection, listed: Iterable[Suppression]) -> int:
    """Suppress; whoever is suppressed already stays so as they are.

    Returns:
        How many were not suppressed before.
    """
    wanted = {one.hash: one for one in listed}
    there = suppressed(connection, list(wanted))
    rows = [one._asdict() for one in wanted.values() if one.hash not in there]
    if rows:
        connection.execute(insert(suppressions), rows)
    return len(rows)


def lift(connection: Connection, hash_: str) -> bool:
    """Let somebody come back who asks for it themselves.

    Returns:
        Whether they were suppressed.
    """
    return connection.execute(delete(suppressions).where(suppressions.c.hash == hash_)).rowcount == 1


def all_suppressed(connection: Connection, after: str, count: int) -> list[Suppression]:
    """A page of them, in the order of their hashes, behind the one that is named."""
    query = select(suppressions).where(suppressions.c.hash > after).order_by(suppressions.c.hash).limit(count)
    return [Suppression(row.hash, row.reason, row.at, row.cause) for row in connection.execute(query)]
