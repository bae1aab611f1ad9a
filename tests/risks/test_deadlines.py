"""Business days and calendar days on eBay's sites."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent.risks.deadlines import business_days_after, business_deadline, calendar_deadline, differs
from agent.rules import figure
from agent.vocabulary.marketplaces import marketplace, marketplaces

H6 = timedelta(hours=6)


def at(site: str, year: int, month: int, day: int, hour: int = 15) -> datetime:
    return datetime(year, month, day, hour, tzinfo=marketplace(site).zone)


@pytest.mark.parametrize(
    ("site", "opened", "conservative", "nominal"),
    [
        ("EBAY_US", (2026, 11, 24), date(2026, 11, 27), date(2026, 11, 30)),
        ("EBAY_GB", (2026, 12, 24), date(2026, 12, 29), date(2026, 12, 31)),
        ("EBAY_DE", (2026, 12, 23), date(2026, 12, 28), date(2026, 12, 29)),
        ("EBAY_US", (2026, 11, 20), date(2026, 11, 25), date(2026, 11, 25)),
        ("EBAY_AU", (2026, 11, 20), date(2026, 11, 25), date(2026, 11, 25)),
        ("EBAY_DE", (2026, 11, 20), date(2026, 11, 25), date(2026, 11, 25)),
        ("EBAY_GB", (2026, 11, 21), date(2026, 11, 25), date(2026, 11, 26)),
        ("EBAY_GB", (2026, 11, 22), date(2026, 11, 25), date(2026, 11, 26)),
        ("EBAY_DE", (2026, 12, 25), date(2026, 12, 30), date(2026, 12, 31)),
    ],
)
def test_three_business_days(site: str, opened: tuple[int, int, int], conservative: date, nominal: date) -> None:
    """The known openings of 2026 give the known dates, each at its own time of day."""
    deadline = business_deadline(at(site, *opened), 3, site)
    zone = marketplace(site).zone
    assert deadline.conservative == datetime.combine(conservative, datetime.min.time().replace(hour=15), tzinfo=zone)
    assert deadline.nominal == datetime(nominal.year, nominal.month, nominal.day, 23, 59, 59, tzinfo=zone)
    assert deadline.act_by == deadline.conservative - H6


def test_day_is_counted_in_the_zone_of_the_site() -> None:
    """An opening on Tuesday morning in UTC is Monday evening in Los Angeles and counts from there."""
    opened = datetime(2026, 3, 3, 2, tzinfo=ZoneInfo("UTC"))
    deadline = business_deadline(opened, 3, "EBAY_US")
    assert deadline.nominal is not None
    assert deadline.nominal.date() == date(2026, 3, 5)


def test_earlier_printed_date_counts() -> None:
    """A day printed by eBay lasts until its end on the site; where it is the earliest, it counts."""
    deadline = business_deadline(at("EBAY_US", 2026, 11, 24), 3, "EBAY_US", printed=date(2026, 11, 25))
    assert deadline.act_by == datetime(2026, 11, 25, 23, 59, 59, tzinfo=marketplace("EBAY_US").zone) - H6
    assert differs(deadline, "EBAY_US")


def test_later_printed_date_shows_but_does_not_count() -> None:
    """Where eBay printed a later day, the computed one counts and the printed one stays visible."""
    deadline = business_deadline(at("EBAY_US", 2026, 11, 24), 3, "EBAY_US", printed=date(2026, 12, 4))
    assert deadline.printed == date(2026, 12, 4)
    assert deadline.act_by == at("EBAY_US", 2026, 11, 27) - H6
    assert differs(deadline, "EBAY_US")


def test_printed_day_equal_to_a_computed_one_is_no_difference() -> None:
    """The nominal day and the conservative day are both ours."""
    for day in (27, 30):
        deadline = business_deadline(at("EBAY_US", 2026, 11, 24), 3, "EBAY_US", printed=date(2026, 11, day))
        assert not differs(deadline, "EBAY_US")


def test_printed_clock_without_zone_is_read_on_the_site() -> None:
    """A printed local clock is the site's."""
    printed = datetime(2026, 11, 25, 9)
    deadline = business_deadline(at("EBAY_DE", 2026, 11, 23), 3, "EBAY_DE", printed=printed)
    assert deadline.act_by == printed.replace(tzinfo=marketplace("EBAY_DE").zone) - H6


def test_misread_year_is_left_out() -> None:
    """A printed date beyond reason neither counts nor breaks the counting."""
    opened = at("EBAY_US", 2026, 11, 24)
    assert business_deadline(opened, 3, "EBAY_US", printed=date(9999, 12, 31)).printed is None
    assert business_deadline(opened, 3, "EBAY_US", printed=date(1, 1, 1)).act_by == at("EBAY_US", 2026, 11, 27) - H6


def test_calendar_deadline_counts_hours() -> None:
    """Calendar days are spans of 24 hours, over a change to winter time too."""
    opened = datetime(2026, 10, 24, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    deadline = calendar_deadline(opened, 3, "EBAY_DE")
    assert deadline.conservative == deadline.nominal
    assert deadline.conservative is not None
    assert deadline.conservative - opened.astimezone(ZoneInfo("UTC")) == timedelta(days=3)


def test_unknown_site_counts_as_the_strictest_known() -> None:
    """Without a site, eBay.com's figures and calendar serve."""
    opened = at("EBAY_US", 2026, 11, 24)
    assert business_deadline(opened, 3, None) == business_deadline(opened, 3, "EBAY_US")
    assert business_deadline(opened, 3, "EBAY_XX") == business_deadline(opened, 3, "EBAY_US")


def test_business_days_after_skips_weekends_and_holidays() -> None:
    """Friday and one business day is Monday, and the day after Thanksgiving follows the day before."""
    assert business_days_after(at("EBAY_GB", 2026, 3, 6), 1, "EBAY_GB") == at("EBAY_GB", 2026, 3, 9)
    assert business_days_after(at("EBAY_US", 2026, 11, 25), 1, "EBAY_US") == at("EBAY_US", 2026, 11, 27)


@pytest.mark.parametrize("site", sorted(marketplaces()))
def test_every_site_has_the_figures_that_judging_needs(site: str) -> None:
    """Each file carries its figures with a source, and its calendar is known."""
    for name in (
        "inr_answer_business_days",
        "inr_window_days",
        "inr_idle_close_business_days",
        "ebay_decision_hours",
        "cancel_answer_days",
        "seller_cancel_days",
        "return_answer_business_days",
        "dispute_answer_days",
    ):
        found = figure(site, name)
        assert found.source
        assert found.confidence in ("high", "medium", "low")
    assert business_deadline(at(site, 2026, 12, 24), 3, site).nominal is not None


def test_money_is_never_borrowed_from_another_site() -> None:
    """A threshold that is unknown on a site is an error, not another currency's number."""
    with pytest.raises(KeyError):
        figure("EBAY_PL", "signature_threshold")
