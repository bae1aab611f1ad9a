"""What we wrote and the buyer never got."""

from __future__ import annotations

from collections.abc import Iterator

from agent.orders.order import Order
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.deadlines import business_deadline
from agent.risks.risk import Risk
from agent.risks.sentences import site_day
from agent.risks.timers import Timers


@risk
def reply_bounced(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """A reply came back, or eBay did not pass it on, and nothing that was sent later got through."""
    for contact in order.contacts:
        since = contact.bounced_at
        arrived = [one.at for one in order.contacts if one.bounced_at is None and one.state == "sent"]
        if since is None or any(at > since for at in arrived):
            continue
        yield Risk(
            id="reply_bounced",
            severity="P2",
            since=since,
            episode=contact.outbox_id,
            deadline=business_deadline(since, 1, order.site, margin=timers.margin),
            because=(contact.bounced_by,) if contact.bounced_by else (),
            summary=f"The reply of {site_day(contact.at, order)} did not reach the buyer: it came back on "
            f"{site_day(since, order)}.",
            advice="Write to the buyer in eBay's own messages: `orderwatch show` has the text.",
        )
