"""The one client: fetches a document from the web, within limits, and says in one line why it could not.

It asks once: no retries, no cache. What came of it is an answer, or a `FetchFailed`. The limits follow what feed
readers learnt to need: a deadline for the whole fetch, a cap on the body after decompression, redirects followed by
hand so that each is checked, and addresses checked at the moment of connecting (see `connections`).
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth
from requests.utils import get_auth_from_url
from urllib3.exceptions import HTTPError, NameResolutionError

from digest.errors import DigestError
from digest.http.addresses import host_of as host_of
from digest.http.addresses import is_private_literal
from digest.http.addresses import shown as shown
from digest.http.connections import GuardedAdapter, PrivateAddress, Watch
from digest.http.unpacking import ACCEPTED, Damaged, TooLarge, unpacked

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CHUNK = 64 * 1024
_Error = TypeVar("_Error", bound=BaseException)


class FetchFailed(DigestError):
    """A document could not be fetched.

    Args:
        what: What happened, one clause.
        where: The address.
        cure: What the person can do about it.
        status: The HTTP status, where the server gave one.
        retry_after: The server's `Retry-After`, verbatim, where it gave one.
        date: The server's own clock, verbatim, where it gave it.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str,
        cure: str = "",
        status: int | None = None,
        retry_after: str | None = None,
        date: str | None = None,
    ) -> None:
        self.status = status
        self.retry_after = retry_after
        self.date = date
        super().__init__(what, where=where, cure=cure)


class LeftAlone(FetchFailed):
    """A redirect leads to a host that is not to be asked now."""


@dataclass(frozen=True)
class Limits:
    """How long, how far and how much.

    Attributes:
        connect_seconds: For a connection to one address, and between two pieces of an answer.
        total_seconds: For the whole fetch, redirects included.
        redirects: How many are followed.
        most_bytes: The largest body, after decompression.
    """

    connect_seconds: float = 5.0
    total_seconds: float = 20.0
    redirects: int = 5
    most_bytes: int = 15 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes:
        status: 200 or another success, or 304 where nothing changed.
        address: Where the document was found at last, without credentials.
        body: The document, decompressed; empty for 304.
        content_type: The header, verbatim.
        etag: The header, verbatim with its quotes, to be sent back next time.
        last_modified: The header, verbatim, to be sent back next time.
        cache_control: The header, verbatim.
        expires: The header, verbatim.
        date: The header, verbatim: the server's own clock.
        moved_to: Where it lives now, if permanent redirects led there, with the address's own credentials.
    """

    status: int
    address: str
    body: bytes
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    cache_control: str | None = None
    expires: str | None = None
    date: str | None = None
    moved_to: str | None = None


class _NoCredentials(AuthBase):
    """Keeps requests from sending what it finds in ~/.netrc to a feed's host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Client:
    """Fetches documents.

    Args:
        user_agent: Who asks, honestly, with an address where a server's owner can read why.
        limits: Other limits than the usual ones.
    """

    _method = "GET"

    def __init__(self, user_agent: str, *, limits: Limits | None = None) -> None:
        self._user_agent = user_agent
        self._limits = limits or Limits()

    def get(
        self,
        address: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        allow_private: bool = False,
        avoid: Container[str] = (),
    ) -> Answer:
        """Fetches a document once.

        Args:
            address: Its web address; credentials in it are used for its own host only.
            etag: The `ETag` of the last answer, verbatim: unchanged documents then come back as 304.
            last_modified: The `Last-Modified` of the last answer, verbatim.
            allow_private: Whether its own host may be a private one (an intranet, a test). Hosts that it redirects to
                may not.
            avoid: Hosts that no redirect is followed to, since they asked to be left alone.

        Returns:
            The answer: a success, or 304.

        Raises:
            LeftAlone: It has been redirected to such a host.
            FetchFailed: On anything else, with one clear line.
        """
        headers = {"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        with Watch(self._limits.total_seconds) as watch, requests.Session() as session:
            session.headers.update(headers)
            adapter = GuardedAdapter(watch, private_host=host_of(address) if allow_private else "")
            for scheme in ("http://", "https://"):
                session.mount(scheme, adapter)
            try:
                return self._follow(session, watch, address, allow_private, avoid)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise self._failure(address, error, watch) from error

    def _follow(
        self, session: requests.Session, watch: Watch, address: str, allow_private: bool, avoid: Container[str]
    ) -> Answer:
        """Asks, and follows redirects by hand."""
        here, moved_to, for_good = address, None, True
        for _ in range(self._limits.redirects + 1):
            _check(here, asked=address, allow_private=allow_private and host_of(here) == host_of(address))
            credentials = HTTPBasicAuth(*get_auth_from_url(here)) if urlsplit(here).username else _NoCredentials()
            with session.request(
                self._method,
                here,
                auth=credentials,
                timeout=self._limits.connect_seconds,
                allow_redirects=False,
                stream=True,
            ) as response:
                target = response.headers.get("Location")
                if response.status_code not in _REDIRECTS or not target:
                    return replace(self._answer(response, watch, here), moved_to=moved_to)
                here = urljoin(here, target)
                if host_of(here) in avoid:
                    raise LeftAlone("its host wants to be left alone", where=shown(here), cure="try again later")
                for_good = for_good and response.status_code in _PERMANENT
                moved_to = here if for_good else moved_to
        raise FetchFailed(
            f"more than {self._limits.redirects} redirects", where=shown(address), cure="open it in a browser"
        )

    def _answer(self, response: requests.Response, watch: Watch, address: str) -> Answer:
        """Reads what a server answered, or says why it is no use."""
        status = response.status_code
        if status != 304 and not 200 <= status < 300:
            raise _refusal(response, address)
        body = b"" if status == 304 else self._body(response, address)
        if watch.expired:  # a body without a stated length looks complete when the connection is shut
            raise TimeoutError
        header = response.headers.get
        return Answer(
            status=status,
            address=shown(address),
            body=body,
            content_type=header("Content-Type"),
            etag=header("ETag"),
            last_modified=header("Last-Modified"),
            cache_control=header("Cache-Control"),
            expires=header("Expires"),
            date=header("Date"),
        )

    def _body(self, response: requests.Response, address: str) -> bytes:
        """The body, unpacked piece by piece, so that a small bomb never becomes a large one."""
        most = self._limits.most_bytes
        pieces = response.raw.stream(_CHUNK, decode_content=False)
        try:
            return unpacked(pieces, response.headers.get("Content-Encoding"), most)
        except TooLarge:
            size = f"larger than {most / 1024 / 1024:g} MiB"
            raise FetchFailed(size, where=shown(address), cure="look for a smaller feed") from None
        except Damaged:
            raise FetchFailed("its compression is damaged", where=shown(address), cure="try again later") from None

    def _failure(self, address: str, error: BaseException, watch: Watch) -> FetchFailed:
        """What went wrong on the way, in words."""
        where = shown(address)
        if watch.expired:
            what = f"took longer than {self._limits.total_seconds:g} s"
            return FetchFailed(what, where=where, cure="try again later")
        if private := _cause(error, PrivateAddress):
            return FetchFailed(
                f"a private address is not asked ({private})", where=where, cure="set allow_private for this feed"
            )
        if unsafe := _cause(error, requests.exceptions.SSLError):
            certificate = "CERTIFICATE_VERIFY_FAILED" in str(unsafe)
            what = "its certificate cannot be trusted" if certificate else "no secure connection is possible"
            return FetchFailed(what, where=where, cure="open it in a browser")
        if _cause(error, NameResolutionError):
            return FetchFailed("its host cannot be found", where=where, cure="check the address and the network")
        if _cause(error, requests.exceptions.Timeout) or _cause(error, TimeoutError):
            what = f"no answer within {self._limits.connect_seconds:g} s"
            return FetchFailed(what, where=where, cure="try again later")
        if isinstance(error, ValueError) and not isinstance(error, requests.RequestException):
            return FetchFailed("cannot be read as an address", where=where, cure="check it for typing errors")
        return FetchFailed("the connection failed", where=where, cure="try again later")


def _check(address: str, *, asked: str, allow_private: bool) -> None:
    """Refuses what need not even be tried."""
    parts = urlsplit(address)
    onward = "" if address == asked else f" (it redirects to {shown(address)})"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchFailed(f"not an address of the web{onward}", where=shown(asked), cure="begin it with https://")
    if not allow_private and is_private_literal(address):
        raise FetchFailed(
            f"a private address is not asked{onward}", where=shown(asked), cure="set allow_private for this feed"
        )


def _refusal(response: requests.Response, address: str) -> FetchFailed:
    """A status that is no success, in words."""
    status, headers = response.status_code, response.headers
    wait = headers.get("Retry-After")
    if "cf-mitigated" in headers or "x-datadome" in headers:
        what, cure = "a bot wall refuses programs", "ask the publisher for another feed"
    elif status in (404, 410):
        what, cure = "there is no such document any more", "look for the feed's new address"
    elif status in (401, 403):
        what, cure = "the server refuses access", "check whether the feed needs a password"
    elif status in (429, 503):
        what, cure = "the server asks to come back later", f"wait ({wait})" if wait else "poll it less often"
    elif status >= 500:
        what, cure = "the server is in trouble", "try again later"
    else:
        what, cure = "an answer that is no document", "open it in a browser"
    what, date = f"{what} (HTTP {status})", headers.get("Date")
    return FetchFailed(what, where=shown(address), cure=cure, status=status, retry_after=wait, date=date)


def _cause(error: BaseException, kind: type[_Error]) -> _Error | None:
    """The first error of a kind among an error, its causes and what it wraps."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop(0)
        if isinstance(current, kind):
            return current
        seen.add(id(current))
        inner = [*current.args, current.__cause__, current.__context__, getattr(current, "reason", None)]
        waiting += [other for other in inner if isinstance(other, BaseException) and id(other) not in seen]
    return None
