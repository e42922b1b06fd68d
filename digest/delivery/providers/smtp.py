"""SMTP submission: one message a transaction over a connection that is kept, always under TLS.

Sources: RFC 6409 (submission), RFC 8314 (TLS, port 465), RFC 3207 (STARTTLS, port 587), RFC 5321, section 4.2.1: a
reply that begins with 4 or 5 says that what was asked did not happen. A reply that never came says nothing.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from digest.delivery.provider import Answer, Limits, Need, all_as, identity
from digest.http.connections import Watch
from digest.mail.mailbox import ascii_mailbox, is_reserved
from digest.mail.message import message_of
from digest.model.delivery import Batch, Copy, Outcome
from digest.model.issue import Email
from digest.publication import Publication

_KEY = "SMTP_URL"
_CONNECT_SECONDS = 15.0
# RFC 5321, section 4.5.3.2.7: a server waits five minutes for the next command; we trust a connection for less.
_IDLE_SECONDS = 60.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_Failed = (smtplib.SMTPException, OSError)


class _Stopped(Exception):
    """The server will not work with us until a person has mended something."""


class SMTP:
    """Sends through a mail server.

    Args:
        address: `smtp://host:587` for STARTTLS, `smtps://host:465` for TLS from the first byte.
        user: Who we are there; empty where the server does not ask.
        password: The user's.
        base_url: Where the readers' application answers.
    """

    name = "smtp"
    # one message a call, so that a process that dies leaves no more than one reader open
    limits = Limits(readers=1)
    replay_window = None
    notes = ("it is the mail server that decides about open and click tracking: see that it rewrites no links",)

    def __init__(self, address: str, *, base_url: str, user: str = "", password: str = "") -> None:
        parts = urlsplit(address)
        self._host = parts.hostname or ""
        self._implicit = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit else 587)
        self._user, self._password = user, password
        self._base_url = base_url
        self._context = ssl.create_default_context()
        self._kept: list[tuple[smtplib.SMTP, float]] = []
        self._lock = threading.Lock()

    @staticmethod
    def needs(publication: Publication) -> list[Need]:
        """A server's address, with user and password."""
        address = publication.secret(_KEY) or publication.api_url
        form = "smtp://USER:PASSWORD@HOST:587, or smtps://…:465"
        if not address:
            return [Need(f"{_KEY} is not set", f"set {_KEY}, or {_KEY}_FILE, to {form}")]
        try:
            parts = urlsplit(address)
            usable = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        # the address holds a password, so it is not repeated
        return [] if usable else [Need(f"{_KEY} cannot be read", f"write {form}, with signs such as @ as %40")]

    @classmethod
    def of(cls, publication: Publication) -> SMTP:
        """The mail server of SMTP_URL; api_url, where it is set, says another place for the same user."""
        account = urlsplit(publication.secret(_KEY) or "")
        place = publication.api_url or f"{account.scheme}://{account.netloc.rpartition('@')[2]}"
        user, password = unquote(account.username or ""), unquote(account.password or "")
        return cls(place, base_url=publication.base_url, user=user, password=password)

    def cannot_carry(self, copy: Copy) -> str | None:
        """Example domains, and mailboxes that only a server with SMTPUTF8 (RFC 6531) could write to."""
        domain = copy.address.rpartition("@")[2]
        if is_reserved(domain):
            return f"{domain} is an example's domain, where no mail goes (RFC 2606)"
        return None if ascii_mailbox(copy.address) else "the mailbox's name is not in ASCII"

    def readers_a_call(self, email: Email) -> int:
        """One."""
        return self.limits.readers

    def send(self, email: Email, batch: Batch, copies: Sequence[Copy], deadline: float) -> Answer:
        """Send each copy in a transaction of its own; see Provider."""
        outcomes: list[Outcome] = []
        mailbox_alone = True
        until = time.monotonic() + deadline
        for place, copy in enumerate(copies):
            try:
                outcome, alone = self._sent(email, batch, copy, until - time.monotonic())
                outcomes.append(outcome)
                mailbox_alone = mailbox_alone and (alone or outcome.state != "pending")
            except _Stopped as stopped:
                rest = all_as(copies[place:], "pending", f"not sent: {stopped}")
                return Answer((*outcomes, *rest), stop=str(stopped))
        pending = any(outcome.state == "pending" for outcome in outcomes)
        return Answer(tuple(outcomes), mailbox_alone=mailbox_alone and pending)

    def close(self) -> None:
        """Say goodbye on every connection."""
        with self._lock:
            kept, self._kept = self._kept, []
        for client, _ in kept:
            with suppress(*_Failed):
                client.quit()

    def _sent(self, email: Email, batch: Batch, copy: Copy, seconds: float) -> tuple[Outcome, bool]:
        """What became of a copy, and whether that is its mailbox's own doing."""
        if why := self.cannot_carry(copy):
            return Outcome(copy.reader, "excluded", why), True
        if seconds <= 0:
            return Outcome(copy.reader, "pending", "not sent: no time was left"), False
        own = identity(batch, copy)
        spelt = copy._replace(address=ascii_mailbox(copy.address) or copy.address)
        date = batch.first_attempt_at
        content = message_of(email, spelt, base_url=self._base_url, date=date, identity=own).as_bytes()
        with Watch(seconds) as watch:
            try:
                client = self._connection(watch, seconds)
            except _Failed as error:
                return Outcome(copy.reader, "pending", f"not sent: {self._said(error)}"), False
            told = self._transaction(client, email.sender.address, spelt, content, own)
            self._keep(client)
            return told

    def _transaction(
        self, client: smtplib.SMTP, sender: str, copy: Copy, content: bytes, own: str
    ) -> tuple[Outcome, bool]:
        """MAIL, RCPT, DATA. Until the message itself leaves, nothing can have been sent."""
        under_way = about_mailbox = False
        words: bytes | str
        try:
            options = [f"size={len(content)}"] if client.has_extn("size") else []
            code, words = client.mail(sender, options)
            if code >= 500:
                client.close()
                raise _Stopped(f"{sender} may not send: {self._said((code, words))}")
            if code == 250:
                code, words = client.rcpt(copy.address)
                about_mailbox = code != 421
            if code in (250, 251):
                under_way = True
                code, words = client.data(content)
        except smtplib.SMTPDataError as error:
            # the server did not ask for the message, so it did not leave
            code, words = error.smtp_code, error.smtp_error
        except _Failed as error:
            client.close()
            if under_way:
                return Outcome(copy.reader, "unknown", f"perhaps sent: {self._said(error)}"), False
            return Outcome(copy.reader, "pending", f"not sent: {self._said(error)}"), False
        if code == 250:
            return Outcome(copy.reader, "accepted", message_id=own), True
        if code == 421:
            client.close()
        else:
            with suppress(*_Failed):
                client.rset()
        refused = code >= 500
        said = self._said((code, words))
        outcome = Outcome(copy.reader, "rejected" if refused else "pending", said if refused else f"not now: {said}")
        return outcome, about_mailbox and not under_way

    def _connection(self, watch: Watch, seconds: float) -> smtplib.SMTP:
        """A kept connection that still answers, or a new one."""
        while True:
            with self._lock:
                client, used = self._kept.pop() if self._kept else (None, 0.0)
            if client is None:
                return self._connected(watch, seconds)
            if client.sock is not None and time.monotonic() - used < _IDLE_SECONDS:
                watch.hold(client.sock)
                client.sock.settimeout(seconds)
                with suppress(*_Failed):
                    if client.noop()[0] == 250:
                        return client
            client.close()

    def _connected(self, watch: Watch, seconds: float) -> smtplib.SMTP:
        """A new connection, under TLS and signed in."""
        implicit = self._context if self._implicit else None
        # without a name of ours the library would ask the network for this machine's
        name = urlsplit(self._base_url).hostname or "localhost"
        client = _Client(watch, implicit, self._host, self._port, name, min(_CONNECT_SECONDS, seconds))
        try:
            client.ehlo_or_helo_if_needed()
            if not self._implicit and (client.has_extn("starttls") or self._host not in _LOOPBACK):
                client.starttls(context=self._context)
                client.ehlo()
            if self._user:
                client.login(self._user, self._password)
        except smtplib.SMTPNotSupportedError as error:
            client.close()
            raise _Stopped(f"{self._host} offers no TLS, or no way to sign in ({error})") from None
        except smtplib.SMTPAuthenticationError as error:
            client.close()
            if error.smtp_code >= 500:
                raise _Stopped(f"{self._host} refuses user or password of {_KEY} ({error.smtp_code})") from None
            raise
        except BaseException:
            client.close()
            raise
        assert client.sock is not None
        client.sock.settimeout(seconds)
        return client

    def _keep(self, client: smtplib.SMTP) -> None:
        if client.sock is not None:
            with self._lock:
                self._kept.append((client, time.monotonic()))

    def _said(self, what: BaseException | tuple[int, bytes | str]) -> str:
        """The server's own words, or ours for what is no reply, on one short line."""
        if isinstance(what, smtplib.SMTPResponseException):
            what = (what.smtp_code, what.smtp_error)
        if isinstance(what, tuple):
            code, words = what
            text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
            return " ".join(f"{text} ({code})".split())[:200]
        if isinstance(what, ssl.SSLError):
            return f"no secure connection to {self._host}"
        if isinstance(what, TimeoutError):
            return f"{self._host} did not answer in time"
        if isinstance(what, smtplib.SMTPServerDisconnected):
            return f"{self._host} hung up"
        return f"no connection to {self._host}"


class _Client(smtplib.SMTP):
    """The library's client, with its socket watched from the first moment, and TLS from the first byte where wanted."""

    def __init__(
        self, watch: Watch, implicit: ssl.SSLContext | None, host: str, port: int, name: str, seconds: float
    ) -> None:
        self._watch = watch
        self._implicit = implicit
        super().__init__(host, port, local_hostname=name, timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        connected = self._watch.hold(socket.create_connection((host, port), timeout))
        return self._implicit.wrap_socket(connected, server_hostname=host) if self._implicit else connected
