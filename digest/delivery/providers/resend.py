"""Resend: up to 100 rendered messages a call, and a key under which a call that is repeated arrives once.

Sources: https://resend.com/docs/api-reference/emails/send-batch-emails,
https://resend.com/docs/dashboard/emails/idempotency-keys (24 hours, 256 characters),
https://resend.com/docs/api-reference/rate-limit (5 calls a second for a team).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from digest.delivery.provider import READER_TAG, Answer, Limits, Need, all_as, tags
from digest.delivery.web_provider import Malformed, Rendered, Request, WebProvider, document, mailbox, paired, rendered
from digest.http.call import Reply
from digest.http.waiting import retry_after
from digest.mail.merge_field import MERGE_FIELD
from digest.mail.message import from_header, header_words, reader_headers
from digest.model.delivery import Batch, Copy, Outcome
from digest.model.issue import Email
from digest.publication import Publication

_KEY = "RESEND_API_KEY"


class Resend(WebProvider):
    """Sends through Resend."""

    name = "resend"
    limits = Limits(readers=100, calls_a_second=5)
    # an hour less than the key lives, since clocks differ and a repetition takes time
    replay_window = timedelta(hours=23)
    notes = ("open and click tracking are switched per domain there, and no request can say so: leave both off",)

    def __init__(self, *, key: str, base_url: str, api_url: str = "https://api.resend.com") -> None:
        super().__init__(api_url=api_url, base_url=base_url, secrets=[key])
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            # one mailbox that is no mailbox is refused alone, and the others go out
            "x-batch-validation": "permissive",
        }

    @staticmethod
    def needs(publication: Publication) -> list[Need]:
        """An API key."""
        if publication.secret(_KEY):
            return []
        return [Need(f"{_KEY} is not set", f"make a key with sending access at Resend and set {_KEY}, or {_KEY}_FILE")]

    @classmethod
    def of(cls, publication: Publication) -> Resend:
        """Resend, with the publication's key."""
        api_url = publication.api_url or "https://api.resend.com"
        return cls(key=publication.secret(_KEY) or "", base_url=publication.base_url, api_url=api_url)

    def request(self, email: Email, batch: Batch, copies: Sequence[Copy]) -> Request:
        """A list of whole messages."""
        shared = [{"name": name, "value": value} for name, value in tags(batch).items()]
        readers = (
            ({"to": [mailbox(copy)], "tags": [*shared, {"name": READER_TAG, "value": str(copy.reader)}]}, copy.token)
            for copy in copies
        )
        body = self._letter(email).messages(readers)
        return Request("/emails/batch", body, {**self._headers, "Idempotency-Key": batch.key})

    def accepted(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """The ids of those that were taken, in order, and the places of those that were not."""
        said = document(reply)
        errors = {int(error["index"]): str(error.get("message", "")) for error in said.get("errors") or ()}
        if len(errors) != len(said.get("errors") or ()) or not set(errors) <= set(range(len(copies))):
            raise Malformed
        taken = [copy for place, copy in enumerate(copies) if place not in errors]
        settled = {outcome.reader: outcome for outcome in paired(taken, [one["id"] for one in said["data"]])}
        for place, why in errors.items():
            settled[copies[place].reader] = Outcome(copies[place].reader, "rejected", why)
        return Answer(tuple(settled[copy.reader] for copy in copies))

    def refused(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """409 says that a call under this key arrived before, so nothing here can be taken for not sent.

        With `concurrent_idempotent_requests` it is under way, with `invalid_idempotent_request` it held other bytes.
        """
        if reply.status == 409:
            why = f"perhaps sent before: {self.said(reply)}"
            return Answer(all_as(copies, "unknown", why), retry_after=retry_after(reply.headers))
        return super().refused(reply, copies)

    def _letter(self, email: Email) -> Rendered:
        fixed = {
            "from": from_header(email.sender),
            "subject": header_words(email.subject),
            "reply_to": email.sender.reply_to,
        }
        headers = reader_headers(self._base_url, email.sender, MERGE_FIELD)
        return rendered(fixed, {"headers": headers, "html": email.html, "text": email.text})
