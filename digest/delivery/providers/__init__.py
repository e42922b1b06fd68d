"""The services that send, one module each, and the table that names them.

To add one: write its module, put its line into the table and its name into `digest.model.service`;
docs/adding-a-provider.md has the rest.
"""

from __future__ import annotations

from importlib import import_module

from digest.delivery.provider import MakesProvider, Need, Provider
from digest.errors import BrokenInput
from digest.publication import Publication

# Modules are imported when they are used: one of them needs a library that most publications do not have.
_PROVIDERS = {
    "outbox": "outbox:Outbox",
    "smtp": "smtp:SMTP",
    "resend": "resend:Resend",
    "postmark": "postmark:Postmark",
    "sendgrid": "sendgrid:SendGrid",
    "mailgun": "mailgun:Mailgun",
    "ses": "ses:AmazonSES",
}


def provider_of(publication: Publication) -> Provider:
    """The publication's provider, ready to send.

    Raises:
        BrokenInput: Something is missing, such as its key.
    """
    lacking = needs_of(publication)
    if lacking:
        raise BrokenInput(lacking[0].what, where=publication.provider, cure=lacking[0].cure)
    provider = _maker(publication.provider).of(publication)
    settings = publication.settings.provider
    usual = provider.limits
    provider.limits = usual._replace(
        messages_a_second=settings.messages_a_second or usual.messages_a_second,
        calls_a_second=settings.calls_a_second or usual.calls_a_second,
    )
    return provider


def needs_of(publication: Publication) -> list[Need]:
    """What the publication lacks to send through its provider."""
    return _maker(publication.provider).needs(publication)


def notes_of(publication: Publication) -> tuple[str, ...]:
    """What its publisher has to know, or to switch by hand."""
    return _maker(publication.provider).notes


def _maker(name: str) -> type[MakesProvider]:
    if name not in _PROVIDERS:
        raise BrokenInput(f'no provider is called "{name}"', cure=f"use {', '.join(_PROVIDERS)}")
    module, _, maker = _PROVIDERS[name].partition(":")
    found: type[MakesProvider] = getattr(import_module(f"{__name__}.{module}"), maker)
    return found
