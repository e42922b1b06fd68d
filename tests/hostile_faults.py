"""What a provider can do to a call, by name: whether the letters reach their readers, and what it answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from hostile_provider import Handler, Said

HTML = b"<!doctype html><title>Bad gateway</title><h1>Sorry</h1>"


class Fault(NamedTuple):
    """Something that a service does to a call.

    Attributes:
        takes: Whether the messages reach their readers.
        does: Writes the answer, given the one that would have been right.
    """

    takes: bool
    does: Callable[[Handler, Said], None]


def _drops(handler: Handler, said: Said) -> None:
    handler.hang_up()


def _hangs(handler: Handler, said: Said) -> None:
    time.sleep(3)
    handler.hang_up()


def _drips(handler: Handler, said: Said) -> None:
    handler.send_response(said.status)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def _truncates(handler: Handler, said: Said) -> None:
    body = json.dumps(said.document).encode()
    handler.write(said.status, body[: len(body) // 2], said.headers, length=len(body))
    handler.hang_up()


def _half_a_document(handler: Handler, said: Said) -> None:
    body = json.dumps(said.document).encode()
    handler.write(said.status, body[: len(body) // 2], said.headers)


def _html(handler: Handler, said: Said) -> None:
    handler.write(200, HTML, {"Content-Type": "text/html"})


def _bad_gateway(handler: Handler, said: Said) -> None:
    handler.write(502, HTML, {"Content-Type": "text/html"})


def _with_results(change: Callable[[list[Any]], object]) -> Callable[[Handler, Said], None]:
    def does(handler: Handler, said: Said) -> None:
        changed = json.loads(json.dumps(said.document))
        results = handler.provider.service.results(changed)
        assert results is not None, "this service answers with no list"
        change(results)
        handler.say(said._replace(document=changed))

    return does


def _nothing(handler: Handler, said: Said) -> None:
    handler.write(said.status, b"", {})


def _refuses(status: int, words: str, **headers: str) -> Callable[[Handler, Said], None]:
    return lambda handler, said: handler.refuse(status, words, **headers)


def _asks_to_wait_until(handler: Handler, said: Said) -> None:
    handler.refuse(429, "too many requests", Retry_After=formatdate(time.time() + 30, usegmt=True))


FAULTS: dict[str, Fault] = {
    "takes the call and hangs up": Fault(True, _drops),
    "hangs up and takes nothing": Fault(False, _drops),
    "takes the call and answers 503": Fault(True, _refuses(503, "unavailable")),
    "answers 503 and takes nothing": Fault(False, _refuses(503, "unavailable")),
    "takes the call and answers 500": Fault(True, _refuses(500, "internal error")),
    "takes the call and answers 502 in HTML": Fault(True, _bad_gateway),
    "takes the call and answers 408": Fault(True, _refuses(408, "request timeout")),
    "takes the call and is silent": Fault(True, _hangs),
    "takes the call and drips its answer": Fault(True, _drips),
    "cuts its answer off": Fault(True, _truncates),
    "answers with half a document": Fault(True, _half_a_document),
    "answers 200 with a page": Fault(True, _html),
    "answers without a word": Fault(True, _nothing),
    "answers for one message too few": Fault(True, _with_results(lambda results: results.pop())),
    "answers for one message too many": Fault(True, _with_results(lambda results: results.append(dict(results[0])))),
    "answers with one id twice": Fault(True, _with_results(lambda results: results[1].update(results[0]))),
    "answers 429": Fault(False, _refuses(429, "too many requests")),
    "answers 429 with Retry-After in seconds": Fault(False, _refuses(429, "too many requests", Retry_After="30")),
    "answers 429 with Retry-After as a date": Fault(False, _asks_to_wait_until),
    "answers 401": Fault(False, _refuses(401, "wrong key")),
    "answers 403": Fault(False, _refuses(403, "forbidden")),
    "answers 404": Fault(False, _refuses(404, "no such place")),
    "answers 400": Fault(False, _refuses(400, "cannot be read")),
    "answers 422": Fault(False, _refuses(422, "cannot be processed")),
    "redirects with 307": Fault(False, _refuses(307, "elsewhere", Location="http://127.0.0.1:9/")),
}
