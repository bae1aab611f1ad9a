"""The seller's own Drafts folder: what waits lies there, and what was sent from there is not sent again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from agent.demo.dovecot import find_dovecot, running_dovecot
from agent.desk import words
from agent.store.log import order_log
from agent.store.outbox import NotWaiting, OutboxRow, decide, find, rewrite
from agent.vocabulary.events import ReplySent
from mail.boxes.drafts_folder import DraftsFolder
from mail.boxes.mailbox import MailboxSpec
from mail.boxes.raw import Transient
from mail.boxes.sent_folders import LaidMail
from mail.boxes.server_address import server_address
from tests.pipeline.test_approving import Shop


class Folder:
    """A Drafts folder in memory, or one that cannot be reached."""

    def __init__(self) -> None:
        self.mails: dict[str, bytes] = {}
        self.sent: set[str] = set()
        self.down = False

    def missing(self, laid: Collection[LaidMail], others: Collection[str]) -> dict[str, bool]:
        self._reach()
        return {one.message_id: one.message_id in self.sent for one in laid if one.message_id not in self.mails}

    def change(self, put: dict[str, bytes], take_back: set[str]) -> None:
        self._reach()
        assert not set(put) & set(self.mails), "put twice"
        self.mails = {id_: mail for id_, mail in {**self.mails, **put}.items() if id_ not in take_back}

    def send(self, row: OutboxRow) -> None:
        """As a mail program does."""
        self.sent.add(self.drop(row))

    def drop(self, row: OutboxRow) -> str:
        (id_,) = (id_ for id_ in self.mails if id_.startswith(f"<draft.{row.id}."))
        del self.mails[id_]
        return id_

    def _reach(self) -> None:
        if self.down:
            raise Transient("nobody answers")


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture
def shop(thirty_mails: Any, folder: Folder) -> Shop:
    """Its drafts lie in the folder."""
    made = Shop(thirty_mails)
    made.world = replace(made.world, drafts=folder)
    made.round()
    assert len(folder.mails) == len(mailable(made)) > 1
    return made


def mailable(shop: Shop) -> list[OutboxRow]:
    return [row for row in shop.drafts() if row.recipient]


def state(shop: Shop, row: OutboxRow) -> str:
    return now(shop, row).state


def now(shop: Shop, row: OutboxRow) -> OutboxRow:
    with shop.store.begin() as connection:
        found = find(connection, row.id)
    assert found is not None
    return found


def told(shop: Shop, row: OutboxRow) -> list[str]:
    with shop.store.begin() as connection:
        log = order_log(connection, row.order_id)
    return [one.event.state for one in log if isinstance(one.event, ReplySent)]


def approve(shop: Shop, row: OutboxRow) -> None:
    """As the command line does."""
    with shop.store.begin() as connection:
        decide(connection, row.id, "queued", shop.now)


def test_the_folder_holds_what_waits(shop: Shop, folder: Folder) -> None:
    """Put once, and gone when its draft has left."""
    many = len(folder.mails)
    assert shop.round(minutes=10).laid.put == 0
    approve(shop, mailable(shop)[0])
    done = shop.round(minutes=10)
    assert (done.laid.taken_back, done.acted.sent, len(folder.mails)) == (1, 1, many - 1)


def test_a_folder_that_was_away_is_tried_again(thirty_mails: Any, folder: Folder) -> None:
    """The drafts are put there when it answers again."""
    shop = Shop(thirty_mails)
    shop.world = replace(shop.world, drafts=folder)
    folder.down = True
    assert shop.round().laid.why == "nobody answers"
    folder.down = False
    assert shop.round(minutes=10).laid.put == len(mailable(shop)) == len(folder.mails)


def test_what_was_sent_by_hand_cannot_be_approved(shop: Shop, folder: Folder) -> None:
    """It is known as sent, to the log too, and the seller is told why nothing waits."""
    row = mailable(shop)[0]
    folder.send(row)
    assert shop.round(minutes=10).laid.sent == 1

    assert (state(shop, row), told(shop, row)) == ("sent", ["sent"])
    with pytest.raises(NotWaiting, match="sent by hand"):
        approve(shop, row)
    assert shop.round(minutes=10).acted.sent == 0
    assert shop.replies() == []


def test_an_answer_to_the_digest_comes_too_late(shop: Shop, folder: Folder) -> None:
    """The draft was sent by hand and then approved, between two rounds: it does not leave again."""
    row = mailable(shop)[0]
    folder.send(row)
    approve(shop, row)
    done = shop.round(minutes=10)

    assert (done.acted.sent, done.laid.sent, state(shop, row), shop.replies()) == (0, 1, "sent", [])


def test_a_draft_that_is_gone_is_uncertain_and_never_leaves(shop: Shop, folder: Folder) -> None:
    """A mail program is given a while to keep what it sent; then the digest shows it."""
    row = mailable(shop)[0]
    folder.drop(row)
    approve(shop, row)
    done = shop.round(minutes=5)
    assert (done.acted.sent, state(shop, row)) == (0, "queued")

    assert shop.round(minutes=20).laid.unknown == 1
    shop.round(days=1)
    assert (state(shop, row), shop.replies(), told(shop, row)) == ("unknown", [], ["unknown"])
    said = " ".join(shop.text().split())
    assert "gone from your Drafts folder" in said
    with pytest.raises(NotWaiting, match="gone from your Drafts folder"):
        approve(shop, row)


def test_one_that_turns_up_later_was_sent(shop: Shop, folder: Folder) -> None:
    """The seller finished it in the mail program the next day."""
    row = mailable(shop)[0]
    id_ = folder.drop(row)
    shop.round(minutes=5)
    shop.round(minutes=20)
    folder.sent.add(id_)
    assert shop.round(days=1).laid.sent == 1
    assert (state(shop, row), told(shop, row)) == ("sent", ["unknown", "sent"])


def test_one_that_lies_there_again_still_waits(shop: Shop, folder: Folder) -> None:
    """A folder that was seen half-way through a change takes nothing away."""
    row = mailable(shop)[0]
    before = dict(folder.mails)
    folder.drop(row)
    shop.round(minutes=5)
    folder.mails = before
    shop.round(minutes=5)
    folder.drop(row)
    shop.round(minutes=14)
    assert state(shop, row) == "awaiting_approval"


def test_nothing_leaves_that_may_have_left_while_the_folder_is_away(shop: Shop, folder: Folder) -> None:
    """An approved draft waits until the folder has been seen."""
    row = mailable(shop)[0]
    approve(shop, row)
    folder.down = True
    assert shop.round(minutes=5).acted.sent == 0
    folder.down = False
    assert shop.round(minutes=5).acted.sent == 1


def test_the_text_before_a_change_counts_too(shop: Shop, folder: Folder) -> None:
    """Sent by hand as it lay there, then changed here: the buyer has been written to."""
    row = mailable(shop)[0]
    folder.send(row)
    with shop.store.begin() as connection:
        rewrite(connection, row.id, row.body + "\n\nThank you.", shop.now)
    shop.round(minutes=5)

    assert state(shop, row) == "sent"
    assert not any(id_.startswith(f"<draft.{row.id}.") for id_ in folder.mails)


def test_what_was_dropped_here_and_sent_there_was_sent(shop: Shop, folder: Folder) -> None:
    """Saying no to a draft does not undo its sending; throwing both away leaves nothing open."""
    one, other = mailable(shop)[:2]
    folder.send(one)
    folder.drop(other)
    for row in (one, other):
        words.reject(shop.store, row.id, shop.now)
    shop.round(minutes=5)
    shop.round(minutes=20)
    assert (state(shop, one), state(shop, other)) == ("sent", "rejected")


@pytest.mark.server
def test_with_a_real_server(thirty_mails: Any, tmp_path: Path) -> None:
    """One draft moved to Sent as a mail program does, one thrown away, then both approved: nothing leaves."""
    if find_dovecot() is None:
        pytest.skip("Dovecot is not installed")
    with running_dovecot(tmp_path / "dovecot", "june@harbourlane.example", "one two") as running:
        address = server_address(running.url, {"imap": 143})
        client = IMAPClient(address.host, address.port, ssl=False)
        client.login("june@harbourlane.example", "one two")
        for name in ("Drafts", "Sent"):
            client.create_folder(name)
        shop = Shop(thirty_mails)
        spec = MailboxSpec(name="shop", url=running.url, password="one two")
        shop.world = replace(shop.world, drafts=DraftsFolder(spec, "Drafts"))
        shop.round()
        sent, thrown = mailable(shop)[:2]

        client.select_folder("Drafts")
        uids = {row.id: client.search(["HEADER", "Message-ID", f"draft.{row.id}."]) for row in (sent, thrown)}
        assert [len(found) for found in uids.values()] == [1, 1]
        client.copy(uids[sent.id], "Sent")
        client.delete_messages(uids[sent.id] + uids[thrown.id])
        client.expunge()
        for row in (sent, thrown):
            approve(shop, row)
        done = shop.round(minutes=5)
        assert (done.laid.sent, done.acted.sent) == (1, 0)
        done = shop.round(minutes=20)
        assert (done.laid.unknown, done.acted.sent) == (1, 0)
        assert [state(shop, row) for row in (sent, thrown)] == ["sent", "unknown"]
        assert shop.replies() == []
        client.shutdown()
