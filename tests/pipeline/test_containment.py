"""One thing that breaks must not silence the rest: it is set aside, and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from agent.orders.order import Order
from agent.pipeline import run_round
from agent.risks.assess import assess
from agent.risks.risk import Assessment
from agent.risks.timers import Timers
from agent.steps import judging
from agent.steps.ingest import one_by_one
from agent.store.mails import waiting
from agent.store.orders import current_remarks, every
from mail.reader import Reading, read
from mail.sending.transports import open_transport

BROKEN = "27-14044-25716"


def test_a_mail_that_breaks_the_log_is_kept_and_shown(thirty_mails: Any) -> None:
    """Its row says unreadable and why; every other mail is read."""

    def strange(raw: bytes, receiver: str | None) -> Reading:
        reading = read(raw, receiver)
        odd = tuple(replace(event, buyer="\ud800") if event.order_id == BROKEN else event for event in reading.events)
        return replace(reading, events=odd)

    store = thirty_mails.store("strange.db")
    world = thirty_mails.world(store, open_transport(f"maildir:{thirty_mails.folder}/sent"))
    world = replace(world, read=one_by_one(strange))

    done = run_round(world, thirty_mails.now)

    with store.begin() as connection:
        known = {one.order.order_id for one in every(connection)}
        assert waiting(connection) == []
    store.close()
    assert done.ingested.unread >= 1
    assert BROKEN not in known
    assert len(known) >= 8


def test_an_order_that_cannot_be_judged_is_named_and_stays_due(
    thirty_mails: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are judged all the same, and as soon as the rule is mended it is judged too."""

    def picky(order: Order, now: datetime, timers: Timers) -> Assessment:
        if order.order_id == BROKEN:
            raise ZeroDivisionError("a rule that breaks")
        return assess(order, now, timers)

    store = thirty_mails.store("picky.db")
    world = thirty_mails.world(store, open_transport(f"maildir:{thirty_mails.folder}/sent"))
    monkeypatch.setattr(judging, "assess", picky)
    run_round(world, thirty_mails.now)
    with store.begin() as connection:
        remarks = current_remarks(connection)
        judged = {one.order.order_id: one for one in every(connection)}

    assert any(BROKEN in remark and "a rule that breaks" in remark for remark in remarks)
    assert judged[BROKEN].risks == ()
    assert sum(bool(one.risks) for one in judged.values()) >= 4

    monkeypatch.undo()
    run_round(world, thirty_mails.now)
    with store.begin() as connection:
        remarks = current_remarks(connection)
        mended = {one.order.order_id: one for one in every(connection)}[BROKEN]
    store.close()

    assert not any(BROKEN in remark for remark in remarks)
    assert mended.risks
