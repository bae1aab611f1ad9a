"""Orders so valuable that eBay asks for a signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from agent.orders.order import Order
from agent.risks.catalogue import risk
from agent.risks.clauses import asks_for_signature, is_signed, needs_signature, signature_threshold
from agent.risks.clock import Clock
from agent.risks.deadlines import combine, is_plausible
from agent.risks.parcels import is_scanned, is_superfluous
from agent.risks.risk import Deadline, Risk
from agent.risks.sentences import distinct, parcel_name, seen, sources
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.rules import figure
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.status import TrackingStatus
from agent.vocabulary.values import end_of


@risk
def signature_required_missing(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The total reaches the site's threshold and nothing shows that it is handed over against a signature.

    eBay's signature confirmation policy (help page 5154); some shipping programmes ask for none. Before the hand-over
    it can be mended; afterwards it is only said, until the buyer's window for a request is over.
    """
    threshold = signature_threshold(order)
    if is_settled(order) or threshold is None or order.total is None or not needs_signature(order):
        return
    parcels = [parcel for parcel in order.shipments if not is_superfluous(parcel, order)]
    since = order.paid_at or order.sold_at or min((p.known_since for p in parcels if p.known_since), default=None)
    bare = [parcel for parcel in parcels if not (is_signed(parcel) or asks_for_signature(parcel))]
    if since is None or (parcels and not bare):
        return
    left = any(is_scanned(parcel) for parcel in parcels)
    due = order.ship_by if order.ship_by is not None and is_plausible(order.ship_by) else None
    where = marketplace(order.site)
    # Without a parcel nobody knows whether it has left: after the date it probably has.
    if not parcels and (due is None or clock.passed(end_of(due, where.zone))):
        return
    if any(parcel.status is TrackingStatus.RETURNED for parcel in parcels):
        return
    delivered = [parcel.delivered_at for parcel in parcels if parcel.delivered_at is not None]
    window = timedelta(days=figure(order.site, "inr_window_days").value)
    if parcels and len(delivered) == len(parcels) and clock.passed(max(delivered) + window):
        return
    subject = f"the {parcel_name(bare[0])}" if bare else "the order"
    yield Risk(
        id="signature_required_missing",
        severity="P2" if left else "P1",
        since=since,
        episode="order",
        deadline=Deadline() if left or due is None else combine(None, None, due, where, timers.margin),
        because=distinct((*sources(order, "total"), *(source for parcel in bare for source in seen(parcel)))),
        summary=f"The total of {order.total} reaches {threshold}, from which eBay asks for a signature; "
        f"nothing shows that {subject} is handed over against one.",
        advice="It has left without a known signature, so a not-received request may be lost: ask the carrier whether "
        "it can still be added."
        if left
        else "Send it with a service that takes a signature.",
        tracking_number=bare[0].tracking_number if bare else None,
    )
