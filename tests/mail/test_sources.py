"""Mailboxes: one contract for IMAP, Maildir and mbox, and what IMAP servers do wrong."""

import contextlib
import mailbox
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from agent.demo.dovecot import find_dovecot, running_dovecot
from mail.boxes.imap import ImapSource
from mail.boxes.mailbox import MailboxSpec, Retry
from mail.boxes.raw import Batch, Refused, Source, Transient
from mail.boxes.server_address import server_address
from mail.boxes.sources import open_source

PASSWORD = "one two"
AT_ONCE = Retry(attempts=4, seconds=20, first_pause=0)


def ours(number: int, size: int = 0) -> bytes:
    head = f"From: eBay <ebay@ebay.com>\r\nSubject: Sold {number}\r\nMessage-ID: <{number}@ebay.com>\r\n"
    return f"{head}\r\nmail {number}\r\n".encode() + b"x" * size


def private(number: int) -> bytes:
    return f"From: Mum <mum@family.example>\r\nSubject: Dinner {number}\r\n\r\nsecret {number}\r\n".encode()


@dataclass
class Shelf:
    """What a store would keep: rows first, then the cursor."""

    cursor: str | None = None
    mails: dict[str, bytes] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def known(self, ids: Sequence[str]) -> list[str]:
        return [mail_id for mail_id in ids if mail_id in self.mails or mail_id in self.others]

    def keep(self, batch: Batch) -> None:
        for mail in batch.mails:
            assert mail.id not in self.mails, "handed over twice"
            self.mails[mail.id] = mail.raw
        self.others += batch.others
        self.notes += [batch.note] if batch.note else []
        self.cursor = batch.cursor

    def read(self, source: Source) -> list[bytes]:
        """All that is new, by its last line."""
        before = len(self.mails)
        for batch in source.batches(self.cursor, self.known):
            self.keep(batch)
        return [raw.splitlines()[-1] for raw in list(self.mails.values())[before:]]


@dataclass
class Box:
    """A mailbox under test, and how a mail gets into it."""

    spec: MailboxSpec
    deliver: Callable[[bytes], None]


def _maildir(path: Path) -> Callable[[bytes], None]:
    box = mailbox.Maildir(path, create=True)

    def deliver(raw: bytes) -> None:
        box.add(raw.replace(b"\r\n", b"\n"))
        time.sleep(0.002)  # files' times tell their order

    return deliver


def _mbox(path: Path) -> Callable[[bytes], None]:
    path.touch()

    def deliver(raw: bytes) -> None:
        with path.open("ab") as file:
            text = raw.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
            file.write(b"From someone Fri Nov 20 14:05:00 2026\n" + text + b"\n")

    return deliver


@pytest.fixture(params=["maildir", "mbox", pytest.param("imap", marks=pytest.mark.server)])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Box]:
    if request.param == "maildir":
        yield Box(MailboxSpec(name="shop", url=f"maildir:{tmp_path / 'm'}"), _maildir(tmp_path / "m"))
    elif request.param == "mbox":
        yield Box(MailboxSpec(name="shop", url=f"mbox:{tmp_path / 'm'}"), _mbox(tmp_path / "m"))
    else:
        if find_dovecot() is None:
            pytest.skip("Dovecot is not installed")
        with running_dovecot(tmp_path / "dovecot", "seller@example.com", PASSWORD) as server:
            spec = MailboxSpec(name="shop", url=server.url, password=PASSWORD, retry=AT_ONCE)
            yield Box(spec, _maildir(server.maildir))


def test_mails_come_once_and_in_order(box: Box) -> None:
    """Oldest first, whole; a second pass gives nothing, a third what came since."""
    source, shelf = open_source(box.spec), Shelf()
    for number in (1, 2, 3):
        box.deliver(ours(number))

    with contextlib.closing(source):
        assert shelf.read(source) == [b"mail 1", b"mail 2", b"mail 3"]
        assert shelf.read(source) == []
        box.deliver(ours(4))
        assert shelf.read(source) == [b"mail 4"]


def test_a_new_source_goes_on_where_the_old_one_stopped(box: Box) -> None:
    """Cursor and known ids are all that is needed after a restart."""
    shelf = Shelf()
    box.deliver(ours(1))
    with contextlib.closing(open_source(box.spec)) as first:
        assert shelf.read(first) == [b"mail 1"]
    box.deliver(ours(2))
    with contextlib.closing(open_source(box.spec)) as second:
        assert shelf.read(second) == [b"mail 2"]


def test_of_private_mail_there_is_an_id_and_no_more(box: Box) -> None:
    """What cannot be ours is neither handed over nor asked about again."""
    shelf = Shelf()
    box.deliver(private(1))
    box.deliver(ours(2))
    with contextlib.closing(open_source(box.spec)) as source:
        assert shelf.read(source) == [b"mail 2"]
        assert len(shelf.others) == 1
        assert shelf.read(source) == []
        assert len(shelf.others) == 1


def test_a_pass_that_was_cut_short_loses_nothing(box: Box) -> None:
    """A batch that was not stored comes again."""
    shelf = Shelf()
    for number in range(250):
        box.deliver(ours(number))
    with contextlib.closing(open_source(box.spec)) as source:
        shelf.keep(next(iter(source.batches(None, shelf.known))))
        assert 0 < len(shelf.mails) < 250
        shelf.read(source)

    assert len(shelf.mails) == 250


def test_a_mail_that_is_too_big_comes_as_its_header(box: Box) -> None:
    """Above 25 MB only the header is read."""
    box.deliver(ours(1, size=25_100_000))
    with contextlib.closing(open_source(box.spec)) as source:
        (batch,) = source.batches(None, lambda _: ())
        (mail,) = batch.mails

    assert mail.too_big
    assert b"Sold 1" in mail.raw
    assert len(mail.raw) < 1_000_000 or box.spec.url.startswith("mbox")


def test_mails_have_an_aware_time_of_arrival(box: Box) -> None:
    """When the mailbox got a mail is known with its offset."""
    box.deliver(ours(1))
    with contextlib.closing(open_source(box.spec)) as source:
        (batch,) = source.batches(None, lambda _: ())

    assert batch.mails[0].mailbox == "shop"
    assert batch.mails[0].received_at is not None
    assert batch.mails[0].received_at.tzinfo is not None


def test_waiting_ends_with_a_new_mail(box: Box) -> None:
    """A delivery wakes the source well before the poll."""
    with contextlib.closing(open_source(box.spec)) as source:
        list(source.batches(None, lambda _: ()))
        timer = threading.Timer(0.7, box.deliver, [ours(1)])
        timer.start()
        started = time.monotonic()
        assert source.wait(15)
        assert time.monotonic() - started < 8
        timer.join()
        assert [mail.raw for batch in source.batches(None, lambda _: ()) for mail in batch.mails]


def test_waiting_ends_with_time(box: Box) -> None:
    """Without news it lasts what was asked."""
    with contextlib.closing(open_source(box.spec)) as source:
        list(source.batches(None, lambda _: ()))
        started = time.monotonic()
        assert not source.wait(0.4)
        assert 0.3 < time.monotonic() - started < 5


def test_the_mailbox_is_left_as_it_was(box: Box) -> None:
    """Nothing is marked, moved or locked: every file keeps its name's flags and bytes."""
    if box.spec.url.startswith("imap"):
        pytest.skip("a server moves new mail to cur by itself; flags are tested below")
    path = Path(box.spec.url.partition(":")[2])
    box.deliver(ours(1))
    before = {p: p.read_bytes() for p in [path, *path.rglob("*")] if p.is_file()}
    with contextlib.closing(open_source(box.spec)) as source:
        list(source.batches(None, lambda _: ()))

    assert {p: p.read_bytes() for p in [path, *path.rglob("*")] if p.is_file()} == before


@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_a_path_that_is_missing_is_for_a_human(kind: str, tmp_path: Path) -> None:
    """A wrong path is refused with the path in the message."""
    source = open_source(MailboxSpec(name="shop", url=f"{kind}:{tmp_path / 'none'}"))

    with pytest.raises(Refused, match="none"):
        list(source.batches(None, lambda _: ()))


def test_mbox_quoting_is_undone_and_a_moved_maildir_file_is_the_same(tmp_path: Path) -> None:
    """`>From ` in a body is `From `; a mail moved from new to cur keeps its id."""
    deliver = _mbox(tmp_path / "box")
    deliver(b"From: eBay <ebay@ebay.com>\n\nhello\nFrom here on\n")
    shelf = Shelf()
    assert shelf.read(open_source(MailboxSpec(name="a", url=f"mbox:{tmp_path / 'box'}"))) == [b"From here on"]

    _maildir(tmp_path / "dir")(ours(1))
    source, shelf = open_source(MailboxSpec(name="b", url=f"maildir:{tmp_path / 'dir'}")), Shelf()
    assert shelf.read(source) == [b"mail 1"]
    (file,) = (tmp_path / "dir" / "new").iterdir()
    file.rename(tmp_path / "dir" / "cur" / f"{file.name}:2,S")
    assert shelf.read(source) == []


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("imaps://seller@example.com@imap.example.com/INBOX", ("seller@example.com", "imap.example.com", 993, "INBOX")),
        ("imap://me@127.0.0.1:1143/Shop%20mail/eBay", ("me", "127.0.0.1", 1143, "Shop mail/eBay")),
        ("imaps://imap.example.com", (None, "imap.example.com", 993, "")),
        ("imaps://a%40b@[::1]:99", ("a@b", "::1", 99, "")),
    ],
)
def test_addresses_of_mailboxes(url: str, parts: tuple[str | None, str, int, str]) -> None:
    """The user may hold an `@`, the folder blanks."""
    server = server_address(url, {"imaps": 993, "imap": 143})

    assert (server.user, server.host, server.port, server.path) == parts


@pytest.mark.parametrize("url", ["pop3://x", "imaps://user:secret@host/INBOX", "imaps:///INBOX", "imaps://a@b c/INBOX"])
def test_an_address_that_is_none_is_said_so(url: str) -> None:
    """A wrong address is found before anything is connected, and a password in it is never repeated."""
    with pytest.raises(ValueError) as caught:
        open_source(MailboxSpec(name="shop", url=url))
    assert "secret" not in str(caught.value)


# IMAP alone


@pytest.fixture
def dovecot(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    if find_dovecot() is None:
        pytest.skip("Dovecot is not installed")
    with running_dovecot(tmp_path / "dovecot", "seller@example.com", PASSWORD) as server:
        yield server.url, server.maildir


@pytest.mark.server
def test_a_wrong_password_is_for_a_human(dovecot: tuple[str, Path]) -> None:
    """The message says what to check."""
    with (
        contextlib.closing(open_source(MailboxSpec(name="shop", url=dovecot[0], password="wrong"))) as source,
        pytest.raises(Refused, match="password"),
    ):
        list(source.batches(None, lambda _: ()))


@pytest.mark.server
def test_a_missing_folder_is_for_a_human(dovecot: tuple[str, Path]) -> None:
    """The message names the folder."""
    spec = MailboxSpec(name="shop", url=dovecot[0].replace("INBOX", "Nowhere"), password=PASSWORD)
    with contextlib.closing(open_source(spec)) as source, pytest.raises(Refused, match="Nowhere"):
        list(source.batches(None, lambda _: ()))


@pytest.mark.server
def test_reading_sets_no_flag(dovecot: tuple[str, Path]) -> None:
    """A mail that we read stays unseen."""
    url, maildir = dovecot
    _maildir(maildir)(ours(1))
    with contextlib.closing(open_source(MailboxSpec(name="shop", url=url, password=PASSWORD))) as source:
        assert len(Shelf().read(source)) == 1

    (file,) = [path for folder in ("new", "cur") for path in (maildir / folder).iterdir()]
    assert "S" not in file.name.partition(":2,")[2]


@pytest.mark.server
def test_a_renumbered_folder_is_read_again_with_a_note(dovecot: tuple[str, Path]) -> None:
    """Another UIDVALIDITY: everything comes again under new ids, and the digest hears of it."""
    url, maildir = dovecot
    deliver, shelf = _maildir(maildir), Shelf()
    for number in (1, 2):
        deliver(ours(number))
    spec = MailboxSpec(name="shop", url=url, password=PASSWORD)
    with contextlib.closing(open_source(spec)) as source:
        shelf.read(source)
    shelf.cursor = f"{int((shelf.cursor or '0').partition(':')[0]) + 1}:2"
    shelf.mails.clear()
    with contextlib.closing(open_source(spec)) as source:
        assert shelf.read(source) == [b"mail 1", b"mail 2"]
        assert "re-numbered" in shelf.notes[0]
        assert shelf.read(source) == []


@pytest.mark.server
def test_old_mail_may_be_left_out(dovecot: tuple[str, Path]) -> None:
    """`since` bounds a first reading."""
    url, maildir = dovecot
    deliver = _maildir(maildir)
    for number in (1, 2):
        deliver(ours(number))
    for path in (maildir / "new").iterdir():
        if b"mail 1" in path.read_bytes():
            os.utime(path, (1_600_000_000, 1_600_000_000))
    spec = MailboxSpec(name="shop", url=url, password=PASSWORD, since=date(2026, 1, 1))
    with contextlib.closing(open_source(spec)) as source:
        assert Shelf().read(source) == [b"mail 2"]


class FaultyServer:
    """A scripted IMAP server on loopback that misbehaves once per entry of `faults`, then is sound."""

    def __init__(self, mails: int, faults: list[str], *, idle: bytes = b"") -> None:
        self.mails = {uid: ours(uid) for uid in range(1, mails + 1)}
        self.faults = faults
        self.logins = 0
        self.idle = idle
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.url = f"imap://me@127.0.0.1:{self._listener.getsockname()[1]}/INBOX"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._open:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(line)
            threading.Thread(target=self._serve_one, args=[line], daemon=True).start()

    def _serve_one(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._talk(line)
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    def _talk(self, line: socket.socket) -> None:
        file = line.makefile("rb")
        line.sendall(b"* OK ready\r\n")
        while raw := file.readline():
            tag, _, command = raw.strip().partition(b" ")
            verb = command.upper()
            if verb.startswith(b"LOGIN"):
                self.logins += 1
                if self._due("busy"):
                    line.sendall(tag + b" NO [UNAVAILABLE] later\r\n")
                    continue
            elif verb.startswith(b"CAPABILITY"):
                line.sendall(b"* CAPABILITY IMAP4rev1" + (b" IDLE" if self.idle else b"") + b"\r\n")
            elif verb == b"IDLE":
                line.sendall(self.idle)
                if b"BYE" in self.idle:
                    return
                continue
            elif verb == b"" and tag == b"DONE":
                time.sleep(3)  # the line is dead, nobody told us
                return
            elif verb.startswith((b"EXAMINE", b"SELECT")):
                line.sendall(b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n" % len(self.mails))
            elif verb.startswith(b"UID SEARCH"):
                first = int(verb.split(b":")[0].rsplit(b" ", 1)[1])
                uids = [uid for uid in self.mails if uid >= first] or [max(self.mails)]
                line.sendall(b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids) + b"\r\n")
            elif verb.startswith(b"UID FETCH") and not self._fetch(line, verb):
                return
            line.sendall(tag + b" OK done\r\n")

    def _due(self, fault: str) -> bool:
        if self.faults and self.faults[0] == fault:
            self.faults.pop(0)
            return True
        return False

    def _fetch(self, line: socket.socket, verb: bytes) -> bool:
        """False where the connection has to end."""
        numbers = verb.split(b" ")[2]
        uids = [uid for piece in numbers.split(b",") for uid in _expanded(piece)]
        for count, uid in enumerate(uids):
            raw = self.mails[uid]
            header = b"HEADER" in verb
            name, data = b"BODY[]", raw
            if header:
                data = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                name = b'RFC822.SIZE %d INTERNALDATE "20-Nov-2026 14:05:00 +0000" BODY[HEADER]<0>' % len(raw)
            if count or not header:  # the fault comes in the middle
                if self._due("drop"):
                    line.sendall(b"* %d FETCH (UID %d %s {%d}\r\n" % (uid, uid, name, len(data)) + data[:10])
                    return False
                if self._due("bye"):
                    line.sendall(b"* BYE Session invalidated\r\n")
                    return False
                if self._due("silence"):
                    time.sleep(3)
                    return False
                if self._due("huge literal"):
                    line.sendall(b"* %d FETCH (UID %d %s {9999999999}\r\nabc" % (uid, uid, name))
                    time.sleep(0.2)
                    return False
                if self._due("gibberish"):
                    line.sendall(b"* %d FETCH ((((\x00 {zz}\r\n)" % uid)
                    return False
                if self._due("left out"):
                    continue
            line.sendall(b"* %d FETCH (UID %d %s {%d}\r\n" % (uid, uid, name, len(data)) + data + b")\r\n")
        return True


def _expanded(piece: bytes) -> range:
    first, _, last = piece.partition(b":")
    return range(int(first), int(last or first) + 1)


@pytest.mark.server
@pytest.mark.parametrize("fault", ["drop", "bye", "silence", "huge literal", "gibberish", "left out"])
def test_after_a_fault_nothing_is_lost_and_nothing_comes_twice(fault: str) -> None:
    """Cut, BYE, silence, lies: the connection is dropped, and a new one goes on from the cursor."""
    server = FaultyServer(70, [fault, fault])
    spec = MailboxSpec(name="shop", url=server.url, password="x", timeout=0.5, retry=AT_ONCE)
    shelf = Shelf()
    try:
        with contextlib.closing(ImapSource(spec, sleep=lambda _: None)) as source:
            shelf.read(source)
    finally:
        server.close()

    assert sorted(shelf.mails.values()) == sorted(server.mails.values())
    assert shelf.cursor == "7:70"
    assert server.faults == []


@pytest.mark.server
def test_a_server_that_stays_away_is_transient() -> None:
    """After the last attempt the daemon hears of it; nothing hangs."""
    server = FaultyServer(5, ["drop"] * 50)
    spec = MailboxSpec(name="shop", url=server.url, password="x", timeout=0.5, retry=AT_ONCE)
    try:
        with contextlib.closing(ImapSource(spec, sleep=lambda _: None)) as source, pytest.raises(Transient):
            Shelf().read(source)
    finally:
        server.close()

    assert server.logins == AT_ONCE.attempts


@pytest.mark.server
def test_a_busy_server_is_not_asked_again_at_once() -> None:
    """Too many connections: asking again makes it worse."""
    server = FaultyServer(5, ["busy"])
    spec = MailboxSpec(name="shop", url=server.url, password="x", timeout=0.5, retry=AT_ONCE)
    try:
        with contextlib.closing(ImapSource(spec, sleep=lambda _: None)) as source, pytest.raises(Transient):
            Shelf().read(source)
    finally:
        server.close()

    assert server.logins == 1


@pytest.mark.server
@pytest.mark.parametrize("idle", [b"+ idling\r\n", b"+ idling\r\n* BYE too long\r\n", b"+ idl"])
def test_a_line_that_dies_while_waiting_hangs_nobody(idle: bytes) -> None:
    """The end of IDLE is waited for briefly; then the connection is given up, and mail is read over a new one."""
    server = FaultyServer(3, [], idle=idle)
    spec = MailboxSpec(name="shop", url=server.url, password="x", timeout=0.5, retry=AT_ONCE)
    shelf = Shelf()
    try:
        with contextlib.closing(ImapSource(spec, sleep=lambda _: None)) as source:
            started = time.monotonic()
            source.wait(0.3)
            assert time.monotonic() - started < 2.5
            assert len(shelf.read(source)) == 3
    finally:
        server.close()
    assert server.logins == 2


def test_nobody_at_the_address_is_transient() -> None:
    """A closed port is tried a few times, then reported."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    pauses: list[float] = []
    spec = MailboxSpec(name="shop", url=f"imap://me@127.0.0.1:{port}/INBOX", password="x", retry=Retry(attempts=3))
    with pytest.raises(Transient, match="cannot reach"):
        Shelf().read(ImapSource(spec, sleep=pauses.append))

    assert len(pauses) == 2
