"""Looks: which parcels are due, what each visit gave, and the snapshots kept as evidence."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, func, insert, select, update

from agent.store.bulk import read_by
from agent.store.tables import answers, carrier_states, evidence, looks, parcels
from agent.vocabulary.status import LookOutcome, TrackingStatus

_SESSION = frozenset({"set-cookie", "set-cookie2"})
"""Headers that would let somebody go on with the visit, and prove nothing."""


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
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is known of a snapshot without unpacking it: `outcome` and `status` are those of its look."""

    id: str
    tracking_number: str
    carrier: str
    at: datetime
    url: str
    sha256: str
    outcome: LookOutcome
    status: TrackingStatus
    screenshot: bool


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
    """Record a look; its snapshot is kept where it `shows` something else than the one before it.

    Pages change with every visit, tokens and all: what counts is what was understood of them.
    """
    evidence_id = _keep_snapshot(connection, look, snapshot, shows or snapshot.sha256) if snapshot else None
    row = {**asdict(look), "outcome": look.outcome.value, "status": look.status.value, "evidence_id": evidence_id}
    connection.execute(insert(looks).values(row))


def _keep_snapshot(connection: Connection, look: LookRow, snapshot: Snapshot, shows: str) -> str:
    said = hashlib.sha256(f"{look.tracking_number} {shows}".encode()).hexdigest()
    of_number = select(evidence.c.id, evidence.c.at).where(evidence.c.tracking_number == look.tracking_number)
    last = connection.execute(of_number.order_by(evidence.c.at.desc()).limit(1)).one_or_none()
    if last is not None and last.id in (said, _again(said, last.at)):
        return str(last.id)
    known = connection.scalar(select(evidence.c.id).where(evidence.c.id == said)) is not None
    evidence_id = _again(said, snapshot.at) if known else said
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
        "headers": json.dumps([pair for pair in snapshot.headers if pair[0].lower() not in _SESSION]),
    }
    connection.execute(insert(evidence).values(row))
    return evidence_id


def _again(said: str, at: datetime) -> str:
    """The id of a snapshot that shows what an earlier one showed, after another that did not."""
    return hashlib.sha256(f"{said} {at.isoformat()}".encode()).hexdigest()


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
    """Carrier → outcome → number of looks after that moment: one at it was told of by the digest of that moment."""
    rows = connection.execute(
        select(looks.c.carrier, looks.c.outcome, func.count().label("n"))
        .where(looks.c.at > since)
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
    rows = connection.execute(select(looks).where(looks.c.at > since, failed).order_by(looks.c.at))
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


def remember_answer(connection: Connection, shape: str, carrier: str) -> None:
    """A carrier knew a number of this shape."""
    where = (answers.c.shape == shape, answers.c.carrier == carrier)
    if connection.execute(update(answers).where(*where).values(times=answers.c.times + 1)).rowcount == 0:
        connection.execute(insert(answers).values(shape=shape, carrier=carrier, times=1))


def answered(connection: Connection, shape: str) -> tuple[str, ...]:
    """The carriers that knew numbers of this shape, most often first."""
    query = select(answers.c.carrier).where(answers.c.shape == shape)
    return tuple(connection.scalars(query.order_by(answers.c.times.desc(), answers.c.carrier)))


def snapshots_of(connection: Connection, tracking_number: str) -> list[Snapshot]:
    """The evidence kept of a number, oldest first."""
    where = evidence.c.tracking_number == tracking_number
    return [_snapshot(row) for row in connection.execute(select(evidence).where(where).order_by(evidence.c.at))]


def evidence_of(connection: Connection, numbers: Collection[str]) -> list[Kept]:
    """What evidence is kept of some numbers, oldest first."""
    columns = [evidence.c[name] for name in ("id", "tracking_number", "carrier", "at", "url", "sha256")]
    query = select(*columns, evidence.c.screenshot.is_not(None).label("screenshot"))
    rows = read_by(connection, query, evidence.c.tracking_number, numbers)
    first: dict[str, Row[Any]] = {}
    of_looks = select(looks.c.evidence_id, looks.c.outcome, looks.c.status).order_by(looks.c.at)
    for row in read_by(connection, of_looks, looks.c.evidence_id, {row.id for row in rows}):
        first.setdefault(row.evidence_id, row)
    found = [
        Kept(**row._mapping, outcome=LookOutcome(first[row.id].outcome), status=TrackingStatus(first[row.id].status))
        for row in rows
        if row.id in first
    ]
    return sorted(found, key=lambda one: (one.at, one.tracking_number))


def snapshot_of(connection: Connection, kept: Kept) -> Snapshot:
    return _snapshot(connection.execute(select(evidence).where(evidence.c.id == kept.id)).one())


def _snapshot(row: Row[Any]) -> Snapshot:
    return Snapshot(
        url=row.url,
        at=row.at,
        text=zlib.decompress(row.text).decode(),
        body=zlib.decompress(row.body),
        sha256=row.sha256,
        media_type=row.media_type,
        screenshot=row.screenshot,
        headers=tuple((name, value) for name, value in json.loads(row.headers or "[]")),
    )
