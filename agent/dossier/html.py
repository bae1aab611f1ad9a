"""The dossier as one page of HTML: no script, nothing fetched, every stranger's word escaped and on its line."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined, Template

from agent.digest.names import REASONS, STATUSES
from agent.dossier.advice import Advice, advice, clause_name, news
from agent.dossier.comment import comment
from agent.dossier.dossier import Dossier, Happening, Paper, Shot
from agent.dossier.items import items
from agent.orders.order import Order, Shipment
from agent.risks.sentences import parcel_name
from agent.vocabulary.marketplaces import marketplace
from agent.vocabulary.values import Moment
from agent.vocabulary.visible import visible, visible_text

_LETTER = ("US", "CA")
_NEWS, _LINES, _ROWS, _SHOTS, _MESSAGES, _MAILS = 25, 400, 300, 6, 200, 300
"""Most of each that a page shows: a dossier is read by a human."""
_COLOURS = {"verified": "yes", "unverified": "unclear"}


def paper(order: Order) -> Paper:
    """Letter where the site's country prints on it, else A4."""
    return "Letter" if marketplace(order.site).country in _LETTER else "A4"


@cache
def _template() -> Template:
    env = Environment(autoescape=True, undefined=StrictUndefined)
    return env.from_string(resources.files(__package__).joinpath("dossier.html.j2").read_text(encoding="utf-8"))


def as_html(dossier: Dossier, zone: ZoneInfo) -> str:
    order, new = dossier.order, news(dossier)
    told = advice(order, dossier.protection, new, dossier.now)
    details = {clause.name: clause for clause in dossier.protection.details}
    since = f" ({_when(told.since, zone)})" if told.since else ""
    shown = [shot for shot in dossier.shots if shot.png] or list(dossier.shots)
    happenings = [_happening(one, zone) for one in dossier.happenings]
    return _template().render(
        order_id=visible(order.order_id, 60),
        paper=paper(order),
        now=_when(dossier.now, zone),
        zone=zone.key,
        advice=told,
        reasons=[visible(reason, 400) for reason in told.reasons],
        comment=comment(order, dossier.protection),
        facts=[(name, visible(value, 400)) for name, value in _facts(order, zone) if value],
        news=[_happening(one, zone) for one in new[-_NEWS:]],
        news_left=max(0, len(new) - _NEWS),
        news_heading=f"New since {_turn(order, told)}{since}",
        no_news="Nothing new is known since then." if told.since else "There is no case.",
        clauses=[
            {
                "name": clause_name(name),
                "verdict": verdict,
                "why": visible(details[name].why, 400) if name in details else "",
                "repair": visible(details[name].repair, 300) if name in details else "",
            }
            for name, verdict in dossier.protection.clauses.items()
        ],
        items=list(items(dossier)),
        timeline=happenings[-_LINES:],
        timeline_left=max(0, len(happenings) - _LINES),
        parcels=[_parcel(parcel, zone) for parcel in order.shipments],
        missed=dossier.missed,
        messages=[
            {
                "by": "Buyer" if one.by == "buyer" else f"Seller{f' ({one.state})' if one.state else ''}",
                "at": _when(one.at, zone),
                "text": visible_text(one.text, 4000),
            }
            for one in dossier.messages[-_MESSAGES:]
        ],
        mails=[
            {
                "at": _when(one.at, zone),
                "subject": visible(one.subject, 200) or "no subject",
                "sender": visible(one.sender, 120),
                "file": one.file,
                "sha256": one.sha256,
                "authenticity": one.authenticity,
                "colour": _COLOURS.get(one.authenticity, "no"),
                "why": visible(one.why, 200),
            }
            for one in dossier.mails[-_MAILS:]
        ],
        shots=[_shot(shot, zone) for shot in shown[-_SHOTS:]],
        shots_left=len(dossier.shots) - len(shown[-_SHOTS:]),
    )


def _facts(order: Order, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    for item in order.items:
        price = f", {item.price} each" if item.price else ""
        yield "Item", f"{item.quantity} × {item.title or item.item_id or 'not named'}{price}"
    yield "Total", str(order.total or "")
    yield "Site", marketplace(order.site).domain if order.site else ""
    yield "Buyer", order.buyer or ""
    if to := order.ship_to:
        parts = (to.name, to.street, to.city, to.region, to.postcode, to.country)
        yield "Sent to", ", ".join(part for part in parts if part)
    yield "Sold", _said(order.sold_at, zone)
    yield "Ship by", _said(order.ship_by, zone)
    if order.estimated_delivery:
        window = order.estimated_delivery
        yield "Expected", f"{_said(window.min, zone)} to {_said(window.max, zone)}"
    for parcel in order.shipments:
        yield "Parcel", f"{parcel_name(parcel)}: {STATUSES[parcel.status]}"
        taken_in = parcel.posted_at is not None
        yield "Handed over" if taken_in else "First scan known", _said(parcel.posted_at or parcel.first_scan_at, zone)
        yield "Delivered", _said(parcel.delivered_at, zone)
    for case in order.cases:
        number = f" {case.request_id}" if case.request_id else ""
        ended = f", closed {_said(case.closed_at, zone)}" if case.closed_at else ""
        who = f", decided for {case.outcome}" if case.outcome in ("buyer", "seller") else ""
        kind = {"inr": "Not received", "return": "Return", "payment_dispute": "Payment dispute"}[case.kind]
        yield "Case", f"{kind}{number}, opened {_said(case.opened_at, zone)}{ended}{who}"
        yield "Answer by", _said(case.respond_by, zone) if case.state != "closed" else ""
    for trace in order.traces:
        reference = f", reference {trace.reference}" if trace.reference else ""
        said = (
            f"; answered {_said(trace.answered_at, zone)}: {trace.answer}" if trace.answered_at else "; no answer yet"
        )
        yield "Carrier asked", f"{_said(trace.opened_at, zone)}, parcel {trace.tracking_number}{reference}{said}"
    yield "Refunded", _said(order.refunded_at, zone)


def _parcel(parcel: Shipment, zone: ZoneInfo) -> dict[str, Any]:
    rows = []
    for scan in parcel.scans[:_ROWS]:
        words = scan.description or STATUSES[scan.status]
        reason = f" ({REASONS[scan.reason]})" if scan.reason in REASONS and not scan.description else ""
        rows.append(
            {
                "at": _said(scan.occurred_at, zone),  # a local clock stays what the carrier prints
                "what": visible(f"{words}{reason}", 300),
                "where": visible(str(scan.location or ""), 100),
            }
        )
    status = STATUSES[parcel.status]
    return {"name": visible(parcel_name(parcel), 120), "status": status, "scans": rows}


def _happening(one: Happening, zone: ZoneInfo) -> dict[str, str]:
    return {"at": _when(one.at, zone), "what": visible(one.what, 600), "source": visible(one.source, 250)}


def _shot(shot: Shot, zone: ZoneInfo) -> dict[str, str]:
    picture = f"data:image/png;base64,{base64.b64encode(shot.png).decode()}" if shot.png else ""
    return {
        "what": visible(shot.what, 200),
        "at": _when(shot.at, zone),
        "url": visible(shot.url, 300),
        "sha256": shot.sha256,
        "picture": picture,
        "words": visible_text(shot.words, 2500),
    }


def _said(moment: Moment | None, zone: ZoneInfo) -> str:
    if moment is None:
        return ""
    return _when(moment, zone) if isinstance(moment, datetime) and moment.tzinfo else str(moment)[:16]


def _turn(order: Order, told: Advice) -> str:
    """What news is counted from."""
    if told.aim == "appeal":
        return "the decision"
    return "the end" if order.cases and order.cases[-1].state == "closed" else "the opening"


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
