"""`orderwatch check`: connect to everything that the configuration names, and say how it went and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from rich.console import Console
from rich.text import Text

from agent.config import warnings
from agent.config.keys import find_keys
from agent.config.own_replies import remarks_on_own_replies
from agent.config.passwords import NoPassword
from agent.config.settings import Mailbox, Settings
from agent.daemon import look_plan, now_of, open_drafts, open_mailbox, open_way_out, rules_of
from agent.desk.asking import what_is_asked
from agent.desk.receiver_advice import receiver_advice
from agent.simulation.trial import unarmed
from agent.steps.standings import standings_kept
from agent.store import StoreUnreachable, open_store
from agent.vocabulary.carriers import carriers
from agent.vocabulary.status import Mode
from agent.vocabulary.visible import visible
from mail.boxes.raw import Refused, Transient
from mail.sending.transport import SendRefused
from mail.worker.isolation import CannotStart, IsolatedReader
from scrapers.carriers import CannotLoad, load
from scrapers.official import load as load_official
from scrapers.official.enquiries import Enquiries
from scrapers.visiting.browser import browser_state

_USED = frozenset({".yaml", ".py", ".md"})
Verdict = Literal["ok", "warning", "unreachable"]


@dataclass(frozen=True)
class Finding:
    what: str
    verdict: Verdict
    words: str


def checkup(
    settings: Settings, env: Mapping[str, str], print_json: Callable[[Any], None] | None, console: Console
) -> int:
    """Print the findings; 0 all well, 1 with warnings, 3 where something cannot be reached."""
    findings = list(_findings(settings, env))
    if print_json is not None:
        print_json({"findings": [vars(finding) for finding in findings]})
    else:
        marks = {"ok": "ok     ", "warning": "warning", "unreachable": "FAILED "}
        for finding in findings:
            console.print(Text(f"{marks[finding.verdict]}  {finding.what}: {visible(finding.words)}"), soft_wrap=True)
    verdicts = {finding.verdict for finding in findings}
    return 3 if "unreachable" in verdicts else 1 if "warning" in verdicts else 0


def _findings(settings: Settings, env: Mapping[str, str]) -> Iterator[Finding]:
    yield Finding(
        "configuration", "ok", f"{settings.file.name}, mode {settings.mode.value}, {len(settings.policies)} policies"
    )
    for words in warnings(settings):
        yield Finding("configuration", "warning", words)
    yield _store(settings)
    yield from _arming(settings)
    for mailbox in settings.mailboxes:
        yield _mailbox(settings, env, mailbox.name)
        yield from _receiver(settings, mailbox)
    if settings.outgoing is not None:
        yield _outgoing(settings, env)
        yield from _drafts_folder(settings, env)
    if settings.looking.enabled:
        yield _browser()
        yield from _looks(settings)
        yield from _keys(settings, env)
    for name, folder in vars(settings.additions).items():
        if folder is not None:
            files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in _USED)
            yield Finding(
                "additions", "ok", f"{name}/ beside the configuration is in use: {', '.join(files) or 'empty'}"
            )
    if settings.additions.replies is not None:
        wanted = {action.situation for policy in settings.policies for action in policy.then if action.situation}
        for words in remarks_on_own_replies(settings.additions.replies, wanted):
            yield Finding("replies", "warning", words)
    if settings.additions.readers is not None:
        yield _readers(settings)
    if settings.additions.carriers is not None:
        yield _page_readers()


def _readers(settings: Settings) -> Finding:
    """Own readers are run only where mails are read: in a process of its own."""
    with IsolatedReader(own=settings.own_data) as reader:
        try:
            reader.start()
        except CannotStart as error:
            return Finding("readers", "unreachable", f"{error}. Mend that file, or take it out of readers/")
    return Finding("readers", "ok", "your own can be loaded")


def _looks(settings: Settings) -> Iterator[Finding]:
    """Whom we will ask, how, how often."""
    budget = look_plan(settings).pace.budget
    minutes = budget.apart // timedelta(minutes=1)
    words = f"a parcel at most {budget.looks_a_day} times a day on average and {minutes} minutes apart, "
    words += f"a carrier at most {budget.a_day} times a day and {budget.pause.seconds} seconds apart"
    yield Finding("looks", "ok", words)
    try:
        pages = load()
    except CannotLoad:
        return  # said below
    for name, asked, well in what_is_asked(carriers().values(), pages):
        yield Finding(f"looks, {name}", "ok" if well else "warning", asked)


def _keys(settings: Settings, env: Mapping[str, str]) -> Iterator[Finding]:
    """Which keys are in use, and what the last answers to them were; no key is ever shown."""
    found = find_keys(settings.looking, env, settings.folder)
    for name, why in found.missing.items():
        yield Finding(f"key for {load_official()[name].name}", "warning", f"{why}. Its carriers are asked without it")
    if not found.keys:
        return
    try:
        store = open_store(settings.store)
    except StoreUnreachable:
        return  # said already
    try:
        with store.begin() as connection:
            enquiries = Enquiries(found.keys, standings_kept(connection))
    finally:
        store.close()
    for name, key in found.keys.items():
        source = load_official()[name]
        why_not = enquiries.why_not(source, now_of(settings))
        whom = ", ".join(sorted(source.carriers)) or "every carrier whose page gives nothing"
        words = f"in use for {whom}: {', '.join(source.hosts)}, at most {key.a_day or source.a_day} requests a day"
        yield Finding(f"key for {source.name}", "warning" if why_not else "ok", why_not or words)


def _page_readers() -> Finding:
    try:
        load()
    except CannotLoad as error:
        return Finding("page readers", "unreachable", f"{error}. Mend that file, or take it out of carriers/")
    return Finding("page readers", "ok", "your own can be loaded")


def _store(settings: Settings) -> Finding:
    try:
        open_store(settings.store).close()
    except StoreUnreachable as error:
        return Finding("store", "unreachable", str(error))
    return Finding("store", "ok", "can be opened and written")


def _arming(settings: Settings) -> Iterator[Finding]:
    """Policies that would send by themselves and were neither tried on this shop nor vouched for."""
    if settings.mode is not Mode.LIVE:
        return
    try:
        store = open_store(settings.store)
    except StoreUnreachable:
        return  # said already
    try:
        waiting = unarmed(store, rules_of(settings))
    finally:
        store.close()
    for name in waiting:
        words = "not tried on this shop yet, so its replies wait as drafts: `orderwatch policies test`"
        yield Finding(f"policy {name}", "warning", words)


def _mailbox(settings: Settings, env: Mapping[str, str], name: str) -> Finding:
    mailbox = next(one for one in settings.mailboxes if one.name == name)
    what = f"mailbox {name}"
    try:
        source = open_mailbox(mailbox, settings, env)
        try:
            batch = next(iter(source.batches(None, lambda ids: ids)), None)
        finally:
            source.close()
    except (Transient, Refused, NoPassword) as error:
        return Finding(what, "unreachable", str(error))
    return Finding(what, "ok", "can be read" + (f" ({batch.note})" if batch and batch.note else ""))


def _receiver(settings: Settings, mailbox: Mailbox) -> Iterator[Finding]:
    """A warning where the mails that were read show that nobody vouches for them."""
    try:
        store = open_store(settings.store)
    except StoreUnreachable:
        return  # said already
    try:
        with store.begin() as connection:
            advice = receiver_advice(connection, mailbox)
    finally:
        store.close()
    if advice:
        yield Finding(f"mailbox {mailbox.name}", "warning", advice)


def _outgoing(settings: Settings, env: Mapping[str, str]) -> Finding:
    if settings.outgoing is None:
        return Finding("outgoing", "warning", "nothing can be sent")
    try:
        transport = open_way_out(settings.outgoing, settings, env)
        try:
            transport.check()
        finally:
            transport.close()
    except (SendRefused, NoPassword) as error:
        return Finding("outgoing", "unreachable", str(error))
    return Finding("outgoing", "ok", f"mail leaves as {settings.outgoing.sender}")


def _drafts_folder(settings: Settings, env: Mapping[str, str]) -> Iterator[Finding]:
    """Opened, and nothing put into it."""
    try:
        folder = open_drafts(settings, env)
        if folder is None:
            return
        folder.change({}, set())
    except (Transient, Refused, NoPassword) as error:
        yield Finding("drafts folder", "unreachable", str(error))
    else:
        yield Finding("drafts folder", "ok", "can be opened")


def _browser() -> Finding:
    state = browser_state(start=True)
    if state.path is None:
        return Finding("browser", "unreachable", state.note)
    return Finding("browser", "ok" if state.sandboxed else "warning", f"{state.path}, {state.note}")
