"""Dates, parcels and deadlines in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from agent.digest import dates
from agent.digest.sentences import act_by_words, deadline_words, parcel_line
from agent.orders.order import LastLook, Leg, Shipment
from agent.risks.risk import Deadline
from agent.vocabulary.carriers import carrier
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Moment, Money, Place, Window, instant

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 7, 30, tzinfo=ZONE)
NUMBER = "9400111899560012345671"


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("act_by", "words"),
    [
        (at(22, 15), "Act by today 15:00"),
        (at(23, 9, 5), "Act by tomorrow 09:05"),
        (at(27, 15), "Act by Friday 27 Nov, 15:00"),
        (at(4, 0, month=1, year=2027), "Act by Monday 4 Jan 2027, 00:00"),
        (at(21, 23, 59), "Overdue since yesterday 23:59"),
        (at(18, 12), "Overdue since Wednesday 18 Nov, 12:00"),
        (at(22, 7, 30), "Act by today 07:30"),
        (None, ""),
    ],
)
def test_act_by(act_by: datetime | None, words: str) -> None:
    """Near days by name, others with their weekday; what ran out is overdue."""
    assert act_by_words(Deadline(act_by=act_by), NOW, ZONE) == words


def test_act_by_is_said_in_the_shops_zone() -> None:
    """A deadline given in another zone is the shop's own clock, across midnight too."""
    tokyo = datetime(2026, 11, 23, 13, 30, tzinfo=ZoneInfo("Asia/Tokyo"))

    assert act_by_words(Deadline(act_by=tokyo), NOW, ZONE) == "Act by today 23:30"


def test_without_a_margin_the_earliest_counts() -> None:
    """Where no margin was taken off, the earliest of the dates is the one to act by."""
    deadline = Deadline(conservative=at(26, 12), nominal=at(27, 12), printed=date(2026, 11, 25))

    assert act_by_words(deadline, NOW, ZONE) == "Act by Wednesday 25 Nov, 23:59"


@pytest.mark.parametrize(
    ("printed", "conservative", "nominal", "words"),
    [
        (None, at(24, 9), at(24, 9), ""),
        (date(2026, 11, 24), at(24, 9), at(24, 9), ""),
        (
            None,
            at(24, 9),
            at(25, 9),
            "counted strictly Tuesday 24 Nov, 09:00 · counted as usual Wednesday 25 Nov, 09:00",
        ),
        (date(2026, 11, 23), at(24, 9), at(24, 9), "eBay's mail says tomorrow · counted Tuesday 24 Nov, 09:00"),
        (None, at(22, 9), at(22, 15), "counted strictly today 09:00 · counted as usual today 15:00"),
        (at(22, 9), None, None, ""),
    ],
)
def test_differing_deadlines(
    printed: Moment | None, conservative: datetime | None, nominal: datetime | None, words: str
) -> None:
    """The ways of counting show where they differ, and only there."""
    assert deadline_words(Deadline(printed=printed, conservative=conservative, nominal=nominal), NOW, ZONE) == words


def parcel(**fields: object) -> Shipment:
    return Shipment(tracking_number=NUMBER, carrier="usps", **fields)  # type: ignore[arg-type]


def looked(outcome: LookOutcome = LookOutcome.READ) -> LastLook:
    return LastLook(at=at(22, 7, 10), outcome=outcome)


def test_parcel_in_transit() -> None:
    """State, last scan with its place, forecast, and when we looked."""
    scan = TrackingUpdate(
        tracking_number=NUMBER,
        occurred_at=datetime(2026, 11, 16, 8, 4),  # the carrier's own clock
        status=TrackingStatus.IN_TRANSIT,
        location=Place(city="Memphis", country="US"),
    )
    shipment = parcel(
        status=TrackingStatus.IN_TRANSIT,
        last_scan_at=at(16, 8, 4),
        scans=(scan,),
        estimated_delivery=Window(date(2026, 11, 24), date(2026, 11, 26)),
        last_look=looked(),
        last_good_look_at=at(22, 7, 10),
    )

    assert parcel_line(shipment, NOW, ZONE) == (
        f"USPS {NUMBER}: in transit, last scan 16 Nov in Memphis, expected 24–26 Nov, looked today 07:10"
    )


def test_a_parcel_that_was_handed_over_has_both_numbers() -> None:
    """One line, its numbers in the order of its way, and the place of the next carrier's scan."""
    last = "1Z5R89390357567127"
    scan = TrackingUpdate(
        tracking_number=last,
        occurred_at=datetime(2026, 11, 16, 8, 4),
        status=TrackingStatus.IN_TRANSIT,
        location=Place(city="Memphis"),
    )
    shipment = parcel(
        status=TrackingStatus.IN_TRANSIT,
        last_scan_at=instant(datetime(2026, 11, 16, 8, 4), zone_of("ups")),
        scans=(scan,),
        last_look=looked(),
        legs=(Leg(tracking_number=NUMBER, carrier="usps"), Leg(tracking_number=last, carrier="ups")),
    )

    assert parcel_line(shipment, NOW, ZONE) == (
        f"USPS {NUMBER}, then UPS {last}: in transit, last scan 16 Nov in Memphis, looked today 07:10"
    )


def zone_of(carrier_id: str) -> tzinfo:
    known = carrier(carrier_id)
    assert known is not None
    return known.zone


def test_place_of_another_scan_is_not_said() -> None:
    """A place is only told of the scan that it belongs to."""
    scan = TrackingUpdate(occurred_at=at(12, 8), status=TrackingStatus.IN_TRANSIT, location=Place(city="Reno"))
    shipment = parcel(status=TrackingStatus.IN_TRANSIT, last_scan_at=at(16, 8, 4), scans=(scan,), last_look=looked())

    assert "Reno" not in parcel_line(shipment, NOW, ZONE)


def test_parcel_delivered() -> None:
    """Where and how a parcel was left."""
    scan = TrackingUpdate(
        occurred_at=at(21, 14, 5), status=TrackingStatus.DELIVERED, location=Place(city="Portland", postcode="97201")
    )
    shipment = parcel(
        status=TrackingStatus.DELIVERED,
        reason=Reason.MAILBOX,
        delivered_at=at(21, 14, 5),
        last_scan_at=at(21, 14, 5),
        scans=(scan,),
        last_look=looked(),
    )

    assert parcel_line(shipment, NOW, ZONE) == (
        f"USPS {NUMBER}: delivered yesterday 14:05 in Portland (in the mailbox), looked today 07:10"
    )


@pytest.mark.parametrize("outcome", [LookOutcome.BLOCKED, LookOutcome.UNREACHABLE, LookOutcome.LAYOUT_CHANGED])
def test_a_failed_look_is_no_missing_scan(outcome: LookOutcome) -> None:
    """Where we could not look, the line says that, and not that there was no scan."""
    shipment = parcel(status=TrackingStatus.INFO_RECEIVED, last_look=looked(outcome))
    words = parcel_line(shipment, NOW, ZONE)

    assert "could not look today 07:10" in words
    assert "no scan" not in words


def test_a_failed_look_names_the_last_good_one() -> None:
    """How old our knowledge is shows."""
    shipment = parcel(last_look=looked(LookOutcome.BLOCKED), last_good_look_at=at(19, 7))

    assert "(last good look 19 Nov)" in parcel_line(shipment, NOW, ZONE)


def test_unknown_to_the_carrier() -> None:
    """A carrier that does not know the number answered; so did nobody yet."""
    shipment = parcel(last_look=looked(LookOutcome.NOT_FOUND), last_good_look_at=at(22, 7, 10))

    assert "no scan yet, looked today 07:10 (the carrier does not know the number)" in parcel_line(shipment, NOW, ZONE)


def test_never_looked() -> None:
    """A parcel that nobody looked at is called that; a carrier that nobody knows too."""
    shipment = Shipment(tracking_number="X1")

    assert parcel_line(shipment, NOW, ZONE) == "Carrier unknown X1: state not known, not looked at yet"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Money(Decimal("1189.5"), "USD"), "$1,189.50"),
        (Money(Decimal("38"), "EUR"), "€38.00"),
        (Money(Decimal("5000"), "JPY"), "¥5,000"),
        (Money(Decimal("12.50"), "cad"), "CA$12.50"),
        (Money(Decimal("NaN"), "USD"), "USD NaN"),
        (Money(Decimal("1"), "<b>"), "<b> 1"),
    ],
)
def test_money(amount: Money, words: str) -> None:
    """Amounts with their currency's sign and digits; what is no amount stays as it came."""
    assert dates.money(amount) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), "24 Nov"),
        (date(2026, 11, 30), date(2026, 12, 2), "30 Nov – 2 Dec"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 Dec – 2 Jan 2027"),
        (at(24, 23), at(25, 1), "24–25 Nov"),
    ],
)
def test_span(first: Moment, last: Moment, words: str) -> None:
    """A window of days, as short as it can be said."""
    assert dates.span(Window(first, last), NOW, ZONE) == words


def test_clocks_change() -> None:
    """Tomorrow is the next day of the calendar, also where the night has 25 hours."""
    eve = datetime(2026, 10, 31, 23, 30, tzinfo=ZONE)

    assert act_by_words(Deadline(act_by=eve + timedelta(hours=2)), eve, ZONE).startswith("Act by tomorrow")
