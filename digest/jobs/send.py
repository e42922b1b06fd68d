"""Send: the approved bytes, to every active reader once; or go on where a sending was left."""

from __future__ import annotations

import json

from digest.delivery.provider import Provider
from digest.delivery.providers import provider_of
from digest.delivery.sender import deliver
from digest.errors import DigestError, Refused
from digest.issues.approval import sha256
from digest.issues.inputs import read_inputs
from digest.issues.sent import Sent, write_sent
from digest.jobs.build import as_it_would_be
from digest.jobs.guards import guard
from digest.jobs.standing import Standing
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
        Incomplete: The provider takes nothing more until a person has mended something; running again goes on.
    """
    if standing.sent is not None:
        return standing.sent.balance
    begun = sending_of(database, standing.issue)
    provider = provider_of(publication)
    if begun is None:
        email = _approved_email(publication, standing)
        guard(publication, database, standing, clock(), audience_confirmed)
        begin_sending(database, standing.issue, email, provider.name, clock(), _categories(standing))
    elif begun.provider != provider.name:
        raise Refused(
            f"{standing.issue} began to go out through {begun.provider}, and digest.toml says {provider.name} now",
            cure=f"set the provider back to {begun.provider} to finish it",
        )
    if begun is None or begun.finished_at is None:
        try:
            _deliver(publication, database, standing, provider, clock, progress)
        finally:
            provider.close()
    return written_down(database, standing, provider.name)


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


def _categories(standing: Standing) -> frozenset[str]:
    """What the letter's comparisons are about: readers who chose other categories are left out."""
    inputs = read_inputs(standing.folder)
    return frozenset(verdict.category for verdict in inputs.verdicts) if inputs else frozenset()


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


def written_down(database: Database, standing: Standing, provider: str) -> Balance:
    """Write sent.yaml, once the ledger says that the issue is out; written again if a kill came between.

    Args:
        database: The ledger.
        standing: The issue.
        provider: The name of the service that it went through.

    Returns:
        The balance.
    """
    balance = balance_of(database, standing.issue)
    begun = sending_of(database, standing.issue)
    if begun is not None and begun.finished_at is not None:
        email = frozen_email(database, standing.issue)
        sent = Sent(
            issue=standing.issue,
            at=begun.finished_at,
            database=database.id,
            provider=provider,
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
    calls = -(-readers // provider.readers_a_call(email))
    size = len(json.dumps([email.html, email.text]).encode())
    return f"{readers} readers in {calls} calls through {provider.name}, about {readers * size / 1e6:.1f} MB"
