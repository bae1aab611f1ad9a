"""Where the shop's figures at eBay are heading, as far as its own mails tell: one notice, never a risk of an order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.orders.order import Case, Order
from agent.risks.risk import Notice
from agent.risks.sentences import day
from agent.rules import figure

_MONTH = timedelta(days=30)


def metrics_warning(orders: Iterable[Order], now: datetime, zone: ZoneInfo, site: str | None = None) -> Notice | None:
    """The share of lost cases near eBay's limit, or item-not-received requests that grow; None with too few orders.

    Of the defects only lost cases show in mails: cancellations for want of stock come on top.
    """
    months = int(figure(site, "evaluation_months").value)
    since = now - months * _MONTH
    sold = [order for order in orders if _sold_at(order) is not None and since <= (_sold_at(order) or now) <= now]
    if len(sold) < figure(site, "metrics_least_orders").value:
        return None
    said = [text for text in (_defects(sold, site), _trend(sold, now, site)) if text]
    if not said:
        return None
    evaluated = _next_evaluation(now.astimezone(zone).date(), int(figure(site, "evaluation_day").value))
    return Notice(
        id="metrics_warning",
        severity="P3",
        text=f"{' '.join(said)} eBay looks at it next on {day(evaluated)}.",
    )


def _defects(sold: Sequence[Order], site: str | None) -> str | None:
    lost = sum(any(_is_lost(case) for case in order.cases) for order in sold)
    rate = 100 * lost / len(sold)
    if not lost or rate < figure(site, "defect_rate_warning").value:
        return None
    limit, least = figure(site, "defect_rate_limit").value, figure(site, "defect_least_count").value
    return (
        f"{lost} of {len(sold)} orders ended in a case that eBay decided for the buyer: {rate:.1f} %, "
        f"and eBay's limit is {limit:g} % from {least:g} defects on."
    )


def _trend(sold: Sequence[Order], now: datetime, site: str | None) -> str | None:
    """Requests for each order of the last 30 days against those before."""
    fresh = [order for order in sold if (_sold_at(order) or now) > now - _MONTH]
    before = [order for order in sold if (_sold_at(order) or now) <= now - _MONTH]
    opened = [case.opened_at for order in sold for case in order.cases if case.kind == "inr"]
    lately = sum(now - _MONTH < at <= now for at in opened)
    earlier = sum(at <= now - _MONTH for at in opened)
    if not fresh or len(before) < figure(site, "metrics_least_orders").value:
        return None
    if lately < figure(site, "inr_trend_least_count").value:
        return None
    if lately / len(fresh) < figure(site, "inr_trend_factor").value * earlier / len(before):
        return None
    return (
        f"{lately} item-not-received requests in 30 days on {len(fresh)} sales, after {earlier} on the "
        f"{len(before)} sales before."
    )


def _is_lost(case: Case) -> bool:
    """Decided by eBay for the buyer; what the seller settled before is no defect."""
    return case.state == "closed" and case.outcome == "buyer" and case.escalated_at is not None


def _sold_at(order: Order) -> datetime | None:
    return order.sold_at or order.paid_at


def _next_evaluation(today: date, on: int) -> date:
    this = today.replace(day=min(on, 28))
    return this if today <= this else (this.replace(day=1) + timedelta(days=32)).replace(day=min(on, 28))
