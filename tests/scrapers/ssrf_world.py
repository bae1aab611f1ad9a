"""A world of its own for the gate: run inside a network namespace (`unshare -n`), prints what happened as JSON.

In it one "public" address exists, where the farm answers over TLS as any carrier, and private ones of every kind, where
a canary listens. The gate is the real one, without `connect_to`; only the name server is ours.
"""

from __future__ import annotations

import itertools
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from agent.vocabulary import carriers as vocabulary
from agent.vocabulary.carriers import Carrier
from scrapers import way
from scrapers.carriers import load
from scrapers.looker import LookSettings, PageLooker
from scrapers.manners import Budget
from scrapers.visiting.authority import Authority
from scrapers.visiting.gate import MOST_BYTES, Gate, Lane
from tests.farm.carrier import BrowserFirst
from tests.scrapers.ssrf_cases import CASES, Case, body, located

PUBLIC = "93.184.216.34"
PRIVATE = ("10.9.8.7", "192.168.3.4", "172.16.5.6", "169.254.169.254", "100.64.1.2")
PRIVATE_6 = ("fd00::7", "fe80::7")
PORTS = (21, 22, 80, 443, 3128, 3478, 6379, 8080, 9222)
HERE = ("127.0.0.1", "127.8.9.1", "::1", *PRIVATE, "fd00::7", "fe80::7%lo")
NUMBER = "RR471203985FI"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ASKED: Counter[str] = Counter()


class Canary:
    """Listens wherever nothing may connect, and counts."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._held: list[socket.socket] = []
        for address, port in itertools.product((*HERE, PUBLIC), PORTS):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                if (address, port, kind) != (PUBLIC, 443, socket.SOCK_STREAM):
                    self._listen(address, port, kind)

    def _listen(self, address: str, port: int, kind: int) -> None:
        family, _, _, _, place = socket.getaddrinfo(address, port)[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        self._held.append(listener)
        serve = self._accept if kind == socket.SOCK_STREAM else self._receive
        threading.Thread(target=serve, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        listener.listen(64)
        while True:
            taken, _ = listener.accept()
            with taken:
                taken.settimeout(0.5)
                try:
                    first = taken.recv(200)
                except OSError:
                    first = b""
                self.heard.append(f"tcp {taken.getsockname()[:2]} {first[:80]!r}")

    def _receive(self, listener: socket.socket) -> None:
        while True:
            data, _ = listener.recvfrom(2000)
            self.heard.append(f"udp {listener.getsockname()[:2]} {data[:40]!r}")


class Farm(BaseHTTPRequestHandler):
    """All carriers; the host's first label names the case."""

    def do_GET(self) -> None:
        host = self.headers.get("Host", "")
        name = host.split(".")[0]
        ASKED[name] += 1
        case = BY_NAME.get(name)
        if self.path == "/robots.txt" or case is None:
            return self.say(200, "User-agent: *\nDisallow:", "text/plain")
        if case.status and "n=" in self.path:
            self.send_response(case.status)
            self.send_header("Location", located(case).encode().decode("latin-1"))
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            return self.end_headers()
        return self.say(200, body(case, NUMBER), "text/html; charset=utf-8", case.headers)

    do_POST = do_GET  # noqa: N815 -- as the base class looks for it

    def say(self, status: int, text: str, kind: str, more: tuple[tuple[str, str], ...] = ()) -> None:
        raw = text.encode()
        self.send_response(status)
        for key, value in (("Content-Type", kind), ("Content-Length", str(len(raw))), ("Connection", "close"), *more):
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        """Quiet."""


class World(Gate):
    """The real gate, with a name server and an authority of this world; it remembers its lanes."""

    def __init__(self, authority: Authority) -> None:
        super().__init__(resolve=self._names)
        self.lanes: dict[str, Lane] = {}
        self._world = authority
        self._asked: Counter[str] = Counter()

    @property
    def spki(self) -> str | None:
        return self._world.spki

    def trust(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self._world.pem)
        return context

    def lane(self, hosts: Iterable[str], most_bytes: int = MOST_BYTES) -> Lane:
        opened = super().lane(hosts, most_bytes)
        self.lanes.update(dict.fromkeys(opened.hosts, opened))
        return opened

    async def _names(self, host: str) -> list[str]:
        case = BY_NAME.get(host.split(".")[0])
        self._asked[host] += 1
        if case is None or not case.addresses:
            return [PUBLIC]
        turn = min(self._asked[host], len(case.addresses)) - 1
        return list(case.addresses[turn])


BY_NAME = {case.name: case for case in CASES}


def main() -> None:
    setup()
    canary = Canary()
    authority = Authority()
    serve(authority)
    hear_ourselves(canary)
    known = {**vocabulary.carriers(), **{case.name: carrier(case) for case in CASES}}
    settings = LookSettings(
        http_timeout=4, page_timeout=6, page_quiet=0.8, budget=Budget(pause=timedelta(0), jitter=timedelta(0))
    )
    gates = [World(authority), World(authority)]
    plain = PageLooker(replace(settings, browser=False), known=known, gate=gates[0])
    full = PageLooker(settings, known=known, gate=gates[1])
    pages, shipped = (
        {name: BrowserFirst(host=f"{name}.example") for name in BY_NAME if name.startswith("page-")},
        load(),
    )
    way.load = lambda: {**shipped, **pages}  # type: ignore[assignment]
    seen: dict[str, dict[str, object]] = {}

    def look(case: Case) -> None:
        found = (full if case.browser else plain).look(NUMBER, case.name, None, NOW)
        lane = gates[case.browser].lanes[f"{case.name}.example"]
        seen[case.name] = {
            "outcome": found.outcome.value,
            "reason": found.outcome_reason,
            "asked": ASKED[case.name],
            "refused": sorted({f"{refusal.host}:{refusal.port} {refusal.why}" for refusal in lane.refusals}),
        }

    canary.heard.clear()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, CASES))
    time.sleep(1.0)  # whatever is still on its way
    plain.close()
    full.close()
    authority.close()
    print(json.dumps({"heard": canary.heard, "cases": seen}))  # noqa: T201


def setup() -> None:
    """Loopback, the public address and the private ones; everything else has no route."""
    commands = ["link set lo up", f"addr add {PUBLIC}/32 dev lo"]
    commands += [f"addr add {address}/32 dev lo" for address in PRIVATE]
    commands += [f"addr add {address}/128 dev lo nodad" for address in PRIVATE_6]
    for command in commands:
        subprocess.run(["ip", *command.split()], check=True, capture_output=True)


def serve(authority: Authority) -> None:
    """The farm at the public address: TLS for whatever name is asked for."""
    context = authority.context("nobody.example")

    one_at_a_time = threading.Lock()

    def choose(wrapped: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        with one_at_a_time:
            wrapped.context = authority.context(name or "nobody.example")

    context.sni_callback = choose

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def finish_request(self, request: object, client_address: object) -> None:
            with context.wrap_socket(request, server_side=True) as wrapped:  # type: ignore[arg-type]
                super().finish_request(wrapped, client_address)  # type: ignore[arg-type]

        def handle_error(self, request: object, client_address: object) -> None:
            """Clients hang up."""

    threading.Thread(target=Server((PUBLIC, 443), Farm).serve_forever, daemon=True).start()


def hear_ourselves(canary: Canary) -> None:
    """The canary must be able to hear what it says it did not."""
    for address, port in itertools.product(HERE, PORTS):
        with socket.create_connection((address, port), timeout=2) as taken:
            taken.sendall(b"here")
    deadline = time.monotonic() + 10
    while len(canary.heard) < len(HERE) * len(PORTS):
        if time.monotonic() > deadline:
            raise OSError(f"the canary hears only {len(canary.heard)}")
        time.sleep(0.05)


def carrier(case: Case) -> Carrier:
    host = f"{case.name}.example"
    return Carrier(
        id=case.name, name=case.name, page=f"https://{host}/track?n={{number}}", page_hosts=(host,), looked=True
    )


if __name__ == "__main__":
    main()
