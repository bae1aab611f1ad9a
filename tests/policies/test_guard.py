"""The last look at a whole plan: what it lets through, and the sentence it refuses with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.policies.guard import Caps, Past, Planned, State, Verdict, guard
from agent.policies.limits import Limits
from agent.vocabulary.status import Mode

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CAPS = Caps()


def planned(number: int = 1, **more: Any) -> Planned:
    """A reply to order `number`, about something of an hour ago."""
    fields: dict[str, Any] = {
        "key": f"k{number}",
        "action": "reply",
        "order_id": f"order-{number}",
        "buyer": f"buyer-{number}",
        "policy": "late",
        "verified": True,
        "evidence": "order_number",
        "event_at": NOW - timedelta(hours=1),
        **more,
    }
    return Planned(**fields)


def past(number: int = 1, ago: timedelta = timedelta(hours=1), state: State = "sent", **more: Any) -> Past:
    """A message that was sent to order `number`."""
    fields: dict[str, Any] = {
        "key": f"old{number}-{ago}",
        "order_id": f"order-{number}",
        "buyer": f"buyer-{number}",
        "policy": "late",
        "state": state,
        "at": NOW - ago,
        **more,
    }
    return Past(**fields)


def judge(plan: list[Planned], history: list[Past] | None = None, mode: Mode = Mode.LIVE) -> Verdict:
    return guard(plan, history or [], CAPS, mode, NOW)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def test_an_ordinary_plan_goes_on() -> None:
    """Nothing suspicious, nothing refused."""
    plan = [planned(n) for n in range(20)]
    assert judge(plan) == Verdict(tuple(plan), ())


@pytest.mark.parametrize(
    ("wish", "history", "why"),
    [
        (planned(), [past(ago=days(1.9))], "in the last 2d"),
        (planned(), [past(ago=days(1.9), state="unknown")], "in the last 2d"),
        (planned(), [past(ago=days(1.9), state="sending")], "in the last 2d"),
        (planned(), [past(ago=days(1.9), state="queued")], "in the last 2d"),
        (planned(), [past(ago=days(n)) for n in (3, 6, 9)], "3 times, limit 3"),
        (planned(limits=Limits(per_order=1)), [past(ago=days(3))], "its own limit is 1"),
        (
            planned(),
            [past(n, buyer="buyer-1") for n in range(2, 7)],
            "this buyer was written to 5 times in the last 1d, limit 5",
        ),
        (planned(verified=False), [], "not verified"),
        (planned(evidence="item_and_buyer"), [], "tied to the order by item and buyer"),
        (planned(evidence="title_and_date"), [], "tied to the order by title and date"),
        (planned(confidence=0.6), [], "read with a confidence of 0.60, 0.70 is needed"),
        (planned(evidence=None), [], "tied to the order by nothing"),
        (planned(event_at=NOW - timedelta(hours=49)), [], "older than 2d"),
    ],
)
def test_one_reply_is_refused_with_its_reason(wish: Planned, history: list[Past], why: str) -> None:
    """A reply beyond a cap of its order or buyer stays, and the others of the plan go on."""
    other = planned(99)
    verdict = judge([wish, other], history)
    assert verdict.allowed == (other,)
    assert why in verdict.refusals[wish.key]
    assert len(verdict.refused) == 1
    assert "order-1" in verdict.refused[0]
    assert verdict.suspicious is None


@pytest.mark.parametrize(
    ("wish", "history"),
    [
        (planned(), [past(ago=days(2))]),
        (planned(), [past(ago=days(1), state="failed")]),
        (planned(), [past(ago=days(1), state="rejected")]),
        (planned(), [past(ago=days(1), state="expired")]),
        (planned(), [past(ago=days(1), state="awaiting_approval")]),
        (planned(), [past(ago=days(n)) for n in (3, 6)]),
        (planned(limits=Limits(per_order=2)), [past(ago=days(3))]),
        (planned(limits=Limits(per_order=1)), [past(ago=days(3), policy="other")]),
        (planned(), [past(n, buyer="buyer-1") for n in range(2, 6)]),
        (planned(), [past(n, ago=days(1.1), buyer="buyer-1") for n in range(2, 7)]),
        (planned(evidence="tracking_number"), []),
        (planned(event_at=NOW - timedelta(hours=48)), []),
    ],
)
def test_just_inside_a_cap(wish: Planned, history: list[Past]) -> None:
    """What never left does not count; the limits themselves are allowed."""
    assert judge([wish], history).allowed == (wish,)


def test_a_plan_beyond_the_shops_hour_sends_nothing() -> None:
    """40 replies at once are a fault until a human says otherwise: none leaves, drafts stay."""
    draft = planned(50, action="draft")
    plan = [*(planned(n) for n in range(40)), draft]
    verdict = judge(plan)
    assert verdict.allowed == (draft,)
    assert verdict.suspicious == "40 replies, limit 20 an hour: none sent"
    assert verdict.refused == ("40 replies, limit 20 an hour: none sent",)
    assert set(verdict.refusals) == {f"k{n}" for n in range(40)}


def test_what_left_before_counts_for_the_shop() -> None:
    """The hour and the day are counted with what is behind us."""
    history = [past(n, ago=timedelta(minutes=30)) for n in range(100, 115)]
    assert judge([planned(n) for n in range(5)], history).suspicious is None
    over = judge([planned(n) for n in range(6)], history)
    assert over.suspicious == "6 replies and 15 sent in that time before, limit 20 an hour: none sent"
    day = [past(n, ago=timedelta(hours=5)) for n in range(100, 150)]
    assert judge([planned()], day).suspicious == "1 reply and 50 sent in that time before, limit 50 a day: none sent"


def test_two_replies_of_one_plan_to_one_order() -> None:
    """The plan counts against itself."""
    first, second = planned(), planned(2, order_id="order-1")
    verdict = judge([first, second])
    assert verdict.allowed == (first,)
    assert "in the last 2d" in verdict.refusals["k2"]


def test_same_key_same_effect_once() -> None:
    """What is in the outbox in any state, or twice in the plan, is left out without a word."""
    assert judge([planned()], [past(key="k1", ago=days(9), state="rejected")]) == Verdict((), ())
    assert judge([planned(), planned()]).allowed == (planned(),)


def test_refused_replies_do_not_make_a_plan_suspicious() -> None:
    """After a long pause every event is stale: each is refused for that, not the plan for its size."""
    plan = [planned(n, event_at=NOW - timedelta(days=5)) for n in range(40)]
    verdict = judge(plan)
    assert verdict.suspicious is None
    assert verdict.allowed == ()
    assert len(verdict.refused) == 40


def test_drafts_wait_whatever_the_caps() -> None:
    """A draft leaves only by a human's hand: old events and written-to orders may have one, strangers may not."""
    wish = planned(action="draft", event_at=NOW - timedelta(days=5))
    assert judge([wish], [past()]).allowed == (wish,)
    assert judge([planned(n, action="draft") for n in range(60)]).suspicious is None
    assert judge([planned(action="draft", verified=False)]).allowed == ()
    assert judge([planned(action="draft", evidence="title_and_date")]).allowed == ()
    to_copy = planned(action="draft", evidence=None)
    assert judge([to_copy]).allowed == (to_copy,)


def test_modes() -> None:
    """In draft mode replies wait like drafts; in observe mode the verdict is what would have been."""
    plan = [planned(n) for n in range(40)]
    assert judge(plan, mode=Mode.DRAFT).allowed == tuple(plan)
    assert judge(plan, mode=Mode.OBSERVE).allowed == ()


def test_caps_are_the_sellers() -> None:
    """Other caps, other verdicts; a cap of zero sends nothing."""
    none = replace(CAPS, shop_hour=0)
    assert guard([planned()], [], none, Mode.LIVE, NOW).suspicious == "1 reply, limit 0 an hour: none sent"


@pytest.mark.parametrize(
    ("limits", "history", "why", "again"),
    [
        (Limits(per_buyer=1), [past(2, days(9), buyer="buyer-1")], "this buyer 1 times, its own limit is 1", None),
        (Limits(per_hour=1), [past(2)], None, None),  # an hour ago is not within the hour
        (Limits(per_hour=1), [past(2, timedelta(minutes=50))], "late wrote in the last 1h", timedelta(minutes=10)),
        (
            Limits(per_day=2),
            [past(2, timedelta(hours=3)), past(3, timedelta(hours=20)), past(4, timedelta(hours=30))],
            "late wrote 2 times in the last 1d, limit 2",
            timedelta(hours=4),
        ),
        (Limits(per_hour=1), [past(2, timedelta(minutes=50), policy="other")], None, None),
        (
            Limits(pause=days(3)),
            [past(2, days(2), buyer="buyer-1")],
            "this buyer was written to in the last 3d",
            days(1),
        ),
        (Limits(pause=days(3)), [past(2, days(3), buyer="buyer-1")], None, None),
        (Limits(confidence=1.0), [], "read with a confidence of 0.90, 1.00 is needed", None),
        (Limits(), [past(1, days(1.5))], "this order was written to in the last 2d", days(0.5)),
        (Limits(pause=days(4)), [past(1, days(1.5))], "this buyer was written to in the last 4d", days(2.5)),
    ],
)
def test_a_policys_own_limits(limits: Limits, history: list[Past], why: str | None, again: timedelta | None) -> None:
    """What is refused only for now says when it may be asked again; the longest wait counts."""
    wish = planned(limits=limits, confidence=0.9)
    verdict = judge([wish], history)
    assert verdict.allowed == (() if why else (wish,))
    assert (why or "") in verdict.refusals.get(wish.key, "")
    assert verdict.again_at == ({wish.key: NOW + again} if again else {})


def test_when_a_reply_may_go_again_it_does() -> None:
    """The instant that the verdict names is the first at which nothing stands against it."""
    wish, history = planned(event_at=NOW - timedelta(hours=1)), [past(1, days(1))]
    again = judge([wish], history).again_at[wish.key]
    assert guard([wish], history, CAPS, Mode.LIVE, again - timedelta(seconds=1)).allowed == ()
    assert guard([wish], history, CAPS, Mode.LIVE, again).allowed == (wish,)


def test_a_policys_hour_puts_off_the_rest_of_a_plan() -> None:
    """Beyond its own rate the others wait; nothing is suspicious in that."""
    plan = [planned(n, limits=Limits(per_hour=2)) for n in range(5)]
    verdict = judge(plan)
    assert verdict.allowed == tuple(plan[:2])
    assert set(verdict.again_at.values()) == {NOW + timedelta(hours=1)}
    assert verdict.suspicious is None


def test_what_a_night_holds_back_is_counted_when_it_leaves() -> None:
    """Replies that quiet hours hold leave together: an hour's limit binds that hour, not the ones they lay in."""
    morning = NOW + timedelta(hours=9)
    limits = Limits(per_hour=2)
    held = [past(n, ago=NOW - morning, state="queued") for n in (1, 2)]
    found = judge([planned(3, limits=limits, leaves_at=morning)], held)
    assert (found.allowed, found.again_at) == ((), {"k3": morning + timedelta(hours=1)})

    three = [planned(n, limits=limits, leaves_at=morning) for n in (1, 2, 3)]
    assert [one.key for one in judge(three).allowed] == ["k1", "k2"]


def test_what_a_night_holds_back_counts_for_the_shop() -> None:
    """Twenty replies that lie until the morning leave no room for another one at that time."""
    held = [past(n, ago=-timedelta(hours=9), state="queued") for n in range(20)]
    found = judge([planned(30, leaves_at=NOW + timedelta(hours=9))], held)
    assert found.allowed == ()
    assert found.suspicious is not None
