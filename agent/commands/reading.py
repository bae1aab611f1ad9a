"""What a mail, a page or a number says: these work without any configuration."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.app import (
    USAGE,
    AsJson,
    ConfigFile,
    app,
    console,
    print_json,
    settings_of,
)
from agent.desk import report, terminal
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.numbers import candidates, normalise
from mail.isolation import IsolatedReader
from scrapers.browser import NoBrowser
from scrapers.looker import LookSettings, PageLooker
from scrapers.page import read_page


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
        receiver = next((box.receiver for box in settings_of(config).mailboxes if box.receiver), None)
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
            print_json(shape) if as_json else terminal.print_reading(console(), shape, trace if why else ())
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
        print_json(shape) if as_json else terminal.print_number(console(), shape)


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
            print_json(shape) if as_json else terminal.print_page(console(), shape)
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
    connect_to = settings_of(config).looking.connect_to if config else None
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
            print_json(shape) if as_json else terminal.print_page(console(), shape)
    finally:
        looker.close()


def _why_unopened(error: OSError) -> str:
    return f"cannot be opened: {error.strerror or error}"


def _known_carrier(carrier: str | None) -> None:
    if carrier is not None and find_carrier(carrier) is None:
        raise typer.BadParameter(f"no carrier {carrier!r} is known", param_hint="--carrier")
