"""Addresses: the quick way for the usual ones says what the library says, and one mailbox has one key."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from digest.model.address import address_key, mail_address

_LOCAL = st.text("abzAZ09._+-'! ü@", max_size=70)
_DOMAIN = st.sampled_from(
    [
        "example.com",
        "EXAMPLE.com",
        "müller.example",
        "xn--mller-kva.example",
        "localhost",
        "a..b",
        "",
        "-x.com",
        "x.c_m",
        f"{'a' * 60}.{'b' * 60}.{'c' * 60}.example",
        f"{'a' * 63}.{'b' * 63}.{'c' * 60}.com",
    ]
)


@given(_LOCAL, _DOMAIN)
@example("a" * 64, "example.com")
@example("a" * 65, "example.com")
@example("a" * 60, f"{'a' * 63}.{'b' * 63}.{'c' * 63}.com")
@example("postmaster", "example.com")
@example("PostMaster", "example.com")
def test_the_quick_way_agrees_with_the_library(local: str, domain: str) -> None:
    written = f"{local}@{domain}"
    try:
        expected = validate_email(written.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        with pytest.raises(ValueError):
            mail_address(written)
        return
    assert mail_address(written).address == expected


@given(_LOCAL, _DOMAIN)
def test_the_key_of_a_key_is_itself(local: str, domain: str) -> None:
    key = address_key(f"{local}@{domain}")
    assert address_key(key) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@example.com", "ann@EXAMPLE.COM"),
        ("anja@müller.example", "ANJA@xn--mller-kva.example"),
        ("j\u00f6rg@example.com", "jo\u0308rg@example.com"),
        (" ann@example.com ", "ann@example.com"),
    ],
)
def test_two_spellings_of_one_mailbox_have_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


def test_other_mailboxes_have_other_keys() -> None:
    assert len({address_key(f"{local}@example.com") for local in ("ann", "ann+letters", "a.nn", "anne")}) == 4
