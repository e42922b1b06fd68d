"""Amazon SES: one letter for up to 50 readers a call, with each reader's token substituted there.

Sources: SendBulkEmail of SES v2 (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendBulkEmail.html) and its
results' states (…/API_BulkEmailEntryResult.html), https://docs.aws.amazon.com/ses/latest/dg/quotas.html. boto3 finds
the credentials and signs; the call is ours, since boto3's own client repeats a POST that was not answered.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping, Sequence
from email.utils import formataddr
from typing import Any

from digest.delivery.provider import READER_TAG, Answer, Limits, Need, all_as, tags
from digest.delivery.web_provider import (
    Malformed,
    NotReady,
    Request,
    WebProvider,
    as_json,
    document,
    mailbox,
    one_or_whole,
)
from digest.http.call import Reply
from digest.http.waiting import retry_after
from digest.mail.mailbox import ascii_mailbox
from digest.mail.merge_field import merged
from digest.mail.message import header_words, reader_headers
from digest.model.delivery import Batch, Copy, DeliveryState, Outcome
from digest.model.issue import Email
from digest.publication import Publication

_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_PATH = "/v2/email/outbound-bulk-emails"
_VARIABLE = "{{token}}"
_READER_BYTES = 1_500

# What an entry's status says; what is not here may have been sent (TRANSIENT_FAILURE, FAILED).
_ENTRY: Mapping[str, DeliveryState] = {
    "MESSAGE_REJECTED": "rejected",
    "INVALID_PARAMETER": "rejected",
    "ACCOUNT_THROTTLED": "pending",
    **dict.fromkeys(
        (
            "MAIL_FROM_DOMAIN_NOT_VERIFIED",
            "CONFIGURATION_SET_NOT_FOUND",
            "TEMPLATE_NOT_FOUND",
            "ACCOUNT_SUSPENDED",
            "ACCOUNT_DAILY_QUOTA_EXCEEDED",
            "INVALID_SENDING_POOL_NAME",
            "ACCOUNT_SENDING_PAUSED",
            "CONFIGURATION_SET_SENDING_PAUSED",
        ),
        "pending",
    ),
}
# Errors of the whole call that no half of the batch would escape.
_ACCOUNT = ("AccountSuspended", "SendingPaused", "MailFromDomainNotVerified", "LimitExceeded")


class AmazonSES(WebProvider):
    """Sends through Amazon SES v2.

    Args:
        credentials: What boto3 found, which renews itself where it has to.
    """

    name = "ses"
    # the rate of a new account out of the sandbox; in the sandbox it is 1
    limits = Limits(readers=50, messages_a_second=14)
    marks = re.compile(r"\{\{|\}\}")
    notes = ("letters that it takes and cannot render come back as Rendering Failure events: subscribe to them too",)

    def __init__(
        self, *, credentials: Any, region: str, base_url: str, configuration_set: str = "", api_url: str = ""
    ) -> None:
        super().__init__(api_url=api_url or f"https://email.{region}.amazonaws.com", base_url=base_url)
        self._credentials = credentials
        self._region = region
        self._configuration_set = configuration_set

    @staticmethod
    def needs(publication: Publication) -> list[Need]:
        """boto3, a region and credentials."""
        if importlib.util.find_spec("boto3") is None:
            return [Need("boto3 is not installed", "run `pip install 'digest-letter[ses]'`")]
        lacking = []
        session = _session(publication)
        if not session.region_name:
            lacking.append(Need("no AWS region is set", 'in digest.toml: region = "eu-central-1", or yours'))
        if session.get_credentials() is None:
            cure = f"set {_KEYS[0]} and {_KEYS[1]}, or give this machine a role that may call ses:SendBulkEmail"
            lacking.append(Need("there are no AWS credentials", cure))
        return lacking

    @classmethod
    def of(cls, publication: Publication) -> AmazonSES:
        """Amazon SES, with the credentials that boto3 finds."""
        session = _session(publication)
        return cls(
            credentials=session.get_credentials(),
            region=session.region_name,
            base_url=publication.base_url,
            configuration_set=publication.settings.provider.configuration_set or "",
            api_url=publication.api_url or "",
        )

    def cannot_carry(self, copy: Copy) -> str | None:
        """Amazon SES does not support SMTPUTF8 (API_BulkEmailEntry)."""
        if ascii_mailbox(copy.address) is None:
            return "Amazon SES cannot write to a mailbox whose name is not in ASCII"
        return super().cannot_carry(copy)

    def readers_a_call(self, email: Email) -> int:
        """The letter travels once, whatever the number of readers."""
        left = self.limits.bytes - 2 * len(as_json([email.html, email.text]))
        return max(1, min(self.limits.readers, left // _READER_BYTES))

    def request(self, email: Email, batch: Batch, copies: Sequence[Copy]) -> Request:
        """One letter as an inline template, and an entry a reader; open and click tracking off for this call."""
        shared = tags(batch)
        call: dict[str, Any] = {
            # its sender's name may not be Unicode, so it is encoded here (RFC 2047)
            "FromEmailAddress": formataddr((header_words(email.sender.name), email.sender.address)),
            "ReplyToAddresses": [email.sender.reply_to],
            "DefaultContent": {
                "Template": {
                    "TemplateContent": {
                        "Subject": header_words(email.subject),
                        "Text": merged(email.text, _VARIABLE),
                        "Html": merged(email.html, _VARIABLE),
                    },
                    "TemplateData": '{"token":""}',
                }
            },
            "BulkEmailEntries": [self._entry(email, shared, copy) for copy in copies],
            "ConfigurationOverrides": {
                "Tracking": {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"}
            },
        }
        if self._configuration_set:
            call["ConfigurationSetName"] = self._configuration_set
        body = as_json(call)
        return Request(_PATH, body, self._signed(body))

    def accepted(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """A result for every entry, in order."""
        results = document(reply)["BulkEmailEntryResults"]
        ids = [one["MessageId"] for one in results if one["Status"] == "SUCCESS"]
        if len(results) != len(copies) or len(set(ids)) != len(ids) or not all(ids):
            raise Malformed
        outcomes = tuple(_outcome(copy, one) for copy, one in zip(copies, results, strict=True))
        pending = [outcome.reason for outcome in outcomes if outcome.state == "pending"]
        account = [reason for reason in pending if not reason.startswith("ACCOUNT_THROTTLED")]
        return Answer(outcomes, stop=account[0] if account else "")

    def refused(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """The kind of error stands in a header."""
        kind = reply.headers.get("x-amzn-errortype", "").partition(":")[0]
        said = f"{kind}: {self.said(reply)}" if kind else self.said(reply)
        if kind.startswith("TooManyRequests") or kind.startswith("Throttling"):
            return Answer(all_as(copies, "pending", f"not now: {said}"), retry_after=retry_after(reply.headers))
        if reply.status == 400:
            if kind.startswith(_ACCOUNT):
                return Answer(all_as(copies, "pending", f"refused: {said}"), stop=said)
            return one_or_whole(copies, said)
        return super().refused(reply, copies)

    def _entry(self, email: Email, shared: Mapping[str, str], copy: Copy) -> dict[str, Any]:
        headers = reader_headers(self._base_url, email.sender, copy.token)
        tagged = {**shared, READER_TAG: str(copy.reader)}
        return {
            "Destination": {"ToAddresses": [mailbox(copy)]},
            "ReplacementEmailContent": {
                "ReplacementTemplate": {"ReplacementTemplateData": as_json({"token": copy.token}).decode()}
            },
            "ReplacementHeaders": [{"Name": name, "Value": value} for name, value in headers.items()],
            "ReplacementTags": [{"Name": name, "Value": value} for name, value in tagged.items()],
        }

    def _signed(self, body: bytes) -> Mapping[str, str]:
        """The headers with AWS's signature, version 4."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.exceptions import BotoCoreError

        request = AWSRequest("POST", self._api_url + _PATH, headers={"Content-Type": "application/json"}, data=body)
        try:
            # frozen, so that key and secret belong together even where they are renewed just now
            SigV4Auth(self._credentials.get_frozen_credentials(), "ses", self._region).add_auth(request)
        except BotoCoreError as error:
            raise NotReady(f"no AWS credentials: {error}") from None
        return dict(request.headers.items())


def _session(publication: Publication) -> Any:
    """boto3's session: keys of the environment or of NAME_FILE first, then whatever else AWS's tools find."""
    import boto3

    key, secret, token = (publication.secret(name) for name in _KEYS)
    return boto3.Session(
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        region_name=publication.settings.provider.region,
    )


def _outcome(copy: Copy, said: Mapping[str, str]) -> Outcome:
    """One entry's result (API_BulkEmailEntryResult)."""
    status, words = said["Status"], f"{said['Status']}: {said.get('Error') or 'no reason given'}"
    if status == "SUCCESS":
        return Outcome(copy.reader, "accepted", message_id=said["MessageId"])
    if "render" in words.lower():
        # a template that cannot be filled in was never sent
        return Outcome(copy.reader, "rejected", words)
    return Outcome(copy.reader, _ENTRY.get(status, "unknown"), words)
