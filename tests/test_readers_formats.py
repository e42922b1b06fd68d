"""The exports of other services are known by their columns, and their words for who left become ours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from test_readers_import import WORDING, Found, read

from digest.readers.formats import COLUMNS, format_of

MAILCHIMP = "Email Address,First Name,Last Name,Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LEID,EUID"
SUBSTACK = "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at"
BUTTONDOWN = "id,email_address,type,tags,creation_date,unsubscription_date,secondary_id"
LISTMONK = "uuid,email,name,attributes,status,created_at,updated_at"
GHOST = (
    "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers"
)


def states(found: Found) -> dict[str, str]:
    return {person.address.address: person.state for person in found.people}


@pytest.mark.parametrize(
    ("columns", "service"),
    [
        (MAILCHIMP, "Mailchimp"),
        (SUBSTACK, "Substack"),
        (BUTTONDOWN, "Buttondown"),
        (LISTMONK, "listmonk"),
        (GHOST, "Ghost"),
        ("email,name", ""),
        (",".join(COLUMNS), ""),
    ],
)
def test_each_is_known_by_its_columns(columns: str, service: str) -> None:
    found = format_of([name.casefold() for name in columns.split(",")])
    assert found is not None
    assert found.name == service
    assert found.is_own == columns.startswith("address")


def test_columns_without_an_address_are_no_list() -> None:
    assert format_of(["name", "phone"]) is None


class TestMailchimp:
    def test_subscribed_contacts_have_the_moment_of_their_confirmation(self) -> None:
        row = 'ann@example.com,Ann,Lee,"1 Harbour Row",2,2024-01-01 10:00:00,10.0.0.1,2024-01-02 11:00:00,1,a'
        (ann,) = read(f"{MAILCHIMP}\n{row}\n", WORDING).people
        assert (ann.address.address, ann.name, ann.state) == ("ann@example.com", "Ann Lee", "active")
        assert ann.consent is not None
        assert ann.consent.at == datetime(2024, 1, 2, 11, tzinfo=UTC)
        assert ann.consent.how == "import of r.csv from Mailchimp, confirmed there"

    def test_a_moment_is_no_wording(self) -> None:
        found = read(f"{MAILCHIMP}\nann@example.com,Ann,Lee,,2,2024-01-01 10:00:00,,,1,a\n")
        assert found.people == []
        assert "no proof of consent" in found.refused[0]

    def test_unsubscribed_and_cleaned_contacts_have_left(self) -> None:
        head = "Email Address,UNSUB_TIME,UNSUB_REASON,LEID"
        left = read(f"{head}\nann@example.com,2025-01-01 00:00:00,NORMAL,1\nben@example.com,,SPAM,2\n")
        assert states(left) == {"ann@example.com": "unsubscribed", "ben@example.com": "complained"}
        assert left.people[0].change is not None
        assert left.people[0].change.at == datetime(2025, 1, 1, tzinfo=UTC)
        cleaned = read("Email Address,CLEAN_TIME,LEID\ncy@example.com,2025-01-01 00:00:00,3\n")
        assert states(cleaned) == {"cy@example.com": "bounced"}


def test_substack_says_whose_mail_is_switched_off() -> None:
    rows = "ann@example.com,false,,other,false,2025-01-01T00:00:00.000Z,\nben@example.com,true,,,true,2025-01-01,\n"
    assert states(read(f"{SUBSTACK}\n{rows}", WORDING)) == {
        "ann@example.com": "active",
        "ben@example.com": "unsubscribed",
    }


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("regular", "active"),
        ("premium", "active"),
        ("paused", "active"),
        ("unsubscribed", "unsubscribed"),
        ("removed", "unsubscribed"),
        ("complained", "complained"),
        ("undeliverable", "bounced"),
        ("unactivated", None),
        ("something new", None),
    ],
)
def test_buttondown_says_what_kind_of_subscriber_each_is(kind: str, state: str | None) -> None:
    found = read(f"{BUTTONDOWN}\n1,ann@example.com,{kind},,2025-01-01T00:00:00Z,,7\n", WORDING)
    assert list(states(found).values()) == ([state] if state else [])
    assert bool(found.refused) == (state is None)


def test_buttondown_dates_who_left() -> None:
    row = "1,ann@example.com,regular,,2025-01-01T00:00:00Z,2025-06-01T00:00:00Z,7"
    assert states(read(f"{BUTTONDOWN}\n{row}\n", WORDING)) == {"ann@example.com": "unsubscribed"}


def test_listmonk_prints_moments_as_go_does() -> None:
    when = "2025-03-04 05:06:07.891234 +0000 UTC"
    rows = [
        f"u{n},{s}@example.com,N,{{}},{s},{when},{when}" for n, s in enumerate(("enabled", "disabled", "blocklisted"))
    ]
    found = read("\n".join([LISTMONK, *rows, "u,x@example.com,N,{},odd,,"]) + "\n", WORDING)
    assert list(states(found).values()) == ["active", "unsubscribed", "unsubscribed"]
    assert found.people[0].consent is not None
    assert found.people[0].consent.at == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert 'its status "odd" is none of' in found.refused[0]


def test_ghost_says_who_wants_mail() -> None:
    rows = [
        "1,ann@example.com,Ann,,true,false,,2025-01-01T00:00:00.000Z,,,",
        "2,ben@example.com,Ben,,false,false,,2025-01-01T00:00:00.000Z,,,",
        "3,cy@example.com,Cy,,true,false,,2025-01-01T00:00:00.000Z,2025-02-01T00:00:00.000Z,,",
    ]
    assert list(states(read("\n".join([GHOST, *rows]) + "\n", WORDING)).values()) == [
        "active",
        "unsubscribed",
        "unsubscribed",
    ]


def test_a_state_that_nobody_knows_is_refused_and_never_taken_for_active() -> None:
    found = read("email,status\nann@example.com,zombie\n", WORDING)
    assert found.people == []
    assert 'its state "zombie" is none of' in found.refused[0]


def test_a_category_that_the_publication_lacks_is_refused() -> None:
    found = read("address,categories\nann@example.com,data design\nben@example.com,knitting\n", WORDING)
    assert found.people[0].categories == ("data", "design")
    assert 'the category "knitting" is none of data, design' in found.refused[0]
