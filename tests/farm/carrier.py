"""The farm's carriers: each scene of `scenes` under a host of its own, over real HTTP on loopback."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from agent.vocabulary.carriers import Carrier
from agent.vocabulary.status import LookOutcome
from scrapers.carriers import Visit
from scrapers.look import Tracked
from scrapers.reading.document import Document


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a site does, and what a look at it must come to."""

    serve: Callable[[Site], None]
    outcomes: frozenset[LookOutcome]
    says: str = ""
    """Part of the reason."""


class Site(BaseHTTPRequestHandler):
    """One request to the farm."""

    protocol_version = "HTTP/1.1"
    server: Farm

    def do_GET(self) -> None:
        self.close_connection = True
        self.host = self.headers.get("Host", "")
        self.name = self.host.split(".")[1] if self.host.count(".") > 1 else ""
        self.server.asked[f"{self.host} {self.path.split('?')[0]}"] += 1
        if self.headers.get("Upgrade"):
            self.server.asked[f"{self.host} upgrade"] += 1
        if self.path == "/robots.txt":
            self.say("User-agent: *\nDisallow:", "text/plain")
        elif self.name in self.server.scenes:
            self.server.scenes[self.name].serve(self)
        else:
            self.say("nothing here", status=404)

    @property
    def number(self) -> str:
        """The number that was asked for."""
        return self.path.partition("n=")[2].partition("&")[0]

    def say(self, body: str | bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **more: str) -> None:
        raw = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        for key, value in more.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def begin(self, kind: str = "text/html; charset=utf-8", **more: str) -> None:
        """An answer that ends when the connection does."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for key, value in more.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


@dataclass(frozen=True, kw_only=True)
class BrowserFirst:
    """A carrier's own file that sends us to the browser at once; what the page says is for the generic reader."""

    host: str

    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://{self.host}/track?n={number}", plain=False)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        raise NotImplementedError


class Farm(ThreadingHTTPServer):
    """The running farm."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, scenes: Mapping[str, Scene]) -> None:
        super().__init__(("127.0.0.1", 0), Site)
        self.scenes = scenes
        self.over = threading.Event()
        self.asked: Counter[str] = Counter()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is expected here."""


@contextmanager
def running(scenes: Mapping[str, Scene]) -> Iterator[Farm]:
    """The farm while the block runs, on a free port."""
    farm = Farm(scenes)
    thread = threading.Thread(target=farm.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield farm
    finally:
        farm.over.set()
        farm.shutdown()
        farm.server_close()


def carriers(names: list[str]) -> dict[str, Carrier]:
    """A carrier for each scene and way of asking: `plain-NAME` and `browser-NAME`."""
    found = {}
    for name in names:
        for way in ("plain", "browser"):
            host = f"{way}.{name}.example"
            found[f"{way}-{name}"] = Carrier(
                id=f"{way}-{name}",
                name=name,
                page=f"https://{host}/track?n={{number}}",
                page_hosts=(host,),
                looked=True,
            )
    return found
