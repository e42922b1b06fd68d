"""What must hold before an issue's first call: each guard refuses, and names what confirms or mends it."""

from __future__ import annotations

from datetime import datetime

from digest import __version__
from digest.errors import DigestError, PastItsTime, Refused
from digest.http.call import Caller
from digest.issues.approval import Record
from digest.jobs.standing import Standing, all_standings
from digest.mail.merge_field import unsubscribe_address
from digest.publication import Publication
from digest.store.database import Database
from digest.store.readers import active_readers
from digest.tokens import Tokens

_ANSWER_SECONDS = 10.0


def guard(
    publication: Publication, database: Database, standing: Standing, now: datetime, audience_confirmed: int | None
) -> None:
    """Refuse to begin where something is not as it was approved, or readers could not leave.

    Args:
        publication: The publication.
        database: The ledger that is to send.
        standing: The approved issue.
        now: The moment.
        audience_confirmed: The number of readers that a person confirmed, where it differs from what was approved.

    Raises:
        PastItsTime: Its time has passed.
        Refused: A guard says no.
    """
    latest = standing.approval.latest
    assert latest is not None
    if now >= standing.moments.give_up:
        raise PastItsTime(f"the time of {standing.issue} has passed; it never goes out")
    if latest.provider != publication.provider:
        raise Refused(
            f"{standing.issue} was approved for {latest.provider}, and digest.toml says {publication.provider} now",
            cure="run `digest unapprove`, then `digest approve`",
        )
    _this_database_sends(publication, database, standing)
    readers = active_readers(database)
    if readers == 0:
        raise Refused("there is no active reader", cure="add some with `digest readers import FILE`")
    _audience_as_approved(latest, readers, audience_confirmed)
    if publication.provider != "outbox" and (why := no_way_out(publication, standing.issue)):
        raise Refused(
            f"readers could not leave: {why}",
            cure="let base_url (or DIGEST_BASE_URL) name the place that answers the letter's unsubscribe links",
        )


def _this_database_sends(publication: Publication, database: Database, standing: Standing) -> None:
    """Only one database knows who got what: another one would send to everybody again."""
    earlier = [one.sent for one in all_standings(publication) if one.sent is not None and one.issue != standing.issue]
    if earlier and earlier[-1].database not in (database.id, database.adopted()):
        raise Refused(
            f"{earlier[-1].issue} was sent by the database {earlier[-1].database}, and this one is {database.id}",
            cure="send from there, or let this one send with `digest adopt`",
        )


def _audience_as_approved(latest: Record, readers: int, confirmed: int | None) -> None:
    expected = latest.readers if confirmed is None else confirmed
    if expected is not None and abs(readers - expected) * 5 > expected:
        raise Refused(
            f"it was approved for about {expected} readers, and {readers} would get it now",
            cure=f"confirm with `digest send --audience {readers}`",
        )


def no_way_out(publication: Publication, issue: str) -> str:
    """Why readers could not leave with one click, or an empty string where they can.

    A test token is posted to the unsubscribe address as mail programs do it (RFC 8058); it changes nothing.

    Args:
        publication: The publication.
        issue: The issue that the token is made for.
    """
    address = unsubscribe_address(publication.base_url, Tokens(publication.secret_keys()).test_token(issue))
    caller = Caller(f"digest/{__version__} (+{publication.base_url})")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        reply = caller.call("POST", address, headers=form, body=b"List-Unsubscribe=One-Click", seconds=_ANSWER_SECONDS)
    except DigestError as error:
        why = error.what
    else:
        why = "" if 200 <= reply.status < 300 else f"it answers {reply.status}"
    finally:
        caller.close()
    return f"{publication.base_url}/unsubscribe/ takes no one-click request: {why}" if why else ""
