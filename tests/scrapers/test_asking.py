"""A carrier's calls over HTTP: chains, forms, JSON, cookies of one look, and whom they may not lead to."""

from __future__ import annotations

import gzip
import json
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from agent.vocabulary.carriers import Carrier
from agent.vocabulary.status import LookOutcome
from scrapers import looker as looking
from scrapers import way
from scrapers.carriers import Call, CarrierPage, Inconclusive, Unreadable, Visit
from scrapers.look import Look, Tracked
from scrapers.looker import LookSettings, PageLooker
from scrapers.manners import Budget, CarrierState
from scrapers.reading.document import Document
from scrapers.visiting.inflated import Packed, TooBig, inflated

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NUMBER = "RR471203985FI"
ROWS = [{"date": "2026-11-19 08:10", "description": "Out for delivery", "location": "Turku"}]


class Site(BaseHTTPRequestHandler):
    """A carrier whose answer wants a token, which a first call gives, together with a cookie."""

    asked: ClassVar[list[tuple[str, str, str, str]]] = []
    at_once: ClassVar[dict[str, int]] = {}
    most: ClassVar[dict[str, int]] = {}
    lock: ClassVar[threading.Lock] = threading.Lock()

    def do_GET(self) -> None:
        self.serve("")

    def do_POST(self) -> None:
        self.serve(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def serve(self, body: str) -> None:
        host = self.headers["Host"]
        Site.asked.append((f"{self.command} {self.path}", body, self.headers.get("Cookie", ""), host))
        if self.path == "/robots.txt":
            return self.say("User-agent: *\nDisallow: /forbidden", "text/plain")
        if self.path == "/token":
            return self.say(json.dumps({"token": "t-17"}), cookie="session=s1; Secure")
        if self.path == "/moved":
            return self.say("", status=307, location="/answer")
        if self.path.startswith("/slowly"):
            for name in (host, "*"):
                with Site.lock:
                    Site.at_once[name] = Site.at_once.get(name, 0) + 1
                    Site.most[name] = max(Site.most.get(name, 0), Site.at_once[name])
            time.sleep(0.15)
            for name in (host, "*"):
                with Site.lock:
                    Site.at_once[name] -= 1
        return self.say(json.dumps({"trackingNumber": NUMBER, "events": ROWS}))

    def say(
        self, text: str, kind: str = "application/json", *, status: int = 200, cookie: str = "", location: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        if cookie:
            self.send_header("Set-Cookie", cookie)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Page:
    """A carrier's file whose data call is given."""

    def __init__(self, host: str, call: Call) -> None:
        self._visit = Visit(url=f"https://{host}/page", data=call, script=False)

    def visit(self, number: str, postcode: str | None) -> Visit:
        return self._visit

    def parse(self, document: Document, number: str | None) -> tuple[Tracked, ...]:
        raise Unreadable


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    for kept in (Site.asked, Site.at_once, Site.most):
        kept.clear()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def carrier(name: str) -> Carrier:
    return Carrier(id=name, name=name, page_hosts=(f"www.{name}.example",), looked=True)


def looker(
    site: str, monkeypatch: pytest.MonkeyPatch, pages: Mapping[str, CarrierPage], names: tuple[str, ...] = ("own",)
) -> PageLooker:
    monkeypatch.setattr(way, "load", lambda: pages)
    settings = LookSettings(connect_to=site, browser=False, http_timeout=5)
    return PageLooker(settings, known={name: carrier(name) for name in names})


def look(site: str, monkeypatch: pytest.MonkeyPatch, call: Call) -> Look:
    """A look at a carrier whose data call is this."""
    one = looker(site, monkeypatch, {"own": Page("www.own.example", call)})
    try:
        return one.look(NUMBER, "own", None, NOW)
    finally:
        one.close()


HOST = "https://www.own.example"


def with_token(document: Document) -> Call | None:
    return Call(url=f"{HOST}/moved", json={"token": document.data["token"], "number": NUMBER})


def test_a_chain_takes_its_token_and_its_cookie_along(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """GET for the token, POST of JSON with it, a 307 keeps method and body; the cookie comes along, and only here."""
    for _ in range(2):
        found = look(site, monkeypatch, Call(url=f"{HOST}/token", then=with_token))
        assert found.outcome is LookOutcome.READ
    asked = [row for row in Site.asked if "robots" not in row[0]]
    body = '{"token":"t-17","number":"RR471203985FI"}'
    once = [("GET /token", "", ""), ("POST /moved", body, "session=s1"), ("POST /answer", body, "session=s1")]
    assert [row[:3] for row in asked] == once * 2


def test_a_form_and_header_fields_are_sent(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form goes out urlencoded by POST."""
    found = look(site, monkeypatch, Call(url=f"{HOST}/form", form={"n": NUMBER, "q": "a&b"}))
    assert found.outcome is LookOutcome.READ
    assert ("POST /form", f"n={NUMBER}&q=a%26b", "", "www.own.example") in Site.asked


def lead_on(document: Document) -> Call | None:
    return Call(url=f"{HOST}/token", then=lead_on)


def fall_over(document: Document) -> Call | None:
    return Call(url=document.data["no such field"])


def stop(document: Document) -> Call | None:
    raise Inconclusive("needs a postcode")


@pytest.mark.parametrize(
    ("call", "outcome", "says"),
    [
        (Call(url=f"{HOST}/token", then=lead_on), LookOutcome.UNREACHABLE, "more than 4 calls"),
        (
            Call(url=f"{HOST}/token", then=lambda _: Call(url="https://evil.example/x")),
            LookOutcome.UNREACHABLE,
            "not one of the carrier's hosts",
        ),
        (
            Call(url=f"{HOST}/token", then=lambda _: Call(url="http://www.own.example/x")),
            LookOutcome.UNREACHABLE,
            "not one of the carrier's hosts",
        ),
        (Call(url=f"{HOST}/token", then=lambda _: Call(url=f"{HOST}/forbidden")), LookOutcome.BLOCKED, "robots.txt"),
        (Call(url=f"{HOST}/token", then=stop), LookOutcome.LAYOUT_CHANGED, "needs a postcode"),
    ],
)
def test_where_a_chain_may_not_lead(
    site: str, monkeypatch: pytest.MonkeyPatch, call: Call, outcome: LookOutcome, says: str
) -> None:
    """Chains are short, stay at the carrier, and ask robots.txt at each step."""
    monkeypatch.setattr(Page, "visit", lambda self, number, postcode: Visit(url=f"{HOST}/x", data=call, script=False))
    monkeypatch.setattr(looking, "calls_of", lambda visit: [visit.data])
    found = look(site, monkeypatch, call)
    assert found.outcome is outcome
    assert says in (found.outcome_reason or "")
    assert {host for *_, host in Site.asked} == {"www.own.example"}


def test_an_answer_that_a_chain_does_not_know_is_read_as_it_is(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page in place of the token goes to the reader: it may be a refusal, or what we want already."""
    assert look(site, monkeypatch, Call(url=f"{HOST}/data", then=fall_over)).outcome is LookOutcome.READ


def test_carriers_are_asked_at_once_and_each_of_them_alone(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From eight threads: never two requests at one host, several at different ones, at most four in all."""
    names = ("one", "two", "three", "four", "five", "six")
    pages = {name: Page(f"www.{name}.example", Call(url=f"https://www.{name}.example/slowly")) for name in names}
    busy = looker(site, monkeypatch, pages, names)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: busy.look(NUMBER, names[at % 6], None, NOW), range(18)))
    busy.close()
    assert {one.outcome for one in found} == {LookOutcome.READ}
    together = Site.most.pop("*")
    assert set(Site.most.values()) == {1}
    assert 2 <= together <= 4


def test_two_carriers_of_one_host_keep_the_pause_between_them() -> None:
    """The pause is between two requests to a host, whichever carrier they are for."""
    slept: list[float] = []
    settings = LookSettings(browser=False, budget=Budget(pause=timedelta(seconds=9), jitter=timedelta(0)))
    page = "https://www.own.invalid/{number}"
    known = {name: Carrier(id=name, name=name, page=page, looked=True) for name in ("one", "two")}
    one = PageLooker(settings, states={"one": CarrierState()}, known=known, sleep=slept.append)
    for name in known:
        one.look(NUMBER, name, None, NOW)
    one.close()
    assert [round(seconds) for seconds in slept] == [9]


def test_a_small_answer_cannot_unpack_to_a_big_one() -> None:
    """However it is packed, no more than what is wanted is unpacked; what was not asked for is refused."""
    zeros = zlib.compress(bytes(50_000_000), 9)
    with pytest.raises(TooBig):
        list(inflated([zeros], "deflate", 1_000_000))
    with pytest.raises(TooBig):
        list(inflated([bytes(600), bytes(600)], "", 1_000))
    with pytest.raises(Packed):
        list(inflated([gzip.compress(gzip.compress(b"x"))], "gzip, gzip", 1_000))
    with pytest.raises(Packed):
        list(inflated([b"no gzip at all"], "gzip", 1_000))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity", "raw deflate"])
def test_every_usual_packing_is_unpacked(encoding: str) -> None:
    """In pieces of any size; "deflate" with its wrapping or without, as servers differ."""
    body = b"parcel " * 5_000
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = {"gzip": gzip.compress(body), "deflate": zlib.compress(body), "identity": body}.get(encoding)
    packed = packed or raw.compress(body) + raw.flush()
    pieces = [packed[at : at + 100] for at in range(0, len(packed), 100)]
    assert b"".join(inflated(pieces, encoding.removeprefix("raw "), 100_000)) == body
