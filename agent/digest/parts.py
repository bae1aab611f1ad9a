"""What a digest is made of, in words that are ready to print: both renderings print these and nothing else.

Untrusted parts are neutralised (`agent.digest.untrusted`); nothing is markup but backticks around a command in our own
sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agent.risks.risk import Severity

Tone = Literal["alarm", "plain"]


@dataclass(frozen=True, kw_only=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """One case. Empty texts are left out."""

    severity: Severity
    mark: str
    new: bool
    heading: str
    title: str
    facts: str
    act_by: str
    summary: str
    advice: str
    details: tuple[tuple[str, str], ...]
    """Label and text."""
    links: tuple[Link, ...]
    plan: str = ""
    steps: tuple[CardStep, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CardStep:
    """One step of a plan, the recommended one marked."""

    text: str
    recommended: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cases of one urgency: cards, then lines for those beyond what a mail can hold."""

    heading: str
    cards: tuple[Card, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A reply and what can be done with it."""

    heading: str
    facts: str
    subject: str
    body: str
    hint: str
    commands: str = ""
    buttons: tuple[Link, ...] = ()
    """What opens a mail that is written already."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    text: str
    detail: str = ""
    link: Link | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    heading: str
    intro: str = ""
    tone: Tone = "plain"
    letters: tuple[Letter, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Layout:
    subject: str
    shop: str
    date: str
    headline: str
    lead: str
    """What is due first; empty where there is nothing to say beyond the headline."""
    account: str
    """What was read and looked at."""
    warnings: tuple[str, ...]
    groups: tuple[Group, ...]
    sections: tuple[Section, ...]
    mode: str
    hint: str
