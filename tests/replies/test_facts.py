"""What replies may tell, and what stays untold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from agent.orders.order import Case, Order, Shipment, Trace
from agent.orders.refunds import Refund
from agent.replies.days import day
from agent.replies.facts import amount, facts
from agent.replies.names import first_name, wrong_name
from agent.replies.prepare import check
from agent.risks.risk import Deadline, Risk
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Item, Money, Place, Window


def test_days_are_written_in_full_words() -> None:
    """No order of day and month can be misread."""
    assert day(date(2026, 11, 24), "en") == "24 November 2026"
    assert day(date(2026, 3, 1), "de") == "1. März 2026"
    assert day(date(2026, 3, 1), "xx-nothing") == "1 March 2026"
    assert day(date(2026, 11, 24), "en-GB") == "24 November 2026"
    assert day(date(2026, 11, 24), "en-US") == "November 24, 2026"
    assert day(date(2026, 12, 1), "fr") == "1er décembre 2026"
    assert day(date(2026, 11, 24), "fr") == "24 novembre 2026"
    assert day(date(2026, 11, 8), "it") == "domenica 8 novembre 2026"
    assert day(date(2026, 11, 24), "es") == "24 de noviembre de 2026"


def test_amounts_bear_their_currency() -> None:
    """The ISO code, where the language puts it."""
    assert amount(Money(Decimal("1084.5"), "USD"), "en-US") == "USD 1,084.50"
    assert amount(Money(Decimal("1084.5"), "EUR"), "de") == "1.084,50 EUR"
    assert amount(Money(Decimal("84"), "EUR"), "es") == "84,00 EUR"


@pytest.mark.parametrize(
    ("text", "stranger"),
    [
        ("Hello Anna,\nthanks", None),
        ("Hello,\nthanks", None),
        ("Dear Ms Example,\nthanks", None),
        ("Hi quiet_reader!", None),
        ("Hi there,", None),
        ("Guten Tag Frau Example,", None),
        ("Hello again Anna,", None),
        ("Thank you for the lamp.", None),
        ("Hello Peter,\nthanks", "peter"),
        ("Guten Tag Frau Muster,", "muster"),
        ("Bonjour Claire,", "claire"),
        ("Gentile signora Bianchi,", "bianchi"),
        ("Hola, Carmen:", "carmen"),
    ],
)
def test_a_greeting_that_names_somebody_else_is_found(text: str, stranger: str | None) -> None:
    """Name and user name of this order's buyer are the only ones to greet."""
    assert wrong_name(text, ["Anna Example", "quiet_reader"]) == stranger
    assert wrong_name(text, []) is None


def test_a_wrong_greeting_does_not_leave(order: Order) -> None:
    """What a seller made of a draft by copying another letter is refused."""
    assert check("Hello Peter,\n\nit is on its way.\n\nHarbour Lane", order) == (
        "greets peter, who is not this order's buyer",
    )


def states(parcel: Shipment, status: TrackingStatus, reason: Reason | None = None) -> Shipment:
    """The parcel, as far as that."""
    return replace(parcel, status=status, reason=reason)


@pytest.mark.parametrize(
    ("status", "reason", "present"),
    [
        (TrackingStatus.IN_TRANSIT, None, {"on_its_way", "status"}),
        (TrackingStatus.IN_TRANSIT, Reason.WEATHER, {"on_its_way", "status"}),
        (TrackingStatus.AVAILABLE_FOR_PICKUP, None, {"on_its_way", "status"}),
        (TrackingStatus.EXCEPTION, Reason.CUSTOMS_FEE_DUE, {"on_its_way", "status", "customs_need"}),
        (TrackingStatus.EXCEPTION, Reason.LOST, {"status"}),
        (TrackingStatus.RETURNING, Reason.REFUSED, {"status", "returning", "return_reason"}),
        (TrackingStatus.RETURNED, None, {"status", "returning"}),
        (TrackingStatus.DELIVERED, Reason.CUSTOMS_FEE_DUE, {"status"}),
        (TrackingStatus.UNKNOWN, None, set()),
    ],
)
def test_what_a_status_lets_us_tell(
    status: TrackingStatus, reason: Reason | None, present: set[str], order: Order, parcel: Shipment, now: datetime
) -> None:
    """That it is on its way is said only of what moves or waits; that it comes back only of what does."""
    about = replace(order, shipments=(states(parcel, status, reason),))
    told = facts(about, None, now, "shop", "en")
    kinds = {"on_its_way", "status", "customs_need", "returning", "return_reason", "label_date"}
    assert kinds & set(told) == present


def test_a_label_is_told_only_until_the_first_scan(order: Order, parcel: Shipment, now: datetime) -> None:
    """Nobody is told "not scanned" of a parcel that was."""
    known = replace(parcel, known_since=datetime(2026, 11, 12, 12, tzinfo=UTC))
    assert "label_date" not in facts(replace(order, shipments=(known,)), None, now, "shop", "en")
    silent = replace(
        known, status=TrackingStatus.INFO_RECEIVED, first_scan_at=None, posted_at=None, last_scan_at=None, scans=()
    )
    told = facts(replace(order, shipments=(silent,)), None, now, "shop", "en")
    assert told["label_date"] == "12 November 2026"
    assert "last_scan_date" not in told


def test_a_refund_is_whole_only_where_it_covers_the_price(order: Order, now: datetime) -> None:
    """A part is told as what it is; one without an amount is not told."""
    at = datetime(2026, 11, 19, 15, tzinfo=UTC)
    part = replace(order, refunds=(Refund(at, Money(Decimal("20"), "USD"), "mail:r"),))
    told = facts(part, None, now, "shop", "en-US")
    assert told["refund_amount"] == "USD 20.00"
    assert told["refund_date"] == "November 19, 2026"
    assert "refund_whole" not in told
    whole = replace(order, refunds=(Refund(at, Money(Decimal("-84"), "USD"), "mail:r"),))
    assert "refund_whole" in facts(whole, None, now, "shop", "en")
    foreign = replace(order, refunds=(Refund(at, Money(Decimal("900"), "EUR"), "mail:r"),))
    assert "refund_whole" not in facts(foreign, None, now, "shop", "en")
    assert "refund_amount" not in facts(replace(order, refunds=(Refund(at, None, "x"),)), None, now, "shop", "en")


def test_a_trace_is_told_while_its_answer_is_to_come(order: Order, parcel: Shipment, now: datetime) -> None:
    """An answered search, and another parcel's, are no news; a day that has passed is none to wait for."""
    asked = Trace(
        carrier="usps",
        tracking_number=parcel.tracking_number,
        opened_at=datetime(2026, 11, 10, 9, tzinfo=UTC),
        answer_by=datetime(2026, 11, 30, 9, tzinfo=UTC),
    )
    told = facts(replace(order, traces=(asked,)), None, now, "shop", "en")
    assert (told["trace_date"], told["trace_answer_by"]) == ("10 November 2026", "30 November 2026")
    late = replace(asked, answer_by=datetime(2026, 11, 15, tzinfo=UTC))
    assert "trace_answer_by" not in facts(replace(order, traces=(late,)), None, now, "shop", "en")
    for over in (replace(asked, answered_at=now), replace(asked, tracking_number="LX123456785DE")):
        assert "trace_date" not in facts(replace(order, traces=(over,)), None, now, "shop", "en")


def pair(parcel: Shipment, first: datetime, second: datetime, **of_first: object) -> tuple[Shipment, Shipment]:
    """Two parcels of one order."""
    old = replace(parcel, known_since=first, **of_first)  # type: ignore[arg-type]
    return old, replace(parcel, tracking_number="9400108099996205183746", known_since=second)


UNSCANNED = {"first_scan_at": None, "last_scan_at": None, "scans": (), "status": TrackingStatus.UNKNOWN}
NOV_3, NOV_13 = datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 11, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("of_first", "missed", "kind"),
    [
        (UNSCANNED, False, "corrected_number"),
        (UNSCANNED, True, "replacement_number"),
        ({}, True, "replacement_number"),
        ({"status": TrackingStatus.RETURNED}, False, "replacement_number"),
        ({"reason": Reason.LOST}, False, "replacement_number"),
        ({"status": TrackingStatus.DELIVERED}, False, "missing_number"),
        ({}, False, None),
    ],
)
def test_what_two_parcels_mean(
    of_first: dict[str, object], missed: bool, kind: str | None, order: Order, parcel: Shipment, now: datetime
) -> None:
    """A number that nobody scanned was corrected; one made after trouble replaces; else two parcels are just two."""
    case = Case(kind="inr", state="open", opened_at=datetime(2026, 11, 9, tzinfo=UTC))
    about = replace(order, messages=(), cases=(case,) if missed else ())
    told = facts(replace(about, shipments=pair(parcel, NOV_3, NOV_13, **of_first)), None, now, "shop", "en")
    kinds = {"corrected_number", "replacement_number", "missing_number"} & set(told)
    assert kinds == ({kind} if kind else set())


def test_two_things_in_two_parcels_are_no_correction(order: Order, parcel: Shipment, now: datetime) -> None:
    """The second of two things sold may have a label of its own that waits."""
    two = replace(order, items=(*order.items, Item(title="Shade")), shipments=pair(parcel, NOV_3, NOV_13, **UNSCANNED))
    assert "corrected_number" not in facts(two, None, now, "shop", "en")


def test_a_signature_is_announced_where_it_is_asked_for(order: Order, parcel: Shipment, now: datetime) -> None:
    """From the site's threshold on, until the parcel is there."""
    dear = replace(order, total=Money(Decimal("980"), "USD"))
    assert "signature_needed" in facts(dear, None, now, "shop", "en")
    assert "signature_needed" not in facts(order, None, now, "shop", "en")
    there = replace(dear, shipments=(states(parcel, TrackingStatus.DELIVERED),))
    assert "signature_needed" not in facts(there, None, now, "shop", "en")


def test_a_return_is_answered_by_its_day(order: Order, now: datetime, risk: Callable[..., Risk]) -> None:
    """The printed day, else the risk's; of an open return only."""
    asked = Case(kind="return", state="open", opened_at=now, respond_by=date(2026, 11, 24))
    assert facts(replace(order, cases=(asked,)), None, now, "s", "en")["return_answer_by"] == "24 November 2026"
    bare = replace(asked, respond_by=None)
    about = risk("return_opened", deadline=Deadline(conservative=datetime(2026, 11, 23, 9, tzinfo=UTC)))
    assert facts(replace(order, cases=(bare,)), about, now, "s", "en")["return_answer_by"] == "23 November 2026"
    assert "return_answer_by" not in facts(replace(order, cases=(bare,)), None, now, "s", "en")
    closed = replace(asked, state="closed")
    assert "return_answer_by" not in facts(replace(order, cases=(closed,)), None, now, "s", "en")


@pytest.mark.parametrize(
    ("full", "greeted"),
    [
        ("Anna Example", "Anna"),
        ("JEAN-LUC PICARD", "Jean-Luc"),
        ("anna example", "Anna"),
        ("Anna", None),
        ("Mr Smith", None),
        ("Firma Beispiel GmbH", None),
        ("A. Example", None),
        ("4call-me now", None),
        ("{{name}} x", None),
        ("", None),
        (None, None),
    ],
)
def test_only_what_looks_like_a_first_name_is_greeted(full: str | None, greeted: str | None) -> None:
    """A neutral greeting is better than a wrong one."""
    assert first_name(full) == greeted


def test_a_scans_day_is_told_on_the_carriers_clock(order: Order, parcel: Shipment, now: datetime) -> None:
    """03:00 UTC on the 14th is still the 13th where an American carrier scanned."""
    early = replace(parcel, posted_at=datetime(2026, 11, 14, 3, 0, tzinfo=UTC))
    told = facts(replace(order, shipments=(early,)), None, now, "shop", "en")
    assert told["ship_date"] == "13 November 2026"


def test_a_forecast_in_the_past_is_not_told(order: Order, parcel: Shipment, now: datetime) -> None:
    """A day that has passed is no expected day; eBay's older one does not replace it."""
    late = replace(parcel, estimated_delivery=Window(date(2026, 11, 17), date(2026, 11, 19)))
    printed = Window(date(2026, 11, 18), date(2026, 11, 30))
    told = facts(replace(order, shipments=(late,), estimated_delivery=printed), None, now, "shop", "en")
    assert "expected_date" not in told


def test_of_two_parcels_none_is_guessed(
    order: Order, parcel: Shipment, now: datetime, risk: Callable[..., Risk]
) -> None:
    """With two parcels only the risk's own number says which one a reply is about."""
    second = replace(parcel, tracking_number="LX123456785DE", carrier=None)
    two = replace(order, shipments=(parcel, second))
    assert "tracking_number" not in facts(two, None, now, "shop", "en")
    about = risk("stalled_in_transit", tracking_number="LX123456785DE")
    assert facts(two, about, now, "shop", "en")["tracking_number"] == "LX123456785DE"
    assert "carrier" not in facts(two, about, now, "shop", "en")


def test_a_printed_answer_day_beats_the_computed_one(
    cancelling: Order, now: datetime, risk: Callable[..., Risk]
) -> None:
    """eBay's day where there is one, else the cautious one, never the inner margin's."""
    computed = Deadline(
        conservative=datetime(2026, 11, 21, 9, tzinfo=UTC), act_by=datetime(2026, 11, 21, 3, tzinfo=UTC)
    )
    about = risk("cancel_before_ship", deadline=computed)
    assert facts(cancelling, about, now, "shop", "en")["answer_by"] == "22 November 2026"
    assert cancelling.cancellation is not None
    bare = replace(cancelling, cancellation=replace(cancelling.cancellation, respond_by=None))
    assert facts(bare, about, now, "shop", "en")["answer_by"] == "21 November 2026"
    assert "answer_by" not in facts(bare, None, now, "shop", "en")


def test_withdrawal_is_named_where_it_may_apply(order: Order, now: datetime) -> None:
    """Buyers in the EU and the UK keep their statutory right; it is not promised elsewhere."""
    assert "consumer_rights" not in facts(order, None, now, "shop", "en")
    german = replace(order, ship_to=Address(name="Anna Example", country="DE"))
    assert "consumer_rights" in facts(german, None, now, "shop", "de")
    assert "consumer_rights" in facts(replace(order, ship_to=None, site="EBAY_GB"), None, now, "shop", "en")


def test_long_titles_are_cut_at_a_word(order: Order, now: datetime) -> None:
    """A title takes at most 60 characters of a reply."""
    title = "Brass desk lamp from the thirties with green shade, rewired and tested, heavy base"
    told = facts(replace(order, items=(Item(title=title),)), None, now, "shop", "en")["item"]
    assert len(told) <= 60
    assert told.endswith("…")
    assert title.startswith(told[:-1])


def test_places_are_not_shouted(order: Order, parcel: Shipment, now: datetime) -> None:
    """Carriers print capitals; a letter to a buyer does not."""
    loud = replace(parcel, scans=(replace(parcel.scans[0], location=Place(city="SAINT PAUL MN DISTRIBUTION CENTER")),))
    told = facts(replace(order, shipments=(loud,)), None, now, "shop", "en")
    assert told["last_scan_place"] == "Saint Paul MN Distribution Center"
