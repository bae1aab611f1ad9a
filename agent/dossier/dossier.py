"""What a dossier holds, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.orders.order import Order
from agent.risks.protection import Protection

Paper = Literal["A4", "Letter"]


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One line of the timeline. `what` and `source` may be strangers' words."""

    at: datetime
    """Aware: when it happened."""
    seen_at: datetime
    what: str
    source: str = ""
    known_to_ebay: bool = False
    """eBay's own mail, or a message through it."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail that told of the order."""

    at: datetime
    sender: str
    subject: str
    authenticity: str
    why: str
    sha256: str
    file: str | None = None
    """Its name in the folder; None where it tells of other orders too and stays out."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A message of one side to the other."""

    at: datetime
    by: Literal["buyer", "seller"]
    text: str
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A tracking page as it was seen."""

    at: datetime
    what: str
    url: str
    sha256: str
    png: bytes | None = None
    words: str = ""
    """What the page said, where there is no picture."""


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """All of it; `html` and `comment` make it readable."""

    order: Order
    protection: Protection
    now: datetime
    happenings: Sequence[Happening] = ()
    mails: Sequence[Mail] = ()
    messages: Sequence[Written] = ()
    shots: Sequence[Shot] = ()
    missed: int = 0
    """Looks that the carrier did not answer."""
    buyer_requests: int = 0
    """How many of the shop's other orders this buyer opened a request for."""
    buyer_orders: int = 0
