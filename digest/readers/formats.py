"""What lists of readers look like: our own, and those that other services export, told apart by their columns.

Each service's own words for who left, bounced or never confirmed become ours here, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

Row = Mapping[str, str]
_NOTHING: Row = MappingProxyType({})

# the columns of our own export, in their order
COLUMNS = (
    "address",
    "name",
    "state",
    "categories",
    "paused_until",
    "since",
    "consented_at",
    "consent",
    "consent_how",
    "consent_by",
    "changed_at",
    "cause",
    "suppression",
)
_ADDRESS = ("address", "email", "email address", "email_address", "e-mail", "e-mail address", "mail")
_STATES = {
    "": "active",
    "active": "active",
    "subscribed": "active",
    "confirmed": "active",
    "paused": "paused",
    "pending": "pending",
    "unconfirmed": "pending",
    "unsubscribed": "unsubscribed",
    "bounced": "bounced",
    "cleaned": "bounced",
    "complained": "complained",
    "erased": "erased",
}


class Fields(NamedTuple):
    """What a row says in our words; nothing of it is checked yet.

    Attributes:
        state: One of our states, or empty with a problem.
        problem: Why this row can be no reader, in words.
        consented_at: When they agreed, as the file spells it.
        how: How they agreed, as far as the service tells.
        changed_at: When they left or paused.
        more: The columns that only our own export has.
    """

    address: str
    name: str = ""
    state: str = "active"
    problem: str = ""
    consented_at: str = ""
    wording: str = ""
    how: str = ""
    changed_at: str = ""
    more: Row = _NOTHING


class Format(NamedTuple):
    """One kind of list.

    Attributes:
        name: Whose it is; empty for our own.
        fits: Whether columns in lower case are its.
        note: What its users should know.
        is_own: Whether it tells all that we keep, so that whoever left is kept as they were.
    """

    name: str
    fits: Callable[[Sequence[str]], bool]
    read: Callable[[Row], Fields]
    note: str = ""
    is_own: bool = False


def format_of(columns: Sequence[str]) -> Format | None:
    """The format that columns, in lower case, belong to, or None."""
    return next((one for one in FORMATS if one.fits(columns)), None)


def _has(*wanted: str) -> Callable[[Sequence[str]], bool]:
    return lambda columns: set(wanted) <= set(columns)


def _own(row: Row) -> Fields:
    said = (row.get("state") or row.get("status") or "").casefold()
    return Fields(
        address=row["address"] if "address" in row else next((row[name] for name in _ADDRESS if name in row), ""),
        name=row.get("name", ""),
        state=_STATES.get(said, ""),
        problem="" if said in _STATES else f'its state "{said[:40]}" is none of {", ".join(filter(None, _STATES))}',
        consented_at=row.get("consented_at", ""),
        wording=row.get("consent", ""),
        how=row.get("consent_how", ""),
        changed_at=row.get("changed_at", ""),
        more=row,
    )


def _is_mailchimp(columns: Sequence[str]) -> bool:
    # the merge fields may be called anything; these stand in every export, each in some
    marks = {"optin_time", "confirm_time", "leid", "euid", "member_rating", "unsub_time", "clean_time"}
    return "email address" in columns and bool(marks & set(columns))


def _mailchimp(row: Row) -> Fields:
    """Exports come as three files: subscribed, unsubscribed (UNSUB_TIME) and cleaned (CLEAN_TIME) contacts."""
    names = (row.get("first name") or row.get("fname", ""), row.get("last name") or row.get("lname", ""))
    complained = re.search(r"spam|abuse|complain", row.get("unsub_reason", ""), re.IGNORECASE)
    state = "active"
    if "clean_time" in row:
        state = "bounced"
    elif "unsub_time" in row:
        state = "complained" if complained else "unsubscribed"
    confirmed = row.get("confirm_time", "")
    return Fields(
        address=row["email address"],
        name=" ".join(filter(None, names)) or row.get("name", ""),
        state=state,
        consented_at=confirmed or row.get("optin_time", ""),
        how="confirmed there" if confirmed else "",
        changed_at=row.get("unsub_time") or row.get("clean_time", ""),
    )


def _substack(row: Row) -> Fields:
    disabled = row.get("email_disabled", "").casefold() == "true"
    return Fields(
        address=row["email"],
        name=row.get("name", ""),
        state="unsubscribed" if disabled else "active",
        consented_at=row.get("created_at", ""),
    )


# "paused" there is about paying; such a subscriber gets letters
_BUTTONDOWN = {
    **dict.fromkeys(
        ("regular", "premium", "gifted", "trialed", "unpaid", "past_due", "churning", "churned", "paused"), "active"
    ),
    **dict.fromkeys(("unsubscribed", "removed", "blocked"), "unsubscribed"),
    **dict.fromkeys(("complained", "spammy"), "complained"),
    **dict.fromkeys(("undeliverable", "malformed", "disabled"), "bounced"),
    **dict.fromkeys(("unactivated", "upcoming"), ""),
}


def _is_buttondown(columns: Sequence[str]) -> bool:
    there = set(columns)
    address = bool({"email_address", "email"} & there)
    kind = "subscriber_type" in there or ("type" in there and bool({"creation_date", "secondary_id"} & there))
    return address and kind


def _buttondown(row: Row) -> Fields:
    kind = (row.get("subscriber_type") or row.get("type") or "regular").casefold()
    state, problem = _BUTTONDOWN.get(kind, ""), ""
    if row.get("unsubscription_date") and state == "active":
        state = "unsubscribed"
    if not state:
        problem = "never confirmed there" if kind in _BUTTONDOWN else f'its type "{kind[:40]}" is not known'
    return Fields(
        address=row.get("email_address") or row.get("email", ""),
        name=row.get("name", ""),
        state=state,
        problem=problem,
        consented_at=row.get("creation_date") or row.get("created", ""),
        changed_at=row.get("unsubscription_date", ""),
    )


_LISTMONK = {"enabled": "active", "disabled": "unsubscribed", "blocklisted": "unsubscribed"}


def _listmonk(row: Row) -> Fields:
    said = row["status"].casefold()
    state = _LISTMONK.get(said, "")
    return Fields(
        address=row["email"],
        name=row.get("name", ""),
        state=state,
        problem="" if state else f'its status "{said[:40]}" is none of {", ".join(_LISTMONK)}',
        consented_at=row.get("created_at", ""),
        changed_at=row.get("updated_at", ""),
    )


def _ghost(row: Row) -> Fields:
    deleted = row.get("deleted_at", "")
    subscribed = row["subscribed_to_emails"].casefold() in ("true", "1", "yes")
    return Fields(
        address=row["email"],
        name=row.get("name", ""),
        state="active" if subscribed and not deleted else "unsubscribed",
        consented_at=row.get("created_at", ""),
        changed_at=deleted,
    )


FORMATS = (
    Format("Mailchimp", _is_mailchimp, _mailchimp),
    Format("Substack", _has("email", "active_subscription"), _substack),
    Format("Ghost", _has("email", "subscribed_to_emails"), _ghost),
    Format(
        "listmonk",
        _has("uuid", "email", "status"),
        _listmonk,
        "listmonk's export does not say who left a single list; export the subscribers of that list alone",
    ),
    Format("Buttondown", _is_buttondown, _buttondown),
    Format("", _has("address"), _own, is_own=True),
    Format("", lambda columns: bool(set(_ADDRESS) & set(columns)), _own),
)
