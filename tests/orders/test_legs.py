"""A parcel that one carrier hands over to another stays one parcel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from agent.orders.fold import Logged, fold
from agent.orders.order import Order, Shipment
from agent.store import Store, open_store
from agent.store.log import Entry, append, fold_again, load_order
from agent.store.tables import parcels
from agent.vocabulary.events import AnyEvent, LabelBought, OrderSold, ParcelLooked, TrackingUpdate
from agent.vocabulary.status import LookOutcome, TrackingStatus
from agent.vocabulary.values import Address

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
ONE, TWO = "27-13930-98148", "02-15262-92402"
FIRST, LAST, OTHER = "ES20014785123610001", "9400111206206406260787", "9400111206040724873645"
S = TrackingStatus


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def sold(order_id: str, buyer: str, postcode: str) -> OrderSold:
    to = Address(city="Bend", postcode=postcode, country="US")
    return OrderSold(occurred_at=at(-20), source=f"mail:sold {order_id}", order_id=order_id, buyer=buyer, ship_to=to)


def label(number: str, order_id: str = ONE, carrier: str = "speedpak") -> LabelBought:
    return LabelBought(
        occurred_at=at(0),
        source=f"mail:label {order_id} {number}",
        order_id=order_id,
        tracking_number=number,
        carrier=carrier,
    )


def looked(hours: float, number: str, status: TrackingStatus, onward: str | None = None) -> ParcelLooked:
    return ParcelLooked(
        occurred_at=at(hours),
        source=f"look:{number} {hours}",
        tracking_number=number,
        carrier="speedpak" if number == FIRST else "usps",
        outcome=LookOutcome.READ,
        status=status,
        onward_number=onward,
        onward_carrier="usps" if onward else None,
    )


def row(hours: float, number: str, status: TrackingStatus, source: str = "look") -> TrackingUpdate:
    return TrackingUpdate(
        occurred_at=at(hours),
        seen_at=at(hours),
        source=f"{source}:{number} {hours}",
        tracking_number=number,
        carrier="speedpak" if number == FIRST else "usps",
        status=status,
    )


def folded(*events: AnyEvent) -> tuple[Shipment, ...]:
    return fold(ONE, [Logged(id=str(n), event=event) for n, event in enumerate(events)]).shipments


HANDED = (label(FIRST), row(10, FIRST, S.IN_TRANSIT), looked(20, FIRST, S.IN_TRANSIT, LAST))


def test_the_next_number_is_no_second_parcel() -> None:
    """Known from the page alone, it is a leg without news."""
    (parcel,) = folded(*HANDED)

    assert (parcel.tracking_number, parcel.carrier, parcel.status) == (FIRST, "speedpak", S.IN_TRANSIT)
    assert parcel.carriers == {FIRST: "speedpak", LAST: "usps"}
    assert parcel.legs[1].named_by == f"look:{FIRST} 20"


def test_the_carrier_that_has_it_tells_where_it_is() -> None:
    """Status and last scan are those of the leg further along; the first carrier's page knows nothing newer."""
    (parcel,) = folded(
        *HANDED,
        row(30, LAST, S.OUT_FOR_DELIVERY),
        looked(31, LAST, S.OUT_FOR_DELIVERY),
        row(40, FIRST, S.IN_TRANSIT),
        looked(41, FIRST, S.IN_TRANSIT, LAST),
    )

    assert parcel.status is S.OUT_FOR_DELIVERY
    assert [leg.status for leg in parcel.legs] == [S.IN_TRANSIT, S.OUT_FOR_DELIVERY]
    assert (parcel.last_good_look_at, parcel.failing_since) == (at(31), None)


def test_delivered_by_the_last_carrier_is_delivered() -> None:
    """Though the first one's page goes on saying that it moves."""
    (parcel,) = folded(*HANDED, row(30, LAST, S.DELIVERED, "mail"), looked(50, FIRST, S.IN_TRANSIT, LAST))

    assert (parcel.status, parcel.delivered_at) == (S.DELIVERED, at(30))


def test_delivered_to_the_next_carrier_is_not_delivered() -> None:
    """The next carrier's scans go on after the first one's last word."""
    (parcel,) = folded(*HANDED, row(21, FIRST, S.DELIVERED, "mail"), row(30, LAST, S.IN_TRANSIT, "mail"))

    assert parcel.status is S.IN_TRANSIT


def test_silence_counts_only_where_every_carrier_that_may_have_it_answered() -> None:
    """The next carrier was never asked, then could not be: nobody knows that nothing happened."""
    (unasked,) = folded(*HANDED)
    failed = replace(looked(30, LAST, S.UNKNOWN), outcome=LookOutcome.BLOCKED)
    (refused,) = folded(*HANDED, failed)

    assert unasked.last_good_look_at is None
    assert (refused.last_good_look_at, refused.failing_since) == (None, at(30))
    assert refused.last_look is not None
    assert refused.last_look.outcome is LookOutcome.BLOCKED


def test_two_labels_of_one_parcel_are_one_parcel() -> None:
    """The seller's mails name both numbers, the page says which follows which."""
    (parcel,) = folded(label(LAST, carrier="usps"), *HANDED)

    assert parcel.numbers == (FIRST, LAST)


def test_a_circle_changes_nothing_and_is_told() -> None:
    """The second carrier names the first number again."""
    (parcel,) = folded(*HANDED, looked(30, LAST, S.IN_TRANSIT, FIRST))

    assert parcel.numbers == (FIRST, LAST)
    assert [(stray.tracking_number, stray.why) for stray in parcel.strays] == [(FIRST, "circle")]


def test_the_same_number_is_no_hand_over() -> None:
    """A post that goes on under the number of the one before it changes nothing."""
    (parcel,) = folded(label(FIRST), looked(20, FIRST, S.IN_TRANSIT, FIRST))

    assert (parcel.numbers, parcel.legs, parcel.strays) == ((FIRST,), (), ())


def test_hand_overs_end() -> None:
    """A page that names a new number at every look makes no endless parcel."""
    names = [looked(20 + n, FIRST, S.IN_TRANSIT, f"94001112062064062{n:05}") for n in range(50)]
    (parcel,) = folded(label(FIRST), *names)

    assert len(parcel.numbers) == 4
    assert {stray.why for stray in parcel.strays} == {"too_many"}


# ---- in the store -----------------------------------------------------------------------------------------------


def after(*events: AnyEvent) -> Store:
    store = open_store("sqlite://")
    for event in events:
        with store.begin() as connection:
            append(connection, [Entry(id=event.source, event=event)], at(100))
    return store


def order(store: Store, order_id: str) -> Order:
    with store.begin() as connection:
        found = load_order(connection, order_id)
    assert found is not None
    return found


def numbers_kept(store: Store, order_id: str) -> set[str]:
    with store.begin() as connection:
        return set(connection.scalars(select(parcels.c.tracking_number).where(parcels.c.order_id == order_id)))


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned"])
def test_news_under_the_next_number_finds_the_order(turned: bool) -> None:
    """A mail that names no order but the last carrier's number belongs to the parcel, whichever came first."""
    news = (sold(ONE, "ann", "97701"), *HANDED, row(30, LAST, S.DELIVERED, "mail"))
    store = after(*(reversed(news) if turned else news))
    (parcel,) = order(store, ONE).shipments

    assert (parcel.numbers, parcel.status) == ((FIRST, LAST), S.DELIVERED)
    assert numbers_kept(store, ONE) == {FIRST, LAST}


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned"])
def test_no_page_takes_another_orders_number(turned: bool) -> None:
    """A hand-over to another buyer's number is not followed, is told, and that order keeps its news."""
    news = (
        sold(ONE, "ann", "97701"),
        sold(TWO, "bob", "10023"),
        *HANDED,
        label(LAST, TWO, "usps"),
        row(30, LAST, S.DELIVERED, "mail"),
    )
    store = after(*(reversed(news) if turned else news))
    (mine,) = order(store, ONE).shipments
    (theirs,) = order(store, TWO).shipments

    assert (mine.numbers, mine.status) == ((FIRST,), S.IN_TRANSIT)
    assert [(stray.why, stray.order_ids) for stray in mine.strays] == [("another_order", (TWO,))]
    assert (theirs.status, theirs.shared_with, theirs.strays) == (S.DELIVERED, (), ())
    assert (numbers_kept(store, ONE), numbers_kept(store, TWO)) == ({FIRST}, {LAST})


def test_two_buyers_orders_know_of_their_number() -> None:
    """Each names the other; a correction of one frees both."""
    store = after(sold(ONE, "ann", "97701"), sold(TWO, "bob", "10023"), label(OTHER, ONE), label(OTHER, TWO))
    shared = [order(store, id_).shipments[0].shared_with for id_ in (ONE, TWO)]
    with store.begin() as connection:
        fold_again(connection, at(101))

    assert shared == [(TWO,), (ONE,)]
    assert [order(store, id_).shipments[0].shared_with for id_ in (ONE, TWO)] == shared


def test_a_combined_parcel_of_one_buyer_is_no_contradiction() -> None:
    """Two orders, one buyer, one address, one number."""
    store = after(sold(ONE, "Ann", "97701"), sold(TWO, "ann", "97701-1234"), label(OTHER, ONE), label(OTHER, TWO))

    assert [order(store, id_).shipments[0].shared_with for id_ in (ONE, TWO)] == [(), ()]
