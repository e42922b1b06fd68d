"""Reconcile: ask the provider what became of the unknown deliveries of an issue, and send nothing."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from digest.delivery.provider import CanBeAsked
from digest.delivery.providers import provider_of
from digest.delivery.unknowns import CALL_SECONDS, Reconciled
from digest.delivery.unknowns import reconcile as asked
from digest.errors import Refused
from digest.jobs.send import written_down
from digest.jobs.standing import standing_of
from digest.model.delivery import Balance
from digest.publication import Publication
from digest.store.database import Database
from digest.store.ledger import finish, last_sending, sending_of
from digest.store.unclear import unclear_batches
from digest.tokens import Tokens


class Reconciliation(NamedTuple):
    """What asking came to.

    Attributes:
        issue: The issue.
        came_to: In copies.
        ask_again_at: When the absence of the last waiting copy can be trusted; None where nothing waits.
        balance: How the issue stands.
    """

    issue: str
    came_to: Reconciled
    ask_again_at: datetime | None
    balance: Balance

    def lines(self, zone: tzinfo) -> list[str]:
        """In words, a line for each thing that came of it."""
        said, came_to = [], self.came_to
        if came_to.accepted:
            said.append(f"{came_to.accepted} were accepted: the provider knows of them")
        if came_to.quarantined:
            said.append(f"{came_to.quarantined} are quarantined: `digest deliveries` names them, and you settle them")
        if came_to.waiting and self.ask_again_at is not None:
            said.append(f"{came_to.waiting} cannot be told before {self.ask_again_at.astimezone(zone):%A, %H:%M}")
        if came_to.repeatable:
            said.append(f"{came_to.repeatable} are repeated by `digest send` under their keys, and arrive once")
        return said or ["nothing new is known"]


def reconcile(
    publication: Publication, database: Database, *, issue: str | None, now: datetime
) -> Reconciliation | None:
    """Settle what is unknown of an issue by the provider's word.

    Args:
        publication: The publication.
        database: The ledger; the caller holds the publication's lock.
        issue: The issue; None for the last one that went out.
        now: When.

    Returns:
        What it came to, or None where nothing went out from this database yet.

    Raises:
        Refused: The issue did not go out from this database, or through another provider than digest.toml says now.
        DigestError: The provider cannot be asked now.
    """
    issue = issue or last_sending(database)
    if issue is None:
        return None
    standing = standing_of(publication, issue)
    begun = sending_of(database, standing.issue)
    if begun is None:
        raise Refused(f"{standing.issue} did not go out from this database", cure="`digest deliveries` shows what did")
    if begun.provider != publication.provider:
        raise Refused(
            f"{standing.issue} went out through {begun.provider}, and digest.toml says {publication.provider} now",
            cure=f"set the provider back to {begun.provider} to ask it",
        )
    provider = provider_of(publication)
    owner = f"{socket.gethostname()}/{os.getpid()}"
    tokens = Tokens(publication.secret_keys())
    try:
        came_to = asked(database, standing.issue, provider, tokens, owner=owner, now=now)
    finally:
        provider.close()
    again = None
    if came_to.waiting:
        wait = provider.look_up_after if isinstance(provider, CanBeAsked) else timedelta()
        left = unclear_batches(database, standing.issue, ("unknown",), CALL_SECONDS)
        again = max(one.tried_until for one in left) + wait
    finish(database, standing.issue, now)
    return Reconciliation(standing.issue, came_to, again, written_down(database, standing, begun.provider))
