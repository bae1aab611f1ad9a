"""The carrier says delivered, the buyer says no."""

from __future__ import annotations

from collections.abc import Iterator

from agent.orders.order import Order, Shipment
from agent.risks.case import ASK_WHERE, answer_deadline, answer_severity, case_episode
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_deadline
from agent.risks.message import answered_at, complaints, to_answer
from agent.risks.parcels import delivered_parcel
from agent.risks.risk import Risk
from agent.risks.sentences import day, distinct, drift, parcel_name, seen, site_day
from agent.risks.standing import is_cancelled, open_cases
from agent.risks.timers import Timers
from agent.risks.whereabouts import elsewhere
from agent.verification.programmes import ends_at_hub

_WAIT = "Wait for the buyer's answer. Meanwhile ask the carrier for proof of delivery."


@risk
def delivered_not_received(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """Every parcel is delivered, and a request is open or the buyer writes that nothing came.

    With a request it is the same process as `inr_opened`, so both stand; a message alone has one business day. Once
    answered, a message is only watched. A complaint well before the delivery was settled by it.
    """
    parcel = delivered_parcel(order)
    if parcel is None or ends_at_hub(order):
        return  # what a programme's hub has was not delivered to the buyer
    requests = open_cases(order, "inr")
    for case in requests:
        deadline = answer_deadline(case, order, timers)
        early = parcel.delivered_at is not None and parcel.delivered_at > case.opened_at
        yield Risk(
            id="delivered_not_received",
            severity=answer_severity(case, order, clock),
            since=max(case.opened_at, parcel.delivered_at or case.opened_at),
            episode=case_episode(case),
            deadline=deadline,
            because=distinct((*case.origins, *seen(parcel))),
            summary=f"{_delivered(parcel)}, {'after' if early else 'yet'} the buyer opened an item-not-received "
            f"request on {site_day(case.opened_at, order)}.{drift(deadline, order)}",
            advice=_advice(order, parcel, early=early),
            tracking_number=parcel.tracking_number,
        )
    if requests or is_cancelled(order):
        return
    told = [
        message
        for message in complaints(order, clock, timers)
        if parcel.delivered_at is None or message.at >= parcel.delivered_at - timers.around_delivery
    ]
    if told:
        answered = answered_at(order)
        waiting = [message for message in told if answered is None or message.at > answered]
        message = to_answer(waiting or told, order, "delivered_not_received")
        yield Risk(
            id="delivered_not_received",
            severity="P1" if waiting else "P3",
            since=message.at,
            episode=message.source or message.at.isoformat(),
            deadline=business_deadline(message.at, timers.message_business_days, order.site, margin=timers.margin),
            because=distinct((message.source, *seen(parcel))),
            summary=f"{_delivered(parcel)}, yet the buyer wrote on {site_day(message.at, order)} that it did not arrive"
            + ("." if waiting else "; you answered."),
            advice=_answer(order, parcel) if waiting else _WAIT,
            tracking_number=parcel.tracking_number,
        )


def _advice(order: Order, parcel: Shipment, *, early: bool) -> str:
    if elsewhere(order, parcel) is not None:
        return f"Add the tracking number to the request. {ASK_WHERE}"
    if early:
        return "Add the tracking number to the request; eBay then usually closes it within a day."
    ask = "ask the carrier for proof of delivery, and ask the buyer to look around"
    return f"Add the tracking number to the request, {ask}."


def _answer(order: Order, parcel: Shipment) -> str:
    if elsewhere(order, parcel) is not None:
        return f"{ASK_WHERE} Tell the buyer that you are asking."
    return "Answer with the facts of the delivery, ask the buyer to look around, ask the carrier for proof."


def _delivered(parcel: Shipment) -> str:
    scan = next((scan for scan in parcel.scans if scan.status is parcel.status), None)
    place = f" in {scan.location}" if scan and scan.location and str(scan.location) else ""
    when = f" on {day(parcel.delivered_at)}" if parcel.delivered_at else ""
    return f"The {parcel_name(parcel)} was delivered{when}{place}"
