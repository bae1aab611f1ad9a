"""17TRACK's API v2.2, an aggregator, with the security key of a seller's own account (api.17track.net).

A number is registered once, which its plan counts, and then asked for. It finds the carrier itself where it is not
told: an answer that names another one than was asked about is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.carriers import related
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Moment, Place, Window
from scrapers.carriers import Call, Inconclusive, Refused, Unreadable
from scrapers.look import Scan, Tracked
from scrapers.official import Asked, Official, Secrets
from scrapers.reading import clock, dig
from scrapers.reading.document import Document
from scrapers.reading.identity import same_number
from scrapers.reading.judged import UNKNOWN, Judged, scan, words
from scrapers.reading.onward import next_carrier, onward
from scrapers.reading.verdict import judge
from scrapers.reading.weighed import in_order, weighed

_SITE = "https://api.17track.net/track/v2.2"
_ENDS = {TrackingStatus.DELIVERED, TrackingStatus.RETURNED}
MOST_EVENTS = 500


@cache
def _data() -> Mapping[str, Any]:
    text = resources.files("scrapers.official").joinpath("track17.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = parse_yaml(text)
    return loaded


def _meant(*codes: str) -> Judged:
    """What the first of these codes means that is known."""
    for code in codes:
        said = _data()["statuses"].get(code)
        if said:
            status, _, reason = said.partition("/")
            return Judged(TrackingStatus(status), Reason(reason) if reason else None, "code")
    return UNKNOWN


# --- asking -----------------------------------------------------------------------------------------------------


def _call(asked: Asked, secrets: Secrets) -> Call:
    """Asks for the number; where nobody registered it yet, registers it and asks again."""

    def register(document: Document) -> Call | None:
        code = _error(document, asked)
        return _request("register", asked, secrets, then=again) if code in _data()["errors"]["unregistered"] else None

    def again(document: Document) -> Call | None:
        code = _error(document, asked)
        done = code is None or code in _data()["errors"]["registered"]
        return _request("gettrackinfo", asked, secrets) if done else None

    return _request("gettrackinfo", asked, secrets, then=register)


def _request(what: str, asked: Asked, secrets: Secrets, then: Callable[[Document], Call | None] | None = None) -> Call:
    known = _data()["carriers"].get(asked.carrier)
    parcel = {"number": asked.number, **({"carrier": known} if known else {})}
    return Call(url=f"{_SITE}/{what}", headers={"17token": secrets["key"]}, json=[parcel], then=then)


def _error(document: Document, asked: Asked) -> int | None:
    """The error code of the request, or of the number in it; None: there is none."""
    code = dig.text(document.data, "code")
    found = [code] if code not in ("", "0") else []
    found += [dig.text(error, "code") for error in dig.rows(document.data, "data.errors", "errors")]
    for row in dig.rows(document.data, "data.rejected"):
        if same_number(dig.text(row, "number"), asked.number):
            found.append(dig.text(row, "error.code"))
    return next((int(one) for one in found if one.lstrip("-").isdigit() and len(one) < 20), None)


# --- reading ----------------------------------------------------------------------------------------------------


def _parse(document: Document, asked: Asked) -> tuple[Tracked, ...]:
    code, errors = _error(document, asked), _data()["errors"]
    accepted = [
        row
        for row in dig.rows(document.data, "data.accepted")
        if same_number(dig.text(row, "number"), asked.number) and dig.part(row, "track_info")
    ]
    if accepted:
        return tuple(_parcel(row, dig.part(row, "track_info"), asked) for row in accepted)
    if code in errors["refused"]:
        raise Refused(f"error {code}: the key was refused")
    if code in errors["spent"]:
        raise Refused(f"error {code}: its plan has no request left")
    if code is not None and code not in errors["nothing_yet"]:
        raise Inconclusive(f"error {code}")
    raise Inconclusive("it has nothing of this number yet")


def _parcel(row: Mapping[str, Any], info: Mapping[str, Any], asked: Asked) -> Tracked:
    providers = dig.rows(info, "tracking.providers")
    _same_carrier(providers, asked)
    scans = _scans(providers)
    status, sub = dig.text(info, "latest_status.status"), dig.text(info, "latest_status.sub_status")
    if not scans:
        raise Inconclusive(f"it has nothing of this number yet ({sub or status or 'no status'})")
    said = dig.text(info, "latest_event.description") or None
    verdict = judge(scans, said=said, coded=_meant(sub, status))
    to = dig.part(info, "shipping_info.recipient_address")
    city, postcode, country = (dig.text(to, name) or None for name in ("city", "postal_code", "country"))
    first, last = (
        clock.moment(dig.value(info, f"time_metrics.estimated_delivery_date.{end}")) for end in ("from", "to")
    )
    early, late = first or last, last or first
    return Tracked(
        tracking_number=dig.text(row, "number"),
        carrier=asked.carrier,
        status=verdict.status,
        reason=verdict.reason,
        headline=said,
        classified_by=verdict.by,
        estimated_delivery=Window(early, late) if early and late and verdict.status not in _ENDS else None,
        scans=scans,
        onward=onward(
            dig.text(info, "misc_info.local_number"), dig.text(info, "misc_info.local_provider"), asked.number
        ),
        destination=Place(city=city, postcode=postcode, country=country) if city or postcode or country else None,
    )


def _same_carrier(providers: Sequence[Mapping[str, Any]], asked: Asked) -> None:
    """Raises Unreadable where every carrier that it found is another one than was asked about."""
    names = [dig.text(one, "provider.name") or dig.text(one, "provider.alias") for one in providers]
    found = [_known(name) for name in names]
    if found and all(one is not None and not related(one, asked.carrier) for one in found):
        raise Unreadable(f"it took the number for one of {', '.join(names)}"[:200])


def _known(name: str) -> str | None:
    """A carrier of ours by its name alone."""
    known = find_carrier(name) if name else None
    return known.id if known else next_carrier(name, "")


def _scans(providers: Sequence[Mapping[str, Any]]) -> tuple[Scan, ...]:
    """Every carrier's rows, newest first; those of a later leg come first where the clocks do not tell."""
    timed = [
        (dig.text(event, "time_utc"), _scan(event))
        for provider in providers
        for event in dig.rows(provider, "events")[:MOST_EVENTS]
        if dig.text(event, "description")
    ]
    if all(at for at, _ in timed):
        timed.sort(key=lambda one: one[0], reverse=True)
        return tuple(dict.fromkeys(one for _, one in timed))
    return in_order(list(dict.fromkeys(one for _, one in timed)))


def _scan(event: Mapping[str, Any]) -> Scan:
    said = dig.text(event, "description")
    moment, raw = _moment(event)
    city, postcode, country = (
        dig.text(event, f"address.{name}") or None for name in ("city", "postal_code", "country")
    )
    coded = _meant(dig.text(event, "sub_status"), dig.text(event, "stage"))
    return scan(
        said,
        moment=moment,
        raw_time=raw,
        location=dig.text(event, "location") or None,
        place=Place(city=city, postcode=postcode, country=country) if city or postcode or country else None,
        code=dig.text(event, "sub_status", "stage") or None,
        judged=weighed(coded, words(said)),
    )


def _moment(event: Mapping[str, Any]) -> tuple[Moment | None, str | None]:
    """The carrier's own clock with the offset that it printed; `time_iso` has one even where nobody printed any."""
    parts = [dig.text(event, f"time_raw.{name}") for name in ("date", "time", "timezone")]
    raw = f"{parts[0]}T{parts[1]}{parts[2]}" if parts[0] and parts[1] else parts[0] or dig.text(event, "time_iso")
    return (clock.moment(raw) if raw else None), raw or None


SOURCE = Official(
    id="17track",
    name="17TRACK",
    wants=("key",),
    hosts=("api.17track.net",),
    call=_call,
    parse=_parse,
    a_day=100,
    pause=1.0,
)
