"""`orderwatch check`: connect to everything that the configuration names, and say how it went and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rich.console import Console
from rich.text import Text

from agent.config import warnings
from agent.config.passwords import NoPassword
from agent.config.settings import Mailbox, Settings
from agent.daemon import open_mailbox, open_way_out
from agent.desk.receiver_advice import receiver_advice
from agent.desk.visible import visible
from agent.store import StoreUnreachable, open_store
from agent.vocabulary.carriers import carriers
from mail.boxes.raw import Refused, Transient
from mail.sending.transport import SendRefused
from mail.worker.isolation import CannotStart, IsolatedReader
from scrapers.browser import browser_state

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
    for mailbox in settings.mailboxes:
        yield _mailbox(settings, env, mailbox.name)
        yield from _receiver(settings, mailbox)
    if settings.outgoing is not None:
        yield _outgoing(settings, env)
    if settings.looking.enabled:
        yield _browser()
        looked = sorted(one.name for one in carriers().values() if one.looked)
        yield Finding("looks", "ok", f"{', '.join(looked)}: each parcel at most 4 times a day, an hour apart")
    for name, folder in vars(settings.additions).items():
        if folder is not None:
            files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in _USED)
            yield Finding(
                "additions", "ok", f"{name}/ beside the configuration is in use: {', '.join(files) or 'empty'}"
            )
    if settings.additions.readers is not None:
        yield _readers(settings)


def _readers(settings: Settings) -> Finding:
    """Own readers are run only where mails are read: in a process of its own."""
    with IsolatedReader(own=settings.own_data) as reader:
        try:
            reader.start()
        except CannotStart as error:
            return Finding("readers", "unreachable", f"{error}. Mend that file, or take it out of readers/")
    return Finding("readers", "ok", "your own can be loaded")


def _store(settings: Settings) -> Finding:
    try:
        open_store(settings.store).close()
    except StoreUnreachable as error:
        return Finding("store", "unreachable", str(error))
    return Finding("store", "ok", "can be opened and written")


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


def _browser() -> Finding:
    state = browser_state(start=True)
    if state.path is None:
        return Finding("browser", "unreachable", state.note)
    return Finding("browser", "ok" if state.sandboxed else "warning", f"{state.path}, {state.note}")
