"""Searches and claims with carriers, folded from what the seller said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from agent.orders.order import Trace
from agent.vocabulary.events import TraceOpened, TraceReplied


def with_trace(known: tuple[Trace, ...], event: TraceOpened | TraceReplied, at: datetime) -> tuple[Trace, ...]:
    """A search more, or an answer to the newest one of its parcel; opened again with a reference it stays one."""
    place = next(
        (index for index in reversed(range(len(known))) if known[index].tracking_number == event.tracking_number), None
    )
    if isinstance(event, TraceReplied):
        if place is None:
            unheard = Trace(tracking_number=event.tracking_number, opened_at=at)
            known, place = (*known, unheard), len(known)
        said = replace(known[place], answered_at=at, answer=event.text)
        return (*known[:place], said, *known[place + 1 :])
    if place is not None and _is_same(known[place], event):
        named = replace(known[place], reference=event.reference or known[place].reference)
        return (*known[:place], named, *known[place + 1 :])
    opened = Trace(
        carrier=event.carrier,
        tracking_number=event.tracking_number,
        opened_at=at,
        reference=event.reference,
        answer_by=event.answer_by,
        source=event.source,
    )
    return (*known, opened)


def _is_same(trace: Trace, event: TraceOpened) -> bool:
    """Not answered yet, and told again: with its reference now, or with the same one, or without any."""
    return trace.answered_at is None and (trace.reference is None or event.reference in (None, trace.reference))
