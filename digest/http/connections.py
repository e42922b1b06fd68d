"""Connections that refuse private addresses when they connect, and end when their time is up.

The check sits where the address is the connected one: the host's name is resolved once, its addresses are checked,
and the connection goes to a checked number. A name that answers differently a moment later (DNS rebinding) gains
nothing, nor does a redirect, nor an odd spelling of a number. The classes are urllib3's, mounted by requests' adapter.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from requests import PreparedRequest
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection
from urllib3.util.ssl_ import create_urllib3_context

from digest.http.addresses import is_public


class PrivateAddress(OSError):
    """A host leads to a private address only."""


class Watch:
    """Ends what it watches when the time is up.

    A socket's own timeout counts from the last byte, so that a server which drips one byte a second could hold a
    fetch for days. Shutting the socket down works at any moment: in a handshake, in the headers, in the body. It is
    done on a duplicate of the descriptor, since TLS takes the first one over.

    Args:
        seconds: How long the whole fetch may take.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for held in self._sockets:
                held.close()
            self._sockets.clear()

    def hold(self, connected: socket.socket) -> socket.socket:
        """Watches a connected socket too, and gives it back."""
        with self._lock:
            # a descriptor of our own: a socket under TLS cannot be duplicated itself
            self._sockets.append(socket.fromfd(connected.fileno(), connected.family, connected.type))
            if self.expired:
                _shut(self._sockets[-1])
        return connected

    def _end(self) -> None:
        with self._lock:
            self.expired = True
            for held in self._sockets:
                _shut(held)


def _shut(held: socket.socket) -> None:
    with suppress(OSError):  # the other side was quicker
        held.shutdown(socket.SHUT_RDWR)


class _Guarded(HTTPConnection):
    """A connection that resolves, checks, and only then connects."""

    def __init__(self, *args: Any, watch: Watch, private_host: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watch = watch
        self._allow_private = private_host is None or private_host == self.host.strip("[]").rstrip(".").lower()

    def _new_conn(self) -> socket.socket:
        """Connects to the first address that may be asked and answers; raises urllib3's own errors."""
        failure: OSError | None = None
        for number in self._numbers():
            if self._watch.expired:
                break
            try:
                return self._watch.hold(
                    create_connection((number, self.port), self.timeout, self.source_address, self.socket_options)
                )
            except OSError as error:
                failure = error
        if failure is None or isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, f"no connection to {self.host} in time") from failure
        raise NewConnectionError(self, f"no connection to {self.host}: {failure}") from failure

    def _numbers(self) -> list[str]:
        """The addresses behind the host's name that may be asked, in the resolver's order."""
        try:
            found = socket.getaddrinfo(self.host.strip("[]"), self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            failure = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, failure) from error
        numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = numbers if self._allow_private else [number for number in numbers if is_public(number)]
        if not allowed:
            raise PrivateAddress(f"{self.host} leads to {', '.join(numbers)}")
        return allowed


class _GuardedTLS(_Guarded, HTTPSConnection):
    """The same under TLS: the certificate is still checked against the host's name, not the number."""


class GuardedAdapter(HTTPAdapter):
    """Mounts the guarded connections in a requests session, for one fetch.

    Args:
        watch: Ends the fetch when its time is up.
        private_host: The one host that may be at a private address; empty where none may.
    """

    def __init__(self, watch: Watch, *, private_host: str) -> None:
        self._watch = watch
        self._private_host = private_host
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Makes direct connections guarded."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._watch, self._private_host)

    def build_connection_pool_key_attributes(self, request: PreparedRequest, verify: Any, cert: Any = None) -> Any:
        """Gives secure connections the certificates that are loaded already."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["scheme"] == "https" and verify:
            pool["ssl_context"] = _trusting(DEFAULT_CA_BUNDLE_PATH if verify is True else verify)
        return host, pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Checks that there are certificates to verify with, and does not load them again."""
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        conn.ca_certs = conn.ca_cert_dir = None

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Lets the environment's proxy be a private machine, as it mostly is; its time counts all the same."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):  # those bring connections of their own
            manager.pool_classes_by_scheme = _pools(self._watch, None)
        return manager


@cache
def _trusting(place: str) -> ssl.SSLContext:
    """The TLS settings of all fetches: reading the trusted certificates takes longer than all else in a fetch."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    folder = Path(place).is_dir()
    context.load_verify_locations(cafile=None if folder else place, capath=place if folder else None)
    return context


def _pools(watch: Watch, private_host: str | None) -> dict[str, Callable[..., HTTPConnectionPool]]:
    """urllib3's two pools, with connections of ours in them; None lets them go to any host."""

    class Plain(HTTPConnectionPool):
        ConnectionCls = staticmethod(partial(_Guarded, watch=watch, private_host=private_host))  # type: ignore

    class Secure(HTTPSConnectionPool):
        ConnectionCls = staticmethod(partial(_GuardedTLS, watch=watch, private_host=private_host))  # type: ignore

    return {"http": Plain, "https": Secure}
