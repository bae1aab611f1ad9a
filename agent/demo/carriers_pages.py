"""What the carriers of the sample shop answer: pure, a request in and an answer out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jinja2

from agent.demo.story import Page, Parcel, Row, ShopOrder, Story


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    body: bytes


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A request, and the story at its time."""

    path: str
    query: dict[str, str]
    story: Story
    now: datetime
    browser: bool

    def parcel(self, carrier: str, number: str) -> tuple[ShopOrder, Parcel, Page] | None:
        for order in self.story.orders:
            parcel = order.parcel
            if parcel and parcel.page and (parcel.carrier, parcel.number) == (carrier, number):
                return order, parcel, parcel.page
        return None

    def rows(self, carrier: str, number: str) -> tuple[Row, ...]:
        """What had happened to a parcel by now, oldest first; empty for one that the carrier does not know."""
        found = self.parcel(carrier, number)
        return found[2].until(self.now) if found else ()


def answer(story: Story, now: datetime, host: str, target: str, *, browser: bool = True) -> Answer:
    """What `host` (a name, perhaps with a port) answers at `now` to a GET of `target` by a browser, or by none."""
    split = urlsplit(target)
    if split.path == "/robots.txt":
        return Answer(media_type="text/plain", body=b"User-agent: *\nAllow: /\n")
    query = {key: values[0] for key, values in parse_qs(split.query).items()}
    name = host.partition(":")[0].lower()
    asked = _Asked(path=split.path, query=query, story=story, now=now, browser=browser)
    site = _SITES.get(name)
    given = site(asked) if site else None
    return given or Answer(status=404, media_type="text/plain", body=b"No such page.\n")


def _usps(asked: _Asked) -> Answer | None:
    if asked.path != "/go/TrackConfirmAction":
        return None
    if not asked.browser:
        return _refused(asked)  # as the real one does
    number = _digits_and_letters(asked.query.get("tLabels") or asked.query.get("qtc_tLabels1") or "")
    rows = asked.rows("usps", number)
    status = _usps_status(rows[-1].words) if rows else ""
    banner = f"Your item's latest status is: {rows[-1].words}." if rows else ""
    return _html("usps", number=number, rows=rows, status=status, banner=banner)


def _usps_status(words: str) -> str:
    """The heading that USPS prints over its latest row."""
    for start, status in (
        ("Shipping Label Created", "Pre-Shipment"),
        ("Delivered", "Delivered"),
        ("Out for Delivery", "Out for Delivery"),
        ("USPS in possession", "Accepted"),
    ):
        if words.startswith(start):
            return status
    return "In Transit"


def _dhl(asked: _Asked) -> Answer | None:
    if asked.path.endswith("/dhl-sendungsverfolgung.html"):
        return _html("dhl")
    if asked.path == "/int-verfolgen/data/config":
        return _json({"sprache": "de", "sitzungMinuten": 120})
    if asked.path == "/int-verfolgen/data/search":
        return _json({"sendungen": [_dhl_parcel(asked, _digits_and_letters(asked.query.get("piececode", "")))]})
    return None


def _dhl_parcel(asked: _Asked, number: str) -> dict[str, Any]:
    rows = asked.rows("dhl-paket-de", number)
    if not rows:
        return {"id": number, "hasCompleteDetails": False, "sendungNichtGefunden": {"keineDatenVerfuegbar": True}}
    found = asked.parcel("dhl-paket-de", number)
    delivered = bool(found and found[2].delivered and rows == found[2].rows)
    events = [
        {"datum": row.at.isoformat(), "status": row.words, **({"ort": row.details[0]} if row.details else {})}
        for row in rows
    ]
    return {
        "id": number,
        "hasCompleteDetails": True,
        "sendungsinfo": {"gesuchteSendungsnummer": number},
        "sendungsdetails": {
            "sendungsnummern": {"sendungsnummer": number},
            "sendungsverlauf": {
                "datumAktuellerStatus": rows[-1].at.isoformat(),
                "aktuellerStatus": rows[-1].words,
                "kurzStatus": "Zustellung erfolgreich" if delivered else "Transport",
                "fortschritt": 5 if delivered else 2,
                "maximalFortschritt": 5,
                "events": events,
            },
            "istZugestellt": delivered,
            "ruecksendung": False,
        },
    }


def _postnl(asked: _Asked) -> Answer | None:
    api = re.fullmatch(r"/track-and-trace/api/trackAndTrace/(\w+)(?:-[A-Z]{2}-\w+)?", asked.path)
    if api is None:
        return _html("postnl") if asked.path.startswith("/track-and-trace/") else None
    number = api[1]
    rows = asked.rows("postnl", number)
    found = asked.parcel("postnl", number)
    if found is None or not rows:
        return _json({"colli": {}})
    order, _, page = found
    address = order.buyer.address
    observations = [
        {"observationDate": row.at.isoformat(), "observationCode": row.details[0], "description": row.words}
        for row in rows
    ]
    postcode = (address.postcode or "").replace(" ", "")
    parcel = {
        "barcode": number,
        "identification": f"{number}-{address.country}-{postcode}",
        "recipient": {"address": {"postalCode": postcode, "town": address.city, "country": address.country}},
        "eta": None,
        "isDelivered": page.delivered and rows == page.rows,
        "deliveryDate": None,
        "isAtRetailLocation": False,
        "isReturnShipment": False,
        "statusPhase": {"index": 2 if len(rows) > 1 else 1, "message": rows[-1].words, "route": None},
        "lastObservation": rows[-1].at.isoformat(),
        "observations": observations[::-1],
        "analyticsInfo": {"allObservations": observations, "shipmentStage": "InTransit"},
    }
    return _json({"colli": {number: parcel}})


def _japan_post(asked: _Asked) -> Answer | None:
    if not asked.path.startswith("/services/srv/search"):
        return None
    number = _digits_and_letters(asked.query.get("reqCodeNo1", ""))
    return _html("japan_post", number=number, rows=asked.rows("japan-post", number))


def _refused(_: _Asked) -> Answer:
    return Answer(status=403, body=_html("refused").body)


_SITES: dict[str, Callable[[_Asked], Answer | None]] = {
    "tools.usps.com": _usps,
    "www.dhl.de": _dhl,
    "jouw.postnl.nl": _postnl,
    "trackings.post.japanpost.jp": _japan_post,
    "www.ups.com": _refused,
    "webapis.ups.com": _refused,
}


def _digits_and_letters(text: str) -> str:
    """A number as it was asked for, without anything that could be markup."""
    return re.sub(r"[^0-9A-Za-z]", "", text)


def _json(data: Any) -> Answer:
    return Answer(media_type="application/json", body=json.dumps(data, ensure_ascii=False).encode())


def _html(name: str, **values: Any) -> Answer:
    return Answer(body=_templates().get_template(f"{name}.html.j2").render(values).encode())


@cache
def _templates() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("agent.demo", "shop/pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["clock"] = _clock
    return env


def _clock(at: datetime) -> str:
    """A local time as USPS prints it: November 23, 2026, 6:27 pm."""
    half = "am" if at.hour < 12 else "pm"
    return f"{at:%B} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M} {half}"
