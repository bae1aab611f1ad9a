"""What the seller decided, as far as judging needs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.policies.guard import Caps
from agent.policies.policy import Policy
from agent.policies.situation import UTC
from agent.risks.timers import Timers
from agent.vocabulary.status import Mode


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The mode, who signs, the policies and how much may leave."""

    mode: Mode
    shop: str
    """Name of the shop: signs replies, and is part of every key."""
    sender: str
    """The address that replies are sent from."""
    policies: tuple[Policy, ...]
    caps: Caps
    timers: Timers
    replies: tuple[Path, ...] = ()
    """Folders of the seller's own reply templates."""
    armed: frozenset[str] | None = None
    """Policies that may send by themselves, by name; None: those that the store says were tried or vouched for."""
    zone: ZoneInfo = UTC
    """The digest's: in which the seller's hours are counted."""
