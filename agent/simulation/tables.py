"""A replay for human eyes. Strangers' text is printed as text: no markup, no control characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agent.digest.names import counted, lowered, risk_name
from agent.vocabulary.visible import visible, visible_lines

Shape = Mapping[str, Any]
_WAYS = {"sent": "sent", "drafted": "drafted", "shown": "shown to you", "nothing": "nothing", "refused": "held back"}
_CHANGES = {"only_here": "only now", "only_there": "only with the other file", "changed": "otherwise"}
_LISTED = 12
"""Texts of one policy that are listed; JSON holds all."""
_DAY = 24


def print_replay(console: Console, shape: Shape, zone: ZoneInfo, *, texts: bool) -> None:
    """What each policy would have done, then its texts; `texts`: whole ones."""
    console.print(Text(_opening(shape, zone)), soft_wrap=True)
    hit = [policy for policy in shape["policies"] if policy["cases"]]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Policy", "Cases", "Sent", "Drafted", "Shown", "Held back", "Buyers who asked", "Ahead of them"):
        table.add_column(heading, justify="left" if heading in ("Policy", "Ahead of them") else "right")
    for policy in hit:
        numbers = [policy[name] for name in ("cases", "sent", "drafted", "shown", "refused")]
        claims = policy["lead"]["claims"]
        cells = [str(number) if number else "" for number in (*numbers, claims)]
        table.add_row(Text(visible(policy["policy"], 60), style="bold"), *cells, Text(_ahead(policy["lead"])))
    console.print()
    console.print(table if hit else Text("No policy would have done anything."))
    for policy in hit:
        _print_policy(console, policy, zone, texts=texts)
    idle = [visible(policy["policy"], 60) for policy in shape["policies"] if not policy["cases"]]
    if idle and hit:
        console.print(Text(f"\nNever in question: {', '.join(idle)}."))
    for remark in shape["remarks"]:
        console.print(Text(f"\n{visible(remark, 300)}", style="yellow"))


def _opening(shape: Shape, zone: ZoneInfo) -> str:
    said = f"{counted(shape['days'], 'day')}, {_day(shape['since'], zone)} to {_day(shape['until'], zone)}: "
    said += f"{counted(shape['orders'], 'order')}, as they were known then, every policy as if it were armed."
    if shape["backfilled"]:
        said += (
            f"\nI began to watch on {_day(shape['watched_since'], zone)}. From before, I know what the mails say, "
            "from the time of their arrival; carriers' pages were not looked at then."
        )
    return said


def _ahead(lead: Shape) -> str:
    """How the first word came, beside the buyer's claim."""
    if not lead["claims"]:
        return ""
    usual = "mostly " if lead["claims"] > 1 else ""
    return f"{lead['before']} of {lead['claims']}, {usual}{_lead(lead['median_hours'])}"


def _lead(hours: float) -> str:
    if abs(hours) < 0.1:
        return "as it came"
    size = abs(hours)
    span = f"{size / _DAY:.1f} d" if size >= 2 * _DAY else f"{size:.1f} h"
    return f"{span} {'before' if hours > 0 else 'after'} it"


def _print_policy(console: Console, policy: Shape, zone: ZoneInfo, *, texts: bool) -> None:
    console.print(Text(f"\n{visible(policy['policy'], 60)}", style="bold"))
    written = [deed for deed in policy["deeds"] if deed["situation"] is not None]
    shown = written or policy["deeds"]
    for deed in shown[:_LISTED]:
        _print_deed(console, deed, zone, texts=texts)
    if len(shown) > _LISTED:
        console.print(Text(f"  and {len(shown) - _LISTED} more; --json tells all"))


def _print_deed(console: Console, deed: Shape, zone: ZoneInfo, *, texts: bool) -> None:
    when = datetime.fromisoformat(deed["at"]).astimezone(zone)
    said = [f"{when:%d %b %H:%M}", visible(deed["order_id"], 40)]
    said.append(visible(deed["text"], 120) if deed["outcome"] == "nothing" else _WAYS[deed["outcome"]])
    if deed["situation"]:
        said.append(f"{deed['situation']} ({deed['language']})" if deed["language"] else deed["situation"])
    said += [f"to {visible(deed['to'] or deed['buyer'], 80)}"] if deed["to"] or deed["buyer"] else []
    said += [lowered(risk_name(deed["risk"]))] if deed["risk"] else []
    if deed["lead_hours"] is not None:
        said.append(f"the buyer's claim: {_lead(deed['lead_hours'])}")
    console.print(Text(f"  {' · '.join(said)}"), soft_wrap=True)
    for reason in deed["refused"]:
        console.print(Padding(Text(visible(reason, 300), style="yellow"), (0, 0, 0, 4), expand=False))
    if deed["outcome"] == "nothing":
        return  # said already
    text = visible_lines(deed["text"])
    if texts or not deed["situation"]:
        console.print(Padding(Text(text), (0, 0, 1 if deed["situation"] else 0, 4), expand=False))
    elif text:
        console.print(Padding(Text(_gist(text), style="dim"), (0, 0, 0, 4), expand=False))


def _gist(text: str) -> str:
    """The first sentence after the greeting."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return visible((lines[1:] or lines or [""])[0], 110)


def print_differences(console: Console, found: Sequence[Shape], zone: ZoneInfo, *, texts: bool) -> None:
    """Action by action, what the other file would have done otherwise."""
    if not found:
        console.print("\nThe other file would have done exactly the same.")
        return
    console.print(Text(f"\n{counted(len(found), 'difference')} to the other file", style="bold"))
    for one in found:
        what = f" ({', '.join(one['what'])})" if one["what"] else ""
        console.print(Text(f"\n{_CHANGES[one['change']]}{what}", style="bold"))
        for side, deed in (("now", one["here"]), ("other file", one["there"])):
            if deed is not None:
                console.print(Text(f"  {side}: {visible(deed['policy'], 60)}"))
                _print_deed(console, deed, zone, texts=texts)


def print_policies(console: Console, found: Sequence[Shape], zone: ZoneInfo) -> None:
    """What each policy may do by itself."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Policy", "Does", "By itself", "Hash"):
        table.add_column(heading)
    for policy in found:
        table.add_row(
            Text(visible(policy["policy"], 60), style="bold"),
            Text(", ".join(policy["does"])),
            Text(_standing(policy, zone)),
            Text(policy["fingerprint"][:12] if policy["sends_by_itself"] else ""),
        )
    console.print(table)


def _standing(policy: Shape, zone: ZoneInfo) -> str:
    armed = policy["armed"]
    if not policy["sends_by_itself"]:
        return "never writes to anybody by itself"
    if armed is None:
        return "no: its replies wait as drafts"
    on = _day(armed["at"], zone)
    return f"yes: tried on {armed['days']} days, {on}" if armed["how"] == "tested" else f"yes: you vouched for it, {on}"


def _day(at: str, zone: ZoneInfo) -> str:
    local = datetime.fromisoformat(at).astimezone(zone)
    return f"{local.day} {local:%b %Y}"
