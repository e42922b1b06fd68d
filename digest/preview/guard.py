"""Who may ask this application, and what its answers may do in a browser.

It listens on this machine only, but any page in the same browser can reach it. A page that points a name of its own at
127.0.0.1 is told apart by the Host header. Answers run no script and reach no other place.
"""

from __future__ import annotations

from flask import Flask, Response, request

# a letter: its own styles and pictures inside it, in a frame of ours and nowhere else
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox"
)
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guard(app: Flask) -> None:
    """Let an application answer readers on this machine, and only to questions that change nothing."""
    app.before_request(_refused)
    app.after_request(_with_headers)


def _refused() -> Response | None:
    port = request.environ["SERVER_PORT"]
    known = {f"{host}:{port}" for host in ("127.0.0.1", "localhost")}
    # a browser leaves the port out where it is HTTP's own (RFC 9110, section 4.2.3)
    known |= {"127.0.0.1", "localhost"} if port == "80" else set()
    if request.environ.get("HTTP_HOST", "") not in known:
        return Response("This application answers to this machine only.\n", 403, mimetype="text/plain")
    if request.method not in ("GET", "HEAD"):
        return Response("This application only reads.\n", 405, {"Allow": "GET, HEAD"}, mimetype="text/plain")
    return None


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
