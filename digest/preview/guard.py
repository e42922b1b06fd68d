"""Who may ask this application, and what its answers may do in a browser.

It listens on this machine only, unless a password was set. Any page in the same browser can reach it: one that points a
name of its own at 127.0.0.1 is told apart by the Host header, one that sends a form from elsewhere by the Origin header
and by a token that only our own pages carry. Answers run one script, ours, and reach no other place.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from flask import Flask, Response, request

LOOPBACK = "127.0.0.1"

# a letter: its own styles and pictures inside it, in a frame of ours and nowhere else. The frame counts as ours, so
# that the page may keep its place and point into it; it runs no script.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin"
)
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Door:
    """Who is let in.

    Attributes:
        host: The address that is listened on.
        password: Asked for with HTTP's basic scheme (RFC 7617), with any name; None asks for none.
        token: What every change has to carry; made anew for each start.
    """

    host: str = LOOPBACK
    password: str | None = field(default=None, repr=False)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


def guard(app: Flask, door: Door) -> None:
    """Let an application answer its editors, and change things only for its own pages."""
    app.before_request(lambda: _refused(door))
    app.after_request(_with_headers)


def _refused(door: Door) -> Response | None:
    host = request.environ.get("HTTP_HOST", "")
    if door.host == LOOPBACK and host not in _names(request.environ["SERVER_PORT"]):
        return _said("This application answers to this machine only.", 403)
    if door.password is not None and not _knows(door.password):
        return _said("The preview asks for its password.", 401, {"WWW-Authenticate": 'Basic realm="preview"'})
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        return _said("This application answers to its own pages only.", 403)
    if request.method in ("GET", "HEAD"):
        return None
    if request.method != "POST":
        return _said("This application knows GET, HEAD and POST.", 405, {"Allow": "GET, HEAD, POST"})
    if origin is None or not hmac.compare_digest(request.form.get("token", "").encode(), door.token.encode()):
        return _said("This form is not of this page; load the page again.", 403)
    return None


def _names(port: str) -> set[str]:
    known = {f"{host}:{port}" for host in (LOOPBACK, "localhost")}
    # a browser leaves the port out where it is HTTP's own (RFC 9110, section 4.2.3)
    return known | ({LOOPBACK, "localhost"} if port == "80" else set())


def _knows(password: str) -> bool:
    given = request.authorization
    said = given.password if given is not None and given.type == "basic" else None
    return hmac.compare_digest((said or "").encode(), password.encode())


def _said(line: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(f"{line}\n", status, headers, mimetype="text/plain")


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
