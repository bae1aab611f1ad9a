"""What is known: orders, their stories, the digest, evidence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.app import (
    AsJson,
    ConfigFile,
    Now,
    OrderId,
    app,
    console,
    opened,
    print_json,
)
from agent.desk import questions, report, terminal
from agent.desk.evidence import write_evidence
from agent.desk.story import print_story


@app.command()
def orders(
    at_risk: Annotated[bool, typer.Option("--at-risk", help="Only orders with an open risk.")] = False,
    config: ConfigFile = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """All orders, the most urgent first."""
    with opened(config, now) as (settings, store, at):
        judged, notices, protection = questions.state(store, settings, at, only_at_risk=at_risk)
    shape = report.of_orders(judged, notices, protection)
    print_json(shape) if as_json else terminal.print_orders(console(), shape, settings.zone)


@app.command()
def show(
    order: OrderId,
    config: ConfigFile = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """The whole story of one order, each fact with its source."""
    with opened(config, now) as (settings, store, at):
        shape = questions.story(store, settings, order, at)
    print_json(shape) if as_json else print_story(console(), shape, settings.zone)


@app.command()
def status(config: ConfigFile = None, now: Now = None, as_json: AsJson = False) -> None:
    """Whether every part works; what was read, looked at and missed."""
    with opened(config, now) as (settings, store, at):
        shape = questions.status(store, settings, at)
    print_json(shape) if as_json else terminal.print_status(console(), shape, settings.zone)


@app.command()
def digest(
    html: Annotated[Path | None, typer.Option(help="Write the HTML here.")] = None,
    text: Annotated[Path | None, typer.Option(help="Write the plain text here.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Mail it now, beside the daily one.")] = False,
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """The digest as of now."""
    with opened(config, now) as (settings, store, at):
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
    order: OrderId,
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    config: ConfigFile = None,
) -> None:
    """What pages and mails showed of an order's parcels, as a folder."""
    with opened(config) as (settings, store, _at):
        written = write_evidence(store, order, out, settings.zone)
    console().print(written, markup=False, soft_wrap=True)
