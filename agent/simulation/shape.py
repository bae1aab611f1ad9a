"""A replay as plain data: what `policies test --json` prints, and what the tables are made of. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from agent.policies.policy import Policy
from agent.simulation.comparison import Difference
from agent.simulation.deeds import Deed, Replay

_HOUR = timedelta(hours=1)


def of_replay(done: Replay, policies: Sequence[Policy], fingerprints: Mapping[str, str]) -> dict[str, Any]:
    """Everything, in the policies' own order; `fingerprints`: by the policies' names."""
    return {
        "since": plain_time(done.since),
        "until": plain_time(done.until),
        "days": done.span // timedelta(days=1),
        "watched_since": plain_time(done.began) if done.began else None,
        "orders": done.orders,
        "entries": done.entries,
        "backfilled": done.backfilled,
        "remarks": list(done.remarks),
        "policies": [
            _of_policy(done, policy.name, fingerprints[policy.name], [d for d in done.deeds if d.policy == policy.name])
            for policy in policies
        ],
    }


def _of_policy(done: Replay, name: str, fingerprint: str, deeds: Sequence[Deed]) -> dict[str, Any]:
    outcomes = Counter(deed.outcome for deed in deeds)
    leads = list(_first_leads(done, deeds))
    return {
        "policy": name,
        "fingerprint": fingerprint,
        "cases": len({deed.case for deed in deeds}),
        **{outcome: outcomes[outcome] for outcome in ("sent", "drafted", "shown", "nothing", "refused")},
        "lead": {
            "claims": len(leads),
            "before": sum(lead > timedelta(0) for lead in leads),
            "median_hours": round(median(map(_hours, leads)), 1) if leads else None,
        },
        "refusals": [
            {"reason": reason, "times": times}
            for reason, times in sorted(Counter(reason for deed in deeds for reason in deed.refused).items())
        ],
        "deeds": [of_deed(deed, done.lead(deed)) for deed in deeds],
    }


def _first_leads(done: Replay, deeds: Iterable[Deed]) -> Iterable[timedelta]:
    """One for each order that came to a claim: how much earlier the first thing was said or shown of it."""
    first: dict[str, Deed] = {}
    for deed in deeds:
        told = deed.outcome not in ("nothing", "refused")
        if told and (deed.order_id not in first or deed.at < first[deed.order_id].at):
            first[deed.order_id] = deed
    for _, deed in sorted(first.items()):
        lead = done.lead(deed)
        if lead is not None:
            yield lead


def of_deed(deed: Deed, lead: timedelta | None) -> dict[str, Any]:
    return {
        "at": plain_time(deed.at),
        "order_id": deed.order_id,
        "buyer": masked(deed.buyer or ""),
        "risk": deed.risk,
        "severity": deed.severity,
        "action": deed.action,
        "outcome": deed.outcome,
        "situation": deed.situation,
        "language": deed.language or None,
        "to": masked(deed.recipient),
        "subject": deed.subject or None,
        "text": deed.body or deed.note,
        "refused": list(deed.refused),
        "lead_hours": _hours(lead) if lead is not None else None,
    }


def of_differences(here: Replay, there: Replay, found: Iterable[Difference]) -> list[dict[str, Any]]:
    return [
        {
            "change": one.change,
            "what": list(one.what),
            "here": {"policy": one.here.policy, **of_deed(one.here, here.lead(one.here))} if one.here else None,
            "there": {"policy": one.there.policy, **of_deed(one.there, there.lead(one.there))} if one.there else None,
        }
        for one in found
    ]


def masked(name: str) -> str:
    """Enough of a buyer's name or address to know it again by: `ma…@members.ebay.com`."""
    local, at, domain = name.partition("@")
    return f"{local[:2]}…{at}{domain}" if local else ""


def plain_time(at: datetime) -> str:
    return at.isoformat()


def _hours(span: timedelta) -> float:
    return round(span / _HOUR, 1)
