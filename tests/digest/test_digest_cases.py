"""How an order and its risks become a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from agent.digest.cases import by_urgency, case_of, order_link
from agent.digest.day import Because, DigestCase
from agent.digest.names import RISKS, carrier_name, risk_name
from agent.orders.order import Order, Shipment
from agent.risks.risk import Assessment, Deadline, Risk, Severity
from agent.vocabulary.values import Address, Item, Money

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 7, 30, tzinfo=ZONE)


def risk(name: str, severity: Severity = "P2", **fields: object) -> Risk:
    return Risk(id=name, severity=severity, since=NOW, episode=name, **fields)  # type: ignore[arg-type]


def order(**fields: object) -> Order:
    plain: dict[str, object] = {"order_id": "27-13930-98148", "site": "EBAY_DE"}
    return Order(**(plain | fields))  # type: ignore[arg-type]


def test_led_by_the_most_urgent_open_risk() -> None:
    """Handled risks are gone, superseded ones never lead, the others are named beside."""
    risks = (
        risk("inr_opened", "P1", handled=True),
        risk("stalled_in_transit", superseded=True),
        risk("payment_dispute", "P1", because=("mail:a", "look:b"), summary="S.", advice="A."),
        risk("past_estimated_delivery", "P3"),
    )
    case = case_of(
        order(buyer="b"), Assessment(risks=risks), {"mail:a": "mail of today"}, ZONE, NOW, ["late"], new=True
    )

    assert case is not None
    assert (case.risk, case.severity, case.summary, case.advice) == ("payment_dispute", "P1", "S.", "A.")
    assert case.also == ("stalled_in_transit", "past_estimated_delivery")
    assert case.because == (
        Because(source="mail:a", text="mail of today"),
        Because(source="look:b", text="the tracking page"),
    )
    assert case.flags == ("late",)
    assert case.new


def test_nothing_open_is_no_case() -> None:
    """An order whose risks are all handled needs nobody."""
    assert case_of(order(), Assessment(risks=(risk("inr_opened", handled=True),)), {}, ZONE, NOW) is None
    assert case_of(order(), Assessment(), {}, ZONE, NOW) is None


def test_the_parcel_is_the_one_the_risk_speaks_of() -> None:
    """With several parcels, the risk's own one is shown, and that there are others."""
    parcels = tuple(Shipment(tracking_number=f"9400 {n}", carrier="usps") for n in (1, 2, 3))
    assessment = Assessment(risks=(risk("stalled_in_transit", tracking_number="9400 2"),))
    case = case_of(order(shipments=parcels), assessment, {}, ZONE, NOW)

    assert case is not None
    assert case.parcel is not None
    assert case.parcel.startswith("USPS 9400 2: ")
    assert case.parcel.endswith("(and 2 more parcels)")
    assert case.parcel_link is not None
    assert case.parcel_link.endswith("=9400%202")


def test_links_come_from_our_data_alone() -> None:
    """A number or order id cannot lead a link elsewhere; an unknown site or carrier gives none."""
    evil = order(
        order_id="1&x=//evil.example/?#",
        shipments=(Shipment(tracking_number="1@evil.example/../<b>", carrier="usps"),),
        ship_to=Address(postcode="1/../?&"),
    )
    case = case_of(evil, Assessment(risks=(risk("stalled_in_transit"),)), {}, ZONE, NOW)

    assert case is not None
    assert case.ebay_link == "https://www.ebay.de/mesh/ord/details?orderid=1%26x%3D%2F%2Fevil.example%2F%3F%23"
    assert case.parcel_link is not None
    assert "/../" not in case.parcel_link
    assert "@" not in case.parcel_link
    assert order_link("1", None) is None
    assert order_link("1", "EBAY_MOON") is None


def test_titles() -> None:
    """The first item by name, the others by number."""
    items = (Item(title="Bowl", quantity=2), Item(title="Cup"), Item())
    case = case_of(order(items=items), Assessment(risks=(risk("late_ship"),)), {}, ZONE, NOW)

    assert case is not None
    assert case.title == "2 × Bowl and 2 more items"


def test_order_of_cases() -> None:
    """Severity first, then the date to act by, then the value; what has no date comes after what has."""

    def case(order_id: str, severity: Severity, act_by: datetime | None, value: str = "1") -> DigestCase:
        return DigestCase(
            order_id=order_id,
            risk="late_ship",
            severity=severity,
            since=NOW,
            deadline=Deadline(act_by=act_by),
            summary="",
            advice="",
            total=Money(Decimal(value), "EUR"),
        )

    later = NOW.astimezone(UTC) + timedelta(hours=3)
    cases = [
        case("e", "P3", NOW),
        case("d", "P1", None),
        case("b", "P1", later, "5"),
        case("c", "P1", later, "NaN"),
        case("a", "P1", NOW),
    ]

    assert [one.order_id for one in by_urgency(cases, ZONE)] == ["a", "b", "c", "d", "e"]


def test_names() -> None:
    """Every risk has a name that tells a seller something; ids that nobody named are spelled out."""
    assert all(name[0].isupper() or name.startswith("eBay") for name in RISKS.values())
    assert len(set(RISKS.values())) == len(RISKS)
    assert risk_name("brand_new_risk") == "Brand new risk"
    assert carrier_name("usps") == "USPS"
    assert carrier_name("Lakeside") == "Lakeside"
