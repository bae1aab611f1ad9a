"""The one way out: a CONNECT proxy on loopback that HTTP client and browser alike are told to use.

It resolves a name once, refuses every address that is not global, port 443 apart everything, and hosts that are not on
the list of the carrier being looked at; it connects to the very address it judged. Redirects and subresources pass
through it by construction.

With `connect_to` (tests and demo) it ends TLS itself, with a certificate made for this run, and hands each request as
plain HTTP/1.1 to that one address, the Host header kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from scrapers.authority import Authority

Resolve = Callable[[str], Awaitable[list[str]]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HEAD_LIMIT = 64 * 1024
_IDLE = 60.0
_CONNECT = 15.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A connection that was not made, and why."""

    host: str
    port: int
    why: str


def is_public(address: str) -> bool:
    """Whether an address may be connected to: global in every sense, and what is wrapped in it as well."""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


async def _system_resolve(host: str) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Gate:
    """Runs in a thread of its own from `start` to `close`; `allow` names the hosts of the look at hand."""

    def __init__(self, connect_to: str | None = None, resolve: Resolve = _system_resolve) -> None:
        self.connect_to = _address(connect_to) if connect_to else None
        self.refusals: deque[Refusal] = deque(maxlen=1000)
        self.port = 0
        self._resolve = resolve
        self._allowed: frozenset[str] = frozenset()
        self._authority = Authority() if self.connect_to else None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The proxy's address for clients."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def spki(self) -> str | None:
        """Hash of the one key that Chromium may accept without a known authority; None without `connect_to`."""
        return self._authority.spki if self._authority else None

    def trust(self) -> ssl.SSLContext:
        """What an HTTP client must trust: the world's authorities, or with `connect_to` the gate's own alone."""
        if self._authority is None:
            return ssl.create_default_context()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self._authority.pem)
        return context

    def allow(self, hosts: Iterable[str]) -> None:
        """Only these hosts, exactly, from now on."""
        self._allowed = frozenset(host.lower().rstrip(".") for host in hosts)

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="gate", daemon=True)
        self._thread.start()
        if not ready.wait(10) or not self.port:
            raise OSError("the gate could not listen on 127.0.0.1")

    def close(self) -> None:
        loop, thread = self._loop, self._thread
        if loop is not None and thread is not None and thread.is_alive():
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
        if self._authority is not None:
            self._authority.close()
        self._loop = self._thread = None

    def _run(self, ready: threading.Event) -> None:
        loop = asyncio.new_event_loop()
        self._loop = loop
        server: asyncio.Server | None = None
        try:
            server = loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_HEAD_LIMIT))
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            loop.run_forever()
        finally:
            ready.set()
            if server is not None:
                server.close()
            loop.run_until_complete(_end_all())
            loop.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, EOFError):
            pass  # one side went away or spoke no HTTP: nothing to tell anybody
        except asyncio.CancelledError:
            pass  # the gate closes
        finally:
            await _hang_up(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE)
        method, target = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")[:2]
        if method != "CONNECT":
            await self._refuse(writer, target[:200], 80, "only https leaves here")
            return
        host, _, port_text = target.rpartition(":")
        host = host.strip("[]").lower().rstrip(".")
        port = int(port_text) if port_text.isdigit() else 0
        address = await self._judge(writer, host, port)
        if address is None:
            return
        if self.connect_to is not None and self._authority is not None:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            await writer.start_tls(self._authority.context(host), ssl_handshake_timeout=_CONNECT)
            await self._forward(reader, writer, host)
            return
        try:
            far_reader, far_writer = await asyncio.wait_for(asyncio.open_connection(address, port), _CONNECT)
        except (OSError, TimeoutError):
            await _answer(writer, 502, "the carrier's host does not answer")
            return
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            await _tunnel(reader, writer, far_reader, far_writer)
        finally:
            await _hang_up(far_writer)

    async def _judge(self, writer: asyncio.StreamWriter, host: str, port: int) -> str | None:
        """The address to connect to; where there is none the client was told."""
        if port != 443:
            await self._refuse(writer, host, port, "only port 443 leaves here")
            return None
        if host not in self._allowed:
            await self._refuse(writer, host, port, "the host is not the carrier's")
            return None
        if self.connect_to is not None:
            return self.connect_to[0]
        try:
            found = await asyncio.wait_for(self._resolve(host), _CONNECT)
        except (OSError, TimeoutError):
            await _answer(writer, 502, "the carrier's host has no address")
            return None
        private = next((address for address in found if not is_public(address)), None)
        if private is not None or not found:
            await self._refuse(writer, host, port, f"the host's address {private} is not a public one")
            return None
        return found[0]

    async def _refuse(self, writer: asyncio.StreamWriter, host: str, port: int, why: str) -> None:
        self.refusals.append(Refusal(host, port, why))
        await _answer(writer, 403, why)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        """Requests of one connection, one after the other, to `connect_to` as plain HTTP."""
        while self.connect_to is not None:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE)
            lines = head.decode("latin-1").split("\r\n")
            headers = _headers(lines[1:])
            if "websocket" in headers.get("upgrade", "").lower():
                self.refusals.append(Refusal(host, 443, "no websockets"))
                await _answer(writer, 501, "no websockets")
                return
            kept = [line for line in lines[1:] if line and not _is_hop(line)]
            if "host" not in headers:
                kept.insert(0, f"Host: {host}")
            far_reader, far_writer = await asyncio.wait_for(asyncio.open_connection(*self.connect_to), _CONNECT)
            try:
                far_writer.write("\r\n".join([lines[0], *kept, "Connection: close", "", ""]).encode("latin-1"))
                await _copy_body(headers, reader, far_writer)
                if not await _copy_answer(lines[0].split(" ", 1)[0], far_reader, writer):
                    return
            finally:
                await _hang_up(far_writer)
            if "close" in headers.get("connection", "").lower():
                return


def _address(text: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8099` or `[::1]:8099`; raises ValueError saying what is wrong."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"connect_to must be HOST:PORT, such as 127.0.0.1:8099, not {text!r}")
    return host.strip("[]"), int(port)


# --- HTTP/1.1 ---------------------------------------------------------------------------------------------------


def _headers(lines: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _is_hop(line: str) -> bool:
    return line.split(":", 1)[0].strip().lower() in {"connection", "proxy-connection", "keep-alive", "upgrade", "te"}


async def _copy_body(headers: dict[str, str], source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        await _copy_chunks(source, sink)
    else:
        await _copy_bytes(int(headers.get("content-length") or 0), source, sink)
    await sink.drain()


async def _copy_bytes(count: int, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while count > 0:
        data = await asyncio.wait_for(source.read(min(count, 65536)), _IDLE)
        if not data:
            raise EOFError("the body ended early")
        count -= len(data)
        sink.write(data)
        await sink.drain()


async def _copy_chunks(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while True:
        line = await asyncio.wait_for(source.readline(), _IDLE)
        sink.write(line)
        size = int(line.split(b";", 1)[0].strip() or b"0", 16)
        if size == 0:
            break
        await _copy_bytes(size + 2, source, sink)
    while True:  # trailers and the blank line
        line = await asyncio.wait_for(source.readline(), _IDLE)
        sink.write(line)
        if line in (b"\r\n", b"\n", b""):
            return


async def _copy_answer(method: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> bool:
    """One answer to the client; whether the client's connection may serve another request."""
    while True:
        head = await asyncio.wait_for(source.readuntil(b"\r\n\r\n"), _IDLE)
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ", 2)[1][:3])
        if status >= 200:
            break
    headers = _headers(lines[1:])
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    empty = method == "HEAD" or status in (204, 304)
    framed = chunked or empty or "content-length" in headers
    # the far side speaks HTTP/1.0 or closes after each answer; the client's connection is ours to keep
    first = "HTTP/1.1 " + lines[0].split(" ", 1)[1]
    kept = [first, *(line for line in lines[1:] if line and not _is_hop(line))]
    kept.append("Connection: keep-alive" if framed else "Connection: close")
    sink.write("\r\n".join([*kept, "", ""]).encode("latin-1"))
    if chunked and not empty:
        await _copy_chunks(source, sink)
    elif not empty and framed:
        await _copy_bytes(int(headers["content-length"]), source, sink)
    elif not empty:  # until the far side closes
        while data := await asyncio.wait_for(source.read(65536), _IDLE):
            sink.write(data)
            await sink.drain()
    await sink.drain()
    return framed


async def _answer(writer: asyncio.StreamWriter, status: int, why: str) -> None:
    body = f"orderwatch: {why}\n".encode()
    phrase = {403: "Forbidden", 501: "Not Implemented", 502: "Bad Gateway"}[status]
    head = f"HTTP/1.1 {status} {phrase}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    head += "Connection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


async def _tunnel(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await asyncio.wait_for(source.read(65536), _IDLE):
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()

    await asyncio.gather(pour(reader, far_writer), pour(far_reader, writer))


async def _end_all() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)  # transports close in the loop's next turn


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, TimeoutError, RuntimeError):
        writer.close()
        await asyncio.wait_for(writer.wait_closed(), 2)
