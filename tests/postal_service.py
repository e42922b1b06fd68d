"""A provider that a test scripts, the inboxes it fills, and a list of readers to write to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from digest.delivery.provider import Answer, Limits
from digest.delivery.sender import deliver
from digest.delivery.web_provider import one_or_whole
from digest.model.address import mail_address
from digest.model.delivery import Balance, Batch, Copy, DeliveryState, Outcome
from digest.model.issue import Email, Sender
from digest.model.reader import Consent, Person
from digest.store import ledger
from digest.store.database import Database
from digest.store.enlist import enlist as brought
from digest.tokens import Tokens

ISSUE = "2026-W47"
NOW = datetime(2026, 11, 20, 8, 5, tzinfo=UTC)
LETTER = Email(
    subject="Copperline or Driftwood?",
    preheader="",
    sender=Sender(name="Letter", address="a@example.com", reply_to="b@example.com", postal_address="Harbour Row"),
    html="<p>READER_TOKEN</p>",
    text="READER_TOKEN",
)
Script = Callable[["Post", Batch, Sequence[Copy]], "list[Outcome] | Answer"]


class Killed(BaseException):
    """The process died here."""


class Post:
    """A provider: it remembers what arrived where, and answers as its script says, call by call, then accepts.

    Attributes:
        inboxes: How many copies each address got.
        calls: Number and readers of each call that reached it.
        keys: The readers that each key came with first.
        other_bytes: Whether a key came again with other readers.
    """

    name = "post"
    notes = ()

    def __init__(self, *script: Script, batch_size: int = 10, recognises: bool = False) -> None:
        self.limits = Limits(readers=batch_size)
        self.replay_window = timedelta.max if recognises else None
        self.script = list(script)
        self.inboxes: Counter[str] = Counter()
        self.calls: list[tuple[int, tuple[str, ...]]] = []
        self._seen: set[tuple[str, str]] = set()
        self.keys: dict[str, tuple[str, ...]] = {}
        self.other_bytes = False

    def cannot_carry(self, copy: Copy) -> str | None:
        return None

    def readers_a_call(self, email: Email) -> int:
        return self.limits.readers

    def close(self) -> None:
        """Nothing is open."""

    def send(self, email: Email, batch: Batch, copies: Sequence[Copy], deadline: float) -> Answer:
        self.calls.append((batch.number, tuple(copy.address for copy in copies)))
        # who is recognised by its key sends the same bytes under it
        bodies = self.keys.setdefault(batch.key, self.calls[-1][1])
        self.other_bytes |= bodies != self.calls[-1][1]
        answer = self.script.pop(0) if self.script else accepts
        said = answer(self, batch, copies)
        return said if isinstance(said, Answer) else Answer(tuple(said))

    def arrive(self, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
        """Put copies into inboxes; a repetition under the same key arrives once, where the service promises that."""
        for copy in copies:
            if not (self.replay_window and (batch.key, copy.address) in self._seen):
                self.inboxes[copy.address] += 1
            self._seen.add((batch.key, copy.address))
        return [Outcome(copy.reader, "accepted", message_id=f"{batch.key[:8]}-{copy.reader}") for copy in copies]


def accepts(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
    return post.arrive(batch, copies)


def dies_before(_post: Post, _batch: Batch, _copies: Sequence[Copy]) -> list[Outcome]:
    raise Killed


def dies_after(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
    post.arrive(batch, copies)
    raise Killed


def does_not_say(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
    """It took them, and the answer was lost on its way."""
    post.arrive(batch, copies)
    return [Outcome(copy.reader, "unknown", "timed out") for copy in copies]


def asks_for_patience(_post: Post, _batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
    return [Outcome(copy.reader, "pending") for copy in copies]


def mixes(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
    """Every third one each way: accepted, not now, and no answer though it arrived; a repetition is put right."""
    if any(post.inboxes[copy.address] for copy in copies):
        return post.arrive(batch, copies)
    post.arrive(batch, copies[0::3])
    post.arrive(batch, copies[2::3])
    states: tuple[DeliveryState, ...] = ("accepted", "pending", "unknown")
    return [Outcome(copy.reader, states[number % 3]) for number, copy in enumerate(copies)]


def refuses_some(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
    """The first one has no such mailbox, unless the letter arrived there before."""
    if post.inboxes[copies[0].address]:
        return post.arrive(batch, copies)
    return [*post.arrive(batch, copies[1:]), Outcome(copies[0].reader, "rejected", "no such mailbox")]


def refuses_whole(bad: Collection[str]) -> Script:
    """One mailbox that is none, and the whole call is refused; alone it is rejected, unless it had the copy before."""

    def answer(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome] | Answer:
        there = len(copies) == 1 and post.inboxes[copies[0].address] > 0
        if there or not any(copy.address in bad for copy in copies):
            return post.arrive(batch, copies)
        return one_or_whole(copies, "`to` is no mailbox")

    return answer


def answers_nonsense(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
    return post.arrive(batch, copies)[:-1]


def mailbox(number: int) -> str:
    return f"reader{number}@example.com"


def enlist(database: Database, readers: int, first: int = 1) -> None:
    """Bring `reader1@example.com` … onto the list."""
    consent = Consent(at=NOW, how="test", wording="Yes, please.")
    people = [
        Person(mail_address(mailbox(number)), f"hash {number}", consent=consent)
        for number in range(first, first + readers)
    ]
    with database.transaction() as connection:
        brought(connection, people, NOW, newest=0, cause="test")


def begin(database: Database, readers: int) -> None:
    """A list of readers, and an issue that begins to go out to them."""
    enlist(database, readers)
    ledger.begin_sending(database, ISSUE, LETTER, "post", NOW)


def work(
    database: Database,
    post: Post,
    *,
    dies_after_batches: int = 0,
    now: datetime = NOW,
    sleep: Callable[[float], None] = lambda _seconds: None,
) -> Balance:
    """Deliver, or go on, as a tick does; the process may be killed in it.

    Args:
        dies_after_batches: Kill it when so many batches were settled in this tick.
    """
    settled = 0

    def progress(_done: int, _all: int) -> None:
        nonlocal settled
        settled += 1
        if settled == dies_after_batches:
            raise Killed

    with suppress(Killed):
        deliver(database, ISSUE, post, Tokens(["k" * 32]), clock=lambda: now, progress=progress, sleep=sleep)
    balance = ledger.balance_of(database, ISSUE)
    # a closed list is counted; before, there is nothing that could balance
    sending = ledger.sending_of(database, ISSUE)
    assert sending is None or sending.frozen_at is None or balance.holds
    assert all(count == 1 for count in post.inboxes.values()), "somebody got it twice"
    return balance
