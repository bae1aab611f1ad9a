"""Which cases are for today, which come up, and which are to be watched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from agent.digest import dates
from agent.digest.day import Day, DigestCase
from agent.digest.sentences import due

_SOON = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Urgency:
    today: tuple[DigestCase, ...]
    soon: tuple[DigestCase, ...]
    watch: tuple[DigestCase, ...]


def urgency_of(day: Day) -> Urgency:
    """Due by tonight, held, or grave without a date: today. Due within a week, or important: soon. Else: to watch."""
    today, soon, watch = [], [], []
    for case in day.cases:
        at = due(case.deadline, day.zone)
        if case.hold is not None or (
            dates.local_day(at, day.zone) <= dates.local_day(day.at, day.zone) if at else case.severity == "P1"
        ):
            today.append(case)
        elif (at is not None and at - day.at <= _SOON) or case.severity in ("P1", "P2"):
            soon.append(case)
        else:
            watch.append(case)
    return Urgency(today=tuple(today), soon=tuple(soon), watch=tuple(watch))
