"""Whatever dies, stays silent or leaves, in whatever order: nobody gets a letter twice, and the balance holds."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from postal_service import (
    ISSUE,
    LETTER,
    NOW,
    Post,
    accepts,
    answers_nonsense,
    asks_for_patience,
    dies_after,
    dies_before,
    does_not_say,
    enlist,
    mailbox,
    mixes,
    refuses_some,
    refuses_whole,
    work,
)

from digest.store import ledger
from digest.store.database import Database, open_database
from digest.store.readers import set_state

_ANSWERS = [
    accepts,
    answers_nonsense,
    asks_for_patience,
    dies_after,
    dies_before,
    does_not_say,
    mixes,
    refuses_some,
    refuses_whole([mailbox(1), mailbox(4)]),
]


# thousands of small transactions: where the system keeps a disk in memory, it is used
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@functools.cache
def _fresh_database() -> Path:
    """A database that was just made: migrating once is enough."""
    folder = Path(tempfile.mkdtemp(dir=_MEMORY))
    atexit.register(shutil.rmtree, folder)
    open_database(f"sqlite:///{folder / 'digest.db'}", NOW).close()
    return folder / "digest.db"


class Storm(RuleBasedStateMachine):
    """One issue goes out through a provider that answers as it likes, from processes that die as they like."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=_MEMORY))
        shutil.copy(_fresh_database(), self.folder / "digest.db")
        self.database = self._opened()
        self.people = 0
        self.left: set[str] = set()

    def _opened(self) -> Database:
        return open_database(f"sqlite:///{self.folder / 'digest.db'}", NOW)

    @initialize(readers=st.integers(0, 9), recognises=st.booleans(), batch_size=st.integers(1, 4))
    def an_issue_begins(self, readers: int, recognises: bool, batch_size: int) -> None:
        self.post = Post(batch_size=batch_size, recognises=recognises)
        self.arrives(readers)
        ledger.begin_sending(self.database, ISSUE, LETTER, "post", NOW)

    @rule(readers=st.integers(1, 3))
    def arrives(self, readers: int) -> None:
        enlist(self.database, readers, first=self.people + 1)
        self.people += readers

    @precondition(lambda self: self.people)
    @rule(data=st.data())
    def leaves(self, data: st.DataObject) -> None:
        address = mailbox(data.draw(st.integers(1, self.people)))
        set_state(self.database, address, "unsubscribed", NOW, "test")
        if not self.post.inboxes[address] and not self._may_be_on_its_way(address):
            self.left.add(address)

    @rule(script=st.lists(st.sampled_from(_ANSWERS), min_size=1, max_size=4), dies_after_batches=st.integers(0, 3))
    def ticks(self, script: list[object], dies_after_batches: int) -> None:
        self.post.script = list(script)  # type: ignore[arg-type]
        work(self.database, self.post, dies_after_batches=dies_after_batches)

    @rule()
    def is_killed_while_the_list_is_frozen(self) -> None:
        sending = ledger.sending_of(self.database, ISSUE)
        if sending is not None and sending.frozen_at is None:
            with self.database.transaction() as connection:
                ledger._freeze_page(connection, ISSUE, self.post.limits.readers)

    @rule()
    def the_list_is_closed_and_then_it_is_killed(self) -> None:
        ledger.freeze_readers(self.database, ISSUE, self.post.limits.readers, NOW)

    @rule()
    def the_machine_starts_again(self) -> None:
        self.database.close()
        self.database = self._opened()

    @invariant()
    def nobody_has_it_twice(self) -> None:
        assert all(count <= 1 for count in self.post.inboxes.values())

    @invariant()
    def who_left_in_time_has_it_not(self) -> None:
        assert not any(self.post.inboxes[address] for address in self.left)

    @invariant()
    def the_ledger_claims_no_more_than_arrived(self) -> None:
        accepted = ledger.unsettled(self.database, ISSUE, ["accepted"])
        assert all(self.post.inboxes[address] == 1 for address, _, _ in accepted)

    @invariant()
    def whoever_has_it_stands_in_the_ledger(self) -> None:
        open_ = ["accepted", "submitting", "unknown", "quarantined"]
        there = {address for address, _, _ in ledger.unsettled(self.database, ISSUE, open_)}  # type: ignore[arg-type]
        assert set(+self.post.inboxes) <= there

    def teardown(self) -> None:
        """In calm weather, whatever happened before, two ticks account for everybody."""
        self.post.script = []
        work(self.database, self.post)
        balance = work(self.database, self.post)
        assert balance.holds
        assert balance.pending == balance.submitting == balance.unknown == 0
        assert not (self.post.replay_window and balance.quarantined)
        self.nobody_has_it_twice()
        self.who_left_in_time_has_it_not()
        self.database.close()
        shutil.rmtree(self.folder)

    def _may_be_on_its_way(self, address: str) -> bool:
        states = ["submitting", "unknown", "quarantined"]
        return address in {one for one, _, _ in ledger.unsettled(self.database, ISSUE, states)}  # type: ignore[arg-type]


TestStorm = Storm.TestCase
TestStorm.settings = settings(
    max_examples=50, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
