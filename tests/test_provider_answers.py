"""What a provider says of single readers, of keys, of limits and of the past, and what it must never say aloud."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from hostile_provider import Said
from letters import batch, copies, letter
from provider_table import DEADLINE, VENDORS, talking

from digest.delivery.provider import CanBeAsked
from digest.errors import DigestError
from digest.http.waiting import Rate

KEYS = {"resend": "re_key", "postmark": "pm_key", "sendgrid": "SG.key", "mailgun": "mg_key", "ses": "secret-of-aws"}
BAD = frozenset({"reader2@mail.internal"})


@pytest.mark.parametrize("name", ["resend", "postmark", "ses"])
def test_one_bad_mailbox_is_rejected_by_name_and_the_others_get_theirs(name: str) -> None:
    some = copies(3)
    with talking(name, bad=BAD) as (provider, service):
        answer = provider.send(letter(), batch(some), some, DEADLINE)

    assert [(one.reader, one.state) for one in answer.outcomes] == [(1, "accepted"), (2, "rejected"), (3, "accepted")]
    assert "is not a mailbox" in answer.outcomes[1].reason
    assert [service.copies(copy.address) for copy in some] == [1, 0, 1]
    ids = [one.message_id for one in answer.outcomes if one.state == "accepted"]
    assert len(set(ids)) == 2


@pytest.mark.parametrize("name", ["sendgrid", "mailgun"])
def test_one_bad_mailbox_refuses_the_whole_call_until_it_stands_alone(name: str) -> None:
    one, two, three = some = copies(3)
    with talking(name, bad=BAD) as (provider, service):
        whole = provider.send(letter(), batch(some), some, DEADLINE)
        half = provider.send(letter(), batch([one, three], 2), [one, three], DEADLINE)
        alone = provider.send(letter(), batch([two], 3), [two], DEADLINE)

    assert {outcome.state for outcome in whole.outcomes} == {"pending"}
    assert "is not a mailbox" in whole.refused_whole
    assert [outcome.state for outcome in half.outcomes] == ["accepted"] * 2
    assert [outcome.state for outcome in alone.outcomes] == ["rejected"]
    assert alone.refused_whole == ""
    assert [service.copies(copy.address) for copy in some] == [1, 0, 1]


def test_a_repetition_under_its_key_arrives_once_and_tells_what_the_first_one_did() -> None:
    some = copies(3)
    with talking("resend", script=["takes the call and hangs up"], bad=BAD) as (provider, service):
        first = provider.send(letter(), batch(some), some, DEADLINE)
        again = provider.send(letter(), batch(some), some, DEADLINE)

    assert {outcome.state for outcome in first.outcomes} == {"unknown"}
    assert [outcome.state for outcome in again.outcomes] == ["accepted", "rejected", "accepted"]
    assert [service.copies(copy.address) for copy in some] == [1, 0, 1]
    assert service.posts[0].body == service.posts[1].body


def test_a_key_that_was_used_for_other_bytes_leaves_the_batch_unknown() -> None:
    some = copies(2)
    with talking("resend") as (provider, service):
        provider.send(letter(), batch(some), some, DEADLINE)
        answer = provider.send(letter(subject="Another one"), batch(some), some, DEADLINE)

    assert {outcome.state for outcome in answer.outcomes} == {"unknown"}
    assert [service.copies(copy.address) for copy in some] == [1, 1]


def test_the_time_for_repetitions_ends_before_the_key_does() -> None:
    some = copies(1)
    with talking("resend", key_life=0.0) as (provider, service):
        provider.send(letter(), batch(some), some, DEADLINE)
        provider.send(letter(), batch(some), some, DEADLINE)
        # what would happen after a day: this is why the window is shorter
        assert service.copies("reader1@mail.internal") == 2
        assert provider.replay_window is not None
        assert provider.replay_window < timedelta(hours=24)


@pytest.mark.parametrize("name", ["postmark", "sendgrid", "mailgun", "ses"])
def test_a_provider_without_keys_has_no_time_for_repetitions(name: str) -> None:
    assert VENDORS[name].made("http://localhost").replay_window is None


@pytest.mark.parametrize("name", ["postmark", "mailgun"])
def test_what_was_taken_is_found_and_what_was_not_is_not(name: str) -> None:
    some = copies(7)
    with talking(name, script=["takes the call and hangs up"], bad=BAD if name == "postmark" else frozenset()) as (
        provider,
        service,
    ):
        provider.send(letter(), batch(some), some, DEADLINE)
        other = copies(9)[7:]
        provider.send(letter(), batch(other, 2), other, DEADLINE)
        assert isinstance(provider, CanBeAsked)
        found = provider.look_up(batch(some), some, DEADLINE)
        # the copies of another batch are not this one's
        assert {one.state for one in provider.look_up(batch(other, 3), other, DEADLINE)} == {"unknown"}

    assert [one.reader for one in found] == [1, 2, 3, 4, 5, 6, 7]
    for copy, outcome in zip(some, found, strict=True):
        assert outcome.state == ("accepted" if service.copies(copy.address) else "unknown")
        assert bool(outcome.message_id) == (outcome.state == "accepted")


@pytest.mark.parametrize("name", ["postmark", "mailgun"])
def test_a_search_that_lags_finds_nothing_yet(name: str) -> None:
    some = copies(2)
    with talking(name, script=["takes the call and hangs up"], lag=True) as (provider, service):
        provider.send(letter(), batch(some), some, DEADLINE)
        assert isinstance(provider, CanBeAsked)
        early = provider.look_up(batch(some), some, DEADLINE)
        service.lag = False
        late = provider.look_up(batch(some), some, DEADLINE)

    assert ({one.state for one in early}, {one.state for one in late}) == ({"unknown"}, {"accepted"})
    # which is why nobody may conclude anything before this long
    assert provider.look_up_after >= timedelta(minutes=15)


@pytest.mark.parametrize("name", ["postmark", "mailgun"])
def test_a_search_that_cannot_be_asked_is_an_error_and_no_answer(name: str) -> None:
    some = copies(2)
    provider = VENDORS[name].made("http://127.0.0.1:9")
    assert isinstance(provider, CanBeAsked)
    with pytest.raises(DigestError) as caught:
        provider.look_up(batch(some), some, 2.0)
    assert KEYS[name] not in caught.value.line()


@pytest.mark.parametrize("name", ["resend", "sendgrid", "ses"])
def test_who_cannot_be_asked_does_not_pretend(name: str) -> None:
    assert not isinstance(VENDORS[name].made("http://localhost"), CanBeAsked)


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize("fault", ["answers 401", "answers 400", "takes the call and hangs up"])
def test_a_key_is_never_repeated(name: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    some = copies(2)
    with talking(name, script=[fault]) as (provider, service):
        # a service that repeats what it was sent
        words = f"bad key: {KEYS[name]}"
        plain = type(service.service).refusal
        monkeypatch.setattr(service.service, "refusal", lambda status, _: plain(service.service, status, words))
        answer = provider.send(letter(), batch(some), some, DEADLINE)

    said = str(answer)
    assert name == "ses" or KEYS[name] not in said
    assert KEYS[name] not in repr(provider)


def test_what_the_service_says_of_its_limit_is_handed_on() -> None:
    some = copies(1)
    with talking("resend") as (provider, _):
        assert provider.send(letter(), batch(some), some, DEADLINE).rate == Rate(5, 4, 1)


def test_mailgun_says_in_words_how_long_to_wait() -> None:
    some = copies(1)
    with talking("mailgun") as (provider, service):
        words = "account-requests-per-sec limit exceeded, try again after 120 seconds"
        plain = service.service.refusal
        service.script = ["answers 429"]
        service.service.refusal = lambda status, _: plain(status, words)  # type: ignore[method-assign]
        assert provider.send(letter(), batch(some), some, DEADLINE).retry_after == 120


AMAZON = {
    "MESSAGE_REJECTED": "rejected",
    "INVALID_PARAMETER": "rejected",
    "ACCOUNT_THROTTLED": "pending",
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": "pending",
    "ACCOUNT_SUSPENDED": "pending",
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": "pending",
    "TEMPLATE_NOT_FOUND": "pending",
    "CONFIGURATION_SET_NOT_FOUND": "pending",
    "ACCOUNT_SENDING_PAUSED": "pending",
    "CONFIGURATION_SET_SENDING_PAUSED": "pending",
    "INVALID_SENDING_POOL_NAME": "pending",
    "TRANSIENT_FAILURE": "unknown",
    "FAILED": "unknown",
    "SOMETHING_NEW": "unknown",
}


@pytest.mark.parametrize(("status", "state"), AMAZON.items())
def test_each_status_of_an_entry_at_amazon(status: str, state: str) -> None:
    some = copies(2)
    with talking("ses") as (provider, service):
        results = [{"Status": "SUCCESS", "MessageId": "1"}, {"Status": status, "Error": "words"}]
        service.service.answer = lambda sent, ids: _said({"BulkEmailEntryResults": results})  # type: ignore[method-assign]
        answer = provider.send(letter(), batch(some), some, DEADLINE)

    assert [outcome.state for outcome in answer.outcomes] == ["accepted", state]
    assert bool(answer.stop) == (state == "pending" and status != "ACCOUNT_THROTTLED")


def test_every_status_that_amazon_lists_is_judged() -> None:
    from botocore.session import Session

    assert set(Session().get_service_model("sesv2").shape_for("BulkEmailStatus").enum) == set(AMAZON) - {
        "SOMETHING_NEW"
    } | {"SUCCESS"}


def test_a_letter_that_amazon_cannot_render_is_rejected() -> None:
    some = copies(1)
    with talking("ses") as (provider, service):
        results = [{"Status": "FAILED", "Error": "Template rendering failed: missing attribute"}]
        service.service.answer = lambda sent, ids: _said({"BulkEmailEntryResults": results})  # type: ignore[method-assign]
        answer = provider.send(letter(), batch(some), some, DEADLINE)
    assert [outcome.state for outcome in answer.outcomes] == ["rejected"]


@pytest.mark.parametrize(
    ("code", "state", "stops"),
    [
        (10, "pending", True),
        (300, "rejected", False),
        (405, "pending", True),
        (406, "rejected", False),
        (412, "pending", True),
        (413, "pending", True),
        (429, "pending", False),
        (9999, "rejected", False),
    ],
)
def test_each_error_code_of_a_message_at_postmark(code: int, state: str, stops: bool) -> None:
    some = copies(2)
    with talking("postmark") as (provider, service):
        results = [{"ErrorCode": 0, "Message": "OK", "MessageID": "1"}, {"ErrorCode": code, "Message": "words"}]
        service.service.answer = lambda sent, ids: _said(results)  # type: ignore[method-assign]
        answer = provider.send(letter(), batch(some), some, DEADLINE)

    assert [outcome.state for outcome in answer.outcomes] == ["accepted", state]
    assert bool(answer.stop) == stops


@pytest.mark.parametrize("name", VENDORS)
def test_several_threads_send_side_by_side_each_over_a_connection_of_its_own(name: str) -> None:
    parts = [[copy] for copy in copies(8)]
    answers = []
    with talking(name, seconds=0.1) as (provider, service):
        provider.send(letter(), batch(copies(9)[8:], 99), copies(9)[8:], DEADLINE)

        def send(number: int) -> None:
            answers.append(provider.send(letter(), batch(parts[number], number + 1), parts[number], DEADLINE))

        threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began

    assert [outcome.state for answer in answers for outcome in answer.outcomes] == ["accepted"] * 8
    assert all(service.copies(copy.address) == 1 for part in parts for copy in part)
    # one after another they would need 1.6 seconds at least
    assert took < 1.6


def _said(document: object) -> Said:
    return Said(200, document)
