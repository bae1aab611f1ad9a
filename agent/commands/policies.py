"""`orderwatch policies`: try them on the shop's own history, see which may act by themselves, arm one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from agent.commands.app import USAGE, AsJson, ConfigFile, Now, app, console, fail, opened, print_json, span
from agent.daemon import rules_of
from agent.simulation import tables
from agent.simulation.files import policies_of
from agent.simulation.trial import (
    CannotArm,
    fingerprints,
    standing,
    texts_of,
    the_policy,
    try_against,
    try_policies,
    vouch,
)

policies_app = typer.Typer(help="Try policies on this shop's history, and let them act.", no_args_is_help=True)
app.add_typer(policies_app, name="policies")


@policies_app.command("test")
def try_(
    since: Annotated[str, typer.Option(help="How far back, such as 180d.")] = "180d",
    against: Annotated[Path | None, typer.Option(help="Another file with policies: what it would change.")] = None,
    texts: Annotated[bool, typer.Option("--texts", help="Whole texts, not their gist.")] = False,
    config: ConfigFile = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """What they would have done with this shop's history.

    As if every policy had been armed. Sends nothing.
    """
    back = span(since, "--since")
    with opened(config, now) as (settings, store, at):
        rules = rules_of(settings)
        other = policies_of(against, settings.folder) if against else None
        done, past, shape = try_policies(store, rules, back, at)
        if other is not None:
            shape |= try_against(past, done, rules, other, back)
        state = standing(store, rules)
    if as_json:
        print_json(shape)
        return
    tables.print_replay(console(), shape, settings.zone, texts=texts)
    if other is not None:
        tables.print_differences(console(), shape["differences"], settings.zone, texts=texts)
    for one in state:
        if one["sends_by_itself"]:
            said = "may send by itself in mode live" if one["armed"] else "may not send by itself yet"
            console().print(Text(f"\n{one['policy']} {said}."), soft_wrap=True)
            if one["armed"] is None:
                said = "It takes 30 days of history in which it would have written something; or vouch for it:"
                command = f"orderwatch policies arm {one['policy']} --hash {one['fingerprint'][:12]}"
                console().print(Text(f"{said} `{command}`"), soft_wrap=True)


@policies_app.command("list")
def list_(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Every policy, what it does, and whether by itself."""
    with opened(config) as (settings, store, _):
        found = standing(store, rules_of(settings))
    print_json(found) if as_json else tables.print_policies(console(), found, settings.zone)


@policies_app.command("arm")
def arm(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    hash_: Annotated[
        str | None, typer.Option("--hash", help="As shown without it: lets the policy send by itself.")
    ] = None,
    config: ConfigFile = None,
    now: Now = None,
) -> None:
    """See what a policy would send by itself, and let it."""
    with opened(config, now) as (settings, store, at):
        rules = rules_of(settings)
        try:
            policy = the_policy(rules, name)
            for situation, language, body in texts_of(policy, rules.replies):
                console().print(Text(f"\n{situation}, {language}", style="bold"))
                console().print(Text(body))
            when = "; ".join(clause.written for clause in policy.when)
            console().print(Text(f"\n{name} sends these without asking you, when {when}."), soft_wrap=True)
            if hash_ is None:
                command = f"orderwatch policies arm {name} --hash {fingerprints(rules)[name][:12]}"
                console().print(Text(f"To let it: `{command}`"), soft_wrap=True)
            else:
                console().print(Text(vouch(store, rules, name, hash_, at)), soft_wrap=True)
        except CannotArm as error:
            fail(str(error), USAGE)
