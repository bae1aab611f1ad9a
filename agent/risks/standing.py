"""Which matters of an order are open, and which are settled."""

from __future__ import annotations

from datetime import datetime

from agent.orders.order import Case, CaseKind, Order


def open_cases(order: Order, kind: CaseKind) -> tuple[Case, ...]:
    """The order's requests, returns or disputes of this kind that are not closed."""
    return tuple(
        case
        for case in order.cases
        if case.kind == kind and case.state != "closed" and not (kind != "payment_dispute" and gave_way(case, order))
    )


def gave_way(case: Case, order: Order) -> bool:
    """Whether a payment dispute that is over by now has ended this request or return.

    When a dispute opens, eBay closes every request, return and case of the sale (help on payment disputes), and none of
    them opens again by itself, whoever wins: only a later mail that tells of it as open says so. While the dispute runs
    they are kept, superseded. A lost one has paid the buyer back, whatever is told of the request.
    """
    return is_charged_back(order) or began_before_dispute(case.told_at or case.opened_at, order)


def began_before_dispute(told: datetime, order: Order) -> bool:
    """Whether a payment dispute, over by now, was opened at or after that time."""
    ended = (case for case in order.cases if case.kind == "payment_dispute" and case.state == "closed")
    return any(dispute.opened_at >= told for dispute in ended)


def is_charged_back(order: Order) -> bool:
    """Whether the buyer's bank took the money back."""
    return any(case.kind == "payment_dispute" and case.outcome == "buyer" for case in order.cases)


def is_cancelled(order: Order) -> bool:
    return order.cancellation is not None and order.cancellation.state == "cancelled"


def is_settled(order: Order) -> bool:
    """Whether the parcel's way can cost the seller nothing more.

    So it is after a cancellation, a refund, a lost payment dispute, or a closed item-not-received request, which
    cannot be opened again (eBay Money Back Guarantee policy, page 4210), whatever closed it.
    """
    closed = any(case.kind == "inr" and (case.state == "closed" or gave_way(case, order)) for case in order.cases)
    return is_cancelled(order) or is_charged_back(order) or order.refunded_at is not None or closed
