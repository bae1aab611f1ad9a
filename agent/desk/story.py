"""`orderwatch show`: one order's story, as a seller reads it. Strangers' text is printed as text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from agent.desk.plans import print_plan
from agent.desk.terminal import facts, heading
from agent.digest.names import OUTCOMES, REASONS, STATUSES, carrier_name, risk_name
from agent.digest.untrusted import line
from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus

Shape = Mapping[str, Any]

KINDS = {
    "order_sold": "sold",
    "order_paid": "paid",
    "label_bought": "label made or tracking added",
    "ship_reminder": "eBay reminds to ship",
    "tracking_update": "parcel",
    "parcel_looked": "looked",
    "buyer_message": "buyer writes",
    "inr_opened": "buyer opened a request: not received",
    "inr_escalated": "eBay was asked to step in",
    "case_on_hold": "case on hold",
    "case_closed": "case closed",
    "return_opened": "buyer opened a return",
    "return_update": "return",
    "cancellation_requested": "buyer asks to cancel",
    "order_cancelled": "order cancelled",
    "payment_dispute_opened": "payment dispute opened",
    "payment_dispute_closed": "payment dispute closed",
    "refund_issued": "refund",
    "funds_held": "funds held",
    "feedback_left": "feedback left",
    "other": "another mail about it",
    "reply_sent": "our reply",
    "reply_bounced": "our reply came back",
    "handled": "you: handled",
    "note_added": "you: note",
    "trace_opened": "carrier asked",
    "trace_replied": "the carrier answered",
}
"""By type of event."""


def print_story(console: Console, shape: Shape, zone: ZoneInfo) -> None:
    """The order as it stands, its risks, a plan, what happened in time order, what the policies decided."""
    heading(console, " · ".join(part for part in (f"Order {shape['order_id']}", shape["buyer"], shape["site"]) if part))
    facts(console, _standing(shape, zone))
    for risk in shape["risks"]:
        _print_risk(console, risk, shape["sources"], zone)
    if shape["plan"]:
        print_plan(console, shape["plan"], lambda text: when(text, zone))
    heading(console, "What happened")
    facts(console, _happened(shape, zone), width=16)
    if shape["evidence"]:
        heading(console, "Evidence that is kept")
        facts(console, (_kept(one, zone) for one in shape["evidence"]), width=16)
    if shape["decisions"]:
        heading(console, "What the policies decided")
        facts(console, _decided(shape["decisions"]))


def _standing(shape: Shape, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    if shape["hold"]:
        yield "hold", f"do not hand over: {line(shape['hold'], 200)}"
    for item in shape["items"]:
        many = f"{item['quantity']} × " if item["quantity"] > 1 else ""
        yield "item", f"{many}{item['title'] or item['item_id']}"
    yield "total", _money(shape["total"])
    yield "sold", when(shape["sold_at"], zone)
    yield "ship by", when(shape["ship_by"], zone)
    yield "expected", _window(shape["estimated_delivery"], zone)
    yield "ship to", _joined(shape["ship_to"])
    for parcel in shape["shipments"]:
        said = [STATUSES[TrackingStatus(parcel["status"])], _reason(parcel["reason"])]
        numbers = {parcel["tracking_number"], *(leg["tracking_number"] for leg in parcel["legs"])}
        if scan := _last_scan(shape, numbers):
            said.append(f"last scan {when(scan, zone)}")
        said.append(_looked(parcel["last_look"], zone))
        yield "parcel", f"{_parcel(parcel)}: {' · '.join(word for word in said if word)}"
        for leg in parcel["legs"]:
            yield "", f"{_parcel(leg)}: {' · '.join(_said_of_leg(leg, shape, zone))}"
    for look in shape["next_looks"]:
        yield "next look", f"{when(look['at'], zone)} · {_parcel(look)}: {look['why']}"
    yield from _protected(shape["protection"], zone)


def _protected(protection: Shape, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    """The verdict, why each clause that is not met is not, and what can still be done about it."""
    yield "protected", protection["verdict"]
    for name, verdict in protection["clauses"].items():
        if verdict != "yes":
            yield "", f"{name.replace('_', ' ')}: {verdict} · {protection['why'][name]}"
    repairs = protection["repairs"]
    until = (f" (by {when(one['until'], zone)})" if one["until"] else "" for one in repairs)
    yield from _named("to mend", [f"{one['text']}{by}" for one, by in zip(repairs, until, strict=True)])


def _said_of_leg(leg: Shape, shape: Shape, zone: ZoneInfo) -> Iterator[str]:
    yield STATUSES[TrackingStatus(leg["status"])]
    if leg["named_by"]:
        yield f"named by {shape['sources'].get(leg['named_by'], leg['named_by'])}"
    yield _looked(leg["last_look"], zone)


def _looked(look: Shape | None, zone: ZoneInfo) -> str:
    """What the last look was worth: a page that nobody could read says nothing of the parcel."""
    if look is None:
        return "not looked at yet"
    outcome = LookOutcome(look["outcome"])
    did = "looked" if outcome in (LookOutcome.READ, LookOutcome.NOT_FOUND) else "could not look"
    return f"{did} {when(look['at'], zone)}: {OUTCOMES[outcome]}"


def _last_scan(shape: Shape, numbers: Collection[str]) -> str | None:
    """When the carrier last said something of a parcel, by its own clock."""
    scans = [one for one in shape["events"] if one["type"] == "tracking_update" and one["tracking_number"] in numbers]
    return scans[-1].get("occurred_at") if scans else None


def _print_risk(console: Console, risk: Shape, sources: Mapping[str, str], zone: ZoneInfo) -> None:
    marks = "".join(f" · {word}" for word in ("superseded", "handled") if risk[word])
    heading(console, f"{risk['severity']} {risk_name(risk['id'])}{marks}")
    facts(
        console,
        [
            ("act by", when(risk["deadline"]["act_by"], zone)),
            ("known", risk["summary"]),
            ("to do", risk["advice"]),
            *_named("because", (sources.get(source, source) for source in risk["because"])),
        ],
    )


def _happened(shape: Shape, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    """One line an event, and under the last of each source where it came from."""
    for source, events in groupby(shape["events"], key=lambda event: event["source"]):
        for event in events:
            yield when(event.get("occurred_at") or event["seen_at"], zone), told(event, shape, zone)
        if named := shape["sources"].get(source, "" if source == "human" else source):
            yield "", f"← {named}"


def told(event: Shape, shape: Shape, zone: ZoneInfo) -> str:
    """One event in a line."""
    kind = KINDS.get(event["type"]) or event["type"].replace("_", " ")
    said = " · ".join(part for part in _said(event, shape, zone) if part)
    return f"{kind}{': ' if said else ''}{said}"


def _said(event: Shape, shape: Shape, zone: ZoneInfo) -> Iterator[str | None]:
    """What an event tells beyond what stands at the head of the story."""
    several = len(shape["shipments"]) > 1 or any(parcel["legs"] for parcel in shape["shipments"])
    if event.get("tracking_number") and (several or event["type"] == "label_bought"):
        yield _parcel(event)
    yield from _outcome(event)
    if (status := event.get("status")) and status != "unknown":
        yield _status(status)
    yield _reason(event.get("reason"))
    if event.get("intent"):
        yield event["intent"].replace("_", " ")
    for words in (event.get("description"), event.get("text")):
        if words:
            yield f"“{line(words, 200)}”"
    if event.get("onward_number"):
        onward = {"carrier": event.get("onward_carrier"), "tracking_number": event["onward_number"]}
        yield f"goes on as {_parcel(onward)}"
    yield _joined(event.get("location"))
    yield _money(event.get("total") or event.get("amount"))
    if "paid" in event:
        yield "paid" if event["paid"] else "not paid yet"
    for name in ("ship_by", "respond_by"):
        if event.get(name):
            yield f"{name.replace('_', ' ')} {when(event[name], zone)}"
    if event.get("estimated_delivery"):
        yield f"expected {_window(event['estimated_delivery'], zone)}"
    if event.get("ship_to") not in (None, shape["ship_to"]):
        yield f"ship to {_joined(event['ship_to'])}"
    if event.get("request_id"):
        yield f"request {event['request_id']}"
    if event.get("reference"):
        yield f"reference {event['reference']}"
    if event.get("answer_by"):
        yield f"answer by {when(event['answer_by'], zone)}"


def _outcome(event: Shape) -> Iterator[str | None]:
    if event["type"] == "parcel_looked":
        yield OUTCOMES[LookOutcome(event["outcome"])]
        yield event.get("outcome_reason")
    elif event["type"] == "handled":
        yield risk_name(event["risk"]) if event.get("risk") else "every risk it had"
    elif event["type"] == "reply_sent":
        yield event.get("state")
    elif event.get("outcome"):
        yield f"outcome {event['outcome']}"


def _kept(one: Shape, zone: ZoneInfo) -> tuple[str, str]:
    """One snapshot; `orderwatch evidence` writes them out."""
    read = one["outcome"] == LookOutcome.READ.value
    shows = STATUSES[TrackingStatus(one["status"])] if read else OUTCOMES[LookOutcome(one["outcome"])]
    picture = " · with a picture" if one["screenshot"] else ""
    return when(one["at"], zone), f"{_parcel(one)}: {shows}{picture} · sha256 {one['sha256']}"


def _decided(decisions: list[Shape]) -> Iterator[tuple[str, Any]]:
    """Per risk and policy: what it wants; and once, why each other policy did not decide."""
    for (risk, policy), group in groupby(decisions, key=lambda one: (one.get("risk"), one["policy"])):
        lost: dict[str, None] = {}
        yield "policy", f"{policy}{f': {risk_name(risk)}' if risk else ''}"
        for decision in group:
            again = f"; judged again {decision['again_at']}" if decision.get("again_at") else ""
            refused = f" (refused: {decision['refused']}{again})" if decision.get("refused") else ""
            name = "then" if decision["action"] == "stop" else decision["action"]
            yield name, f"{decision.get('situation') or decision.get('text') or ''}{refused}"
            lost |= dict.fromkeys(decision.get("lost", ()))
        yield from _named("passed by", lost)


def _named(name: str, values: Any) -> Iterator[tuple[str, Any]]:
    """A list under one name."""
    for index, value in enumerate(values):
        yield "" if index else name, value


def when(text: str | None, zone: ZoneInfo) -> str:
    """A printed ISO time as `Wed 25 Nov 15:00` in `zone`; a local clock and a bare day stay what they are."""
    if not text:
        return ""
    if "T" not in text:
        return f"{date.fromisoformat(text):%a %d %b}"
    at = datetime.fromisoformat(text)
    return f"{at.astimezone(zone) if at.tzinfo else at:%a %d %b %H:%M}"


def _window(window: Shape | None, zone: ZoneInfo) -> str:
    if not window:
        return ""
    first, last = when(window["min"], zone), when(window["max"], zone)
    return first if first == last else f"{first} – {last}"


def _parcel(parcel: Shape) -> str:
    return f"{carrier_name(parcel.get('carrier'))} {parcel['tracking_number']}"


def _status(status: str) -> str:
    with suppress(ValueError):  # a return's state is in eBay's words
        return STATUSES[TrackingStatus(status)]
    return status


def _reason(reason: str | None) -> str | None:
    with suppress(ValueError):  # a cancellation's reason is in the buyer's words
        return REASONS.get(Reason(reason)) if reason else None
    return reason


def _money(money: Shape | None) -> str:
    return f"{money['currency']} {money['value']:,.2f}" if money else ""


def _joined(place: Shape | None) -> str:
    return ", ".join(str(part) for part in place.values()) if place else ""
