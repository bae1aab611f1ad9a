"""The work: the sample shop, setting up, checking, rounds."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from agent import daemon
from agent.commands.app import (
    UNREACHABLE,
    USAGE,
    AsJson,
    ConfigFile,
    Now,
    app,
    console,
    fail,
    print_json,
    settings_of,
    span,
)
from agent.config import Settings, load
from agent.desk import questions, terminal, words
from agent.desk.checkup import checkup
from agent.desk.init import home_zone, interview
from agent.lock import only_writer
from agent.pipeline import Round
from scrapers.looker import PageLooker


@app.command()
def demo(
    directory: Annotated[Path, typer.Option("--dir", help="Where its shop, digest and store go.")] = Path("demo"),
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the digest in a browser.")] = False,
) -> None:
    """Try everything on a small sample shop; needs no configuration."""
    from agent.demo.run import run_demo  # the sample shop is loaded only when it is asked for

    raise SystemExit(run_demo(directory, console(), open_digest=not no_open))


@app.command()
def init(config: ConfigFile = None) -> None:
    """Ask a few questions, try the answers, and write config.yaml."""
    path = (config or Path("config.yaml")).absolute()
    if not sys.stdin.isatty():
        fail("init asks questions and needs a terminal: copy the project's config.yaml and edit it instead", USAGE)
    if path.exists():
        typer.confirm(f"{path} exists. Write it anew?", abort=True)
    text = interview(path, _prompt, typer.echo, home_zone())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    typer.echo(f"Written: {path}\nNow everything that it names is tried once.\n")
    checkup(load(path), os.environ, None, console())
    typer.echo("\nMend what failed, try again with `orderwatch check`, then start `orderwatch run`.")


def _prompt(question: str, offered: str) -> str:
    return str(typer.prompt(question, default=offered, show_default=bool(offered)))


@app.command()
def check(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Check the configuration, and connect to all that it names."""
    raise SystemExit(checkup(settings_of(config), os.environ, print_json if as_json else None, console()))


@app.command()
def run(config: ConfigFile = None) -> None:
    """Work until stopped (Ctrl-C or SIGTERM), in the foreground."""
    daemon.run(settings_of(config))


@app.command()
def once(config: ConfigFile = None, now: Now = None, as_json: AsJson = False) -> None:
    """Do all that is due once: read, look, judge, write, send."""
    settings = settings_of(config, now)
    harmless = settings.outgoing is None or settings.outgoing.transport.startswith("maildir:")
    with only_writer(settings.store), daemon.open_world(settings, os.environ, sending=not now or harmless) as world:
        done = daemon.one_round(world, daemon.now_of(settings))
    shape = _counts(done)
    print_json(shape) if as_json else terminal.print_counts(console(), shape)
    _exit_if_unreached(settings, done)


@app.command()
def backfill(
    since: Annotated[str, typer.Option(help="How far back, such as 180d.")] = "180d", config: ConfigFile = None
) -> None:
    """Read older mails too; looks at nothing and sends nothing."""
    settings = settings_of(config)
    back = span(since, "--since")
    now = daemon.now_of(settings)
    with (
        only_writer(settings.store),
        daemon.open_world(settings, os.environ, sending=False, since=(now - back).date()) as world,
        console().status("Reading"),
    ):
        done = words.backfill(world, now)
    console().print(f"{done.read} mails read. `orderwatch orders --at-risk` shows what they say.")
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
        "answers": {"understood": done.answered.taken, "refused": done.answered.refused},
        "drafts_folder": {"put": done.laid.put, "taken_back": done.laid.taken_back, "trouble": done.laid.why},
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
    if done.laid.why:
        troubles.append(f"drafts could not be put into your Drafts folder, and are tried again: {done.laid.why}")
    if done.digested.failed:
        troubles.append(f"the digest did not leave and is tried again: {done.digested.why}")
    _exit_if_any(troubles)


def _not_reached(settings: Settings, mailboxes: Iterable[str]) -> list[str]:
    return [f"{name}: {questions.why_down(settings, name)}" for name in mailboxes]


def _exit_if_any(troubles: list[str]) -> None:
    if troubles:
        fail("\norderwatch: ".join(troubles), UNREACHABLE)
