"""Looks: which parcels are due, what each visit gave, and the snapshots kept as evidence."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, insert, select, update

from agent.store.tables import carrier_states, evidence, looks, parcels
from agent.vocabulary.status import LookOutcome, TrackingStatus


@dataclass(frozen=True, kw_only=True)
class DueParcel:
    order_id: str
    tracking_number: str
    carrier: str | None


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Evidence of one look; `body` and `text` as they came."""

    url: str
    at: datetime
    text: str
    body: bytes
    sha256: str
    media_type: str
    screenshot: bytes | None


def due_parcels(connection: Connection, now: datetime, limit: int = 1000) -> list[DueParcel]:
    """Parcels whose next look is due, longest waiting first, each number once."""
    rows = connection.execute(
        select(parcels)
        .where(parcels.c.next_look_at <= now)
        .order_by(parcels.c.next_look_at, parcels.c.tracking_number, parcels.c.order_id)
        .limit(limit)
    )
    found = [DueParcel(order_id=r.order_id, tracking_number=r.tracking_number, carrier=r.carrier) for r in rows]
    return list({parcel.tracking_number: parcel for parcel in reversed(found)}.values())[::-1]


def plan_look(connection: Connection, tracking_number: str, at: datetime | None) -> None:
    """When to look at a number next; None: never again without news."""
    where = parcels.c.tracking_number == tracking_number
    connection.execute(update(parcels).where(where).values(next_look_at=at))


@dataclass(frozen=True, kw_only=True)
class LookRow:
    """One visit as it is kept; `status` is the page's headline."""

    id: str
    carrier: str
    tracking_number: str
    at: datetime
    outcome: LookOutcome
    outcome_reason: str | None = None
    status: TrackingStatus = TrackingStatus.UNKNOWN


def keep_look(connection: Connection, look: LookRow, snapshot: Snapshot | None, shows: str = "") -> None:
    """Record a look; its snapshot is kept where it `shows` something that no earlier one of the number does.

    Pages change with every visit, tokens and all: what counts is what was understood of them.
    """
    evidence_id = _keep_snapshot(connection, look, snapshot, shows or snapshot.sha256) if snapshot else None
    row = {**asdict(look), "outcome": look.outcome.value, "status": look.status.value, "evidence_id": evidence_id}
    connection.execute(insert(looks).values(row))


def _keep_snapshot(connection: Connection, look: LookRow, snapshot: Snapshot, shows: str) -> str:
    evidence_id = hashlib.sha256(f"{look.tracking_number} {shows}".encode()).hexdigest()
    if connection.scalar(select(evidence.c.id).where(evidence.c.id == evidence_id)) is None:
        row = {
            "id": evidence_id,
            "carrier": look.carrier,
            "tracking_number": look.tracking_number,
            "at": snapshot.at,
            "url": snapshot.url,
            "media_type": snapshot.media_type,
            "sha256": snapshot.sha256,
            "text": zlib.compress(snapshot.text.encode()),
            "body": zlib.compress(snapshot.body),
            "screenshot": snapshot.screenshot,
        }
        connection.execute(insert(evidence).values(row))
    return evidence_id


def looks_of(connection: Connection, tracking_number: str) -> list[LookRow]:
    """Every look at a number, oldest first."""
    rows = connection.execute(select(looks).where(looks.c.tracking_number == tracking_number).order_by(looks.c.at))
    return [
        LookRow(
            id=row.id,
            carrier=row.carrier,
            tracking_number=row.tracking_number,
            at=row.at,
            outcome=LookOutcome(row.outcome),
            outcome_reason=row.outcome_reason,
            status=TrackingStatus(row.status),
        )
        for row in rows
    ]


def outcomes_since(connection: Connection, since: datetime) -> dict[str, dict[str, int]]:
    """Carrier → outcome → number of looks since then."""
    rows = connection.execute(
        select(looks.c.carrier, looks.c.outcome, func.count().label("n"))
        .where(looks.c.at >= since)
        .group_by(looks.c.carrier, looks.c.outcome)
    )
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row.carrier, {})[row.outcome] = row.n
    return counts


def last_failures(connection: Connection, since: datetime) -> dict[str, str]:
    """Carrier → why its latest failed look since then failed."""
    failed = looks.c.outcome.in_([o.value for o in (LookOutcome.BLOCKED, LookOutcome.LAYOUT_CHANGED,
                                                    LookOutcome.UNREACHABLE)])  # fmt: skip
    rows = connection.execute(select(looks).where(looks.c.at >= since, failed).order_by(looks.c.at))
    return {row.carrier: f"{row.outcome}: {row.outcome_reason or 'no reason given'}" for row in rows}


def carrier_failing_since(connection: Connection) -> dict[str, datetime]:
    """Carrier → since when every look at it failed, where the latest did."""
    answered = looks.c.outcome.in_([LookOutcome.READ.value, LookOutcome.NOT_FOUND.value])
    per = select(looks.c.carrier, func.max(case((answered, looks.c.at))).label("good")).group_by(looks.c.carrier)
    since: dict[str, datetime] = {}
    for row in connection.execute(per).all():
        where = [looks.c.carrier == row.carrier]
        if row.good is not None:
            where.append(looks.c.at > row.good)
        first = connection.scalar(select(func.min(looks.c.at)).where(*where))
        if first is not None:
            since[row.carrier] = first
    return since


def carrier_state(connection: Connection, carrier: str) -> str | None:
    """What the manners wing asked us to remember of a carrier, as JSON."""
    return connection.scalar(select(carrier_states.c.state).where(carrier_states.c.carrier == carrier))


def save_carrier_state(connection: Connection, carrier: str, state: str) -> None:
    where = carrier_states.c.carrier == carrier
    if connection.execute(update(carrier_states).where(where).values(state=state)).rowcount == 0:
        connection.execute(insert(carrier_states).values(carrier=carrier, state=state))


def carrier_states_kept(connection: Connection) -> dict[str, str]:
    """All of them, by carrier."""
    return {row.carrier: row.state for row in connection.execute(select(carrier_states))}


def snapshots_of(connection: Connection, tracking_number: str) -> list[Snapshot]:
    """The evidence kept of a number, oldest first."""
    where = evidence.c.tracking_number == tracking_number
    return [
        Snapshot(
            url=row.url,
            at=row.at,
            text=zlib.decompress(row.text).decode(),
            body=zlib.decompress(row.body),
            sha256=row.sha256,
            media_type=row.media_type,
            screenshot=row.screenshot,
        )
        for row in connection.execute(select(evidence).where(where).order_by(evidence.c.at))
    ]
