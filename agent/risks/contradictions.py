"""Two sources tell different things of one parcel. Neither is believed over the other: both stand in the sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agent.orders.order import Order, Shipment, Stray
from agent.orders.shipment import of_page, scanned_at
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_deadline
from agent.risks.risk import Risk
from agent.risks.sentences import carrier_name, day, distinct, parcel_name, site_day
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import TrackingStatus

_MOVING = frozenset(
    {
        TrackingStatus.INFO_RECEIVED,
        TrackingStatus.IN_TRANSIT,
        TrackingStatus.OUT_FOR_DELIVERY,
        TrackingStatus.DELIVERY_ATTEMPTED,
        TrackingStatus.AVAILABLE_FOR_PICKUP,
        TrackingStatus.EXCEPTION,
    }
)
"""What no parcel is once it is delivered, a return apart."""
_STRAYED = {
    "another_parcel": "which is another parcel of this order",
    "circle": "which it came from",
    "too_many": "after more hand-overs than a parcel has",
}


@risk
def contradictory_tracking(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A mail says delivered and a later page does not; a parcel is scanned after its delivery; a hand-over misleads."""
    if is_settled(order):
        return
    for parcel in order.shipments:
        yield from _mail_against_page(order, parcel, timers)
        yield from _scanned_again(order, parcel, timers)
        for stray in parcel.strays:
            yield _strayed(order, parcel, stray, timers)


def _mail_against_page(order: Order, parcel: Shipment, timers: Timers) -> Iterator[Risk]:
    page = parcel.last_read
    if parcel.status is not TrackingStatus.DELIVERED or page is None or page.status not in _MOVING:
        return
    told = [row for row in parcel.scans if row.status is TrackingStatus.DELIVERED]
    if not told or any(of_page(row) for row in told):
        return
    mail, at = told[-1], scanned_at(told[-1], parcel)
    if at is None or _leg_of(page.tracking_number, parcel) < _leg_of(mail.tracking_number, parcel):
        return  # the page of a carrier that handed it over need not know
    if page.at < at + timers.page_lags:
        return
    yield _contradiction(
        order,
        parcel,
        since=at + timers.page_lags,
        episode=f"{parcel.tracking_number}:delivered:{at.isoformat()}",
        because=(mail.source, page.source),
        summary=f"{carrier_name(parcel)}'s mail says that the {parcel_name(parcel)} was delivered on {day(at)}; "
        f"the page of {site_day(page.at, order)} still says {_words(page.status)}.",
        advice="Open the carrier's page yourself, and ask the carrier before you tell the buyer that it has arrived.",
        timers=timers,
    )


def _scanned_again(order: Order, parcel: Shipment, timers: Timers) -> Iterator[Risk]:
    if parcel.status not in _MOVING:
        return
    timed = [(at, row) for row in parcel.scans if (at := scanned_at(row, parcel))]
    delivered = max(((at, row) for at, row in timed if row.status is TrackingStatus.DELIVERED), key=_time, default=None)
    if delivered is None:
        return
    later = [one for one in timed if one[1].status in _MOVING and _is_after(one, delivered, parcel, timers)]
    if not later:
        return
    (gone_at, gone), (at, again) = delivered, min(later, key=_time)
    place = f" in {again.location}" if again.location and str(again.location) else ""
    yield _contradiction(
        order,
        parcel,
        since=at,
        episode=f"{parcel.tracking_number}:again:{gone_at.isoformat()}",
        because=(gone.source, again.source),
        summary=f"The {parcel_name(parcel)} was delivered on {day(gone_at)}, {_teller(gone, order)} says, and on "
        f"{day(at)} it was scanned again{place} ({_words(again.status)}), {_teller(again, order)} says.",
        advice="Ask the carrier where it is; do not call it delivered until it is settled.",
        timers=timers,
    )


def _is_after(
    one: tuple[datetime, TrackingUpdate], delivered: tuple[datetime, TrackingUpdate], parcel: Shipment, timers: Timers
) -> bool:
    """Later by one clock; mails and pages may print different ones. After a hand-over the next carrier goes on."""
    (at, row), (gone_at, gone) = one, delivered
    if row.status is TrackingStatus.INFO_RECEIVED or _leg_of(row.tracking_number, parcel) > _leg_of(
        gone.tracking_number, parcel
    ):
        return False
    return at > (gone_at if of_page(row) == of_page(gone) else gone_at + timers.around_delivery)


def _strayed(order: Order, parcel: Shipment, stray: Stray, timers: Timers) -> Risk:
    """A hand-over that was not followed changes nothing of what is known, so nothing is contested."""
    which = _STRAYED.get(stray.why) or f"which is that of order {', '.join(stray.order_ids[:3])}"
    return Risk(
        id="contradictory_tracking",
        severity="P3" if stray.why == "another_order" else "P4",
        since=stray.at,
        episode=f"{parcel.tracking_number}:{stray.why}:{stray.tracking_number}",
        because=distinct((stray.source,)),
        summary=f"{carrier_name(parcel)} says that the {parcel_name(parcel)} goes on as {stray.tracking_number}, "
        f"{which}: that number is not followed.",
        advice="Open the carrier's page, and look under which number the parcel goes on.",
        tracking_number=parcel.tracking_number,
    )


def _contradiction(
    order: Order,
    parcel: Shipment,
    *,
    since: datetime,
    episode: str,
    because: tuple[str, ...],
    summary: str,
    advice: str,
    timers: Timers,
) -> Risk:
    return Risk(
        id="contradictory_tracking",
        severity="P2",
        since=since,
        episode=episode,
        deadline=business_deadline(since, 1, order.site, margin=timers.margin),
        because=distinct(because),
        summary=summary,
        advice=advice,
        tracking_number=parcel.tracking_number,
        contests=(parcel.tracking_number,),
    )


def _leg_of(number: str, parcel: Shipment) -> int:
    return parcel.numbers.index(number) if number in parcel.numbers else 0


def _teller(row: TrackingUpdate, order: Order) -> str:
    """Who told a row: `the mail`, `the page of 4 November`."""
    if not of_page(row):
        return "the carrier's mail"
    return f"the page of {site_day(row.seen_at, order)}" if row.seen_at else "the carrier's page"


def _time(one: tuple[datetime, TrackingUpdate]) -> datetime:
    return one[0]


def _words(status: TrackingStatus) -> str:
    return status.value.replace("_", " ")
