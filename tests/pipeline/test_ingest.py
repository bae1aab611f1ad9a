"""Ingest of many mails: however they are handed over and shared out among commits, the same store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from agent.steps import ingest as ingesting
from agent.steps.ingest import Ingested, ingest, one_by_one
from agent.store import Store
from mail.boxes import maildir
from mail.boxes.raw import Batch, Known, Refused
from mail.genuine.trust import Trusted
from mail.reader import Reading, read
from mail.sending.transports import open_transport
from mail.worker.pool import ReadingPool

TABLES = ("mails", "seen", "mailboxes", "events", "event_keys", "order_keys", "orders", "parcels")


def contents(store: Store) -> dict[str, list[tuple[str, ...]]]:
    """All that was stored, but for numbers given in order of arrival."""
    found = {}
    with store.begin() as connection:
        for table in TABLES:
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()  # noqa: S608 -- our own table names
            found[table] = sorted(tuple(str(v) for k, v in row.items() if k != "seq") for row in rows)
    return found


def ingested(day: Any, name: str, read_all: Any) -> tuple[Ingested, dict[str, list[tuple[str, ...]]]]:
    store = day.store(f"{name}.db")
    world = day.world(store, open_transport(f"maildir:{day.folder}/sent"))
    done = ingest(store, world.inboxes, read_all, day.now)
    found = contents(store)
    store.close()
    return done, found


@pytest.mark.parametrize(("chunk", "settled"), [(1, 1), (7, 4), (100, 3), (4, 200)])
def test_how_many_mails_share_a_commit_changes_nothing(
    thirty_mails: Any, monkeypatch: pytest.MonkeyPatch, chunk: int, settled: int
) -> None:
    """Orders, ties, parcels and verdicts are the same one by one and all at once."""
    whole = ingested(thirty_mails, "whole", one_by_one(read))
    monkeypatch.setattr(maildir, "_CHUNK", chunk)
    monkeypatch.setattr(ingesting, "_SETTLED", settled)

    assert ingested(thirty_mails, "shared", one_by_one(read)) == whole
    assert whole[0].mails == whole[0].read >= 25
    assert len(whole[1]["orders"]) >= 8


def test_worker_processes_change_nothing(thirty_mails: Any) -> None:
    """What several processes read is what one would have."""
    with ReadingPool(2) as pool:
        assert ingested(thirty_mails, "pool", pool.read_all) == ingested(thirty_mails, "alone", one_by_one(read))


def test_what_was_stored_and_not_read_is_read_by_the_next_round(thirty_mails: Any) -> None:
    """A reader that cannot start loses no mail, and none comes twice."""

    def cannot(mails: Iterable[tuple[bytes, Trusted]]) -> Iterator[Reading]:
        for raw, receiver in list(mails)[:3]:
            yield read(raw, receiver)
        raise RuntimeError("no worker")

    store = thirty_mails.store("late.db")
    world = thirty_mails.world(store, open_transport(f"maildir:{thirty_mails.folder}/sent"))
    with pytest.raises(RuntimeError):
        ingest(store, world.inboxes, cannot, thirty_mails.now)
    done = ingest(store, world.inboxes, one_by_one(read), thirty_mails.now)
    late = contents(store)
    store.close()

    assert done.mails == 0
    assert done.read >= 25
    assert late == ingested(thirty_mails, "clean", one_by_one(read))[1]


def test_a_mailbox_that_says_no_is_down_and_the_others_are_read(thirty_mails: Any) -> None:
    """What came before it broke off is read, too; its cursor stays where it was stored."""

    class Refusing:
        name = "second"

        def batches(self, cursor: str | None, known: Known) -> Iterator[Batch]:
            yield Batch(cursor="1:7")
            raise Refused("no such folder")

    store = thirty_mails.store("down.db")
    world = thirty_mails.world(store, open_transport(f"maildir:{thirty_mails.folder}/sent"))
    second = replace(world.inboxes[0], source=Refusing())
    done = ingest(store, (second, *world.inboxes), one_by_one(read), thirty_mails.now)
    rows = {row[0]: row[1:] for row in contents(store)["mailboxes"]}
    store.close()

    assert done.down == ("second",)
    assert done.read == done.mails >= 25
    assert rows["second"][0] == "1:7"
    assert "no such folder" in rows["second"]
