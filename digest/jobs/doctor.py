"""Doctor: is this publication able to send, and if not, why not."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Literal, NamedTuple

from digest.delivery.providers import needs_of, notes_of
from digest.errors import DigestError
from digest.jobs.guards import no_way_out
from digest.jobs.judge import verdicts_of
from digest.jobs.standing import next_open, standing_of
from digest.mail.mailbox import is_reserved
from digest.publication import KEY_FILE, Publication
from digest.store.database import open_database
from digest.store.readers import active_readers


class Answer(NamedTuple):
    """One thing that was looked at.

    Attributes:
        cure: The command or the line that mends it.
    """

    about: str
    state: Literal["good", "missing", "broken"]
    said: str
    cure: str = ""


def examine(publication: Publication, now: datetime) -> tuple[Answer, ...]:
    """Look at everything that sending for real needs."""
    return (
        *_provider(publication),
        _base_url(publication),
        *_way_out(publication, now),
        _sender(publication),
        _postal_address(publication),
        _keys(publication),
        *_database(publication, now),
        _feeds(publication),
        _verdicts(publication),
        _schedule(publication, now),
    )


def _provider(publication: Publication) -> tuple[Answer, ...]:
    if publication.provider == "outbox":
        said = "the outbox: mail goes into the folder outbox/ and to nobody else"
        return (Answer("provider", "missing", said, f"{_line('provider.name', 'another one')}; see docs/providers/"),)
    lacking = needs_of(publication)
    if lacking:
        return tuple(Answer("provider", "missing", need.what, need.cure) for need in lacking)
    notes = tuple(Answer("provider", "good", note) for note in notes_of(publication))
    return (Answer("provider", "good", publication.provider), *notes)


def _base_url(publication: Publication) -> Answer:
    address = publication.base_url
    if not address.startswith("https://"):
        return Answer("base_url", "broken", f"{address} is not https", _line("base_url", '"https://…"'))
    if is_reserved(address.partition("://")[2].partition("/")[0]):
        cure = f"{_line('base_url', 'an address of yours')}, or set DIGEST_BASE_URL"
        return Answer("base_url", "missing", f"{address} is an example", cure)
    return Answer("base_url", "good", address)


def _way_out(publication: Publication, now: datetime) -> tuple[Answer, ...]:
    """Whether readers can leave; the outbox mails nobody who could want to."""
    if publication.provider == "outbox" or _base_url(publication).state != "good":
        return ()
    why = no_way_out(publication, next_open(publication, now))
    if not why:
        return (Answer("unsubscribing", "good", "answers a one-click request"),)
    cure = "let base_url (or DIGEST_BASE_URL) name the place that answers the unsubscribe links"
    return (Answer("unsubscribing", "missing", why, cure),)


def _sender(publication: Publication) -> Answer:
    sender = publication.settings.sender
    for name, address in (("address", sender.address), ("reply_to", sender.reply_to)):
        if is_reserved(address.rpartition("@")[2]):
            cure = _line(f"sender.{name}", "a mailbox of yours")
            return Answer("sender", "missing", f"{address} is an example", cure)
    return Answer("sender", "good", f"{sender.name} <{sender.address}>, answers to {sender.reply_to}")


def _postal_address(publication: Publication) -> Answer:
    address = publication.settings.sender.postal_address
    if "Harbour Row" in address:
        return Answer("postal address", "missing", "still the sample's", _line("sender.postal_address", "your own"))
    return Answer("postal address", "good", address)


def _keys(publication: Publication) -> Answer:
    if publication.environment_keys:
        return Answer("secret keys", "good", f"{len(publication.environment_keys)} in the environment")
    cure = "set DIGEST_SECRET_KEYS to `openssl rand -hex 32` on every machine that sends"
    return Answer("secret keys", "missing", f"none in the environment; {KEY_FILE} is this folder's own", cure)


def _database(publication: Publication, now: datetime) -> tuple[Answer, Answer]:
    try:
        database = open_database(publication.database_url, now)
        readers = active_readers(database)
        database.close()
    except DigestError as error:
        unknown = Answer("readers", "broken", "not known without the database")
        return Answer("database", "broken", error.what, error.cure), unknown
    kind = publication.database_url.partition(":")[0].partition("+")[0]
    good = Answer("database", "good", f"{kind}, {database.id}, up to date")
    if readers == 0:
        return good, Answer("readers", "missing", "nobody is on the list", "`digest readers import FILE`")
    return good, Answer("readers", "good", f"{readers} active")


def _feeds(publication: Publication) -> Answer:
    count = len(publication.settings.feeds)
    proxies = [name for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy") if os.environ.get(name)]
    behind = f"; behind the proxy of {proxies[0]}, which is trusted to refuse private addresses" if proxies else ""
    if count == 0:
        return Answer("feeds", "missing", "none is subscribed", _line("[[feeds]]", "url = …"))
    return Answer("feeds", "good", f"{count} subscribed{behind}")


def _verdicts(publication: Publication) -> Answer:
    read = verdicts_of(publication)
    if read.broken:
        return Answer("verdicts", "broken", read.broken[0], "`digest verdict check` lists every mistake")
    if not read.verdicts:
        cure = "write verdicts/<slug>.yaml; docs/files.md has the format"
        return Answer("verdicts", "missing", "there is none", cure)
    return Answer("verdicts", "good", f"{len(read.verdicts)}, none broken")


def _schedule(publication: Publication, now: datetime) -> Answer:
    standing = standing_of(publication, next_open(publication, now))
    at = standing.moments.send.astimezone(publication.schedule.zone)
    when = f"{at:%A %-d %B %Y, %H:%M} {publication.schedule.timezone}"
    return Answer("schedule", "good", f"{standing.issue} is due on {when}")


def _line(key: str, value: str) -> str:
    return f"in digest.toml: {key} = {value}"
