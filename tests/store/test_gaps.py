"""Where reading is blind, as the store's mails and events tell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from agent.gaps import gaps
from agent.store import Store, open_store
from agent.store.log import Entry, append
from agent.store.tables import mails
from agent.vocabulary.events import OrderSold

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def shop(told: str, subject: str = "You made the sale for bell {}") -> Store:
    """A genuine mail a day: `o` gave an order, `-` an event without one, `?` nothing; `x` is not proven genuine."""
    store = open_store("sqlite://")
    with store.begin() as connection:
        for n, sign in enumerate(told):
            at = NOW - timedelta(days=len(told) - n)
            id_ = f"{n:064}"
            row = {
                "id": id_,
                "mailbox": "shop",
                "raw": b"",
                "stored_at": at,
                "received_at": at,
                "read_at": at,
                "sender": "ebay@ebay.com",
                "subject": subject.format("x" * (n + 1)),
                "authenticity": "unverified" if sign == "x" else "verified",
                "unread": None if sign in "o-" else "no_reader",
                "events": sign in "o-",
            }
            connection.execute(insert(mails).values(row))
            if sign in "o-":
                number = f"08-12121-{n:05}" if sign == "o" else None
                sold = OrderSold(occurred_at=at, seen_at=at, source=f"mail:{id_[:16]}", order_id=number)
                append(connection, [Entry(id=str(n), event=sold, mail_id=id_)], at)
    return store


def said(told: str, subject: str = "You made the sale for bell {}") -> list[str]:
    with shop(told, subject).begin() as connection:
        return [notice.text for notice in gaps(connection, NOW, timedelta(days=30))]


def test_a_template_that_lost_its_number_is_told_with_its_count() -> None:
    """Read or not: a template that gave order numbers and gives none now is one line with the count."""
    (read,) = said("oooo---")
    (unread,) = said("oooo??")

    assert "used to be read; 3 since 17 Nov" in read
    assert "used to be read; 2 since 18 Nov" in unread


def test_one_line_for_each_template_that_nobody_reads() -> None:
    """Three unknown mails of one template are one line that says so."""
    (line,) = said("???", "Your shop report of week {}")

    assert "and 2 more like it" in line


def test_mail_that_nobody_vouches_for_is_no_gap() -> None:
    """What is not proven genuine says nothing about templates."""
    assert said("ooooxxx") == []
