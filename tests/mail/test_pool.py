"""Reading in several processes at once: the order of one, and each mail's troubles its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.vocabulary.status import Unread
from mail.worker.isolation import CannotStart, IsolatedReader, Limits
from mail.worker.pool import ReadingPool

TRAPS = '''
"""A seller's own reader that goes wrong."""
import os, time
from mail.reader import reader

@reader(sender="ebay", intent="order_sold")
def extract(mail):
    if "sleep" in mail.message.subject:
        time.sleep(60)
    if "crash" in mail.message.subject:
        os._exit(3)
    return []
'''


def sale(number: int, thing: str = "Old radio", size: int = 0) -> tuple[bytes, str | None]:
    return (
        f"From: eBay <ebay@ebay.com>\nSubject: You made the sale for {thing}\nMessage-ID: <{number}@ebay.com>\n"
        f"Date: Thu, 10 Dec 2026 09:20:00 -0800\n\nOrder: 27-13930-{number:05}\n{'x' * size}".encode()
    ), "mx.example.com"


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers")
    (folder / "ebay_sale.py").write_text(TRAPS)  # replaces the shipped one
    return folder


@pytest.fixture(scope="module")
def pool(readers: Path) -> Iterator[ReadingPool]:
    with ReadingPool(2, Limits(seconds=1.5), {"readers": readers}) as pool:
        yield pool


def names(count: int) -> list[str]:
    return [f"<{number}@ebay.com>" for number in range(count)]


def test_readings_come_in_the_order_of_the_mails(pool: ReadingPool) -> None:
    """Big ones and small ones, however long each takes."""
    mails = [sale(number, size=400_000 if number % 7 == 0 else 0) for number in range(100)]

    assert [reading.message_id for reading in pool.read_all(mails)] == names(100)


@pytest.mark.parametrize("trap", ["sleep", "crash"])
def test_a_mail_that_ends_its_worker_costs_no_other(pool: ReadingPool, trap: str) -> None:
    """Those handed over together with it are read all the same, before it and after it."""
    bad = {0, 5, 6, 39}
    mails = [sale(number, trap if number in bad else "Old radio") for number in range(40)]
    readings = list(pool.read_all(mails))

    assert [reading.message_id for reading in readings] == names(40)
    unreadable = {number for number, reading in enumerate(readings) if reading.unread is Unread.UNREADABLE}
    assert unreadable == bad
    assert all(not reading.trace[0].startswith("isolation:") for n, reading in enumerate(readings) if n not in bad)


def test_one_worker_keeps_the_limits_of_each_mail_it_is_handed_with_others(readers: Path) -> None:
    """Time is counted per mail, not per handful."""
    with IsolatedReader(Limits(seconds=1.5), {"readers": readers}) as reader:
        readings = reader.read_all([sale(0), sale(1, "sleep"), sale(2), sale(3, "sleep"), sale(4)])

    assert [reading.message_id for reading in readings] == names(5)
    assert ["longer than 1.5 seconds" in reading.authenticity_reason for reading in readings] == [0, 1, 0, 1, 0]


def test_mails_are_taken_as_they_are_read(pool: ReadingPool) -> None:
    """An endless mailbox is no problem: what waits is bounded."""
    taken = itertools.count()
    readings = pool.read_all(sale(next(taken)) for _ in itertools.count())
    first = [next(readings).message_id for _ in range(10)]
    readings.close()  # type: ignore[attr-defined]

    assert first == names(10)
    assert next(taken) < 200
    assert [reading.message_id for reading in pool.read_all([sale(0)])] == names(1)


def test_what_the_mailbox_raises_is_raised(pool: ReadingPool) -> None:
    """And the pool goes on to work."""

    def broken() -> Iterator[tuple[bytes, str | None]]:
        yield sale(0)
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        list(pool.read_all(broken()))
    assert [reading.message_id for reading in pool.read_all([sale(0)])] == names(1)
    assert list(pool.read_all([])) == []


def test_a_broken_reader_of_the_seller_is_said_before_any_mail_is_judged(tmp_path: Path) -> None:
    """No mail is taken for unreadable because of it."""
    (tmp_path / "mine.py").write_text("def broken(:")
    with ReadingPool(2, own={"readers": tmp_path}) as pool, pytest.raises(CannotStart, match="SyntaxError"):
        list(pool.read_all(sale(number) for number in range(50)))
