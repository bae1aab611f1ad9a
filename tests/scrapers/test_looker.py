"""Looks at a carriers' site of our own on loopback, over HTTP and in a real Chromium."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from agent.vocabulary import carriers as vocabulary
from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.looker import LookSettings, PageLooker
from scrapers.manners import CarrierState
from scrapers.visiting.browser import NoBrowser, browser_state, find_chromium

PAGES = Path(__file__).resolve().parent.parent / "pages"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
S = TrackingStatus

ROWS = [("2026-11-19 08:10", "Out for delivery", "Turku"), ("2026-11-18 21:40", "Arrived at sorting centre", "Tampere")]


def page(number: str, body: str) -> str:
    return f"<html><head><title>Tracking</title></head><body><h1>Tracking number: {number}</h1>{body}</body></html>"


def table(rows: list[tuple[str, str, str]]) -> str:
    return "<table>" + "".join(f"<tr><td>{d}</td><td>{w}</td><td>{p}</td></tr>" for d, w, p in rows) + "</table>"


def events(number: str) -> str:
    rows = [{"date": d, "description": w, "location": p} for d, w, p in ROWS]
    return json.dumps({"trackingNumber": number, "events": rows})


RENDER = """<div id="x">loading</div><script>setTimeout(() => { document.getElementById('x').innerHTML =
 `%s`; }, 300)</script>"""
FETCH = """<div id="x"></div><script>fetch('/data/events.json?n=%s')</script>"""


REACH = """<img src="http://127.0.0.1:%d/img"><iframe src="http://localhost:%d/frame"></iframe><script>
fetch("http://127.0.0.1:%d/fetch", {mode: "no-cors"}); new WebSocket("ws://127.0.0.1:%d/ws")</script>"""


class Site(BaseHTTPRequestHandler):
    """Every carrier at once; the number in the address names what happens."""

    asked: ClassVar[list[tuple[str, str]]] = []
    canary: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        host, path = self.headers.get("Host", ""), self.path
        Site.asked.append((host, path))
        if path == "/robots.txt":
            deny = host.startswith("www.shy-post.example")
            return self.answer(200, "User-agent: *\nDisallow: /" if deny else "User-agent: *\nDisallow:", "text/plain")
        if path.startswith("/data/events.json"):
            return self.answer(200, events(path.split("n=")[1]), "application/json")
        for name, what in SCENES.items():
            if name in path:
                return what(self, name)
        return self.answer(404, "<html><body>Nothing here</body></html>")

    def answer(self, status: int, body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        raw = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        """Quiet."""


def redirect(site: Site, name: str) -> None:
    if "again" in site.path:
        site.answer(200, page(name, table(ROWS)))
    else:
        site.answer(302, "", Location=site.path + "&again=1")


def hang(site: Site, name: str) -> None:
    time.sleep(6)


def hang_script(site: Site, name: str) -> None:
    site.answer(200, page(name, "<p>loading</p><script>setTimeout(() => { while (true) {} }, 50)</script>"))


def slow(site: Site, name: str) -> None:
    time.sleep(1.5)
    site.answer(200, page(name, table(ROWS)))


SCENES = {
    "PLAIN100001": lambda s, n: s.answer(200, page(n, table(ROWS))),
    "SCRIPT100002": lambda s, n: s.answer(200, page(n, RENDER % table(ROWS))),
    "FETCH100003": lambda s, n: s.answer(200, page(n, FETCH % n)),
    "REDIR100004": redirect,
    "SLOW100005": slow,
    "CAPTCHA100006": lambda s, n: s.answer(200, "<h1>Are you a robot?</h1><p>Please complete the challenge</p>"),
    "FORBID100007": lambda s, n: s.answer(403, "<h1>Forbidden</h1>"),
    "MANY100008": lambda s, n: s.answer(429, "slow down"),
    "EMPTY100009": lambda s, n: s.answer(200, ""),
    "HANG100010": hang,
    "PRIVATE100011": lambda s, n: s.answer(302, "", Location="https://127.0.0.1/secret"),
    "PLAINHTTP100012": lambda s, n: s.answer(302, "", Location="http://10.0.0.1/"),
    "OTHER100013": lambda s, n: s.answer(200, page("ZZ999999999", table(ROWS))),
    "UNKNOWN100014": lambda s, n: s.answer(200, page(n, "<p>This tracking number was not found.</p>")),
    "BROKEN100015": lambda s, n: s.answer(500, "oops"),
    "SPIN100016": hang_script,
    "LEAP100017": lambda s, n: s.answer(200, page(n, "<script>location='https://169.254.169.254/'</script>")),
    "FILE100018": lambda s, n: s.answer(
        200, page(n, "<script>location='file:///etc/passwd'</script><iframe src='file:///etc/passwd'></iframe>")
    ),
    "DOWN100019": lambda s, n: s.answer(
        200, b"\0" * 2000, "application/octet-stream", Content_Disposition="attachment"
    ),
    "ALERT100020": lambda s, n: s.answer(
        200, page(n, f"<script>for (let i = 0; i < 20; i++) alert(i)</script>{RENDER % table(ROWS)}")
    ),
    "CANARY100021": lambda s, n: s.answer(200, page(n, REACH % ((CANARY_PORT[0],) * 4) + RENDER % table(ROWS))),
    "9400111899563000477121": lambda s, n: s.answer(200, (PAGES / "usps/delivered.html").read_bytes()),
    "3SQWER876543210": lambda s, n: (
        s.answer(200, (PAGES / "postnl/out_for_delivery.json").read_bytes(), "application/json")
        if "/api/" in s.path
        else s.answer(200, "<html></html>")
    ),
    "3SHTML876543211": lambda s, n: s.answer(200, page(n, table(ROWS))),
}
CANARY_PORT = [0]
OWN = [
    vocabulary.Carrier(
        id=name,
        name=name,
        page=f"https://www.{name}.example/track?n={{number}}",
        page_hosts=(f"www.{name}.example",),
    )
    for name in ("farm-post", "shy-post")
]
"""Carriers that nobody wrote a reader for."""


class Canary(BaseHTTPRequestHandler):
    """Must never be reached."""

    def do_GET(self) -> None:
        Site.canary.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def looker() -> Iterator[PageLooker]:
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for handler in (Site, Canary)]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    CANARY_PORT[0] = servers[1].server_port
    settings = LookSettings(
        connect_to=f"127.0.0.1:{servers[0].server_port}", http_timeout=3, page_timeout=3, page_grace=4
    )
    real = PageLooker(settings, known={**vocabulary.carriers(), **{own.id: own for own in OWN}})
    yield real
    real.close()
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def _chromium() -> None:
    try:
        find_chromium()
    except NoBrowser as missing:
        pytest.skip(str(missing))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("number", "outcome", "says"),
    [
        ("PLAIN100001", LookOutcome.READ, None),
        ("SCRIPT100002", LookOutcome.READ, None),
        ("FETCH100003", LookOutcome.READ, None),
        ("REDIR100004", LookOutcome.READ, None),
        ("SLOW100005", LookOutcome.READ, None),
        ("CAPTCHA100006", LookOutcome.BLOCKED, "challenge"),
        ("FORBID100007", LookOutcome.BLOCKED, "403"),
        ("MANY100008", LookOutcome.BLOCKED, "rate limit"),
        ("EMPTY100009", LookOutcome.LAYOUT_CHANGED, None),
        ("HANG100010", LookOutcome.UNREACHABLE, "in time"),
        ("PRIVATE100011", LookOutcome.UNREACHABLE, "not the carrier's"),
        ("PLAINHTTP100012", LookOutcome.UNREACHABLE, "https"),
        ("OTHER100013", LookOutcome.LAYOUT_CHANGED, "another number"),
        ("UNKNOWN100014", LookOutcome.NOT_FOUND, "not found"),
        ("BROKEN100015", LookOutcome.UNREACHABLE, "500"),
        ("LEAP100017", LookOutcome.LAYOUT_CHANGED, None),
        ("ALERT100020", LookOutcome.READ, None),
        ("CANARY100021", LookOutcome.READ, None),
    ],
)
def test_each_kind_of_site_gives_its_outcome(looker: PageLooker, number: str, outcome: LookOutcome, says: str) -> None:
    """Rendered, fetched, redirected, slow, challenged, refused, empty, hanging or hostile: the right outcome each."""
    look = looker.look(number, "farm-post", None, NOW)
    assert look.outcome is outcome, look.outcome_reason
    assert says is None or says in (look.outcome_reason or "")
    if outcome is LookOutcome.READ:
        assert look.tracked is not None
        assert look.tracked.status is S.OUT_FOR_DELIVERY
        assert len(look.tracked.scans) == 2
        assert look.evidence is not None
        assert "Out for delivery" in look.evidence.text + look.evidence.body.decode()
    else:
        assert look.tracked is None
    assert Site.canary == []


@pytest.mark.browser
@pytest.mark.parametrize("number", ["SPIN100016", "FILE100018", "DOWN100019"])
def test_hostile_pages_end_and_say_nothing(looker: PageLooker, number: str) -> None:
    """A page that spins for ever, reaches for files or sends a download costs a bounded time and gives no status."""
    started = time.monotonic()
    look = looker.look(number, "farm-post", None, NOW)
    assert look.outcome in {LookOutcome.LAYOUT_CHANGED, LookOutcome.UNREACHABLE}
    assert look.tracked is None
    assert "root:" not in (look.evidence.text if look.evidence else "")
    assert time.monotonic() - started < 20
    assert looker.look("PLAIN100001", "farm-post", None, NOW).outcome is LookOutcome.READ


@pytest.mark.browser
def test_a_page_that_only_a_browser_gets_leaves_a_screenshot(looker: PageLooker) -> None:
    """USPS is looked at in Chromium; the evidence holds what was read, its text and a picture."""
    look = looker.look("9400 1118 9956 3000 4771 21", "usps", None, NOW)
    assert look.outcome is LookOutcome.READ
    assert look.tracked is not None
    assert look.tracked.reader == "carrier"
    assert look.tracked.status is S.DELIVERED
    assert look.evidence is not None
    assert look.evidence.screenshot is not None
    assert look.evidence.screenshot.startswith(b"\x89PNG")


def test_the_data_call_comes_first(looker: PageLooker) -> None:
    """PostNL's JSON is asked for without a browser, under the postcode where it is known."""
    Site.asked.clear()
    look = looker.look("3SQWER876543210", "postnl", "1234 ab", NOW)
    assert look.outcome is LookOutcome.READ
    assert look.tracked is not None
    assert look.tracked.reader == "carrier"
    asked = [path for _, path in Site.asked if "robots" not in path]
    assert asked == ["/track-and-trace/api/trackAndTrace/3SQWER876543210-NL-1234AB?language=en"]


def test_html_in_place_of_json_goes_to_the_generic_reader(looker: PageLooker) -> None:
    """Where the data call is answered with a page, the page is read."""
    look = looker.look("3SHTML876543211", "postnl", None, NOW)
    assert look.outcome is LookOutcome.READ
    assert look.tracked is not None
    assert look.tracked.reader == "generic"


def test_robots_txt_stops_a_look(looker: PageLooker) -> None:
    """A carrier that asks not to be visited is not."""
    Site.asked.clear()
    look = looker.look("PLAIN100001", "shy-post", None, NOW)
    assert look.outcome is LookOutcome.BLOCKED
    assert "robots.txt" in (look.outcome_reason or "")
    assert {path for _, path in Site.asked} == {"/robots.txt"}


@pytest.mark.parametrize("number", ["", "A", "../../etc/passwd", "X" * 60, "1234\r\nHost: evil", "12345#@evil.example"])
def test_only_numbers_become_addresses(looker: PageLooker, number: str) -> None:
    """Nothing but letters and digits is put into an address."""
    Site.asked.clear()
    assert looker.look(number, "farm-post", None, NOW).outcome is LookOutcome.UNREACHABLE
    assert Site.asked == []


def test_a_carrier_that_is_not_looked_at_is_left_to_the_seller() -> None:
    """Without connect_to only carriers whose data says so are visited."""
    looker = PageLooker(LookSettings(browser=False), known={OWN[0].id: OWN[0]})
    look = looker.look("1Z12345E0205271688", "farm-post", None, NOW)
    assert look.outcome is LookOutcome.UNREACHABLE
    assert "open its page yourself" in (look.outcome_reason or "")
    looker.close()


def test_nothing_at_connect_to_is_a_clear_reason(caplog: pytest.LogCaptureFixture) -> None:
    """Where nobody listens the outcome is unreachable, the reason names the host, and closing complains of nothing."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    looker = PageLooker(LookSettings(connect_to=f"127.0.0.1:{port}", browser=False))
    look = looker.look("3SQWER876543210", "postnl", None, NOW)
    looker.close()
    assert look.outcome is LookOutcome.UNREACHABLE
    assert look.outcome_reason == "jouw.postnl.nl cannot be reached: nothing answers at looking.connect_to"
    assert not caplog.records


def test_a_resting_carrier_is_not_asked() -> None:
    """After a block nothing leaves until the rest is over."""
    state = CarrierState(blocked_until=NOW + timedelta(hours=5), blocked_why="captcha")
    look = PageLooker(LookSettings(), states={"usps": state}).look("9400111899563000477121", "usps", None, NOW)
    assert look.outcome is LookOutcome.BLOCKED
    assert "captcha" in (look.outcome_reason or "")


def test_an_unknown_carrier_is_named() -> None:
    """The reason says which name nobody knows."""
    look = PageLooker().look("ABC12345", "no-such-carrier", None, NOW)
    assert look.outcome is LookOutcome.UNREACHABLE
    assert "no-such-carrier" in (look.outcome_reason or "")


def test_every_carrier_that_is_looked_at_has_an_address() -> None:
    """What is looked at stands in the vocabulary, with hosts that the gate may open."""
    from scrapers.carriers import load

    for name, own in load().items():
        known = vocabulary.carrier(name)
        assert known is not None
        if not known.looked:
            continue
        visit = own.visit("AB123456789", "1234AB")
        assert visit.url.startswith("https://")
        assert any(visit.url.startswith(f"https://{host}/") for host in known.page_hosts)


@pytest.mark.browser
def test_check_says_which_browser_and_whether_it_is_sandboxed() -> None:
    """As root the sandbox is off, and that is said."""
    state = browser_state()
    assert state.path
    assert state.note
