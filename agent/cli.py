"""The `orderwatch` command. Answers go to standard output, everything about the work itself to standard error.

Exit codes: 0 the command did its work · 2 bad usage or configuration · 3 something needed could not be reached.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from agent import daemon
from agent.config import ConfigProblems, Settings, json_schema, load
from agent.config.passwords import NoPassword
from agent.desk import questions, report, terminal, words
from agent.desk.checkup import checkup
from agent.desk.editor import in_editor
from agent.desk.init import home_zone, interview
from agent.desk.story import print_story
from agent.desk.visible import visible_lines
from agent.lock import Locked, only_writer
from agent.pipeline import Round
from agent.policies.duration import duration
from agent.store import Store, StoreUnreachable, open_store
from agent.store.outbox import NotWaiting
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.numbers import candidates, normalise
from mail.isolation import IsolatedReader
from mail.raw import Refused, Transient
from mail.transport import SendRefused
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # whatever the locale; a stranger's odd character is no reason to stop
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
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
    except DBAPIError as error:
        _fail(
            f"the store cannot be used now: {error.orig}; check its disk, and that no other program holds it",
            UNREACHABLE,
        )
    except BrokenPipeError:
        os._exit(0)  # the reader of our output went away
    except OSError as error:
        if error.filename is None:
            raise
        _fail(f"cannot read or write {error.filename}: {error.strerror}", USAGE)


def _fail(message: str, code: int) -> None:
    typer.echo(f"orderwatch: {visible_lines(message)}", err=True)
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
    receiver: Annotated[
        str | None, typer.Option(help="Whose Authentication-Results to believe; else the one in --config.")
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="What each reader saw, and where it gave up.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """What a mail says, who really sent it, which reader spoke, or why none did."""
    if receiver is None and config is not None:
        receiver = next((box.receiver for box in _settings(config).mailboxes if box.receiver), None)
    unopened = False
    with IsolatedReader() as reader:
        for file in files:
            trace: tuple[str, ...] = ()
            try:
                reading = reader.read(file.read_bytes(), receiver)
                shape, trace = report.of_reading(str(file), reading), tuple(reading.trace)
            except OSError as error:
                shape, unopened = report.of_unopened(str(file), _why_unopened(error)), True
            if why and as_json:
                shape["trace"] = list(trace)
            _print_json(shape) if as_json else terminal.print_reading(_console(), shape, trace if why else ())
    if unopened:
        raise SystemExit(USAGE)


@app.command()
def number(
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER…")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Which carriers a tracking number may belong to."""
    del config  # understood everywhere, needed elsewhere
    for one in numbers:
        shape = report.of_number(one, normalise(one), candidates(one))
        _print_json(shape) if as_json else terminal.print_number(_console(), shape)


@app.command()
def page(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    carrier: Annotated[str | None, typer.Option(help="Whose page it is; else it is guessed.")] = None,
    number: Annotated[str | None, typer.Option(help="Only this parcel.")] = None,
    generic: Annotated[bool, typer.Option("--generic", help="Leave the carriers' own readers out.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """What saved tracking pages (HTML, JSON, XML) say."""
    del config  # understood everywhere, needed elsewhere
    _known_carrier(carrier)
    unopened = False
    for file in files:
        try:
            reading = read_page(file.read_bytes(), carrier=carrier, number=number, generic=generic)
            shapes = report.of_page(str(file), reading, carrier)
        except OSError as error:
            shapes, unopened = [report.of_unopened_page(str(file), _why_unopened(error))], True
        for shape in shapes:
            _print_json(shape) if as_json else terminal.print_page(_console(), shape)
    if unopened:
        raise SystemExit(USAGE)


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
    _known_carrier(carrier)
    asked = {one: carrier or next((found.carrier for found in candidates(one)), None) for one in numbers}
    if nobodys := [one for one, owner in asked.items() if owner is None]:
        raise typer.BadParameter(f"{', '.join(nobodys)}: the shape of no carrier's numbers; name one with --carrier")
    looker = PageLooker(LookSettings(connect_to=connect_to))
    state = looker.check()
    if state.path is None:
        raise NoBrowser(state.note)
    try:
        for one in numbers:
            shape = report.of_look(looker.look(one, asked[one] or "", postcode, datetime.now(UTC)))
            _print_json(shape) if as_json else terminal.print_page(_console(), shape)
    finally:
        looker.close()


def _why_unopened(error: OSError) -> str:
    return f"cannot be opened: {error.strerror or error}"


def _known_carrier(carrier: str | None) -> None:
    if carrier is not None and find_carrier(carrier) is None:
        raise typer.BadParameter(f"no carrier {carrier!r} is known", param_hint="--carrier")


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
def init(config: ConfigFile = None) -> None:
    """Ask a few questions, try the answers, and write config.yaml."""
    path = (config or Path("config.yaml")).absolute()
    if not sys.stdin.isatty():
        _fail("init asks questions and needs a terminal: copy the project's config.yaml and edit it instead", USAGE)
    if path.exists():
        typer.confirm(f"{path} exists. Write it anew?", abort=True)
    text = interview(path, _prompt, typer.echo, home_zone())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    typer.echo(f"Written: {path}\nNow everything that it names is tried once.\n")
    checkup(load(path), os.environ, None, _console())
    typer.echo("\nMend what failed, try again with `orderwatch check`, then start `orderwatch run`.")


def _prompt(question: str, offered: str) -> str:
    return str(typer.prompt(question, default=offered, show_default=bool(offered)))


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
    span = _span(since, "--since")
    now = daemon.now_of(settings)
    with (
        only_writer(settings.store),
        daemon.open_world(settings, os.environ, sending=False, since=(now - span).date()) as world,
        _console().status("Reading"),
    ):
        done = words.backfill(world, now)
    _console().print(f"{done.read} mails read. `orderwatch orders --at-risk` shows what they say.")
    _exit_if_any(_not_reached(settings, done.down))


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
    troubles = _not_reached(settings, done.ingested.down)
    if done.looked.unreachable and (state := PageLooker().check()).path is None:
        troubles.append(state.note)
    if done.digested.failed:
        troubles.append(f"the digest did not leave and is tried again: {questions.why_unsent(settings)}")
    _exit_if_any(troubles)


def _not_reached(settings: Settings, mailboxes: Iterable[str]) -> list[str]:
    return [f"{name}: {questions.why_down(settings, name)}" for name in mailboxes]


def _exit_if_any(troubles: list[str]) -> None:
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
    _print_json(shape) if as_json else print_story(_console(), shape, settings.zone)


@app.command()
def status(config: ConfigFile = None, now: Now = None, as_json: AsJson = False) -> None:
    """Is every part alive; what was read, looked at and missed."""
    with _store(config, now) as (settings, store, at):
        shape = questions.status(store, settings, at)
    _print_json(shape) if as_json else terminal.print_status(_console(), shape, settings.zone)


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
    _print_json([report.of_draft(row) for row in waiting]) if as_json else terminal.print_drafts(_console(), waiting)


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


@app.command()
def purge(
    buyer: Annotated[str | None, typer.Option(help="An eBay name, or the name on the parcel.")] = None,
    older: Annotated[
        str | None, typer.Option("--older-than", help="Orders of which nothing was heard for, such as 365d.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """Delete personal data from the store, for good."""
    if (buyer is None) == (older is None):
        raise typer.BadParameter("name either --buyer NAME or --older-than 365d")
    span = _span(older, "--older-than") if older else None
    with only_writer(_settings(config).store), _store(config, now) as (_, store, at):
        before = at - span if span else None
        found = questions.to_purge(store, buyer, before)
        if not yes:
            typer.confirm(f"Delete {len(found)} orders, with their mails, replies and pages, for good?", abort=True)
        _console().print(words.purge(store, found, at, buyer, before), markup=False, soft_wrap=True)


def _span(written: str, option: str) -> timedelta:
    try:
        return duration(written)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _word(config: Path | None, act: Callable[[Store, Settings, datetime], str], now: str | None = None) -> None:
    with _store(config, now) as (settings, store, at):
        _console().print(act(store, settings, at), markup=False)


@config_app.command("schema")
def schema() -> None:
    """JSON Schema of config.yaml, for editors."""
    typer.echo(json.dumps(json_schema(), indent=2))
