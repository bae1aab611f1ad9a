"""Sentences about one order: until when, where the parcel is, how we know. Pure; every time is said in `zone`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import combinations
from zoneinfo import ZoneInfo

from agent.digest import dates
from agent.digest.day import Because
from agent.digest.names import OUTCOMES, REASONS, STATUSES, carrier_name
from agent.orders.order import Shipment
from agent.orders.shipment import scanned_at
from agent.risks.risk import Deadline, Risk
from agent.vocabulary.status import LookOutcome, TrackingStatus
from agent.vocabulary.values import Moment, end_of, instant

_GOOD = (LookOutcome.READ, LookOutcome.NOT_FOUND)


def due(deadline: Deadline, zone: ZoneInfo) -> datetime | None:
    """When to have acted: `act_by`, or the earliest of the others where no margin was taken off."""
    if deadline.act_by is not None:
        return deadline.act_by
    printed = end_of(deadline.printed, zone) if deadline.printed is not None else None
    return min((at for at in (deadline.conservative, deadline.nominal, printed) if at is not None), default=None)


def act_by_words(deadline: Deadline, now: datetime, zone: ZoneInfo) -> str:
    """`Act by today 15:00`, `Overdue since yesterday 15:00`; empty where nothing runs out."""
    at = due(deadline, zone)
    if at is None:
        return ""
    if at < now:
        return f"Overdue since {dates.ahead(at, now, zone)}"
    return f"Act by {dates.ahead(at, now, zone)}"


def deadline_words(deadline: Deadline, now: datetime, zone: ZoneInfo) -> str:
    """Where the counts differ, what each one says; empty where there is one only."""
    said: list[tuple[str, Moment | None]] = [("eBay's mail says", deadline.printed)]
    if deadline.conservative == deadline.nominal:
        said += [("counted", deadline.nominal)]
    else:
        said += [("counted strictly", deadline.conservative), ("counted as usual", deadline.nominal)]
    known = [(how, at) for how, at in said if at is not None]
    if not any(_differ(one, other, zone) for (_, one), (_, other) in combinations(known, 2)):
        return ""
    return " · ".join(f"{how} {dates.ahead(at, now, zone)}" for how, at in known)


def _differ(one: Moment, other: Moment, zone: ZoneInfo) -> bool:
    """A printed day agrees with any clock within it."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return instant(one, zone) != instant(other, zone)
    return dates.local_day(one, zone) != dates.local_day(other, zone)


def parcel_line(shipment: Shipment, now: datetime, zone: ZoneInfo) -> str:
    """`USPS 9400…: in transit, last scan 16 Nov in Memphis, looked today 07:10`; a failed look says so."""
    parts = [_state(shipment, now, zone)]
    if shipment.last_scan_at is not None and shipment.status is not TrackingStatus.DELIVERED:
        place = _last_place(shipment)
        parts.append(f"last scan {dates.past(shipment.last_scan_at, now, zone)}" + (f" in {place}" if place else ""))
    elif shipment.last_scan_at is None and shipment.last_good_look_at is not None:
        parts.append("no scan yet")
    if shipment.estimated_delivery is not None and shipment.delivered_at is None:
        parts.append(f"expected {dates.span(shipment.estimated_delivery, now, zone)}")
    parts.append(_looked(shipment, now, zone))
    name = ", then ".join(f"{carrier_name(owner)} {number}" for number, owner in shipment.carriers.items())
    return f"{name}: {', '.join(part for part in parts if part)}"


def _state(shipment: Shipment, now: datetime, zone: ZoneInfo) -> str:
    words = STATUSES[shipment.status]
    if shipment.status is TrackingStatus.DELIVERED and shipment.delivered_at is not None:
        words += f" {dates.past(shipment.delivered_at, now, zone)}"
        place = _last_place(shipment)
        words += f" in {place}" if place else ""
    reason = REASONS.get(shipment.reason) if shipment.reason else None
    return f"{words} ({reason})" if reason and reason != words else words


def _last_place(shipment: Shipment) -> str:
    """Where the last scan was; empty unless the newest row that names a time is that scan."""
    for scan in shipment.scans:
        if scan.occurred_at is not None and scan.location is not None:
            at = scanned_at(scan, shipment)
            return (scan.location.city or str(scan.location)) if at == shipment.last_scan_at else ""
    return ""


def _looked(shipment: Shipment, now: datetime, zone: ZoneInfo) -> str:
    look = shipment.last_look
    if look is None:
        return "not looked at yet"
    if look.outcome in _GOOD:
        found = "" if look.outcome is LookOutcome.READ else f" ({OUTCOMES[look.outcome]})"
        return f"looked {dates.past(look.at, now, zone)}{found}"
    words = f"could not look {dates.past(look.at, now, zone)}: {OUTCOMES[look.outcome]}"
    if shipment.last_good_look_at is not None:
        words += f" (last good look {dates.past(shipment.last_good_look_at, now, zone)})"
    return words


def because_lines(risk: Risk, origins: Mapping[str, str]) -> tuple[Because, ...]:
    """The sources of a risk for a human, each wording once; one that `origins` does not name is called by its kind."""
    named = {origins.get(source) or _kind(source): source for source in reversed(risk.because)}
    return tuple(Because(source=source, text=text) for text, source in reversed(named.items()))


def _kind(source: str) -> str:
    kind = source.partition(":")[0]
    return {"mail": "a mail", "look": "the tracking page", "human": "your own word"}.get(kind, source)
