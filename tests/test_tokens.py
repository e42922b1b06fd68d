"""A reader's token: signed, for one purpose, and opened as long as one of the keys is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from digest.tokens import Tokens

OLD, NEW, OTHER = "old-" + "k" * 30, "new-" + "k" * 30, "other-" + "k" * 30
TOKEN = Tokens([NEW]).letter_token(7, "2026-W47")


class TestAToken:
    def test_says_reader_and_issue(self) -> None:
        assert Tokens([NEW]).opened_letter_token(TOKEN) == (7, "2026-W47")

    def test_is_the_same_every_time_since_a_batch_must_be_repeatable(self) -> None:
        assert Tokens([NEW]).letter_token(7, "2026-W47") == TOKEN

    @given(reader=st.integers(1, 2**53), issue=st.sampled_from(["2026-W47", "2026-W53-special", "2027-W01"]))
    def test_needs_no_escaping_in_an_address_or_in_a_mail(self, reader: int, issue: str) -> None:
        token = Tokens([NEW, OLD]).letter_token(reader, issue)
        assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
        assert Tokens([NEW]).opened_letter_token(token) == (reader, issue)
        assert len(token) < 200


class TestWhatIsRefused:
    def test_a_token_that_was_changed_anywhere(self) -> None:
        for at, character in enumerate(TOKEN[:-1]):
            forged = TOKEN[:at] + ("A" if character != "A" else "B") + TOKEN[at + 1 :]
            assert Tokens([NEW]).opened_letter_token(forged) is None

    def test_a_token_that_was_cut(self) -> None:
        for length in range(len(TOKEN)):
            assert Tokens([NEW]).opened_letter_token(TOKEN[:length]) is None

    @pytest.mark.parametrize(
        "rubbish", ["READER_TOKEN", "..", "a.b", "é", "a" * 100_000, "\x00", "eyJh.b.c", " " + TOKEN]
    )
    def test_rubbish(self, rubbish: str) -> None:
        assert Tokens([NEW]).opened_letter_token(rubbish) is None

    @given(st.text(max_size=80))
    def test_anything_else(self, text: str) -> None:
        assert Tokens([NEW]).opened_letter_token(text) is None

    def test_a_token_of_another_publication(self) -> None:
        assert Tokens([OTHER]).opened_letter_token(TOKEN) is None

    @pytest.mark.parametrize("salt", ["digest.confirm", "digest.link", "digest", ""])
    def test_a_token_that_was_made_for_something_else(self, salt: str) -> None:
        other = str(URLSafeSerializer([NEW], salt=salt).dumps([7, "2026-W47"]))
        assert Tokens([NEW]).opened_letter_token(other) is None

    @pytest.mark.parametrize(
        "payload",
        [7, [7], [7, "2026-W47", 1], {"7": 1, "8": 2}, "77", ["x", "2026-W47"], [None, None], [1e400, "x"], [[7], "x"]],
    )
    def test_a_true_signature_over_something_that_is_no_letter_token(self, payload: object) -> None:
        signed = str(URLSafeSerializer([NEW], salt="digest.letter").dumps(payload))
        assert Tokens([NEW]).opened_letter_token(signed) is None


class TestKeysRotate:
    def test_the_newest_signs(self) -> None:
        assert Tokens([NEW, OLD]).letter_token(7, "2026-W47") == TOKEN

    def test_old_ones_still_open(self) -> None:
        old = Tokens([OLD]).letter_token(7, "2026-W47")
        assert old != TOKEN
        assert Tokens([NEW, OLD]).opened_letter_token(old) == (7, "2026-W47")

    def test_until_they_are_taken_out(self) -> None:
        assert Tokens([NEW]).opened_letter_token(Tokens([OLD]).letter_token(7, "2026-W47")) is None
