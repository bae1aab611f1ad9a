"""How one parcel's status follows from what mails and looks say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent.orders.shipment import fold_shipment
from agent.vocabulary.events import LabelBought, ParcelLooked, TrackingUpdate
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
NUMBER = "9400111206206406260787"


def mail(hours: float, status: TrackingStatus) -> TrackingUpdate:
    at = START + timedelta(hours=hours)
    return TrackingUpdate(
        occurred_at=at, seen_at=at, source=f"mail:{hours}", tracking_number=NUMBER, carrier="usps", status=status
    )


def row(hours: float, status: TrackingStatus, look: str) -> TrackingUpdate:
    at = START + timedelta(hours=hours)
    return TrackingUpdate(
        occurred_at=at, seen_at=at, source=f"look:{look}", tracking_number=NUMBER, carrier="usps", status=status
    )


def look(
    hours: float, status: TrackingStatus, outcome: LookOutcome = LookOutcome.READ, name: str = "1"
) -> ParcelLooked:
    at = START + timedelta(hours=hours)
    return ParcelLooked(
        occurred_at=at,
        seen_at=at,
        source=f"look:{name}",
        tracking_number=NUMBER,
        carrier="usps",
        outcome=outcome,
        status=status,
    )


def test_a_label_alone_says_nothing_about_where_the_parcel_is() -> None:
    """A bought label leaves the status unknown and counts as no scan."""
    label = LabelBought(occurred_at=START, source="mail:label", tracking_number=NUMBER, carrier="usps")

    parcel = fold_shipment(NUMBER, [label])

    assert (parcel.status, parcel.first_scan_at) == (TrackingStatus.UNKNOWN, None)
    assert parcel.known_since == START


def test_a_late_pre_advice_does_not_take_a_parcel_back() -> None:
    """`info_received` after a scan changes nothing."""
    parcel = fold_shipment(NUMBER, [mail(1, TrackingStatus.IN_TRANSIT), mail(30, TrackingStatus.INFO_RECEIVED)])

    assert parcel.status is TrackingStatus.IN_TRANSIT


def test_delivered_is_not_undone_by_an_older_page() -> None:
    """A page that lags behind the carrier's own mail does not undo the delivery that the mail told of."""
    said = [
        row(2, TrackingStatus.IN_TRANSIT, "1"),
        mail(10, TrackingStatus.DELIVERED),
        look(12, TrackingStatus.IN_TRANSIT),
    ]

    parcel = fold_shipment(NUMBER, said)

    assert parcel.status is TrackingStatus.DELIVERED
    assert parcel.delivered_at == START + timedelta(hours=10)


def test_delivered_is_not_undone_by_a_page_without_rows() -> None:
    """A bare headline is no later scan."""
    parcel = fold_shipment(NUMBER, [mail(10, TrackingStatus.DELIVERED), look(12, TrackingStatus.IN_TRANSIT)])

    assert parcel.status is TrackingStatus.DELIVERED


def test_a_later_scan_contradicts_a_delivery() -> None:
    """A parcel that is scanned again after its delivery was not delivered."""
    parcel = fold_shipment(NUMBER, [mail(10, TrackingStatus.DELIVERED), mail(30, TrackingStatus.OUT_FOR_DELIVERY)])

    assert parcel.status is TrackingStatus.OUT_FOR_DELIVERY
    assert parcel.delivered_at is None


def test_a_return_ends_a_delivery_and_nothing_ends_a_finished_return() -> None:
    """Only a return undoes `delivered`; what is back at the sender stays there."""
    said = [
        mail(10, TrackingStatus.DELIVERED),
        mail(20, TrackingStatus.RETURNING),
        mail(40, TrackingStatus.RETURNED),
        mail(50, TrackingStatus.IN_TRANSIT),
    ]

    assert fold_shipment(NUMBER, said).status is TrackingStatus.RETURNED


def test_unknown_words_change_no_status_but_show_a_sign_of_life() -> None:
    """Words that nobody classified are no status; that the carrier said something counts against silence."""
    parcel = fold_shipment(NUMBER, [mail(1, TrackingStatus.IN_TRANSIT), mail(30, TrackingStatus.UNKNOWN)])

    assert parcel.status is TrackingStatus.IN_TRANSIT
    assert parcel.last_scan_at == START + timedelta(hours=30)


def test_a_failed_look_says_nothing_about_the_parcel() -> None:
    """`blocked` is remembered as a failed look and leaves status and last good look alone."""
    said = [look(1, TrackingStatus.IN_TRANSIT), look(9, TrackingStatus.UNKNOWN, LookOutcome.BLOCKED, "2")]

    parcel = fold_shipment(NUMBER, said)

    assert parcel.status is TrackingStatus.IN_TRANSIT
    assert parcel.last_good_look_at == START + timedelta(hours=1)
    assert parcel.failing_since == START + timedelta(hours=9)
    assert parcel.last_look is not None
    assert parcel.last_look.outcome is LookOutcome.BLOCKED


def test_a_good_look_ends_a_run_of_failed_ones() -> None:
    """`failing_since` is the start of the present run of failures only."""
    said = [
        look(1, TrackingStatus.UNKNOWN, LookOutcome.UNREACHABLE, "1"),
        look(2, TrackingStatus.UNKNOWN, LookOutcome.NOT_FOUND, "2"),
    ]

    assert fold_shipment(NUMBER, said).failing_since is None


def test_the_day_of_posting_is_told_only_by_who_saw_it() -> None:
    """A page's history begins with it, and an acceptance is one; any other first scan of a mail may be a later one."""
    of_mail = mail(5, TrackingStatus.IN_TRANSIT)
    accepted = replace(of_mail, reason=Reason.ACCEPTED)

    assert fold_shipment(NUMBER, [of_mail]).posted_at is None
    assert fold_shipment(NUMBER, [accepted]).posted_at == START + timedelta(hours=5)
    assert fold_shipment(NUMBER, [accepted, mail(1, TrackingStatus.DELIVERED)]).posted_at is None
    history = [row(9, TrackingStatus.IN_TRANSIT, "1"), row(3, TrackingStatus.IN_TRANSIT, "1")]
    assert fold_shipment(NUMBER, history).posted_at == START + timedelta(hours=3)
    assert fold_shipment(NUMBER, [row(9, TrackingStatus.DELIVERED, "1")]).posted_at is None
