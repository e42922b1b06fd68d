"""A provider that asks for patience gets it; one that cannot send for us at all stops the run, and says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from postal_service import ISSUE, NOW, Post, Script, accepts, begin, does_not_say, mailbox, work

from digest.delivery.provider import Answer, all_as
from digest.errors import Incomplete
from digest.model.delivery import Batch, Copy, Outcome
from digest.store import ledger
from digest.store.database import Database, open_database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url, NOW)
    yield database
    database.close()


def says_not_now(retry_after: float) -> Script:
    def answer(_post: Post, _batch: Batch, copies: Sequence[Copy]) -> Answer:
        return Answer(all_as(copies, "pending", "not now"), retry_after=retry_after)

    return answer


def stops(_post: Post, _batch: Batch, copies: Sequence[Copy]) -> Answer:
    return Answer(all_as(copies, "pending", "refused"), stop="the account is closed")


def test_a_short_pause_is_waited_for(database: Database) -> None:
    begin(database, 20)
    slept: list[float] = []
    post = Post(accepts, says_not_now(12.0))

    assert work(database, post, sleep=slept.append).line == "20 candidates = 20 accepted"
    assert slept == [12.0]


def test_a_long_pause_is_the_next_ticks(database: Database) -> None:
    begin(database, 20)
    slept: list[float] = []
    post = Post(accepts, says_not_now(61.0))

    assert work(database, post, sleep=slept.append).line == "20 candidates = 10 accepted + 10 pending"
    assert slept == []
    assert work(database, post, sleep=slept.append).line == "20 candidates = 20 accepted"


def test_a_provider_that_only_ever_asks_for_patience_is_not_waited_for_for_ever(database: Database) -> None:
    begin(database, 10)
    slept: list[float] = []
    post = Post(*[says_not_now(1.0)] * 50)

    assert work(database, post, sleep=slept.append).line == "10 candidates = 10 pending"
    assert len(slept) == 5


def test_an_answer_without_a_word_of_what_was_sent_can_ask_for_patience_too(database: Database) -> None:
    def busy(_post: Post, _batch: Batch, copies: Sequence[Copy]) -> Answer:
        return Answer(all_as(copies, "unknown", "HTTP 503"), retry_after=3.0)

    begin(database, 20)
    slept: list[float] = []

    assert work(database, Post(busy), sleep=slept.append).line == "20 candidates = 10 accepted + 10 unknown"
    assert slept == [3.0]


def test_three_calls_in_a_row_that_leave_only_questions_put_no_more_readers_at_risk(database: Database) -> None:
    begin(database, 80)
    post = Post(accepts, *[does_not_say] * 20)

    assert work(database, post).line == "80 candidates = 10 accepted + 40 pending + 30 unknown"
    assert len(post.calls) == 4


def test_an_account_that_cannot_send_stops_the_run_in_a_line_with_its_cure(database: Database) -> None:
    begin(database, 30)
    post = Post(accepts, stops)
    with pytest.raises(Incomplete) as stopped:
        work(database, post)

    cure = "mend that (`digest doctor` helps), then `digest send` goes on; the rest is pending"
    assert stopped.value.line() == f"post: the account is closed; {cure}"
    assert stopped.value.exit_code == 4
    assert ledger.balance_of(database, ISSUE).line == "30 candidates = 10 accepted + 20 pending"
    assert len(post.calls) == 2
    assert work(database, post).line == "30 candidates = 30 accepted"


def test_what_was_accepted_before_the_account_was_closed_stays_accepted(database: Database) -> None:
    def halfway(post: Post, batch: Batch, copies: Sequence[Copy]) -> Answer:
        done = post.arrive(batch, copies[:4])
        return Answer((*done, *all_as(copies[4:], "pending", "quota")), stop="the day's quota is used up")

    begin(database, 10)
    with pytest.raises(Incomplete):
        work(database, post := Post(halfway))

    assert ledger.balance_of(database, ISSUE).line == "10 candidates = 4 accepted + 6 pending"
    assert work(database, post).line == "10 candidates = 10 accepted"


def test_a_repetition_that_stops_the_run_leaves_its_batch_unknown(database: Database) -> None:
    begin(database, 10)
    post = Post(does_not_say, stops, recognises=True)
    work(database, post)
    with pytest.raises(Incomplete):
        work(database, post)

    assert ledger.balance_of(database, ISSUE).line == "10 candidates = 10 unknown"
    assert work(database, post).line == "10 candidates = 10 accepted"


def test_a_lost_answer_says_so_when_its_readers_are_set_apart(database: Database) -> None:
    begin(database, 3)
    post = Post(does_not_say)
    work(database, post)

    assert work(database, post).line == "3 candidates = 3 quarantined"
    assert ledger.unsettled(database, ISSUE, ["quarantined"])[0] == (mailbox(1), "quarantined", "timed out")


def test_the_first_outcome_of_a_mixed_batch_keeps_its_own_reason(database: Database) -> None:
    def mixed(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
        post.arrive(batch, copies[1:])
        return [Outcome(copies[0].reader, "rejected", "full"), *all_as(copies[1:], "unknown", "no answer")]

    begin(database, 2)
    post = Post(mixed)
    work(database, post)
    work(database, post)

    assert ledger.unsettled(database, ISSUE, ["rejected", "quarantined"]) == (
        (mailbox(2), "quarantined", "no answer"),
        (mailbox(1), "rejected", "full"),
    )


def wants_it_later(post: Post, batch: Batch, copies: Sequence[Copy]) -> Answer:
    """A greylisted mailbox: its own copy waits, the service takes the others."""
    return Answer(all_as(copies, "pending", "greylisted"), mailbox_alone=True)


def test_a_mailbox_that_wants_its_mail_later_holds_up_nobody(database: Database) -> None:
    begin(database, 30)
    post = Post(wants_it_later, accepts, accepts)

    assert work(database, post).line == "30 candidates = 20 accepted + 10 pending"
    assert work(database, post).line == "30 candidates = 30 accepted"
    assert set(post.inboxes.values()) == {1}


def test_a_service_that_puts_off_every_mailbox_is_not_asked_for_all_of_them(database: Database) -> None:
    begin(database, 300)
    post = Post(*[wants_it_later] * 30)

    assert work(database, post).line == "300 candidates = 300 pending"
    assert len(post.calls) == 20
