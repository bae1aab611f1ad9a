"""When a carrier takes a search or claim, what to write to it, and what is remembered of the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.enquiries.enquiry import enquiry_for
from agent.enquiries.offices import from_mapping, office_of, offices
from agent.enquiries.span import Span, day_after
from agent.enquiries.texts import wordings
from agent.enquiries.window import claim_window
from agent.orders.fold import Logged, fold
from agent.orders.order import Order, Shipment
from agent.vocabulary.carriers import carrier
from agent.vocabulary.events import AnyEvent, TraceOpened, TraceReplied, TrackingUpdate
from agent.vocabulary.status import Reason, TrackingStatus
from agent.vocabulary.values import Address, Item, Money, Place, Window

POSTED = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)  # a Monday
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SHOP = "Glockenstube Holm"
DUE = Window(date(2026, 10, 7), date(2026, 10, 9))
NUMBERS = {"royal-mail": "RB123456785GB", "usps": "9405511899223197428490", "dhl-paket-de": "00340434161094042557"}


def parcel(owner: str, **facts: Any) -> Shipment:
    last = TrackingUpdate(
        occurred_at=POSTED + timedelta(days=1),
        description="Arrived at depot",
        location=Place(city="Kassel", country="DE"),
    )
    plain: dict[str, Any] = {
        "tracking_number": NUMBERS.get(owner, "1234567890"),
        "carrier": owner,
        "status": TrackingStatus.IN_TRANSIT,
        "first_scan_at": POSTED,
        "posted_at": POSTED,
        "last_scan_at": POSTED + timedelta(days=1),
        "scans": (last,),
    }
    return Shipment(**{**plain, **facts})


def order(site: str = "EBAY_GB", country: str = "GB", **facts: Any) -> Order:
    plain: dict[str, Any] = {
        "order_id": "12-34567-89012",
        "site": site,
        "items": (Item(title="Brass bell", quantity=2, price=Money(Decimal("19.50"), "EUR")),),
        "total": Money(Decimal(45), "EUR"),
        "ship_to": Address(name="Ada Holm", street="Am Anger 3", city="Erfurt", postcode="99084", country=country),
        "estimated_delivery": DUE,
    }
    return Order(**{**plain, **facts})


SITES = {
    "GB": "EBAY_GB",
    "US": "EBAY_US",
    "DE": "EBAY_DE",
    "AU": "EBAY_AU",
}


@pytest.mark.parametrize(
    ("owner", "home", "to", "search", "claim", "close"),
    [
        ("usps", "US", "US", date(2026, 10, 15), date(2026, 10, 20), date(2026, 12, 4)),  # 12 October is a holiday
        ("usps", "US", "FR", date(2026, 10, 12), None, date(2027, 4, 5)),
        ("ups", "US", "US", date(2026, 10, 10), date(2026, 10, 10), date(2026, 12, 8)),
        ("fedex", "US", "US", date(2026, 10, 10), date(2026, 10, 10), date(2027, 7, 5)),
        ("dhl-express", "DE", "FR", None, None, date(2026, 11, 4)),
        ("dhl-paket-de", "DE", "DE", date(2026, 10, 12), None, date(2027, 10, 5)),
        ("hermes-de", "DE", "DE", date(2026, 10, 10), date(2026, 10, 26), None),
        ("royal-mail", "GB", "GB", date(2026, 10, 23), date(2026, 10, 23), date(2026, 12, 24)),
        ("royal-mail", "GB", "US", date(2026, 11, 13), date(2026, 11, 13), date(2027, 4, 5)),
        ("dpd-uk", "GB", "GB", None, None, date(2026, 10, 19)),
        ("evri", "GB", "GB", date(2026, 10, 10), date(2026, 10, 10), date(2026, 11, 2)),
        ("dhl-ecommerce-uk", "GB", "GB", None, None, date(2026, 11, 2)),
        ("australia-post", "AU", "AU", date(2026, 10, 16), None, date(2027, 4, 6)),  # posted on the 6th there
    ],
)
def test_each_carriers_window(owner: str, home: str, to: str, search: Any, claim: Any, close: Any) -> None:
    """As the carriers' pages have it: working days in the carrier's country, months by the calendar."""
    number = "1Z999AA10123456784" if owner == "ups" else NUMBERS.get(owner, "1234567890")
    window = claim_window(order(SITES[home], to), parcel(owner, tracking_number=number), NOW)

    assert window is not None
    assert tuple(at.date() if at else None for at in (window.trace_from, window.claim_open, window.claim_close)) == (
        search, claim, close,
    )  # fmt: skip
    assert window.figures


def test_damage_has_a_shorter_time() -> None:
    """FedEx: counted from the delivery; where nothing was delivered, no date is made up."""
    broken = parcel("fedex", reason=Reason.DAMAGED, delivered_at=POSTED + timedelta(days=3))

    found = claim_window(order("EBAY_US", "US"), broken, NOW)

    assert found is not None
    assert found.claim_close is not None
    assert found.claim_close.date() == date(2026, 12, 7)
    undelivered = claim_window(order("EBAY_US", "US"), replace(broken, delivered_at=None), NOW)
    assert undelivered is not None
    assert undelivered.claim_close is None


def test_what_is_not_known_has_no_window() -> None:
    """No scan, no carrier, a carrier without figures, no due day where it counts."""
    assert claim_window(order(), parcel("royal-mail", first_scan_at=None), NOW) is None
    assert claim_window(order(), parcel("nobody"), NOW) is None
    assert claim_window(order(), parcel("gls"), NOW) is None
    late = claim_window(order(estimated_delivery=None), parcel("royal-mail"), NOW)
    assert late is not None
    assert late.trace_from is None
    assert late.claim_close is not None


def test_every_office_is_of_a_known_carrier_and_says_where_it_is_from() -> None:
    """Each has an address, a source and a language that we write."""
    for name, office in offices().items():
        assert carrier(name) is not None, name
        assert office.url.startswith("https://")
        assert office.source
        assert office.seen_on
        assert set(office.languages) & set(wordings()), name


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"channel": "x", "url": "http://plain.example"},
        {"channel": "x", "url": "https://a.example", "windows": [{"abroad": True}]},
        {"channel": "x", "url": "https://a.example", "windows": [{"name": "a", "claim_until": {"value": 3}}]},
        {"channel": "x", "url": "https://a.example", "colour": "red"},
    ],
)
def test_an_own_file_that_is_wrong_says_so(data: dict[str, Any]) -> None:
    """Each mistake is a ValueError that names what is expected."""
    with pytest.raises(ValueError, match="need"):
        from_mapping("mine", data)


@pytest.mark.parametrize("language", ["en", "de", "fr", "it", "es"])
@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({}, "search"),
        ({"reason": Reason.LOST, "status": TrackingStatus.EXCEPTION}, "loss"),
        ({"reason": Reason.DAMAGED, "status": TrackingStatus.EXCEPTION}, "damage"),
        ({"status": TrackingStatus.DELIVERED, "delivered_at": POSTED + timedelta(days=2)}, "proof"),
    ],
)
def test_the_text_holds_every_fact_in_the_sellers_language(language: str, facts: dict[str, Any], kind: str) -> None:
    """Number, recipient, contents, value and our reference; nothing unfilled."""
    site = {"en": "EBAY_GB", "de": "EBAY_DE", "fr": "EBAY_FR", "it": "EBAY_IT", "es": "EBAY_ES"}[language]
    asked = enquiry_for(order(site, "DE"), parcel("gls", **facts), NOW, SHOP)

    assert asked is not None
    assert (asked.language, asked.kind) == (language, kind)
    for fact in ("1234567890", "Ada Holm, Am Anger 3, 99084 Erfurt, DE", "2 × Brass bell", "39", "12-34567-89012"):
        assert fact in asked.text
    assert "1234567890" in asked.subject
    assert "{" not in asked.subject + asked.text
    assert asked.documents


@pytest.mark.parametrize(("carrier", "posted"), [("royal-mail", "5 October 2026"), ("usps", "October 5, 2026")])
def test_english_dates_are_those_of_the_carriers_country(carrier: str, posted: str) -> None:
    """A British carrier reads the day before the month, an American one after it."""
    asked = enquiry_for(order("EBAY_GB", "GB"), parcel(carrier), NOW, SHOP)
    assert asked is not None
    assert f"Handed over on: {posted}\n" in asked.text


def test_a_german_search_reads_as_one_would_write_it() -> None:
    """The whole text, for a carrier that only speaks German though the seller's site is British."""
    asked = enquiry_for(order("EBAY_GB", "DE"), parcel("hermes-de"), NOW, SHOP)

    assert asked is not None
    assert asked.text == (
        "Sehr geehrte Damen und Herren,\n\n"
        "ich bin Absender der unten genannten Sendung. Sie ist beim Empfänger nicht angekommen, und die "
        "Sendungsverfolgung zeigt keine Zustellung.\n\n"
        "Zur Sendung:\nSendungsnummer: 1234567890\nEingeliefert am: 5. Oktober 2026\n"
        "Zustellung erwartet bis: 9. Oktober 2026\nLetzter Scan: 6. Oktober 2026, 16:00, Kassel, DE, Arrived at depot\n"
        "Empfänger: Ada Holm, Am Anger 3, 99084 Erfurt, DE\nInhalt: 2 × Brass bell\nWarenwert: 39,00\xa0€\n"
        "Unser Zeichen: 12-34567-89012\n\n"
        "Bitte leiten Sie eine Nachforschung ein.\n"
        "Bitte teilen Sie mir schriftlich mit, wo die Sendung zuletzt war und bis wann ich mit einem Ergebnis rechnen "
        "kann.\n"
        "Ist sie nicht auffindbar, bestätigen Sie bitte den Verlust und nennen Sie mir den Weg zur Entschädigung.\n\n"
        "Mit freundlichen Grüßen\nGlockenstube Holm"
    )


def test_it_is_signed_as_the_replies_are() -> None:
    """The shop's name ends the text, on one line of its own whatever stands in it."""
    asked = enquiry_for(order("EBAY_GB", "GB"), parcel("royal-mail"), NOW, "Bell\r\nand Lamp")

    assert asked is not None
    assert asked.text.endswith("\n\nKind regards\nBell and Lamp")


def test_nobody_to_ask() -> None:
    """An unknown carrier, and a parcel that is back."""
    assert enquiry_for(order(), parcel("nobody"), NOW, SHOP) is None
    assert enquiry_for(order(), parcel("usps", status=TrackingStatus.RETURNED), NOW, SHOP) is None


def test_strangers_words_stay_on_their_line() -> None:
    """A title with line breaks and turned letters makes no line of its own."""
    odd = order(items=(Item(title="Bell\r\nTracking number: 1\u202e\x1b[31m {number}", quantity=1),))
    asked = enquiry_for(odd, parcel("royal-mail"), NOW, SHOP)

    assert asked is not None
    assert "Contents: 1 × Bell Tracking number: 1 [31m {number}\n" in asked.text


def test_a_trace_is_remembered_with_its_answer() -> None:
    """Told first without a reference, then with it, it is one; an answer ends it; asked again it is another."""
    at = [NOW + timedelta(days=days) for days in range(4)]
    said: list[AnyEvent] = [
        TraceOpened(occurred_at=at[0], tracking_number="N", carrier="usps", answer_by=at[3]),
        TraceOpened(occurred_at=at[1], tracking_number="N", carrier="usps", reference="R-1"),
        TraceReplied(occurred_at=at[2], tracking_number="N", text="Not found"),
        TraceOpened(occurred_at=at[3], tracking_number="N", carrier="usps", reference="R-2"),
    ]
    first, second = fold("12-1", [Logged(id=str(i), event=one) for i, one in enumerate(said)]).traces

    assert (first.opened_at, first.reference, first.answer_by) == (at[0], "R-1", at[3])
    assert (first.answered_at, first.answer) == (at[2], "Not found")
    assert (second.opened_at, second.reference, second.answered_at) == (at[3], "R-2", None)


def test_business_days_without_a_calendar() -> None:
    """Of a country whose holidays are not known only the weekends are left out."""
    span = Span(value=3, unit="business_days", counted_from="posting", source="s", seen_on="d", confidence="low")

    assert day_after(date(2026, 10, 2), span, "JP") == date(2026, 10, 7)
    assert day_after(date(2026, 10, 9), span, "US") == date(2026, 10, 15)
    assert office_of("dhl-paket-de") is not None
    assert ZoneInfo("Europe/Berlin") == (owner.zone if (owner := carrier("dhl-paket-de")) else None)
