"""What a mail, a page or a number says: these work without any configuration."""

from __future__ import annotations

import os
import re
import secrets
import sys
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
    fail,
    print_json,
    settings_of,
)
from agent.config.keys import FoundKeys, find_keys
from agent.desk import report, terminal
from agent.fixture.mail import CannotScrub, scrub_mail
from agent.fixture.page import scrub_page
from agent.vocabulary.carriers import carrier as find_carrier
from agent.vocabulary.numbers import candidates, normalise
from mail.genuine.trust import Trusted
from mail.worker.isolation import IsolatedReader
from scrapers.looker import LookSettings, PageLooker
from scrapers.official.enquiries import Enquiries
from scrapers.page import read_page
from scrapers.visiting.browser import NoBrowser

_MAIL = re.compile(rb"(?:>?From [^\n]*\n)?[!-9;-~]+[ \t]*:")
"""A mail begins with a header, an mbox with a line before it; a page with neither."""


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
    trusted: Trusted = receiver
    own: dict[str, Path] = {}
    if config is not None:
        settings = settings_of(config)
        own = settings.own_data
    if receiver is None and config is not None:
        boxes = [box.trust for box in settings.mailboxes]
        trusted = next((trust for trust in boxes if trust.receiver or trust.needs_keys), None)
    unopened = False
    with IsolatedReader(own=own) as reader:
        for file in files:
            trace: tuple[str, ...] = ()
            try:
                reading = reader.read(file.read_bytes(), trusted, why=why)
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
    _with_own_files(config)
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
    _with_own_files(config)
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
    connect_to, keys = None, FoundKeys()
    if config:
        settings = settings_of(config)
        connect_to = settings.looking.connect_to
        keys = find_keys(settings.looking, os.environ, settings.folder)
    for name, why in keys.missing.items():
        typer.echo(f"orderwatch: looking.keys.{name}: {why}", err=True)
    _known_carrier(carrier)
    asked = {one: carrier or next((found.carrier for found in candidates(one)), None) for one in numbers}
    if nobodys := [one for one, owner in asked.items() if owner is None]:
        raise typer.BadParameter(f"{', '.join(nobodys)}: the shape of no carrier's numbers; name one with --carrier")
    looker = PageLooker(LookSettings(connect_to=connect_to), enquiries=Enquiries(keys.keys))
    state = looker.check()
    if state.path is None:
        raise NoBrowser(state.note)
    try:
        for one in numbers:
            shape = report.of_look(looker.look(one, asked[one] or "", postcode, datetime.now(UTC)))
            print_json(shape) if as_json else terminal.print_page(console(), shape)
    finally:
        looker.close()


@app.command()
def fixture(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    out: Annotated[Path | None, typer.Option(help="Where to write the copy; else it is printed.")] = None,
    hide: Annotated[list[str] | None, typer.Option(help="A word to replace too, such as your own name.")] = None,
    config: ConfigFile = None,
) -> None:
    """A copy of a mail or page without personal data, safe to pass on."""
    _with_own_files(config)
    try:
        raw = file.read_bytes()
        scrub = scrub_mail if _MAIL.match(raw) else scrub_page
        done = scrub(raw, secrets.token_bytes(32), hide or ())
    except OSError as error:
        fail(f"{file} {_why_unopened(error)}", USAGE)
    except CannotScrub as why:
        fail(f"{file}: {why}", USAGE)
    if out is None:
        sys.stdout.buffer.write(done.copy)
    else:
        out.write_bytes(done.copy)
    left_out = f"; headers left out: {', '.join(done.dropped)}" if done.dropped else ""
    typer.echo(f"{done.replaced} private values replaced{left_out}.", err=True)
    if not done.reads_alike:
        typer.echo("The copy is not read as the original is: say so when you pass it on.", err=True)
    typer.echo("Look it through before you pass it on; --hide TEXT replaces what is left.", err=True)


def _why_unopened(error: OSError) -> str:
    return f"cannot be opened: {error.strerror or error}"


def _with_own_files(config: Path | None) -> None:
    """The seller's own carriers and phrases count once their configuration is loaded."""
    if config is not None:
        settings_of(config)


def _known_carrier(carrier: str | None) -> None:
    if carrier is not None and find_carrier(carrier) is None:
        raise typer.BadParameter(f"no carrier {carrier!r} is known", param_hint="--carrier")
