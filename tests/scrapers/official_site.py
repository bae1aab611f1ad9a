"""A site that stands for every official source at once: it wants the right key, counts, and answers as documented."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

KEY = "canary-Key/2026+orderwatch"
"""Holds what an address writes otherwise."""
CLIENT = {"client_id": "canary-client-0815", "client_secret": "canary-Secret/4711"}
TOKEN = "canary-token-" + "x" * 40

NUMBERS = {
    "dhl": "00340434123456789012",
    "laposte": "6A12345678901",
    "postnord": "LX473018652SE",
    "canada-post": "2012345678901235",
    "ups": "1Z77V4630312345670",
    "fedex": "771234567890",
    "usps": "9400111899563000485126",
    "17track": "LX473018652GB",
}
UNKNOWN = {
    "dhl": "00340434129996789017",
    "laposte": "6A99945678901",
    "canada-post": "2012345678909996",
    "ups": "1Z77V4630399999678",
    "fedex": "779994567895",
    "usps": "9400111899563999485121",
}
"""The stand-in knows none with `999` in it."""


@dataclass(frozen=True)
class Said:
    """What the stand-in was asked."""

    host: str
    path: str
    headers: Mapping[str, str]
    body: str = ""

    @property
    def number(self) -> str:
        return next((one for one in [*NUMBERS.values(), *UNKNOWN.values()] if one in self.path + self.body), "")

    @property
    def secrets(self) -> str:
        """Every credential in the question, as it came."""
        names = ("authorization", "dhl-api-key", "x-okapi-key", "17token")
        found = [value for name, value in self.headers.items() if name.lower() in names]
        return " ".join([*found, self.path, self.body])

    @property
    def unknown(self) -> bool:
        return "999" in self.number


Answer = tuple[int, str]


def dhl(said: Said) -> Answer:
    if said.headers.get("DHL-API-Key") != KEY:
        return 401, json.dumps({"title": "Unauthorized", "status": 401, "detail": f"no such key: {KEY}"})
    if said.unknown:
        return 404, json.dumps({"title": "No result found", "status": 404, "detail": "No shipment with this number."})
    event = {"statusCode": "transit", "status": "The shipment was sorted in the region of destination"}
    place = {"address": {"countryCode": "DE", "addressLocality": "Bremen"}}
    shipment = {
        "id": said.number,
        "service": "parcel-de",
        "status": {**event, "timestamp": "2026-11-18T04:12:00", "location": place},
        "destination": {"address": {"countryCode": "DE", "addressLocality": "Oldenburg"}},
        "details": {"reference": KEY},
        "events": [
            {**event, "timestamp": "2026-11-18T04:12:00", "location": place},
            {
                "statusCode": "pre-transit",
                "status": "The data of this shipment came",
                "timestamp": "2026-11-16T17:03:00",
            },
        ],
    }
    return 200, json.dumps({"shipments": [shipment]})


def laposte(said: Said) -> Answer:
    if said.headers.get("X-Okapi-Key") != KEY:
        return 401, json.dumps({"code": "UNAUTHORIZED", "message": "Unauthorized"})
    if said.unknown:
        return 404, json.dumps({"returnCode": 104, "returnMessage": "Numéro inconnu", "idShip": said.number})
    events = [
        {"code": "DI1", "label": "Votre colis est livré.", "date": "2026-11-18T11:20:00+01:00"},
        {"code": "PC1", "label": "Votre colis est pris en charge.", "date": "2026-11-16T16:00:00+01:00"},
    ]
    return 200, json.dumps({"returnCode": 200, "shipment": {"idShip": said.number, "event": events}})


def postnord(said: Said) -> Answer:
    if parse_qs(urlsplit(said.path).query).get("apikey") != [KEY]:
        return 403, json.dumps({"message": "Forbidden"})
    events = [
        {
            "eventTime": "2026-11-18T06:40:00",
            "eventCode": "30",
            "status": "EN_ROUTE",
            "eventDescription": "The item has arrived at the terminal",
            "location": {"displayName": "Malmö", "countryCode": "SE"},
        }
    ]
    item = {"itemId": said.number, "status": "EN_ROUTE", "events": events, "note": KEY}
    return 200, json.dumps({"TrackingInformationResponse": {"shipments": [{"shipmentId": "1", "items": [item]}]}})


def canada_post(said: Said) -> Answer:
    if not _basic(said):
        return 401, "<messages><message><code>E002</code><description>no</description></message></messages>"
    if said.unknown:
        return 404, (
            '<messages xmlns="http://www.canadapost.ca/ws/messages"><message><code>004</code>'
            "<description>No Pin History</description></message></messages>"
        )
    return 200, (
        '<tracking-detail xmlns="http://www.canadapost.ca/ws/track">'
        f"<pin>{said.number}</pin><expected-delivery-date>2026-11-20</expected-delivery-date><significant-events>"
        "<occurrence><event-identifier>0174</event-identifier><event-date>2026-11-18</event-date>"
        "<event-time>09:02:11</event-time><event-time-zone>EST</event-time-zone>"
        "<event-description>Item out for delivery</event-description>"
        "<event-site>KINGSTON</event-site><event-province>ON</event-province></occurrence>"
        "</significant-events></tracking-detail>"
    )


def ups(said: Said) -> Answer:
    if said.path.startswith("/security/v1/oauth/token"):
        return _token(said, seconds="14399") if _basic(said) else (401, '{"response":{"errors":[{"code":"10401"}]}}')
    if not _bearer(said):
        return 401, json.dumps({"response": {"errors": [{"code": "250002", "message": "Invalid Authentication"}]}})
    if said.unknown:
        return 404, json.dumps({"response": {"errors": [{"code": "TW0001", "message": "Tracking Info Not Found"}]}})
    status = {"type": "D", "description": "DELIVERED ", "code": "F4"}
    activity = {
        "location": {"address": {"city": "LEEDS", "countryCode": "GB"}},
        "status": status,
        "date": "20261118",
        "time": "101500",
    }
    package = {"trackingNumber": said.number, "currentStatus": {"description": "Delivered"}, "activity": [activity]}
    return 200, json.dumps({"trackResponse": {"shipment": [{"inquiryNumber": said.number, "package": [package]}]}})


def fedex(said: Said) -> Answer:
    if said.path.startswith("/oauth/token"):
        return _token(said, seconds=3599) if _form(said) else (401, '{"errors":[{"code":"NOT.AUTHORIZED.ERROR"}]}')
    if not _bearer(said):
        return 401, json.dumps({"errors": [{"code": "NOT.AUTHORIZED.ERROR"}]})
    if said.unknown:
        error = {"code": "TRACKING.TRACKINGNUMBER.NOTFOUND", "message": "Tracking number cannot be found."}
        found = {"trackingNumberInfo": {"trackingNumber": said.number}, "error": error}
    else:
        found = {
            "trackingNumberInfo": {"trackingNumber": said.number},
            "latestStatusDetail": {"code": "IT", "derivedCode": "IT", "statusByLocale": "In transit"},
            "scanEvents": [
                {
                    "date": "2026-11-18T03:10:00-06:00",
                    "eventType": "DP",
                    "eventDescription": "Departed FedEx location",
                    "scanLocation": {"city": "MEMPHIS", "stateOrProvinceCode": "TN", "countryCode": "US"},
                }
            ],
        }
    results = [{"trackingNumber": said.number, "trackResults": [found]}]
    return 200, json.dumps({"output": {"completeTrackResults": results}})


def usps(said: Said) -> Answer:
    if said.path.startswith("/oauth2/v3/token"):
        return _token(said, seconds=28799) if _form(said) else (401, '{"error":"invalid_client"}')
    if not _bearer(said):
        return 401, json.dumps({"error": {"code": "401", "message": "Unauthorized"}})
    if said.unknown:
        return 404, json.dumps({"apiVersion": "v3", "error": {"code": "404", "message": "A number nobody scanned"}})
    return 200, json.dumps(
        {
            "trackingNumber": said.number,
            "statusCategory": "In Transit",
            "status": "Arrived at USPS Regional Facility",
            "destinationZIP": "04101",
            "trackingEvents": [
                {
                    "eventType": "Arrived at USPS Regional Facility",
                    "eventTimestamp": "2026-11-18T05:44:00",
                    "eventCity": "PORTLAND",
                    "eventState": "ME",
                    "eventZIP": "04101",
                    "eventCode": "10",
                }
            ],
        }
    )


def track17(said: Said) -> Answer:
    if said.headers.get("17token") != KEY:
        return 200, json.dumps({"code": -18010002, "data": {"errors": [{"code": -18010002, "message": f"bad {KEY}"}]}})
    number = json.loads(said.body)[0]["number"]
    if said.path.endswith("/register"):
        Site.registered.add(number)
        return 200, json.dumps({"code": 0, "data": {"accepted": [{"number": number}], "rejected": []}})
    if number not in Site.registered:
        error = {"code": -18019902, "message": "The tracking number does not register, please register first."}
        return 200, json.dumps({"code": 0, "data": {"accepted": [], "rejected": [{"number": number, "error": error}]}})
    row = parcel17(number)
    return 200, json.dumps({"code": 0, "data": {"accepted": [row], "rejected": []}})


def parcel17(
    number: str, provider: str = "Royal Mail", status: tuple[str, str] = ("Delivered", "Delivered_Other")
) -> dict[str, Any]:
    """A number as `gettrackinfo` tells of it."""
    newest = {
        "time_iso": "2026-11-18T10:31:00Z",
        "time_utc": "2026-11-18T10:31:00Z",
        "time_raw": {"date": "2026-11-18", "time": "10:31:00", "timezone": None},
        "description": "Delivered and signed for",
        "location": "Truro",
        "stage": "Delivered",
        "sub_status": status[1],
        "address": {"country": "GB", "city": "Truro", "postal_code": None},
    }
    oldest = {
        "time_utc": "2026-11-16T15:00:00Z",
        "time_raw": {"date": "2026-11-16", "time": "15:00:00", "timezone": "+00:00"},
        "description": "Item received",
        "location": "Exeter",
        "stage": "PickedUp",
        "sub_status": "InTransit_PickedUp",
    }
    info = {
        "shipping_info": {"recipient_address": {"country": "GB", "city": "Truro", "postal_code": "TR1 2AA"}},
        "latest_status": {"status": status[0], "sub_status": status[1], "sub_status_descr": None},
        "latest_event": newest,
        "tracking": {"providers": [{"provider": {"key": 11031, "name": provider}, "events": [newest, oldest]}]},
    }
    return {"number": number, "carrier": 11031, "track_info": info}


SOURCES: Mapping[str, Callable[[Said], Answer]] = {
    "api-eu.dhl.com": dhl,
    "api.laposte.fr": laposte,
    "api2.postnord.com": postnord,
    "soa-gw.canadapost.ca": canada_post,
    "onlinetools.ups.com": ups,
    "apis.fedex.com": fedex,
    "apis.usps.com": usps,
    "api.17track.net": track17,
}


def _basic(said: Said) -> bool:
    pair = f"{CLIENT['client_id']}:{CLIENT['client_secret']}".encode()
    return said.headers.get("Authorization") == f"Basic {base64.b64encode(pair).decode()}"


def _form(said: Said) -> bool:
    form = parse_qs(said.body)
    return all(form.get(name) == [value] for name, value in CLIENT.items())


def _bearer(said: Said) -> bool:
    return said.headers.get("Authorization") == f"Bearer {TOKEN}" and not Site.recalled


def _token(said: Said, seconds: int | str) -> Answer:
    Site.recalled = False
    return 200, json.dumps({"access_token": TOKEN, "token_type": "Bearer", "expires_in": seconds})


@dataclass
class Overrule:
    """What a host answers whatever it is asked; `ECHO` in it is every secret that it was asked with."""

    status: int
    body: str = "{}"
    headers: Mapping[str, str] = field(default_factory=dict)


class Site(BaseHTTPRequestHandler):
    """The stand-in; hosts that are no official source's are carriers' pages, which refuse."""

    said: ClassVar[list[Said]] = []
    registered: ClassVar[set[str]] = set()
    recalled: ClassVar[bool] = False
    """Whether a token that was given is no longer good."""
    overruled: ClassVar[dict[str, Overrule]] = {}

    @classmethod
    def forget(cls) -> None:
        cls.said, cls.registered, cls.recalled, cls.overruled = [], set(), False, {}

    def do_GET(self) -> None:
        host = self.headers.get("Host", "")
        length = int(self.headers.get("Content-Length") or 0)
        said = Said(host, self.path, dict(self.headers.items()), self.rfile.read(length).decode())
        Site.said.append(said)
        if host in Site.overruled:
            over = Site.overruled[host]
            headers = {name: value.replace("ECHO", said.secrets) for name, value in over.headers.items()}
            return self._answer(over.status, over.body.replace("ECHO", said.secrets), headers)
        if host in SOURCES:
            return self._answer(*SOURCES[host](said))
        if self.path == "/robots.txt":
            return self._answer(404, "")
        return self._answer(403, "<html><body><h1>Access denied</h1></body></html>")

    do_POST = do_GET  # noqa: N815 -- the base class looks it up by this name

    def _answer(self, status: int, body: str, headers: Mapping[str, str] | None = None) -> None:
        raw = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if body.startswith("{") else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("X-Echo", Site.said[-1].secrets)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        """Quiet."""
