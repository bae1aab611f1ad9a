"""The sample shop's story holds together."""

from __future__ import annotations

from datetime import timedelta

from agent.demo.compare import load_expected
from agent.demo.story import Parcel, load_story
from agent.vocabulary.values import instant

STORY = load_story()
PARCELS = [order.parcel for order in STORY.orders if order.parcel]
RISKS = {
    "inr_opened",
    "delivered_not_received",
    "not_received_message",
    "no_first_scan",
    "stalled_in_transit",
    "past_estimated_delivery",
    "cancel_before_ship",
    "cancel_after_ship",
    "invalid_tracking",
    "tracking_unavailable",
}
NOTICES = {"phishing_suspect", "unmatched_event", "parser_gap"}


def gs1_check_digit_is_right(digits: str) -> bool:
    """GS1 modulo 10: from the right, the check digit counts once, its neighbour three times, and so on."""
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(digits))) % 10 == 0


def s10_check_digit_is_right(number: str) -> bool:
    """UPU S10: weights 8 6 4 2 3 5 9 7, modulo 11."""
    rest = sum(int(digit) * weight for digit, weight in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return int(number[10]) == (5 if rest == 0 else 0 if rest == 1 else 11 - rest)


def ups_check_digit_is_right(number: str) -> bool:
    """UPS 1Z: letters count as (code - 63) modulo 10, every second place twice."""
    values = [int(char) if char.isdigit() else (ord(char) - 63) % 10 for char in number[2:]]
    return (sum(value * (2 if at % 2 else 1) for at, value in enumerate(values[:-1])) + values[-1]) % 10 == 0


def check_digit_is_right(parcel: Parcel) -> bool:
    if parcel.carrier in ("usps", "dhl-paket-de"):
        return gs1_check_digit_is_right(parcel.number)
    if parcel.carrier in ("royal-mail", "japan-post"):
        return s10_check_digit_is_right(parcel.number)
    if parcel.carrier == "ups":
        return ups_check_digit_is_right(parcel.number)
    return parcel.carrier == "postnl"  # its numbers have none


def test_check_digits_are_right_except_where_the_story_says_so() -> None:
    """A number's check digit is wrong exactly in the order that is about a wrong number."""
    assert [p.number for p in PARCELS if not check_digit_is_right(p)] == [
        p.number for p in PARCELS if p.wrong_check_digit
    ]
    assert sum(p.wrong_check_digit for p in PARCELS) == 1


def test_ids_are_used_once() -> None:
    """No two orders share an order number, item, buyer or tracking number."""
    for values in (
        [order.order_id for order in STORY.orders],
        [item.item_id for order in STORY.orders for item in order.items],
        [order.buyer.handle for order in STORY.orders],
        [parcel.number for parcel in PARCELS],
    ):
        assert len(values) == len(set(values))


def test_the_demo_is_a_two_day_story() -> None:
    """The last pass is at the clock, and the first long enough before it for failing looks to count."""
    first, last = STORY.passes
    assert last == STORY.clock
    assert last - first > timedelta(hours=24)


def test_dates_are_in_order() -> None:
    """Sold, mailed, sent, scanned: nothing happens before its cause, and nothing after the shop's clock."""
    for order in STORY.orders:
        assert order.sold.date() <= order.ship_by < instant(order.estimated_delivery.max).date()
        assert order.estimated_delivery.min <= order.estimated_delivery.max
        for mail in order.mails:
            assert order.sold < mail.at <= mail.arrives <= STORY.clock
        rows = order.parcel.page.rows if order.parcel and order.parcel.page else ()
        assert list(rows) == sorted(rows, key=lambda row: row.at)
        assert all(order.sold < row.at <= STORY.clock for row in rows)
    assert all(mail.at <= STORY.clock for mail in STORY.mails)


def test_every_parcel_that_moves_has_a_page() -> None:
    """A parcel that no mail called delivered will be looked at, so the carriers' site knows it."""
    for order in STORY.orders:
        told = any(mail.details.get("status") == "delivered" for mail in order.mails)
        assert order.parcel is None or told or order.parcel.page is not None


def test_the_shop_holds_every_risk() -> None:
    """There is an order for each risk and a mail for each notice, and most orders have none."""
    expected = load_expected()
    assert {risk for order in expected["orders"].values() for risk in order["risks"]} == RISKS
    assert set(expected["notices"]) >= NOTICES
    happy = [order_id for order_id, order in expected["orders"].items() if not order["risks"]]
    assert len(happy) > len(STORY.orders) / 2


def test_expected_names_every_order_as_the_story_tells_it() -> None:
    """Expectation and story agree on who bought what, where, and for how much."""
    expected = load_expected()["orders"]
    assert list(expected) == [order.order_id for order in STORY.orders]
    for order in STORY.orders:
        want = expected[order.order_id]
        assert want["site"] == order.site.id
        assert want["buyer"] == order.buyer.handle
        assert want["total"] == str(order.total)


def test_one_mail_is_late_and_one_comes_twice() -> None:
    """The story has a sale mail that arrives after the label's, and one that is delivered twice."""
    assert [mail.kind for mail in STORY.mails if mail.delivered_twice] == ["sale"]
    late = [order for order in STORY.orders if any(mail.arrives > mail.at for mail in order.mails)]
    assert len(late) == 1
    assert [mail.kind for mail in STORY.mails if mail.order_id == late[0].order_id] == ["label", "sale"]
