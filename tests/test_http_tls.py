"""Secure connections: only to whom the certificate names, only where it can be trusted, and trust is read once."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from conftest import required

from digest.http.client import Client, FetchFailed

CLIENT = Client("digest/tests (+https://letter.example)")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"secret")

    def log_message(self, *_: object) -> None:
        """Keeps the tests' output clean."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that nobody but the tests trusts, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    if not shutil.which("openssl"):
        required("openssl is not there to make a certificate with")
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


@pytest.fixture(scope="module")
def port(certificate: tuple[Path, Path]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_a_certificate_that_nobody_vouches_for_is_refused(port: int) -> None:
    with pytest.raises(FetchFailed, match="its certificate cannot be trusted"):
        CLIENT.get(f"https://localhost:{port}/", allow_private=True)


def test_a_machine_may_trust_a_certificate_of_its_own(
    port: int, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    assert CLIENT.get(f"https://localhost:{port}/", allow_private=True).body == b"secret"
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(FetchFailed, match="its certificate cannot be trusted"):
        CLIENT.get(f"https://localhost:{port}/", allow_private=True)


def test_a_trusted_certificate_is_no_good_for_another_host(
    port: int, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    with pytest.raises(FetchFailed, match="its certificate cannot be trusted"):
        CLIENT.get(f"https://127.0.0.1:{port}/", allow_private=True)


def test_trusted_certificates_are_read_once_and_not_for_every_fetch(
    port: int, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(certificate[0].read_bytes())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    CLIENT.get(f"https://localhost:{port}/", allow_private=True)
    bundle.write_bytes(b"nothing that can be read")
    assert CLIENT.get(f"https://localhost:{port}/", allow_private=True).body == b"secret"
