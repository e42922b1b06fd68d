"""A certificate for localhost that nobody but the tests trusts."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

from conftest import required


def made_in(folder: Path) -> tuple[Path, Path]:
    """The certificate and its key, made with openssl."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    if not shutil.which("openssl"):
        required("openssl is not there to make a certificate with")
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """What a server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context
