"""Times of day and of the year: midnight, New Year, and the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agent.policies.hours import hours, season

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("2026-11-20T23:30", "2026-11-21T07:00"),
        ("2026-11-20T03:00", "2026-11-20T07:00"),
        ("2026-10-24T23:00", "2026-10-25T07:00"),  # the night is an hour longer
        ("2027-03-27T23:00", "2027-03-28T07:00"),  # and one shorter
    ],
)
def test_the_end_of_a_night_is_by_the_sellers_clock(at: str, end: str) -> None:
    """Seven is seven, in winter and in summer."""
    night, moment = hours("22:00-07:00"), datetime.fromisoformat(at).replace(tzinfo=BERLIN)
    assert night.holds(moment, BERLIN)
    over = night.end_after(moment.astimezone(UTC), BERLIN)
    assert over == datetime.fromisoformat(end).replace(tzinfo=BERLIN)
    assert not night.holds(over, BERLIN)


@pytest.mark.parametrize(
    "text", ["", "22-7", "22:00", "24:00-07:00", "22:60-07:00", "7:00-7:00", None, 22, "x" * 10_000]
)
def test_what_are_no_hours(text: object) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="bad hours"):
        hours(text)


@pytest.mark.parametrize(
    "text", ["", "15 Nov", "31 Feb - 1 Mar", "Nov 15 - Jan 10", "15 Foo - 1 Bar", None, "1 Jan" * 9_999]
)
def test_what_are_no_days(text: object) -> None:
    """Nor here; a day that no year has is no day."""
    with pytest.raises(ValueError, match="bad days"):
        season(text)
