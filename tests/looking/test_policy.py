"""The policy against uniform polling, on a small set of made ways; `make bench` has the figures."""

from __future__ import annotations

from statistics import median

import pytest

from bench.journeys import made, recorded
from bench.looking import KINDS, policy, replay, uniform

EVENTFUL = frozenset(status for kind, statuses in KINDS.items() if kind != "delivered" for status in statuses)


def test_half_the_looks_are_enough() -> None:
    """No more than half the looks of polling every six hours."""
    journeys = list(made(60, seed=4))
    ours, theirs = replay(journeys, policy), replay(journeys, uniform)

    assert sum(ours.all_looks) <= sum(theirs.all_looks) / 2


@pytest.mark.slow
def test_no_kind_of_event_waits_longer() -> None:
    """Over ways on which something happens: exceptions, attempts, pick-ups, returns, and deliveries after all."""
    eventful = [one for one in made(330, seed=6) if any(row.status in EVENTFUL for row in one.happened)]
    ours, theirs = replay(eventful, policy), replay(eventful, uniform)

    for kind in KINDS:
        assert median(ours.hours[kind]) <= median(theirs.hours[kind]), kind


def test_recorded_ways_take_half_the_looks_too() -> None:
    """The ways of the sample pages, most of them short."""
    journeys = list(recorded(seed=3, turns=2))
    ours, theirs = replay(journeys, policy), replay(journeys, uniform)

    assert len(journeys) > 40
    assert sum(ours.all_looks) <= sum(theirs.all_looks) / 2


@pytest.mark.slow
def test_no_kind_of_event_waits_longer_on_recorded_ways() -> None:
    """Each way several times, with other hours of the label and of the page."""
    journeys = list(recorded(seed=4))
    ours, theirs = replay(journeys, policy), replay(journeys, uniform)

    for kind in KINDS:
        assert median(ours.hours[kind]) <= median(theirs.hours[kind]), kind
