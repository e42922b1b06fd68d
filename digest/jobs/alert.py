"""Say aloud, once, what a person must know; and give a sign of life after every good run.

Neither goes through the mail provider, which may be what is broken.
"""

from __future__ import annotations

from datetime import datetime

from digest import __version__
from digest.errors import DigestError
from digest.http.post import post_json
from digest.publication import Publication
from digest.store.database import Database
from digest.store.runs import now_said, was_said


def alert_once(publication: Publication, database: Database, now: datetime, key: str, text: str) -> str:
    """Send a word to the publication's webhook, unless it was said before.

    Args:
        publication: The publication.
        database: Remembers what was said.
        now: The moment.
        key: What it is about; one word a key.
        text: The word.

    Returns:
        What went wrong, in a line, or an empty string. A failed alert is tried again by the next run.
    """
    webhook = publication.settings.alerts.webhook
    if webhook is None or was_said(database, key):
        return ""
    try:
        post_json(webhook, {"text": text, "publication": publication.settings.name}, user_agent=_agent(publication))
    except DigestError as error:
        return f"the alert could not be sent: {error.line()}"
    # after the call: a word that comes twice after a kill is better than one that never comes
    now_said(database, key, now)
    return ""


def ping(publication: Publication, outcome: str) -> str:
    """Tell the dead-man service that this run went well.

    Returns:
        What went wrong, in a line, or an empty string.
    """
    address = publication.settings.alerts.ping
    if address is None:
        return ""
    try:
        post_json(address, {"text": outcome, "publication": publication.settings.name}, user_agent=_agent(publication))
    except DigestError as error:
        return f"the ping could not be sent: {error.line()}"
    return ""


def _agent(publication: Publication) -> str:
    return f"digest/{__version__} (+{publication.base_url})"
