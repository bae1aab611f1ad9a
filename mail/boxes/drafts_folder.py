"""The seller's own Drafts folder by IMAP: the one place of a mailbox that is written to."""

from __future__ import annotations

from collections.abc import Collection

from imapclient import DELETED, DRAFT, SEEN, IMAPClient

from mail.boxes.imap_login import BROKEN, Dropped, log_in, shut
from mail.boxes.mailbox import MailboxSpec
from mail.boxes.raw import Refused
from mail.boxes.sent_folders import LaidMail, among_sent
from mail.boxes.server_address import server_address


class DraftsFolder:
    """Drafts are known by their Message-ID: none is put twice, and only ours are taken back."""

    def __init__(self, spec: MailboxSpec, folder: str) -> None:
        """Connects when it is first needed. Raises ValueError for a mailbox that is on no server."""
        self._spec = spec
        self._server = server_address(spec.url, {"imaps": 993, "imap": 143})
        self._folder = folder

    def change(self, put: dict[str, bytes], take_back: set[str]) -> None:
        """Add drafts by Message-ID, and remove those that lie there still. Raises Transient or Refused."""
        client = log_in(self._spec, self._server)
        try:
            self._open(client)
            for message_id in sorted(take_back):
                self._remove(client, message_id)
            for message_id, mail in put.items():
                if not client.search(["HEADER", "Message-ID", message_id]):
                    client.append(self._folder, mail, flags=[DRAFT, SEEN])
            client.logout()
        except BROKEN as error:
            raise Dropped(f"{self._server.host} broke off: {error or type(error).__name__}") from error
        finally:
            shut(client)

    def missing(self, laid: Collection[LaidMail], others: Collection[str]) -> dict[str, bool]:
        """Those that lie there no more, by Message-ID: whether they were sent. Raises Transient or Refused.

        `others`: Message-IDs of mails that are known to be none of them.
        """
        client = log_in(self._spec, self._server)
        try:
            self._open(client)
            gone = [one for one in laid if not client.search(["UNDELETED", "HEADER", "Message-ID", one.message_id])]
            sent = among_sent(client, gone, others)
            client.logout()
        except BROKEN as error:
            raise Dropped(f"{self._server.host} broke off: {error or type(error).__name__}") from error
        finally:
            shut(client)
        return {one.message_id: one.message_id in sent for one in gone}

    def _open(self, client: IMAPClient) -> None:
        if not client.folder_exists(self._folder):
            there = ", ".join(sorted(name for _, _, name in client.list_folders())[:20])
            raise Refused(
                f"{self._server.host} has no folder {self._folder!r}: name the one that your mail program keeps "
                f"drafts in as outgoing.drafts_folder; there are {there}"
            )
        client.select_folder(self._folder)

    def _remove(self, client: IMAPClient, message_id: str) -> None:
        """Only what is a draft still, and nothing but it: without UIDPLUS it is marked and left to the mail program."""
        uids = client.search(["HEADER", "Message-ID", message_id, "DRAFT"])
        if not uids:
            return
        client.add_flags(uids, [DELETED], silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge(uids)
