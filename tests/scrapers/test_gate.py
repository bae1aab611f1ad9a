"""The gate: what leaves and what does not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from scrapers.visiting.gate import Gate, Lane
from scrapers.visiting.public import is_public


@contextmanager
def opened(gate: Gate, *hosts: str) -> Iterator[Lane]:
    gate.start()
    try:
        yield gate.lane(hosts)
    finally:
        gate.close()


def connect(lane: Lane, target: str) -> str:
    """The first line of the gate's answer to CONNECT."""
    with socket.create_connection(("127.0.0.1", lane.port), timeout=5) as raw:
        raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        return raw.recv(4096).decode()


def resolver(*addresses: str):
    async def resolve(host: str) -> list[str]:
        return list(addresses)

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "not an address",
    ],
)
def test_private_addresses_are_refused_in_every_wrapping(address: str) -> None:
    """Loopback, private, link-local, shared, multicast; mapped, NAT64 and 6to4 forms of them as well."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_public_addresses_may_be_connected_to(address: str) -> None:
    """Global addresses pass, also where a network's NAT64 wraps them."""
    assert is_public(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_a_carriers_name_that_resolves_to_a_private_address_is_refused(address: str) -> None:
    """Whatever the name server says (rebinding), nothing private is connected to, and the refusal is a value."""
    with opened(Gate(resolve=resolver(address)), "www.example.com") as lane:
        assert connect(lane, "www.example.com:443").startswith("HTTP/1.1 403")
        assert "not a public one" in lane.refusals[-1].why


def test_a_name_without_an_address_is_said_to_be_that() -> None:
    """Without a network the reason names the host and is told apart from a refusal."""

    async def resolve(host: str) -> list[str]:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    with opened(Gate(resolve=resolve), "www.example.com") as lane:
        assert connect(lane, "www.example.com:443").startswith("HTTP/1.1 502")
        assert lane.refusals[-1].tried
        assert "no address" in lane.refusals[-1].why


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    """A name with two addresses of which one is private is a trick."""
    with opened(Gate(resolve=resolver("93.184.215.14", "127.0.0.1")), "www.example.com") as lane:
        assert connect(lane, "www.example.com:443").startswith("HTTP/1.1 403")


def test_a_name_is_resolved_once_per_connection() -> None:
    """The address that was judged is the one that is connected to: no second look-up in between."""
    asked: list[str] = []

    async def resolve(host: str) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) == 1 else ["127.0.0.1"]

    with opened(Gate(resolve=resolve), "www.example.com") as lane:
        assert connect(lane, "www.example.com:443").startswith("HTTP/1.1 403")  # TEST-NET is not global
    assert asked == ["www.example.com"]


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("www.example.com:80", "port 443"),
        ("www.example.com:22", "port 443"),
        ("evil.example:443", "not the carrier's"),
        ("127.0.0.1:443", "not the carrier's"),
        ("[::1]:443", "not the carrier's"),
        ("sub.www.example.com:443", "not the carrier's"),
    ],
)
def test_only_the_carriers_hosts_on_443(target: str, why: str) -> None:
    """Other ports, other hosts, addresses instead of names: refused."""
    with opened(Gate(resolve=resolver("127.0.0.1")), "www.example.com") as lane:
        assert connect(lane, target).startswith("HTTP/1.1 403")
        assert why in lane.refusals[-1].why


def test_plain_http_does_not_leave() -> None:
    """A request without CONNECT is answered with a refusal."""
    with opened(Gate(), "www.example.com") as lane, httpx.Client(proxy=lane.url, trust_env=False) as client:
        assert client.get("http://www.example.com/").status_code == 403
        assert lane.refusals[-1].why == "only https leaves here"


class Site(BaseHTTPRequestHandler):
    """Answers with the Host it was asked by; chunked, with length, or until it closes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = f"{self.headers['Host']} {self.path}".encode()
        self.send_response(200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in (body[:5], body[5:]):
                self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
        elif self.path == "/open":
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_connect_to_stands_for_every_carrier(site: str) -> None:
    """TLS ends at the gate, the Host header is kept, bodies of every framing arrive, connections are kept."""
    gate = Gate(site)
    with (
        opened(gate, "www.carrier.example", "data.carrier.example") as lane,
        httpx.Client(proxy=lane.url, verify=gate.trust(), trust_env=False) as client,
    ):
        for path in ("/a", "/chunked", "/open", "/b"):
            assert client.get(f"https://www.carrier.example{path}").text == f"www.carrier.example {path}"
        assert client.get("https://data.carrier.example/x").text == "data.carrier.example /x"
        assert client.post("https://www.carrier.example/p", content=b"q" * 100_000).text == "q" * 100_000


def test_connect_to_does_not_open_other_hosts(site: str) -> None:
    """The list of hosts holds with connect_to as well."""
    gate = Gate(site)
    with (
        opened(gate, "www.carrier.example") as lane,
        httpx.Client(proxy=lane.url, verify=gate.trust(), trust_env=False) as client,
        pytest.raises(httpx.ProxyError),
    ):
        client.get("https://other.example/")


def test_the_gates_certificate_is_trusted_by_nobody_else(site: str) -> None:
    """A client that was not told of the gate's authority refuses it."""
    with (
        opened(Gate(site), "www.carrier.example") as lane,
        httpx.Client(proxy=lane.url, trust_env=False) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get("https://www.carrier.example/")


def test_a_wrong_connect_to_is_named() -> None:
    """The message says what the setting must look like."""
    with pytest.raises(ValueError, match="HOST:PORT"):
        Gate("nonsense")
