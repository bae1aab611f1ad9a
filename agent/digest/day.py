"""What one digest shows: values gathered by the pipeline, rendered by `agent.digest.text` and `agent.digest.html`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.risks.risk import Deadline, Notice, Severity
from agent.risks.storms import Incident
from agent.vocabulary.status import Mode
from agent.vocabulary.values import Money


@dataclass(frozen=True, kw_only=True)
class Because:
    """One fact and where it came from, for a human: "mail of 18 Nov, “Your buyer opened …”"."""

    source: str
    text: str


@dataclass(frozen=True, kw_only=True)
class DigestStep:
    """One step of a plan: advice for a human."""

    text: str
    by: datetime | None = None
    recommended: bool = False


@dataclass(frozen=True, kw_only=True)
class DigestCase:
    """One order that needs a human, led by its most urgent risk."""

    order_id: str
    risk: str
    severity: Severity
    since: datetime
    deadline: Deadline
    summary: str
    advice: str
    because: tuple[Because, ...] = ()
    buyer: str | None = None
    title: str | None = None
    total: Money | None = None
    parcel: str | None = None
    """The state line: "USPS 9400…: in transit, last scan 16 Nov in Memphis, looked 20 Nov 07:10"."""
    parcel_link: str | None = None
    """The carrier's own page, built from our data; None if there is none."""
    ebay_link: str | None = None
    """Deep link for a human, built from our data."""
    also: tuple[str, ...] = ()
    """Ids of the order's other, less urgent risks."""
    flags: tuple[str, ...] = ()
    """What the policies flagged."""
    new: bool = False
    """Not in the digest before."""
    plan: str = ""
    """How the case stands, where there is a plan for it."""
    steps: tuple[DigestStep, ...] = ()
    """What to do, in the order of doing it; instead of the advice where the plan answers the leading risk."""
    hold: str | None = None
    """Why the order must not be handed over, in a policy's words; None: it may."""


@dataclass(frozen=True, kw_only=True)
class DigestDraft:
    """A reply that waits for a human, or that observe mode would have written."""

    id: str
    order_id: str
    recipient: str
    subject: str
    body: str
    policy: str
    state: str
    """A state of the outbox, or `would have been`."""
    note: str = ""
    """What a human should know of it, such as the server's last words."""
    number: int | None = None
    """What it is called in an answer to this digest; None where no answer can approve it."""
    buttons: tuple[tuple[str, str], ...] = ()
    """What an answer can do of it, and a `mailto:` that writes that answer."""


@dataclass(frozen=True, kw_only=True)
class DigestIncident:
    """A storm, and the replies to the buyers whose parcels stand in it."""

    storm: Incident
    batch: tuple[str, ...] = ()
    """Ids of the drafts that can be mailed once the seller says so."""
    by_hand: tuple[str, ...] = ()
    """Ids of those that are for the seller to copy into eBay."""
    others: tuple[str, ...] = ()
    """Ids of replies that wait for no word: on their way, or only what would have been written."""


@dataclass(frozen=True, kw_only=True)
class UnreadMail:
    """A mail that could be ours and that nobody could read."""

    sender: str
    subject: str
    at: datetime | None
    why: str
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class MailboxHealth:
    name: str
    alive: bool
    last_read_at: datetime | None
    read: int
    """Mails read since the last digest."""
    unread: int
    hostile: int
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class CarrierHealth:
    carrier: str
    name: str
    looks: int
    read: int
    not_found: int
    blocked: int
    layout_changed: int
    unreachable: int
    last_error: str | None = None
    failing_since: datetime | None = None
    """The first of the present run of failed looks, or None."""
    rests_until: datetime | None = None
    """Until when it is left alone because it refused, or None."""

    @property
    def failed(self) -> int:
        """Looks that say nothing about any parcel."""
        return self.blocked + self.layout_changed + self.unreachable


@dataclass(frozen=True, kw_only=True)
class ManualLook:
    """A parcel whose carrier we do not look at: a link for the seller to open."""

    order_id: str
    tracking_number: str
    carrier: str
    link: str | None


@dataclass(frozen=True, kw_only=True)
class Day:
    """The whole digest."""

    shop: str
    at: datetime
    """Aware, now."""
    zone: ZoneInfo
    """Times are shown in this zone."""
    mode: Mode
    cases: tuple[DigestCase, ...] = ()
    """Most urgent first."""
    drafts: tuple[DigestDraft, ...] = ()
    refused: tuple[str, ...] = ()
    """Why a whole plan was not carried out."""
    uncertain: tuple[DigestDraft, ...] = ()
    """Replies whose sending ended without an answer: `unknown`, `failed`."""
    notices: tuple[Notice, ...] = ()
    unread: tuple[UnreadMail, ...] = ()
    mailboxes: tuple[MailboxHealth, ...] = ()
    carriers: tuple[CarrierHealth, ...] = ()
    manual_looks: tuple[ManualLook, ...] = ()
    orders_watched: int = 0
    parcels_moving: int = 0
    since: datetime | None = None
    """When the last digest was made: what was read and looked at counts from here."""
    sent: tuple[DigestDraft, ...] = ()
    """Replies that left since then."""
    answers: tuple[str, ...] = ()
    """What became of the seller's answers to digests since then, and of what only looked like one."""
    reference: str = ""
    """By which an answer names this digest; empty where none is taken."""
    answer_code: str = ""
    """What proves that an answer has seen it."""
    incidents: tuple[DigestIncident, ...] = ()
    """Storms, the largest first."""

    @property
    def waiting(self) -> int:
        """Drafts that wait for a human."""
        return sum(draft.state == "awaiting_approval" for draft in self.drafts)
