"""The providers that are called over HTTP: how each is made, and the service that plays its vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from hostile_provider import HostileProvider, Service, serving
from letters import BASE
from services_of_letters import PostmarkService, ResendService
from services_of_one_letter import MailgunService, SendGridService, SESService
from vendor_descriptions import complaint

from digest.delivery.providers.mailgun import Mailgun
from digest.delivery.providers.postmark import Postmark
from digest.delivery.providers.resend import Resend
from digest.delivery.providers.sendgrid import SendGrid
from digest.delivery.providers.ses import AmazonSES
from digest.delivery.web_provider import WebProvider

DEADLINE = 10.0


class Vendor(NamedTuple):
    """A provider of ours, and the service it talks to."""

    service: Callable[[], Service]
    made: Callable[[str], WebProvider]


def _ses(address: str) -> WebProvider:
    from botocore.credentials import Credentials

    keys = Credentials("AKIA", "secret-of-aws")
    return AmazonSES(
        credentials=keys, region="eu-central-1", base_url=BASE, configuration_set="letters", api_url=address
    )


VENDORS: dict[str, Vendor] = {
    "resend": Vendor(ResendService, lambda at: Resend(key="re_key", base_url=BASE, api_url=at)),
    "postmark": Vendor(PostmarkService, lambda at: Postmark(key="pm_key", base_url=BASE, stream="letters", api_url=at)),
    "sendgrid": Vendor(SendGridService, lambda at: SendGrid(key="SG.key", base_url=BASE, api_url=at)),
    "mailgun": Vendor(
        MailgunService, lambda at: Mailgun(key="mg_key", domain="mail.internal", base_url=BASE, api_url=at)
    ),
    "ses": Vendor(SESService, _ses),
}


@contextmanager
def talking(name: str, **settings: Any) -> Iterator[tuple[WebProvider, HostileProvider]]:
    """A provider of ours and the service it talks to; every request is checked against the vendor's description."""
    vendor = VENDORS[name]
    with serving(vendor.service(), description=lambda asked: complaint(name, asked), **settings) as service:
        provider = vendor.made(service.address)
        try:
            yield provider, service
        finally:
            provider.close()
