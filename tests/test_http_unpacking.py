"""Compressed bodies: unpacked to their end and within a limit, however they are cut into pieces."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.http.unpacking import Damaged, TooLarge, unpacked

BODY = b"<rss>" + b"a feed " * 5_000 + b"</rss>"
MOST = 100_000


def bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "gzip in upper case": (" GZIP ", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare),
    "brotli": ("br", brotli.compress),
    "two layers": ("br, gzip", lambda body: gzip.compress(brotli.compress(body))),
}


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[begin : begin + size] for begin in range(0, len(data), size)]


@pytest.mark.parametrize("kind", PACKED)
@given(size=st.integers(2, 2_000))
def test_a_body_is_unpacked_whatever_its_pieces(kind: str, size: int) -> None:
    encoding, pack = PACKED[kind]
    assert unpacked(pieces(pack(BODY), size), encoding, MOST) == BODY


@pytest.mark.parametrize("encoding", [None, "", "identity"])
def test_a_body_that_is_not_packed_is_left_alone(encoding: str | None) -> None:
    assert unpacked([BODY], encoding, MOST) == BODY


def test_several_members_of_gzip_are_one_body_and_padding_is_nothing() -> None:
    assert unpacked([gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 9], "gzip", MOST) == b"one two"


@pytest.mark.parametrize("kind", PACKED)
def test_a_body_that_was_cut_off_is_damaged(kind: str) -> None:
    encoding, pack = PACKED[kind]
    with pytest.raises(Damaged):
        unpacked([pack(BODY)[:-9]], encoding, MOST)


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "gzip, gzip, gzip, gzip"])
def test_what_is_packed_otherwise_than_it_says_is_damaged(encoding: str) -> None:
    with pytest.raises(Damaged):
        unpacked([BODY], encoding, MOST)


@pytest.mark.parametrize("kind", PACKED)
def test_a_bomb_is_left_at_the_limit(kind: str) -> None:
    encoding, pack = PACKED[kind]
    with pytest.raises(TooLarge):
        unpacked([pack(b"\0" * 20_000_000)], encoding, MOST)


def test_a_body_of_the_very_limit_is_taken() -> None:
    assert len(unpacked([gzip.compress(b"x" * MOST)], "gzip", MOST)) == MOST


def test_an_empty_body_is_empty_whatever_it_says() -> None:
    assert unpacked([], "gzip", MOST) == b""
