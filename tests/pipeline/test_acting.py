"""What policies do besides texts, in whole rounds: alerts, holds, notes, enquiries, quiet hours, and waits that end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.digest.text import render_text
from agent.gather import Scope, gather
from agent.policies.guard import Caps
from agent.policies.policy import parse_policies
from agent.risks.timers import DEFAULT
from agent.steps.act import act
from agent.steps.alert import TRY_AGAIN, alert
from agent.steps.decide import Decided, decide
from agent.steps.digest import DigestPlan
from agent.steps.rules import Rules
from agent.store import Store, alerts, open_store
from agent.store.log import Entry, append, load_order
from agent.store.orders import judge_all_again, one
from agent.store.outbox import rows
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.events import AnyEvent, BuyerMessage, InrOpened, LabelBought, NoteAdded, OrderSold, TrackingUpdate
from agent.vocabulary.status import Mode, TrackingStatus
from agent.vocabulary.values import Address, Item, Money
from mail.sending.transport import SendUncertain

NOON = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
ORDER, NUMBER = "14-20000-30001", "9400111899223197428490"
SELLER = "nell@saltbarn.example"
PLAN = DigestPlan(to=SELLER, at=time(23, 59), zone=ZONE, sender=SELLER)


@dataclass
class Postbox:
    """A way out that keeps (recipient, Message-ID, text), and may fail."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    broken: bool = False

    def send(self, mail: bytes, sender: str, recipient: str) -> None:
        message = message_from_bytes(mail, policy=policy.default)
        body = message.get_body(("plain",))
        self.sent.append((recipient, str(message["Message-ID"]), body.get_content() if body else ""))
        if self.broken:
            raise SendUncertain("cut off")

    def check(self) -> None:
        """It always takes mail."""

    def close(self) -> None:
        """Nothing is held open."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'shop.db'}")


def rules(text: str, mode: Mode = Mode.LIVE, caps: Caps | None = None) -> Rules:
    policies, wrong = parse_policies(parse_yaml(text))
    assert wrong == ()
    named = frozenset(one.name for one in policies)
    return Rules(
        mode=mode, shop="salt-barn", sender=SELLER, policies=policies, caps=caps or Caps(), timers=DEFAULT, armed=named,
        zone=ZONE,
    )  # fmt: skip


def log(store: Store, *events: AnyEvent, now: datetime = NOON) -> None:
    with store.begin() as connection:
        entries = [Entry(id=f"{event.source} {event.type} {event.order_id}", event=event) for event in events]
        append(connection, entries, now)


def sale(order_id: str = ORDER, buyer: str = "heron_and_co", at: datetime = NOON - timedelta(days=6)) -> list[AnyEvent]:
    """An order that was sent, and whose parcel moved two days ago."""
    number = NUMBER if order_id == ORDER else "9400111899223197428506"
    source = f"mail:{order_id}"
    return [
        OrderSold(
            occurred_at=at, seen_at=at, source=source, order_id=order_id, site="EBAY_US", buyer=buyer, paid=True,
            items=(Item(title="Oak stool", item_id="287711110001"),), total=Money(Decimal(60), "USD"),
            ship_to=Address(name="Ada Heron", city="Bend", region="OR", postcode="97701", country="US"),
        ),
        LabelBought(
            occurred_at=at, seen_at=at, source=f"{source}l", order_id=order_id, tracking_number=number, carrier="usps"
        ),
        TrackingUpdate(
            occurred_at=NOON - timedelta(days=2), seen_at=NOON, source=f"{source}t", order_id=order_id, carrier="usps",
            tracking_number=number, status=TrackingStatus.IN_TRANSIT, description="Arrived at facility",
        ),
    ]  # fmt: skip


def asks(at: datetime, n: int = 1, order_id: str = ORDER) -> BuyerMessage:
    return BuyerMessage(
        occurred_at=at, seen_at=at, source=f"mail:m{n}", order_id=order_id, buyer="heron_and_co", intent="not_received",
        text="My order has not arrived, where is it?", language="en", reply_to="heron_x7@members.ebay.com",
        reference_id=f"[#5c0ffee{n}a0b1c2d3#]"
    )  # fmt: skip


def request(at: datetime, order_id: str = ORDER) -> InrOpened:
    return InrOpened(occurred_at=at, seen_at=at, source=f"mail:r{order_id}", order_id=order_id, request_id="5300001")


def judge(store: Store, wanted: Rules, now: datetime) -> Decided:
    with store.begin() as connection:
        judge_all_again(connection, now)
    return decide(store, wanted, now)


ALERT = "- {name: tell, when: [risk: inr_opened], then: [alert: Answer it, flag: x]}"


@pytest.mark.parametrize("mode", Mode)
def test_alerts_of_one_round_are_one_mail_to_the_seller(store: Store, mode: Mode) -> None:
    """In every mode, with both orders, once; the next round says nothing more of them."""
    log(store, *sale(), *sale("14-20000-30002", "wren"), request(NOON), request(NOON, "14-20000-30002"))
    box = Postbox()
    for hours in range(3):
        judge(store, rules(ALERT, mode), NOON + timedelta(hours=hours))
        alert(store, PLAN, "salt-barn", box, NOON + timedelta(hours=hours))
    ((recipient, _, text),) = box.sent
    assert recipient == SELLER
    assert "2 orders of salt-barn cannot wait" in text
    assert text.count("Answer it") == 2
    assert ORDER in text


def test_an_alert_that_may_have_left_is_repeated_under_its_message_id(store: Store) -> None:
    """At least once: a repeat is the same mail, and rests in between."""
    log(store, *sale(), request(NOON))
    judge(store, rules(ALERT), NOON)
    box = Postbox(broken=True)
    assert alert(store, PLAN, "salt-barn", box, NOON).failed == 1
    assert alert(store, PLAN, "salt-barn", box, NOON + TRY_AGAIN / 2).failed == 0
    box.broken = False
    assert alert(store, PLAN, "salt-barn", box, NOON + TRY_AGAIN).sent == 1
    assert alert(store, PLAN, "salt-barn", box, NOON + 3 * TRY_AGAIN).sent == 0
    assert len(box.sent) == 2
    assert box.sent[0] == box.sent[1]


def test_without_a_way_out_alerts_wait_and_then_lapse(store: Store) -> None:
    """What could not be told for two days is the digest's."""
    log(store, *sale(), request(NOON))
    judge(store, rules(ALERT), NOON)
    assert alert(store, PLAN, "salt-barn", None, NOON).told == 0
    with store.begin() as connection:
        assert len(alerts.waiting(connection, NOON - timedelta(days=2))) == 1
    box = Postbox()
    assert alert(store, PLAN, "salt-barn", box, NOON + timedelta(days=3)).told == 0
    assert box.sent == []


def scope() -> Scope:
    return Scope(shop="salt-barn", mailboxes=(), mode=Mode.LIVE, zone=ZONE, timers=DEFAULT, every_carrier=False)


def test_a_held_order_heads_the_digest(store: Store) -> None:
    """Before graver cases, with the words of the hold."""
    log(store, *sale(), *sale("14-20000-30002", "wren"), request(NOON), asks(NOON, order_id="14-20000-30002"))
    wanted = rules("- {name: keep, when: [risk: not_received_message], then: [hold: Keep it here]}")
    judge(store, wanted, NOON)
    with store.begin() as connection:
        day = gather(connection, scope(), NOON)
    assert [case.hold for case in day.cases] == ["Keep it here", None]
    assert [case.severity for case in day.cases] == ["P2", "P1"]
    assert "Do not hand over: Keep it here" in render_text(day)


def test_a_note_is_kept_once_and_is_no_human_word(store: Store) -> None:
    """The policy's sentence stands with the order; a human's own note it is not, so replies go on."""
    log(store, *sale(), asks(NOON - timedelta(hours=1)))
    wanted = rules("- {name: n, when: [risk: not_received_message], then: [note: Asked once, reply: inr_in_transit]}")
    for hours in range(3):
        judge(store, wanted, NOON + timedelta(hours=hours))
    with store.begin() as connection:
        order = load_order(connection, ORDER)
        (row,) = rows(connection)
    assert order is not None
    assert [(word.text, word.by) for word in order.human] == [("Asked once", "policy:n")]
    assert row.state == "queued"


def test_after_a_humans_note_nothing_leaves_by_itself(store: Store) -> None:
    """The matter is in their hands: the text waits."""
    noted = NoteAdded(occurred_at=NOON, seen_at=NOON, source="human", order_id=ORDER, text="I phone the carrier")
    log(store, *sale(), asks(NOON - timedelta(hours=1)), noted)
    judge(store, rules("- {name: n, when: [risk: not_received_message], then: [reply: inr_in_transit]}"), NOON)
    with store.begin() as connection:
        (row,) = rows(connection)
    assert row.state == "awaiting_approval"
    assert "you noted something" in (row.reason or "")


@pytest.mark.parametrize("mode", Mode)
def test_an_enquiry_waits_for_the_seller_and_goes_to_nobody(store: Store, mode: Mode) -> None:
    """The carrier's text lies in the outbox without a recipient, once, and never leaves by itself."""
    log(store, *sale(), request(NOON))
    for hours in range(3):
        judge(
            store,
            rules("- {name: a, when: [risk: inr_opened], then: [ask_carrier]}", mode),
            NOON + timedelta(hours=hours),
        )
    box = Postbox()
    act(store, box, SELLER, NOON + timedelta(hours=3))
    with store.begin() as connection:
        (row,) = rows(connection)
    assert (row.recipient, row.situation) == ("", "ask_carrier")
    assert row.state == ("observed" if mode is Mode.OBSERVE else "awaiting_approval")
    assert NUMBER in row.body
    assert box.sent == []


QUIET = """
- {name: n, when: [risk: not_received_message], then: [reply: inr_in_transit], limits: {quiet_hours: "22:00-07:00"}}
"""


@pytest.mark.parametrize("own", [True, False])
def test_a_reply_waits_for_the_end_of_the_quiet_hours(store: Store, own: bool) -> None:
    """The policy's or the shop's: queued, shown with its hour, and gone in the morning of the digest's zone."""
    night = datetime(2026, 10, 14, 23, 0, tzinfo=ZONE)
    log(store, *sale(), asks(night - timedelta(hours=1)))
    wanted = rules(QUIET)
    if not own:
        hours = wanted.policies[0].limits.quiet_hours
        wanted = rules(QUIET.replace("22:00-07:00", "03:00-03:01"), caps=Caps(quiet_hours=hours))
    judge(store, wanted, night)
    box = Postbox()
    act(store, box, SELLER, night)
    act(store, box, SELLER, night + timedelta(hours=7, minutes=59))
    assert box.sent == []
    with store.begin() as connection:
        (row,) = rows(connection)
        day = gather(connection, scope(), night)
    assert row.state == "queued"
    assert "leaves after the quiet hours, Thu 15 Oct 07:00" in " ".join(render_text(day).split())
    act(store, box, SELLER, night + timedelta(hours=8))
    assert len(box.sent) == 1


def test_a_case_that_turned_at_night_is_not_answered_with_yesterdays_text(store: Store) -> None:
    """Delivered before the quiet hours ended: the queued text is gone."""
    night = datetime(2026, 10, 14, 23, 0, tzinfo=ZONE)
    log(store, *sale(), asks(night - timedelta(hours=1)))
    wanted = rules(QUIET.replace("[risk: not_received_message]", "[status: in_transit, risk: not_received_message]"))
    judge(store, wanted, night)
    arrived = TrackingUpdate(
        occurred_at=night + timedelta(hours=5), seen_at=night, source="mail:d", order_id=ORDER, carrier="usps",
        tracking_number=NUMBER, status=TrackingStatus.DELIVERED, description="Delivered",
    )  # fmt: skip
    log(store, arrived, now=night + timedelta(hours=6))
    decide(store, wanted, night + timedelta(hours=6))
    box = Postbox()
    act(store, box, SELLER, night + timedelta(hours=9))
    assert box.sent == []
    with store.begin() as connection:
        assert [row.state for row in rows(connection)] == ["expired"]


def test_a_reply_that_was_too_soon_leaves_when_the_pause_ends(store: Store) -> None:
    """Refused for now, shown with its hour, judged again then without any news, and sent if it still fits."""
    wanted = rules("- {name: n, when: [risk: not_received_message], then: [reply: inr_in_transit]}")
    log(store, *sale(), asks(NOON))
    box = Postbox()
    decide(store, wanted, NOON)
    act(store, box, SELLER, NOON)
    later = NOON + timedelta(days=1)
    log(store, asks(later, 2), now=later)
    decide(store, wanted, later)
    with store.begin() as connection:
        found = one(connection, ORDER)
        day = gather(connection, scope(), later)
    assert found is not None
    (made,) = found.decisions
    assert made.again_at == NOON + timedelta(days=2)
    assert made.again_at is not None
    assert found.next_due_at is not None
    assert found.next_due_at <= made.again_at
    assert "it is judged again Fri 16 Oct 13:00" in " ".join(render_text(day).split())
    for hours in range(0, 25, 2):
        decide(store, wanted, later + timedelta(hours=hours))
        act(store, box, SELLER, later + timedelta(hours=hours))
    assert len(box.sent) == 2


def test_time_alone_makes_a_policy_act(store: Store) -> None:
    """A condition about time is asked again at its moment: nothing else happened."""
    text = "- {name: late, when: [risk: not_received_message, since: 20h], then: [flag: A day old]}"
    log(store, *sale(), asks(NOON))
    assert decide(store, rules(text), NOON).judged == 1
    for hours in range(1, 24):
        decide(store, rules(text), NOON + timedelta(hours=hours))
    with store.begin() as connection:
        found = one(connection, ORDER)
    assert found is not None
    assert [made.text for made in found.decisions] == ["A day old"]


def test_per_buyer_counts_over_all_orders(store: Store) -> None:
    """The second order of the same buyer finds the policy's limit used up, months later."""
    text = "- {name: n, when: [risk: not_received_message], then: [reply: inr_in_transit], limits: {per_buyer: 1}}"
    log(store, *sale(), *sale("14-20000-30002"), asks(NOON))
    box = Postbox()
    decide(store, rules(text), NOON)
    act(store, box, SELLER, NOON)
    later = NOON + timedelta(days=5)
    log(store, asks(later, 2, "14-20000-30002"), now=later)
    decide(store, replace(rules(text), caps=Caps(order_total=9)), later)
    act(store, box, SELLER, later)
    assert len(box.sent) == 1
    with store.begin() as connection:
        found = one(connection, "14-20000-30002")
    assert found is not None
    assert [made.refused for made in found.decisions] == ["n has written to this buyer 1 times, its own limit is 1"]
