"""`orderwatch demo`: two days in the sample shop, with the real parts: IMAP, Chromium, SMTP, SQLite."""

from __future__ import annotations

import tempfile
import webbrowser
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from agent import daemon
from agent.config import Settings, load
from agent.config.settings import Outgoing, Password
from agent.demo.carriers_site import CarriersSite, running_site
from agent.demo.compare import differences, load_expected
from agent.demo.dovecot import find_dovecot, running_dovecot
from agent.demo.mails import write_maildir
from agent.demo.smtp import running_smtp
from agent.demo.story import Story, load_story
from agent.desk import questions, report, terminal
from agent.pipeline import Round
from agent.store import open_store
from scrapers.visiting.browser import browser_state

PASSWORD = "harbour-lane"  # noqa: S105 -- of a server that lives as long as the demo, on loopback
ENV = {"DEMO_PASSWORD": PASSWORD}
OURS = ("config.yaml", "orderwatch.db", "orderwatch.db-wal", "orderwatch.db-shm", "orderwatch.db.lock", "digest.html",
        "digest.txt")  # fmt: skip

CONFIG = """\
# The sample shop of `orderwatch demo`: its clock stands still, its mail lies in folders beside this file.
mode: draft
store: sqlite:///orderwatch.db
clock: {clock}
mailboxes:
  - name: {shop}
    source: maildir:mailbox
    registered_address: {address}
    ebay_username: {username}
    site: {site}
    receiver: {receiver}
    sign_as: {shop}
outgoing: {{transport: "maildir:sent", from: {address}}}
digest: {{to: {address}, at: "07:30", timezone: {zone}}}
looking:
  connect_to: {site_address}
"""


@dataclass(frozen=True)
class Stage:
    """The demo's settings over real servers, and the Maildirs that a pass delivers into."""

    settings: Settings
    maildirs: tuple[Path, ...]


def run_demo(directory: Path, console: Console, *, open_digest: bool) -> int:
    """Play the story into `directory`, print what it came to; 0 where all is as the story says, else 3."""
    story = load_story()
    _clear(directory)
    console.print(f"A month in the shop of {story.shop.name}: {len(story.orders)} orders, {len(story.mails)} mails.")
    browser = browser_state()
    with ExitStack() as stack:
        site = stack.enter_context(running_site(story, story.passes[0]))
        _write_config(directory, story, site)
        stage = _set_up(load(directory / "config.yaml"), story, directory, stack, console)
        console.print(Text(f"Browser: {browser.path or browser.note}"))
        for now in story.passes:
            done = _one_pass(stage, story, site, now)
            _print_pass(console, now.astimezone(story.shop.timezone), done)
    return _summary(directory, console, open_digest=open_digest)


def _clear(directory: Path) -> None:
    """Only what an earlier demo left there."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in OURS:
        (directory / name).unlink(missing_ok=True)
    for box in ("mailbox", "sent"):
        for part in ("tmp", "new", "cur"):
            for path in (directory / box / part).glob("*"):
                path.unlink()


def _write_config(directory: Path, story: Story, site: CarriersSite) -> None:
    shop = story.shop
    text = CONFIG.format(
        clock=story.clock.isoformat(),
        shop=shop.name,
        address=shop.address,
        username=shop.ebay_username,
        site=shop.site,
        receiver=shop.receiver,
        zone=shop.timezone.key,
        site_address=site.address,
    )
    (directory / "config.yaml").write_text(text, encoding="utf-8")


def _set_up(settings: Settings, story: Story, directory: Path, stack: ExitStack, console: Console) -> Stage:
    """The same configuration, but over real servers while the demo runs."""
    smtp = stack.enter_context(running_smtp(directory / "sent"))
    outgoing = Outgoing.model_validate({"transport": smtp.url, "from": story.shop.address})
    live = settings.model_copy(update={"outgoing": outgoing})
    kept = directory / "mailbox"
    if find_dovecot() is None:
        console.print("Mail: Dovecot is not installed, so a Maildir stands in for IMAP.")
        return Stage(live, (kept,))
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="orderwatch-demo-"))
    server = stack.enter_context(running_dovecot(Path(folder), story.shop.address, PASSWORD))
    console.print("Mail: IMAP, from a Dovecot of the demo's own.")
    (mailbox,) = settings.mailboxes
    over_imap = mailbox.model_copy(update={"source": server.url, "password": Password(env="DEMO_PASSWORD")})
    return Stage(live.model_copy(update={"mailboxes": (over_imap,)}), (server.maildir, kept))


def _one_pass(stage: Stage, story: Story, site: CarriersSite, now: datetime) -> Round:
    """The mail that has come by then, the pages as they stood then, one round."""
    for maildir in stage.maildirs:
        write_maildir(story, maildir, now)
    site.now = now
    with daemon.open_world(stage.settings.model_copy(update={"clock": now}), ENV) as world:
        return daemon.one_round(world, now)


def _print_pass(console: Console, now: datetime, done: Round) -> None:
    console.print(
        Text(
            f"{now:%A %d %B, %H:%M}: {done.ingested.read} mails read, {done.looked.looks} carriers' pages looked at, "
            f"{done.decided.judged} orders judged, {done.decided.drafts} replies drafted, "
            f"{done.digested.sent} digest sent"
        )
    )


def _summary(directory: Path, console: Console, *, open_digest: bool) -> int:
    """What stands in the store now, beside what the story says should."""
    settings = load(directory / "config.yaml")
    store = open_store(settings.store)
    try:
        now = daemon.now_of(settings)
        judged, notices, protection = questions.state(store, settings, now, only_at_risk=False)
        shown = questions.digest_now(store, settings, now)
    finally:
        store.close()
    shape = report.of_orders(judged, notices, protection)
    page = directory / "digest.html"
    page.write_text(shown.html, encoding="utf-8")
    (directory / "digest.txt").write_text(shown.text, encoding="utf-8")
    at_risk = {**shape, "orders": [order for order in shape["orders"] if order["risks"]]}
    console.print()
    terminal.print_orders(console, at_risk, settings.zone)
    wrong = differences(load_expected(), shape)
    console.print()
    for difference in wrong:
        console.print(Text(f"not as the story says: {difference}"))
    if not wrong:
        console.print(
            Text(f"All {len(shape['orders'])} orders are exactly as the story says (agent/demo/expected.yaml).")
        )
    config = directory / "config.yaml"
    console.print(Text(f"\nThe digest: {page}\n\nWhat to type next:"))
    for command in ("orders --at-risk", "drafts", f"show {_worst(shape)}", "once"):
        console.print(Text(f"  orderwatch {command} --config {config}"))
    if open_digest:
        webbrowser.open(page.resolve().as_uri())
    return 3 if wrong else 0


def _worst(shape: Mapping[str, Any]) -> str:
    """The order to look at first."""
    ranked = sorted((risk["severity"], order["order_id"]) for order in shape["orders"] for risk in order["risks"])
    return ranked[0][1] if ranked else "ORDER"
