"""Tell a web address something: a word to a webhook, a sign of life to a dead-man service.

These addresses stand in digest.toml, so they may be private ones. Nothing is sent a second time.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests

from digest.errors import DigestError

_SECONDS = 10.0


def post_json(address: str, document: dict[str, Any], *, user_agent: str) -> None:
    """Send a JSON document with POST.

    An error names the host alone: the rest of a webhook's address is often its secret.

    Raises:
        DigestError: It was not taken.
    """
    host = urlsplit(address).hostname or "the address"
    try:
        answer = requests.post(
            address, json=document, timeout=_SECONDS, headers={"User-Agent": user_agent}, allow_redirects=False
        )
    except requests.RequestException as error:
        raise DigestError("it does not answer", where=host, cure="check the address") from error
    if not answer.ok:
        raise DigestError(f"it answered HTTP {answer.status_code}", where=host, cure="check the address")
