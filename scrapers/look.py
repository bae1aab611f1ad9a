"""What one visit to a tracking page gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from agent.vocabulary.values import Moment, Place, Window

ClassifiedBy = Literal["flag", "code", "words", "none"]


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One row of a parcel's history, in the page's own words."""

    description: str
    occurred_at: Moment | None = None
    raw_time: str | None = None
    place: Place | None = None
    location: str | None = None
    """The place as printed."""
    status: TrackingStatus = TrackingStatus.UNKNOWN
    reason: Reason | None = None
    code: str | None = None
    classified_by: ClassifiedBy = "none"


@dataclass(frozen=True, kw_only=True)
class Onward:
    """The number under which the next carrier goes on with a parcel, and its id where the page tells."""

    tracking_number: str
    carrier: str | None = None


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """One parcel as a page shows it; `scans` newest first, `status` the page's headline."""

    tracking_number: str | None
    carrier: str | None
    reader: Literal["carrier", "generic", "official", "aggregator"] = "carrier"
    status: TrackingStatus = TrackingStatus.UNKNOWN
    reason: Reason | None = None
    headline: str | None = None
    classified_by: ClassifiedBy = "none"
    estimated_delivery: Window | None = None
    scans: tuple[Scan, ...] = ()
    onward: Onward | None = None
    destination: Place | None = None
    """Where the page says the parcel goes or went."""


@dataclass(frozen=True, kw_only=True)
class PageReading:
    """What saved or fetched bytes say. `parcels` is empty unless `outcome` is `READ`."""

    outcome: LookOutcome
    outcome_reason: str | None = None
    parcels: tuple[Tracked, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A snapshot as a human could hand it in."""

    url: str
    at: datetime
    text: str
    body: bytes
    """What was read: HTML, JSON or XML, as it came."""
    sha256: str
    """Of `body`, hex."""
    media_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    """Of the answer, as they came."""
    screenshot: bytes | None = None
    """PNG, where a browser was used."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One visit. `tracked` is None unless `outcome` is `READ`."""

    carrier: str
    tracking_number: str
    at: datetime
    outcome: LookOutcome
    outcome_reason: str | None = None
    tracked: Tracked | None = None
    evidence: Evidence | None = None
    retry_after: timedelta | None = None
    """How long the carrier asked to be left alone (RFC 9110, 10.2.3)."""
    source: str | None = None
    """Who spoke where it was not the carrier's page: the id of an official source (`scrapers.official`)."""
    page: Look | None = None
    """How the carrier's page went on the way, where it was asked and another source spoke."""

    @property
    def of_page(self) -> Look | None:
        """What concerns the carrier's page: whether it refused, and how long it must be left alone."""
        return self if self.source is None else self.page


class Looker(Protocol):
    """Whoever can visit carriers: the real one is `scrapers.looker.PageLooker`."""

    def look(self, number: str, carrier: str, postcode: str | None, now: datetime) -> Look:
        """Never raises for what a page or a network does: that is an outcome."""
        ...

    def close(self) -> None: ...
