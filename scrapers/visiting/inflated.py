"""A body as it comes → what it holds, no more than asked for: a small answer may be packed to fill a disk."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ENCODINGS = "gzip, deflate"
"""What is asked for."""


class TooBig(ValueError):
    """The body holds more than is wanted."""


class Packed(ValueError):
    """The body is packed in a way that was not asked for, or broken."""


def inflated(chunks: Iterable[bytes], encoding: str, most: int) -> Iterator[bytes]:
    """The unpacked pieces of a body of one `Content-Encoding`; raises TooBig or Packed."""
    names = [name.strip() for name in encoding.lower().split(",") if name.strip() not in ("", "identity")]
    if not names:
        yield from _counted(chunks, most)
    elif names in (["gzip"], ["x-gzip"], ["deflate"]):
        yield from _unpacked(chunks, most)
    else:
        raise Packed(f"the answer is packed as {encoding[:40]!r}")


def _counted(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    held = 0
    for chunk in chunks:
        held += len(chunk)
        if held > most:
            raise TooBig
        yield chunk


def _unpacked(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    unpack = zlib.decompressobj(32 + zlib.MAX_WBITS)
    first = True
    held = 0
    for chunk in chunks:
        try:
            piece = unpack.decompress(chunk, most + 1 - held)
        except zlib.error as broken:
            if not first:
                raise Packed(f"the answer is packed wrongly: {broken}") from broken
            unpack = zlib.decompressobj(-zlib.MAX_WBITS)  # "deflate" without its wrapping, as some servers send it
            try:
                piece = unpack.decompress(chunk, most + 1 - held)
            except zlib.error as hopeless:
                raise Packed(f"the answer is packed wrongly: {hopeless}") from hopeless
        first = False
        held += len(piece)
        if held > most:
            raise TooBig
        yield piece
        if unpack.eof:
            return
