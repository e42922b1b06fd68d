"""Mailboxes: which domains no mail goes to, and how an address is spelt where only ASCII travels."""

from __future__ import annotations

import idna

# RFC 2606 and RFC 6761: names that are never anybody's.
_RESERVED = frozenset({"example.com", "example.org", "example.net", "example", "test", "invalid", "localhost"})
_BELOW = tuple(f".{name}" for name in _RESERVED)


def is_reserved(domain: str) -> bool:
    """Whether a domain is one of those that examples and tests use, or below one (RFC 2606)."""
    domain = domain.lower().rstrip(".")
    return domain in _RESERVED or domain.endswith(_BELOW)


def ascii_mailbox(address: str) -> str | None:
    """An address with its domain in Punycode (RFC 5891), or None where what stands before the @ is not ASCII.

    Only a server that offers SMTPUTF8 (RFC 6531) could carry the latter.

    Args:
        address: A mail address.
    """
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        return None
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return None
