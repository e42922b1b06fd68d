"""Calls that must not be made twice: one request, no retry, no redirect, one deadline for the whole of it.

What matters afterwards is not only the answer but whether anybody can have read the request. A connection here notes
the moment before the first byte leaves: what fails earlier was not sent, what fails later may have been.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from digest.errors import DigestError
from digest.http.client import host_of
from digest.http.connections import Watch

# A kept connection that lay idle is not used again: the other side may be shutting it just now, and a request that was
# lost so could not be told from one that arrived. Servers keep them for 5 seconds and more.
_IDLE_SECONDS = 3.0
_CONNECT_SECONDS = 10.0
_MOST_BYTES = 8 * 1024 * 1024


class NotSent(DigestError):
    """Nothing of the request left this machine: calling again is safe."""


class Unanswered(DigestError):
    """The request left, or a part of it, and no answer came back whole: it may have been acted on."""


class Reply(NamedTuple):
    """What a server answered, whatever it is.

    Attributes:
        headers: By their names in lower case.
        body: At most 8 MB of it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class Caller:
    """Calls a service's interface; each thread keeps a connection of its own.

    Args:
        user_agent: Who calls, honestly.
    """

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent
        self._own = threading.local()
        self._lock = threading.Lock()
        self._lines: list[_Line] = []

    def call(
        self, method: str, address: str, *, headers: Mapping[str, str], seconds: float, body: bytes | None = None
    ) -> Reply:
        """Call once.

        Args:
            method: POST or GET.
            address: The address, without credentials.
            headers: What goes with the call; none is added from ~/.netrc.
            seconds: For all of it: the name, the connection, the request and the answer.
            body: What is posted.

        Returns:
            The answer, errors and redirects too: to judge them is the caller's.

        Raises:
            NotSent: It certainly did not arrive.
            Unanswered: It may have arrived.
        """
        line = self._line()
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "identity", **headers}
        with Watch(seconds) as watch:
            line.begin(watch)
            try:
                return line.asked(method, address, headers, body, seconds)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                line.cut()
                host = host_of(address) or "the provider"
                raise _failure(host, error, watch, left=line.left, seconds=seconds) from None

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            line.cut()
        self._own = threading.local()

    def _line(self) -> _Line:
        line: _Line | None = getattr(self._own, "line", None)
        if line is None:
            line = self._own.line = _Line()
            with self._lock:
                self._lines.append(line)
        return line


class _AsGiven(AuthBase):
    """Keeps requests from putting what it finds in ~/.netrc in the place of the key."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Line:
    """One thread's session, with its connections and what is known of the call under way."""

    def __init__(self) -> None:
        self.left = False
        self.watch: Watch | None = None
        self._session = requests.Session()
        self._session.auth = _AsGiven()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(self))

    def begin(self, watch: Watch) -> None:
        self.left, self.watch = False, watch

    def asked(self, method: str, address: str, headers: Mapping[str, str], body: bytes | None, seconds: float) -> Reply:
        timeout = (min(_CONNECT_SECONDS, seconds), seconds)
        with self._session.request(
            method, address, data=body, headers=dict(headers), timeout=timeout, allow_redirects=False, stream=True
        ) as response:
            content = response.raw.read(_MOST_BYTES, decode_content=True)
            if self.watch is None or self.watch.expired:
                # a body without a stated length looks complete when the connection is shut
                raise TimeoutError
            return Reply(response.status_code, {k.lower(): v for k, v in response.headers.items()}, content)

    def cut(self) -> None:
        """Drop the connections: what is half read on them belongs to a call that is over."""
        self._session.close()


class _Kept(HTTPConnection):
    """A connection that notes when the request leaves, and counts as gone when it lay idle."""

    def __init__(self, *args: Any, line: _Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line = line
        self._used = time.monotonic()

    def _new_conn(self) -> Any:
        connected = super()._new_conn()
        assert self._line.watch is not None
        return self._line.watch.hold(connected)

    @property
    def is_connected(self) -> bool:
        """Whether it may be used again."""
        return super().is_connected and time.monotonic() - self._used < _IDLE_SECONDS

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Connect, note that the request leaves, and send it."""
        if self.sock is None:
            self.connect()
        else:
            assert self._line.watch is not None
            self._line.watch.hold(self.sock)
        self._line.left = True
        super().request(*args, **kwargs)

    def getresponse(self) -> Any:
        """Read the answer's head, and note the moment."""
        response = super().getresponse()
        self._used = time.monotonic()
        return response


class _KeptTLS(_Kept, HTTPSConnection):
    """The same under TLS."""


class _Adapter(HTTPAdapter):
    """Mounts the kept connections; nothing is tried again."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        super().__init__(pool_connections=2, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Makes direct connections ours."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._line)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Makes connections through the environment's proxy ours too."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):  # those bring connections of their own
            manager.pool_classes_by_scheme = _pools(self._line)
        return manager


def _pools(line: _Line) -> dict[str, Callable[..., HTTPConnectionPool]]:
    class Plain(HTTPConnectionPool):
        ConnectionCls = staticmethod(partial(_Kept, line=line))  # type: ignore

    class Secure(HTTPSConnectionPool):
        ConnectionCls = staticmethod(partial(_KeptTLS, line=line))  # type: ignore

    return {"http": Plain, "https": Secure}


def _failure(host: str, error: Exception, watch: Watch, *, left: bool, seconds: float) -> DigestError:
    """What went wrong, in words that hold no address and no key."""
    cure = "try again later"
    if left:
        what = f"no answer within {seconds:g} s" if watch.expired or _timed_out(error) else "the answer was lost"
        return Unanswered(what, where=host, cure=cure)
    if isinstance(error, requests.exceptions.SSLError):
        return NotSent("no secure connection is possible", where=host, cure="check the address and its certificate")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | ValueError):
        return NotSent("cannot be read as an address", where=host, cure="check api_url")
    what = f"no connection within {seconds:g} s" if watch.expired or _timed_out(error) else "no connection"
    return NotSent(what, where=host, cure=cure)


def _timed_out(error: Exception) -> bool:
    return isinstance(error, requests.exceptions.Timeout | TimeoutError)
