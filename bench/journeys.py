"""Parcels' ways to replay: those that the sample pages tell of, and made ones of many kinds.

A made way knows nothing of the policy that it is to try: hours, working days, missing scans, the page's own delay and
what mails tell differ from carrier to carrier. Its hours are wider than those of the saved pages that were looked at
(vans loaded from six to ten, parcels handed over from nine to five, most around noon).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.status import Reason, TrackingStatus
from bench.houses import HOUSES, House

S = TrackingStatus
PAGES = Path(__file__).resolve().parents[1] / "tests" / "pages"
START = datetime(2026, 9, 1, tzinfo=UTC)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One scan: when it was, when the page shows it, when a mail tells of it."""

    at: datetime
    status: TrackingStatus
    reason: Reason | None = None
    country: str | None = None
    shown_at: datetime
    mail_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A parcel's whole way."""

    kind: str
    number: str
    carrier: str
    site: str | None
    destination: str
    sold_at: datetime
    known_at: datetime
    """When the label was made."""
    happened: tuple[Happened, ...]
    estimate: tuple[date, date] | None = None
    """eBay's."""
    forecast: date | None = None
    """The carrier's own, on its page from the first scan on."""


_SITES = {"US": "EBAY_US", "DE": "EBAY_DE", "GB": "EBAY_GB", "FR": "EBAY_FR", "NL": "EBAY_NL", "AU": "EBAY_AU"}


def made(count: int, seed: int) -> Iterator[Journey]:
    """Made ways; the same for the same seed."""
    chance = random.Random(seed)
    for turn in range(count):
        to = chance.choice(HOUSES)
        abroad = chance.random() < 0.35
        origin = chance.choice([house for house in HOUSES if house.country != to.country]) if abroad else to
        yield _Way(chance, origin, to, turn).journey()


@dataclass
class _Way:
    """One way while it is made."""

    chance: random.Random
    origin: House
    to: House
    turn: int
    rows: list[Happened] = field(default_factory=list)
    kind: str = "domestic"

    def journey(self) -> Journey:
        chance = self.chance
        sold = START + chance.random() * 75 * _DAY
        known = sold + chance.uniform(0.2, 22) * _HOUR
        self.mailing = chance.random() < self.to.mails
        handed = self._at(self._working(known, self.origin, 0 if chance.random() < 0.5 else 1), self.origin, 15, 19)
        handed = max(handed, known + _HOUR)
        self._scan(known + 5 * timedelta(minutes=1), self.origin, S.INFO_RECEIVED)
        self._scan(handed, self.origin, S.IN_TRANSIT, Reason.ACCEPTED)
        if self.origin is not self.to:
            handed = self._cross(handed)
        expected = self._inland(handed)
        wrong = timedelta(days=chance.choice([0, 0, 0, 0, -1, 1]))
        return Journey(
            kind=self.kind,
            number=f"J{self.turn:09}",
            carrier=self.to.carrier if self.origin is self.to else self.origin.carrier,
            site=_SITES.get(self.origin.country, "EBAY_US"),
            destination=self.to.country,
            sold_at=sold,
            known_at=known,
            happened=tuple(sorted(self.rows, key=lambda row: row.at)),
            estimate=_window(expected.date(), chance) if chance.random() < 0.8 else None,
            forecast=expected.date() + wrong if chance.random() < 0.5 else None,
        )

    def _cross(self, at: datetime) -> datetime:
        """Over the border: out of the country, weeks of nothing, in, customs."""
        chance, self.kind = self.chance, "abroad"
        at += chance.uniform(0.6, 4) * _DAY
        self._scan(at, self.origin, S.IN_TRANSIT, Reason.DEPARTED)
        at += chance.choice([chance.uniform(1.5, 5), chance.uniform(5, 24)]) * _DAY
        place = self.to if chance.random() < 0.8 else None
        self._scan(at, place, S.IN_TRANSIT, Reason.ARRIVED)
        at += chance.uniform(2, 40) * _HOUR
        if chance.random() < 0.6:
            self._scan(at, place, S.IN_TRANSIT, Reason.CUSTOMS)
        if chance.random() < 0.15:
            at = self._at(self._working(at, self.to, 1), self.to, 6, 21)
            self._scan(at, place, S.EXCEPTION, Reason.CUSTOMS_HELD)
            at += chance.uniform(1, 8) * _DAY
            self._scan(at, place, S.IN_TRANSIT, Reason.DEPARTED)
        return at

    def _inland(self, at: datetime) -> datetime:
        """Through the country to the door; when it was expected there."""
        chance = self.chance
        days = chance.choice([1, 1, 2, 2, 3, 4])
        expected = self._at(self._working(at, self.to, days), self.to, 12, 13)
        for night in range(days):
            hub = self._at((at + night * _DAY).astimezone(self.to.zone).date(), self.to, 20, 29)
            if at < hub < expected and chance.random() < 0.8:
                self._scan(hub, self.to, S.IN_TRANSIT, chance.choice([Reason.ARRIVED, Reason.DEPARTED]))
        if chance.random() < 0.02:
            self.kind = "lost"
            return expected
        day = expected.astimezone(self.to.zone).date()
        if chance.random() < 0.07:
            trouble = chance.choice([(Reason.DELAYED, 0, 24), (Reason.WEATHER, 2, 14), (Reason.ADDRESS_PROBLEM, 7, 17),
                                     (Reason.DAMAGED, 18, 30)])  # fmt: skip
            before = self._at(day - timedelta(days=1), self.to, trouble[1], trouble[2])
            self._scan(max(before, at + _HOUR), self.to, S.EXCEPTION, trouble[0])
            day = self._working(max(before, at) + _HOUR, self.to, chance.randint(1, 3))
            if trouble[0] in (Reason.ADDRESS_PROBLEM, Reason.DAMAGED) and chance.random() < 0.4:
                self._back(day)
                return expected
        self._door(day)
        return expected

    def _door(self, day: date) -> None:
        """The last day, or days."""
        chance = self.chance
        for attempt in range(3):
            self._scan(self._at(day, self.to, 2, 6), self.to, S.IN_TRANSIT, Reason.ARRIVED)
            loaded = self._at(day, self.to, *self.to.loads)
            if chance.random() < self.to.scans_loading:
                self._scan(loaded, self.to, S.OUT_FOR_DELIVERY)
            hour = chance.triangular(*(self.to.hands_over[place] for place in (0, 2, 1)))
            there = max(self._at(day, self.to, hour, hour), loaded + timedelta(minutes=20))
            way = chance.random()
            if way < 0.03 and attempt == 0:
                self._scan(there, self.to, S.EXCEPTION, Reason.REFUSED)
                return self._back(day)
            if way < 0.12 and attempt < 2:
                self._scan(there, self.to, S.DELIVERY_ATTEMPTED, Reason.NO_ONE_HOME)
                if chance.random() < 0.5:
                    return self._pickup(there + chance.uniform(0.5, 6) * _HOUR)
                day = self._working(there, self.to, 1)
                continue
            if way < 0.18:
                return self._pickup(there)
            self._scan(there, self.to, S.DELIVERED)
            return None
        return self._pickup(there + _HOUR)

    def _pickup(self, at: datetime) -> None:
        self._scan(at, self.to, S.AVAILABLE_FOR_PICKUP)
        local = at.astimezone(self.to.zone).date()
        if self.chance.random() < 0.12:
            return self._back(local + timedelta(days=self.chance.randint(6, 10)))
        fetched = self._at(local + timedelta(days=self.chance.choice([0, 1, 1, 2, 3, 5])), self.to, 8, 20)
        self._scan(max(fetched, at + _HOUR), self.to, S.DELIVERED)
        return None

    def _back(self, day: date) -> None:
        start = self._at(day, self.to, 8, 20)
        start = max(start, max(row.at for row in self.rows) + _HOUR)
        self._scan(start, self.to, S.RETURNING)
        home = self._working(start, self.origin, self.chance.randint(2, 4) * (1 if self.origin is self.to else 5))
        self._scan(self._at(home, self.origin, 8, 17), self.origin, S.RETURNED)

    def _scan(self, at: datetime, house: House | None, status: TrackingStatus, reason: Reason | None = None) -> None:
        low, high = (house or self.to).page_lag
        shown = at + timedelta(minutes=self.chance.uniform(low, high))
        tells = status not in (S.IN_TRANSIT, S.INFO_RECEIVED) and self.mailing and self.chance.random() < 0.8
        mail = at + timedelta(minutes=self.chance.uniform(3, 45)) if tells else None
        country = house.country if house and self.chance.random() < 0.8 else None
        row = Happened(at=at, status=status, reason=reason, country=country, shown_at=shown, mail_at=mail)
        self.rows.append(row)

    def _at(self, day: date, house: House, first: float, last: float) -> datetime:
        hour = self.chance.uniform(first, last)
        return datetime.combine(day, time.min, tzinfo=house.zone).astimezone(UTC) + hour * _HOUR

    def _working(self, after: datetime, house: House, days: int) -> date:
        """So many days of delivery after a time; none: the first that is one."""
        day = after.astimezone(house.zone).date()
        while days or day.isoweekday() in house.closed:
            day += timedelta(days=1)
            days -= days > 0 and day.isoweekday() not in house.closed
        return day


def recorded(seed: int, turns: int = 12) -> Iterator[Journey]:
    """The ways that the sample pages tell of, several times each: when the label was made, they do not tell."""
    chance = random.Random(seed)
    for turn in range(turns):
        yield from _recorded(turn, chance)


def _recorded(turn: int, chance: random.Random) -> Iterator[Journey]:
    for path in sorted(PAGES.glob("*/*.expected.json")):
        for place, parcel in enumerate(json.loads(path.read_text(encoding="utf-8")).get("parcels", ())):
            owner = find_carrier(path.parent.name)
            rows = list(_rows(parcel, owner.zone if owner else ZoneInfo("UTC"), chance))
            if len(rows) < 3 or rows[-1].at - rows[0].at < timedelta(hours=3) or owner is None:
                continue
            known = rows[0].at - timedelta(hours=chance.uniform(1, 24))
            country = next((row.country for row in reversed(rows) if row.country), owner.country or "US")
            yield Journey(
                kind="recorded",
                number=f"R{turn}{place}{path.parent.name}{path.name}",
                carrier=owner.id,
                site=_SITES.get(owner.country or ""),
                destination=country,
                sold_at=known - timedelta(hours=6),
                known_at=known,
                happened=tuple(rows),
                estimate=_window(rows[-1].at.date(), chance) if chance.random() < 0.8 else None,
            )


def _window(expected: date, chance: random.Random) -> tuple[date, date]:
    """As eBay prints it: some days wide, and sometimes too early or too late."""
    first = expected + timedelta(days=chance.choice([-2, -1, -1, 0, 0, 1, 2]))
    return first, first + timedelta(days=chance.randint(2, 6))


def _rows(parcel: dict[str, object], zone: ZoneInfo, chance: random.Random) -> Iterator[Happened]:
    found = []
    scans = parcel.get("scans")
    for scan in scans if isinstance(scans, list) else []:
        said = scan.get("occurred_at") or ""
        if "T" in said and scan["status"] != S.UNKNOWN:
            at = datetime.fromisoformat(said)
            at = at if at.tzinfo else at.replace(tzinfo=zone)
            reason = Reason(scan["reason"]) if scan.get("reason") else None
            country = (scan.get("place") or {}).get("country")
            found.append((at.astimezone(UTC), TrackingStatus(scan["status"]), reason, country))
    for at, status, reason, country in sorted(found, key=lambda one: one[0]):
        shown = at + timedelta(minutes=chance.uniform(5, 60))
        yield Happened(at=at, status=status, reason=reason, country=country, shown_at=shown)
