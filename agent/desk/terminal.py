"""The same shapes for human eyes. Strangers' text is printed as text: no markup, no control characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.desk.report import local
from agent.digest.names import carrier_name, risk_name
from agent.digest.untrusted import block, line
from agent.store.outbox import OutboxRow

Shape = Mapping[str, Any]


def print_reading(console: Console, shape: Shape, trace: Sequence[str]) -> None:
    _heading(console, shape["file"])
    _facts(console, [("from", shape["from"]), ("subject", shape["subject"]), ("date", shape["date"])])
    _facts(console, [(shape["authenticity"], shape["authenticity_reason"])])
    _facts(console, [("reader", shape["reader"] or "none"), ("unread", shape["unread"])])
    for event in shape["events"]:
        _facts(console, [(event["type"], "; ".join(f"{key} {value}" for key, value in event.items() if key != "type"))])
    for step in trace:
        _facts(console, [("why", step)])


def print_number(console: Console, shape: Shape) -> None:
    _heading(console, shape["normalized"])
    for one in shape["candidates"]:
        _facts(
            console, [(f"{one['confidence']:.2f}", f"{one['carrier']}, {one['format']}, check digit {one['checksum']}")]
        )
    if not shape["candidates"]:
        _facts(console, [("", "the shape of no carrier's numbers")])


def print_page(console: Console, shape: Shape) -> None:
    _heading(console, shape.get("file") or shape.get("url") or "")
    _facts(console, [("outcome", shape["outcome"]), ("because", shape["outcome_reason"])])
    _facts(console, [("parcel", shape["tracking_number"]), ("carrier", shape["carrier"]), ("status", shape["status"])])
    for scan in shape["events"]:
        where = f" · {scan['location']}" if scan["location"] else ""
        _facts(console, [(scan["raw_time"] or scan["occurred_at"] or "", f"{scan['description']}{where}")])


def print_counts(console: Console, shape: Shape) -> None:
    looks = sum(shape["looks"].values())
    parts = [
        f"{shape['read']} mails read ({shape['unread']} could not be, {shape['hostile']} hostile)",
        f"{looks} looks" + "".join(f", {count} {name.replace('_', ' ')}" for name, count in shape["looks"].items()),
        f"{shape['judged']} orders judged",
        f"{shape['drafts']} new drafts"
        + (f", {shape['would_have_been']} would have been" if shape["would_have_been"] else ""),
        f"{shape['sent']} replies sent" + (f", {shape['unknown']} uncertain" if shape["unknown"] else ""),
        "digest " + ("sent" if shape["digest"]["sent"] else "made" if shape["digest"]["made"] else "not due"),
    ]
    console.print("\n".join(parts), markup=False)
    for refused in shape["refused"]:
        console.print(f"held back: {line(refused, 300)}", markup=False)


def print_orders(console: Console, shape: Shape, zone: ZoneInfo) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("order", "buyer", "total", "parcel", "risk", "act by"):
        table.add_column(heading, no_wrap=True, overflow="ellipsis")
    for order in shape["orders"]:
        lead = next((risk for risk in order["risks"] if not risk["handled"] and not risk["superseded"]), None)
        more = sum(not risk["handled"] for risk in order["risks"]) - 1
        total = order["total"]
        parcels = ", ".join(f"{_carrier(p)} {p['status'].replace('_', ' ')}" for p in order["shipments"])
        act_by = lead["deadline"]["act_by"] if lead else None
        table.add_row(
            Text(order["order_id"]),
            Text(line(order["buyer"], 24)),
            Text(f"{total['currency']} {total['value']:,.2f}" if total else ""),
            Text(parcels or "none yet"),
            Text(f"{lead['severity']} {risk_name(lead['id'])}{f' +{more}' if more else ''}" if lead else ""),
            Text(local(datetime.fromisoformat(act_by), zone) if act_by else ""),
        )
    console.print(table)
    for notice in shape["notices"]:
        console.print(Text(f"{notice['severity']} {risk_name(notice['id'])}: {line(notice['text'], 300)}"))


def _carrier(parcel: Shape) -> str:
    return carrier_name(parcel["carrier"]) if parcel["carrier"] else "unknown carrier"


def print_story(console: Console, shape: Shape) -> None:
    _heading(console, f"Order {shape['order_id']}")
    total = shape["total"]
    _facts(
        console, [("buyer", shape["buyer"]), ("total", f"{total['currency']} {total['value']:,.2f}" if total else None)]
    )
    _facts(console, [("item", item["title"]) for item in shape["items"]])
    for parcel in shape["shipments"]:
        _facts(
            console,
            [("parcel", f"{_carrier(parcel)} {parcel['tracking_number']}: {parcel['status'].replace('_', ' ')}")],
        )
    for risk in shape["risks"]:
        marks = "".join(f" ({word})" for word in ("superseded", "handled") if risk[word])
        _facts(console, [(risk["severity"], f"{risk_name(risk['id'])}{marks}: {risk['summary']}")])
        _facts(console, [("", risk["advice"]), ("act by", risk["deadline"]["act_by"])])
        _facts(console, [("because", shape["sources"].get(source, source)) for source in risk["because"]])
    verdict = shape["protection"]["verdict"]
    clauses = ", ".join(f"{name.replace('_', ' ')} {word}" for name, word in shape["protection"]["clauses"].items())
    _facts(console, [("protected", f"{verdict}: {clauses}")])
    _heading(console, "What happened")
    for event in shape["events"]:
        said = ", ".join(
            f"{key} {value}" for key, value in event.items() if key not in ("type", "source", "occurred_at", "seen_at")
        )
        source = shape["sources"].get(event["source"], event["source"])
        _facts(console, [(event.get("occurred_at") or event["seen_at"], f"{event['type']}: {said} [{source}]")])
    if shape["decisions"]:
        _heading(console, "What the policies decided")
    for decision in shape["decisions"]:
        refused = f" — refused: {decision['refused']}" if decision.get("refused") else ""
        what = decision.get("situation") or decision.get("text") or ""
        _facts(console, [(decision["policy"], f"{decision['action']} {what}{refused}")])
        _facts(console, [("not", lost) for lost in decision.get("lost", ())])


def print_status(console: Console, shape: Shape) -> None:
    for box in shape["mailboxes"]:
        state = "alive" if box["alive"] else "NOT READ"
        error = f" · {box['error']}" if box["error"] else ""
        last = f"last read {box['last_read_at'] or 'never'}"
        counts = f"{box['read']} mails, {box['unread']} unread, {box['hostile']} hostile"
        _facts(console, [(box["name"], f"{state}, {last}, {counts}{error}")])
    for one in shape["carriers"]:
        failed = one["blocked"] + one["layout_changed"] + one["unreachable"]
        why = f" · {one['last_error']}" if one["last_error"] and failed else ""
        counts = f"{one['looks']} looks, {one['read']} read, {one['not_found']} not found, {failed} failed"
        _facts(console, [(carrier_name(one["carrier"]), f"{counts}{why}")])
    waiting = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in shape["outbox"].items())
    _facts(console, [("outbox", waiting)])
    _facts(
        console, [("orders", f"{shape['orders_watched']} watched, {shape['cases']} need a human, mode {shape['mode']}")]
    )


def print_drafts(console: Console, rows: Sequence[OutboxRow]) -> None:
    if not rows:
        console.print("No draft waits.")
    for row in rows:
        waits = "would have been" if row.state == "observed" else "waits"
        _heading(console, f"{row.id} · order {row.order_id} · {row.policy} · {waits}")
        _facts(console, [("to", row.recipient or f"nobody by mail: {row.reason}"), ("subject", row.subject)])
        console.print(Text(block(row.body)))
    if any(row.state == "awaiting_approval" for row in rows):
        console.print("\norderwatch approve ID · edit ID · reject ID")


def _heading(console: Console, text: str) -> None:
    console.print(Text(f"\n{line(text, 200)}", style="bold"))


def _facts(console: Console, facts: Sequence[tuple[str, Any]]) -> None:
    for name, value in facts:
        if value not in (None, ""):
            console.print(Text(f"  {line(str(name), 40):<12} {line(str(value), 500)}"))
