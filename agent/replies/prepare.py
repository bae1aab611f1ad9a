"""A reply made ready for the outbox: address, language, text, lint. Or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.orders.order import Order
from agent.replies.address import NoAddress, ReplyTo, reply_address, with_reference
from agent.replies.compose import MissingFacts, Reply, compose, template_for
from agent.replies.dialects import base
from agent.replies.facts import facts, item_title
from agent.replies.languages import buyers_dialect
from agent.replies.lint import lint
from agent.replies.names import wrong_name
from agent.replies.subject import order_subject
from agent.replies.templates import BadTemplate
from agent.risks.risk import Risk


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A reply that may wait for approval or, where `to` is an address, leave."""

    situation: str
    language: str
    to: ReplyTo | None
    """None: nothing to answer by mail; the text is for the seller to copy into eBay, `no_address` says why."""
    no_address: str | None
    subject: str
    text: str
    """What the buyer reads, without the reference line."""

    @property
    def body(self) -> str:
        """What is sent."""
        return with_reference(self.text, self.to.reference_id) if self.to else self.text


@dataclass(frozen=True)
class NoReply:
    """Why there is no reply; a sentence for the seller."""

    reason: str


def prepare(
    situation: str, order: Order, risk: Risk | None, now: datetime, shop: str, folders: Sequence[Path] = ()
) -> Prepared | NoReply:
    """The reply of a situation to one order; `shop` signs it, `folders` hold the seller's own templates. Pure."""
    try:
        reply = _in_language(situation, buyers_dialect(order), order, risk, now, shop, folders)
    except (MissingFacts, BadTemplate) as problem:
        return NoReply(f"no reply written: {problem}")
    problems = check(reply.text, order, max_length=reply.max_length)
    if problems:
        return NoReply(f"no reply written: {'; '.join(problems)}")
    address = reply_address(order, language=reply.language)
    found = address if isinstance(address, ReplyTo) else None
    reason = address.reason if isinstance(address, NoAddress) else None
    return Prepared(
        situation=situation,
        language=base(reply.language),
        to=found,
        no_address=reason,
        subject=found.subject if found else order_subject(order, reply.language),
        text=reply.text,
    )


def check(text: str, order: Order, *, max_length: int | None = None) -> tuple[str, ...]:
    """Lint a text for this order; also for what a seller made of a draft with `edit`."""
    limit = {} if max_length is None else {"max_length": max_length}
    problems = lint(text, known_numbers(order), quoted=_titles(order), **limit)
    names = [name for name in (order.ship_to.name if order.ship_to else None, order.buyer) if name]
    stranger = wrong_name(text, names)
    return (*problems, f"greets {stranger}, who is not this order's buyer") if stranger else problems


def known_numbers(order: Order) -> frozenset[str]:
    """Numbers that a reply to this order may hold."""
    numbers = {order.order_id, *(number for parcel in order.shipments for number in parcel.numbers)}
    numbers |= {item.item_id for item in order.items if item.item_id}
    numbers |= {case.request_id for case in order.cases if case.request_id}
    if order.cancellation and order.cancellation.request_id:
        numbers.add(order.cancellation.request_id)
    return frozenset(numbers)


def _in_language(
    situation: str, language: str, order: Order, risk: Risk | None, now: datetime, shop: str, folders: Sequence[Path]
) -> Reply:
    """Facts are told in the language that the text is really written in: English where there is no template."""
    written = template_for(situation, language, folders).language
    spoken = language if base(language) == base(written) else written
    return compose(situation, spoken, facts(order, risk, now, shop, spoken), folders)


def _titles(order: Order) -> frozenset[str]:
    title = item_title(order)
    return frozenset({title} if title else ())
