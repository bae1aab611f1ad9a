"""The command itself, and what every part of it shares: options, settings, output, exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from agent import daemon
from agent.config import Settings, load
from agent.policies.duration import duration
from agent.store import Store, open_store
from agent.vocabulary.visible import visible_lines

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
OrderId = Annotated[str, typer.Argument(metavar="ORDER", help="Its number as eBay prints it: 27-13930-98148.")]
DraftId = Annotated[int, typer.Argument(metavar="ID", help="Its number in `orderwatch drafts`.")]
USAGE, UNREACHABLE = 2, 3


def fail(message: str, code: int) -> None:
    typer.echo(f"orderwatch: {visible_lines(message)}", err=True)
    raise SystemExit(code)


def settings_of(config: Path | None, now: str | None = None) -> Settings:
    settings = load(config or _default_config())
    return settings.model_copy(update={"clock": time_of(now)}) if now else settings


def _default_config() -> Path:
    here = Path("config.yaml")
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "orderwatch" / "config.yaml"
    return here if here.exists() or not home.exists() else home


def time_of(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time, such as 2026-11-20T07:30+01:00") from None
    if value.tzinfo is None:
        raise typer.BadParameter(f"{text!r} names no offset from UTC: write 2026-11-20T07:30+01:00")
    return value


@contextmanager
def opened(config: Path | None, now: str | None = None) -> Iterator[tuple[Settings, Store, datetime]]:
    settings = settings_of(config, now)
    store = open_store(settings.store)
    try:
        yield settings, store, daemon.now_of(settings)
    finally:
        store.close()


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def console() -> Console:
    width = None if sys.stdout.isatty() else 140  # a pipe has no width of its own
    return Console(highlight=False, width=width)


def span(written: str, option: str) -> timedelta:
    try:
        return duration(written)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None
