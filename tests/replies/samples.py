"""One realistic order per situation and language, for goldens and for what every text must hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from agent.orders.order import Cancellation, Case, Order, Received, Shipment, Trace
from agent.orders.refunds import Refund
from agent.risks.risk import Risk
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Item, Money, Place, Window

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ORDER_ID = "27-13930-98148"


@dataclass(frozen=True)
class Shop:
    """A shop, its buyer, and what was sold."""

    name: str
    site: str
    alias: str
    currency: str
    item: str
    buyer: Address
    carrier: str
    numbers: tuple[str, str]
    depot: Place


SHOPS = {
    "en-US": Shop(
        name="Harbour Lane Finds",
        site="EBAY_US",
        alias="a1b2c3d4e5f6a7b8c9@members.ebay.com",
        currency="USD",
        item="Brass desk lamp, 1930s, rewired",
        buyer=Address(name="Anna Example", street="12 Elm St", city="Portland", postcode="97201", country="US"),
        carrier="usps",
        numbers=("9400108099996205183746", "9400108099996205191123"),
        depot=Place(city="MEMPHIS", postcode="38101", country="US"),
    ),
    "en-GB": Shop(
        name="Harbour Lane Finds",
        site="EBAY_GB",
        alias="b1b2c3d4e5f6a7b8c9@members.ebay.co.uk",
        currency="GBP",
        item="Brass desk lamp, 1930s, rewired",
        buyer=Address(name="Oliver Sample", street="4 Mill Row", city="Norwich", postcode="NR2 4SX", country="GB"),
        carrier="royal-mail",
        numbers=("RN514027639GB", "RN514028016GB"),
        depot=Place(city="Peterborough"),
    ),
    "de": Shop(
        name="Lampenkontor Elbe",
        site="EBAY_DE",
        alias="c1b2c3d4e5f6a7b8c9@members.ebay.de",
        currency="EUR",
        item="Messinglampe 1930er, neu verkabelt",
        buyer=Address(name="Jana Beispiel", street="Gartenweg 3", city="Leipzig", postcode="04109", country="DE"),
        carrier="dhl-paket-de",
        numbers=("00340434002718304517", "00340434002718304524"),
        depot=Place(city="Radefeld"),
    ),
    "fr": Shop(
        name="Lampes du Canal",
        site="EBAY_FR",
        alias="d1b2c3d4e5f6a7b8c9@members.ebay.fr",
        currency="EUR",
        item="Lampe de bureau en laiton, années 1930",
        buyer=Address(name="Camille Exemple", street="3 rue des Lilas", city="Nantes", postcode="44000", country="FR"),
        carrier="laposte",
        numbers=("LA602157342FR", "LA602158113FR"),
        depot=Place(city="Orléans"),
    ),
    "it": Shop(
        name="Luci di Porto",
        site="EBAY_IT",
        alias="e1b2c3d4e5f6a7b8c9@members.ebay.it",
        currency="EUR",
        item="Lampada da tavolo in ottone, anni '30",
        buyer=Address(name="Giulia Esempio", street="Via dei Tigli 8", city="Parma", postcode="43121", country="IT"),
        carrier="poste-italiane",
        numbers=("RA304172653IT", "RA304173225IT"),
        depot=Place(city="Bologna"),
    ),
    "es": Shop(
        name="Luces del Puerto",
        site="EBAY_ES",
        alias="f1b2c3d4e5f6a7b8c9@members.ebay.es",
        currency="EUR",
        item="Lámpara de mesa de latón, años 30",
        buyer=Address(name="Lucía Ejemplo", street="Calle Olmo 5", city="Valencia", postcode="46003", country="ES"),
        carrier="correos",
        numbers=("PQ702834151ES", "PQ702835072ES"),
        depot=Place(city="Albacete"),
    ),
}


def sample(situation: str, language: str) -> tuple[Order, Risk | None]:
    """The order that a reply of this situation is written for, on Friday, 20 November 2026."""
    shop = SHOPS[language]
    order = _order(shop)
    moving = _parcel(shop)
    one, other = shop.numbers
    match situation:
        case "inr_no_scan":
            silent = Shipment(
                tracking_number=one, carrier=shop.carrier, status=TrackingStatus.INFO_RECEIVED, known_since=_at(12, 12)
            )
            return replace(order, shipments=(silent,)), None
        case "inr_delivered_check":
            return replace(order, shipments=(_delivered(shop, moving),)), None
        case "inr_trace_opened":
            asked = Trace(carrier=shop.carrier, tracking_number=one, opened_at=_at(19, 12), answer_by=_at(30, 12))
            return replace(order, shipments=(moving,), traces=(asked,)), None
        case "inr_refund_done":
            assert order.total is not None
            return replace(order, refunds=(Refund(_at(19, 15), order.total, "mail:r"),)), None
        case "inr_reship":
            lost = replace(moving, known_since=_at(3, 9), estimated_delivery=None)
            sent = replace(
                moving,
                tracking_number=other,
                known_since=_at(18, 9),
                first_scan_at=_at(18, 20),
                posted_at=_at(18, 20),
                scans=(),
                origins=(),
            )
            missed = Case(kind="inr", state="open", opened_at=_at(16, 9), request_id="5378488528")
            return replace(order, shipments=(lost, sent), cases=(missed,)), None
        case "cancel_ack":
            asked_for = Cancellation(state="requested", request_id="5378488528", respond_by=date(2026, 11, 22))
            return replace(order, cancellation=asked_for), None
        case "customs_action":
            held = replace(moving, status=TrackingStatus.EXCEPTION, reason=Reason.CUSTOMS_FEE_DUE)
            return replace(order, shipments=(held,)), None
        case "rts_notice":
            back = replace(moving, status=TrackingStatus.RETURNING, reason=Reason.UNCLAIMED)
            return replace(order, shipments=(back,)), None
        case "address_confirm":
            return order, None
        case "signature_notice":
            return replace(order, total=Money(Decimal("980.00"), shop.currency), shipments=(moving,)), None
        case "partial_delivery":
            there = replace(_delivered(shop, moving), tracking_number=other)
            items = (*order.items, Item(title="Shade"))
            return replace(order, items=items, shipments=(there, moving)), None
        case "return_ack":
            opened = Case(kind="return", state="open", opened_at=_at(19, 9), respond_by=date(2026, 11, 24))
            return replace(order, cases=(opened,)), None
        case "number_corrected":
            typo = Shipment(tracking_number=other, carrier=shop.carrier, known_since=_at(12, 12))
            return replace(order, shipments=(typo, replace(moving, known_since=_at(13, 9)))), None
        case _:
            return replace(order, shipments=(moving,)), None


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def _order(shop: Shop) -> Order:
    message = Received(
        at=_at(19, 18),
        intent="question",
        text="?",
        reference_id="[#76c7a519878342c1975343bb626dbc5b#]",
        reply_to=shop.alias,
        subject=f"quiet_reader: {shop.item} #254012345678",
        message_id="<m1@members.ebay.com>",
    )
    return Order(
        order_id=ORDER_ID,
        site=shop.site,
        buyer="quiet_reader",
        items=(Item(title=shop.item, item_id="254012345678"),),
        total=Money(Decimal("84.00"), shop.currency),
        ship_to=shop.buyer,
        messages=(message,),
    )


def _parcel(shop: Shop) -> Shipment:
    number = shop.numbers[0]
    scan = TrackingUpdate(
        tracking_number=number,
        carrier=shop.carrier,
        status=TrackingStatus.IN_TRANSIT,
        occurred_at=datetime(2026, 11, 16, 14, 5),
        location=shop.depot,
    )
    return Shipment(
        tracking_number=number,
        carrier=shop.carrier,
        status=TrackingStatus.IN_TRANSIT,
        known_since=_at(12, 12),
        first_scan_at=_at(13, 20),
        posted_at=_at(13, 20),
        last_scan_at=_at(16, 20),
        estimated_delivery=Window(date(2026, 11, 23), date(2026, 11, 25)),
        scans=(scan,),
    )


def _delivered(shop: Shop, parcel: Shipment) -> Shipment:
    scan = TrackingUpdate(
        tracking_number=parcel.tracking_number,
        status=TrackingStatus.DELIVERED,
        occurred_at=datetime(2026, 11, 18, 14, 30),
        location=Place(city=shop.buyer.city, postcode=shop.buyer.postcode),
    )
    return replace(
        parcel,
        status=TrackingStatus.DELIVERED,
        reason=Reason.MAILBOX,
        delivered_at=_at(18, 19),
        last_scan_at=_at(18, 19),
        scans=(scan, *parcel.scans),
    )
