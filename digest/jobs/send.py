"""Send: the approved bytes, to every active reader once; or go on where a sending was left."""

from __future__ import annotations

import json

from digest.delivery.provider import Provider
from digest.delivery.providers import provider_of
from digest.delivery.sender import deliver
from digest.errors import DigestError, PastItsTime, Refused
from digest.issues.approval import Record, sha256
from digest.issues.sent import Sent, write_sent
from digest.jobs.build import as_it_would_be
from digest.jobs.standing import Standing, all_standings
from digest.model.delivery import Balance
from digest.model.issue import Email
from digest.model.run import Clock, Progress
from digest.publication import Publication
from digest.store.database import Database
from digest.store.ledger import balance_of, begin_sending, frozen_email, sending_of
from digest.store.readers import active_readers
from digest.tokens import Tokens


def send(
    publication: Publication,
    database: Database,
    standing: Standing,
    clock: Clock,
    *,
    progress: Progress,
    audience_confirmed: int | None = None,
) -> Balance:
    """Send an approved issue, or resume.

    Args:
        publication: The publication.
        database: The ledger.
        standing: The issue.
        clock: Tells the moment.
        progress: Told as deliveries are done.
        audience_confirmed: The number of readers that a person confirmed, where it differs from what was approved.

    Returns:
        The balance.

    Raises:
        Refused: It is not approved, its bytes are not the approved ones, or a guard says no.
        PastItsTime: Its time has passed.
    """
    if standing.sent is not None:
        return standing.sent.balance
    begun = sending_of(database, standing.issue)
    provider = provider_of(publication)
    if begun is None:
        email = _approved_email(publication, standing)
        _guard(publication, database, standing, clock, audience_confirmed)
        begin_sending(database, standing.issue, email, provider.name, clock())
    elif begun.provider != provider.name:
        raise Refused(
            f"{standing.issue} began to go out through {begun.provider}, and digest.toml says {provider.name} now",
            cure=f"set the provider back to {begun.provider} to finish it",
        )
    if begun is None or begun.finished_at is None:
        _deliver(publication, database, standing, provider, clock, progress)
    return _written_down(database, standing, provider)


def edited_since_approval(publication: Publication, standing: Standing) -> str:
    """Whether the files would make another letter now than the approved one, in a sentence; else an empty string."""
    latest = standing.approval.latest
    assert latest is not None
    try:
        email = as_it_would_be(publication, standing).email
    except DigestError as error:
        return f"edited since approval ({error.line()}): the approved version goes out"
    now = (email.subject, email.preheader, email.sender, sha256(email.html), sha256(email.text))
    if now != (latest.subject, latest.preheader, latest.sender, latest.html, latest.text):
        return "edited since approval: the approved version goes out"
    return ""


def _approved_email(publication: Publication, standing: Standing) -> Email:
    """The exact letter that was approved: the words around it from the approval, the parts from the folder.

    Raises:
        Refused: The parts in the folder are other bytes.
    """
    needed = publication.settings.approvals
    latest = standing.approval.latest
    if not standing.approval.is_approved(needed) or latest is None or latest.sender is None:
        have = len(standing.approval.people)
        short = f"has {have} of {needed} approvals" if have else "is not approved"
        raise Refused(f"{standing.issue} {short}", cure="run `digest approve`")
    parts = {"html": standing.folder.html, "text": standing.folder.text}
    for name, path in parts.items():
        approved = getattr(latest, name)
        if not path.is_file() or sha256(path.read_bytes().decode(errors="replace")) != approved:
            cure = "restore it from version control, or `digest unapprove`, build and approve again"
            raise Refused("not the bytes that were approved", where=path, cure=cure)
    return Email(
        subject=latest.subject or "",
        preheader=latest.preheader or "",
        sender=latest.sender,
        html=standing.folder.html.read_bytes().decode(),
        text=standing.folder.text.read_bytes().decode(),
    )


def _guard(
    publication: Publication, database: Database, standing: Standing, clock: Clock, confirmed: int | None
) -> None:
    """What must hold before the first call."""
    latest = standing.approval.latest
    assert latest is not None
    if clock() >= standing.moments.give_up:
        raise PastItsTime(f"the time of {standing.issue} has passed; it never goes out")
    if latest.provider != publication.provider:
        raise Refused(
            f"{standing.issue} was approved for {latest.provider}, and digest.toml says {publication.provider} now",
            cure="run `digest unapprove`, then `digest approve`",
        )
    _guard_database(publication, database, standing)
    readers = active_readers(database)
    if readers == 0:
        raise Refused("there is no active reader", cure="add some with `digest readers import FILE`")
    _guard_audience(latest, readers, confirmed)


def _guard_database(publication: Publication, database: Database, standing: Standing) -> None:
    """Only one database knows who got what: another one would send to everybody again."""
    earlier = [one.sent for one in all_standings(publication) if one.sent is not None and one.issue != standing.issue]
    if earlier and earlier[-1].database not in (database.id, database.adopted()):
        raise Refused(
            f"{earlier[-1].issue} was sent by the database {earlier[-1].database}, and this one is {database.id}",
            cure="send from there, or let this one send with `digest adopt`",
        )


def _guard_audience(latest: Record, readers: int, confirmed: int | None) -> None:
    expected = latest.readers if confirmed is None else confirmed
    if expected is not None and abs(readers - expected) * 5 > expected:
        raise Refused(
            f"it was approved for about {expected} readers, and {readers} would get it now",
            cure=f"confirm with `digest send --audience {readers}`",
        )


def _deliver(
    publication: Publication,
    database: Database,
    standing: Standing,
    provider: Provider,
    clock: Clock,
    progress: Progress,
) -> None:
    deliver(
        database,
        standing.issue,
        provider,
        Tokens(publication.secret_keys()),
        clock=clock,
        progress=lambda done, all_: progress("delivering", done, all_),
    )


def _written_down(database: Database, standing: Standing, provider: Provider) -> Balance:
    """sent.yaml, once the ledger says that the issue is out; written again if a kill came between."""
    balance = balance_of(database, standing.issue)
    begun = sending_of(database, standing.issue)
    if begun is not None and begun.finished_at is not None:
        email = frozen_email(database, standing.issue)
        sent = Sent(
            issue=standing.issue,
            at=begun.finished_at,
            database=database.id,
            provider=provider.name,
            subject=email.subject,
            html=sha256(email.html),
            text=sha256(email.text),
            balance=balance,
        )
        write_sent(standing.folder, sent)
    return balance


def dry_run(publication: Publication, database: Database, standing: Standing) -> str:
    """What a send would do, in a sentence.

    Raises:
        Refused: It would be refused.
    """
    email = _approved_email(publication, standing)
    readers, provider = active_readers(database), provider_of(publication)
    calls = -(-readers // provider.batch_size)
    size = len(json.dumps([email.html, email.text]).encode())
    return f"{readers} readers in {calls} calls through {provider.name}, about {readers * size / 1e6:.1f} MB"
