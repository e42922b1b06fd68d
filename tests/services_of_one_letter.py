"""What the vendors that take one letter for many readers do with a call: limits, substitution, answers, search.

Where a vendor's own description leaves a limit out, it stands here, from its documentation.
"""

from __future__ import annotations

import json
import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any

from hostile_provider import Asked, Said, Sent
from letters import Travelling
from services_of_letters import MEGABYTE, not_a_mailbox, query_of


class SendGridService:
    name = "sendgrid"
    all_or_nothing = True

    def complaint(self, asked: Asked) -> str:
        call = json.loads(asked.body)
        if asked.headers.get("authorization") != "Bearer SG.key":
            return "no key"
        if len(call["personalizations"]) > 1000 or len(asked.body) > 30 * MEGABYTE:
            return "1,000 readers and 30 MB at most"
        for one in call["personalizations"]:
            if max(len(json.dumps(one[name])) for name in ("substitutions", "custom_args")) > 10_000:
                return "10,000 bytes of substitutions or custom arguments at most"
        tracking = call["tracking_settings"]
        off = all(not tracking[name]["enable"] for name in ("click_tracking", "open_tracking", "subscription_tracking"))
        return "" if off else "tracking is on"

    def messages(self, asked: Asked, bad: frozenset[str]) -> list[Sent]:
        call = json.loads(asked.body)
        content = {one["type"]: one["value"] for one in call["content"]}
        assert list(content) == ["text/plain", "text/html"]
        made = []
        for one in call["personalizations"]:

            def replaced(text: str, tags: dict[str, str] = one["substitutions"]) -> str:
                return re.sub("|".join(map(re.escape, tags)), lambda found: tags[found.group()], text)

            (to,) = (reader["email"] for reader in one["to"])
            name = call["from"]["name"].replace("\\", "\\\\").replace('"', '\\"')
            seen = Travelling(
                to=to,
                subject=replaced(call["subject"]),
                sender=f'"{name}" <{call["from"]["email"]}>',
                reply_to=replaced(call["reply_to"]["email"]),
                headers=one["headers"],
                html=replaced(content["text/html"]),
                text=replaced(content["text/plain"]),
            )
            made.append(Sent(seen, one["custom_args"], not_a_mailbox(to, bad)))
        return made

    def answer(self, sent: list[Sent], ids: list[str]) -> Said:
        return Said(202, None, {"X-Message-Id": ids[0]})

    def refusal(self, status: int, words: str) -> Said:
        return Said(status, {"errors": [{"message": words, "field": None, "help": None}]})

    def results(self, document: Any) -> list[Any] | None:
        return None

    def search(self, asked: Asked, known: list[tuple[str, Sent]]) -> Said:
        raise AssertionError("SendGrid is not asked: its search costs extra")


class MailgunService:
    name = "mailgun"
    all_or_nothing = True

    def fields(self, asked: Asked) -> dict[str, list[str]]:
        head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
        form: dict[str, list[str]] = {}
        for part in message_from_bytes(head + asked.body, policy=policy.HTTP).iter_parts():  # type: ignore[attr-defined]
            name = part.get_param("name", header="content-disposition")
            form.setdefault(name, []).append(part.get_payload(decode=True).decode())
        return form

    def complaint(self, asked: Asked) -> str:
        form = self.fields(asked)
        if asked.headers.get("authorization") != "Basic YXBpOm1nX2tleQ==":
            return "no key"
        if asked.target != "/v3/mail.internal/messages":
            return f"another domain: {asked.target}"
        if len(form["to"]) > 1000 or set(json.loads(form["recipient-variables"][0])) != set(form["to"]):
            return "1,000 readers at most, each with variables: without them everybody sees all addresses"
        options = sum(len(name) + len(value) for name, many in form.items() for value in many if name[1:2] == ":")
        if options > 16_384:
            return "16 KB of options at most"
        off = all(form[name] == ["no"] for name in ("o:tracking", "o:tracking-clicks", "o:tracking-opens"))
        return "" if off else "tracking is on"

    def messages(self, asked: Asked, bad: frozenset[str]) -> list[Sent]:
        form = {name: many if name == "to" else many[0] for name, many in self.fields(asked).items()}
        variables = json.loads(form["recipient-variables"])
        made = []
        for to in form["to"]:

            def replaced(text: str, to: str = to) -> str:
                text = re.sub(r"%recipient\.(\w+)%", lambda found: variables[to].get(found.group(1), ""), text)
                text = re.sub(r"%recipient(_email)?%", to, text)
                return re.sub(r"%(tag_)?unsubscribe_(url|email)%|%mailing_list_unsubscribe_url%", "https://mg", text)

            seen = Travelling(
                to=to,
                subject=replaced(form["subject"]),
                sender=form["from"],
                reply_to=replaced(form["h:Reply-To"]),
                headers={name[2:]: replaced(form[name]) for name in form if name.startswith("h:List-")},
                html=replaced(form["html"]),
                text=replaced(form["text"]),
            )
            remembered = {name[2:]: replaced(value) for name, value in form.items() if name.startswith("v:")}
            made.append(Sent(seen, {**remembered, "tag": form["o:tag"]}, not_a_mailbox(to, bad)))
        return made

    def answer(self, sent: list[Sent], ids: list[str]) -> Said:
        return Said(200, {"id": f"<{ids[0]}>", "message": "Queued. Thank you."})

    def refusal(self, status: int, words: str) -> Said:
        return Said(status, {"message": words})

    def results(self, document: Any) -> list[Any] | None:
        return None

    def search(self, asked: Asked, known: list[tuple[str, Sent]]) -> Said:
        query = query_of(asked)
        assert asked.headers.get("authorization") == "Basic YXBpOm1nX2tleQ=="
        assert int(query["limit"]) <= 300
        start, size = int(query.get("page", 0)), 2
        events = [
            {
                "event": "accepted",
                "recipient": one.letter.to,
                "user-variables": {name: value for name, value in one.remembered.items() if name != "tag"},
                "message": {"headers": {"message-id": one_id}},
            }
            for one_id, one in known
            if one.remembered["tag"] == query["tags"]
        ]
        again = asked.target.partition("&page=")[0]
        following = f"http://{asked.headers['host']}{again}&page={start + size}"
        return Said(200, {"items": events[start : start + size], "paging": {"next": following}})


def _decoded(header: str) -> str:
    """An address whose name is in encoded words (RFC 2047), in Unicode."""
    name, address = parseaddr(header)
    return str(Address(str(make_header(decode_header(name))), addr_spec=address))


class SESService:
    name = "ses"
    all_or_nothing = False

    def complaint(self, asked: Asked) -> str:
        call = json.loads(asked.body)
        if not re.match(r"AWS4-HMAC-SHA256 Credential=AKIA/\d{8}/eu-central-1/ses/", asked.headers["authorization"]):
            return "not signed"
        if len(call["BulkEmailEntries"]) > 50:
            return "50 readers at most (https://docs.aws.amazon.com/ses/latest/dg/quotas.html)"
        words = [tag["Value"] for entry in call["BulkEmailEntries"] for tag in entry["ReplacementTags"]]
        if not all(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", word) for word in words):
            return "a tag may have ASCII letters, digits, _ and -"
        if not call["FromEmailAddress"].isascii():
            return "the sender's name is not encoded"
        tracking = call["ConfigurationOverrides"]["Tracking"]
        return "" if set(tracking.values()) == {"DISABLED"} and len(tracking) == 2 else "tracking is on"

    def messages(self, asked: Asked, bad: frozenset[str]) -> list[Sent]:
        call = json.loads(asked.body)
        content = call["DefaultContent"]["Template"]["TemplateContent"]
        made = []
        for entry in call["BulkEmailEntries"]:
            (to,) = entry["Destination"]["ToAddresses"]
            data = json.loads(entry["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"])

            def replaced(text: str, data: dict[str, str] = data) -> str:
                text = re.sub(r"\{\{(\w+)\}\}", lambda found: data[found.group(1)], text)
                assert "{{" not in text, "a rendering failure"
                return text

            seen = Travelling(
                to=to,
                subject=replaced(content["Subject"]),
                sender=_decoded(call["FromEmailAddress"]),
                reply_to=call["ReplyToAddresses"][0],
                headers={header["Name"]: header["Value"] for header in entry["ReplacementHeaders"]},
                html=replaced(content["Html"]),
                text=replaced(content["Text"]),
            )
            made.append(
                Sent(seen, {tag["Name"]: tag["Value"] for tag in entry["ReplacementTags"]}, not_a_mailbox(to, bad))
            )
        return made

    def answer(self, sent: list[Sent], ids: list[str]) -> Said:
        results = [
            {"Status": "INVALID_PARAMETER", "Error": one.refusal}
            if one.refusal
            else {"Status": "SUCCESS", "MessageId": message_id}
            for one, message_id in zip(sent, ids, strict=True)
        ]
        return Said(200, {"BulkEmailEntryResults": results})

    def refusal(self, status: int, words: str) -> Said:
        kind = {400: "BadRequestException", 429: "TooManyRequestsException"}.get(status, "Other")
        return Said(status, {"message": words}, {"x-amzn-ErrorType": kind})

    def results(self, document: Any) -> list[Any] | None:
        return document["BulkEmailEntryResults"]

    def search(self, asked: Asked, known: list[tuple[str, Sent]]) -> Said:
        raise AssertionError("Amazon SES is not asked: it needs the id that a lost answer held")
