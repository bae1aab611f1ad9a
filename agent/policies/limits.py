"""The `limits` of a policy, as data and as values: how much it may send, when, and how sure it must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agent.orders.evidence import ENOUGH_TO_REPLY, strong_enough
from agent.policies.arguments import DURATION, HOURS, BadArgument, Evidence, read_argument, schema_of
from agent.policies.duration import duration
from agent.policies.hours import Hours, hours
from agent.policies.nearest import did_you_mean
from agent.policies.problem import PolicyProblem, Where


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one policy may send by itself; the caps of the shop hold besides. Drafts are not counted: they wait."""

    per_order: int | None = None
    per_buyer: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    pause: timedelta | None = None
    quiet_hours: Hours | None = None
    only_verified: bool = True
    evidence: str = ENOUGH_TO_REPLY
    confidence: float | None = None


NO_LIMITS = Limits()
"""Of a policy that names none."""


@dataclass(frozen=True)
class LimitForm:
    """One key of `limits`, described for docs and schema."""

    meaning: str
    example: str
    read: Callable[[object], Any]
    """Raises BadArgument."""
    schema: Mapping[str, Any]


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadArgument(f"is a number of messages, not {value!r}")
    return value


def _span(value: object) -> timedelta:
    try:
        return duration(value)
    except ValueError as bad:
        raise BadArgument(str(bad)) from None


def _hours(value: object) -> Hours:
    try:
        return hours(value)
    except ValueError as bad:
        raise BadArgument(str(bad)) from None


def _verified(value: object) -> bool:
    if value is not True:
        raise BadArgument("is always true: what nobody verified is never answered")
    return True


def _evidence(value: object) -> str:
    level = str(read_argument(Evidence, value))
    if not strong_enough(level):
        raise BadArgument(f"a reply needs {ENOUGH_TO_REPLY} or stronger evidence")
    return level


def _confidence(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadArgument(f"is a number from 0 to 1, not {value!r}")
    return float(value)


_COUNT = {"type": "integer", "minimum": 0}

LIMITS: Mapping[str, LimitForm] = {
    "per_order": LimitForm("At most so many messages of this policy to one order, ever.", "1", _count, _COUNT),
    "per_buyer": LimitForm(
        "At most so many messages of this policy to one buyer, over all their orders, ever.", "2", _count, _COUNT
    ),
    "per_hour": LimitForm(
        "At most so many messages of this policy in an hour; the others are put off.", "5", _count, _COUNT
    ),
    "per_day": LimitForm(
        "At most so many messages of this policy in 24 hours; the others are put off.", "10", _count, _COUNT
    ),
    "pause": LimitForm(
        "At least this long after the last message to the same buyer, about whichever order; put off until then.",
        "3d",
        _span,
        DURATION,
    ),
    "quiet_hours": LimitForm(
        "No message leaves at these hours, in the digest's time zone: it waits, queued, until they end.",
        '"22:00-07:00"',
        _hours,
        HOURS,
    ),
    "only_verified": LimitForm(
        "Only verified mail is answered. This always holds; the key may say so.", "true", _verified, {"const": True}
    ),
    "evidence": LimitForm(
        "How surely what is answered belongs to the order; `tracking_number` is the least.",
        "order_number",
        _evidence,
        {"enum": [level for level in schema_of(Evidence)["enum"] if strong_enough(level)]},
    ),
    "confidence": LimitForm(
        "How surely what is answered was read, 0 to 1; never less than `caps.confidence`.",
        "0.9",
        _confidence,
        {"type": "number", "minimum": 0, "maximum": 1},
    ),
}


def read_limits(raw: object, at: Where, problems: list[PolicyProblem]) -> Limits:
    """The limits of their YAML value; what is wrong is added to `problems`."""
    if not isinstance(raw, Mapping):
        problems.append(PolicyProblem(at, f"limits are a mapping with {', '.join(LIMITS)}"))
        return Limits()
    read: dict[str, Any] = {}
    for key, value in raw.items():
        form = LIMITS.get(key)
        if form is None:
            problems.append(PolicyProblem((*at, key), f'unknown key "{key}"', did_you_mean(key, LIMITS)))
            continue
        try:
            read[key] = form.read(value)
        except BadArgument as bad:
            problems.append(PolicyProblem((*at, key), f"{key}: {bad}", bad.hint))
    return Limits(**read)
