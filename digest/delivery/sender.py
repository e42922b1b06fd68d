"""Send an issue's batches, one attempt each, with the ledger written before and after.

The ledger alone decides what is sent. A batch that a killed process left behind may have gone out: it is repeated only
where the provider recognises a repetition, else looked up where the provider can be asked, else its readers are set
apart by name.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from digest.delivery.pace import Pace
from digest.delivery.provider import Answer, Provider, all_as
from digest.delivery.unknowns import CALL_SECONDS, all_unknown, ask, copies_of, set_apart, way
from digest.errors import DigestError, Incomplete
from digest.model.delivery import Balance, Batch, Copy
from digest.model.issue import Email
from digest.store import ledger
from digest.store.database import Database
from digest.store.halves import split
from digest.store.unclear import unclear_batches
from digest.tokens import Tokens

Clock = Callable[[], datetime]
Sleep = Callable[[float], None]

# A provider that asks for a short pause is waited for; what it asks for longer is the next tick's.
_LONGEST_WAIT = 60.0
# So many waits with nothing accepted between them, and the next tick goes on.
_WAITS_IN_A_ROW = 5
# So many calls that leave nothing but questions, and no more readers are put at risk in this tick.
_UNKNOWN_IN_A_ROW = 3
# So many mailboxes that all want their mail later, and it is the service that does.
_LATER_IN_A_ROW = 20


def deliver(
    database: Database,
    issue: str,
    provider: Provider,
    tokens: Tokens,
    *,
    clock: Clock,
    progress: Callable[[int, int], None],
    sleep: Sleep = time.sleep,
) -> Balance:
    """Deliver an issue whose sending has begun, or go on where it was left.

    Args:
        database: The state.
        issue: The issue's id.
        provider: The service that sends.
        tokens: Signs the readers' links.
        clock: Tells the moment.
        progress: Called with deliveries done and candidates.
        sleep: Waits for so many seconds, where the provider asks for it.

    Returns:
        The balance; the issue is closed if nothing is left unaccounted for.

    Raises:
        Incomplete: Nothing more can be sent until a person has mended what the provider says; the rest is pending.
        DigestError: The provider cannot work at all; what was being submitted is pending again if nothing was sent.
    """
    email = ledger.frozen_email(database, issue)
    ledger.recover(database, issue)
    candidates = ledger.freeze_readers(database, issue, provider.readers_a_call(email), clock())
    sending = _Sending(database, issue, provider, tokens, clock, sleep, email, progress, candidates)
    if sending.settle_unknown():
        sending.send_pending()
    ledger.finish(database, issue, clock())
    return ledger.balance_of(database, issue)


@dataclass
class _Sending:
    """One tick's work on an issue."""

    database: Database
    issue: str
    provider: Provider
    tokens: Tokens
    clock: Clock
    sleep: Sleep
    email: Email
    progress: Callable[[int, int], None]
    candidates: int
    done: int = 0
    waits: int = 0
    unknown: int = 0
    later: int = 0

    def __post_init__(self) -> None:
        self.pace = Pace(self.provider.limits, self.sleep)
        self.owner = f"{socket.gethostname()}/{os.getpid()}"

    def settle_unknown(self) -> bool:
        """Look into what may have been sent before, each batch once; whether the provider takes more now."""
        can_be_asked = True
        for one in unclear_batches(self.database, self.issue, ("unknown",), CALL_SECONDS):
            now = self.clock()
            chosen = way(self.provider, one, now)
            if chosen == "repeat":
                batch = ledger.claim_unknown(self.database, self.issue, self.owner, now, one.batch.number)
                if batch is not None and not self._goes_on(self._call(batch, repeated=True)):
                    return False
            elif chosen == "ask" and can_be_asked:
                try:
                    ask(self.database, one, self.provider, self.tokens, self.owner, now)
                except DigestError:
                    # it stays unknown, the balance says so, and the next tick asks again
                    can_be_asked = False
            elif chosen == "set apart":
                set_apart(self.database, one, self.provider, self.owner, now)
        return True

    def send_pending(self) -> None:
        """Send batch after batch, until none is pending or the provider takes no more now."""
        behind = 0
        while (batch := ledger.claim(self.database, self.issue, self.owner, self.clock(), behind=behind)) is not None:
            answer = self._call(batch, repeated=False)
            if not self._goes_on(answer):
                return
            if answer.mailbox_alone:
                # the next tick comes back to it, and the others don't wait for it
                behind = batch.number

    def _call(self, batch: Batch, *, repeated: bool) -> Answer:
        copies = copies_of(self.tokens, batch.issue, batch.readers)
        if copies:
            self.pace.wait(len(copies))
        try:
            # everybody in it may have left meanwhile: then there is nothing to call for
            answer = self.provider.send(self.email, batch, copies, CALL_SECONDS) if copies else Answer(())
        except DigestError as error:
            # a provider raises only where a repetition under the same key is safe
            ledger.settle(self.database, batch, self.owner, all_as(copies, "unknown", error.what), self.clock())
            raise
        self.pace.heard(answer.rate)
        answer = _trusted(answer, copies, repeated=repeated)
        if answer.refused_whole and not answer.stop:
            split(self.database, batch, self.owner, answer.outcomes, answer.refused_whole, self.clock())
        else:
            ledger.settle(self.database, batch, self.owner, answer.outcomes, self.clock())
        # a copy that is pending comes again
        self.done += sum(outcome.state != "pending" for outcome in answer.outcomes)
        self.progress(self.done, self.candidates)
        return answer

    def _goes_on(self, answer: Answer) -> bool:
        """Whether the next call may be made, after a pause where the provider asks for a short one.

        Raises:
            Incomplete: A person has to mend something first.
        """
        if answer.stop:
            cure = "mend that (`digest doctor` helps), then `digest send` goes on; the rest is pending"
            raise Incomplete(answer.stop, where=self.provider.name, cure=cure)
        states = {outcome.state for outcome in answer.outcomes}
        if "accepted" in states:
            self.waits = 0
        self.later = self.later + 1 if answer.mailbox_alone else 0
        self.unknown = self.unknown + 1 if all_unknown(answer.outcomes) else 0
        if self.unknown == _UNKNOWN_IN_A_ROW:
            return False
        if answer.retry_after is not None:
            self.waits += 1
            if answer.retry_after > _LONGEST_WAIT or self.waits > _WAITS_IN_A_ROW:
                return False
            self.sleep(answer.retry_after)
            return True
        if answer.mailbox_alone:
            return self.later < _LATER_IN_A_ROW
        # it asks for patience without saying how much
        return "pending" not in states or bool(answer.refused_whole)


def _trusted(answer: Answer, copies: list[Copy], *, repeated: bool) -> Answer:
    """An answer that tells of every copy, and says of a repetition only what holds for the first attempt too."""
    if sorted(outcome.reader for outcome in answer.outcomes) != sorted(copy.reader for copy in copies):
        why = "the provider's answer does not match"
        return answer._replace(outcomes=all_as(copies, "unknown", why), refused_whole="")
    if repeated:
        # "not now" and "not like this" are said of this attempt; the first one may still have arrived
        outcomes = tuple(one._replace(state="unknown") if one.state == "pending" else one for one in answer.outcomes)
        return answer._replace(outcomes=outcomes, refused_whole="")
    return answer
