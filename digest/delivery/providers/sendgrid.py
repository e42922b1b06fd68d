"""SendGrid: one letter for up to 1,000 readers a call, with each reader's token substituted there.

Sources: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/limitations (1,000 personalizations, 30 MB,
10,000 bytes of substitutions each), …/mail-send (fields, errors). The call is answered as a whole: what a mailbox did
comes as an event. There is no key for repetitions, and its search costs extra and needs the id that a lost answer held.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from digest.delivery.provider import READER_TAG, Answer, Limits, Need, tags
from digest.delivery.web_provider import Malformed, Request, WebProvider, as_json, mailbox
from digest.http.call import Reply
from digest.mail.merge_field import MERGE_FIELD, merged
from digest.mail.message import header_words, reader_headers
from digest.model.delivery import Batch, Copy, Outcome
from digest.model.issue import Email
from digest.publication import Publication

_KEY = "SENDGRID_API_KEY"
# What SendGrid replaces by each reader's token: written as its own documentation writes such tags, and around the merge
# field, so that nothing but our addresses can hold it.
_TAG = f"-{MERGE_FIELD}-"
# What a reader adds to a call besides the letter: two addresses of ours, a mailbox, and the words around them.
_READER_BYTES = 1_500


class SendGrid(WebProvider):
    """Sends through SendGrid."""

    name = "sendgrid"
    # no number is published: its answers say when it is too much
    limits = Limits(readers=1_000)
    marks = re.compile(rf"{_TAG}|<%|%>|\[%|%\]")

    def __init__(self, *, key: str, base_url: str, api_url: str = "https://api.sendgrid.com") -> None:
        super().__init__(api_url=api_url, base_url=base_url, secrets=[key])
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    @staticmethod
    def needs(publication: Publication) -> list[Need]:
        """An API key."""
        if publication.secret(_KEY):
            return []
        return [Need(f"{_KEY} is not set", f"make a key with Mail Send access and set {_KEY}, or {_KEY}_FILE")]

    @classmethod
    def of(cls, publication: Publication) -> SendGrid:
        """SendGrid, with the publication's key."""
        region = "eu." if publication.settings.provider.region == "eu" else ""
        api_url = publication.api_url or f"https://api.{region}sendgrid.com"
        return cls(key=publication.secret(_KEY) or "", base_url=publication.base_url, api_url=api_url)

    def readers_a_call(self, email: Email) -> int:
        """The letter travels once, whatever the number of readers."""
        left = self.limits.bytes - 2 * len(as_json([email.html, email.text]))
        return max(1, min(self.limits.readers, left // _READER_BYTES))

    def request(self, email: Email, batch: Batch, copies: Sequence[Copy]) -> Request:
        """One letter and what differs from reader to reader, with all tracking off."""
        off, shared = {"enable": False}, tags(batch)
        call = {
            "from": {"email": email.sender.address, "name": header_words(email.sender.name)},
            "reply_to": {"email": email.sender.reply_to},
            "subject": header_words(email.subject),
            "content": [
                {"type": "text/plain", "value": merged(email.text, _TAG)},
                {"type": "text/html", "value": merged(email.html, _TAG)},
            ],
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": off,
                "subscription_tracking": off,
                "ganalytics": off,
            },
            "personalizations": [self._reader(email, shared, copy) for copy in copies],
        }
        return Request("/v3/mail/send", as_json(call), self._headers)

    def accepted(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """202 and an id for the whole call, which the ids in events begin with."""
        message_id = reply.headers.get("x-message-id", "")
        if reply.status != 202 or not message_id:
            raise Malformed
        return Answer(tuple(Outcome(copy.reader, "accepted", message_id=message_id) for copy in copies))

    def _reader(self, email: Email, shared: Mapping[str, str], copy: Copy) -> dict[str, object]:
        return {
            "to": [{"email": mailbox(copy)}],
            # substitutions reach subject and content, not headers
            "headers": reader_headers(self._base_url, email.sender, copy.token),
            "substitutions": {_TAG: copy.token},
            "custom_args": {**shared, READER_TAG: str(copy.reader)},
        }
