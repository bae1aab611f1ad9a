"""What decisions do besides texts: an alert is kept for the next mail to the seller, a note goes into the log.

Each is keyed, so that the same decision found again does nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from agent.policies.decision import Decision
from agent.store import alerts
from agent.store.log import Entry, append
from agent.store.orders import Judged
from agent.vocabulary.events import NoteAdded


def carry_out(connection: Connection, judged: Sequence[Judged], now: datetime) -> None:
    """Every alert and note that stands; flags and holds are shown wherever the order is."""
    for decision in _standing(judged):
        if decision.action == "alert":
            alerts.put(connection, _alert(decision), now)
    append(connection, notes(judged, now), now)


def notes(judged: Iterable[Judged], now: datetime) -> list[Entry]:
    """What policies note with orders, for the log."""
    return [_note(decision, now) for decision in _standing(judged) if decision.action == "note"]


def _standing(judged: Iterable[Judged]) -> Iterator[Decision]:
    return (decision for one in judged for decision in one.decisions if decision.refused is None)


def _alert(decision: Decision) -> alerts.NewAlert:
    return alerts.NewAlert(
        key=decision.key,
        order_id=decision.order_id,
        policy=decision.policy,
        risk=decision.risk,
        episode=decision.episode,
        text=decision.text,
    )


def _note(decision: Decision, now: datetime) -> Entry:
    source = f"policy:{decision.policy}"
    event = NoteAdded(occurred_at=now, seen_at=now, source=source, order_id=decision.order_id, text=decision.text)
    return Entry(id=f"note {decision.key}", event=event)
