"""One round: ingest → approve → look → decide → lay drafts → act → digest. READ THIS FIRST.

A mail's way, each arrow one call:

    IMAP ─▶ RawMail ─▶ (worker: Message ─▶ authenticity ─▶ reader ─▶ [Event]) ─▶ log, matched and folded  `steps.ingest`
    an answer to the digest ─▶ a draft approved, dropped or changed                                      `steps.approve`
    a reply of ours that came back ─▶ log                                                                `steps.bounce`
    page ─▶ Look(outcome, rows, evidence) ─▶ [Event] ─▶ log, matched and folded                          `steps.look`
    due orders ─▶ [Risk] ─▶ policies ─▶ [Decision] ─▶ guard(the whole plan) ─▶ outbox                    `steps.decide`
    outbox ─▶ the Drafts folder; what was sent from there by hand ─▶ log                             `steps.lay_drafts`
    an alert ─▶ one mail to the seller at once                                                           `steps.alert`
    outbox ─▶ sending ─▶ sent, failed or unknown ─▶ log                                                  `steps.act`
    the store ─▶ Day ─▶ text and HTML ─▶ one mail a day                                                  `steps.digest`

No step calls another; this file alone knows what comes next. A round may be cut off anywhere: the next one goes on from
what was committed, and repeats nothing that left the house. Time is a parameter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent.gather import Scope
from agent.steps.act import Acted, act, recover_sending
from agent.steps.alert import Alerted, alert
from agent.steps.approve import Answered, approve
from agent.steps.bounce import bounce
from agent.steps.decide import Decided, Rules, decide
from agent.steps.digest import Digested, DigestPlan, digest
from agent.steps.ingest import Inbox, Ingested, ReadMails, ingest
from agent.steps.lay_drafts import Drafts, Laid, lay_drafts
from agent.steps.look import Looked, LookPlan, look
from agent.store import Store
from agent.vocabulary.status import Mode
from mail.sending.transport import Transport
from scrapers.look import Looker


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything outside that a round touches, built by `daemon.py` or `cli.py`, and what the seller configured."""

    store: Store
    inboxes: tuple[Inbox, ...]
    read: ReadMails
    looker: Callable[[], Looker]
    """Opens the browser when it is first called in a round."""
    look_plan: LookPlan
    rules: Rules
    scope: Scope
    transport: Transport | None
    """None: nothing leaves."""
    digest_plan: DigestPlan | None
    drafts: Drafts | None = None
    """The seller's own Drafts folder, where the drafts that wait lie too."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round did."""

    cut_off: int
    """Replies whose sending an earlier stop interrupted: they are `unknown` now."""
    ingested: Ingested
    looked: Looked
    decided: Decided
    acted: Acted
    alerted: Alerted
    digested: Digested
    answered: Answered
    laid: Laid


def run_round(world: World, now: datetime) -> Round:
    """One full pass. Raises only what no round can work without: the store."""
    cut_off = recover_sending(world.store, now)
    ingested = ingest(world.store, world.inboxes, world.read, now)
    bounce(world.store, now)
    answered = approve(
        world.store,
        world.digest_plan.approving if world.digest_plan else None,
        {inbox.source.name: inbox.receiver for inbox in world.inboxes},
        world.rules.mode,
        now,
    )
    looked = look(world.store, world.looker, world.look_plan, now)
    decided = decide(world.store, world.rules, now)
    way_out = None if world.rules.mode is Mode.OBSERVE else world.transport  # what was approved earlier waits
    laid = lay_drafts(world.store, world.drafts if way_out else None, world.rules.sender, now)
    acted = act(world.store, way_out, world.rules.sender, now, laid.held)
    if acted.ended or laid.sent or laid.unknown:
        decide(world.store, world.rules, now)  # an answered case is another case: the digest shows it as it is now
    digested, alerted = Digested(), Alerted()
    if world.digest_plan is not None:
        alerted = alert(world.store, world.digest_plan, world.scope.shop, world.transport, now)
        digested = digest(world.store, world.digest_plan, world.scope, world.transport, now)
    return Round(
        cut_off=cut_off,
        ingested=ingested,
        looked=looked,
        decided=decided,
        acted=acted,
        digested=digested,
        alerted=alerted,
        answered=answered,
        laid=laid,
    )
