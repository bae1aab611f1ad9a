"""The daemon: builds the real world from the settings, and runs a round whenever one is due.

With `cli.py` the only place that opens real mailboxes, browsers and databases, or asks what time it is.
"""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import sdnotify
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from agent.approvals.approving import Approving
from agent.arenas import keep_few_arenas
from agent.config.keys import find_keys
from agent.config.passwords import resolve_password
from agent.config.settings import Mailbox, Outgoing, Settings
from agent.gather import Scope
from agent.lock import only_writer
from agent.looking.due import Pace
from agent.pipeline import Round, World, run_round
from agent.steps.decide import Rules
from agent.steps.digest import DigestPlan
from agent.steps.ingest import Inbox
from agent.steps.look import LookPlan, kept_states
from agent.steps.standings import keep_standings, standings_kept
from agent.store import Store, open_store
from agent.store.orders import judge_all_again
from mail.boxes.drafts_folder import DraftsFolder
from mail.boxes.mailbox import MailboxSpec
from mail.boxes.raw import Refused, Source, Transient
from mail.boxes.sources import open_source
from mail.sending.transport import Transport
from mail.sending.transports import open_transport
from mail.worker.pool import ReadingPool
from scrapers.look import Looker, PageReading
from scrapers.looker import LookSettings, PageLooker
from scrapers.manners import BUDGET
from scrapers.official import Key, answered_for
from scrapers.official.enquiries import Enquiries

log = logging.getLogger("orderwatch")


@dataclass
class Lookers:
    """Opens a browser for the round that needs one, and closes it with that round."""

    store: Store
    settings: LookSettings
    keys: Mapping[str, Key] = field(default_factory=dict)
    _open: PageLooker | None = None
    _enquiries: Enquiries | None = None
    _shown: dict[str, str] = field(default_factory=dict)
    """By number, a hash of what its page said last."""

    def __call__(self) -> Looker:
        if self._open is None:
            with self.store.begin() as connection:
                self._enquiries = self._enquiries or Enquiries(self.keys, standings_kept(connection))
                self._open = PageLooker(
                    self.settings,
                    states=kept_states(connection),
                    enquiries=self._enquiries,
                    pictured=self._is_news,
                )
        return self._open

    def _is_news(self, number: str, reading: PageReading) -> bool:
        """Whether a page says something else than last time: only then it is kept, and worth a picture."""
        says = hashlib.sha256(repr(reading).encode()).hexdigest()
        before, self._shown[number] = self._shown.get(number), says
        return says != before

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
        if self._enquiries is not None and self._enquiries.standings:
            with self.store.begin() as connection:
                keep_standings(connection, self._enquiries.standings)


@contextmanager
def open_world(
    settings: Settings, env: Mapping[str, str], *, sending: bool = True, since: date | None = None
) -> Iterator[World]:
    """Everything real, open while the block runs; mailboxes connect later, and leave out mails from before `since`.

    Raises StoreUnreachable and NoPassword.
    """
    with ExitStack() as stack:
        store = open_store(settings.store)
        stack.callback(store.close)
        reader = ReadingPool(own=settings.own_data)
        stack.callback(reader.close)
        found = find_keys(settings.looking, env, settings.folder)
        for name, why in found.missing.items():
            log.warning("looking.keys.%s: %s; its carriers are asked without it", name, why)
        lookers = Lookers(store, LookSettings(connect_to=settings.looking.connect_to), found.keys)
        stack.callback(lookers.close)
        inboxes = tuple(open_inbox(mailbox, settings, env, since) for mailbox in settings.mailboxes)
        for inbox in inboxes:
            stack.callback(inbox.source.close)
        transport = open_way_out(settings.outgoing, settings, env) if settings.outgoing and sending else None
        if transport is not None:
            stack.callback(transport.close)
        yield World(
            store=store,
            inboxes=inboxes,
            read=reader.read_all,
            looker=lookers,
            look_plan=look_plan(settings, found.keys),
            rules=rules_of(settings),
            scope=scope_of(settings, found.keys),
            transport=transport,
            digest_plan=digest_plan(settings),
            drafts=open_drafts(settings, env) if sending else None,
        )


def open_inbox(mailbox: Mailbox, settings: Settings, env: Mapping[str, str], since: date | None = None) -> Inbox:
    """A mailbox and what is configured of it; mails from before `since` are left out. Raises NoPassword."""
    source = open_mailbox(mailbox, settings, env, since)
    return Inbox(source=source, receiver=mailbox.trust, site=mailbox.site, own=own_addresses(mailbox, settings))


def own_addresses(mailbox: Mailbox, settings: Settings) -> frozenset[str]:
    """Whom eBay's letters in this mailbox may be addressed to; nobody is asked for where its own is not configured."""
    if mailbox.registered_address is None:
        return frozenset()
    sender = {settings.outgoing.sender} if settings.outgoing else set()
    return frozenset(sender.union(one.registered_address for one in settings.mailboxes if one.registered_address))


def open_mailbox(mailbox: Mailbox, settings: Settings, env: Mapping[str, str], since: date | None = None) -> Source:
    """Not connected yet. Raises NoPassword."""
    password = resolve_password(mailbox.password, env, settings.folder) if mailbox.password else None
    return open_source(MailboxSpec(name=mailbox.name, url=mailbox.source, password=password, since=since))


def open_drafts(settings: Settings, env: Mapping[str, str]) -> DraftsFolder | None:
    """The Drafts folder of the first mailbox on a server, where one is asked for. Raises NoPassword."""
    folder = settings.outgoing.drafts_folder if settings.outgoing else None
    mailbox = next((one for one in settings.mailboxes if one.source.startswith("imap")), None)
    if folder is None or mailbox is None:
        return None
    password = resolve_password(mailbox.password, env, settings.folder) if mailbox.password else None
    return DraftsFolder(MailboxSpec(name=mailbox.name, url=mailbox.source, password=password), folder)


def open_way_out(outgoing: Outgoing, settings: Settings, env: Mapping[str, str]) -> Transport:
    password = resolve_password(outgoing.password, env, settings.folder) if outgoing.password else None
    return open_transport(outgoing.transport, password)


def look_plan(settings: Settings, keys: Iterable[str] | None = None) -> LookPlan:
    """Where `connect_to` stands for every carrier, each is asked, without pauses and limits.

    `keys`: the sources that there is a key for; None: those that are configured.
    """
    looking = settings.looking
    by_key = answered_for(looking.keys.given if keys is None else keys)
    pace = Pace(every=looking.every, budget=replace(BUDGET, a_day=looking.a_day))
    if looking.connect_to is None:
        return LookPlan(enabled=looking.enabled, pace=pace, by_key=by_key)
    hurried = replace(pace, hurried=True)
    return LookPlan(enabled=looking.enabled, pace=hurried, within=timedelta(days=1), every_carrier=True, by_key=by_key)


def rules_of(settings: Settings) -> Rules:
    own = settings.additions.replies
    return Rules(
        mode=settings.mode,
        shop=settings.mailboxes[0].signature,
        sender=settings.outgoing.sender if settings.outgoing else "",
        policies=settings.policies,
        caps=settings.caps,
        timers=settings.timers,
        replies=(own,) if own else (),
        zone=settings.zone,
    )


def scope_of(settings: Settings, keys: Iterable[str] | None = None) -> Scope:
    """`keys` as for `look_plan`."""
    return Scope(
        shop=settings.mailboxes[0].signature,
        mailboxes=tuple(mailbox.name for mailbox in settings.mailboxes),
        mode=settings.mode,
        zone=settings.zone,
        timers=settings.timers,
        every_carrier=settings.looking.connect_to is not None,
        by_key=answered_for(settings.looking.keys.given if keys is None else keys),
        costs=settings.costs.told,
    )


def digest_plan(settings: Settings) -> DigestPlan | None:
    wanted = settings.digest
    if wanted is None:
        return None
    sender = settings.outgoing.sender if settings.outgoing else wanted.to
    return DigestPlan(
        to=wanted.to, at=wanted.at, zone=wanted.timezone, sender=sender, approving=approving_of(settings, sender)
    )


def approving_of(settings: Settings, sender: str) -> Approving | None:
    """Whose answers to the digest count, and where they are read; None where no mailbox could tell them from forged."""
    trusted = [mailbox for mailbox in settings.mailboxes if mailbox.receiver is not None]
    limit = settings.digest.approve_by_reply_up_to if settings.digest else 0
    if settings.digest is None or not trusted or limit == 0:
        return None
    read = [address for mailbox in trusted if (address := mailbox.registered_address)]
    answers_to = read[0] if read and sender.lower() not in (address.lower() for address in read) else sender
    return Approving(approver=settings.digest.to, answers_to=answers_to, up_to=Decimal(str(limit)))


def now_of(settings: Settings) -> datetime:
    """The time, or what the configuration sets in its place."""
    return settings.clock or datetime.now(UTC)


def one_round(world: World, now: datetime) -> Round:
    """A round, and no browser left behind."""
    try:
        return run_round(world, now)
    finally:
        if isinstance(world.looker, Lookers):
            world.looker.close()


def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; the round that is under way is finished first."""
    keep_few_arenas()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with only_writer(settings.store), open_world(settings, os.environ) as world:
        start(world, settings)
        scheduler = schedule(world, settings)
        scheduler.start()
        for mailbox in settings.mailboxes:
            _listen(mailbox, settings, scheduler, stop)
        _notify("READY=1")
        log.info("running: mode %s, %d mailboxes", settings.mode.value, len(settings.mailboxes))
        stop.wait()
        _notify("STOPPING=1")
        log.info("stopping: the round under way is finished first")
        scheduler.shutdown(wait=True)


def start(world: World, settings: Settings) -> None:
    """Rules and policies may have changed since the last run: every order is judged again."""
    with world.store.begin() as connection:
        judge_all_again(connection, now_of(settings))


def schedule(world: World, settings: Settings) -> BackgroundScheduler:
    """One worker: rounds never overlap. A late round runs late, several late ones run once."""
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, job_defaults=defaults, timezone=UTC)
    scheduler.add_listener(_heard, EVENT_JOB_MISSED | EVENT_JOB_ERROR)
    seconds = settings.poll.total_seconds()
    scheduler.add_job(
        _tick,
        IntervalTrigger(seconds=int(seconds), jitter=int(seconds / 10) or None),
        args=[world, settings],
        id="round",
        next_run_time=datetime.now(UTC),
    )
    if settings.digest is not None:
        at = settings.digest.at
        trigger = CronTrigger(hour=at.hour, minute=at.minute, second=5, timezone=settings.digest.timezone)
        scheduler.add_job(_tick, trigger, args=[world, settings], id="digest")
    return scheduler


def _tick(world: World, settings: Settings) -> None:
    done = one_round(world, now_of(settings))
    _notify("WATCHDOG=1")
    log.info(
        "round: %d mails, %d looks, %d judged, %d drafts, %d sent%s",
        done.ingested.read,
        done.looked.looks,
        done.decided.judged,
        done.decided.drafts,
        done.acted.sent,
        f"; not reached: {', '.join(done.ingested.down)}" if done.ingested.down else "",
    )
    if done.alerted.failed:
        log.warning("an alert did not leave, it is tried again in 15 minutes: %s", done.alerted.why)
    if done.laid.why:
        log.warning("the drafts folder could not be written, the next round tries again: %s", done.laid.why)
    if done.digested.failed:
        log.warning("the digest did not leave, it is tried again in half an hour: %s", done.digested.why)


def _listen(mailbox: Mailbox, settings: Settings, scheduler: BackgroundScheduler, stop: threading.Event) -> None:
    """A second connection that only waits: a new mail starts a round at once. Polling goes on without it."""

    def wait() -> None:
        source = open_mailbox(mailbox, settings, os.environ)
        while not stop.is_set():
            try:
                if source.wait(settings.poll.total_seconds()) and not stop.is_set():
                    scheduler.modify_job("round", next_run_time=datetime.now(UTC))
            except (Transient, Refused) as error:
                log.warning("%s: cannot wait for new mail, polling goes on: %s", mailbox.name, error)
                stop.wait(settings.poll.total_seconds())
        source.close()

    threading.Thread(target=wait, name=f"wait-{mailbox.name}", daemon=True).start()


def _heard(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_MISSED:
        log.warning("the %s of %s was missed", event.job_id, event.scheduled_run_time)
        return
    log.error("a round broke off, the next one goes on from what is stored", exc_info=event.exception)


def _notify(state: str) -> None:
    """Tell systemd, where there is one."""
    sdnotify.SystemdNotifier().notify(state)
