"""Which addresses belong to the public internet."""

from __future__ import annotations

import pytest

from digest.http.addresses import is_private_literal, is_public


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "3fff::1",
        "2002:7f00:1::",
        "2001::1", "100::1", "", "localhost", "example.com", "127.1",
    ],
)  # fmt: skip
def test_everything_else_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://0x7f000001:80/",
        "http://017700000001/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://localhost/", "http://LOCALHOST./",
        "http://feeds.localhost:8000/x", "http://169.254.169.254/latest/meta-data/",
    ],
)  # fmt: skip
def test_a_private_machine_is_seen_in_any_spelling(address: str) -> None:
    assert is_private_literal(address)


@pytest.mark.parametrize("address", ["https://example.com/feed", "http://8.8.8.8/", "https://[2606:4700::1111]/"])
def test_other_hosts_are_left_to_the_connection(address: str) -> None:
    assert not is_private_literal(address)
