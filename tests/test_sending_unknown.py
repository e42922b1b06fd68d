"""What may have been sent is repeated while its key lives, else looked up, else named; a person may settle it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from postal_service import ISSUE, NOW, Post, accepts, begin, dies_after, dies_before, does_not_say, mailbox, work
from sqlalchemy import select

from digest.delivery.unknowns import Reconciled, reconcile
from digest.errors import DigestError
from digest.model.delivery import Batch, Copy, Outcome
from digest.store import ledger
from digest.store.database import Database, open_database
from digest.store.schema import attempts
from digest.store.unclear import settle_by_hand, to_be_settled
from digest.tokens import Tokens


class PostWithASearch(Post):
    """A provider that can be asked, once its search is complete."""

    look_up_after = timedelta(minutes=30)
    asked = 0
    down = False

    def look_up(self, batch: Batch, copies: Sequence[Copy], deadline: float) -> list[Outcome]:
        self.asked += 1
        if self.down:
            raise DigestError("it cannot be asked now", where=self.name)
        return [
            Outcome(copy.reader, "accepted", message_id=f"found {copy.reader}")
            if self.inboxes[copy.address]
            else Outcome(copy.reader, "unknown", "the provider does not know of it")
            for copy in copies
        ]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url, NOW)
    yield database
    database.close()


def asked(database: Database, post: Post, minutes: float) -> Reconciled:
    now = NOW + timedelta(minutes=minutes)
    return reconcile(database, ISSUE, post, Tokens(["k" * 32]), owner="test", now=now)


def what_was_tried(database: Database) -> list[str]:
    with database.transaction() as connection:
        return [str(one) for one in connection.execute(select(attempts.c.outcome).order_by(attempts.c.id)).scalars()]


def half_arrives(post: Post, batch: Batch, copies: Sequence[Copy]) -> list[Outcome]:
    post.arrive(batch, copies[::2])
    return [Outcome(copy.reader, "unknown", "timed out") for copy in copies]


def test_a_tick_looks_up_once_the_search_is_complete_and_sends_nothing_again(database: Database) -> None:
    begin(database, 20)
    post = PostWithASearch(half_arrives)
    work(database, post)

    early = work(database, post, now=NOW + timedelta(minutes=29))
    assert (early.line, post.asked) == ("20 candidates = 10 accepted + 10 unknown", 0)

    late = work(database, post, now=NOW + timedelta(minutes=31))
    assert late.line == "20 candidates = 15 accepted + 5 quarantined"
    assert ledger.unsettled(database, ISSUE, ["quarantined"])[0] == (
        mailbox(10),
        "quarantined",
        "timed out; post does not know of it",
    )
    assert len(post.calls) == 2
    assert what_was_tried(database) == [
        "unknown",
        "settled",
        "5 accepted: looked up",
        "5 quarantined: post does not know of it",
    ]


@pytest.mark.parametrize(("death", "settled"), [(dies_before, "10 quarantined"), (dies_after, "10 accepted")])
def test_what_a_killed_process_left_is_looked_up_too(database: Database, death: object, settled: str) -> None:
    begin(database, 10)
    post = PostWithASearch(death)  # type: ignore[arg-type]
    work(database, post)

    assert work(database, post, now=NOW + timedelta(minutes=32)).line == f"10 candidates = {settled}"


def test_a_call_that_nobody_saw_the_end_of_is_counted_from_the_last_moment_it_can_have_ended(
    database: Database,
) -> None:
    begin(database, 10)
    post = PostWithASearch(dies_before)
    work(database, post)

    assert work(database, post, now=NOW + timedelta(minutes=30, seconds=59)).unknown == 10
    assert work(database, post, now=NOW + timedelta(minutes=31)).quarantined == 10


def test_a_search_that_is_down_leaves_them_unknown_and_the_others_get_theirs(database: Database) -> None:
    begin(database, 30)
    post = PostWithASearch(does_not_say, dies_before)
    work(database, post)
    post.down = True

    assert work(database, post, now=NOW + timedelta(hours=1)).line == "30 candidates = 10 accepted + 20 unknown"
    assert post.asked == 1
    with pytest.raises(DigestError, match="cannot be asked now"):
        asked(database, post, 60)
    post.down = False
    assert work(database, post, now=NOW + timedelta(hours=1)).line == "30 candidates = 20 accepted + 10 quarantined"


def test_a_key_is_used_while_it_lives_counted_from_the_first_attempt(database: Database) -> None:
    begin(database, 10)
    post = Post(does_not_say, does_not_say, recognises=True)
    post.replay_window = timedelta(hours=23)
    work(database, post)
    # this repetition does not start the window anew
    work(database, post, now=NOW + timedelta(hours=22))
    assert len(post.calls) == 2

    assert work(database, post, now=NOW + timedelta(hours=23)).line == "10 candidates = 10 quarantined"
    assert len(post.calls) == 2


def test_one_batch_that_stays_unknown_does_not_keep_the_next_one_from_being_repeated(database: Database) -> None:
    begin(database, 20)
    post = Post(does_not_say, does_not_say, does_not_say, accepts, recognises=True)
    work(database, post)

    assert work(database, post).line == "20 candidates = 10 accepted + 10 unknown"


def test_a_key_that_has_died_leaves_the_search(database: Database) -> None:
    begin(database, 10)
    post = PostWithASearch(does_not_say, recognises=True)
    post.replay_window = timedelta(hours=1)
    work(database, post)

    assert work(database, post, now=NOW + timedelta(hours=2)).line == "10 candidates = 10 accepted"
    assert len(post.calls) == 1


def test_asking_on_demand_finds_at_once_and_gives_up_nobody_too_early(database: Database) -> None:
    begin(database, 10)
    post = PostWithASearch(half_arrives)
    work(database, post)

    assert asked(database, post, 1) == Reconciled(accepted=5, waiting=5)
    assert asked(database, post, 31) == Reconciled(quarantined=5)
    # it turns up late
    post.inboxes[mailbox(2)] = 1
    assert asked(database, post, 90) == Reconciled(accepted=1)
    assert ledger.balance_of(database, ISSUE).line == "10 candidates = 6 accepted + 4 quarantined"
    assert len(post.calls) == 1


def test_asking_a_provider_that_cannot_be_asked_names_them(database: Database) -> None:
    begin(database, 10)
    post = Post(dies_after)
    work(database, post)

    assert asked(database, post, 1) == Reconciled(quarantined=10)
    assert ledger.unsettled(database, ISSUE, ["quarantined"])[0][2] == "the sending process died"


def test_what_a_key_can_still_repeat_is_left_to_the_sending(database: Database) -> None:
    begin(database, 10)
    post = Post(dies_after, recognises=True)
    work(database, post)

    assert asked(database, post, 1) == Reconciled(repeatable=10)
    assert ledger.balance_of(database, ISSUE).unknown == 10


def test_an_issue_whose_list_is_not_closed_is_not_finished_by_asking(database: Database) -> None:
    begin(database, 10)

    assert asked(database, Post(), 1) == Reconciled()
    ledger.finish(database, ISSUE, NOW)
    sending = ledger.sending_of(database, ISSUE)
    assert sending is not None
    assert sending.state == "sending"
    assert work(database, Post()).line == "10 candidates = 10 accepted"


def test_a_person_settles_by_name_and_the_attempts_say_who_and_why(database: Database) -> None:
    begin(database, 4)
    post = Post(dies_after)
    work(database, post)
    work(database, post)

    chosen = to_be_settled(database, ISSUE, [mailbox(1), mailbox(2)])
    assert settle_by_hand(database, chosen, ISSUE, "accepted", "Ann", "the log says so", NOW) == 2
    assert settle_by_hand(database, chosen, ISSUE, "rejected", "Ben", "no", NOW) == 0
    assert ledger.balance_of(database, ISSUE).line == "4 candidates = 2 accepted + 2 quarantined"
    assert what_was_tried(database)[-1] == "accepted by hand, readers 1, 2: the log says so"
    calls = len(post.calls)
    assert work(database, post).quarantined == 2
    assert len(post.calls) == calls


def test_what_is_being_sent_or_is_settled_is_no_persons_to_settle(database: Database) -> None:
    begin(database, 20)
    work(database, Post(accepts, dies_after))

    assert ledger.balance_of(database, ISSUE).line == "20 candidates = 10 accepted + 10 submitting"
    assert to_be_settled(database, ISSUE, None) == ()
