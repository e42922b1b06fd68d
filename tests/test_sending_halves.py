"""A call that is refused as a whole is tried in halves, until those whose fault it is are rejected by name."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from postal_service import (
    ISSUE,
    NOW,
    Post,
    Script,
    asks_for_patience,
    begin,
    dies_after,
    dies_before,
    mailbox,
    refuses_whole,
    work,
)
from sqlalchemy import select
from test_ledger_storm import _MEMORY, _fresh_database

from digest.store import ledger
from digest.store.database import Database, open_database
from digest.store.readers import set_state
from digest.store.schema import attempts, batches


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url, NOW)
    yield database
    database.close()


def addresses(database: Database, *states: str) -> set[str]:
    return {address for address, _, _ in ledger.unsettled(database, ISSUE, states)}  # type: ignore[arg-type]


def refusing(post: Post, *bad: str) -> Post:
    post.script = [refuses_whole(bad)] * 200
    return post


def test_one_bad_mailbox_among_many_is_rejected_by_name_and_the_others_get_theirs(database: Database) -> None:
    begin(database, 20)
    post = refusing(Post(), mailbox(7))

    assert work(database, post).line == "20 candidates = 19 accepted + 1 rejected"
    assert ledger.unsettled(database, ISSUE, ["rejected"]) == ((mailbox(7), "rejected", "`to` is no mailbox"),)
    assert len(post.calls) == 2 + 2 * 3, "10 → 5 + 5 → 2 + 3 → 1 + 1: two calls a step"
    sending = ledger.sending_of(database, ISSUE)
    assert sending is not None
    assert sending.state == "sent"


def test_halves_travel_under_keys_of_their_own(database: Database) -> None:
    begin(database, 8)
    post = refusing(Post(), mailbox(1))
    work(database, post)

    assert not post.other_bytes
    assert len(post.keys) == len(post.calls)


def test_the_attempts_say_what_was_split_into_what(database: Database) -> None:
    begin(database, 2)
    work(database, refusing(Post(), mailbox(2)))

    with database.transaction() as connection:
        query = select(batches.c.number, attempts.c.outcome).join(batches, batches.c.id == attempts.c.batch_id)
        said = [tuple(row) for row in connection.execute(query.order_by(attempts.c.id))]
    assert said == [
        (1, "refused whole, split into 2 and 3: `to` is no mailbox"),
        (2, "settled"),
        (3, "settled"),
    ]


def test_who_leaves_before_their_half_is_tried_gets_nothing(database: Database) -> None:
    begin(database, 4)
    post = refusing(Post(), mailbox(1))
    work(database, post, dies_after_batches=1)
    set_state(database, mailbox(4), "unsubscribed", NOW, "test")

    assert work(database, post).line == "4 candidates = 2 accepted + 1 rejected + 1 excluded"
    assert post.inboxes[mailbox(4)] == 0


def test_a_refusal_at_a_repetition_proves_nothing_of_the_first_attempt(database: Database) -> None:
    begin(database, 4)
    post = Post(dies_after, refuses_whole([mailbox(1)]), recognises=True)
    work(database, post)

    assert work(database, post).line == "4 candidates = 4 unknown"
    assert work(database, post).line == "4 candidates = 4 accepted"


def test_a_zombie_splits_nothing(database: Database) -> None:
    from digest.model.delivery import Outcome
    from digest.store.halves import split

    begin(database, 4)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    slept = ledger.claim(database, ISSUE, "zombie", NOW)
    assert slept is not None
    ledger.recover(database, ISSUE)

    pending = [Outcome(reader, "pending") for reader, _ in slept.readers]
    assert split(database, slept, "zombie", pending, "no", NOW) == ()
    assert ledger.balance_of(database, ISSUE).unknown == 4


READERS = st.integers(1, 24)
TROUBLE: list[Script] = [dies_before, dies_after, asks_for_patience]


@settings(deadline=None, max_examples=60)
@given(data=st.data(), readers=READERS, size=st.integers(1, 12), kills=st.lists(st.integers(1, 5), max_size=6))
def test_exactly_the_bad_ones_are_rejected_whoever_they_are_and_wherever_the_process_dies_between_two_steps(
    data: st.DataObject, readers: int, size: int, kills: list[int]
) -> None:
    bad = {mailbox(number) for number in data.draw(st.sets(st.integers(1, readers)))}
    with_database = Path(tempfile.mkdtemp(dir=_MEMORY))
    shutil.copy(_fresh_database(), with_database / "digest.db")
    database = open_database(f"sqlite:///{with_database / 'digest.db'}", NOW)
    try:
        begin(database, readers)
        post = refusing(Post(batch_size=size), *bad)
        for kill in kills:
            work(database, post, dies_after_batches=kill)
        work(database, post)
        assert addresses(database, "rejected") == bad
        assert addresses(database, "accepted") == {mailbox(number) for number in range(1, readers + 1)} - bad
        assert +post.inboxes == dict.fromkeys(addresses(database, "accepted"), 1)
        assert not post.other_bytes
    finally:
        database.close()
        shutil.rmtree(with_database)


@settings(deadline=None, max_examples=60)
@given(
    data=st.data(),
    readers=READERS,
    size=st.integers(1, 12),
    trouble=st.lists(st.one_of(st.none(), st.sampled_from(TROUBLE)), max_size=12),
)
def test_a_process_that_dies_in_a_call_costs_no_more_than_that_call(
    data: st.DataObject, readers: int, size: int, trouble: list[Script | None]
) -> None:
    bad = {mailbox(number) for number in data.draw(st.sets(st.integers(1, readers)))}
    folder = Path(tempfile.mkdtemp(dir=_MEMORY))
    shutil.copy(_fresh_database(), folder / "digest.db")
    database = open_database(f"sqlite:///{folder / 'digest.db'}", NOW)
    try:
        begin(database, readers)
        post = Post(batch_size=size)
        # a bad mailbox takes nothing, whatever else happens
        post.script = [one if one in (dies_before, asks_for_patience) else refuses_whole(bad) for one in trouble]
        post.script += [refuses_whole(bad)] * 200
        for _ in range(len(trouble) + 2):
            balance = work(database, post)
        deaths = sum(one is dies_before for one in trouble)
        assert balance.pending == balance.submitting == balance.unknown == 0
        assert balance.quarantined <= deaths * size
        assert addresses(database, "rejected") <= bad
        assert bad <= addresses(database, "rejected", "quarantined")
    finally:
        database.close()
        shutil.rmtree(folder)
