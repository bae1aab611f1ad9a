"""`orderwatch enquiry`: what to ask the carriers of an order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console

from agent.config.settings import Settings
from agent.desk.questions import Unknown, as_of, find_order
from agent.desk.terminal import facts, heading
from agent.enquiries.enquiry import Enquiry, enquiry_for
from agent.store import Store
from agent.vocabulary.visible import visible, visible_lines

_CONFIDENCE = {
    "low": "from secondary pages: check it",
    "medium": "from the carrier's hint",
    "high": "the carrier's own",
}


def enquiries(store: Store, settings: Settings, order_id: str, number: str | None, now: datetime) -> list[Enquiry]:
    """One for each parcel that can be asked about. Raises Unknown."""
    with store.begin() as connection:
        order = as_of(find_order(connection, order_id), settings, now).order
    parcels = [one for one in order.shipments if number is None or number in one.numbers]
    if not parcels:
        raise Unknown(f"order {order_id} has no parcel{f' {number}' if number else ' yet'}")
    shop = settings.mailboxes[0].signature
    found = [asked for one in parcels if (asked := enquiry_for(order, one, now, shop)) is not None]
    if not found:
        raise Unknown(f"nothing to ask about order {order_id}: its carrier is not known, or the parcel is back")
    return found


def print_enquiries(console: Console, found: Sequence[Enquiry], zone: ZoneInfo) -> None:
    for one in found:
        heading(console, f"Ask {one.carrier}")
        facts(console, _about(one, zone))
        console.print()
        console.print(visible(one.subject), markup=False, soft_wrap=True)
        console.print()
        console.print(visible_lines(one.text), markup=False, soft_wrap=True)
        console.print()


def _about(one: Enquiry, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "how", one.channel
    if one.url:
        yield "where", one.url
    if one.source:
        yield "known from", one.source
    if window := one.window:
        days = (
            ("search from", window.trace_from),
            ("claim from", window.claim_open),
            ("claim until", window.claim_close),
        )
        for name, at in days:
            if at is not None:
                yield name, f"{at:%d %B %Y}"
        yield "these dates", _CONFIDENCE[window.confidence]
    yield "attach", "; ".join(one.documents)
    if one.note:
        yield "note", one.note
