"""Until when to act: business days and calendar days on an eBay site.

eBay publishes neither its holidays, nor its cut-off hour, nor its time zone. So two dates are computed: a
*conservative* one (Monday to Friday, holidays not skipped, the opening's clock time) and a *nominal* one (Monday to
Friday less public holidays, the end of the day in the site's zone). What eBay printed stands beside them, and the
earliest counts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache

import holidays

from agent.risks.risk import Deadline
from agent.vocabulary.marketplaces import Marketplace, marketplace
from agent.vocabulary.values import Moment, end_of

MARGIN = timedelta(hours=6)
_DAY = timedelta(days=1)
_SATURDAY = 5


def business_deadline(
    opened: datetime, n: int, site: str | None, printed: Moment | None = None, margin: timedelta = MARGIN
) -> Deadline:
    """`n` business days after `opened` (aware), the day of opening being day 0.

    An opening on a weekend or holiday has the next business day as its nominal day 0; the conservative count starts at
    the opening itself.
    """
    where = marketplace(site)
    local = opened.astimezone(where.zone)
    conservative = datetime.combine(_nth(local.date(), n, _is_weekday), local.timetz())
    day_zero = local.date()
    while not is_business_day(day_zero, where):
        day_zero += _DAY
    nominal = end_of(_nth(day_zero, n, lambda day: is_business_day(day, where)), where.zone)
    return combine(conservative, nominal, printed, where, margin)


def calendar_deadline(
    opened: datetime, days: float, site: str | None, printed: Moment | None = None, margin: timedelta = MARGIN
) -> Deadline:
    """`days` times 24 hours after `opened` (aware); both computed dates are the same."""
    where = marketplace(site)
    end = (opened.astimezone(UTC) + timedelta(days=days)).astimezone(where.zone)
    return combine(end, end, printed, where, margin)


def combine(
    conservative: datetime | None,
    nominal: datetime | None,
    printed: Moment | None,
    where: Marketplace,
    margin: timedelta = MARGIN,
) -> Deadline:
    """A deadline of its dates: `act_by` is the earliest less `margin`; a printed day lasts until its end there."""
    printed = printed if printed is not None and is_plausible(printed) else None
    printed_end = end_of(printed, where.zone) if printed is not None else None
    ends = [end for end in (conservative, nominal, printed_end) if end is not None]
    act_by = (min(ends).astimezone(UTC) - margin).astimezone(where.zone) if ends else None
    return Deadline(conservative=conservative, nominal=nominal, printed=printed, act_by=act_by)


def business_days_after(start: datetime, n: int, site: str | None) -> datetime:
    """`start` moved by `n` business days of the site, public holidays skipped, its clock time kept."""
    where = marketplace(site)
    local = start.astimezone(where.zone)
    return datetime.combine(_nth(local.date(), n, lambda day: is_business_day(day, where)), local.timetz())


def differs(deadline: Deadline, site: str | None) -> bool:
    """Whether eBay printed another day than was computed: a rule may have changed."""
    if deadline.printed is None or deadline.conservative is None or deadline.nominal is None:
        return False
    zone = marketplace(site).zone
    day = end_of(deadline.printed, zone).astimezone(zone).date()
    return day not in (deadline.conservative.astimezone(zone).date(), deadline.nominal.astimezone(zone).date())


def is_business_day(day: date, where: Marketplace) -> bool:
    """Monday to Friday, and no public holiday of the site."""
    return _is_weekday(day) and day not in _holidays(where.holidays)


def is_plausible(moment: Moment) -> bool:
    """Whether a date can be counted with: a misread year must not stop the judging of an order."""
    return 2000 <= moment.year < 2100


def _is_weekday(day: date) -> bool:
    return day.weekday() < _SATURDAY


def _nth(start: date, n: int, counts: Callable[[date], bool]) -> date:
    """The n-th counted day after `start`."""
    day = start
    while n > 0:
        day += _DAY
        n -= counts(day)
    return day


@cache
def _holidays(code: str) -> holidays.HolidayBase:
    country, _, subdivision = code.partition("-")
    return holidays.country_holidays(country, subdiv=subdivision or None)
