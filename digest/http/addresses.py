"""Which network addresses belong to the public internet, and which must never be asked on a feed's behalf.

A feed's address comes from outside. Without this check it could point at the router, at a cloud machine's metadata
service or at a database on the same host (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit, urlunsplit

# RFC 4291, section 2.4: global unicast. Everything outside it is loopback, local, mapped (::ffff:0:0/96),
# translated (64:ff9b::/96, RFC 6052), multicast or unassigned.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")

# Parts of 2000::/3 that wrap an IPv4 address or are not routed. IANA IPv6 special-purpose address registry.
_SPECIAL_V6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation, RFC 3849
        "2002::/16",  # 6to4, RFC 3056: the IPv4 address inside could be a private one
        "3fff::/20",  # documentation, RFC 9637
    )
)

# IANA IPv4 special-purpose address registry, and multicast. Spelt out, since the standard library's own idea of
# "global" changed between patch releases of Python 3.11.
_SPECIAL_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # "this network"; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; the metadata service of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.88.99.0/24",  # 6to4 relays, deprecated by RFC 7526
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks, RFC 2544
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    Args:
        address: An IPv4 or IPv6 address as the socket layer writes it, perhaps with a scope (`fe80::1%eth0`).

    Returns:
        False for anything private, local, reserved, multicast, translated or meant for documentation, and for
        whatever is no address at all.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in block for block in _SPECIAL_V4)
    return ip in _GLOBAL_V6 and not any(ip in block for block in _SPECIAL_V6)


def is_private_literal(address: str) -> bool:
    """Whether a web address names a private machine by number, in any spelling, or as `localhost`.

    Behind a proxy it is the proxy that connects, so this much has to be seen in the address itself.

    Args:
        address: A web address.

    Returns:
        True where the host is a private IP address (`127.1`, `2130706433` and `0x7f.1` too) or a localhost name.
        False for other names: what they lead to is checked when connecting.
    """
    host = (urlsplit(address).hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, section 6.3
        return True
    if ":" in host:
        return not is_public(host)
    try:
        # inet_aton reads every spelling that the system's own resolver takes for a number.
        return not is_public(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        return False


def shown(address: str) -> str:
    """An address as people and logs may see it: without credentials."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "(an unreadable address)"
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def host_of(address: str) -> str:
    """The host of an address, for comparing; empty where there is none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""
