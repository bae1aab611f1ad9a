"""What policies would have done, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from agent.orders.order import Order
from agent.policies.actions import ActionKind
from agent.risks.risk import Severity

Outcome = Literal["sent", "drafted", "shown", "nothing", "refused"]
"""`shown`: anything that writes to nobody, such as a flag; `nothing`: what a policy wants left alone."""
ENOUGH = timedelta(days=30)
"""How much history a policy must have been tried on before it may act by itself."""
_SURE = 0.7
"""How surely a message must have been read to be called a claim."""


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One action of one policy about one episode of one order's risk."""

    key: str
    policy: str
    action: ActionKind
    order_id: str
    buyer: str | None
    risk: str | None
    episode: str
    severity: Severity
    situation: str | None
    at: datetime
    """When the text was written, or the action first wanted."""
    wanted_at: datetime
    outcome: Outcome
    refused: tuple[str, ...] = ()
    """Why it was held back, in the end or for a time."""
    note: str = ""
    """The words of an action that writes to nobody."""
    recipient: str = ""
    subject: str = ""
    body: str = ""
    language: str = ""

    @property
    def case(self) -> tuple[str, str, str]:
        return self.order_id, self.risk or "", self.episode


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A span of a shop's history under one set of policies."""

    since: datetime
    """The later of what was asked for and the first thing known."""
    until: datetime
    orders: int = 0
    entries: int = 0
    backfilled: int = 0
    began: datetime | None = None
    deeds: tuple[Deed, ...] = ()
    """In time."""
    claims: Mapping[str, datetime] = field(default_factory=dict)
    """Order → when its buyer first said that it had not come: to the seller or to eBay."""
    remarks: tuple[str, ...] = ()
    """What was held back as a whole, and what could not be judged."""

    @property
    def span(self) -> timedelta:
        return max(self.until - self.since, timedelta(0))

    def lead(self, deed: Deed) -> timedelta | None:
        """How much earlier than the buyer's claim it came; negative: later. None: no claim came."""
        claim = self.claims.get(deed.order_id)
        return claim - deed.at if claim is not None else None

    def tried(self, policy: str) -> bool:
        """Whether a policy was tried enough to act by itself: long enough, and some text of it was to be seen."""
        return self.span >= ENOUGH and any(deed.policy == policy and deed.body for deed in self.deeds)


def claimed_at(order: Order) -> datetime | None:
    """When the buyer first said that it had not come."""
    cases = [case.opened_at for case in order.cases if case.kind == "inr"]
    told = [one.at for one in order.messages if one.intent == "not_received" and one.confidence >= _SURE]
    return min([*cases, *told], default=None)
