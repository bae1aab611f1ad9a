"""The seller means to cancel, for the goods are not there: that counts as a defect, unlike what the buyer asked for.

Source: sellercentre.ebay.com.au, seller standards; reasons "buyer asked" and "problem with the address" do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from agent.orders.order import Order
from agent.risks.catalogue import risk
from agent.risks.clock import Clock
from agent.risks.parcels import is_scanned
from agent.risks.risk import Risk
from agent.risks.sentences import site_day
from agent.risks.standing import is_settled
from agent.risks.timers import Timers
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.languages import fold


@risk
def seller_cancel_defect_risk(order: Order, clock: Clock, timers: Timers) -> Iterator[Risk]:
    """The seller noted that there are no goods, nothing is shipped, and the buyer did not ask to cancel."""
    if is_settled(order) or order.cancellation is not None or any(is_scanned(parcel) for parcel in order.shipments):
        return
    notes = (word for word in reversed(order.human) if word.kind == "note" and not word.by.startswith("policy:"))
    said = next((word for word in notes if _is_about_stock(word.text)), None)
    if said is None:
        return
    yield Risk(
        id="seller_cancel_defect_risk",
        severity="P3",
        since=said.at,
        episode=f"note:{said.at.isoformat()}",
        because=("human",),
        summary=f"You noted on {site_day(said.at, order)} that the goods are not there. A cancellation for want of "
        "stock counts as a defect.",
        advice="Look for another one to send, or ask the buyer what they would like. Never give “the buyer asked” as "
        "the reason unless they did.",
    )


def _is_about_stock(text: str) -> bool:
    return _words().search(fold(text[:2000])) is not None


@cache
def _words() -> re.Pattern[str]:
    text = resources.files("agent.risks").joinpath("own_cancellation.yaml").read_text(encoding="utf-8")
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(fold(word)) for word in parse_yaml(text)['out_of_stock'])})(?!\w)"
    )
