"""The services that send, one module each, and the table that names them.

To add one: write its module, and put its line into the table.
"""

from __future__ import annotations

from digest.delivery.provider import Provider
from digest.delivery.providers.outbox import Outbox
from digest.errors import BrokenInput
from digest.publication import Publication

_PROVIDERS = {"outbox": Outbox.of}


def provider_of(publication: Publication) -> Provider:
    """The publication's provider, ready to send."""
    make = _PROVIDERS.get(publication.provider)
    if make is None:
        raise BrokenInput(f'no provider is called "{publication.provider}"', cure=f"use {', '.join(_PROVIDERS)}")
    return make(publication)
