"""What digest.toml says of the service that sends."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from digest.model.noun import Line, Noun, Slug

ProviderName = Literal["outbox", "smtp", "resend", "postmark", "sendgrid", "mailgun", "ses"]
PROVIDERS: tuple[str, ...] = get_args(ProviderName)


def checked_service(address: str) -> str:
    """A key travels with every call, so it goes in the clear only to a machine of one's own."""
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http", "smtp", "smtps") or not parts.hostname or parts.username:
        raise ValueError("must be an address that begins with https://, smtp:// or smtps://, without a password in it")
    if parts.scheme == "http" and not _is_own(parts.hostname):
        raise ValueError("must begin with https://, since keys travel there")
    return address.rstrip("/")


def _is_own(host: str) -> bool:
    """Whether a host is this machine or one beside it: a name without a dot, or a private number (RFC 1918)."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


class ProviderSettings(Noun):
    """The service that sends; docs/providers/ has a page for each.

    Attributes:
        api_url: Its address, where it is not the usual one: another region, an emulator.
        region: Mailgun: `us` or `eu`. Amazon SES: such as `eu-central-1`.
        domain: Mailgun: the sending domain, where it is not that of the sender's address.
        message_stream: Postmark: the stream that letters go through.
        configuration_set: Amazon SES: the set whose event destination tells of bounces.
        messages_a_second: The account's own limit, where it is not the service's usual one.
        calls_a_second: The same in calls.
    """

    name: ProviderName = "outbox"
    api_url: Annotated[str, AfterValidator(checked_service)] | None = None
    region: Slug | None = None
    domain: Line | None = None
    message_stream: Line = "broadcast"
    configuration_set: Line | None = None
    messages_a_second: Annotated[float, Field(gt=0, le=100_000)] | None = None
    calls_a_second: Annotated[float, Field(gt=0, le=10_000)] | None = None
