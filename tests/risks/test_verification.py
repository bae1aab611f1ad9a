"""Whether a place is the order's, level by level; and which shipping programme an order goes by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from agent.orders.collect_by import collect_by
from agent.orders.shipment import fold_shipment
from agent.verification.match import countries, match
from agent.verification.parcel import addressed, delivery
from agent.verification.postcodes import postcodes
from agent.verification.programmes import programme_of, programmes
from agent.verification.towns import same_town, towns_differ
from agent.vocabulary.events import LabelBought, TrackingUpdate
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Place

LEEDS = Address(street="14 Mill Street", city="Leeds", postcode="LS1 4AP", country="GB")
BEND = Address(street="905 NW Wall St", city="Bend", region="OR", postcode="97703-1122", country="US")
OTTAWA = Address(street="80 Elgin St", city="Ottawa", postcode="K1P 5K7", country="CA")
KOELN = Address(street="Hauptstr. 5a", city="Köln", postcode="50667", country="DE")


@pytest.mark.parametrize(
    ("found", "wanted", "level"),
    [
        (Address(street="14 Mill St.", city="Leeds", postcode="ls14ap", country="UK"), LEEDS, "exact"),
        (Address(street="Flat 2, 14 Mill Street", postcode="LS1 4AP"), LEEDS, "exact"),
        (Address(street="16 Mill Street", postcode="LS1 4AP"), LEEDS, "postcode"),
        (Place(postcode="LS1 4AP"), LEEDS, "postcode"),
        (Place(city="LEEDS"), LEEDS, "city"),
        (Place(city="Leeds", postcode="LS27 9AB"), LEEDS, "city"),
        (Place(postcode="LS1"), LEEDS, "district"),
        (Place(postcode="LS1 9ZZ"), LEEDS, "district"),
        (Place(postcode="LS11 5AA"), LEEDS, "near"),
        (Place(city="Cardiff", postcode="CF10 1EP"), LEEDS, "mismatch"),
        (Place(city="Leeds", country="FR"), LEEDS, "mismatch"),
        (Place(city="Cardiff"), LEEDS, "mismatch"),
        (Place(city="Loughborough"), LEEDS, "unknown"),
        (Place(country="GB"), LEEDS, "unknown"),
        (Place(city="United Kingdom"), LEEDS, "unknown"),
        (Place(), LEEDS, "unknown"),
        (None, LEEDS, "unknown"),
        (Place(postcode="97703"), BEND, "postcode"),
        (Place(postcode="97701"), BEND, "near"),
        (Place(postcode="10023", country="United States"), BEND, "mismatch"),
        (Place(postcode="K1P"), OTTAWA, "district"),
        (Place(postcode="K1P5K7"), OTTAWA, "postcode"),
        (Place(postcode="V6B 1A1"), OTTAWA, "mismatch"),
        (Address(street="Hauptstraße 5 a", postcode="D-50667", country="Deutschland"), KOELN, "exact"),
        (Place(city="Cologne"), KOELN, "city"),
        (Place(city="KOELN"), KOELN, "city"),
    ],
)
def test_levels(found: Any, wanted: Address, level: str) -> None:
    """From the same house to another country; what may be the same is no mismatch."""
    assert match(found, wanted).level == level


def test_eBay_takes_town_or_postcode() -> None:  # noqa: N802 -- the name is theirs
    """Half a postcode or a neighbouring one proves nothing."""
    proving = [Place(postcode="LS1 4AP"), Place(city="Leeds"), Place(postcode="LS1"), Place(postcode="LS11 5AA")]
    assert [match(place, LEEDS).proves for place in proving] == [True, True, False, False]


def test_a_town_alone_is_no_firm_mismatch() -> None:
    """A postcode or country tells for sure, a town's name does not."""
    assert match(Place(city="Cardiff", postcode="CF10 1EP"), LEEDS).firm
    assert match(Place(country="FR"), LEEDS).firm
    assert not match(Place(city="Cardiff"), LEEDS).firm


@pytest.mark.parametrize(
    ("here", "there", "agree"),
    [
        ("14 Mill Street", "Mill St 14", True),
        ("12 Mill Street", "14 Mill Street", False),
        ("Rose Cottage, Church Ln", "Rose Cottage, Church Lane", True),
        ("Rose Cottage", "Ivy Cottage", None),
        ("Via Garibaldi 3", "V. Garibaldi, 3", True),
        (None, "14 Mill Street", None),
    ],
)
def test_houses(here: str | None, there: str, agree: bool | None) -> None:
    """Numbers tell; streets without any are compared by their words, and tell nothing where those differ."""
    one, other = (Address(street=street, postcode="LS1 4AP") for street in (here, there))
    assert match(one, other).house is agree


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("97701", "97701-1234", "same"),
        ("97701", "97702", "near"),
        ("97701", "10023", "other"),
        ("D-28195", "28195", "same"),
        ("1012 AB", "1012", "district"),
        ("1012 AB", "9711 CD", "other"),
        ("K1A 0B1", "K1A", "district"),
        ("K1A 0B1", "V6B 1A1", "other"),
        ("150-0001", "1500001", "same"),
        ("LS1 4AP", "LS11 5AA", "near"),
        ("D02 X285", "T12 AB34", "other"),
        ("97701", "LS1 4AP", None),
        ("97701", None, None),
        ("97", "10023", None),
    ],
)
def test_postcodes(one: str, other: str | None, agree: str | None) -> None:
    """Compared as far as both are printed, either way round."""
    assert (postcodes(one, other), postcodes(other, one)) == (agree, agree)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("MUNCHEN", "München", True),
        ("Munich", "Muenchen", True),
        ("St. Ives", "Saint Ives", True),
        ("Frankfurt am Main", "Frankfurt", True),
        ("Frankfurt am Main", "Frankfurt an der Oder", True),  # as near as a carrier prints it
        ("Newcastle (Staffs)", "Newcastle", True),
        ("New York", "New York Mills", False),
        ("Leeds", "Hull", False),
        (None, None, False),
    ],
)
def test_towns(one: str | None, other: str | None, same: bool) -> None:
    """Spellings, other languages' names, and rivers left out."""
    assert same_town(one, other) is same


@pytest.mark.parametrize(("town", "differs"), [("Munich", False), ("MÜNCHEN", False), ("Hamburg", True), (None, False)])
def test_other_initials_are_another_town(town: str | None, differs: bool) -> None:
    """Only then does a town's name tell that it is another."""
    assert towns_differ(town, "München", "Bayern") is differs


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("UK", "GB", True),
        ("France", "GB", False),
        ("Deutschland", "de", True),
        ("Narnia", "GB", None),
        (None, "GB", None),
    ],
)
def test_countries(one: str | None, other: str, agree: bool | None) -> None:
    """Codes, and names in several languages; an unknown one tells nothing."""
    assert countries(one, other) is agree


# ---- a parcel ---------------------------------------------------------------------------------------------------


def test_where_it_was_handed_out(orders: ModuleType) -> None:
    """A locker lies where it lies; a neighbour does not live in another town."""

    def at(place: Place | None, reason: Reason | None) -> tuple[str, Reason | None]:
        done = orders.scan(orders.ago(2), TrackingStatus.DELIVERED)
        parcel = orders.delivered(orders.ago(2), reason=reason, scans=(orders.replace(done, location=place),))
        found = delivery(orders.order(), parcel)
        return found.match.level, found.alternate

    assert at(Place(postcode="CF10 1EP"), Reason.LOCKER) == ("alternate", Reason.LOCKER)
    assert at(Place(city="Leeds"), Reason.LOCKER) == ("city", Reason.LOCKER)
    assert at(Place(country="FR"), Reason.LOCKER) == ("mismatch", Reason.LOCKER)
    assert at(None, Reason.LEFT_WITH_NEIGHBOUR) == ("alternate", Reason.LEFT_WITH_NEIGHBOUR)
    assert at(Place(postcode="CF10 1EP"), Reason.LEFT_WITH_NEIGHBOUR) == ("mismatch", Reason.LEFT_WITH_NEIGHBOUR)
    assert at(None, None) == ("unknown", None)


def test_where_it_is_sent(orders: ModuleType) -> None:
    """The label tells, the page tells, and what is wrong comes first."""
    here, there = Address(postcode="LS1 4AP"), Address(city="Cardiff", postcode="CF10 1EP")
    order = orders.order(ship_to=LEEDS)

    assert addressed(order, orders.parcel(addressed_to=here)).match.level == "postcode"
    assert addressed(order, orders.parcel(addressed_to=here, destination=Place(postcode="CF10 1EP"))).told_by == "page"
    wrong = addressed(order, orders.parcel(addressed_to=there))
    assert (wrong.is_wrong, wrong.where) == (True, "Cardiff, CF10 1EP")
    assert addressed(order, orders.parcel(addressed_to=Address(street="2 Mill St", postcode="LS1 4AP"))).is_wrong
    assert not addressed(order, orders.parcel()).is_wrong


def test_a_hub_at_home_is_no_other_address(orders: ModuleType) -> None:
    """A parcel to a buyer abroad may go to a hub in the seller's country first."""
    abroad = orders.order(ship_to=Address(city="Lyon", postcode="69002", country="FR"))

    hub = orders.parcel(destination=Place(city="Lichfield", postcode="WS13 8NE", country="GB"))
    assert not addressed(abroad, hub).is_wrong
    assert addressed(abroad, orders.parcel(destination=Place(city="Rome", country="IT"))).is_wrong


# ---- programmes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ship_to", "programme"),
    [
        (Address(name="Anna Vale", street="eBay International Shipping, 12 Depot Dr"), "eis"),
        (Address(name="Global Shipping Programme", street="4 Park Lane", postcode="WS13 8NE", country="GB"), "gsp"),
        (Address(street="4 Park Lane, Reference 7700123456", postcode="WS13 8NE", country="GB"), "gsp"),
        (Address(street="4 Park Lane", postcode="WS13 8NE", country="GB"), None),  # people live there
        (Address(street="4 Park Lane, Reference 7700123456", postcode="LS1 4AP", country="GB"), None),
        (LEEDS, None),
    ],
)
def test_programme_by_the_address(orders: ModuleType, ship_to: Address, programme: str | None) -> None:
    """By its name in the address, or by a hub's postcode together with a reference code."""
    found = programme_of(orders.order(ship_to=ship_to))
    assert (found.id if found else None) == programme


def test_programme_by_the_parcel(orders: ModuleType) -> None:
    """By its line, its label's address or the shape of its number."""

    def of(**facts: Any) -> str | None:
        found = programme_of(orders.order(shipments=(orders.parcel(**facts),)))
        return found.id if found else None

    assert of(carrier="speedpak") == "speedpak"
    assert of(tracking_number="ESUS214365870") == "ese"
    assert of(addressed_to=Address(street="eBay International Shipping")) == "eis"
    assert of() is None


def test_every_programme_says_where_it_is_known_from() -> None:
    """Source, date and confidence stand with every one."""
    assert all(one.source and one.seen_on and one.confidence in ("high", "medium", "low") for one in programmes())


# ---- until when it waits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("Available for pickup until 30 November 2026", date(2026, 11, 30)),
        ("Zur Abholung bereit bis 30.11.", date(2026, 11, 30)),
        ("Held at the post office. It goes back on December 7", date(2026, 12, 7)),
        ("Disponible depuis le 23 novembre, à retirer avant le 7 décembre", date(2026, 12, 7)),
        ("Ready since 2026-11-23, kept until 2026-12-01", date(2026, 12, 1)),
        ("Collect by 2 January", date(2027, 1, 2)),
        ("Collect by 12/01/2026", date(2026, 12, 1)),  # the other reading is long past
        ("Collect by 12/11", None),  # without a year it may be anything
        ("Ready to collect, locker 4711", None),
        ("", None),
    ],
)
def test_collect_by(words: str, until: date | None) -> None:
    """A day that can be read in one way only, some days after the scan."""
    assert collect_by(words, date(2026, 11, 23)) == until


def test_what_mails_tell_of_a_parcel_is_kept() -> None:
    """A mail of eBay about the label: its address, and that eBay knows the number; a carrier's mail tells neither."""
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    label = LabelBought(occurred_at=noon, tracking_number="RB123456785GB", carrier="royal-mail", ship_to=LEEDS)
    waits = TrackingUpdate(
        occurred_at=noon + timedelta(days=2),
        tracking_number="RB123456785GB",
        carrier="royal-mail",
        status=TrackingStatus.AVAILABLE_FOR_PICKUP,
        description="Ready for collection until 2 December",
        source="mail:2",
    )

    both, carrier_only = (fold_shipment("RB123456785GB", said) for said in ([label, waits], [waits]))
    assert (both.addressed_to, both.uploaded_at) == (LEEDS, noon)
    assert both.collect_by == datetime(2026, 12, 2, 23, 59, 59, tzinfo=UTC)
    assert (carrier_only.addressed_to, carrier_only.uploaded_at) == (None, None)
