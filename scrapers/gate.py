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
from scrapers.http1 import IDLE, answer, copy_answer, copy_body, fields_of, hang_up, is_hop

Resolve = Callable[[str], Awaitable[list[str]]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HEAD_LIMIT = 64 * 1024
_CONNECT = 15.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A connection that was not made, and why."""

    host: str
    port: int
    why: str
    tried: bool = False
    """It was allowed, and failed: the far side or the network is to blame."""


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
            with contextlib.suppress(asyncio.CancelledError):  # a task that ends cancelled makes asyncio complain
                await hang_up(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE)
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
            await self._failed(writer, host, port, "it does not answer")
            return
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            await _tunnel(reader, writer, far_reader, far_writer)
        finally:
            await hang_up(far_writer)

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
            await self._failed(writer, host, port, "its name has no address (is the network up?)")
            return None
        private = next((address for address in found if not is_public(address)), None)
        if private is not None or not found:
            await self._refuse(writer, host, port, f"the host's address {private} is not a public one")
            return None
        return found[0]

    async def _refuse(self, writer: asyncio.StreamWriter, host: str, port: int, why: str) -> None:
        self.refusals.append(Refusal(host, port, why))
        await answer(writer, 403, why)

    async def _failed(self, writer: asyncio.StreamWriter, host: str, port: int, why: str) -> None:
        self.refusals.append(Refusal(host, port, why, tried=True))
        await answer(writer, 502, f"{host}: {why}")

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        """Requests of one connection, one after the other, to `connect_to` as plain HTTP."""
        while self.connect_to is not None:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE)
            lines = head.decode("latin-1").split("\r\n")
            headers = fields_of(lines[1:])
            if "websocket" in headers.get("upgrade", "").lower():
                self.refusals.append(Refusal(host, 443, "no websockets"))
                await answer(writer, 501, "no websockets")
                return
            kept = [line for line in lines[1:] if line and not is_hop(line)]
            if "host" not in headers:
                kept.insert(0, f"Host: {host}")
            try:
                far_reader, far_writer = await asyncio.wait_for(asyncio.open_connection(*self.connect_to), _CONNECT)
            except (OSError, TimeoutError):
                await self._failed(writer, host, 443, "nothing answers at looking.connect_to")
                return
            try:
                far_writer.write("\r\n".join([lines[0], *kept, "Connection: close", "", ""]).encode("latin-1"))
                await copy_body(headers, reader, far_writer)
                if not await copy_answer(lines[0].split(" ", 1)[0], far_reader, writer):
                    return
            finally:
                await hang_up(far_writer)
            if "close" in headers.get("connection", "").lower():
                return


def _address(text: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8099` or `[::1]:8099`; raises ValueError saying what is wrong."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"connect_to must be HOST:PORT, such as 127.0.0.1:8099, not {text!r}")
    return host.strip("[]"), int(port)


async def _tunnel(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await asyncio.wait_for(source.read(65536), IDLE):
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
