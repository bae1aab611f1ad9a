"""What mails are read, as Markdown for the README: made of what the readers and the carriers' files claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.vocabulary.carriers import Carrier
from mail.reader import Reader

_EVENTS = {
    "order_sold": "sold, paid or not yet",
    "order_paid": "paid later",
    "label_bought": "label bought, tracking number added",
    "ship_reminder": "reminder to ship",
    "buyer_message": "message of a buyer",
    "inr_opened": "item not received: request opened",
    "inr_escalated": "… eBay asked to step in",
    "case_on_hold": "… on hold",
    "case_closed": "… closed, and for whom",
    "cancellation_requested": "cancellation asked for",
    "order_cancelled": "order cancelled",
    "return_opened": "return opened",
    "return_update": "… its steps",
    "payment_dispute_opened": "payment dispute opened",
    "payment_dispute_closed": "… closed, and for whom",
    "refund_issued": "refund",
    "funds_held": "funds held",
    "feedback_left": "feedback",
    "other": "another mail about an order",
}
_FIRST = ("en", "de", "fr", "it", "es")


def table(readers: Iterable[Reader], carriers: Iterable[Carrier]) -> str:
    """eBay's events by language, then carriers with the languages of their mails."""
    shown = [(event, reader.languages) for reader in readers for event in reader.events if event != "tracking_update"]
    spoken = {language for _, languages in shown for language in languages}
    columns = [*(one for one in _FIRST if one in spoken), *sorted(spoken.difference(_FIRST))]
    lines = [_row(["eBay tells", *columns]), _row(["---", *([":-:"] * len(columns))])]
    for event, words in _EVENTS.items():
        claimed = {language for name, languages in shown if name == event for language in languages}
        if claimed:
            lines.append(_row([words, *("✓" if column in claimed else "" for column in columns)]))
    named = sorted((one for one in carriers if one.mails), key=lambda one: one.name.casefold())
    lines += [
        "",
        "Carriers' mails: " + ", ".join(f"{one.name} ({', '.join(_ordered(one.mails))})" for one in named) + ".",
    ]
    return "\n".join(lines)


def _ordered(languages: Sequence[str]) -> list[str]:
    return sorted(languages, key=lambda one: (_FIRST.index(one) if one in _FIRST else len(_FIRST), one))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
