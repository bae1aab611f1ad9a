"""The carrier has the parcel, and eBay may not know its number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from agent.orders.order import Order
from agent.risks.catalogue import risk
from agent.risks.clauses import upload_limit
from agent.risks.clock import Clock
from agent.risks.deadlines import combine
from agent.risks.parcels import is_scanned, live_parcels
from agent.risks.risk import Risk
from agent.risks.sentences import carrier_name, day, distinct, seen, site_day, sources
from agent.risks.standing import is_settled, open_cases
from agent.risks.timers import Timers
from agent.rules import figure
from agent.vocabulary.marketplaces import marketplace


@risk
def tracking_not_uploaded(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A parcel is on its way by its carrier's word, and no mail of eBay ever named its number.

    A number that stands in a message does not count (eBay seller protection). It is a fact where eBay reminded to ship
    after the carrier had the parcel; else eBay may know it without having written, and once it is delivered nothing is
    said. With the buyer's window for a request it is over.
    """
    limit = upload_limit(order)
    if is_settled(order) or limit is None:
        return
    over = limit + timedelta(days=figure(order.site, "inr_window_days").value)
    for parcel in order.shipments:
        since = parcel.first_scan_at or parcel.known_since
        if parcel.uploaded_at is not None or since is None or not is_scanned(parcel):
            continue
        reminded = order.reminded_at is not None and order.reminded_at > since
        if not (reminded or parcel in live_parcels(order)) or (not open_cases(order, "inr") and clock.passed(over)):
            continue
        told = f"eBay reminded you on {site_day(order.reminded_at, order)} to ship" if order.reminded_at else ""
        yield Risk(
            id="tracking_not_uploaded",
            severity="P2" if reminded else "P3",
            since=since,
            episode=parcel.tracking_number,
            deadline=combine(limit, limit, None, marketplace(order.site), timers.margin),
            because=distinct((*seen(parcel), *(sources(order, "reminded_at") if reminded else ()))),
            summary=f"Since {day(since)} {carrier_name(parcel)} has had {parcel.tracking_number}, and "
            + (f"{told}: it does not know the number." if reminded else "no mail of eBay names that number."),
            advice=f"Upload the tracking number to the order in eBay "
            f"{'at once' if clock.passed(limit) else f'by {site_day(limit, order)}'}; a message does not count."
            if reminded
            else "Look whether eBay shows the number with the order, and upload it if not; a message does not count.",
            tracking_number=parcel.tracking_number,
        )
