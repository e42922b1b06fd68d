"""What all providers that are called over HTTP share: one call, and what its answer means for every copy.

The rule behind the table: a copy may be sent again only where it is certain that nothing was sent. A refusal says so
(RFC 9110, section 15.5); a failure of the server (15.6), silence, or words that cannot be understood say nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple

from digest import __version__
from digest.delivery.provider import Answer, Limits, all_as
from digest.http.call import Caller, NotSent, Reply, Unanswered
from digest.http.waiting import rate, retry_after
from digest.mail.mailbox import ascii_mailbox, is_reserved
from digest.mail.merge_field import MERGE_FIELD
from digest.model.delivery import Batch, Copy, Outcome
from digest.model.issue import Email

_SAID_AT_MOST = 200
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Malformed(Exception):
    """An answer that says success, but not of whom."""


class NotReady(Exception):
    """A call cannot even be written, and no other one could."""


class Request(NamedTuple):
    """What is posted."""

    path: str
    body: bytes
    headers: Mapping[str, str]


class WebProvider:
    """A provider that is called over HTTP; a subclass says how it wants a batch and how it tells what became of it.

    Attributes:
        marks: What the service would replace in a letter of ours; None where it replaces nothing.

    Args:
        api_url: Where it answers, without a slash at the end.
        base_url: Where the readers' application answers.
        secrets: What must never be printed, even if the service repeats it.
    """

    name: ClassVar[str]
    limits: Limits
    replay_window: timedelta | None = None
    notes: tuple[str, ...] = ()
    marks: ClassVar[re.Pattern[str] | None] = None

    def __init__(self, *, api_url: str, base_url: str, secrets: Sequence[str] = ()) -> None:
        self._api_url = api_url
        self._base_url = base_url
        self._secrets = [secret for secret in secrets if secret]
        self._unmarked: Email | None = None
        self._caller = Caller(f"digest/{__version__} (+{base_url})")

    def request(self, email: Email, batch: Batch, copies: Sequence[Copy]) -> Request:
        """The call that sends a batch; the same arguments give the same bytes."""
        raise NotImplementedError

    def accepted(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """What an answer of success says of each copy.

        Raises:
            Malformed: It does not say it of every one of them.
        """
        raise NotImplementedError

    def refused(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        """What an answer that is no success says; a subclass adds what only its service says."""
        return sorted_by_status(reply, copies, self.said(reply))

    def cannot_carry(self, copy: Copy) -> str | None:
        """Why a copy cannot travel here, or None."""
        domain = copy.address.rpartition("@")[2]
        return f"{domain} is an example's domain, where no mail goes (RFC 2606)" if is_reserved(domain) else None

    def readers_a_call(self, email: Email) -> int:
        """How many readers fit, each with a rendered letter; a subclass whose letter travels once says more."""
        # quotes and line breaks are escaped, and every copy has its envelope
        size = len(json.dumps([email.html, email.text], ensure_ascii=False).encode()) + 3_000
        return max(1, min(self.limits.readers, self.limits.bytes // size))

    def send(self, email: Email, batch: Batch, copies: Sequence[Copy], deadline: float) -> Answer:
        """Send one batch in one call; see Provider."""
        reasons = {copy.reader: self.cannot_carry(copy) for copy in copies}
        carried = [copy for copy in copies if reasons[copy.reader] is None]
        answer = self._sent(email, batch, carried, deadline) if carried else Answer(())
        settled = {outcome.reader: outcome for outcome in answer.outcomes}
        settled |= {reader: Outcome(reader, "excluded", why) for reader, why in reasons.items() if why is not None}
        return answer._replace(outcomes=tuple(settled[copy.reader] for copy in copies))

    def close(self) -> None:
        """Hang up."""
        self._caller.close()

    def said(self, reply: Reply) -> str:
        """The service's own words, on one short line, without anything secret."""
        try:
            words = _words(json.loads(reply.body))
        except ValueError:
            words = ""
        for secret in self._secrets:
            words = words.replace(secret, "…")
        words = " ".join(words.split())[:_SAID_AT_MOST]
        return f"{words} (HTTP {reply.status})" if words else f"HTTP {reply.status}"

    def _sent(self, email: Email, batch: Batch, copies: Sequence[Copy], deadline: float) -> Answer:
        if mark := self.mark_in(email):
            why = f"“{mark}” in the letter would be replaced by {self.name}; write it differently"
            return Answer(all_as(copies, "pending", why), stop=why)
        try:
            request = self.request(email, batch, copies)
        except NotReady as error:
            return Answer(all_as(copies, "pending", str(error)), stop=str(error))
        if excess := self._excess(request, copies):
            return one_or_whole(copies, excess)
        try:
            reply = self._caller.call(
                "POST", self._api_url + request.path, headers=request.headers, body=request.body, seconds=deadline
            )
        except NotSent as error:
            return Answer(all_as(copies, "pending", f"not sent: {error.what}"))
        except Unanswered as error:
            return Answer(all_as(copies, "unknown", f"perhaps sent: {error.what}"))
        return self._read(reply, copies)._replace(rate=rate(reply.headers))

    def _read(self, reply: Reply, copies: Sequence[Copy]) -> Answer:
        if not 200 <= reply.status < 300:
            return self.refused(reply, copies)
        try:
            return self.accepted(reply, copies)
        except (Malformed, ValueError, KeyError, TypeError, AttributeError):
            why = f"perhaps sent: its answer (HTTP {reply.status}) does not tell of every copy"
            return Answer(all_as(copies, "unknown", why))

    def mark_in(self, email: Email) -> str:
        """The first thing in a letter that the service would replace, or an empty string."""
        if self.marks is None or email is self._unmarked:
            return ""
        for text in (email.subject, email.sender.name, email.html, email.text):
            if found := self.marks.search(text):
                return found.group()
        self._unmarked = email
        return ""

    def _excess(self, request: Request, copies: Sequence[Copy]) -> str:
        if len(copies) > self.limits.readers:
            return f"{len(copies)} readers, and it takes {self.limits.readers} a call"
        if len(request.body) > self.limits.bytes and len(copies) > 1:
            return f"{len(request.body) / 1e6:.1f} MB, and a call is {self.limits.bytes / 1e6:g} MB at most"
        return ""


def sorted_by_status(reply: Reply, copies: Sequence[Copy], said: str) -> Answer:
    """What an HTTP status that is no success says of a call that asked for mail to be sent.

    Args:
        reply: The answer.
        copies: The copies in the call.
        said: The service's own words.

    Returns:
        The whole batch in one state: `pending` for a refusal, `unknown` for everything that may have been acted on.
    """
    status, wait = reply.status, retry_after(reply.headers)
    if status == 429:
        return Answer(all_as(copies, "pending", f"not now: {said}"), retry_after=wait)
    if status in (400, 413, 422):
        return one_or_whole(copies, said)
    if status in (301, 307, 308):
        # the request was not acted on, and a POST is never sent on to where somebody points
        why = f"{said}: it lives elsewhere; check api_url"
        return Answer(all_as(copies, "pending", why), stop=why)
    if 400 <= status < 500 and status not in (408, 409):
        return Answer(all_as(copies, "pending", f"refused: {said}"), stop=said)
    return Answer(all_as(copies, "unknown", f"perhaps sent: {said}"), retry_after=wait)


def one_or_whole(copies: Sequence[Copy], why: str) -> Answer:
    """A batch that was refused: a single copy is rejected, more of them are to be tried apart."""
    if len(copies) == 1:
        return Answer(all_as(copies, "rejected", why))
    return Answer(all_as(copies, "pending", f"refused as a whole: {why}"), refused_whole=why)


def mailbox(copy: Copy) -> str:
    """A copy's address as it travels: its domain in Punycode, which every service takes."""
    return ascii_mailbox(copy.address) or copy.address


def paired(copies: Sequence[Copy], ids: Sequence[Any]) -> list[Outcome]:
    """Every copy accepted under the message id in its place.

    Raises:
        Malformed: There is not exactly one id for each, all of them different.
    """
    if len(ids) != len(copies) or not all(isinstance(one, str) and one for one in ids) or len(set(ids)) != len(ids):
        raise Malformed
    return [Outcome(copy.reader, "accepted", message_id=one) for copy, one in zip(copies, ids, strict=True)]


def looked_up(copies: Sequence[Copy], found: Mapping[str, str]) -> list[Outcome]:
    """What a search says of each copy.

    Args:
        copies: The copies that were asked about.
        found: The message ids by mailbox, in lower case.
    """
    return [
        Outcome(copy.reader, "accepted", message_id=found[mailbox(copy).lower()])
        if mailbox(copy).lower() in found
        else Outcome(copy.reader, "unknown", "the provider does not know of it")
        for copy in copies
    ]


def document(reply: Reply) -> Any:
    """The JSON document of an answer.

    Raises:
        ValueError: It is none.
    """
    return json.loads(reply.body)


def as_json(value: Any) -> bytes:
    """A value as JSON in UTF-8, the same bytes for the same value."""
    return _JSON.encode(value).encode()


class Rendered(NamedTuple):
    """A letter as JSON, for a service that wants it whole for every reader: it is encoded once, and then cut and glued.

    Attributes:
        fixed: The fields that are the same for all readers, without braces.
        pieces: The fields with the merge field, cut where it stands.
    """

    fixed: bytes
    pieces: list[bytes]

    def messages(self, readers: Iterable[tuple[Mapping[str, Any], str]]) -> bytes:
        """The list of messages, in one go: megabytes are copied once.

        Args:
            readers: Each reader's own fields, and their token.
        """
        first, *others = self.pieces
        parts: list[bytes] = []
        for own, token in readers:
            parts += [b",{" if parts else b"[{", as_json(own)[1:-1], b",", self.fixed, b",", first]
            for piece in others:
                parts += [token.encode("ascii"), piece]
            parts.append(b"}")
        parts.append(b"]")
        return b"".join(parts)


def rendered(fixed: Mapping[str, Any], merged: Mapping[str, Any]) -> Rendered:
    """A letter as JSON.

    Args:
        fixed: The fields that are the same for every reader; not empty.
        merged: The fields in which the merge field stands for the reader; not empty.
    """
    return Rendered(as_json(fixed)[1:-1], as_json(merged)[1:-1].split(MERGE_FIELD.encode()))


def _words(said: Any) -> str:
    """The message in an error document, wherever the services put it."""
    if isinstance(said, list):
        return _words(said[0]) if said else ""
    if isinstance(said, dict):
        for key in ("message", "Message", "errors", "error"):
            if said.get(key):
                return _words(said[key])
    return said if isinstance(said, str) else ""
