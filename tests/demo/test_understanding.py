"""Readers, fed with the story's mails, and rules, fed with its facts, find what the shop holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from agent.demo.carriers_pages import answer
from agent.demo.compare import differences, load_expected
from agent.demo.mails import build
from agent.demo.story import ShopMail, ShopOrder, load_story
from agent.orders.fold import Logged, fold
from agent.risks.assess import assess
from agent.vocabulary import events as ev
from agent.vocabulary.status import Authenticity, LookOutcome, TrackingStatus, Unread
from agent.vocabulary.values import Moment
from mail.reader import read
from scrapers.carriers import load as carrier_pages
from scrapers.page import read_page

STORY = load_story()
OF_ORDERS = [mail for order in STORY.orders for mail in order.mails]
UNSAID = {
    "label": {"order_id"},  # eBay's own label mail names item and buyer only
    "cancelled": {"request_id"},
    "usps": {"order_id", "buyer", "site"},
    "royal_mail": {"order_id", "buyer", "site"},
    "dhl": {"order_id", "buyer", "site"},
}
"""What a kind of mail need not say, though the story knows it."""
OWN = {"seen_at", "source", "confidence", "occurred_at", "items", "text"}
"""What the pipeline stamps, or what is compared on its own."""


def told_by_mail(mail: ShopMail, order: ShopOrder) -> ev.AnyEvent:
    """What a mail of the story says, were it read perfectly."""
    common: dict[str, Any] = {
        "occurred_at": mail.at,
        "seen_at": mail.arrives,
        "source": f"mail:{mail.kind}",
        "order_id": order.order_id,
        "buyer": order.buyer.handle,
        "site": order.site.id,
        "request_id": mail.details.get("request"),
    }
    respond_by = mail.details.get("respond_by")
    parcel = order.parcel
    match mail.kind:
        case "sale":
            return ev.OrderSold(
                **common,
                items=order.items,
                total=order.total,
                paid=True,
                ship_to=order.buyer.address,
                ship_by=order.ship_by,
                estimated_delivery=order.estimated_delivery,
            )
        case "label":
            assert parcel
            return ev.LabelBought(**common, tracking_number=parcel.number, carrier=parcel.carrier)
        case "usps" | "royal_mail" | "dhl":
            assert parcel
            status = TrackingStatus(mail.details["status"])
            return ev.TrackingUpdate(**common, tracking_number=parcel.number, carrier=parcel.carrier, status=status)
        case "inr":
            return ev.InrOpened(**common, respond_by=respond_by)
        case "inr_closed":
            return ev.CaseClosed(**common, outcome="withdrawn")
        case "cancel_asked":
            return ev.CancellationRequested(**common, respond_by=respond_by)
        case "cancelled":
            return ev.OrderCancelled(**common)
        case "message":
            text = mail.details["text"]
            intent = mail.details["intent"]
            return ev.BuyerMessage(**common, text=text, intent=intent)
    raise AssertionError(f"no order has a mail of kind {mail.kind}")


def told_by_page(order: ShopOrder, now: datetime) -> Iterator[ev.AnyEvent]:
    """What a look at the parcel says."""
    parcel = order.parcel
    assert parcel
    page = carrier_pages().get(parcel.carrier)
    postcode = order.buyer.address.postcode
    visit = page.visit(parcel.number, postcode) if page else None
    url = (visit.data.url if visit.data else visit.url) if visit else ""
    host, _, target = (url or f"https://www.{parcel.carrier}.com/").removeprefix("https://").partition("/")
    given = answer(STORY, now, host, f"/{target}")
    reading = read_page(given.body, carrier=parcel.carrier, number=parcel.number, media_type=given.media_type)
    common: dict[str, Any] = {
        "tracking_number": parcel.number,
        "carrier": parcel.carrier,
        "seen_at": now,
        "source": f"look:{now:%d}",
    }
    tracked = reading.parcels[0] if reading.outcome is LookOutcome.READ else None
    status = tracked.status if tracked else TrackingStatus.UNKNOWN
    yield ev.ParcelLooked(**common, occurred_at=now, outcome=reading.outcome, status=status)
    for scan in tracked.scans if tracked else ():
        at: Moment | None = scan.occurred_at
        yield ev.TrackingUpdate(**common, occurred_at=at, status=scan.status, description=scan.description)


def log(order: ShopOrder) -> Iterator[ev.AnyEvent]:
    """All that the two passes bring to light about an order."""
    for mail in order.mails:
        yield told_by_mail(mail, order)
    for now in STORY.passes:
        label = any(mail.kind == "label" and mail.arrives <= now for mail in order.mails)
        if label and order.parcel and order.parcel.page:
            yield from told_by_page(order, now)


def test_the_rules_find_what_the_shop_holds() -> None:
    """Each order, judged at the shop's clock, has exactly the expected risks, severities and deadlines."""
    found: list[dict[str, Any]] = []
    for order in STORY.orders:
        folded = fold(order.order_id, (Logged(id=str(at), event=event) for at, event in enumerate(log(order))))
        assert folded.total
        found.append(
            {
                "order_id": folded.order_id,
                "site": folded.site,
                "buyer": folded.buyer,
                "total": {"value": str(folded.total.value), "currency": folded.total.currency},
                "shipments": [{"status": shipment.status.value} for shipment in folded.shipments],
                "risks": [
                    {
                        "id": risk.id,
                        "severity": risk.severity,
                        "superseded": risk.superseded,
                        "deadline": {
                            key: moment.isoformat()
                            for key in ("conservative", "nominal", "printed", "act_by")
                            if (moment := getattr(risk.deadline, key))
                        },
                    }
                    for risk in assess(folded, STORY.clock).risks
                ],
            }
        )
    expected = {**load_expected(), "notices": {}}
    assert differences(expected, {"orders": found}) == ()


@pytest.mark.parametrize("mail", OF_ORDERS, ids=lambda mail: f"{mail.kind}-{mail.order_id}-{mail.at:%m%d}")
def test_a_mail_reads_as_it_was_meant(mail: ShopMail) -> None:
    """Each genuine mail is verified and gives the one event that the story put into it."""
    assert mail.order_id
    order = STORY.order(mail.order_id)
    meant = told_by_mail(mail, order)
    reading = read(build(mail, STORY), STORY.shop.receiver)
    assert reading.authenticity is Authenticity.VERIFIED, reading.authenticity_reason
    assert [event.type for event in reading.events] == [meant.type]
    said, wanted = vars(reading.events[0]), vars(meant)
    unsaid = {key for key in UNSAID.get(mail.kind, ()) if said[key] is None}
    meant_keys = {key for key, value in wanted.items() if value is not None} - OWN - unsaid
    assert {key: said[key] for key in meant_keys} == {key: wanted[key] for key in meant_keys}
    for item in said["items"]:
        assert (item.title or "")[:20] == (order.items[0].title or "")[:20]
        assert item.item_id in (None, order.items[0].item_id)
    if mail.kind == "message":
        assert said["text"].split() == mail.details["text"].split()


@pytest.mark.parametrize(
    ("kind", "authenticity", "unread", "types"),
    [
        ("fake_request", Authenticity.HOSTILE, ..., ...),
        ("fake_customs_fee", Authenticity.HOSTILE, ..., ...),
        ("inr_bare", Authenticity.VERIFIED, None, ["inr_opened"]),
        ("provenance", Authenticity.VERIFIED, Unread.NO_READER, []),
        ("payout", Authenticity.VERIFIED, Unread.NOT_OURS, []),
        ("saved_search", Authenticity.VERIFIED, Unread.NOT_OURS, []),
        ("private", ..., Unread.NOT_OURS, []),
    ],
)
def test_other_mails_are_what_they_are(kind: str, authenticity: object, unread: object, types: object) -> None:
    """Forgeries are hostile, an unknown template is a gap, noise and private mail are nobody's; `...` is left open."""
    mail = next(mail for mail in STORY.mails if mail.kind == kind)
    reading = read(build(mail, STORY), STORY.shop.receiver)
    assert authenticity in (..., reading.authenticity)
    assert unread in (..., reading.unread)
    assert types in (..., [event.type for event in reading.events])
