"""The editors' application on a port of this machine, until somebody presses Ctrl-C."""

from __future__ import annotations

import errno
import socket

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from digest.errors import DigestError

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Answers without a line in the terminal for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


def listening(app: Flask, port: int, host: str = HOST) -> BaseWSGIServer:
    """A server that has its port and has not begun to answer; whoever asks meanwhile waits.

    Args:
        app: What answers.
        port: 0 takes any free one.
        host: The address of this machine that is listened on.

    Raises:
        DigestError: The port is taken, or not for everybody.
    """
    try:
        with socket.create_server((host, port)) as taken:
            return make_server(host, port, app, threaded=True, request_handler=_Quiet, fd=taken.fileno())
    except OSError as error:
        why = {
            errno.EADDRINUSE: f"port {port} is taken by another program",
            errno.EACCES: f"port {port} is for the system's own programs",
        }.get(error.errno or 0, f"cannot listen on port {port}: {(error.strerror or str(error)).lower()}")
        raise DigestError(why, where=host, cure="name another one, such as `--port 8026`") from None
