"""The last look at a whole plan before any of it runs: caps, freshness, who is written to.

Drafts wait for a human, count against nothing and may be about old events; replies leave by themselves. A reply beyond
a cap of its order or buyer is refused alone. A plan beyond a cap of the shop is suspicious as a whole: none of its
replies leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from agent.orders.evidence import ENOUGH_TO_REPLY, strong_enough
from agent.policies.duration import written
from agent.policies.hours import Hours
from agent.policies.limits import NO_LIMITS, Limits
from agent.vocabulary.status import Mode

State = Literal["awaiting_approval", "queued", "sending", "sent", "failed", "unknown", "rejected", "expired"]

COUNTED: frozenset[State] = frozenset({"queued", "sending", "sent", "unknown"})
"""What left, may have left, or is about to."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Caps:
    """How much may leave. CONTRACTS names the defaults."""

    order_pause: timedelta = timedelta(hours=48)
    """At most one message to an order in this time."""
    order_total: int = 3
    """Messages to one order, in all."""
    buyer_day: int = 5
    """Messages to one buyer in 24 hours."""
    shop_hour: int = 20
    """Messages of the shop in an hour."""
    shop_day: int = 50
    """Messages of the shop in 24 hours."""
    stale_after: timedelta = timedelta(hours=48)
    """Events older than this may flag, never reply."""
    confidence: float = 0.7
    """What was read less surely than this, 0 to 1, may flag, never act."""
    quiet_hours: Hours | None = None
    """Hours of the digest's zone in which no reply leaves by itself: it waits, queued, until they end."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One reply or draft that the policies want."""

    key: str
    """The decision's."""
    action: Literal["draft", "reply"]
    order_id: str
    buyer: str
    """Whoever is written to, however orders name them: their alias or eBay name."""
    policy: str
    verified: bool
    """Whether the mail that is answered is verified."""
    evidence: str | None
    """How that mail was tied to the order."""
    confidence: float = 1.0
    """How sure the least sure event is that it rests on."""
    contested: str | None = None
    """In words, what two sources tell differently of the parcel that the reply speaks of; None: nothing."""
    event_at: datetime
    """When what is answered happened; aware."""
    limits: Limits = NO_LIMITS
    """The policy's own."""
    automatic: str | None = None
    """What shows that a machine wrote the message that would be answered; None: a person did."""
    leaves_at: datetime | None = None
    """Until when quiet hours hold it; None: it leaves at once."""


@dataclass(frozen=True, kw_only=True)
class Past:
    """One row of the outbox."""

    key: str
    order_id: str
    buyer: str
    policy: str
    state: State
    at: datetime
    """When it was sent or queued, or until when quiet hours hold it; aware."""


@dataclass(frozen=True)
class Verdict:
    """What of a plan may go on. A refused plan keeps its drafts: they wait for a human anyway."""

    allowed: tuple[Planned, ...]
    refused: tuple[str, ...]
    """Sentences for the digest."""
    refusals: Mapping[str, str] = field(default_factory=dict)
    """Key of a planned reply → why it does not leave."""
    again_at: Mapping[str, datetime] = field(default_factory=dict)
    """Key of a reply that is refused only for now → when the reason is gone."""
    suspicious: str | None = None
    """Why the plan as a whole was refused, where it was: "40 replies, limit 20 an hour: none sent"."""


def guard(plan: Sequence[Planned], history: Sequence[Past], caps: Caps, mode: Mode, now: datetime) -> Verdict:
    """Judge a whole plan against what left before. Pure: same plan and history, same verdict.

    `history` must hold every row of the plan's orders, and the last 24 hours of the shop's others. Keys that are in
    `history` are left out silently: same key, same effect, once. In mode `draft` every reply waits for approval like a
    draft; in mode `observe` the verdict is what would have been.
    """
    counted = [past for past in history if past.state in COUNTED]
    known = {past.key for past in history}
    allowed: list[Planned] = []
    refusals: dict[str, str] = {}
    again_at: dict[str, datetime] = {}
    sentences: list[str] = []
    for wish in plan:
        if wish.key in known:
            continue
        known.add(wish.key)
        why = _unfit(wish, caps)
        if why is None and _leaves(wish, mode):
            why = _written_by_a_machine(wish) or _stale(wish, caps, now) or _too_many(wish, counted, caps)
            if why is None and (wait := _too_soon(wish, counted, caps, wish.leaves_at or now)) is not None:
                why, again_at[wish.key] = wait
        if why is not None:
            refusals[wish.key] = why
            sentences.append(f"order {wish.order_id}: {wish.action} of {wish.policy} refused: {why}")
            continue
        allowed.append(wish)
        if _leaves(wish, mode):
            counted.append(_as_past(wish, now))
    leaving = [wish for wish in allowed if _leaves(wish, mode)]
    suspicious = _shop_over(len(leaving), [past for past in history if past.state in COUNTED], caps, now)
    if suspicious is not None:
        refusals |= {wish.key: suspicious for wish in leaving}
        allowed = [wish for wish in allowed if not _leaves(wish, mode)]
        sentences.insert(0, suspicious)
    return Verdict(tuple(allowed), tuple(sentences), refusals, again_at, suspicious)


def _leaves(wish: Planned, mode: Mode) -> bool:
    return wish.action == "reply" and mode is not Mode.DRAFT


def _unfit(wish: Planned, caps: Caps) -> str | None:
    """Why this must not be answered, not even with a human's approval."""
    if not wish.verified:
        return "the mail that it answers is not verified"
    needed = caps.confidence
    if wish.action == "reply":
        needed = max(needed, wish.limits.confidence or 0)
    if wish.confidence < needed:
        return f"read with a confidence of {wish.confidence:.2f}, {needed:.2f} is needed: look at the mail"
    if wish.contested is not None:
        return f"it would rest on what is contested: {wish.contested}"
    if wish.evidence is None and wish.action == "draft":
        return None  # nothing to answer by mail: a text for the seller to copy into eBay
    if not strong_enough(wish.evidence):
        tie = (wish.evidence or "nothing").replace("_", " ")
        return f"tied to the order by {tie}; {ENOUGH_TO_REPLY.replace('_', ' ')} or stronger is needed"
    return None


def _written_by_a_machine(wish: Planned) -> str | None:
    """Nobody reads what answers a robot, and another robot may answer that (RFC 3834 2); a human may still approve."""
    if wish.automatic is None:
        return None
    return f"the buyer's last message seems not to be a person's to you ({wish.automatic}): write in eBay if needed"


def _stale(wish: Planned, caps: Caps, now: datetime) -> str | None:
    """After a long pause nothing old is answered by itself; a human may still approve it."""
    if now - wish.event_at > caps.stale_after:
        return f"what it answers is older than {written(caps.stale_after)}"
    return None


def _too_many(wish: Planned, counted: Sequence[Past], caps: Caps) -> str | None:
    """Which number of messages, for good, this reply would exceed."""
    to_order = sum(past.order_id == wish.order_id for past in counted)
    if to_order >= caps.order_total:
        return f"this order was written to {to_order} times, limit {caps.order_total}"
    of_policy = [past for past in counted if past.policy == wish.policy]
    own = (
        ("this order", wish.limits.per_order, sum(past.order_id == wish.order_id for past in of_policy)),
        ("this buyer", wish.limits.per_buyer, sum(past.buyer == wish.buyer for past in of_policy)),
    )
    for whom, limit, times in own:
        if limit is not None and times >= limit:
            return f"{wish.policy} has written to {whom} {times} times, its own limit is {limit}"
    return None


def _too_soon(wish: Planned, counted: Sequence[Past], caps: Caps, now: datetime) -> tuple[str, datetime] | None:
    """What this reply must wait for, the longest of all, and until when."""
    to_order = [past.at for past in counted if past.order_id == wish.order_id]
    to_buyer = [past.at for past in counted if past.buyer == wish.buyer]
    of_policy = [past.at for past in counted if past.policy == wish.policy]
    limits, pause = wish.limits, wish.limits.pause
    order, buyer, own = "this order was written to", "this buyer was written to", f"{wish.policy} wrote"
    rates: list[tuple[str, list[datetime], int | None, timedelta]] = [
        (order, to_order, 1, caps.order_pause),
        (buyer, to_buyer, 1 if pause else None, pause or _DAY),
        (buyer, to_buyer, caps.buyer_day, _DAY),
        (own, of_policy, limits.per_hour, _HOUR),
        (own, of_policy, limits.per_day, _DAY),
    ]
    waits = []
    for who, messages, limit, span in rates:
        recent = sorted(at for at in messages if now - at < span)
        if limit is None or len(recent) < limit:
            continue
        often = f" {len(recent)} times" if len(recent) > 1 else ""
        until = recent[len(recent) - limit] + span if limit else now + span
        most = f", limit {limit}" if limit != 1 else ""
        waits.append((f"{who}{often} in the last {written(span)}{most}", until))
    return max(waits, key=lambda wait: wait[1], default=None)


def _shop_over(leaving: int, counted: Sequence[Past], caps: Caps, now: datetime) -> str | None:
    for span, limit, words in ((_HOUR, caps.shop_hour, "an hour"), (_DAY, caps.shop_day, "a day")):
        before = sum(now - past.at < span for past in counted)
        if leaving and leaving + before > limit:
            replies = "1 reply" if leaving == 1 else f"{leaving} replies"
            earlier = f" and {before} sent in that time before" if before else ""
            return f"{replies}{earlier}, limit {limit} {words}: none sent"
    return None


def _as_past(wish: Planned, now: datetime) -> Past:
    at = wish.leaves_at or now  # what a night holds back leaves in one moment, and is counted there
    return Past(key=wish.key, order_id=wish.order_id, buyer=wish.buyer, policy=wish.policy, state="queued", at=at)
