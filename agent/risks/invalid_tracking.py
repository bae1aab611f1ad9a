"""The number cannot be this order's parcel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agent.orders.order import Order, Shipment
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_deadline
from agent.risks.parcels import is_scanned, issuing_country, was_read_recently
from agent.risks.risk import Risk
from agent.risks.sentences import carrier_name, day, distinct, parcel_name, seen, site_day, sources
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.risks.transit import handed_over_by
from agent.verification.printed import taken_apart
from agent.verification.programmes import programme_of
from agent.verification.words import country_code, country_name
from agent.vocabulary.carriers import related
from agent.vocabulary.marketplaces import marketplaces
from agent.vocabulary.numbers import candidates
from agent.vocabulary.status import LookOutcome, TrackingStatus


@dataclass(frozen=True)
class _Wrong:
    since: datetime
    why: str
    contested: bool = False
    """Whether what the carrier tells under the number is another parcel's."""


@risk
def invalid_tracking(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Wrong check digit, scans before the sale or in a foreign country, another buyer's number too, or unknown."""
    if is_settled(order):
        return
    for parcel in order.shipments:
        wrong = _what_is_wrong(order, parcel, clock, timers)
        if wrong is None:
            continue
        yield Risk(
            id="invalid_tracking",
            severity="P2",
            since=wrong.since,
            episode=parcel.tracking_number,
            deadline=business_deadline(wrong.since, 1, order.site, margin=timers.margin),
            because=distinct((*seen(parcel), *parcel.origins[-1:], *sources(order, "sold_at"))),
            summary=wrong.why,
            advice="Compare the number with the label and correct it in eBay: a wrong number protects nobody.",
            tracking_number=parcel.tracking_number,
            contests=(parcel.tracking_number,) if wrong.contested else (),
        )


def _what_is_wrong(order: Order, parcel: Shipment, clock: Clock, timers: Timers) -> _Wrong | None:
    known = parcel.known_since or order.sold_at
    if known is None:
        return None
    first, sold = parcel.first_scan_at, order.sold_at
    if first is not None and sold is not None and first < sold - timers.before_sale:
        return _Wrong(
            max(known, sold),
            f"The {parcel_name(parcel)} was scanned on {day(first)}, before the sale on {site_day(sold, order)}: "
            "the number is another parcel's.",
            contested=True,
        )
    if parcel.shared_with:
        others = f"order{'s' if len(parcel.shared_with) > 1 else ''} {', '.join(parcel.shared_with[:3])}"
        return _Wrong(
            known,
            f"This order names the {parcel_name(parcel)}, and so does {others}, for another buyer or address: "
            "of one of them the number is wrong.",
            contested=True,
        )
    if (abroad := _foreign(order, parcel, timers)) is not None:
        return _Wrong(max(known, sold or known), f"{abroad}: the number may be another parcel's.", contested=True)
    if is_scanned(parcel) or parcel.status is not TrackingStatus.UNKNOWN:
        return None  # the carrier knows the number, whatever its digits say
    if fails_check(parcel):
        return _Wrong(known, f"The number {parcel.tracking_number} fails {carrier_name(parcel)}'s own check digit.")
    start = handed_over_by(order, parcel, timers)
    if start is None or parcel.last_look is None or parcel.last_look.outcome is not LookOutcome.NOT_FOUND:
        return None
    since = start + timers.not_found
    if clock.passed(since) and was_read_recently(parcel, clock, timers):
        return _Wrong(
            since,
            f"{carrier_name(parcel)} does not know the number {parcel.tracking_number}, though the parcel should "
            f"have been handed over by {site_day(start, order)}.",
        )
    return None


def _foreign(order: Order, parcel: Shipment, timers: Timers) -> str | None:
    """That it began in a country that it cannot come from, or goes to one that the buyer does not live in.

    It comes from where the seller sends from, as far as that is configured, else from the issuing post's country of a
    UPU S10 number. A page of the buyer's own post shows its own scans alone, so those say nothing.
    """
    buyer = country_code(order.ship_to.country) if order.ship_to else None
    programme = programme_of(order)
    sent_from = {code for name in timers.ships_from if (code := country_code(name))}
    issued_in = issuing_country(parcel.tracking_number)
    home = sent_from or ({issued_in} if issued_in else set())
    seen_in = [
        code
        for row in reversed(parcel.scans)
        if row.status is not TrackingStatus.INFO_RECEIVED and row.location
        if (code := country_code(taken_apart(row.location).country))
    ]
    if home and seen_in and seen_in[0] not in home | {buyer} and home.isdisjoint(seen_in):
        began = country_name(seen_in[0])
        return f"The {parcel_name(parcel)} was first scanned in {began}, and it should come from {_any(home)}"
    goes_to = country_code(parcel.destination.country) if parcel.destination else None
    if programme is not None or goes_to is None or buyer is None or goes_to in home | {buyer, _site_country(order)}:
        return None
    return f"The {parcel_name(parcel)} goes to {country_name(goes_to)}, and the buyer lives in {country_name(buyer)}"


def _site_country(order: Order) -> str | None:
    """The first leg of a parcel abroad may go to a hub at home."""
    site = marketplaces().get(order.site or "")
    return site.country if site else None


def _any(countries: set[str]) -> str:
    return " or ".join(sorted(map(country_name, countries)))


def fails_check(parcel: Shipment) -> bool:
    """Whether every format of the declared carrier that the number has the shape of has a check digit, and it fails."""
    if parcel.carrier is None:
        return False
    own = [
        candidate
        for candidate in candidates(parcel.tracking_number, declared=parcel.carrier)
        if related(candidate.carrier, parcel.carrier)
    ]
    return bool(own) and all(candidate.checksum == "fail" for candidate in own)
