"""Printed times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from agent.vocabulary.values import Moment
from scrapers.reading.clock import day_comes_first, find, moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-08-01T16:06:00+02:00", datetime(2026, 8, 1, 16, 6, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-08-01T16:06:00Z", datetime(2026, 8, 1, 16, 6, tzinfo=UTC)),
        ("2026-08-01 16:06:05", datetime(2026, 8, 1, 16, 6, 5)),
        ("2026-10-19 11:41:04 -04:00", datetime(2026, 10, 19, 11, 41, 4, tzinfo=timezone(timedelta(hours=-4)))),
        ("Mo, 19.02.18 16:06", datetime(2018, 2, 19, 16, 6)),
        ("Sa, 19.12.2015 13:42 Uhr", datetime(2015, 12, 19, 13, 42)),
        ("January 10, 2016 , 12:37 am", datetime(2016, 1, 10, 0, 37)),
        ("November 14, 2026, 12:05 pm", datetime(2026, 11, 14, 12, 5)),
        ("December 29, 2017 at 1:41 pm", datetime(2017, 12, 29, 13, 41)),
        ("Friday, May 26, 2017 17:08", datetime(2017, 5, 26, 17, 8)),
        ("le 8 janvier 2026 à 11h14", datetime(2026, 1, 8, 11, 14)),
        ("29. Dezember 2025, 14.05 Uhr", datetime(2025, 12, 29, 14, 5)),
        ("5 de enero de 2026", date(2026, 1, 5)),
        ("12 mrt 2026", date(2026, 3, 12)),
        ("2026年10月29日 14:05", datetime(2026, 10, 29, 14, 5)),
        ("2026/03/05 14:05", datetime(2026, 3, 5, 14, 5)),
        ("20260429 120000", datetime(2026, 4, 29, 12, 0)),
        ("venerdì 20 novembre 2026 ore 11:30", datetime(2026, 11, 20, 11, 30)),
        ("fredag d. 20. november 2026 kl. 09.10", datetime(2026, 11, 20, 9, 10)),
        ("20/nov/2026", date(2026, 11, 20)),
        ("19-NOV-26 10:30", datetime(2026, 11, 19, 10, 30)),
        ("19 Nov 10:30", None),
        ("09/28/2026 10:52", datetime(2026, 9, 28, 10, 52)),
        ("28/09/2026 10:52", datetime(2026, 9, 28, 10, 52)),
        ("04/03/2026 10:52", None),
        ("31.02.2026", None),
        ("Tuesday", None),
        ("14:05", None),
        ("", None),
    ],
)
def test_moments(text: str, expected: Moment | None) -> None:
    """No more and no less than what is printed: offsets only where they stand, days stay days."""
    assert moment(text) == expected


def test_numbers_since_1970() -> None:
    """Seconds and milliseconds; other numbers are no times."""
    assert moment(1_794_900_000) == moment(1_794_900_000_000)
    assert moment(42) is None
    assert moment(True) is None


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["04/03/2026", "28/02/2026"], True),
        (["04/03/2026", "02/28/2026"], False),
        (["04/03/2026 9:10 AM"], False),
        (["04/03/2026"], None),
        (["05/11/2026", "03/11/2026"], True),
        (["11/05/2026", "11/03/2026"], False),
        (["05/11/2026", "05/11/2026"], None),
        (["05/03/2026", "04/03/2026", "01/03/2026", "12/02/2026"], True),
        (["04.03.2026"], True),
    ],
)
def test_whether_the_day_comes_first_is_asked_of_all_dates_together(texts: list[str], first: bool | None) -> None:
    """A day above twelve, a half-day clock, the order of rows or how long they last decides; else nobody knows."""
    assert day_comes_first(texts) is first


def test_a_clock_alone_is_found_as_such() -> None:
    """It has a time but no date."""
    stamp = find("10:57 A.M.")
    assert stamp is not None
    assert stamp.clock is not None
    assert not stamp.dated
