"""A carrier's figure: so many days from an event, and where it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Literal, get_args

from dateutil.relativedelta import relativedelta

from agent.risks.deadlines import is_business_day
from agent.vocabulary.marketplaces import marketplaces

Unit = Literal["days", "business_days", "months"]
Start = Literal["posting", "due", "delivery", "enquiry"]
"""`posting` is the first scan; `due` the last day on which delivery was expected."""
_CONFIDENCES = ("high", "medium", "low")
_LONGEST = 3660
_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    value: int
    unit: Unit
    counted_from: Start
    source: str
    seen_on: str
    confidence: str

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.value} {unit[:-1] if self.value == 1 else unit} from {self.counted_from}"


def read_span(data: Mapping[str, Any]) -> Span:
    """A span of its YAML mapping; raises ValueError that says what is wrong."""
    known = {field.name for field in fields(Span)}
    if set(data) != known:
        raise ValueError(f"needs exactly {', '.join(sorted(known))}, not {', '.join(sorted(map(str, data)))}")
    value, unit, start = data["value"], data["unit"], data["counted_from"]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LONGEST:
        raise ValueError(f"value: needs a whole number of at most ten years, not {value!r}")
    if unit not in get_args(Unit) or start not in get_args(Start) or data["confidence"] not in _CONFIDENCES:
        raise ValueError(f"unknown unit, start or confidence: {unit!r}, {start!r}, {data['confidence']!r}")
    return Span(
        value=value,
        unit=unit,
        counted_from=start,
        source=str(data["source"]),
        seen_on=str(data["seen_on"]),
        confidence=data["confidence"],
    )


def day_after(start: date, span: Span, country: str | None) -> date:
    """The day that `span` reaches from `start`; business days leave out weekends and the country's holidays."""
    if span.unit == "days":
        return start + timedelta(days=span.value)
    if span.unit == "months":
        return start + relativedelta(months=span.value)
    day, left = start, span.value
    while left > 0:
        day += _DAY
        left -= _works(day, country)
    return day


def _works(day: date, country: str | None) -> bool:
    """Of a country whose holidays nobody knows only the weekends are left out."""
    site = next((one for one in marketplaces().values() if one.country == country), None)
    return is_business_day(day, site) if site is not None else day.weekday() < _SATURDAY
