"""The outcome that eBay's mail about a request prints, in mails of our own invention."""

from __future__ import annotations

import pytest

from agent.orders.fold import Logged, fold
from agent.vocabulary.events import InrOpened
from mail.reader import read


@pytest.mark.parametrize(
    ("site", "subject", "lines", "wants"),
    [
        ("com", "Your buyer opened an item not received request", ["The buyer would like a full refund."], "refund"),
        ("com", "Your buyer opened an item not received request", ["What the buyer wants", "The item"], "item"),
        ("com", "Your buyer opened an item not received request", ["You can issue a refund, or add tracking."], None),
        ("de", "Käufer meldet: Artikel ist nicht eingetroffen", ["Gewünschte Lösung: Rückerstattung"], "refund"),
    ],
)
def test_the_wish_is_read_and_kept(site: str, subject: str, lines: list[str], wants: str | None) -> None:
    """With the event, and with the case that it opens; eBay's advice to the seller is no wish."""
    body = "".join(f"<p>{line}</p>" for line in ("Order number: 02-15111-27350", *lines))
    head = (f"From: eBay <ebay@ebay.{site}>", f"Subject: {subject}", "Date: Tue, 10 Nov 2026 09:00:00 +0000")
    raw = "\r\n".join((*head, "Content-Type: text/html; charset=utf-8", "", body)).encode()
    events = [event for event in read(raw).events if isinstance(event, InrOpened)]
    assert [event.wants for event in events] == [wants]
    (case,) = fold("02-15111-27350", [Logged(id="1", event=events[0])]).cases
    assert case.wants == wants
