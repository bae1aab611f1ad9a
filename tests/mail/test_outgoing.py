"""How mail leaves: one builder that cannot be made to add a header, and transports that tell what they know."""

import mailbox
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mail.parsing.message import parse
from mail.sending.outgoing import Unbuildable, build_mail
from mail.sending.transport import SendRefused, SendUncertain
from mail.sending.transports import open_transport

WHEN = datetime(2026, 11, 20, 14, 5, tzinfo=timezone(timedelta(hours=1)))
HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress", "mime-version",
    "content-type", "content-transfer-encoding",
}  # fmt: skip


def build(**changes: Any) -> bytes:
    asked: dict[str, Any] = {
        "sender": "shop@example.com", "recipient": "ab12@members.ebay.de", "subject": "Your parcel",
        "text": "On its way.", "message_id": "<r1@example.com>", "date": WHEN, "auto_submitted": "auto-replied",
    }  # fmt: skip
    return build_mail(**asked | changes)


def test_a_reply_is_marked_and_threaded() -> None:
    """Nobody's robot answers it, and it stands under the message that it answers."""
    message = parse(build(in_reply_to="<b2@ebay.de>", references=["<b1@ebay.de>", "<b2@ebay.de>"], subject="Re: Größe"))

    assert message.header("auto-submitted") == "auto-replied"
    assert message.header("x-auto-response-suppress") == "All"
    assert message.header("in-reply-to") == "<b2@ebay.de>"
    assert message.header("references") == "<b1@ebay.de> <b2@ebay.de>"
    assert message.subject == "Re: Größe"
    assert message.lines == ("On its way.",)
    assert message.date == WHEN


def test_text_comes_first_and_html_is_an_alternative() -> None:
    """The digest is readable without HTML; its bytes are seven-bit with CRLF."""
    raw = build(text="Drei Fälle", html="<p>Drei <b>Fälle</b></p>", auto_submitted="auto-generated")
    read = message_from_bytes(raw, policy=default)

    assert [part.get_content_type() for part in read.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert "Drei Fälle" in parse(raw).plain or ""
    assert parse(raw).lines == ("Drei Fälle",)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


NASTY = [
    "x\r\nBcc: victim@example.com",
    "x\nBcc: victim@example.com",
    "x\rBcc: victim@example.com",
    "=?UTF-8?Q?=0A?=Bcc: victim@example.com ü",
    "ü =?UTF-8?Q?=0D=0ABcc:_victim@example.com?=",
    "😀\n",
    "😀 \r\n\r\nbody",
    "x\u2028Bcc: victim@example.com",
    "x\u2029\x85\x0b\x0cBcc: victim@example.com",
    "x\x00\x1b[31m\x9b",
    "\u202egnp.exe",
    "\ud800",
    "a" * 5_000,
    "größe " * 200,
    "=?utf-8?b?" * 100,
    "",
    '"; DROP TABLE',
    "<script>alert(1)</script>",
    ".",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_no_text_becomes_a_header(nasty: str) -> None:
    """Whatever a stranger wrote, as subject, as name, as text: the same headers, one recipient, or no mail."""
    for changes in ({"subject": nasty}, {"sender_name": nasty}, {"text": nasty}, {"html": nasty}):
        raw = build(**changes)
        message = parse(raw)
        assert {name for name, _ in message.headers} <= HEADERS
        assert [mailbox.address for mailbox in message.recipients] == ["ab12@members.ebay.de"]
        assert not any(char in message.subject for char in "\r\n\x00\u2028\u202e")
        assert {name.lower() for name in message_from_bytes(raw)} <= HEADERS


@pytest.mark.parametrize(
    "recipient",
    [
        "a@example.com, b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "A <a@example.com>",
        "a@example.com;b@example.com",
        "a@example.com b@example.com",
        "a",
        "",
        "ä@example.com",
        "a%b@c@example.com",
        "a@exam\u2028ple.com",
    ],
)
def test_a_recipient_is_one_plain_address(recipient: str) -> None:
    """Anything else is refused before a mail exists."""
    with pytest.raises(Unbuildable):
        build(recipient=recipient)
    with pytest.raises(Unbuildable):
        build(sender=recipient)


@pytest.mark.parametrize("bad", ["r1@example.com", "<r1>", "<r1@example.com>\r\nBcc: x@example.com", "<a b@c>", ""])
def test_an_id_is_an_id(bad: str) -> None:
    """Ids of strangers' mails are checked like our own."""
    with pytest.raises(Unbuildable):
        build(message_id=bad)
    with pytest.raises(Unbuildable):
        build(in_reply_to=bad)


def test_a_date_needs_an_offset() -> None:
    """A naive date is refused."""
    with pytest.raises(Unbuildable):
        build(date=datetime(2026, 11, 20))


def test_many_references_are_cut_in_the_middle() -> None:
    """The first and the newest are kept."""
    thread = [f"<b{number}@example.com>" for number in range(100)]
    kept = (parse(build(in_reply_to=thread[-1], references=thread)).header("references") or "").split()

    assert kept[0] == thread[0]
    assert kept[-1] == thread[-1]
    assert len(kept) == 20


def test_a_maildir_is_made_and_holds_the_mail(tmp_path: Path) -> None:
    """The folder appears, the file is whole, and the same bytes are one file."""
    transport = open_transport(f"maildir:{tmp_path / 'out'}")
    for _ in range(2):
        transport.send(build(), "shop@example.com", "ab12@members.ebay.de")

    (kept,) = mailbox.Maildir(tmp_path / "out", create=False)
    assert kept["Message-ID"] == "<r1@example.com>"
    assert not list((tmp_path / "out" / "tmp").iterdir())


def test_a_maildir_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """Surely not sent, and the message names the place."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SendRefused, match="file"):
        open_transport(f"maildir:{tmp_path / 'file'}").send(build(), "a@example.com", "b@example.com")
    with pytest.raises(SendRefused, match="file"):
        open_transport(f"maildir:{tmp_path / 'file'}").check()


class Inbox:
    """An SMTP server's handler that takes, or refuses, as told."""

    def __init__(self, answer: str = "250 OK", rcpt: str = "250 OK") -> None:
        self.answer, self.rcpt = answer, rcpt
        self.taken: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    handler = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


@pytest.mark.server
def test_smtp_hands_over_the_bytes(inbox: tuple[Inbox, str]) -> None:
    """What arrives is what was built, leading dots included."""
    handler, url = inbox
    open_transport(url).check()
    assert handler.taken == []
    raw = build(text="one\n.two\n..three\n.\nend")
    open_transport(url).send(raw, "shop@example.com", "ab12@members.ebay.de")

    (envelope,) = handler.taken
    assert envelope.content == raw
    assert (envelope.mail_from, envelope.rcpt_tos) == ("shop@example.com", ["ab12@members.ebay.de"])


@pytest.mark.server
@pytest.mark.parametrize(
    ("field", "answer"), [("rcpt", "550 nobody here"), ("answer", "554 spam"), ("answer", "451 later")]
)
def test_a_refusal_is_surely_not_sent(inbox: tuple[Inbox, str], field: str, answer: str) -> None:
    """A plain no, before or after the mail, says so in the server's words."""
    handler, url = inbox
    setattr(handler, field, answer)
    with pytest.raises(SendRefused, match=answer.split(" ", 1)[1]):
        open_transport(url).send(build(), "shop@example.com", "ab12@members.ebay.de")
    assert handler.taken == []


class CutServer:
    """Speaks SMTP up to a point, then ends the connection, or falls silent."""

    def __init__(self, cut_at: str, *, silent: bool = False) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._cut_at, self._silent = cut_at, silent
        self.heard_dot = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        line, _ = self._listener.accept()
        with line, line.makefile("rb") as file:
            line.sendall(b"220 hello\r\n")
            in_data = False
            for raw in file:
                verb = raw[:4].decode("ascii", "replace").strip().upper()
                if in_data:
                    if raw != b".\r\n":
                        continue
                    self.heard_dot, verb, in_data = True, "DOT", False
                if verb == self._cut_at:
                    if self._silent:
                        self._over.wait(10)
                    return
                in_data = verb == "DATA"
                line.sendall(b"354 go on\r\n" if in_data else b"250 fine\r\n")


@pytest.mark.server
@pytest.mark.parametrize("cut_at", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_cut_before_the_mail_is_surely_not_sent(cut_at: str) -> None:
    """The server never saw the mail."""
    server = CutServer(cut_at)
    try:
        with pytest.raises(SendRefused):
            open_transport(server.url).send(build(), "shop@example.com", "ab12@members.ebay.de")
    finally:
        server.close()
    assert not server.heard_dot


@pytest.mark.server
@pytest.mark.parametrize("silent", [False, True])
def test_a_cut_after_the_final_dot_is_uncertain(silent: bool) -> None:
    """The server has the mail and never said so: nobody may send it again."""
    from mail.sending.smtp import SmtpTransport

    server = CutServer("DOT", silent=silent)
    try:
        with pytest.raises(SendUncertain):
            SmtpTransport(server.url, timeout=1.0).send(build(), "shop@example.com", "ab12@members.ebay.de")
    finally:
        server.close()
    assert server.heard_dot


def test_nobody_at_the_address_is_surely_not_sent() -> None:
    """A closed port is a refusal that names it."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(SendRefused, match=str(port)):
        open_transport(f"smtp://127.0.0.1:{port}").check()
    with pytest.raises(SendRefused, match=str(port)):
        open_transport(f"smtp://127.0.0.1:{port}").send(build(), "a@example.com", "b@example.com")


@pytest.mark.parametrize("url", ["http://x", "smtps://user:secret@host", "sendmail", "smtp://"])
def test_an_address_that_is_none_is_said_so(url: str) -> None:
    """Before anything is sent, and without repeating a password."""
    with pytest.raises(ValueError) as caught:
        open_transport(url)
    assert "secret" not in str(caught.value)
