"""eBay: an item-not-received request is opened, escalated to a case, put on hold, closed."""

from __future__ import annotations

from agent.vocabulary.events import CaseClosed, CaseOnHold, Event, InrEscalated, InrOpened, Outcome
from agent.vocabulary.languages import fold
from agent.vocabulary.values import Item
from mail.intents import states
from mail.labels import Labelled
from mail.reader import Unreadable, reader


@reader(
    sender="ebay",
    intent=("inr_opened", "inr_escalated", "case_on_hold", "case_closed"),
    languages=("en", "de"),
)
def extract(mail: Labelled) -> list[Event]:
    request, order, item = mail.request_number(), mail.order_number(), mail.item_number()
    if request is None and order is None and item is None:
        raise Unreadable("no request, order or item number")
    title = mail.text("title")
    occurred_at, buyer, site = mail.message.date, mail.handle(), mail.site
    items = (Item(title=title, item_id=item),) if title and not title.isdigit() else ()
    if mail.intent == "case_closed":
        return [
            CaseClosed(
                occurred_at=occurred_at,
                order_id=order,
                item_id=item,
                request_id=request,
                buyer=buyer,
                items=items,
                site=site,
                outcome=_outcome(mail),
            )
        ]
    kind = {"inr_opened": InrOpened, "inr_escalated": InrEscalated, "case_on_hold": CaseOnHold}[mail.intent or ""]
    return [
        kind(
            occurred_at=occurred_at,
            order_id=order,
            item_id=item,
            request_id=request,
            buyer=buyer,
            items=items,
            site=site,
            respond_by=mail.moment("respond_by"),
        )
    ]


def _outcome(mail: Labelled) -> Outcome:
    """For whom it ended; who closed it counts before what follows from that, silence is `unknown`."""
    texts = (fold(mail.subject), *(fold(line) for line in mail.body))
    if states("outcome.seller", *texts):
        return "seller"
    if states("outcome.buyer", *texts):
        return "buyer"
    return "withdrawn" if states("outcome.withdrawn", *texts) else "unknown"
