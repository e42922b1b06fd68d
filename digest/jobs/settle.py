"""Settle deliveries by hand: a person knows what the ledger does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from digest.errors import Refused
from digest.jobs.send import written_down
from digest.jobs.standing import standing_of
from digest.model.address import address_key
from digest.model.delivery import Balance, DeliveryState
from digest.publication import Publication
from digest.store.database import Database
from digest.store.ledger import finish, last_sending, recover, sending_of
from digest.store.unclear import settle_by_hand, to_be_settled


class SettledByHand(NamedTuple):
    """What a person settled, and how the issue stands then."""

    issue: str
    settled: int
    balance: Balance


def settle(
    publication: Publication,
    database: Database,
    *,
    issue: str | None,
    addresses: Sequence[str] | None,
    accepted: bool,
    by: str,
    why: str,
    now: datetime,
) -> SettledByHand:
    """Settle unknown or quarantined deliveries as a person says; all that they name, or none.

    Args:
        publication: The publication.
        database: The ledger; the caller holds the publication's lock.
        issue: The issue; None for the last one that went out.
        addresses: Whose; None for everybody's.
        accepted: Whether it was taken by the provider; else it counts as rejected.
        by: Who says so.
        why: How they know.
        now: When.

    Raises:
        Refused: Nothing went out, or somebody who is named has no such delivery.
    """
    issue = issue or last_sending(database)
    if issue is None:
        raise Refused("nothing went out from this database yet; there is nothing to settle")
    standing = standing_of(publication, issue)
    begun = sending_of(database, standing.issue)
    if begun is None:
        raise Refused(f"{standing.issue} did not go out from this database", cure="`digest deliveries` shows what did")
    if not why.strip() or not by.strip():
        raise Refused("who says so, and why, has to be given", cure='say it with `--by "…" --why "…"`')
    recover(database, standing.issue)
    keys = None if addresses is None else {address_key(address): address for address in addresses}
    chosen = to_be_settled(database, standing.issue, None if keys is None else list(keys))
    lacking = sorted(set(keys or ()) - {one.key for one in chosen})
    if lacking or not chosen:
        who = (keys or {})[lacking[0]] if lacking else "anybody"
        raise Refused(
            f"{standing.issue} has no unknown or quarantined delivery to {who}",
            cure="`digest deliveries list` names them",
        )
    state: DeliveryState = "accepted" if accepted else "rejected"
    settled = settle_by_hand(database, chosen, standing.issue, state, by, why, now)
    finish(database, standing.issue, now)
    return SettledByHand(standing.issue, settled, written_down(database, standing, begun.provider))
