"""Hours of business days: nobody packs at night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from agent.risks.deadlines import is_business_day
from agent.vocabulary.marketplaces import marketplace

_OPENS, _CLOSES = time(9), time(17)
_DAY = timedelta(days=1)


def business_hours_before(moment: datetime, hours: int, site: str | None) -> datetime:
    """The instant from which that many hours, of nine to five on the site's business days, are left until `moment`."""
    where = marketplace(site)
    at, left = moment.astimezone(where.zone), timedelta(hours=hours)
    while True:
        opens, closes = (datetime.combine(at.date(), clock, tzinfo=where.zone) for clock in (_OPENS, _CLOSES))
        end = min(at, closes)
        if is_business_day(at.date(), where) and end > opens:
            if end - opens >= left:
                return end - left
            left -= end - opens
        at = datetime.combine(at.date() - _DAY, time(23, 59, 59), tzinfo=where.zone)
