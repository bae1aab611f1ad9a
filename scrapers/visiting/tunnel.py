"""What the gate does with a connection that it has let through: pass bytes on, or requests to a stand-in."""

from __future__ import annotations

import asyncio

from scrapers.visiting.http1 import IDLE, Poured, answer, copy_answer, copy_body, fields_of, hang_up, is_hop

CONNECT = 15.0
"""Seconds that a connection may take to come about."""


async def tunnel(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
    poured: Poured,
) -> None:
    """Bytes both ways until one side has ended, or neither has said anything for long."""
    loop = asyncio.get_running_loop()
    quiet_since = loop.time()

    async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter, count: Poured) -> None:
        nonlocal quiet_since
        while data := await source.read(65536):
            quiet_since = loop.time()
            count(len(data))
            sink.write(data)
            await sink.drain()

    ways = [
        asyncio.ensure_future(pour(reader, far_writer, lambda count: None)),
        asyncio.ensure_future(pour(far_reader, writer, poured)),
    ]
    try:
        while loop.time() - quiet_since < IDLE:
            done, _ = await asyncio.wait(ways, timeout=IDLE / 4, return_when=asyncio.FIRST_COMPLETED)
            for way in done:
                way.result()
            if done:
                return  # over TLS there is no half of a connection
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def stand_in(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    host: str,
    address: tuple[str, int],
    poured: Poured,
) -> str | None:
    """Requests of one connection, one after the other, to `address` as plain HTTP; why it ended early, or None."""
    while True:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE)
        lines = head.decode("latin-1").split("\r\n")
        headers = fields_of(lines[1:])
        if "websocket" in headers.get("upgrade", "").lower():
            await answer(writer, 501, "no websockets")
            return "no websockets"
        kept = [line for line in lines[1:] if line and not is_hop(line)]
        if "host" not in headers:
            kept.insert(0, f"Host: {host}")
        try:
            far_reader, far_writer = await asyncio.wait_for(asyncio.open_connection(*address), CONNECT)
        except (OSError, TimeoutError):
            why = "nothing answers at looking.connect_to"
            await answer(writer, 502, f"{host}: {why}")
            return why
        try:
            far_writer.write("\r\n".join([lines[0], *kept, "Connection: close", "", ""]).encode("latin-1"))
            await copy_body(headers, reader, far_writer)
            if not await copy_answer(lines[0].split(" ", 1)[0], far_reader, writer, poured):
                return None
        finally:
            await hang_up(far_writer)
        if "close" in headers.get("connection", "").lower():
            return None
