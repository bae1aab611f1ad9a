"""What a policy decided about one risk of one order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from agent.policies.actions import ActionKind
from agent.risks.risk import Severity


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One action of the policy that won. Equal situations give equal decisions, and equal keys."""

    policy: str
    action: ActionKind
    order_id: str
    risk: str | None
    """None: the order has no risk; the policy asked for none."""
    episode: str
    severity: Severity
    text: str = ""
    """Of flag, alert, hold, note, ask_carrier: the seller's own words, or the risk's summary."""
    situation: str | None = None
    """Of draft and reply: which reply."""
    key: str
    """Same key, same effect, once: see `key_of`."""
    matched: tuple[str, ...] = ()
    """The conditions that held, as written."""
    lost: tuple[str, ...] = ()
    """Why each other policy that might have did not decide this; those about other risks are not named."""
    refused: str | None = None
    """Why this may not be carried out; it is shown all the same."""
    again_at: datetime | None = None
    """When what is refused only for now is judged anew: a pause ends, an hour has passed."""


def key_of(shop: str, order_id: str, policy: str, risk: str | None, episode: str, action: str, situation: str) -> str:
    """The idempotency key of one effect: sha256, hex. `situation` is the reply's, or the words of other actions."""
    parts = (shop, order_id, policy, risk or "", episode, action, situation)
    return sha256("\x1f".join(parts).encode()).hexdigest()


def held(decisions: Iterable[Decision]) -> str | None:
    """Why the order must not be handed over, in words, or None."""
    return next((made.text for made in decisions if made.action == "hold" and made.refused is None), None)
