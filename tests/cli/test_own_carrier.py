"""A carrier that nobody taught us: one data file, one page reader, one saved page, dropped into a seller's folder."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from agent.vocabulary.data import use

Command = Callable[..., Any]
DATA = r"""
id: swift-parcel
name: Swift Parcel
country: GB
zone: Europe/London
numbers: [{name: own, pattern: 'SWP\d{9}', confidence: 0.9}]
page: https://www.swiftparcel.example/find/{number}
page_hosts: [www.swiftparcel.example]
looked: true
codes: {Q7: delivered/safe_place, Q2: in_transit}
"""
READER = '''
"""Swift Parcel: the JSON behind its page."""

from scrapers.reading import clock
from scrapers.carriers import Call, NotFound, Unreadable, Visit, carrier
from scrapers.reading.judged import by_code, newest, newest_first, scan
from scrapers.look import Tracked


@carrier("swift-parcel")
class SwiftParcel:
    def visit(self, number, postcode):
        site = "https://www.swiftparcel.example"
        return Visit(url=f"{site}/find/{number}", data=Call(url=f"{site}/api/find", json={"parcel": number}))

    def parse(self, document, number):
        found = document.data
        if not isinstance(found, dict) or "parcel" not in found:
            raise Unreadable("no parcel in the answer")
        if found["parcel"] is None:
            raise NotFound("parcel: null")
        scans = newest_first([
            scan(one["said"], moment=clock.moment(one["when"]), raw_time=one["when"], location=one["where"],
                 code=one["code"], judged=by_code("swift-parcel", one["code"]))
            for one in found["steps"]
        ])
        said = newest(scans)
        return (Tracked(tracking_number=found["parcel"], carrier="swift-parcel", status=said.status,
                        reason=said.reason, classified_by=said.by, scans=scans),)
'''
ANSWER = {
    "parcel": "SWP123456789",
    "steps": [
        {"when": "2026-11-17 08:12", "where": "Leeds", "code": "Q2", "said": "Humming along"},
        {"when": "2026-11-18 14:40", "where": "York", "code": "Q7", "said": "Tucked in"},
    ],
}


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    yield
    use({})


@pytest.fixture
def config(write_config: Callable[..., Path], tmp_path: Path) -> Path:
    """A configuration with the three files beside it."""
    (tmp_path / "carriers").mkdir()
    (tmp_path / "carriers" / "swift-parcel.yaml").write_text(DATA)
    (tmp_path / "carriers" / "swift_parcel.py").write_text(READER)
    (tmp_path / "saved.json").write_text(json.dumps(ANSWER))
    return write_config()


def test_a_saved_page_is_read_by_the_carriers_own_codes(command: Command, config: Path) -> None:
    """Words that nobody knows become a status through the codes of the data file; without it the page stays unread."""
    saved = config.parent / "saved.json"
    stranger = command("page", saved, "--json").json
    read = command("page", saved, "--carrier", "swift-parcel", "--json", "--config", config).json

    assert stranger["outcome"] == "layout_changed"
    assert (read["outcome"], read["reader"], read["status"]) == ("read", "carrier", "delivered")
    assert [event["status"] for event in read["events"]] == ["delivered", "in_transit"]
    assert {event["classified_by"] for event in read["events"]} == {"code"}


class Site(BaseHTTPRequestHandler):
    """Answers a POST alone, as the carrier's API would."""

    asked: list[tuple[str, str, bytes]]

    def do_GET(self) -> None:
        self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.headers["Host"], self.path, body))
        answer = json.dumps(ANSWER).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_the_carrier_is_looked_at(command: Command, config: Path, site: ThreadingHTTPServer) -> None:
    """`look` asks the address that the page reader builds, and nobody else."""
    text = config.read_text().replace("enabled: false", f"connect_to: 127.0.0.1:{site.server_port}")
    config.write_text(text)
    done = command("look", "SWP123456789", "--json", "--config", config).json

    assert (done["outcome"], done["carrier"], done["status"]) == ("read", "swift-parcel", "delivered")
    assert Site.asked == [("www.swiftparcel.example", "/api/find", b'{"parcel":"SWP123456789"}')]


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [("x = (", 2, "carriers/swift_parcel.py"), ("import nothing_such", 3, "swift_parcel.py cannot be loaded")],
)
def test_a_broken_page_reader_is_named(command: Command, config: Path, text: str, code: int, told: str) -> None:
    """`check` says which of the seller's page readers cannot be used."""
    (config.parent / "carriers" / "swift_parcel.py").write_text(text)
    done = command("check", "--config", config)

    assert done.code == code
    assert told in " ".join((done.out + done.err).split())


def test_a_page_reader_that_breaks_leaves_the_page_to_the_generic_one(
    command: Command, config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its mistake is told with file and line; the page is read all the same, and nothing ends in a traceback."""
    (config.parent / "carriers" / "swift_parcel.py").write_text(
        READER.replace("found = document.data", "found = 1 / 0")
    )
    rows = "<tr><td>2026-11-18 14:40</td><td>Delivered</td></tr><tr><td>2026-11-17 08:12</td><td>In transit</td></tr>"
    saved = config.parent / "saved.html"
    saved.write_text(f"<h1>Tracking number: SWP123456789</h1><p>Hello</p><table>{rows}</table>")
    done = command("page", saved, "--carrier", "swift-parcel", "--json", "--config", config)

    assert (done.code, done.json["reader"], done.json["status"]) == (0, "generic", "delivered")
    assert "swift_parcel.py, line" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "Traceback" not in caplog.text + done.err


def test_check_names_a_page_reader_that_cannot_say_how_to_ask(command: Command, config: Path) -> None:
    """Before the first round needs it, and beside everything else that it checks."""
    (config.parent / "carriers" / "swift_parcel.py").write_text(
        READER.replace("        site =", "        1 / 0\n        site =")
    )
    config.write_text(config.read_text().replace("enabled: false", "connect_to: 127.0.0.1:9"))
    found = command("check", "--json", "--config", config).json["findings"]
    (swift,) = [one for one in found if one["what"] == "looks, Swift Parcel"]

    assert swift["verdict"] == "warning"
    assert "the page reader of swift-parcel broke: ZeroDivisionError" in swift["words"]
    assert any("connect_to is for tests and demo" in one["words"] for one in found)
