"""Postmark: up to 500 rendered messages a call, each answered for itself, through a broadcast stream.

Sources: https://postmarkapp.com/developer/api/email-api (batches of 500, 50 MB), …/messages-api (the search),
…/overview (error codes). There is no key for repetitions: what is unknown is looked up by its tag.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from digest.delivery.provider import READER_TAG, Answer, Limits, Need, all_as, tags
from digest.delivery.web_provider import (
    Malformed,
    Rendered,
    Request,
    WebProvider,
    document,
    looked_up,
    mailbox,
    one_or_whole,
    rendered,
)
from digest.errors import DigestError
from digest.http.call import Reply
from digest.http.waiting import retry_after
from digest.mail.merge_field import MERGE_FIELD
from digest.mail.message import from_header, header_words, reader_headers
from digest.model.delivery import Batch, Copy, Outcome
from digest.model.issue import Email
from digest.publication import Publication

_KEY = "POSTMARK_SERVER_TOKEN"
_PAGE = 500
# Bad token; no such, or an unconfirmed, sender; out of credits, account pending, account may not send.
_ACCOUNT = frozenset({10, 400, 401, 405, 412, 413})
# Not a mailbox; a mailbox that bounced or complained before.
_READER = frozenset({300, 406})
_BUSY = frozenset({100, 429})


class Postmark(WebProvider):
    """Sends through Postmark."""

    name = "postmark"
    # no number is published for every account; its own examples keep to 25 messages a second on the smallest plan
    limits = Limits(readers=500, messages_a_second=25)
    # its search runs behind the sending by some minutes
    look_up_after = timedelta(minutes=15)
    notes = (
        "ask Postmark's support for custom unsubscribe handling on the broadcast stream; else it puts its own "
        "List-Unsubscribe and footer into every letter",
    )

    def __init__(
        self, *, key: str, base_url: str, stream: str = "broadcast", api_url: str = "https://api.postmarkapp.com"
    ) -> None:
        super().__init__(api_url=api_url, base_url=base_url, secrets=[key])
        self._stream = stream
        self._headers = {
            "X-Postmark-Server-Token": key,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }

    @staticmethod
    def needs(publication: Publication) -> list[Need]:
        """A server token."""
        if publication.secret(_KEY):
            return []
        return [Need(f"{_KEY} is not set", f"set {_KEY}, or {_KEY}_FILE, to the token of a Postmark server")]

    @classmethod
    def of(cls, publication: Publication) -> Postmark:
        """Postmark, with the publication's token and message stream."""
        return cls(
            key=publication.secret(_KEY) or "",
            base_url=publication.base_url,
            stream=publication.settings.provider.message_stream,
            api_url=publication.api_url or "https://api.postmarkapp.com",
        )

    def request(self, email: Email, batch: Batch, copies: Sequence[Copy]) -> Request:
        """A list of whole messages; the tag is what they are looked up by."""
        (tag,) = tags(batch).values()
        readers = (
            ({"To": mailbox(copy), "Tag": tag, "Metadata": {READER_TAG: str(copy.reader)}}, copy.token)
            for copy in copies
        )
        return Request("/email/batch", self._letter(email).messages(readers), self._headers)

    def accepted(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """An answer for every message, in order: an error code, and an id where the code is 0."""
        results = document(reply)
        ids = [one["MessageID"] for one in results if one["ErrorCode"] == 0]
        if len(results) != len(copies) or len(set(ids)) != len(ids) or not all(ids):
            raise Malformed
        outcomes = tuple(_outcome(copy, one["ErrorCode"], one) for copy, one in zip(copies, results, strict=True))
        account = [f"{one['Message']} (code {one['ErrorCode']})" for one in results if one["ErrorCode"] in _ACCOUNT]
        return Answer(outcomes, stop=account[0] if account else "")

    def refused(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """422 with an error code: most of them are about the account, and no half of the batch would fare better."""
        if reply.status == 422:
            try:
                code = document(reply)["ErrorCode"]
            except (ValueError, KeyError, TypeError):
                code = None
            if code in _BUSY:
                wait = retry_after(reply.headers)
                return Answer(all_as(copies, "pending", f"not now: {self.said(reply)}"), retry_after=wait)
            if code in _READER or code is None:
                return one_or_whole(copies, self.said(reply))
            if code in _ACCOUNT:
                return Answer(all_as(copies, "pending", f"refused: {self.said(reply)}"), stop=self.said(reply))
        return super().refused(reply, copies)

    def look_up(self, batch: Batch, copies: Sequence[Copy], deadline: float) -> list[Outcome]:
        """Ask for the messages with the batch's tag (GET /messages/outbound)."""
        (tag,) = tags(batch).values()
        until = time.monotonic() + deadline
        found: dict[str, str] = {}
        for offset in range(0, 10_000, _PAGE):
            query = urlencode({"tag": tag, "messagestream": self._stream, "count": _PAGE, "offset": offset})
            reply = self._caller.call(
                "GET",
                f"{self._api_url}/messages/outbound?{query}",
                headers=self._headers,
                seconds=max(1.0, until - time.monotonic()),
            )
            if reply.status != 200:
                raise DigestError(f"it cannot be asked now: {self.said(reply)}", where=self.name)
            messages = document(reply)["Messages"]
            found |= {address.lower(): one["MessageID"] for one in messages for address in one["Recipients"]}
            if len(messages) < _PAGE:
                break
        return looked_up(copies, found)

    def _letter(self, email: Email) -> Rendered:
        fixed = {
            "From": from_header(email.sender),
            "ReplyTo": email.sender.reply_to,
            "Subject": header_words(email.subject),
            "MessageStream": self._stream,
            "TrackOpens": False,
            "TrackLinks": "None",
        }
        headers = reader_headers(self._base_url, email.sender, MERGE_FIELD)
        listed = [{"Name": name, "Value": value} for name, value in headers.items()]
        return rendered(fixed, {"Headers": listed, "HtmlBody": email.html, "TextBody": email.text})


def _outcome(copy: Copy, code: int, said: dict[str, object]) -> Outcome:
    """One message's error code; every code but 0 says that it was not sent."""
    words = f"{said.get('Message', '')} (code {code})"
    if code == 0:
        return Outcome(copy.reader, "accepted", message_id=str(said["MessageID"]))
    if code in _ACCOUNT or code in _BUSY:
        return Outcome(copy.reader, "pending", words)
    return Outcome(copy.reader, "rejected", words)
