"""Budgets, rests and robots.txt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.manners import (
    CarrierState,
    Visited,
    after,
    may_look,
    pause_before,
    rests,
    robots_allow,
    soonest,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
READ, BLOCKED = LookOutcome.READ, LookOutcome.BLOCKED


def seen(*hours_ago: float, outcome: LookOutcome = READ) -> list[Visited]:
    return [Visited(NOW - timedelta(hours=h), outcome, TrackingStatus.IN_TRANSIT) for h in hours_ago]


def test_a_new_number_may_be_looked_at() -> None:
    """Nothing known: now."""
    assert may_look([], NOW)


def test_looks_are_an_hour_apart() -> None:
    """Half an hour is too soon."""
    assert not may_look(seen(0.5), NOW)
    assert may_look(seen(1), NOW)


def test_a_day_has_a_limit() -> None:
    """The seventh look waits until the first of the six is a day old."""
    history = seen(2, 5, 9, 11, 15, 20)
    assert not may_look(history, NOW)
    assert soonest(history, NOW) == (NOW + timedelta(hours=4), "it was looked at 6 times within a day")
    assert may_look(history[:5], NOW)


def test_weeks_of_hourly_ticks_stay_within_four_looks_a_day() -> None:
    """However often it is asked, in no week is a number looked at more than four times a day on average."""
    history: list[Visited] = []
    for tick in range(21 * 24 * 3):
        now = NOW + timedelta(minutes=20 * tick)
        if may_look(history, now):
            history.append(Visited(now, READ, TrackingStatus.IN_TRANSIT))
    assert len(history) <= 21 * 4
    assert all(later.at - first.at >= timedelta(days=7) for first, later in zip(history, history[28:], strict=False))


def test_a_block_stops_the_carrier_for_a_day() -> None:
    """A stop sign is for the carrier, not for one number; a good look lifts it."""
    state = after(CarrierState(), BLOCKED, "captcha", NOW)
    assert rests(state, NOW + timedelta(hours=23))
    assert not may_look([], NOW + timedelta(hours=23), state)
    assert may_look([], NOW + timedelta(hours=24), state)
    assert not rests(after(state, READ, None, NOW + timedelta(days=1)), NOW + timedelta(days=1))


def test_a_carrier_that_says_when_to_come_back_is_believed_within_reason() -> None:
    """`Retry-After` shortens the day's rest or lengthens it, from an hour to a week."""
    for said, rest in ((5, 60), (120, 120), (3 * 24 * 60, 3 * 24 * 60), (10**6, 7 * 24 * 60)):
        state = after(CarrierState(), BLOCKED, "rate limit", NOW, retry_after=timedelta(minutes=said))
        assert state.blocked_until == NOW + timedelta(minutes=rest)


def test_who_waits_knows_why() -> None:
    """The longest wait is the one that is named; a number that is free to look at waits for nothing."""
    state = after(CarrierState(), BLOCKED, "captcha", NOW)
    assert soonest(seen(0.5), NOW, state) == (
        NOW + timedelta(days=1),
        "the carrier refused (captcha) and is left alone",
    )
    assert soonest(seen(0.5), NOW) == (NOW + timedelta(minutes=30), "it was looked at a moment ago")
    assert soonest(seen(2), NOW) == (NOW, None)


def test_failures_in_a_row_make_looks_rarer() -> None:
    """A page that changed does not mend itself within the hour."""
    bad = LookOutcome.LAYOUT_CHANGED
    assert not may_look(seen(3, 9, 20, outcome=bad), NOW)
    assert may_look(seen(4, 9, 20, outcome=bad), NOW)


def test_requests_to_a_carrier_are_ten_seconds_apart_and_jittered() -> None:
    """At least the pause, at most the pause and the jitter."""
    state = CarrierState(last_request_at=NOW)
    assert pause_before(state, NOW, chance=0) == timedelta(seconds=10)
    assert pause_before(state, NOW, chance=1) == timedelta(seconds=15)
    assert pause_before(state, NOW + timedelta(minutes=1)) == timedelta(0)
    assert pause_before(CarrierState(), NOW) == timedelta(0)


def test_robots_txt_is_honoured() -> None:
    """A rule for everybody or for us forbids; text that is no robots.txt does not."""
    url = "https://www.carrier.example/track?n=1"
    assert not robots_allow("User-agent: *\nDisallow: /track", url)
    assert not robots_allow("User-agent: orderwatch\nDisallow: /", url)
    assert robots_allow("User-agent: *\nDisallow: /private", url)
    assert robots_allow("", url)
    assert robots_allow("<html>not here</html>", url)
