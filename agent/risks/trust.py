"""What a buyer's words or record warn of. It flags, and changes nothing else: the words are untrusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from agent.orders.order import Order, Received
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.message import answered_at
from agent.risks.risk import Risk
from agent.risks.sentences import distinct, site_day
from agent.risks.standing import open_cases
from agent.risks.timers import Timers
from agent.rules import figure
from agent.vocabulary.trust import leads_outside, threatens_feedback


@risk
def feedback_extortion(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The buyer makes feedback depend on money or goods (eBay's feedback extortion policy)."""
    for message in _telling(threatens_feedback, order, clock, timers):
        yield _flag(
            "feedback_extortion",
            message,
            order,
            f"In the message of {site_day(message.at, order)} the buyer seems to threaten with feedback.",
            "Read it. Settle the matter itself as you would without the threat, pay nothing for feedback, and report "
            "the message to eBay if it is one.",
        )


@risk
def off_ebay_offer(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The buyer asks to pay, deal or talk outside eBay, where no protection reaches."""
    for message in _telling(leads_outside, order, clock, timers):
        yield _flag(
            "off_ebay_offer",
            message,
            order,
            f"In the message of {site_day(message.at, order)} the buyer seems to ask for a way outside eBay.",
            "Decline in eBay's messages. Give no contact or payment data, and do not repeat the buyer's.",
        )


@risk
def abusive_buyer_pattern(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A buyer who reports again that nothing came, shown while such a report is open. It accuses nobody."""
    history = order.history
    open_now = open_cases(order, "inr")
    if history is None or not open_now:
        return
    days = int(figure(order.site, "inr_pattern_days").value)
    least = int(figure(order.site, "inr_pattern_count").value)
    recent = [
        one.opened_at
        for one in history.requests
        if one.kind == "inr" and not clock.passed(one.opened_at + timedelta(days=days))
    ]
    if len(recent) < max(least, 1):
        return
    yield Risk(
        id="abusive_buyer_pattern",
        severity="P3",
        since=max(case.opened_at for case in open_now),
        episode=f"pattern:{open_now[-1].request_id or open_now[-1].opened_at.date().isoformat()}",
        because=distinct(source for case in open_now for source in case.origins),
        summary=f"This buyer opened {len(recent)} item-not-received requests in {days} days, in {history.orders} "
        f"order{'' if history.orders == 1 else 's'} with you.",
        advice="Answer this one by its facts, without a word of it to the buyer. Report or block the buyer in eBay if "
        "you see abuse.",
    )


def _telling(tells: Callable[[str], bool], order: Order, clock: Clock, timers: Timers) -> Iterator[Received]:
    """The messages of late that say such a thing."""
    for message in order.messages:
        if tells(message.text) and not clock.passed(message.at + timers.message_lapses):
            yield message


def _flag(risk_id: str, message: Received, order: Order, summary: str, advice: str) -> Risk:
    answered = answered_at(order)
    return Risk(
        id=risk_id,
        severity="P3" if answered is not None and answered > message.at else "P2",
        since=message.at,
        episode=message.source or message.at.isoformat(),
        because=distinct((message.source,)),
        summary=summary,
        advice=advice,
    )
