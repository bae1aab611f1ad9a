"""Carriers' mails of any layout: which numbers they name, and what they tell of each parcel."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import Reason, TrackingStatus, Unread
from agent.vocabulary.values import Place
from mail.parcels.places import read_place
from mail.reader import Reading, read
from mail.values.hours import find_hours

UPS_1, UPS_2, UPS_3 = "1Z4X7E920312345605", "1Z4X7E920312345712", "1Z4X7E920312345829"
FEDEX_1, FEDEX_2, FEDEX_3 = "771200334118", "771200334129", "771200334130"
ROYAL_1, ROYAL_2 = "KQ112233478GB", "KQ112233570GB"
USPS = "9400111899223344556615"
YUN = "YT2632821266004512"
SENDERS = {
    "ups": "UPS <mcinfo@ups.com>",
    "fedex": "FedEx <TrackingUpdates@fedex.com>",
    "royal-mail": "Royal Mail <no-reply@royalmail.com>",
    "usps": "USPS <auto-reply@usps.com>",
    "yunexpress": "YunExpress <service@yunexpress.com>",
    "evri": "Evri <do-not-reply@evri.com>",
    "dpd-uk": "DPD <support@dpd.co.uk>",
    "dhl": "DHL <noreply@dhl.com>",
    "gls": "GLS <noreply@gls-italy.com>",
    "canada-post": "Canada Post <donotreply@canadapost.ca>",
}


def reading(carrier: str, subject: str, body: str) -> Reading:
    head = (f"From: {SENDERS[carrier]}", f"Subject: {subject}", "Date: Wed, 18 Nov 2026 14:05:00 +0000")
    kind = "html" if body.startswith("<") else "plain"
    return read("\r\n".join((*head, f"Content-Type: text/{kind}; charset=utf-8", "", body)).encode())


def updates(carrier: str, subject: str, body: str) -> list[TrackingUpdate]:
    return [event for event in reading(carrier, subject, body).events if isinstance(event, TrackingUpdate)]


def told(carrier: str, subject: str, body: str) -> list[tuple[str, str]]:
    return [(event.tracking_number, event.status.value) for event in updates(carrier, subject, body)]


def row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


# ---- what a sentence tells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "Once your parcel has been delivered, we will send you a photo.",
        "If nobody is home, we'll leave it with a neighbour.",
        "We'll leave it with a neighbour if you're not in.",
        "Get your parcels delivered to a locker near you.",
        "Delivered with care by your local team since 1971.",
        "When your parcel has been delivered you can rate us.",
        "Would you like your parcel delivered to a neighbour?",
    ],
)
def test_what_may_be_and_what_is_advertised_is_no_status(sentence: str) -> None:
    """Conditions, forecasts, offers and slogans leave the status unknown."""
    assert told("ups", "Delivery update", f"<p>{sentence}</p><p>{UPS_1}</p>") == [(UPS_1, "unknown")]


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Your parcel will be delivered tomorrow.", "in_transit"),
        ("We have your parcel and will deliver it between Friday and Monday.", "in_transit"),
        ("Your driver Sam is 4 stops away.", "out_for_delivery"),
        ("Your package was not delivered because nobody was home.", "delivery_attempted"),
        ("We tried, but nobody answered the door.", "delivery_attempted"),
        ("The recipient refused the shipment.", "exception"),
        ("Customs has requested more documents for your shipment.", "exception"),
        ("Your parcel is on its way back to the sender.", "returning"),
        ("Pickup completed: our driver has collected the package.", "in_transit"),
        ("Your package has been picked up by the recipient at the access point.", "delivered"),
        ("Your package was dropped off at the front desk.", "delivered"),
        ("A label has been created, but we do not have the parcel yet.", "info_received"),
        ("You have a package coming. The shipment information has been transmitted to UPS.", "info_received"),
        ("Please collect your parcel or it will be returned to the sender.", "available_for_pickup"),
    ],
)
def test_what_a_sentence_tells(sentence: str, status: str) -> None:
    """To the recipient or to the shipper, in words that no sample has."""
    assert told("ups", "Delivery update", f"<p>{sentence}</p><p>{UPS_1}</p>") == [(UPS_1, status)]


@pytest.mark.parametrize(
    ("subject", "status"),
    [
        ("Your parcel from Broken Toys Ltd is out for delivery", "out_for_delivery"),
        ("Your Lost Weekend Records parcel has been delivered", "delivered"),
        ("Your order from Delivered Fresh is on its way", "in_transit"),
        ("Your parcel from Missing Link is coming today", "out_for_delivery"),
    ],
)
def test_a_shops_name_is_no_status(subject: str, status: str) -> None:
    """What the shop is called says nothing of its parcel."""
    assert told("ups", subject, f"<p>{UPS_1}</p>") == [(UPS_1, status)]


# ---- pictures of the way, and histories -----------------------------------------------------------------------------

STEPS = ("Label created", "Picked up", "On the way", "Out for delivery", "Delivered")


def test_a_picture_of_all_steps_tells_nothing() -> None:
    """All steps are named and none is marked: only a sentence can say where the parcel is."""
    picture = f"<table>{''.join(row(step) for step in STEPS)}</table>"

    assert told("fedex", "Your package", f"{picture}<p>{FEDEX_1}</p>") == [(FEDEX_1, "unknown")]
    said = "<p>Your package is on the way.</p>"
    assert told("fedex", "Your package", f"{picture}{said}<p>{FEDEX_1}</p>") == [(FEDEX_1, "in_transit")]


def test_a_marked_step_of_a_picture_counts() -> None:
    """Ticks at what is done, or a sign at the step that it is at."""
    ticked = "".join(row("✓" if at < 3 else "○", step) for at, step in enumerate(STEPS))
    arrows = "Ordered &rarr; Shipped &rarr; Out for delivery (current) &rarr; Delivered"

    assert told("fedex", "Your package", f"<table>{ticked}</table><p>{FEDEX_1}</p>") == [(FEDEX_1, "in_transit")]
    assert told("fedex", "Your package", f"<p>{arrows}</p><p>{FEDEX_1}</p>") == [(FEDEX_1, "out_for_delivery")]


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_history_the_latest_row_counts(turned: bool) -> None:
    """Oldest first or newest first."""
    rows = [
        "November 15, 2026 8:00 am Accepted, RENO, NV 89501",
        "November 17, 2026 7:00 am Arrived at Post Office, SALEM, OR 97301",
        "November 18, 2026 8:10 am Out for Delivery, SALEM, OR 97301",
    ]
    lines = "".join(f"<p>{line}</p>" for line in (reversed(rows) if turned else rows))
    (event,) = updates("usps", "Tracking history", f"<p>Tracking Number {USPS}</p>{lines}")

    assert (event.status, event.occurred_at) == (TrackingStatus.OUT_FOR_DELIVERY, datetime(2026, 11, 18, 8, 10))
    assert event.location == Place(city="SALEM", postcode="97301", country="US")


# ---- several parcels ------------------------------------------------------------------------------------------------


def test_each_row_of_a_table_has_its_own_status() -> None:
    """The number may stand before its status or behind it."""
    before = row(UPS_1, "Delivered", "11/17/2026 10:12 AM") + row(UPS_2, "In transit", "-")
    behind = row("Delivered", UPS_1, "11/17/2026") + row("Out for Delivery", UPS_2, "11/18/2026")

    assert told("ups", "At a glance", f"<table>{before}</table>") == [(UPS_1, "delivered"), (UPS_2, "in_transit")]
    assert told("ups", "Summary", f"<table>{behind}</table>") == [(UPS_1, "delivered"), (UPS_2, "out_for_delivery")]


def test_a_heading_counts_for_all_numbers_below_it() -> None:
    """Parcels grouped by status."""
    body = f"<h3>Delivered</h3><p>{FEDEX_1}</p><p>{FEDEX_2}</p><h3>Delivery exception</h3><p>{FEDEX_3}</p>"

    assert told("fedex", "Daily report", body) == [
        (FEDEX_1, "delivered"),
        (FEDEX_2, "delivered"),
        (FEDEX_3, "exception"),
    ]


def test_parcels_without_a_status_of_their_own_have_the_mails() -> None:
    """Numbers in a list, told of in the subject; in one line, each has its sentence."""
    both = [(ROYAL_1, "delivered"), (ROYAL_2, "delivered")]
    assert told("royal-mail", "Your 2 parcels have been delivered", f"Numbers: {ROYAL_1}, {ROYAL_2}") == both
    line = f"Package {UPS_1} was delivered to the porch. Package {UPS_2} is out for delivery."
    assert told("ups", "Your packages", line) == [(UPS_1, "delivered"), (UPS_2, "out_for_delivery")]


def test_one_parcels_row_says_nothing_of_another() -> None:
    """A row in words that nobody knows stays unknown."""
    rows = row("Tracking number", ROYAL_1) + row("Status", "Delivered") + row("Tracking number", ROYAL_2)
    body = f"<table>{rows}{row('Status', 'Quidnunc')}</table>"

    assert told("royal-mail", "Your items", body) == [(ROYAL_1, "delivered"), (ROYAL_2, "unknown")]


# ---- whose number ---------------------------------------------------------------------------------------------------


def test_a_number_handed_on_is_no_second_parcel() -> None:
    """The consolidator's own number counts; the last-mile carrier's is another name of the same parcel."""
    body = f"Waybill number: {YUN}\r\nLast mile tracking number: {USPS}\r\nStatus: Handed over to USPS"
    (event,) = updates("yunexpress", "Your parcel has arrived", body)

    assert (event.tracking_number, event.carrier) == (YUN, "yunexpress")
    assert (event.onward_number, event.onward_carrier) == (USPS, "usps")


def test_a_hand_over_is_told_by_a_sentence_too() -> None:
    """The next carrier's number without a label counts where its sentence says handed over."""
    body = f"Your parcel {YUN} was handed over to the local courier USPS, {USPS}.\r\nMore soon."
    (event,) = updates("yunexpress", "News of your parcel", body)

    assert (event.tracking_number, event.onward_number, event.onward_carrier) == (YUN, USPS, "usps")


@pytest.mark.parametrize(
    "line",
    [
        f"Your reference: {USPS}",
        f"Order number: {FEDEX_2}",
        f"Last time you sent {USPS} with us, and we hope you liked it.",
        f"Last mile tracking number: {USPS}\r\nLast mile tracking number: {UPS_1}",
    ],
)
def test_no_hand_over_is_guessed(line: str) -> None:
    """Neither a reference nor a number in passing, nor one of two."""
    (event,) = updates("yunexpress", "Your parcel is on its way", f"Waybill number: {YUN}\r\n{line}")

    assert (event.onward_number, event.onward_carrier) == (None, None)


def test_a_number_of_the_last_mile_alone_is_its_carriers() -> None:
    """Where only the last-mile number is told, it is looked at where it belongs."""
    (event,) = updates("yunexpress", "Parcel delivered", f"Tracking number: {USPS}")

    assert (event.tracking_number, event.carrier) == (USPS, "usps")


@pytest.mark.parametrize(
    ("carrier", "line", "number"),
    [
        ("fedex", f"<p>Order number: {FEDEX_2}</p><p>Account number: {FEDEX_3}</p><p>Package {FEDEX_1}</p>", FEDEX_1),
        ("dhl", "<p>Shipment 42 88 11 03 04</p><p>Call 0844 248 0844 or 4288110315.</p>", "4288110304"),
        ("dpd-uk", "<p>Call 0121 275 0500</p><p>Order 1234567890</p><p>Parcel no</p><p>15501234567890</p>", None),
        ("canada-post", "<p>Item 7012 3456 7890 1230</p><p>Invoice no: 7012345678907775</p>", "7012345678901230"),
        ("usps", f"<p>Item 42078701{USPS}</p><p>Order 08-12121-34343</p>", f"42078701{USPS}"),
        ("evri", "<p>Parcel H02RXA0045120031</p><p>Order 8888777766665555</p>", "H02RXA0045120031"),
    ],
)
def test_other_numbers_are_no_parcels(carrier: str, line: str, number: str | None) -> None:
    """Orders, accounts, invoices and telephones have shapes of tracking numbers too."""
    found = [event.tracking_number for event in updates(carrier, "Your parcel is out for delivery", line)]

    assert found == [number or "15501234567890"]


def test_a_number_in_a_link_behind_a_tracker() -> None:
    """A link tells the number where the text does not; a link's own ids are none."""
    link = "https://x.awstrack.example/L0/https:%2F%2Fwww.evri.com%2Ftrack%2F%23%2Fparcel%2FH02RXA0045120031/1/0102"
    assert told("evri", "Your parcel is on its way", f'<p>Hi</p><a href="{link}">Track</a>') == [
        ("H02RXA0045120031", "in_transit")
    ]
    idle = '<p>Hi</p><a href="https://www.dhl.com/go?campaign=4288110304">More</a>'
    assert reading("dhl", "Your parcel is on its way", idle).unread is Unread.UNREADABLE


# ---- facts beside the status ----------------------------------------------------------------------------------------


def test_a_delivery_has_its_time_place_and_spot() -> None:
    """Labels tell day, clock and where it was left; a window tells its hours."""
    rows = row("Delivery Date:", "11/17/2026") + row("Delivery Time:", "10:22 AM") + row("Left At:", "FRONT DOOR")
    (event,) = updates("ups", "Your shipment was delivered", f"<table>{rows}{row('Tracking number', UPS_1)}</table>")
    assert (event.occurred_at, event.reason) == (datetime(2026, 11, 17, 10, 22), Reason.SAFE_PLACE)

    soon = f"<p>Expected delivery: Friday 11/20/2026</p><p>3:15 PM - 5:15 PM</p><p>{UPS_1}</p>"
    (event,) = updates("ups", "Your package is on the way", soon)
    assert event.estimated_delivery is not None
    assert event.estimated_delivery.min == datetime(2026, 11, 20, 15, 15)
    today = f"<p>Your package will be with you today</p><p>{UPS_1}</p>"
    (event,) = updates("ups", "Good news", today)
    assert event.estimated_delivery is not None
    assert event.estimated_delivery.max == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("AUSTIN, TX 78701", Place(city="AUSTIN", postcode="78701", country="US")),
        ("TORONTO, ON, CA", Place(city="TORONTO", country="CA")),
        ("SYDNEY NSW 2000", Place(city="SYDNEY", postcode="2000", country="AU")),
        ("LEEDS LS1 4AP", Place(city="LEEDS", postcode="LS1 4AP", country="GB")),
        ("Liege, Belgium", Place(city="Liege", country="BE")),
        ("Front Door, porch", None),
        ("2026 and is ready", None),
    ],
)
def test_places(text: str, place: Place | None) -> None:
    """A place is taken where its form proves it."""
    assert read_place(text, "US") == place


def test_hours_are_no_days() -> None:
    """Spans of days, and clocks that stand alone, are none of hours."""
    assert find_hours("between 4pm and 6pm") is not None
    assert find_hours("15.-18. Nov") is None
    assert find_hours("Nov 15 - 18") is None
    assert find_hours("at 10:30") is None


# ---- no parcel at all -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "subject",
    [
        "How was your delivery?",
        "Your UPS invoice is ready",
        "Welcome to UPS My Choice",
        "Your verification code",
        "Your delivery preferences have been updated",
        "You have mail on the way",
    ],
)
def test_surveys_bills_and_letters_are_not_ours(subject: str) -> None:
    """They may name a parcel, but tell nothing of it."""
    assert reading("ups", subject, f"<p>Parcel {UPS_1}</p>").unread is Unread.NOT_OURS


def test_news_with_a_survey_is_news() -> None:
    """A subject that tells of the parcel is read, whatever else it asks."""
    subject = "Your parcel has been delivered. How did we do?"
    assert told("ups", subject, f"<p>{UPS_1}</p>") == [(UPS_1, "delivered")]


# ---- what is to come, and where --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "body", "status"),
    [
        ("Your delivery from Oak & Iron", "Marek will deliver your order between 15:20 and 16:20.", "out_for_delivery"),
        ("Your delivery tomorrow", "Marek will deliver your order between 15:20 and 16:20.", "unknown"),
        ("Your delivery", "Marek will deliver your order on Thursday between 15:20 and 16:20.", "unknown"),
        ("Your delivery", "Marek will deliver your order on 19 November 2026 between 15:20 and 16:20.", "unknown"),
        ("Your delivery", "If you are out, Marek will deliver it between 15:20 and 16:20.", "unknown"),
        ("Your delivery", "Marek will deliver your order between 09:10 and 10:10.", "unknown"),
    ],
)
def test_hours_without_a_day_are_todays_while_no_later_day_is_named(subject: str, body: str, status: str) -> None:
    """A span of hours in a forecast means today, unless another day, a condition or a past hour stands against it."""
    assert [said for _, said in told("ups", subject, f"<p>{body}</p>" + f"<p>Tracking number: {UPS_1}</p>")] == [status]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("We could not deliver it: nobody was home. New attempt: 29 December 2026.", date(2026, 12, 29)),
        ("Leider war niemand zu Hause. Neuer Versuch: 29. Dezember 2026.", date(2026, 12, 29)),
        ("Nobody was home. Please collect it by 29 December 2026.", None),
    ],
)
def test_a_day_that_is_promised_is_expected_and_one_to_collect_by_is_not(sentence: str, day: date | None) -> None:
    """The day of the next attempt is an expected delivery, the last day of storage is none."""
    (update,) = updates("ups", "Delivery attempt", f"<p>{sentence}</p>" + f"<p>Tracking number: {UPS_1}</p>")
    assert (update.estimated_delivery.min if update.estimated_delivery else None) == day


@pytest.mark.parametrize(
    ("sentence", "city"),
    [
        ("Your parcel has arrived at our Shrewsbury depot.", "Shrewsbury"),
        ("Your parcel has arrived at our local depot.", None),
        ("Your parcel has arrived at the DPD depot.", None),
        ("Ihr Paket ist im Paketzentrum in Hannover angekommen.", "Hannover"),
        ("Ihr Paket wurde im Start-Paketzentrum Greven bearbeitet.", "Greven"),
        ("Ihr Paket ist im Ziel-Paketzentrum Bad Hersfeld angekommen.", "Bad Hersfeld"),
        ("Ihr Paket ist im Ziel-Paketzentrum angekommen.", None),
        ("Ihr Paket ist im Paketzentrum Ihrer Region angekommen.", None),
    ],
)
def test_a_depot_is_where_its_town_is(sentence: str, city: str | None) -> None:
    """The town that names a depot is the place; what is only ours, local or a carrier's is none."""
    (update,) = updates("ups", "Update", f"<p>{sentence}</p>" + f"<p>Tracking number: {UPS_1}</p>")
    assert (update.location.city if update.location else None) == city


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The recipient has to pay import duties first.", Reason.CUSTOMS_FEE_DUE),
        ("They need an invoice before it can go on.", Reason.CUSTOMS_DOCUMENTS),
        ("We will tell you more soon.", Reason.CUSTOMS_HELD),
    ],
)
def test_what_customs_waits_for_may_stand_below(sentence: str, reason: Reason) -> None:
    """A headline says that customs hold a parcel, and a sentence below it what somebody has to do."""
    body = f"<p>{sentence}</p><p>Tracking number: {UPS_1}</p>"
    (update,) = updates("ups", "Your package is being held by customs", body)
    assert (update.status, update.reason) == (TrackingStatus.EXCEPTION, reason)


def test_a_number_of_gls_italy_is_told_in_a_sentence() -> None:
    """Two signs of the branch and nine digits, called a parcel's by the words before them."""
    sentence = "La spedizione numero R3510448207 è stata consegnata il 17/11/2026."
    assert told("gls", "GLS", f"<p>{sentence}</p>") == [("R3510448207", "delivered")]
