"""Deciding twice is deciding once, and batches do not matter: random mails of the sample shop, in random portions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from agent.demo.mails import build
from agent.demo.story import load_story
from agent.pipeline import run_round

TABLES = ("mails", "seen", "events", "event_keys", "order_keys", "orders", "parcels", "looks", "evidence", "outbox",
          "remarks")  # fmt: skip
STORY = load_story()
MAILS = {index: build(mail, STORY) for index, mail in enumerate(STORY.mails) if mail.arrives <= STORY.clock}
BY_ORDER: dict[str | None, list[int]] = {}
for _index in MAILS:
    BY_ORDER.setdefault(STORY.mails[_index].order_id, []).append(_index)


@st.composite
def portions(draw: st.DrawFn) -> list[list[int]]:
    """Some orders' mails (and strangers' ones), each mail perhaps left out, shuffled and cut into batches."""
    orders = draw(st.lists(st.sampled_from(list(BY_ORDER)), min_size=1, max_size=6, unique=True))
    chosen = [index for order in orders for index in BY_ORDER[order] if draw(st.integers(0, 5))]
    shuffled = draw(st.permutations(chosen))
    cuts = sorted(draw(st.lists(st.integers(0, len(shuffled)), max_size=3)))
    edges = [0, *cuts, len(shuffled)]
    return [shuffled[a:b] for a, b in pairwise(edges)]


def contents(town: Any) -> dict[str, list[tuple[str, ...]]]:
    """Every row of every table."""
    found = {}
    with town.store.engine.connect() as connection:
        for table in TABLES:
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()  # noqa: S608 -- our own table names
            found[table] = sorted(tuple(f"{k}={v}" for k, v in row.items()) for row in rows)
    return found


def orders_of(town: Any) -> dict[str, tuple[str, str, str]]:
    """Order → what was folded, judged and decided."""
    with town.store.engine.connect() as connection:
        rows = connection.execute(text("SELECT order_id, folded, risks, decisions FROM orders"))
        return {row.order_id: (row.folded, row.risks, row.decisions) for row in rows}


def deliver(town: Any, indices: Sequence[int]) -> None:
    for index in indices:
        town.deliver(MAILS[index], STORY.mails[index].arrives)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=portions(), mode=st.sampled_from(["observe", "draft", "live"]))
def test_a_round_repeated_changes_nothing(new_town: Callable[[], Any], batches: list[list[int]], mode: str) -> None:
    """After any batch, a second round at the same time finds nothing to do: no row of any table differs."""
    town = new_town()
    world = town.world(town.settings(mode))
    now: datetime = STORY.clock
    for batch in batches:
        deliver(town, batch)
        run_round(world, now)
        before, sent = contents(town), list(town.postbox.sent)
        run_round(world, now)

        assert contents(town) == before
        assert town.postbox.sent == sent
        now += timedelta(minutes=7)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=portions())
def test_orders_do_not_depend_on_batches(new_town: Callable[[], Any], batches: list[list[int]]) -> None:
    """Whether mails come at once or in portions, in whatever order: the same orders, risks and decisions at the end."""
    at_once, piece_by_piece = new_town(), new_town()
    deliver(at_once, sorted(index for batch in batches for index in batch))
    run_round(at_once.world(at_once.settings("draft"), looking=False), STORY.clock)
    for batch in batches:
        deliver(piece_by_piece, batch)
        run_round(piece_by_piece.world(piece_by_piece.settings("draft"), looking=False), STORY.clock)

    assert orders_of(piece_by_piece) == orders_of(at_once)
