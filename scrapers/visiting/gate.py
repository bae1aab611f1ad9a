"""The one way out: a CONNECT proxy on loopback that HTTP client and browser alike are told to use.

Each look has a lane of its own: a port with that look's list of hosts. The gate resolves a name once, refuses every
address that is not public, everything but port 443, and hosts that are not on the lane's list; it connects to the very
addresses it judged. Redirects and subresources pass through it by construction.

With `connect_to` (tests and demo) it ends TLS itself, with a certificate made for this run, and hands each request as
plain HTTP/1.1 to that one address, the Host header kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from scrapers.visiting.authority import Authority
from scrapers.visiting.http1 import IDLE, answer, hang_up
from scrapers.visiting.public import is_public
from scrapers.visiting.tunnel import CONNECT, stand_in, tunnel

Resolve = Callable[[str], Awaitable[list[str]]]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[list[str], int], Awaitable[Streams | None]]
T = TypeVar("T")

MOST_BYTES = 60_000_000
"""From the far side, in one look: a tracking page with all that belongs to it is far smaller."""
_HEAD_LIMIT = 64 * 1024
_ADDRESSES = 4
"""Of one name, tried one after the other."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A connection that was not made, and why."""

    host: str
    port: int
    why: str
    tried: bool = False
    """It was allowed, and failed: the far side or the network is to blame."""


class TooMuch(OSError):
    """A look has taken more bytes than it may."""


async def _system_resolve(host: str) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def _connect(addresses: list[str], port: int) -> Streams | None:
    """A connection to the first of these addresses that takes one."""
    for address in addresses:
        with contextlib.suppress(OSError, TimeoutError):
            return await asyncio.wait_for(asyncio.open_connection(address, port), CONNECT / len(addresses))
    return None


class Gate:
    """Runs in a thread of its own from `start` to `close`; `lane` opens a way out."""

    def __init__(
        self, connect_to: str | None = None, resolve: Resolve = _system_resolve, connect: Connect = _connect
    ) -> None:
        self.connect_to = _address(connect_to) if connect_to else None
        self.resolve = resolve
        self.connect = connect
        self.authority = Authority() if self.connect_to else None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lanes: set[Lane] = set()

    @property
    def spki(self) -> str | None:
        """Hash of the one key that Chromium may accept without a known authority; None without `connect_to`."""
        return self.authority.spki if self.authority else None

    def trust(self) -> ssl.SSLContext:
        """What an HTTP client must trust: the world's authorities, or with `connect_to` the gate's own alone."""
        if self.authority is None:
            return ssl.create_default_context()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.authority.pem)
        return context

    def lane(self, hosts: Iterable[str], most_bytes: int = MOST_BYTES) -> Lane:
        """A way out to these hosts, exactly, until it is closed. From any thread."""
        lane = Lane(self, hosts, most_bytes)
        self.run(lane.open(self._lanes))
        return lane

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="gate", daemon=True)
        self._thread.start()
        if not ready.wait(10) or self._loop is None:
            raise OSError("the gate could not start")

    def close(self) -> None:
        loop, thread = self._loop, self._thread
        if loop is not None and thread is not None and thread.is_alive():
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
        if self.authority is not None:
            self.authority.close()
        self._loop = self._thread = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a piece of the gate's own work, done in its thread."""
        if self._loop is None:
            work.close()
            raise OSError("the gate is not open")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _run(self, ready: threading.Event) -> None:
        loop = asyncio.new_event_loop()
        try:
            self._loop = loop
            loop.call_soon(ready.set)
            loop.run_forever()
        finally:
            ready.set()
            for lane in list(self._lanes):
                loop.run_until_complete(lane.shut())
            loop.run_until_complete(_end_all())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()


class Lane:
    """One look's way out: its port, the hosts it may reach, what was refused, and how much came through."""

    def __init__(self, gate: Gate, hosts: Iterable[str], most_bytes: int) -> None:
        self.hosts = frozenset(host.lower().rstrip(".") for host in hosts)
        self.refusals: deque[Refusal] = deque(maxlen=100)
        self.port = 0
        self.came = 0
        """Bytes from the far side so far."""
        self.cut = False
        """A connection was ended before its time: what came through it may be half an answer."""
        self._gate = gate
        self._most_bytes = most_bytes
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._among: set[Lane] = set()

    @property
    def url(self) -> str:
        """The proxy's address for clients."""
        return f"http://127.0.0.1:{self.port}"

    def why(self) -> str | None:
        """Why the last connection was not made, for a human."""
        last = self.refusals[-1] if self.refusals else None
        if last is None:
            return None
        return f"{last.host} cannot be reached: {last.why}" if last.tried else f"not let through: {last.why}"

    def failed(self) -> bool:
        """Whether the last connection was let through and not made."""
        return bool(self.refusals) and self.refusals[-1].tried

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Ends the lane's connections when the block takes longer, whatever the client is waiting for."""
        self.cut = False
        timer = threading.Timer(seconds, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self) -> None:
        with contextlib.suppress(OSError, TimeoutError, RuntimeError):  # the gate may be closed already
            self._gate.run(self.shut())

    async def open(self, lanes: set[Lane]) -> None:
        """In the gate's thread: begin to listen, as one of these."""
        self._among = lanes
        lanes.add(self)
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_HEAD_LIMIT)
        self.port = self._server.sockets[0].getsockname()[1]

    def _hang_up(self) -> None:
        self.cut = True
        with contextlib.suppress(OSError, TimeoutError, RuntimeError):
            self._gate.run(self._end())

    async def _end(self) -> None:
        tasks = [task for task in self._open if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def shut(self) -> None:
        """In the gate's thread: listen no longer, end what is open."""
        self._among.discard(self)
        if self._server is not None:
            self._server.close()
        self._server = None
        await self._end()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
        try:
            await self._serve(reader, writer)
        except TooMuch:
            self.refusals.append(Refusal("the page", 443, "it sends more than a tracking page can be", tried=True))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, EOFError):
            pass  # one side went away or spoke no HTTP: nothing to tell anybody
        except asyncio.CancelledError:
            pass  # the lane closes
        finally:
            if task is not None:
                self._open.discard(task)
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
        addresses = await self._judge(writer, host, port)
        if not addresses:
            return
        if self._gate.connect_to is not None and self._gate.authority is not None:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            await writer.start_tls(self._gate.authority.context(host), ssl_handshake_timeout=CONNECT)
            ended = await stand_in(reader, writer, host, self._gate.connect_to, self._poured)
            if ended:
                self.refusals.append(Refusal(host, port, ended, tried=True))
            return
        far = await self._gate.connect(addresses, port)
        if far is None:
            await self._failed(writer, host, port, "it does not answer")
            return
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            await tunnel(reader, writer, *far, self._poured)
        finally:
            await hang_up(far[1])

    def _poured(self, count: int) -> None:
        self.came += count
        if self.came > self._most_bytes:
            self.cut = True
            raise TooMuch

    async def _judge(self, writer: asyncio.StreamWriter, host: str, port: int) -> list[str]:
        """The addresses to connect to; where there is none the client was told."""
        if port != 443:
            await self._refuse(writer, host, port, "only port 443 leaves here")
            return []
        if host not in self.hosts:
            await self._refuse(writer, host, port, "the host is not the carrier's")
            return []
        if self._gate.connect_to is not None:
            return [self._gate.connect_to[0]]
        try:
            found = await asyncio.wait_for(self._gate.resolve(host), CONNECT)
        except (OSError, TimeoutError, UnicodeError):
            await self._failed(writer, host, port, "its name has no address (is the network up?)")
            return []
        if not found:
            await self._failed(writer, host, port, "its name has no address")
            return []
        private = next((address for address in found if not is_public(address)), None)
        if private is not None:
            await self._refuse(writer, host, port, f"the host's address {private} is not a public one")
            return []
        return list(dict.fromkeys(found))[:_ADDRESSES]

    async def _refuse(self, writer: asyncio.StreamWriter, host: str, port: int, why: str) -> None:
        self.refusals.append(Refusal(host, port, why))
        await answer(writer, 403, why)

    async def _failed(self, writer: asyncio.StreamWriter, host: str, port: int, why: str) -> None:
        self.refusals.append(Refusal(host, port, why, tried=True))
        await answer(writer, 502, f"{host}: {why}")


def _address(text: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8099` or `[::1]:8099`; raises ValueError saying what is wrong."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"connect_to must be HOST:PORT, such as 127.0.0.1:8099, not {text!r}")
    return host.strip("[]"), int(port)


async def _end_all() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)  # transports close in the loop's next turn
