"""Pages a second, processor time a page and memory of looks in the browser, beside a bare Playwright loop.

Both visit the same pages of one site on loopback over TLS, in the same run, in turns, as many at a time, each page in
a fresh context. The bare loop does what a script would do: open the page, wait until the rows are there (it is
told for what to wait), take the HTML, close. A look does the same without being told, and besides: its own way out
through the gate, robots.txt, the reading itself, its text; and in the third column a picture of each page. The gate
works as at a seller's, where the bytes of TLS pass it; only its connections are led to the site, whatever the name.
The site has a process of its own, which is not counted.

    python -m bench.looking_speed [LOOKS] [AT ONCE]
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import ssl
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

from playwright.async_api import async_playwright

from agent.vocabulary.carriers import Carrier
from agent.vocabulary.status import LookOutcome
from scrapers import carriers as pages
from scrapers import way
from scrapers.carriers import Visit
from scrapers.look import Tracked
from scrapers.looker import LookSettings, PageLooker
from scrapers.reading.document import Document
from scrapers.visiting.authority import Authority
from scrapers.visiting.browser import find_chromium
from scrapers.visiting.gate import Gate, Streams
from scrapers.visiting.processes import children, descendants, resident

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NUMBER = "RR471203985FI"
HOSTS = 8
ROUNDS = 5
_TICK = os.sysconf("SC_CLK_TCK")


def rows() -> str:
    """A month of scans."""
    cells = ["<tr class=scan><td>2026-11-19 08:10</td><td>Out for delivery</td><td>Turku</td></tr>"]
    for day in range(18, 3, -1):
        cells.append(
            f"<tr class=scan><td>2026-11-{day:02} 21:40</td><td>Arrived at sorting centre</td><td>Tampere</td></tr>"
        )
    return "".join(cells)


STYLE = "<style>" + "".join(f".c{n} {{ color: #{n:03}; padding: {n % 9}px }}" for n in range(100, 700)) + "</style>"
SCRIPT = "/* " + "library " * 20_000 + " */"
PLAIN = f"<table>{rows()}</table>"
BUILT = f"<table id=t></table><script>const r = `{rows()}`; setTimeout(() => {{ t.innerHTML = r }}, 150)</script>"
FETCHED = "<table id=t></table><script>fetch('/rows').then(r => r.text()).then(r => { t.innerHTML = r })</script>"
KINDS = (PLAIN, BUILT, FETCHED)


class Site(BaseHTTPRequestHandler):
    """Tracking pages as they are, built by a script, fetched by a script; with the ballast of real ones."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/rows":
            time.sleep(0.1)
            return self.say(rows())
        if self.path == "/library.js":
            return self.say(SCRIPT, "text/javascript")
        if self.path == "/robots.txt":
            return self.say("User-agent: *\nDisallow:", "text/plain")
        kind = KINDS[int(self.path.rpartition("k=")[2] or 0) % len(KINDS)]
        ballast = "<p class=c101>About us. Contact. Careers. Terms of use.</p>" * 200
        head = f"<title>Tracking</title>{STYLE}<script src=/library.js></script>"
        return self.say(
            f"<html><head>{head}</head><body><h1>Tracking number: {NUMBER}</h1>{kind}{ballast}</body></html>"
        )

    def say(self, text: str, kind: str = "text/html; charset=utf-8") -> None:
        raw = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@dataclass(frozen=True)
class Page:
    """A carrier's file that goes to the browser at once."""

    name: str

    def visit(self, number: str, postcode: str | None) -> Visit:
        return Visit(url=f"https://www.{self.name}.example/track?n={number}&k={self.name[5:]}", plain=False)

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        raise NotImplementedError


@dataclass(frozen=True)
class Cost:
    """What a run took."""

    pages_a_second: float
    seconds_a_page: float
    """Of processor time: ours, the driver's, the browser's."""
    memory: float
    """The most that driver and browser held at a time, in MB."""


def measured(work: Callable[[], None], count: int) -> Cost:
    """The cost of some work that starts and ends its own processes."""
    before = children(os.getpid())
    most = 0
    over = threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.2):
            mine = children(os.getpid()) - before
            most = max(most, sum(resident(pid) for pid, _ in mine | descendants(mine)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, used = time.perf_counter(), processor_time()
    work()
    took, used = time.perf_counter() - began, processor_time() - used
    over.set()
    watcher.join()
    return Cost(count / took, used / count, most / 1e6)


def processor_time() -> float:
    """Of this process and of all it has started and seen end."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@dataclass(frozen=True)
class Places:
    """Where the site is, and by what its key is known."""

    port: int
    spki: str
    pem: str


class Passing(Gate):
    """The gate as at a seller's, its connections led to the site, whose one key is trusted."""

    def __init__(self, places: Places) -> None:
        async def resolve(host: str) -> list[str]:
            return ["8.8.8.8"]  # any public one: what is not public is refused before a connection is made

        async def connect(addresses: list[str], port: int) -> Streams:
            return await asyncio.open_connection("127.0.0.1", places.port)

        super().__init__(resolve=resolve, connect=connect)
        self._places = places

    @property
    def spki(self) -> str:
        return self._places.spki

    def trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cadata=self._places.pem)
        context.check_hostname = False  # one certificate for all of the site's names
        return context


def bare(places: Places, count: int, at_once: int) -> None:
    """Playwright alone, as its documentation shows it."""

    async def run() -> None:
        turns = asyncio.Semaphore(at_once)
        async with async_playwright() as playwright:
            path = find_chromium(playwright.chromium.executable_path)
            browser = await playwright.chromium.launch(
                executable_path=path, args=[f"--ignore-certificate-errors-spki-list={places.spki}"]
            )

            async def visit(at: int) -> None:
                async with turns:
                    context = await browser.new_context()
                    page = await context.new_page()
                    address = f"https://localhost:{places.port}/track?n={NUMBER}&k={at % HOSTS}"
                    await page.goto(address, wait_until="domcontentloaded")
                    await page.wait_for_selector("tr.scan")
                    assert "Out for delivery" in await page.content()
                    await context.close()

            await asyncio.gather(*(visit(at) for at in range(count)))
            await browser.close()

    asyncio.run(run())


def looks(places: Places, count: int, at_once: int, *, pictures: bool = False) -> None:
    """The same pages by `PageLooker`."""
    names = [f"bench{at}" for at in range(HOSTS)]
    shipped = pages.load()
    way.load = lambda: {**shipped, **{name: Page(name) for name in names}}  # type: ignore[assignment]
    known = {name: Carrier(id=name, name=name, page_hosts=(f"www.{name}.example",), looked=True) for name in names}
    looker = PageLooker(
        LookSettings(at_once=at_once),
        known=known,
        gate=Passing(places),
        sleep=lambda seconds: None,
        pictured=lambda number, reading: pictures,
    )
    with ThreadPoolExecutor(at_once) as pool:
        for look in pool.map(lambda at: looker.look(NUMBER, names[at % HOSTS], None, NOW), range(count)):
            assert look.outcome is LookOutcome.READ, look.outcome_reason
            assert look.tracked is not None
            assert len(look.tracked.scans) == 16
    looker.close()


WAYS: dict[str, Callable[[Places, int, int], None]] = {
    "bare Playwright": bare,
    "looks": looks,
    "with pictures": partial(looks, pictures=True),
}


@contextmanager
def site() -> Iterator[Places]:
    """The site over TLS, in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    yield ours.recv()
    process.terminate()
    process.join()


def serve(told: Connection) -> None:
    """Until the process is ended."""
    authority = Authority()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    server.socket = authority.context("localhost").wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    authority.close()
    told.send(Places(server.server_port, authority.spki, authority.pem))
    server.serve_forever()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 48
    at_once = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    costs: dict[str, list[Cost]] = {name: [] for name in WAYS}
    with site() as places:
        for work in WAYS.values():
            work(places, at_once, at_once)  # warm: files in memory, modules loaded
        for at in range(ROUNDS):
            for name in [*WAYS, *WAYS][at % len(WAYS) :][: len(WAYS)]:  # nobody is always the first one
                costs[name].append(measured(partial(WAYS[name], places, count, at_once), count))
    print(
        f"{ROUNDS} rounds of {count} pages, {at_once} at a time; the medians, and those of each round's ratio to bare"
    )
    print(f"{'':20}" + "".join(f"{name:>24}" for name in WAYS))
    bare_ones = costs["bare Playwright"]
    for title, field, better in (
        ("pages a second", "pages_a_second", 1),
        ("processor s a page", "seconds_a_page", -1),
        ("memory, MB at most", "memory", -1),
    ):
        shown = []
        for name in WAYS:
            values = [getattr(cost, field) for cost in costs[name]]
            beside = [(value / getattr(peer, field)) ** better for value, peer in zip(values, bare_ones, strict=True)]
            shown.append(f"{statistics.median(values):14.2f} ({statistics.median(beside):.2f})")
        print(f"{title:20}" + "".join(f"{text:>24}" for text in shown))
    print("a ratio of 1 is equal, more is better; the goal is 0.9")


if __name__ == "__main__":
    main()
