"""Our own list of readers as rows: what is written here, `import_csv` reads back as it was."""

from __future__ import annotations

from datetime import datetime

from digest.model.reader import Suppression
from digest.readers.formats import COLUMNS
from digest.store.readers import Proven


def reader_row(one: Proven) -> tuple[str, ...]:
    """A reader with the proof of consent that counts and the last change of state."""
    reader, consent, change = one
    said = {
        "address": reader.address,
        "name": reader.name,
        "state": reader.state,
        "categories": " ".join(reader.categories),
        "paused_until": _moment(reader.paused_until if reader.state == "paused" else None),
        "since": _moment(reader.created_at),
    }
    if consent is not None:
        said |= {
            "consented_at": _moment(consent.at),
            "consent": consent.wording,
            "consent_how": consent.how,
            "consent_by": consent.origin,
        }
    if change is not None:
        said |= {"changed_at": _moment(change.at), "cause": change.cause}
    return _in_order(said)


def suppression_row(one: Suppression) -> tuple[str, ...]:
    """Somebody who must not be brought back: a hash, and no address."""
    said = {"state": one.reason, "changed_at": _moment(one.at), "cause": one.cause, "suppression": one.hash}
    return _in_order(said)


def _in_order(said: dict[str, str]) -> tuple[str, ...]:
    return tuple(said.get(column, "") for column in COLUMNS)


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
