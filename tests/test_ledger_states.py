"""The ledger says what is about to happen before it happens; nobody gets a letter twice, whoever is unclear is listed.

Every test holds on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from postal_service import (
    ISSUE,
    LETTER,
    NOW,
    Post,
    accepts,
    asks_for_patience,
    begin,
    dies_after,
    dies_before,
    does_not_say,
    enlist,
    mailbox,
    refuses_some,
    work,
)

from digest.errors import DigestError
from digest.model.delivery import Batch, Copy, Outcome
from digest.store import ledger
from digest.store.database import Database, open_database
from digest.store.readers import set_state


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url, NOW)
    yield database
    database.close()


def named(database: Database, *states: str) -> list[tuple[str, str, str]]:
    return list(ledger.unsettled(database, ISSUE, states))  # type: ignore[arg-type]


def test_everybody_on_the_list_gets_the_letter_once(database: Database) -> None:
    begin(database, 25)
    post = Post()

    assert work(database, post).line == "25 candidates = 25 accepted"
    assert [number for number, _ in post.calls] == [1, 2, 3]
    sending = ledger.sending_of(database, ISSUE)
    assert sending is not None
    assert (sending.state, sending.finished_at) == ("sent", NOW)
    assert work(database, post).accepted == 25
    assert len(post.calls) == 3


def test_a_list_that_fills_its_last_batch_exactly_is_closed_all_the_same(database: Database) -> None:
    begin(database, 20)

    assert ledger.freeze_readers(database, ISSUE, 10, NOW) == 20
    assert work(database, Post()).line == "20 candidates = 20 accepted"


def test_a_letter_to_nobody_balances(database: Database) -> None:
    begin(database, 0)

    assert work(database, Post()).line == "0 candidates = 0"


def test_the_body_is_the_one_that_the_sending_began_with(database: Database) -> None:
    begin(database, 1)
    other = LETTER.model_copy(update={"subject": "Other"})

    ledger.begin_sending(database, ISSUE, other, "post", NOW)

    assert ledger.frozen_email(database, ISSUE) == LETTER


def test_who_comes_after_the_list_was_closed_waits_for_the_next_letter(database: Database) -> None:
    begin(database, 5)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    enlist(database, 3, first=6)
    post = Post()

    assert work(database, post).line == "5 candidates = 5 accepted"
    assert mailbox(6) not in post.inboxes


def test_who_leaves_between_freeze_and_claim_gets_nothing(database: Database) -> None:
    begin(database, 12)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    set_state(database, mailbox(3), "unsubscribed", NOW, "test")
    set_state(database, mailbox(12), "complained", NOW, "test")
    post = Post()

    assert work(database, post).line == "12 candidates = 10 accepted + 2 excluded"
    assert post.inboxes[mailbox(3)] == post.inboxes[mailbox(12)] == 0
    assert named(database, "excluded") == [
        (mailbox(12), "excluded", "complained"),
        (mailbox(3), "excluded", "unsubscribed"),
    ]


def test_a_batch_that_everybody_left_makes_no_call(database: Database) -> None:
    begin(database, 11)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    set_state(database, mailbox(11), "unsubscribed", NOW, "test")
    post = Post()

    assert work(database, post).line == "11 candidates = 10 accepted + 1 excluded"
    assert [number for number, _ in post.calls] == [1]


@pytest.mark.parametrize("death", [dies_before, dies_after])
def test_a_batch_whose_sender_died_is_unknown_and_never_pending(database: Database, death: object) -> None:
    begin(database, 20)
    work(database, Post(accepts, death))  # type: ignore[arg-type]
    assert ledger.balance_of(database, ISSUE).line == "20 candidates = 10 accepted + 10 submitting"

    assert ledger.recover(database, ISSUE) == 1

    assert ledger.balance_of(database, ISSUE).line == "20 candidates = 10 accepted + 10 unknown"
    assert ledger.claim(database, ISSUE, "somebody", NOW) is None
    assert ledger.recover(database, ISSUE) == 0


@pytest.mark.parametrize("death", [dies_before, dies_after])
def test_a_provider_that_recognises_repetitions_gets_the_same_batch_again(database: Database, death: object) -> None:
    begin(database, 20)
    post = Post(accepts, death, recognises=True)  # type: ignore[arg-type]
    work(database, post)
    set_state(database, mailbox(15), "unsubscribed", NOW, "test")

    assert work(database, post).line == "20 candidates = 20 accepted"
    assert post.calls[1] == post.calls[2], "who left meanwhile is still in it: the same batch is the same bytes"


@pytest.mark.parametrize("death", [dies_before, dies_after])
def test_without_recognition_they_are_set_apart_by_name_and_the_others_go_on(database: Database, death: object) -> None:
    begin(database, 25)
    post = Post(accepts, death)  # type: ignore[arg-type]
    work(database, post)

    assert work(database, post).line == "25 candidates = 15 accepted + 10 quarantined"
    assert named(database, "quarantined")[0] == (mailbox(11), "quarantined", "the sending process died")
    assert len(named(database, "quarantined")) == 10
    sending = ledger.sending_of(database, ISSUE)
    assert sending is not None
    assert sending.finished_at is None
    calls = len(post.calls)
    work(database, post)
    assert len(post.calls) == calls


def test_an_answer_that_stays_away_is_repeated_once_a_tick_and_not_for_ever(database: Database) -> None:
    begin(database, 20)
    post = Post(does_not_say, accepts, does_not_say, does_not_say, recognises=True)

    assert work(database, post).line == "20 candidates = 10 accepted + 10 unknown"
    assert work(database, post).line == "20 candidates = 10 accepted + 10 unknown"
    assert work(database, post).line == "20 candidates = 10 accepted + 10 unknown"
    assert work(database, post).line == "20 candidates = 20 accepted"
    assert len(post.calls) == 5


def test_a_provider_that_asks_for_patience_is_left_alone_until_the_next_tick(database: Database) -> None:
    begin(database, 20)
    post = Post(accepts, asks_for_patience)

    assert work(database, post).line == "20 candidates = 10 accepted + 10 pending"
    assert len(post.calls) == 2
    assert work(database, post).line == "20 candidates = 20 accepted"


def test_patience_asked_for_at_a_repetition_does_not_make_an_unknown_batch_pending(database: Database) -> None:
    begin(database, 10)
    post = Post(dies_after, asks_for_patience, recognises=True)
    work(database, post)

    assert work(database, post).line == "10 candidates = 10 unknown"
    set_state(database, mailbox(3), "unsubscribed", NOW, "test")
    assert work(database, post).line == "10 candidates = 10 accepted"
    assert post.calls[0] == post.calls[1] == post.calls[2]


@pytest.mark.parametrize("lost", ["short", "long", "twice", "stranger"])
def test_an_answer_that_does_not_match_makes_the_whole_batch_unknown(database: Database, lost: str) -> None:
    def wrong(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
        right = post.arrive(batch, copies)
        return {
            "short": right[:-1],
            "long": [*right, Outcome(999, "accepted")],
            "twice": [*right[:-1], right[0]],
            "stranger": [*right[:-1], Outcome(999, "accepted")],
        }[lost]

    begin(database, 5)

    assert work(database, Post(wrong)).line == "5 candidates = 5 unknown"
    assert named(database, "unknown")[0] == (mailbox(1), "unknown", "the provider's answer does not match")


def test_rejected_readers_are_listed_and_are_no_open_question(database: Database) -> None:
    begin(database, 5)
    balance = work(database, Post(refuses_some))

    assert balance.line == "5 candidates = 4 accepted + 1 rejected"
    assert balance.unaccounted == 0
    assert named(database, "rejected") == [(mailbox(1), "rejected", "no such mailbox")]


def test_a_mixed_answer_loses_nobody(database: Database) -> None:
    def mixed(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
        done = post.arrive(batch, copies[:3])
        return [*done[:2], Outcome(copies[2].reader, "unknown"), *(Outcome(c.reader, "pending") for c in copies[3:])]

    begin(database, 5)
    post = Post(mixed)

    assert work(database, post).line == "5 candidates = 2 accepted + 2 pending + 1 unknown"
    assert work(database, post).line == "5 candidates = 4 accepted + 1 quarantined"
    assert post.calls[-1] == (1, (mailbox(4), mailbox(5)))


def test_a_provider_that_cannot_work_leaves_its_batch_open_and_the_rest_pending(database: Database) -> None:
    def down(_post: Post, _batch: Batch, _copies: Sequence[Copy]) -> list[Outcome]:
        raise DigestError("the provider is down")

    begin(database, 20)
    post = Post(down, recognises=True)
    with pytest.raises(DigestError):
        work(database, post)

    assert ledger.balance_of(database, ISSUE).line == "20 candidates = 10 pending + 10 unknown"
    assert work(database, post).line == "20 candidates = 20 accepted"


def test_a_zombie_changes_nothing(database: Database) -> None:
    begin(database, 5)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    slept = ledger.claim(database, ISSUE, "zombie", NOW)
    assert slept is not None
    ledger.recover(database, ISSUE)
    taken = ledger.claim_unknown(database, ISSUE, "successor", NOW)
    assert taken is not None
    done = [Outcome(reader, "accepted") for reader, _ in slept.readers]
    rejected = [Outcome(reader, "rejected") for reader, _ in slept.readers]

    assert not ledger.settle(database, slept, "zombie", rejected, NOW)
    assert ledger.balance_of(database, ISSUE).submitting == 5
    assert ledger.settle(database, taken, "successor", done, NOW)
    assert not ledger.settle(database, taken, "successor", rejected, NOW)
    assert ledger.balance_of(database, ISSUE).accepted == 5


def test_a_zombie_whose_batch_is_unknown_changes_nothing_either(database: Database) -> None:
    begin(database, 5)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    slept = ledger.claim(database, ISSUE, "zombie", NOW)
    assert slept is not None
    ledger.recover(database, ISSUE)

    assert not ledger.settle(database, slept, "zombie", [Outcome(r, "pending") for r, _ in slept.readers], NOW)
    assert ledger.balance_of(database, ISSUE).unknown == 5


def test_a_batch_is_claimed_by_one_only(database: Database) -> None:
    begin(database, 20)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    first, second = (ledger.claim(database, ISSUE, owner, NOW) for owner in ("one", "two"))

    assert first is not None
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    assert ledger.claim(database, ISSUE, "three", NOW) is None


def test_key_tag_and_date_stay_those_of_the_first_attempt(database: Database) -> None:
    begin(database, 5)
    ledger.freeze_readers(database, ISSUE, 10, NOW)
    first = ledger.claim(database, ISSUE, "one", NOW)
    ledger.recover(database, ISSUE)
    later = NOW.replace(hour=23)

    assert ledger.claim_unknown(database, ISSUE, "two", later) == first


def test_an_issue_with_open_deliveries_is_not_finished(database: Database) -> None:
    begin(database, 5)
    ledger.freeze_readers(database, ISSUE, 10, NOW)

    assert not ledger.finish(database, ISSUE, NOW)
    work(database, Post())
    assert ledger.finish(database, ISSUE, NOW)
    later = NOW.replace(hour=23)
    ledger.finish(database, ISSUE, later)
    sending = ledger.sending_of(database, ISSUE)
    assert sending is not None
    assert sending.finished_at == NOW


def test_a_freeze_that_was_killed_between_pages_goes_on_behind_the_last_reader(database: Database) -> None:
    begin(database, 25)
    with database.transaction() as connection:
        ledger._freeze_page(connection, ISSUE, 10)
    enlist(database, 2, first=26)

    assert ledger.freeze_readers(database, ISSUE, 10, NOW) == 27
    post = Post()
    assert work(database, post).line == "27 candidates = 27 accepted"
