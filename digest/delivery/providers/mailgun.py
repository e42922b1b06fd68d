"""Mailgun: one letter for up to 1,000 readers a call, with each reader's token substituted there.

Sources: https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/batch-sending (1,000 readers,
recipient variables), …/api-reference/send/mailgun/messages (options, 16 KB of them), …/events (the search: complete
after half an hour, kept for three days at least). Accounts in the EU have a host of their own.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote, urlencode, urlsplit

from urllib3.filepost import encode_multipart_formdata

from digest.delivery.provider import BATCH_TAG, READER_TAG, Answer, Limits, Need, tags
from digest.delivery.web_provider import Malformed, Request, WebProvider, as_json, document, looked_up, mailbox
from digest.errors import DigestError
from digest.http.call import Reply
from digest.mail.merge_field import merged
from digest.mail.message import from_header, header_words, reader_headers
from digest.model.delivery import Batch, Copy, Outcome
from digest.model.issue import Email
from digest.publication import Publication

_KEY = "MAILGUN_API_KEY"
_HOSTS = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}
_VARIABLE = "%recipient.token%"
_READER_BYTES = 500
_PAGE = 300
_PAGES = 400
_WAIT = re.compile(r"try again after (\d{1,6}) seconds")


class Mailgun(WebProvider):
    """Sends through Mailgun."""

    name = "mailgun"
    # no number is published for sending: its answers say when it is too much
    limits = Limits(readers=1_000)
    look_up_after = timedelta(minutes=30)
    marks = re.compile(r"%recipient[._%]|%(?:tag_)?unsubscribe|%mailing_list")

    def __init__(self, *, key: str, domain: str, base_url: str, api_url: str = _HOSTS["us"]) -> None:
        super().__init__(api_url=api_url, base_url=base_url, secrets=[key])
        self._domain = quote(domain)
        self._headers = {"Authorization": "Basic " + base64.b64encode(f"api:{key}".encode()).decode()}
        self._secrets.append(self._headers["Authorization"].partition(" ")[2])

    @staticmethod
    def needs(publication: Publication) -> list[Need]:
        """An API key, and a region that Mailgun has."""
        lacking = []
        if not publication.secret(_KEY):
            lacking.append(Need(f"{_KEY} is not set", f"make a sending key at Mailgun and set {_KEY}, or {_KEY}_FILE"))
        region = publication.settings.provider.region
        if region not in (None, *_HOSTS):
            lacking.append(Need(f'Mailgun has no region "{region}"', 'in digest.toml: region = "us" or "eu"'))
        return lacking

    @classmethod
    def of(cls, publication: Publication) -> Mailgun:
        """Mailgun, with the publication's key, region and sending domain."""
        settings = publication.settings.provider
        return cls(
            key=publication.secret(_KEY) or "",
            domain=settings.domain or publication.settings.sender.address.rpartition("@")[2],
            base_url=publication.base_url,
            api_url=publication.api_url or _HOSTS[settings.region or "us"],
        )

    def readers_a_call(self, email: Email) -> int:
        """The letter travels once, whatever the number of readers."""
        left = self.limits.bytes - len(email.html.encode()) - len(email.text.encode()) - 10_000
        return max(1, min(self.limits.readers, left // _READER_BYTES))

    def request(self, email: Email, batch: Batch, copies: Sequence[Copy]) -> Request:
        """One letter as a form, and each reader's variables: without them everybody would see all addresses."""
        headers = reader_headers(self._base_url, email.sender, _VARIABLE)
        variables = {mailbox(copy): {"token": copy.token, "reader": str(copy.reader)} for copy in copies}
        fields = [
            ("from", from_header(email.sender)),
            *(("to", mailbox(copy)) for copy in copies),
            ("subject", header_words(email.subject)),
            ("text", merged(email.text, _VARIABLE)),
            ("html", merged(email.html, _VARIABLE)),
            ("recipient-variables", as_json(variables).decode()),
            ("h:Reply-To", email.sender.reply_to),
            *((f"h:{name}", value) for name, value in headers.items()),
            # a tag an issue: the number of tags is limited, so the batch is a variable
            ("o:tag", _issue_tag(batch)),
            *((f"v:{name}", value) for name, value in tags(batch).items()),
            (f"v:{READER_TAG}", "%recipient.reader%"),
            *((option, "no") for option in ("o:tracking", "o:tracking-clicks", "o:tracking-opens")),
        ]
        body, kind = encode_multipart_formdata(fields)
        return Request(f"/v3/{self._domain}/messages", body, {**self._headers, "Content-Type": kind})

    def accepted(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """One id for the whole call."""
        message_id = document(reply)["id"]
        if reply.status != 200 or not isinstance(message_id, str) or not message_id:
            raise Malformed
        return Answer(tuple(Outcome(copy.reader, "accepted", message_id=message_id) for copy in copies))

    def refused(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """A 429 says in its words when to come back."""
        answer = super().refused(reply, copies)
        wait = _WAIT.search(self.said(reply))
        if reply.status == 429 and answer.retry_after is None and wait:
            return answer._replace(retry_after=float(wait.group(1)))
        return answer

    def look_up(self, batch: Batch, copies: Sequence[Copy], deadline: float) -> list[Outcome]:
        """Ask for what was accepted of the issue since the batch's first attempt (GET /events)."""
        until = time.monotonic() + deadline
        found: dict[str, str] = {}
        begin = batch.first_attempt_at.timestamp() - 60
        query = {"event": "accepted", "tags": _issue_tag(batch), "begin": f"{begin:.0f}", "ascending": "yes"}
        address = f"{self._api_url}/v3/{self._domain}/events?{urlencode({**query, 'limit': _PAGE})}"
        for _ in range(_PAGES):
            if time.monotonic() > until:
                raise DigestError("the search took too long", where=self.name, cure="try again later")
            reply = self._caller.call("GET", address, headers=self._headers, seconds=max(1.0, until - time.monotonic()))
            if reply.status != 200:
                raise DigestError(f"it cannot be asked now: {self.said(reply)}", where=self.name)
            page = document(reply)
            for event in page["items"]:
                if event.get("user-variables", {}).get(BATCH_TAG) == tags(batch)[BATCH_TAG]:
                    found[event["recipient"].lower()] = event["message"]["headers"]["message-id"]
            address = self._next(page)
            if not page["items"] or not address or len(found) == len(copies):
                return looked_up(copies, found)
        raise DigestError("the search has too many pages", where=self.name, cure="settle them by hand")

    def _next(self, page: dict[str, dict[str, str]]) -> str:
        """The next page's address; the key goes with it, so only to the host that was asked."""
        address = page.get("paging", {}).get("next", "")
        if address and urlsplit(address).netloc != urlsplit(self._api_url).netloc:
            raise DigestError("its search points to another host", where=self.name, cure="settle them by hand")
        return address


def _issue_tag(batch: Batch) -> str:
    return f"digest-{batch.issue}"
