"""A human's word: drafts, risks handled, notes, what is to be forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.app import (
    AsJson,
    ConfigFile,
    DraftId,
    Now,
    OrderId,
    app,
    config_app,
    console,
    opened,
    print_json,
    settings_of,
    span,
)
from agent.config import Settings, json_schema
from agent.desk import questions, report, terminal, words
from agent.desk.editor import in_editor
from agent.lock import only_writer
from agent.store import Store


@app.command()
def drafts(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Replies that wait for you: their numbers, texts and addressees."""
    with opened(config) as (_, store, _at):
        waiting = questions.drafts(store)
    print_json([report.of_draft(row) for row in waiting]) if as_json else terminal.print_drafts(console(), waiting)


@app.command()
def approve(
    drafts: Annotated[list[int], typer.Argument(metavar="ID…", help="Their numbers in `orderwatch drafts`.")],
    config: ConfigFile = None,
) -> None:
    """Send drafts: they leave with the next round."""
    for draft in dict.fromkeys(drafts):
        _word(config, partial(_approve, draft))


def _approve(draft: int, store: Store, settings: Settings, at: datetime) -> str:
    return words.approve(store, settings, draft, at)


@app.command()
def reject(draft: DraftId, config: ConfigFile = None) -> None:
    """Throw a draft away."""
    _word(config, lambda store, _settings, at: words.reject(store, draft, at))


@app.command()
def edit(draft: DraftId, config: ConfigFile = None) -> None:
    """Change a draft's text in $EDITOR; it is checked like every text."""
    _word(config, lambda store, _settings, at: words.edit(store, draft, at, in_editor))


@app.command()
def handled(
    order: OrderId,
    risk: Annotated[
        str | None, typer.Argument(metavar="RISK", help="Its id in `orderwatch orders --json`; else all.")
    ] = None,
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """Say that a risk, or every present one, is dealt with.

    It comes back only if something new happens.
    """
    _word(config, lambda store, settings, at: words.handled(store, settings, order, risk, at), now)


@app.command()
def note(
    order: OrderId,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help='In quotes: "the buyer called".')] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="The carrier was asked to search; TEXT is its reference, if it gave one.")
    ] = False,
    answer: Annotated[bool, typer.Option("--answer", help="TEXT is what the carrier answered.")] = False,
    parcel: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Which parcel it is about, where there are several.")
    ] = None,
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """Keep a note with an order: yours, or of asking its carrier."""
    if trace and answer:
        raise typer.BadParameter("say either --trace or --answer")
    if not trace and not text:
        raise typer.BadParameter("write the text after the order's number")
    if trace:
        _word(config, lambda store, settings, at: words.trace(store, settings, order, text, parcel, at), now)
    elif answer:
        _word(config, lambda store, settings, at: words.answer(store, settings, order, text or "", parcel, at), now)
    else:
        _word(config, lambda store, settings, at: words.note(store, settings, order, text or "", at), now)


@app.command()
def rebuild(
    unread: Annotated[
        bool, typer.Option("--unread", help="Instead: read the mails of 60 days again that could not be read.")
    ] = False,
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """Work every order out again from what is stored."""
    if unread:
        _word(config, lambda store, _, at: words.reread(store, at), now)
    else:
        _word(config, lambda store, settings, at: words.rebuild(store, settings, at), now)


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
    age = span(older, "--older-than") if older else None
    with only_writer(settings_of(config).store), opened(config, now) as (_, store, at):
        before = at - age if age else None
        found = questions.to_purge(store, buyer, before)
        if not yes:
            typer.confirm(f"Delete {len(found)} orders, with their mails, replies and pages, for good?", abort=True)
        console().print(words.purge(store, found, at, buyer, before), markup=False, soft_wrap=True)


def _word(config: Path | None, act: Callable[[Store, Settings, datetime], str], now: str | None = None) -> None:
    with opened(config, now) as (settings, store, at):
        console().print(act(store, settings, at), markup=False)


@config_app.command("schema")
def schema() -> None:
    """JSON Schema of config.yaml, for editors."""
    typer.echo(json.dumps(json_schema(), indent=2))
