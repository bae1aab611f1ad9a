"""In which time a parcel can be searched for and claimed at its carrier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from agent.enquiries.offices import Times, office_of
from agent.enquiries.service import service_of
from agent.enquiries.span import Span, day_after
from agent.orders.order import Order, Shipment
from agent.risks.deadlines import is_plausible
from agent.risks.parcels import is_abroad
from agent.vocabulary.carriers import carrier
from agent.vocabulary.status import Reason
from agent.vocabulary.values import end_of


@dataclass(frozen=True, kw_only=True)
class ClaimWindow:
    """Aware times on the carrier's clock: days open at their midnight and close at their end. None: not known."""

    carrier: str
    name: str
    """Which of the carrier's rules holds, in its words."""
    trace_from: datetime | None = None
    claim_open: datetime | None = None
    claim_close: datetime | None = None
    figures: tuple[Span, ...] = ()
    """What it was counted from."""

    @property
    def confidence(self) -> str:
        """That of the weakest figure."""
        found = {span.confidence for span in self.figures}
        return next((word for word in ("low", "medium", "high") if word in found), "low")


def claim_window(order: Order, parcel: Shipment, now: datetime) -> ClaimWindow | None:
    """The parcel's window, or None where nobody knows the carrier's figures or nothing was handed over by `now`."""
    office, owner = office_of(parcel.carrier), carrier(parcel.carrier) if parcel.carrier else None
    if office is None or owner is None or parcel.first_scan_at is None or parcel.first_scan_at > now:
        return None
    abroad, service = is_abroad(order, parcel), (service_of(parcel) or "").lower()
    times = next((one for one in office.windows if _fits(one, abroad, service)), None)
    if times is None:
        return None
    until = times.damage_until if parcel.reason is Reason.DAMAGED and times.damage_until else times.claim_until
    starts = _starts(order, parcel, owner.zone)

    def day(span: Span | None) -> date | None:
        start = starts.get(span.counted_from) if span is not None else None
        return day_after(start, span, owner.country) if span is not None and start is not None else None

    found = (day(times.search_from), day(times.claim_from), day(until))
    if found == (None, None, None):
        return None
    opens, claim, closes = found
    spans = (times.search_from, times.claim_from, until)
    return ClaimWindow(
        carrier=owner.id,
        name=times.name,
        trace_from=_midnight(opens, owner.zone),
        claim_open=_midnight(claim, owner.zone),
        claim_close=end_of(closes, owner.zone) if closes else None,
        figures=tuple(span for span, at in zip(spans, found, strict=True) if span is not None and at is not None),
    )


def due_on(order: Order, parcel: Shipment) -> date | None:
    """The last day on which the parcel was expected: the carrier's word, else eBay's."""
    for window in (parcel.estimated_delivery, order.estimated_delivery):
        if window is not None and is_plausible(window.max):
            return window.max.date() if isinstance(window.max, datetime) else window.max
    return None


def _fits(times: Times, abroad: bool, service: str) -> bool:
    if times.abroad is not None and times.abroad != abroad:
        return False
    return not times.services or any(word in service for word in times.services)


def _starts(order: Order, parcel: Shipment, zone: tzinfo) -> dict[str, date]:
    known = {"due": due_on(order, parcel)}
    known["posting"] = parcel.first_scan_at.astimezone(zone).date() if parcel.first_scan_at else None
    known["delivery"] = parcel.delivered_at.astimezone(zone).date() if parcel.delivered_at else None
    return {name: on for name, on in known.items() if on is not None}


def _midnight(on: date | None, zone: tzinfo) -> datetime | None:
    return datetime.combine(on, time.min, tzinfo=zone) if on else None
