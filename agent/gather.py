"""What the digest, `orders` and `status` show, gathered from the store. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, func, or_, select

from agent.digest.cases import by_urgency, case_of
from agent.digest.day import (
    CarrierHealth,
    Day,
    DigestCase,
    DigestDraft,
    MailboxHealth,
    ManualLook,
    UnreadMail,
)
from agent.digest.incidents import StormReply, batches_last, of_storm
from agent.gaps import gaps, sight
from agent.orders.order import Order
from agent.plans.advise import plan_for
from agent.plans.costs import NOT_TOLD, OwnCosts
from agent.plans.history import History, history_of
from agent.policies.decision import Decision, held
from agent.risks.drift import rule_drift
from agent.risks.families import Sight, families
from agent.risks.metrics import metrics_warning
from agent.risks.notices import phishing_suspect, shared_number, tracking_unavailable, unmatched_event
from agent.risks.risk import Assessment, Notice
from agent.risks.storms import storms
from agent.risks.timers import Timers
from agent.steps.look import kept_states
from agent.store.approvals import told_since
from agent.store.log import unmatched
from agent.store.looks import carrier_failing_since, last_failures, outcomes_since
from agent.store.mails import mailbox_state
from agent.store.orders import Judged, current_remarks, every
from agent.store.outbox import OutboxRow, State, rows
from agent.store.tables import looks, mails
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.events import AnyEvent, ParcelLooked, ReturnUpdate, TrackingUpdate
from agent.vocabulary.status import Authenticity, Mode, TrackingStatus, Unread
from agent.vocabulary.values import instant

UNMATCHED_AFTER = timedelta(days=2)
"""How long a mail that asks nothing of the seller may wait for its order: the sale's own mail may be late."""
NOTICED_FOR = timedelta(days=30)
"""How long a notice stands, from when we first saw its cause: a digest must not grow with every year of mail."""
QUIET = ("feedback_left", "other", "funds_held")
"""What asks nothing of the seller: a mail about an order from before we watched is no news."""
CLOSING = ("case_closed", "payment_dispute_closed", "order_cancelled")
PATIENT = ("order_sold", "label_bought", "ship_reminder", "refund_issued")
STOPPED = ("stalled_in_transit", "past_estimated_delivery")
"""What a parcel in a storm comes to by itself."""
_ENDED = (TrackingStatus.DELIVERED, TrackingStatus.RETURNED)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose day it is, and since when."""

    shop: str
    mailboxes: tuple[str, ...]
    mode: Mode
    zone: ZoneInfo
    timers: Timers
    every_carrier: bool
    """Whether carriers that are otherwise opened by hand are looked at too (`connect_to`)."""
    by_key: frozenset[str] = frozenset()
    """Carriers that an API answers for, to a key of the seller's."""
    costs: OwnCosts = NOT_TOLD
    since: datetime | None = None
    """When the last digest was made: what is new is newer. None: there was none."""

    @property
    def start(self) -> datetime:
        return self.since or datetime(1970, 1, 1, tzinfo=UTC)


def gather(connection: Connection, scope: Scope, now: datetime) -> Day:
    """The digest's values as of now."""
    judged = list(every(connection))
    names = source_names(
        connection, (source for one in judged for risk in one.risks for source in risk.because), scope.zone
    )
    fared = history_of((one.order for one in judged), now)
    cases = [case for one in judged if (case := _case(one, names, scope, fared, now))]
    waiting: list[State] = ["awaiting_approval", "observed", "queued"]
    orders = [one.order for one in judged]
    texts = rows(connection, waiting)
    replies = [_of_stopped(row) for row in texts if row.risk in STOPPED]
    incidents = tuple(of_storm(storm, replies) for storm in storms(orders, now, scope.timers))
    return Day(
        shop=scope.shop,
        at=now,
        zone=scope.zone,
        mode=scope.mode,
        cases=by_urgency(cases, scope.zone),
        drafts=batches_last((_draft(row) for row in texts), incidents),
        incidents=incidents,
        refused=current_remarks(connection),
        uncertain=tuple(_draft(row) for row in rows(connection, ["unknown", "failed"])),
        sent=tuple(_draft(row) for row in rows(connection, ["sent"]) if row.updated_at > scope.start),
        notices=(*notices(connection, scope.timers, now), *shop_notices(judged, scope.zone, now)),
        unread=unread_mails(connection, now),
        mailboxes=tuple(_mailbox(connection, name, scope.start) for name in scope.mailboxes),
        carriers=carrier_health(connection, scope.start),
        manual_looks=tuple(_manual_looks(orders, scope)),
        orders_watched=sum(_is_known(order) and not _is_over(order) for order in orders),
        parcels_moving=sum(parcel.status not in _ENDED for order in orders for parcel in order.shipments),
        since=scope.since,
        answers=told_since(connection, scope.start),
    )


def _case(one: Judged, names: dict[str, str], scope: Scope, fared: History, now: datetime) -> DigestCase | None:
    flags = [decision.text for decision in one.decisions if decision.action == "flag" and decision.text]
    if not flags:
        flags = [decision.text for decision in one.decisions if decision.action == "stop"]
    flags += [f"No reply sent: {_refusal(made, scope.zone)}" for made in one.decisions if _is_refused_reply(made)]
    newest = max((risk.since for risk in one.risks if not risk.handled), default=None)
    return case_of(
        one.order,
        Assessment(risks=one.risks, next_due_at=one.next_due_at),
        names,
        scope.zone,
        now,
        tuple(dict.fromkeys(flags)),
        new=newest is not None and newest > scope.start,
        plan=plan_for(one.order, one.risks, now, fared, own=scope.costs, timers=scope.timers),
        hold=held(one.decisions),
    )


def _is_refused_reply(made: Decision) -> bool:
    return made.action == "reply" and made.refused is not None


def _refusal(made: Decision, zone: ZoneInfo) -> str:
    """Why not, and when it is judged anew where that is only for now."""
    again = f"; it is judged again {made.again_at.astimezone(zone):%a %d %b %H:%M}" if made.again_at else ""
    return f"{made.refused}{again}"


def source_names(connection: Connection, sources: Iterable[str], zone: ZoneInfo) -> dict[str, str]:
    """Sources as a human knows them: `mail:…` → mail of 18 Nov, “Your buyer …”."""
    named: dict[str, str] = {}
    for source in set(sources):
        kind, _, id_ = source.partition(":")
        if kind == "mail":
            row = connection.execute(
                select(mails.c.subject, mails.c.date, mails.c.received_at).where(mails.c.id.startswith(id_))
            ).first()
            if row:
                at = row.date or row.received_at
                named[source] = f"mail{f' of {_day(at, zone)}' if at else ''}, “{row.subject or 'no subject'}”"
        elif kind == "look" and (at := connection.scalar(select(looks.c.at).where(looks.c.id == id_))):
            named[source] = f"the carrier's page of {_day(at, zone)}"
    return named


def _day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b}"


def notices(connection: Connection, timers: Timers, now: datetime) -> tuple[Notice, ...]:
    """Risks that belong to no order."""
    found = [*_suspects(connection, now), *gaps(connection, now, NOTICED_FOR), *_strays(connection, now)]
    reasons = last_failures(connection, now - timedelta(days=30))
    for carrier_id, since in sorted(carrier_failing_since(connection).items()):
        name = carrier_name(carrier_id)
        notice = tracking_unavailable(
            carrier=name, failing_since=since, reason=reasons.get(carrier_id), now=now, timers=timers
        )
        if notice:
            found.append(notice)
    return tuple(found)


def shop_notices(judged: Sequence[Judged], zone: ZoneInfo, now: datetime) -> tuple[Notice, ...]:
    """What all orders together tell: rules of eBay that seem to have changed, and where its figures of the shop go."""
    sites = Counter(one.order.site for one in judged if one.order.site)
    home = sites.most_common(1)[0][0] if sites else None
    metrics = metrics_warning([one.order for one in judged], now, zone, home)
    return (*rule_drift((one.order, one.risks) for one in judged), *((metrics,) if metrics else ()))


def _suspects(connection: Connection, now: datetime) -> list[Notice]:
    """Mails that pretend, one notice per campaign: the sender's domain and the subject's family."""
    where = and_(mails.c.authenticity == Authenticity.HOSTILE.value, mails.c.stored_at > now - NOTICED_FOR)
    rows = {row.id: row for row in connection.execute(select(mails).where(where))}
    campaigns = families(
        replace(sight(row), sender=(row.sender or "").rpartition("@")[2], source=row.id) for row in rows.values()
    )
    return [
        phishing_suspect(
            sender=first.sender or "nobody",
            subject=first.subject or "",
            reason=first.authenticity_reason or "",
            source=f"mail:{first.id[:16]}",
            at=first.date or first.received_at,
            count=len(campaign.sights),
        )
        for campaign in campaigns
        for first in [rows[campaign.sights[0].source]]
    ]


def _strays(connection: Connection, now: datetime) -> list[Notice]:
    """eBay's events that fit no order or several, and tracking numbers that several orders share.

    A carrier's mail about an unknown number may be the seller's own shopping.
    """
    found = []
    shared: dict[str, Notice] = {}
    told: set[str] = set()
    strays = unmatched(connection)
    over = {one.event.request_id for one in strays if _closes(one.event)} - {None}
    for one in reversed(strays):  # the last of several mails about one request speaks for all
        event = one.event
        if event.type in QUIET or (_closes(event) and not one.candidates):
            continue
        if event.request_id in over or event.request_id in told:
            continue
        if event.seen_at is not None and event.seen_at <= now - NOTICED_FOR:
            continue
        at = instant(event.occurred_at) if event.occurred_at else event.seen_at
        early = at is not None and now - at < UNMATCHED_AFTER and event.type in PATIENT and not one.candidates
        if isinstance(event, TrackingUpdate | ParcelLooked):
            if one.candidates:
                parcel = event.tracking_number
                notice = shared_number(number=parcel, order_ids=one.candidates, source=event.source, at=at)
                shared.setdefault(parcel, notice)
            continue
        if early:
            continue
        told |= {event.request_id} if event.request_id else set()
        number = event.request_id or event.item_id
        found.append(
            unmatched_event(event_type=event.type, source=event.source, at=at, number=number, order_ids=one.candidates)
        )
    return [*reversed(found), *shared.values()]


def _closes(event: AnyEvent) -> bool:
    """Whether a mail ends a matter: without an order that it was known of, there is nothing left to look for."""
    return event.type in CLOSING or (isinstance(event, ReturnUpdate) and event.status in ("closed", "refunded"))


def unread_mails(connection: Connection, now: datetime) -> tuple[UnreadMail, ...]:
    """Mails that could be ours and changed nothing: unreadable, or not proven genuine; one line per family."""
    where = or_(
        mails.c.unread.in_([Unread.NO_READER.value, Unread.UNREADABLE.value, Unread.TOO_BIG.value]),
        and_(mails.c.authenticity == Authenticity.UNVERIFIED.value, mails.c.events > 0),
    )
    found: dict[str, list[Sight]] = {}
    for row in connection.execute(
        select(mails).where(
            where, mails.c.authenticity != Authenticity.HOSTILE.value, mails.c.stored_at > now - NOTICED_FOR
        )
    ):
        why = row.unread or f"not proven genuine: {row.authenticity_reason}"
        found.setdefault(why.replace("_", " "), []).append(sight(row))
    return tuple(
        UnreadMail(
            sender=alike.sender,
            subject=alike.sights[-1].subject,
            at=alike.sights[-1].at,
            why=why,
            count=len(alike.sights),
        )
        for why in sorted(found)
        for alike in families(found[why])
    )


def _mailbox(connection: Connection, name: str, since: datetime) -> MailboxHealth:
    state = mailbox_state(connection, name)
    row = connection.execute(
        select(
            func.count().label("read"),
            func.count().filter(mails.c.unread.in_(["no_reader", "unreadable", "too_big"])).label("unread"),
            func.count().filter(mails.c.authenticity == Authenticity.HOSTILE.value).label("hostile"),
        ).where(mails.c.mailbox == name, mails.c.read_at > since)
    ).one()
    return MailboxHealth(
        name=name,
        alive=state.failing_since is None and state.last_read_at is not None,
        last_read_at=state.last_read_at,
        read=row.read,
        unread=row.unread,
        hostile=row.hostile,
        error=state.error or state.note,
    )


def carrier_health(connection: Connection, since: datetime) -> tuple[CarrierHealth, ...]:
    """How the looks since then went, by carrier."""
    failures = last_failures(connection, since)
    failing = carrier_failing_since(connection)
    states = kept_states(connection)
    return tuple(
        CarrierHealth(
            carrier=carrier_id,
            name=carrier_name(carrier_id),
            looks=sum(counts.values()),
            read=counts.get("read", 0),
            not_found=counts.get("not_found", 0),
            blocked=counts.get("blocked", 0),
            layout_changed=counts.get("layout_changed", 0),
            unreachable=counts.get("unreachable", 0),
            last_error=failures.get(carrier_id),
            failing_since=failing.get(carrier_id),
            rests_until=states[carrier_id].blocked_until if carrier_id in states else None,
        )
        for carrier_id, counts in sorted(outcomes_since(connection, since).items())
    )


def carrier_name(carrier_id: str) -> str:
    known = find_carrier(carrier_id)
    return known.name if known else carrier_id


def _manual_looks(orders: Iterable[Order], scope: Scope) -> Iterable[ManualLook]:
    for order in orders:
        if _is_over(order):
            continue
        postcode = order.ship_to.postcode if order.ship_to else None
        moving = (parcel for parcel in order.shipments if parcel.status not in _ENDED)
        for number, carrier_id in (leg for parcel in moving for leg in parcel.carriers.items()):
            owner = find_carrier(carrier_id) if carrier_id else None
            if owner is None or owner.looked or owner.id in scope.by_key or (scope.every_carrier and owner.page):
                continue
            yield ManualLook(
                order_id=order.order_id,
                tracking_number=number,
                carrier=owner.name,
                link=owner.link(number, postcode),
            )


def _is_known(order: Order) -> bool:
    """More than a mail that names its number: sold or waiting to be shipped, with a parcel, or with a matter open."""
    sold = order.sold_at or order.paid_at or order.reminded_at
    open_matter = order.cancellation or any(case.state != "closed" for case in order.cases)
    return bool(sold or order.shipments or open_matter)


def _is_over(order: Order) -> bool:
    """Nothing is left to watch: delivered, back, or cancelled, and no case open."""
    if any(case.state != "closed" for case in order.cases):
        return False
    if order.cancellation and order.cancellation.state == "cancelled":
        return True
    return bool(order.shipments) and all(parcel.status in _ENDED for parcel in order.shipments)


def _of_stopped(row: OutboxRow) -> StormReply:
    waits = row.state == "awaiting_approval"
    return StormReply(id=str(row.id), order_id=row.order_id, mailed=bool(row.recipient), waits=waits)


def _draft(row: OutboxRow) -> DigestDraft:
    return DigestDraft(
        id=str(row.id),
        order_id=row.order_id,
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        policy=row.policy,
        state="would have been" if row.state == "observed" else row.state,
        note=row.reason or "",
    )
