"""What the vendors that want every letter rendered do with a call: their limits, their answers, their search.

Where a vendor's own description leaves a limit out, it stands here, from its documentation.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hostile_provider import Asked, Said, Sent
from letters import Travelling

MEGABYTE = 1_000_000


def not_a_mailbox(address: str, bad: frozenset[str]) -> str:
    return f"{address} is not a mailbox" if address in bad else ""


def query_of(asked: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.target).query).items()}


class ResendService:
    name = "resend"
    all_or_nothing = False

    def complaint(self, asked: Asked) -> str:
        calls = json.loads(asked.body)
        if asked.headers.get("authorization") != "Bearer re_key":
            return "no key"
        if len(calls) > 100:
            return "more than 100 messages (https://resend.com/docs/api-reference/emails/send-batch-emails)"
        if len(asked.headers.get("idempotency-key", "")) > 256:
            return "a key of more than 256 characters"
        words = [word for call in calls for tag in call["tags"] for word in tag.values()]
        if not all(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", word) for word in words):
            return "a tag may have ASCII letters, digits, _ and - (https://resend.com/docs/dashboard/emails/tags)"
        return ""

    def messages(self, asked: Asked, bad: frozenset[str]) -> list[Sent]:
        assert asked.headers["x-batch-validation"] == "permissive"
        return [
            Sent(
                Travelling(
                    to=call["to"][0],
                    subject=call["subject"],
                    sender=call["from"],
                    reply_to=call["reply_to"],
                    headers=call["headers"],
                    html=call["html"],
                    text=call["text"],
                ),
                {tag["name"]: tag["value"] for tag in call["tags"]},
                not_a_mailbox(call["to"][0], bad),
            )
            for call in json.loads(asked.body)
        ]

    def answer(self, sent: list[Sent], ids: list[str]) -> Said:
        pairs = list(enumerate(zip(sent, ids, strict=True)))
        document: dict[str, Any] = {"data": [{"id": one_id} for _, (one, one_id) in pairs if not one.refusal]}
        errors = [{"index": place, "message": one.refusal} for place, (one, _) in pairs if one.refusal]
        limit = {"ratelimit-limit": "5", "ratelimit-remaining": "4", "ratelimit-reset": "1"}
        return Said(200, document | ({"errors": errors} if errors else {}), limit)

    def refusal(self, status: int, words: str) -> Said:
        return Said(status, {"statusCode": status, "message": words, "name": "error"})

    def results(self, document: Any) -> list[Any] | None:
        return document["data"]

    def search(self, asked: Asked, known: list[tuple[str, Sent]]) -> Said:
        raise AssertionError("Resend is not asked: its search knows no tags")


class PostmarkService:
    name = "postmark"
    all_or_nothing = False

    def complaint(self, asked: Asked) -> str:
        calls = json.loads(asked.body)
        if asked.headers.get("x-postmark-server-token") != "pm_key":
            return "no token"
        if len(calls) > 500 or len(asked.body) > 50 * MEGABYTE:
            return "500 messages and 50 MB at most (https://postmarkapp.com/developer/api/email-api#send-batch-emails)"
        for call in calls:
            if call["TrackOpens"] is not False or call["TrackLinks"] != "None" or call["MessageStream"] != "letters":
                return "tracking is on, or the stream is another one"
            if any(len(name) > 20 or len(value) > 80 for name, value in call["Metadata"].items()):
                return "metadata: names of 20 characters, values of 80"
        return ""

    def messages(self, asked: Asked, bad: frozenset[str]) -> list[Sent]:
        return [
            Sent(
                Travelling(
                    to=call["To"],
                    subject=call["Subject"],
                    sender=call["From"],
                    reply_to=call["ReplyTo"],
                    headers={header["Name"]: header["Value"] for header in call["Headers"]},
                    # the one thing that a broadcast stream replaces
                    html=call["HtmlBody"].replace("{{{ pm:unsubscribe }}}", "https://unsubscribe.postmark"),
                    text=call["TextBody"].replace("{{{ pm:unsubscribe }}}", "https://unsubscribe.postmark"),
                ),
                {"tag": call["Tag"], **call["Metadata"]},
                not_a_mailbox(call["To"], bad),
            )
            for call in json.loads(asked.body)
        ]

    def answer(self, sent: list[Sent], ids: list[str]) -> Said:
        return Said(
            200,
            [
                {"ErrorCode": 300, "Message": one.refusal}
                if one.refusal
                else {"ErrorCode": 0, "Message": "OK", "MessageID": message_id, "To": one.letter.to}
                for one, message_id in zip(sent, ids, strict=True)
            ],
        )

    def refusal(self, status: int, words: str) -> Said:
        return Said(status, {"ErrorCode": 402 if status == 422 else 10, "Message": words})

    def results(self, document: Any) -> list[Any] | None:
        return document

    def search(self, asked: Asked, known: list[tuple[str, Sent]]) -> Said:
        query = query_of(asked)
        assert asked.headers.get("x-postmark-server-token") == "pm_key"
        assert int(query["count"]) <= 500
        assert int(query["count"]) + int(query["offset"]) <= 10_500
        found = [(one_id, one) for one_id, one in known if one.remembered["tag"] == query["tag"]]
        page = found[int(query["offset"]) : int(query["offset"]) + int(query["count"])]
        messages = [{"MessageID": one_id, "Recipients": [one.letter.to], "Status": "Sent"} for one_id, one in page]
        return Said(200, {"TotalCount": len(found), "Messages": messages})
