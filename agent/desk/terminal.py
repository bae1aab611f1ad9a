"""The same shapes for human eyes. Strangers' text is printed as text: no markup, no control characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.desk.report import local
from agent.digest.names import STATES, carrier_name, counted, risk_name
from agent.digest.untrusted import line
from agent.store.outbox import OutboxRow
from agent.vocabulary.visible import visible, visible_lines

Shape = Mapping[str, Any]


def heading(console: Console, text: str) -> None:
    console.print(Text(f"\n{visible(text, 200)}", style="bold"))


def facts(console: Console, pairs: Iterable[tuple[str, Any]], width: int = 10) -> None:
    """Names and values in two columns, long values wrapped under themselves; absent ones are left out."""
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=width + 2, no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value not in (None, ""):
            table.add_row(Text(f"  {_cell(name)}", style="dim"), Text(_cell(str(value))))
    if table.row_count:
        console.print(table)


def _cell(text: str) -> str:
    """Blanks at the beginning are ours, and kept."""
    return " " * (len(text) - len(text.lstrip(" "))) + visible(text)


def print_reading(console: Console, shape: Shape, trace: Sequence[str]) -> None:
    heading(console, shape["file"])
    facts(
        console,
        [
            ("from", shape["from"]),
            ("subject", shape["subject"]),
            ("date", shape["date"]),
            (shape["authenticity"], shape["authenticity_reason"]),
            ("reader", shape["reader"] or "none"),
            ("unread", shape["unread"]),
            ("error", shape.get("error")),
        ],
    )
    for event in shape["events"]:
        console.print(Text(f"  {event['type'].replace('_', ' ')}", style="bold"))
        facts(console, ((f"  {key.replace('_', ' ')}", spoken(value)) for key, value in event.items() if key != "type"))
    facts(console, (("why", step) for step in trace))


def spoken(value: Any) -> str:
    """Nested data as a human reads it: no braces, no quotes."""
    if isinstance(value, Mapping):
        if value.keys() == {"value", "currency"}:
            return f"{value['currency']} {value['value']:,.2f}"
        if value.keys() == {"min", "max"}:
            return " – ".join(dict.fromkeys((value["min"], value["max"])))
        return ", ".join(spoken(one) for one in value.values())
    if isinstance(value, list):
        return "; ".join(spoken(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def print_number(console: Console, shape: Shape) -> None:
    heading(console, shape["normalized"])
    facts(
        console,
        (
            (
                f"{one['confidence']:.2f}",
                f"{carrier_name(one['carrier'])}, {one['format']}, check digit {one['checksum']}",
            )
            for one in shape["candidates"]
        ),
    )
    if not shape["candidates"]:
        console.print("  the shape of no carrier's numbers")


def print_page(console: Console, shape: Shape) -> None:
    heading(console, shape.get("file") or shape.get("url") or shape["tracking_number"] or "")
    facts(
        console,
        [
            ("outcome", shape["outcome"].replace("_", " ")),
            ("because", shape["outcome_reason"]),
            ("parcel", shape["tracking_number"]),
            ("carrier", carrier_name(shape["carrier"]) if shape["carrier"] else None),
            ("status", shape["status"] and shape["status"].replace("_", " ")),
            ("headline", shape.get("headline")),
            ("expected", spoken(shape["estimated_delivery"]) if shape["estimated_delivery"] else None),
        ],
    )
    rows = ((scan["raw_time"] or scan["occurred_at"] or "", scan) for scan in shape["events"])
    facts(
        console,
        ((at, " · ".join(part for part in (scan["description"], scan["location"]) if part)) for at, scan in rows),
        width=24,
    )


def print_counts(console: Console, shape: Shape) -> None:
    looks = sum(shape["looks"].values())
    digest = shape["digest"]
    parts = [
        f"{counted(shape['read'], 'mail')} read ({shape['unread']} could not be, {shape['hostile']} hostile)",
        counted(looks, "look")
        + "".join(f", {count} {name.replace('_', ' ')}" for name, count in shape["looks"].items()),
        f"{counted(shape['judged'], 'order')} judged",
        counted(shape["drafts"], "new draft")
        + (f", {shape['would_have_been']} would have been" if shape["would_have_been"] else ""),
        f"{counted(shape['sent'], 'reply', 'replies')} sent"
        + "".join(f", {shape[name]} {word}" for name, word in _TROUBLES.items() if shape[name]),
        *_answers(shape["answers"]),
        *_laid(shape["drafts_folder"]),
        f"digest {next((words for name, words in _DIGEST.items() if digest[name]), 'not due')}",
    ]
    console.print("\n".join(parts), markup=False)
    for refused in shape["refused"]:
        console.print(f"held back: {visible(refused)}", markup=False)


def _answers(answers: Shape) -> Iterator[str]:
    if any(answers.values()):
        refused = f", {answers['refused']} refused" if answers["refused"] else ""
        yield f"{counted(answers['understood'], 'answer')} of yours understood{refused}"


def _laid(folder: Shape) -> Iterator[str]:
    if folder["put"] or folder["taken_back"]:
        taken = f", {folder['taken_back']} taken back" if folder["taken_back"] else ""
        yield f"{counted(folder['put'], 'draft')} put into your Drafts folder{taken}"


_DIGEST = {"failed": "could not be sent", "sent": "sent", "made": "made"}
_TROUBLES = {"failed": "not sent", "unknown": "uncertain"}


def print_orders(console: Console, shape: Shape, zone: ZoneInfo) -> None:
    """The most urgent first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    narrow = console.width < 120
    for name in ("order", "buyer", "total", "parcel", "risk", "act by"):
        if not (narrow and name in ("buyer", "total")):
            table.add_column(name, no_wrap=name in ("order", "total", "act by"), overflow="fold")
    for order in sorted(shape["orders"], key=_urgency):
        lead = _lead(order)
        more = sum(not risk["handled"] for risk in order["risks"]) - 1
        total = order["total"]
        parcels = ", ".join(
            f"{carrier_name(parcel['carrier'])} {parcel['status'].replace('_', ' ')}" for parcel in order["shipments"]
        )
        act_by = lead["deadline"]["act_by"] if lead else None
        money = [] if narrow else [visible(order["buyer"], 24), spoken(total) if total else ""]
        cells = [
            order["order_id"],
            *money,
            parcels or "none yet",
            f"{lead['severity']} {risk_name(lead['id'])}{f' +{more}' if more else ''}" if lead else "",
            local(datetime.fromisoformat(act_by), zone) if act_by else "",
        ]
        table.add_row(*(Text(cell) for cell in cells))
    if table.row_count:
        console.print(table)
    else:
        console.print("No order.")
    for notice in shape["notices"]:
        heading(console, f"{notice['severity']} {risk_name(notice['id'])}")
        console.print(Text(f"  {line(notice['text'], 300)}"))


def _lead(order: Shape) -> Shape | None:
    """The risk to speak of first."""
    return next((risk for risk in order["risks"] if not risk["handled"] and not risk["superseded"]), None)


def _urgency(order: Shape) -> tuple[bool, str, float, str]:
    lead = _lead(order)
    act_by = lead["deadline"]["act_by"] if lead else None
    due = datetime.fromisoformat(act_by).timestamp() if act_by else float("inf")
    return lead is None, lead["severity"] if lead else "", due, order["order_id"]


def print_status(console: Console, shape: Shape, zone: ZoneInfo) -> None:
    heading(console, f"Mode {shape['mode']}")
    facts(console, [("orders", f"{shape['orders_watched']} watched, {shape['cases']} need a human")])
    waiting = (f"{count} {state.replace('_', ' ')}" for state, count in shape["outbox"].items() if count)
    facts(console, [("outbox", ", ".join(waiting) or "empty")])
    facts(console, (("held back", refused) for refused in shape["refused"]))
    for box in shape["mailboxes"]:
        heading(console, f"Mailbox {box['name']}: {'alive' if box['alive'] else 'NOT READ'}")
        last = box["last_read_at"]
        counts = f"{box['read']} read, {box['unread']} could not be, {box['hostile']} hostile"
        facts(
            console,
            [
                ("last read", local(datetime.fromisoformat(last), zone) if last else "never"),
                ("mails", counts),
                ("trouble", box["error"]),
            ],
        )
    if shape["carriers"]:
        heading(console, "Looks since the last digest")
    for one in shape["carriers"]:
        failed = one["blocked"] + one["layout_changed"] + one["unreachable"]
        why = f" · {one['last_error']}" if one["last_error"] and failed else ""
        counts = f"{counted(one['looks'], 'look')}: {one['read']} read, {one['not_found']} not found, {failed} failed"
        facts(console, [(carrier_name(one["carrier"]), f"{counts}{why}")])


def print_drafts(console: Console, rows: Sequence[OutboxRow]) -> None:
    if not rows:
        console.print("No draft waits.")
    for row in rows:
        state = "would have been sent" if row.state == "observed" else STATES.get(row.state, row.state)
        heading(console, f"{row.id} · order {row.order_id} · {row.policy} · {state}")
        facts(console, [("to", row.recipient or f"nobody by mail: {row.reason}"), ("subject", row.subject)])
        console.print()
        console.print(Text(visible_lines(row.body)))
    if any(row.state == "awaiting_approval" for row in rows):
        console.print("\norderwatch approve ID · edit ID · reject ID")
