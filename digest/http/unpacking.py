"""A body as it travels to a body as it is: gzip, deflate and brotli, piece by piece and within a limit.

Unpacked here and not by the HTTP library, since that one takes a compressed body which was cut off for a whole one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Protocol

import brotli

ACCEPTED = "gzip, deflate, br"
_MOST_LAYERS = 3
_GZIP, _ZLIB, _BARE = 31, 15, -15  # zlib's names for the three wrappings of one algorithm


class TooLarge(Exception):
    """The body is larger than it may be."""


class Damaged(Exception):
    """The body's compression is damaged, cut off, or of a kind that nobody asked for."""


class _Layer(Protocol):
    """One compression."""

    def unpack(self, data: bytes, most: int) -> bytes:
        """What a piece unpacks to; whatever exceeds the limit by more than a byte is never made."""

    def is_whole(self) -> bool:
        """Whether the end was reached."""


class _Zlib:
    def __init__(self, wrapping: int | None) -> None:
        self._wrapping = wrapping
        self._stream = zlib.decompressobj(wrapping) if wrapping else None
        self._begun = False

    def unpack(self, data: bytes, most: int) -> bytes:
        unpacked = bytearray()
        while data and len(unpacked) <= most:
            if self._stream is None or (self._stream.eof and self._is_next_member(data)):
                self._stream = zlib.decompressobj(self._wrapping or _deflate_wrapping(data))
            if self._stream.eof:
                break  # padding behind the end
            self._begun = True
            unpacked += self._stream.decompress(data, most + 1 - len(unpacked))
            data = self._stream.unused_data
        return bytes(unpacked)

    def _is_next_member(self, data: bytes) -> bool:
        return self._wrapping == _GZIP and data.startswith(b"\x1f\x8b")  # RFC 1952, section 2.2

    def is_whole(self) -> bool:
        return not self._begun or (self._stream is not None and self._stream.eof)


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._begun = False

    def unpack(self, data: bytes, most: int) -> bytes:
        self._begun = self._begun or bool(data)
        if self._stream.is_finished():
            return b""
        return bytes(self._stream.process(data, output_buffer_limit=most + 1))

    def is_whole(self) -> bool:
        return not self._begun or bool(self._stream.is_finished())


def unpacked(pieces: Iterable[bytes], encoding: str | None, most: int) -> bytes:
    """Unpack a body as it comes.

    Args:
        pieces: The body as it travels.
        encoding: The header `Content-Encoding` (RFC 9110, section 8.4), verbatim.
        most: The largest size, unpacked, in bytes.

    Returns:
        The body.

    Raises:
        TooLarge: It is larger; a small bomb never becomes a large one.
        Damaged: It cannot be unpacked, or not to its end.
    """
    layers = _layers(encoding)
    body = bytearray()
    try:
        for piece in pieces:
            for layer in layers:
                piece = layer.unpack(piece, most)
                if len(piece) > most:
                    raise TooLarge
            body += piece
            if len(body) > most:
                raise TooLarge
    except (zlib.error, brotli.error) as error:
        raise Damaged from error
    if not all(layer.is_whole() for layer in layers):
        raise Damaged
    return bytes(body)


def _layers(encoding: str | None) -> list[_Layer]:
    """What has to be taken off, the outermost first."""
    names = [name.strip().lower() for name in (encoding or "").split(",")]
    packed = [name for name in names if name not in ("", "identity")]
    if len(packed) > _MOST_LAYERS:
        raise Damaged
    return [_layer(name) for name in reversed(packed)]


def _layer(name: str) -> _Layer:
    if name in ("gzip", "x-gzip"):
        return _Zlib(_GZIP)
    if name == "deflate":
        return _Zlib(None)
    if name == "br":
        return _Brotli()
    raise Damaged


def _deflate_wrapping(data: bytes) -> int:
    """`deflate` means zlib's wrapping (RFC 1950); some servers send it bare."""
    wrapped = len(data) < 2 or (data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0)
    return _ZLIB if wrapped else _BARE
