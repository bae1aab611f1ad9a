"""HTTP/1.1 as the gate needs it: header fields, bodies copied as they are framed, answers of our own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable

IDLE = 60.0
"""Seconds that one read may take."""

Poured = Callable[[int], None]
"""Told how many bytes of a body came; may raise OSError where that is enough."""


def _nobody(count: int) -> None:
    """Where nobody counts."""


def fields_of(lines: Iterable[str]) -> dict[str, str]:
    """The header fields by lower-case name; of a repeated one the first."""
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def is_hop(line: str) -> bool:
    """Whether a header line is of this connection only, and is not handed on."""
    return line.split(":", 1)[0].strip().lower() in {"connection", "proxy-connection", "keep-alive", "upgrade", "te"}


async def copy_body(headers: dict[str, str], source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """The body of a request, as its header fields frame it."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        await _copy_chunks(source, sink)
    else:
        await _copy_bytes(int(headers.get("content-length") or 0), source, sink)
    await sink.drain()


async def _copy_bytes(
    count: int, source: asyncio.StreamReader, sink: asyncio.StreamWriter, poured: Poured = _nobody
) -> None:
    while count > 0:
        data = await asyncio.wait_for(source.read(min(count, 65536)), IDLE)
        if not data:
            raise EOFError("the body ended early")
        count -= len(data)
        poured(len(data))
        sink.write(data)
        await sink.drain()


async def _copy_chunks(source: asyncio.StreamReader, sink: asyncio.StreamWriter, poured: Poured = _nobody) -> None:
    while True:
        line = await asyncio.wait_for(source.readline(), IDLE)
        sink.write(line)
        size = int(line.split(b";", 1)[0].strip() or b"0", 16)
        if size == 0:
            break
        await _copy_bytes(size + 2, source, sink, poured)
    while True:  # trailers and the blank line
        line = await asyncio.wait_for(source.readline(), IDLE)
        sink.write(line)
        if line in (b"\r\n", b"\n", b""):
            return


async def copy_answer(
    method: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter, poured: Poured = _nobody
) -> bool:
    """One answer to the client; whether the client's connection may serve another request."""
    while True:
        head = await asyncio.wait_for(source.readuntil(b"\r\n\r\n"), IDLE)
        lines = head.decode("latin-1").split("\r\n")
        protocol, _, said = lines[0].partition(" ")
        if not protocol.startswith("HTTP/1."):
            raise ValueError("the answer is no HTTP")
        status = int(said[:3])
        if status >= 200:
            break
    headers = fields_of(lines[1:])
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    empty = method == "HEAD" or status in (204, 304)
    framed = chunked or empty or "content-length" in headers
    # the far side speaks HTTP/1.0 or closes after each answer; the client's connection is ours to keep
    first = f"HTTP/1.1 {said}"
    kept = [first, *(line for line in lines[1:] if line and not is_hop(line))]
    kept.append("Connection: keep-alive" if framed else "Connection: close")
    sink.write("\r\n".join([*kept, "", ""]).encode("latin-1"))
    if chunked and not empty:
        await _copy_chunks(source, sink, poured)
    elif not empty and framed:
        await _copy_bytes(int(headers["content-length"]), source, sink, poured)
    elif not empty:  # until the far side closes
        while data := await asyncio.wait_for(source.read(65536), IDLE):
            poured(len(data))
            sink.write(data)
            await sink.drain()
    await sink.drain()
    return framed


async def answer(writer: asyncio.StreamWriter, status: int, why: str) -> None:
    """An answer of our own, in plain words."""
    body = f"orderwatch: {why}\n".encode()
    phrase = {403: "Forbidden", 501: "Not Implemented", 502: "Bad Gateway"}[status]
    head = f"HTTP/1.1 {status} {phrase}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    head += "Connection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whatever state it is in."""
    with contextlib.suppress(OSError, TimeoutError, RuntimeError):
        writer.close()
        await asyncio.wait_for(writer.wait_closed(), 2)
