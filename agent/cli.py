"""The `orderwatch` command. Answers go to standard output, everything about the work itself to standard error.

Exit codes: 0 the command did its work · 2 bad usage or configuration · 3 something needed could not be reached.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from agent import daemon
from agent.config import ConfigProblems, Settings, json_schema, load
from agent.config.passwords import NoPassword
from agent.desk import questions, report, terminal, words
from agent.desk.checkup import checkup
from agent.desk.editor import in_editor
from agent.lock import Locked, only_writer
from agent.pipeline import Round
from agent.policies.duration import duration
from agent.store import Store, StoreUnreachable, open_store
from agent.store.outbox import NotWaiting
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.numbers import candidates, normalise
from mail.isolation import IsolatedReader
from mail.outgoing import SendRefused
from mail.raw import Refused, Transient
from scrapers.browser import NoBrowser
from scrapers.looker import LookSettings, PageLooker
from scrapers.page import read_page

app = typer.Typer(
    name="orderwatch",
    help="Watches an eBay shop's mails and parcels, and says which orders are about to cost money.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
config_app = typer.Typer(help="About the configuration itself.", no_args_is_help=True)
app.add_typer(config_app, name="config")

ConfigFile = Annotated[Path | None, typer.Option("--config", help="The configuration; else ./config.yaml.")]
Now = Annotated[
    str | None, typer.Option("--now", metavar="TIME", help="Judge as of this time (ISO 8601, with offset).")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
USAGE, UNREACHABLE = 2, 3


def main() -> None:
    """The entry point: every expected trouble is one clear message and an exit code, never a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for noisy in ("apscheduler", "httpx", "imapclient", "mail.log"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        app()
    except ConfigProblems as problems:
        _fail(str(problems), USAGE)
    except (NotWaiting, questions.Unknown) as error:
        _fail(str(error), USAGE)
    except (StoreUnreachable, NoPassword, NoBrowser, Locked, Refused, Transient, SendRefused) as error:
        _fail(str(error), UNREACHABLE)
    except BrokenPipeError:
        os._exit(0)  # the reader of our output went away


def _fail(message: str, code: int) -> None:
    typer.echo(f"orderwatch: {message}", err=True)
    raise SystemExit(code)


def _settings(config: Path | None, now: str | None = None) -> Settings:
    settings = load(config or _default_config())
    return settings.model_copy(update={"clock": _time(now)}) if now else settings


def _default_config() -> Path:
    here = Path("config.yaml")
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "orderwatch" / "config.yaml"
    return here if here.exists() or not home.exists() else home


def _time(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time, such as 2026-11-20T07:30+01:00") from None
    if value.tzinfo is None:
        raise typer.BadParameter(f"{text!r} names no offset from UTC: write 2026-11-20T07:30+01:00")
    return value


@contextmanager
def _store(config: Path | None, now: str | None = None) -> Iterator[tuple[Settings, Store, datetime]]:
    settings = _settings(config, now)
    store = open_store(settings.store)
    try:
        yield settings, store, daemon.now_of(settings)
    finally:
        store.close()


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _console() -> Console:
    width = None if sys.stdout.isatty() else 140  # a pipe has no width of its own
    return Console(highlight=False, width=width)


# --- reading without any configuration ----------------------------------------------------------------------------


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    receiver: Annotated[str | None, typer.Option(help="Whose Authentication-Results to believe.")] = None,
    why: Annotated[bool, typer.Option("--why", help="What each reader saw, and where it gave up.")] = False,
    as_json: AsJson = False,
) -> None:
    """What a mail says, who really sent it, which reader spoke, or why none did."""
    with IsolatedReader() as reader:
        for file in files:
            reading = reader.read(_bytes(file), receiver)
            shape = report.of_reading(str(file), reading)
            if why and as_json:
                shape["trace"] = list(reading.trace)
            _print_json(shape) if as_json else terminal.print_reading(_console(), shape, reading.trace if why else ())


@app.command()
def number(numbers: Annotated[list[str], typer.Argument(metavar="NUMBER…")], as_json: AsJson = False) -> None:
    """Which carriers a tracking number may belong to."""
    for one in numbers:
        shape = report.of_number(one, normalise(one), candidates(one))
        _print_json(shape) if as_json else terminal.print_number(_console(), shape)


@app.command()
def page(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    carrier: Annotated[str | None, typer.Option(help="Whose page it is; else it is guessed.")] = None,
    number: Annotated[str | None, typer.Option(help="Only this parcel.")] = None,
    generic: Annotated[bool, typer.Option("--generic", help="Leave the carriers' own readers out.")] = False,
    as_json: AsJson = False,
) -> None:
    """What saved tracking pages (HTML, JSON, XML) say."""
    if carrier is not None and find_carrier(carrier) is None:
        raise typer.BadParameter(f"no carrier {carrier!r} is known", param_hint="--carrier")
    for file in files:
        reading = read_page(_bytes(file), carrier=carrier, number=number, generic=generic)
        for shape in report.of_page(str(file), reading, carrier):
            _print_json(shape) if as_json else terminal.print_page(_console(), shape)


@app.command()
def look(
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER…")],
    carrier: Annotated[str | None, typer.Option(help="Whom to ask; else the number tells.")] = None,
    postcode: Annotated[str | None, typer.Option(help="The recipient's, for carriers that want it.")] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Visit the carrier's page now, once."""
    connect_to = _settings(config).looking.connect_to if config else None
    looker = PageLooker(LookSettings(connect_to=connect_to))
    state = looker.check()
    if state.path is None:
        raise NoBrowser(state.note)
    try:
        for one in numbers:
            asked = carrier or next((found.carrier for found in candidates(one)), None)
            if asked is None:
                raise typer.BadParameter(f"{one!r} has the shape of no carrier's numbers: name one with --carrier")
            shape = report.of_look(looker.look(one, asked, postcode, datetime.now(UTC)))
            _print_json(shape) if as_json else terminal.print_page(_console(), shape)
    finally:
        looker.close()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"cannot read {file}: {error.strerror}") from None


# --- the work -----------------------------------------------------------------------------------------------------


@app.command()
def demo(
    directory: Annotated[Path, typer.Option("--dir", help="Where its shop, digest and store go.")] = Path("demo"),
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the digest in a browser.")] = False,
) -> None:
    """The main job, once, on a small sample shop: real IMAP, real Chromium, a digest."""
    from agent.demo.run import run_demo  # the sample shop is loaded only when it is asked for

    raise SystemExit(run_demo(directory, _console(), open_digest=not no_open))


@app.command()
def check(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Validate everything, then connect to everything and say how it went."""
    raise SystemExit(checkup(_settings(config), os.environ, _print_json if as_json else None, _console()))


@app.command()
def run(config: ConfigFile = None) -> None:
    """The daemon, in the foreground; stop it with SIGTERM."""
    daemon.run(_settings(config))


@app.command()
def once(config: ConfigFile = None, now: Now = None, as_json: AsJson = False) -> None:
    """One full pass: ingest, look at all that is due, decide, act; prints counts."""
    settings = _settings(config, now)
    harmless = settings.outgoing is None or settings.outgoing.transport.startswith("maildir:")
    with only_writer(settings.store), daemon.open_world(settings, os.environ, sending=not now or harmless) as world:
        done = daemon.one_round(world, daemon.now_of(settings))
    shape = _counts(done)
    _print_json(shape) if as_json else terminal.print_counts(_console(), shape)
    _exit_if_unreached(settings, done)


@app.command()
def backfill(
    since: Annotated[str, typer.Option(help="How far back, such as 180d.")] = "180d", config: ConfigFile = None
) -> None:
    """Read history into the store; looks at nothing and sends nothing."""
    settings = _settings(config)
    try:
        span = duration(since)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None
    now = daemon.now_of(settings)
    with (
        only_writer(settings.store),
        daemon.open_world(settings, os.environ, sending=False, since=(now - span).date()) as world,
        _console().status("Reading"),
    ):
        read_mails = words.backfill(world, now)
    _console().print(f"{read_mails} mails read. `orderwatch orders --at-risk` shows what they say.")


def _counts(done: Round) -> dict[str, Any]:
    return {
        "mails": done.ingested.mails,
        "read": done.ingested.read,
        "events": done.ingested.events,
        "unread": done.ingested.unread,
        "hostile": done.ingested.hostile,
        "mailboxes_down": list(done.ingested.down),
        "looks": dict(done.looked.outcomes),
        "judged": done.decided.judged,
        "drafts": done.decided.drafts,
        "would_have_been": done.decided.observed,
        "queued": done.decided.queued,
        "expired": done.decided.expired,
        "refused": list(done.decided.refused),
        "sent": done.acted.sent,
        "failed": done.acted.failed,
        "unknown": done.acted.unknown + done.cut_off,
        "digest": {"made": done.digested.made, "sent": done.digested.sent, "failed": done.digested.failed},
    }


def _exit_if_unreached(settings: Settings, done: Round) -> None:
    """What a pass needed and could not reach, in words, and exit code 3."""
    troubles = [f"{name}: {questions.why_down(settings, name)}" for name in done.ingested.down]
    if done.looked.unreachable and (state := PageLooker().check()).path is None:
        troubles.append(state.note)
    if troubles:
        _fail("\norderwatch: ".join(troubles), UNREACHABLE)


# --- what is known ------------------------------------------------------------------------------------------------


@app.command()
def orders(
    at_risk: Annotated[bool, typer.Option("--at-risk", help="Only orders with an open risk.")] = False,
    config: ConfigFile = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Every order as it stands."""
    with _store(config, now) as (settings, store, at):
        judged, notices, protection = questions.state(store, settings, at, only_at_risk=at_risk)
    shape = report.of_orders(judged, notices, protection)
    _print_json(shape) if as_json else terminal.print_orders(_console(), shape, settings.zone)


@app.command()
def show(
    order: Annotated[str, typer.Argument(metavar="ORDER")],
    config: ConfigFile = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """The whole story of one order, each fact with the mail or page it came from."""
    with _store(config, now) as (settings, store, at):
        shape = questions.story(store, settings, order, at)
    _print_json(shape) if as_json else terminal.print_story(_console(), shape)


@app.command()
def status(config: ConfigFile = None, now: Now = None, as_json: AsJson = False) -> None:
    """Is every part alive; what was read, looked at and missed."""
    with _store(config, now) as (settings, store, at):
        shape = questions.status(store, settings, at)
    _print_json(shape) if as_json else terminal.print_status(_console(), shape)


@app.command()
def digest(
    html: Annotated[Path | None, typer.Option(help="Write the HTML here.")] = None,
    text: Annotated[Path | None, typer.Option(help="Write the plain text here.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Mail it now, beside the daily one.")] = False,
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """The digest as of now."""
    with _store(config, now) as (settings, store, at):
        shown = questions.digest_now(store, settings, at)
        if html:
            html.write_text(shown.html, encoding="utf-8")
        if text:
            text.write_text(shown.text, encoding="utf-8")
        if send:
            questions.send_digest(settings, os.environ, shown, at)
    if not (html or text or send):
        typer.echo(shown.text)


@app.command()
def evidence(
    order: Annotated[str, typer.Argument(metavar="ORDER")],
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    config: ConfigFile = None,
) -> None:
    """The snapshots of an order's parcels, as files that a human can hand in."""
    with _store(config) as (_, store, _at):
        count = questions.write_evidence(store, order, out)
    _console().print(f"{count} snapshots written to {out}")


# --- a human's word -----------------------------------------------------------------------------------------------


@app.command()
def drafts(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Replies that wait for a human."""
    with _store(config) as (_, store, _at):
        waiting = questions.drafts(store)
    _print_json([report.plain(row) for row in waiting]) if as_json else terminal.print_drafts(_console(), waiting)


@app.command()
def approve(draft: Annotated[int, typer.Argument(metavar="ID")], config: ConfigFile = None) -> None:
    """Let a draft go; it leaves with the next round."""
    _word(config, lambda store, settings, at: words.approve(store, settings, draft, at))


@app.command()
def reject(draft: Annotated[int, typer.Argument(metavar="ID")], config: ConfigFile = None) -> None:
    """Throw a draft away."""
    _word(config, lambda store, _settings, at: words.reject(store, draft, at))


@app.command()
def edit(draft: Annotated[int, typer.Argument(metavar="ID")], config: ConfigFile = None) -> None:
    """Change a draft's text in $EDITOR; it is checked like every text."""
    _word(config, lambda store, _settings, at: words.edit(store, draft, at, in_editor))


@app.command()
def handled(
    order: Annotated[str, typer.Argument(metavar="ORDER")],
    risk: Annotated[str | None, typer.Argument(metavar="[RISK]")] = None,
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """Say that a risk (or every present one) is dealt with: this episode is over."""
    _word(config, lambda store, settings, at: words.handled(store, settings, order, risk, at), now)


@app.command()
def note(
    order: Annotated[str, typer.Argument(metavar="ORDER")],
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """Keep a note with an order."""
    _word(config, lambda store, settings, at: words.note(store, settings, order, text, at), now)


@app.command()
def rebuild(config: ConfigFile = None) -> None:
    """Fold every order again from the log."""
    _word(config, lambda store, settings, at: words.rebuild(store, settings, at))


def _word(config: Path | None, act: Callable[[Store, Settings, datetime], str], now: str | None = None) -> None:
    with _store(config, now) as (settings, store, at):
        _console().print(act(store, settings, at), markup=False)


@config_app.command("schema")
def schema() -> None:
    """JSON Schema of config.yaml, for editors."""
    typer.echo(json.dumps(json_schema(), indent=2))
