"""Send an issue's batches, one attempt each, with the ledger written before and after.

The ledger alone decides what is sent. A batch that a killed process left behind may have gone out: it is repeated only
where the provider recognises a repetition, and otherwise its readers are set apart by name.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime

from digest.delivery.provider import Provider
from digest.errors import DigestError
from digest.model.delivery import Balance, Batch, Copy, Outcome
from digest.model.issue import Email
from digest.store import ledger
from digest.store.database import Database
from digest.tokens import Tokens

Clock = Callable[[], datetime]


def deliver(
    database: Database,
    issue: str,
    provider: Provider,
    tokens: Tokens,
    *,
    clock: Clock,
    progress: Callable[[int, int], None],
) -> Balance:
    """Deliver an issue whose sending has begun, or go on where it was left.

    Args:
        database: The state.
        issue: The issue's id.
        provider: The service that sends.
        tokens: Signs the readers' links.
        clock: Tells the moment.
        progress: Called with deliveries done and candidates.

    Returns:
        The balance; the issue is closed if nothing is left unaccounted for.

    Raises:
        DigestError: The provider cannot work at all; what was being submitted is pending again if nothing was sent.
    """
    owner = f"{socket.gethostname()}/{os.getpid()}"
    email = ledger.frozen_email(database, issue)
    ledger.recover(database, issue)
    candidates = ledger.freeze_readers(database, issue, provider.batch_size, clock())
    done = 0
    for claim in (_claim_unknown if provider.repeats_are_recognised else _quarantine_unknown, ledger.claim):
        while (batch := claim(database, issue, owner, clock())) is not None:
            repeated = claim is _claim_unknown
            outcomes = _sent(database, batch, owner, provider, email, tokens, clock, repeated=repeated)
            done += len(outcomes)
            progress(done, candidates)
            states = {outcome.state for outcome in outcomes}
            if "pending" in states:
                # the provider asks for patience: the next tick goes on
                return ledger.balance_of(database, issue)
            if "unknown" in states and repeated:
                # repeated and still unknown: claimed again now it would go round for ever; the next tick asks again
                break
    ledger.finish(database, issue, clock())
    return ledger.balance_of(database, issue)


def _claim_unknown(database: Database, issue: str, owner: str, now: datetime) -> Batch | None:
    return ledger.claim_unknown(database, issue, owner, now)


def _quarantine_unknown(database: Database, issue: str, owner: str, now: datetime) -> Batch | None:
    """Set apart, by name, what may have been sent and cannot be asked about."""
    while (batch := ledger.claim_unknown(database, issue, owner, now)) is not None:
        apart = [Outcome(reader, "quarantined", "the sending process died") for reader, _ in batch.readers]
        ledger.settle(database, batch, owner, apart, now)
    return None


def _sent(
    database: Database,
    batch: Batch,
    owner: str,
    provider: Provider,
    email: Email,
    tokens: Tokens,
    clock: Clock,
    *,
    repeated: bool,
) -> list[Outcome]:
    copies = [Copy(reader, address, tokens.letter_token(reader, batch.issue)) for reader, address in batch.readers]
    try:
        # everybody in it may have left meanwhile: then there is nothing to call for
        outcomes = provider.send(email, batch, copies) if copies else []
    except DigestError:
        # a provider raises only where a repetition under the same key is safe
        ledger.settle(database, batch, owner, [Outcome(copy.reader, "unknown") for copy in copies], clock())
        raise
    if sorted(outcome.reader for outcome in outcomes) != sorted(copy.reader for copy in copies):
        outcomes = [Outcome(copy.reader, "unknown", "the provider's answer does not match") for copy in copies]
    if repeated:
        # "not now" is said of this attempt; the first one may still have arrived
        outcomes = [one._replace(state="unknown") if one.state == "pending" else one for one in outcomes]
    ledger.settle(database, batch, owner, outcomes, clock())
    return outcomes
