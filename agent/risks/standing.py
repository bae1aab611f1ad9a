"""Which matters of an order are open, and which are settled."""

from __future__ import annotations

from agent.orders.order import Case, CaseKind, Order


def open_cases(order: Order, kind: CaseKind) -> tuple[Case, ...]:
    """The order's requests, returns or disputes of this kind that are not closed.

    A lost dispute has paid the buyer back: what eBay closed when it began is not open again (help on payment disputes).
    """
    if kind != "payment_dispute" and is_charged_back(order):
        return ()
    return tuple(case for case in order.cases if case.kind == kind and case.state != "closed")


def is_charged_back(order: Order) -> bool:
    """Whether the buyer's bank took the money back."""
    return any(case.kind == "payment_dispute" and case.outcome == "buyer" for case in order.cases)


def is_cancelled(order: Order) -> bool:
    return order.cancellation is not None and order.cancellation.state == "cancelled"


def is_settled(order: Order) -> bool:
    """Whether the parcel's way can cost the seller nothing more.

    So it is after a cancellation, a refund, a lost payment dispute, or a closed item-not-received request, which
    cannot be opened again (eBay Money Back Guarantee policy, page 4210).
    """
    closed = any(case.kind == "inr" and case.state == "closed" for case in order.cases)
    return is_cancelled(order) or is_charged_back(order) or order.refunded_at is not None or closed
