"""A real SMTP server on loopback, under TLS, that keeps an inbox a reader and misbehaves on demand."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from own_certificate import server_context

PASSWORD = "p@ss:w/rd"


class HostileMailServer:
    """The server's decisions; aiosmtpd speaks the protocol.

    Attributes:
        script: Names of faults, one a message; afterwards it behaves.
        inboxes: What each reader got, as it travelled.
        connections: How many were opened.
    """

    def __init__(self, *script: str) -> None:
        self.script = list(script)
        self.inboxes: dict[str, list[bytes]] = defaultdict(list)
        self.connections = 0

    @property
    def fault(self) -> str:
        return self.script[0] if self.script else ""

    def copies(self, address: str) -> int:
        return len(self.inboxes.get(address, ()))

    def authenticated(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        """Whether user and password are right."""
        if "535" in self.fault:
            return AuthResult(success=False, handled=False)
        if "454" in self.fault:
            return AuthResult(success=False, handled=False, message="454 4.7.0 not now")
        return AuthResult(success=given.login == b"letter" and given.password == PASSWORD.encode())

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, replies: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return replies

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "refuses the sender" in self.fault:
            return "550 5.7.1 not allowed"
        if "want the sender now" in self.fault:
            return "451 4.7.1 later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "refuses the mailbox" in self.fault:
            return self._over("550 5.1.1 no such mailbox")
        if "want the mailbox now" in self.fault:
            return self._over("450 4.2.0 greylisted")
        if "hangs up at the mailbox" in self.fault:
            self._over("")
            server.transport.abort()
        if "silent at the mailbox" in self.fault:
            self._over("")
            await asyncio.sleep(3)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.fault
        if "refuses the message" in fault:
            return self._over("554 5.7.1 not this one")
        if "take the message now" in fault:
            return self._over("451 4.3.0 later")
        assert isinstance(envelope.content, bytes)
        for address in envelope.rcpt_tos:
            self.inboxes[address].append(envelope.content)
        self._over("")
        if "hangs up" in fault:
            server.transport.abort()
        if "is silent" in fault:
            await asyncio.sleep(3)
        return "250 OK"

    def _over(self, reply: str) -> str:
        if self.script:
            self.script.pop(0)
        return reply


class _Server(SMTP):
    """The protocol, and the faults that lie below its commands."""

    event_handler: HostileMailServer

    async def _handle_client(self) -> None:
        self.event_handler.connections += 1
        if "421" in self.event_handler.fault:
            await self.push("421 4.3.2 too many connections")
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, argument: str) -> None:
        fault = self.event_handler.fault
        if "554 to DATA" in fault:
            self.event_handler.script.pop(0)
            await self.push("554 5.7.1 no valid recipients")
        elif "during the message" in fault:
            self.event_handler.script.pop(0)
            await self.push("354 go on")
            await self._reader.read(100)
            self.transport.abort()
        else:
            await super().smtp_DATA(argument)


@contextmanager
def receiving(
    *script: str, certificate: tuple[Path, Path] | None, implicit: bool = False, sign_in: bool = True
) -> Iterator[tuple[HostileMailServer, str]]:
    """Runs a mail server for the length of a test; the address says how it is reached."""
    hostile = HostileMailServer(*script)
    context = server_context(certificate) if certificate else None
    settings: dict[str, Any] = {"hostname": "hostile"}
    if sign_in:
        settings |= {"authenticator": hostile.authenticated, "auth_required": True}
        settings |= {"auth_require_tls": not implicit, "auth_exclude_mechanism": ["LOGIN"]}
    if context and not implicit:
        settings |= {"tls_context": context, "require_starttls": True}
    loop = asyncio.new_event_loop()
    # connections that are cut are what this is for
    loop.set_exception_handler(lambda *_: None)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listening() -> asyncio.Server:
        made = partial(_Server, hostile, loop=loop, **settings)
        return await loop.create_server(made, "127.0.0.1", 0, ssl=context if implicit else None)

    server = asyncio.run_coroutine_threadsafe(listening(), loop).result(10)
    port = server.sockets[0].getsockname()[1]
    try:
        yield hostile, f"{'smtps' if implicit else 'smtp'}://localhost:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


async def _end(server: asyncio.Server) -> None:
    server.close()
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
