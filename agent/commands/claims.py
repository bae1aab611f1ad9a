"""Asking the carrier, and asking eBay: texts and papers for a human to hand in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.app import AsJson, ConfigFile, Now, OrderId, app, console, opened, print_json
from agent.desk import enquiry as desk
from agent.desk.dossier import write_dossier
from agent.desk.report import plain
from scrapers.visiting.browser import NoBrowser
from scrapers.visiting.printing import print_pdf


@app.command()
def enquiry(
    order: OrderId,
    parcel: Annotated[str | None, typer.Option(metavar="NUMBER", help="Only this parcel.")] = None,
    config: ConfigFile = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """What to ask an order's carrier, where, and until when."""
    with opened(config, now) as (settings, store, at):
        found = desk.enquiries(store, settings, order, parcel, at)
    print_json(plain(found)) if as_json else desk.print_enquiries(console(), found, settings.zone)


@app.command()
def dossier(
    order: OrderId,
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """All that is known of an order, for eBay: a PDF and a folder."""
    with opened(config, now) as (settings, store, at):
        try:
            written = write_dossier(store, settings, order, out, at, print_pdf)
        except NoBrowser as why:
            written = write_dossier(store, settings, order, out, at, None)
            typer.echo(f"orderwatch: no PDF, print dossier.html yourself: {why}", err=True)
    console().print(written, markup=False, soft_wrap=True)
