"""The stream of a response → its decompressed bytes, within a limit.

Decompression stops at the limit: 10 kB of gzip can become 10 MB, 10 kB of brotli gigabytes.
"""

import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # ships no types

_STEP_BYTES = 65_536  # bytes read from a decompressor at a time


class ContentTooLarge(Exception):
    """The content is longer than the limit."""


class DamagedContent(Exception):
    """The content is not compressed in the way its header says."""


class _Decoder(Protocol):
    def decompress(self, data: bytes) -> Iterator[bytes]: ...


class _PlainDecoder:
    def decompress(self, data: bytes) -> Iterator[bytes]:
        yield data


class _ZlibDecoder:
    """gzip (also several members in a row) and deflate, with the zlib header or, from some servers, without
    it.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._inner = zlib.decompressobj(window)
        self._is_fresh = True

    def decompress(self, data: bytes) -> Iterator[bytes]:
        while data:
            yield self._decompress_step(data)
            data = self._inner.unconsumed_tail
            if self._inner.eof:
                data = self._inner.unused_data
                self._inner = zlib.decompressobj(self._window)

    def _decompress_step(self, data: bytes) -> bytes:
        try:
            piece = self._inner.decompress(data, _STEP_BYTES)
        except zlib.error:
            if not (self._is_fresh and self._window == zlib.MAX_WBITS):
                raise
            self._window = -zlib.MAX_WBITS
            self._inner = zlib.decompressobj(self._window)
            piece = self._inner.decompress(data, _STEP_BYTES)
        self._is_fresh = False
        return piece


class _BrotliDecoder:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def decompress(self, data: bytes) -> Iterator[bytes]:
        piece = self._inner.process(data, output_buffer_limit=_STEP_BYTES)
        yield piece
        while piece and not self._inner.can_accept_more_data():
            piece = self._inner.process(b"", output_buffer_limit=_STEP_BYTES)
            yield piece


_DECODERS: dict[str, Callable[[], _Decoder]] = {
    "": _PlainDecoder,
    "identity": _PlainDecoder,
    "gzip": lambda: _ZlibDecoder(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: _ZlibDecoder(zlib.MAX_WBITS | 16),
    "deflate": lambda: _ZlibDecoder(zlib.MAX_WBITS),
    "br": _BrotliDecoder,
}
ACCEPTED_ENCODINGS = "gzip, deflate, br"
_GZIP_BEGINNING = b"\x1f\x8b\x08"


async def read_body(stream: AsyncIterator[bytes], encoding: str, max_bytes: int) -> bytes:
    """Return the whole of `stream`, decompressed by the header Content-Encoding.

    Raises TooMuch beyond `max_bytes`, which are counted after decompression, and Damaged.
    """
    if encoding not in _DECODERS:
        raise DamagedContent(f"is compressed as '{encoding[:40]}', which was not requested")
    decoder = _DECODERS[encoding]()
    content = bytearray()
    async for data in stream:
        try:
            for piece in decoder.decompress(data):
                content += piece
                if len(content) > max_bytes:
                    raise ContentTooLarge
        except (zlib.error, brotli.error) as error:
            raise DamagedContent("the compressed content is damaged") from error
    return _unpack_file(bytes(content), max_bytes)


def _unpack_file(content: bytes, max_bytes: int) -> bytes:
    """Return the content of a gzip file that was sent without a Content-Encoding header, such as feed.xml.gz.

    A damaged one is returned as it is; it is no text to those who read it.
    """
    if not content.startswith(_GZIP_BEGINNING):
        return content
    unpacked = bytearray()
    try:
        for piece in _DECODERS["gzip"]().decompress(content):
            unpacked += piece
            if len(unpacked) > max_bytes:
                raise ContentTooLarge
    except zlib.error:
        return content
    return bytes(unpacked) or content
