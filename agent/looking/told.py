"""What a look tells, as events of the log."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from agent.vocabulary.events import ParcelLooked, TrackingUpdate
from scrapers.look import Look, Scan


def told(seen: Look, look_id: str, now: datetime) -> list[tuple[str, ParcelLooked | TrackingUpdate]]:
    """The look itself, then the rows of its page, each with its identity."""
    source = f"look:{look_id}"
    headline = ParcelLooked(
        occurred_at=now,
        seen_at=now,
        source=source,
        tracking_number=seen.tracking_number,
        carrier=seen.carrier,
        outcome=seen.outcome,
        outcome_reason=seen.outcome_reason,
    )
    tracked = seen.tracked
    if tracked is None:
        return [(source, headline)]
    onward = tracked.onward
    headline = replace(
        headline,
        status=tracked.status,
        reason=tracked.reason,
        estimated_delivery=tracked.estimated_delivery,
        onward_number=onward.tracking_number if onward else None,
        onward_carrier=onward.carrier if onward else None,
        destination=tracked.destination,
    )
    return [(source, headline), *(_row(scan, seen, source, now) for scan in tracked.scans)]


def _row(scan: Scan, seen: Look, source: str, now: datetime) -> tuple[str, TrackingUpdate]:
    """A row of the page; its identity is what it says, so that the next look at the same history adds nothing."""
    event = TrackingUpdate(
        occurred_at=scan.occurred_at,
        seen_at=now,
        source=source,
        tracking_number=seen.tracking_number,
        carrier=seen.carrier,
        status=scan.status,
        reason=scan.reason,
        location=scan.place,
        description=scan.description,
    )
    said = "\x1f".join(
        (
            seen.carrier,
            seen.tracking_number,
            scan.raw_time or str(scan.occurred_at),
            scan.location or "",
            scan.description,
        )
    )
    return f"scan {hashlib.sha256(said.encode()).hexdigest()}", event
