"""What to do about copies that may have been sent: repeat, ask, wait, or set apart by name.

A repetition under the batch's key arrives once while the provider remembers the key. Afterwards, and where there is no
such key, the provider is asked, if it can be; what it knows of was accepted. That it knows nothing of a copy proves
nothing before its search is complete, and never enough to send again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from digest.delivery.provider import CanBeAsked, Provider
from digest.errors import DigestError
from digest.model.delivery import Copy, DeliveryState, Outcome
from digest.store import ledger, unclear
from digest.store.database import Database
from digest.store.unclear import Unclear
from digest.tokens import Tokens

# The longest that one call may take, in seconds; also what a look-up may take.
CALL_SECONDS = 60.0

Way = Literal["repeat", "ask", "wait", "set apart"]


class Reconciled(NamedTuple):
    """What asking came to, in copies.

    Attributes:
        accepted: The provider knows of them.
        quarantined: It does not, or cannot be asked.
        waiting: It is too early to tell.
        repeatable: The next sending repeats them under their keys.
    """

    accepted: int = 0
    quarantined: int = 0
    waiting: int = 0
    repeatable: int = 0


def way(provider: Provider, one: Unclear, now: datetime) -> Way:
    """What may be done about a batch now.

    Args:
        provider: The service it went through.
        one: The batch.
        now: When.
    """
    if provider.replay_window is not None and now - one.batch.first_attempt_at < provider.replay_window:
        return "repeat"
    if isinstance(provider, CanBeAsked):
        return "ask" if now - one.tried_until >= provider.look_up_after else "wait"
    return "set apart"


def reconcile(
    database: Database, issue: str, provider: Provider, tokens: Tokens, *, owner: str, now: datetime
) -> Reconciled:
    """Ask at once about everything unclear, what was set apart too: what the provider knows of was accepted.

    Args:
        database: The state.
        issue: The issue's id.
        provider: The service that it went through.
        tokens: Signs the readers' links.
        owner: Who asks.
        now: When.

    Returns:
        What it came to; nothing was sent.

    Raises:
        DigestError: The provider cannot be asked now; what was found before is written down.
    """
    ledger.recover(database, issue)
    done = Reconciled()
    for one in unclear.unclear_batches(database, issue, unclear.UNCLEAR, CALL_SECONDS):
        accepted = _found(database, one, provider, tokens, owner, now)
        done = done._replace(accepted=done.accepted + accepted)
    for one in unclear.unclear_batches(database, issue, ("unknown",), CALL_SECONDS):
        chosen, copies = way(provider, one, now), len(one.batch.readers)
        if chosen == "repeat":
            done = done._replace(repeatable=done.repeatable + copies)
        elif chosen == "wait":
            done = done._replace(waiting=done.waiting + copies)
        else:
            done = done._replace(quarantined=done.quarantined + set_apart(database, one, provider, owner, now))
    return done


def ask(database: Database, one: Unclear, provider: Provider, tokens: Tokens, owner: str, now: datetime) -> None:
    """Settle a batch by the provider's word: accepted what it knows of, set apart what it does not.

    Raises:
        DigestError: It cannot be asked now; nothing is changed.
    """
    _found(database, one, provider, tokens, owner, now)
    set_apart(database, one, provider, owner, now)


def set_apart(database: Database, one: Unclear, provider: Provider, owner: str, now: datetime) -> int:
    """Set apart, by name, what is still unknown of a batch.

    Returns:
        How many copies.
    """
    why = f"{provider.name} does not know of it" if isinstance(provider, CanBeAsked) else ""
    return unclear.quarantine(database, one.batch, owner, now, why)


def _found(database: Database, one: Unclear, provider: Provider, tokens: Tokens, owner: str, now: datetime) -> int:
    if not isinstance(provider, CanBeAsked):
        return 0
    # who was erased meanwhile has no address to be found by
    copies = [copy for copy in copies_of(tokens, one.batch.issue, one.batch.readers) if copy.address]
    try:
        outcomes = provider.look_up(one.batch, copies, CALL_SECONDS)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise DigestError("its search answers in words that are not known", where=provider.name) from error
    return unclear.found(database, one.batch, owner, outcomes, now)


def copies_of(tokens: Tokens, issue: str, readers: Sequence[tuple[int, str]]) -> list[Copy]:
    """The readers' copies of an issue."""
    return [Copy(reader, address, tokens.letter_token(reader, issue)) for reader, address in readers]


def all_unknown(outcomes: Sequence[Outcome]) -> bool:
    """Whether a call left nothing but questions."""
    unknown: DeliveryState = "unknown"
    return bool(outcomes) and all(outcome.state == unknown for outcome in outcomes)
