"""eBay reminds of one or several orders that are to be shipped."""

from __future__ import annotations

from agent.vocabulary.events import Event, ShipReminder
from agent.vocabulary.values import Moment
from mail.ebay.deadlines import deadline_of
from mail.ebay.matter import matter
from mail.ebay.records import records
from mail.labels import Labelled
from mail.reader import Unreadable, reader


@reader(sender="ebay", intent="ship_reminder", languages=("en", "de", "fr", "it", "es"))
def extract(mail: Labelled) -> list[Event]:
    orders = mail.all_orders()
    if len(orders) < 2:
        single = matter(mail)
        if single["order_id"] is None and single["item_id"] is None:
            raise Unreadable("no order or item number")
        return [ShipReminder(**single, ship_by=_day_of(mail))]
    parts = records(mail, orders)
    dates = [_day_of(part) for part in parts]
    common = _day_of(mail) if not any(dates) else None
    return [
        ShipReminder(**matter(part, order), ship_by=date or common)
        for part, order, date in zip(parts, orders, dates, strict=True)
    ]


def _day_of(mail: Labelled) -> Moment | None:
    """A reminder names but one deadline, whatever it calls it."""
    return deadline_of(mail, "ship_by") or mail.moment("respond_by")
