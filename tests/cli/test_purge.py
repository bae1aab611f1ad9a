"""`purge` takes personal data out of the store: from the rows, from the file, and for good."""

from __future__ import annotations

import binascii
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

Command = Callable[..., Any]
ORDER, BUYER, PERSON = "27-14044-25716", "stargazer_ann", "Ann Kowalczyk"


def on_disk(config: Path) -> bytes:
    """The store's file with its write-ahead log."""
    return b"".join(path.read_bytes() for path in config.parent.glob("orderwatch.db*"))


def kept_mails(config: Path) -> bytes:
    with closing(sqlite3.connect(config.parent / "orderwatch.db")) as store:
        raws = [zlib.decompress(raw) for (raw,) in store.execute("select raw from mails")]
    return b"\n".join(binascii.a2b_qp(raw) for raw in raws)


def test_a_buyer_is_forgotten(command: Command, shop: Path) -> None:
    """No name of theirs is left in any byte of the store, nor in what its mails unpack to."""
    names = [name.encode() for name in (BUYER, PERSON)]
    assert all(name in on_disk(shop) and name in kept_mails(shop) for name in names)

    done = command("purge", "--buyer", PERSON.upper(), "--yes", "--config", shop)

    assert done.code == 0
    assert done.out.startswith("1 orders with 3 events, 3 mails, ")
    assert not any(name in on_disk(shop) or name in kept_mails(shop) for name in names)
    assert ORDER.encode() not in on_disk(shop)
    assert command("show", ORDER, "--config", shop).code == 2
    assert len(command("orders", "--json", "--config", shop).json["orders"]) == 29


def test_what_was_forgotten_is_not_read_again(command: Command, shop: Path) -> None:
    """The mailbox still holds the mails; they are known, and stay out."""
    command("purge", "--buyer", BUYER, "--yes", "--config", shop)
    with closing(sqlite3.connect(shop.parent / "orderwatch.db")) as store, store:
        store.execute("delete from seen")  # as after a server that re-numbered its mailbox
        store.execute("update mailboxes set cursor = null")

    done = command("once", "--json", "--config", shop)

    assert done.json["mails"] == 0
    assert BUYER.encode() not in on_disk(shop)


def test_other_orders_stay_as_they_were(command: Command, shop: Path) -> None:
    """Nothing of another buyer is touched."""
    before = command("orders", "--json", "--config", shop).json["orders"]

    command("purge", "--buyer", BUYER, "--yes", "--config", shop)

    after = command("orders", "--json", "--config", shop).json["orders"]
    assert after == [order for order in before if order["order_id"] != ORDER]
    command("rebuild", "--config", shop)
    assert command("orders", "--json", "--config", shop).json["orders"] == after


def test_old_orders_are_deleted(command: Command, shop: Path) -> None:
    """Those of which nothing was heard for so long; newer ones stay."""
    none = command("purge", "--older-than", "365d", "--yes", "--config", shop)
    assert none.out.startswith("0 orders")

    some = command("purge", "--older-than", "14d", "--yes", "--config", shop)
    left = command("orders", "--json", "--config", shop).json["orders"]
    assert some.code == 0
    assert 0 < len(left) < 30
    assert ORDER in [order["order_id"] for order in left]

    every = command("purge", "--older-than", "14d", "--yes", "--now", "2027-06-01T00:00:00Z", "--config", shop)
    assert every.code == 0
    assert command("orders", "--json", "--config", shop).json == {"orders": [], "notices": []}
    assert b"Kowalczyk" not in on_disk(shop)


def test_it_asks_first(command: Command, shop: Path) -> None:
    """Without a yes nothing is deleted; without a choice it is bad usage."""
    assert command("purge", "--buyer", BUYER, "--config", shop).code == 1
    assert command("show", ORDER, "--config", shop).code == 0
    for words in ((), ("--buyer", BUYER, "--older-than", "1d"), ("--older-than", "soon")):
        assert command("purge", *words, "--config", shop).code == 2
