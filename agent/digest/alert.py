"""The mail that tells the seller at once: a few cases, plainly, without waiting for the digest. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from agent.digest import dates
from agent.digest.day import DigestCase
from agent.digest.names import counted, lowered, risk_name
from agent.digest.sentences import act_by_words
from agent.digest.untrusted import line, page_address

SHOWN = 10
"""Cases told whole in one mail; after a long stop the digest is the better list."""
_WIDTH = 72


@dataclass(frozen=True, kw_only=True)
class AlertCase:
    """What a policy wants to be told at once about one order."""

    order_id: str
    text: str
    """The policy's own words, or the risk's summary."""
    policy: str
    case: DigestCase | None = None
    """The risk as the digest would show it; None where the policy speaks of no risk."""


def alert_subject(cases: Sequence[AlertCase], shop: str, now: datetime, zone: ZoneInfo) -> str:
    """`Act by today 15:00: item not received, order 27-…`, or how many orders need the seller now."""
    if len({case.order_id for case in cases}) > 1:
        return f"{counted(len({case.order_id for case in cases}), 'order')} cannot wait · {line(shop, 60)}"
    first = cases[0]
    what = lowered(risk_name(line(first.case.risk, 60))) if first.case else line(first.text, 80)
    when = act_by_words(first.case.deadline, now, zone) if first.case else ""
    return f"{when or 'Needs you now'}: {what}, order {line(first.order_id, 40)}"


def alert_text(cases: Sequence[AlertCase], shop: str, now: datetime, zone: ZoneInfo) -> str:
    """The mail's text: case by case what is so, what to do, until when, and where to look."""
    orders = len({case.order_id for case in cases})
    lines = _wrap(f"{counted(orders, 'order')} of {line(shop, 60)} cannot wait for the digest.")
    for case in cases[:SHOWN]:
        lines += ["", *_case(case, now, zone)]
    if len(cases) > SHOWN:
        lines += ["", *_wrap(f"And {len(cases) - SHOWN} more: `orderwatch orders --at-risk` lists them all.")]
    lines += ["", "—", *_wrap("You are told of each once. The digest shows them until they are over.")]
    return "\n".join(lines) + "\n"


def _case(alert: AlertCase, now: datetime, zone: ZoneInfo) -> Iterable[str]:
    case = alert.case
    if case is None:
        yield from _wrap(f"Order {line(alert.order_id, 40)}: {line(alert.text, 400)}")
        yield from _wrap(f"Policy: {line(alert.policy, 80)}", "  ")
        return
    when = act_by_words(case.deadline, now, zone)
    yield from _wrap(f"{risk_name(line(case.risk, 60))}{f' — {when}' if when else ''}")
    facts = [f"Order {line(case.order_id, 40)}"]
    facts += [f"buyer {line(case.buyer, 60)}"] if case.buyer else []
    facts += [line(dates.money(case.total), 40)] if case.total else []
    said = alert.text if alert.text != case.summary else ""
    for text in (said, line(case.title, 90), " · ".join(facts), case.summary, case.parcel or ""):
        yield from _wrap(line(text, 400), "  ")
    yield from _wrap(f"To do: {line(case.advice, 400)}" if case.advice else "", "  ")
    for label, url in (("Open on eBay", case.ebay_link), ("Track the parcel", case.parcel_link)):
        if address := page_address(url):
            yield from _wrap(f"{label}: {address}", "  ")


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
