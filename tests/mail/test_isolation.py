"""Reading in a worker process: same answers, limits that hold, nothing inherited."""

import dataclasses
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.vocabulary.status import Authenticity, Unread
from mail.reader import read
from mail.worker.isolation import CannotStart, IsolatedReader, Limits

CORPUS = Path(os.environ.get("ORDERWATCH_CORPUS", Path(__file__).parents[2] / ".." / "shared" / "corpus"))
SALE = (
    b"From: eBay <ebay@ebay.com>\nSubject: You made the sale for Old radio\nMessage-ID: <s1@ebay.com>\n"
    b"Date: Thu, 10 Dec 2026 09:20:00 -0800\nContent-Type: text/html\n\n"
    b"<table><tr><td>Order:</td><td>27-13930-98148</td></tr><tr><td>Sold:</td><td>$51.00</td></tr>"
    b"<tr><td>Buyer:</td><td>some_buyer</td></tr></table>"
)
DEEP = b"From: a@example.com\n" + b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1_000)
)
BOMBS = {
    "deep": DEEP,
    "enclosed": b"From: a@example.com\n" + b"Content-Type: message/rfc822\n\n" * 1_000,
    "brackets": b"From: " + b"(" * 5_000 + b"\n\nx",
    "recipients": b"From: a@example.com\nTo: " + b", ".join(b"u%d@example.com" % n for n in range(20_000)) + b"\n\nx",
    "parameters": b"From: a@example.com\nContent-Type: text/plain" + b"".join(b"; a*%d=x" % n for n in range(4_000)),
}

TRAPS = '''
"""A seller's own readers that go wrong."""
import os, time
from mail.reader import reader

@reader(sender="ebay", intent="order_sold")
def extract(mail):
    subject = mail.message.subject
    if "sleep" in subject:
        time.sleep(60)
    if "spin" in subject:
        while True:
            pass
    if "memory" in subject:
        return [bytes(10**10)]
    if "crash" in subject:
        os._exit(3)
    if "secret" in subject:
        raise ValueError(repr(dict(os.environ)))
    if "strange" in subject:
        return [Strange()]
    return []

class Strange:
    def __reduce__(self):
        return (os.system, ("touch /tmp/never-made",))
'''


@pytest.fixture(scope="module")
def isolated() -> Iterator[IsolatedReader]:
    with IsolatedReader() as reader:
        yield reader


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IsolatedReader]:
    folder = tmp_path_factory.mktemp("readers")
    (folder / "ebay_sale.py").write_text(TRAPS)  # replaces the shipped one
    with IsolatedReader(Limits(seconds=1.5), {"readers": folder}) as reader:
        yield reader


def test_the_worker_says_what_the_reader_says(isolated: IsolatedReader) -> None:
    """The process boundary changes nothing."""
    assert isolated.read(SALE, "gmail") == read(SALE, "gmail")


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_reading(isolated: IsolatedReader, name: str) -> None:
    """Mails that break a naive parser are values, quickly; the next mail is read as ever."""
    started = time.monotonic()
    reading = isolated.read(BOMBS[name])

    assert reading.unread is not None
    assert not reading.events
    assert time.monotonic() - started < 10
    assert isolated.read(SALE) == read(SALE)


@pytest.mark.parametrize("trap", ["sleep", "spin", "memory", "crash", "strange"])
def test_what_breaks_a_limit_is_unreadable(trapped: IsolatedReader, trap: str) -> None:
    """Time, memory, a crash or an answer that is none: the mail is unreadable, says why, and the next one is read."""
    trapped.read(SALE)
    started = time.monotonic()
    reading = trapped.read(SALE.replace(b"Old radio", trap.encode()))

    assert reading.unread is Unread.UNREADABLE
    assert reading.trace
    assert reading.authenticity is not Authenticity.VERIFIED
    assert reading.message_id == "<s1@ebay.com>"
    assert time.monotonic() - started < 5
    assert trapped.read(SALE.replace(b"Old radio", b"fine")).message_id == "<s1@ebay.com>"
    assert not Path("/tmp/never-made").exists()


def test_no_secret_is_inherited(trapped: IsolatedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's environment holds the way to the code and nothing that we were given."""
    monkeypatch.setenv("SHOP_PASSWORD", "canary-7f3a")
    trapped.close()
    reading = trapped.read(SALE.replace(b"Old radio", b"secret"))

    assert "PYTHONPATH" in repr(reading.trace)
    assert "canary-7f3a" not in repr(reading)


def test_a_broken_reader_of_the_seller_is_said_before_any_mail_is_judged(tmp_path: Path) -> None:
    """Not every mail is unreadable then: the seller hears which file is wrong."""
    (tmp_path / "mine.py").write_text("def broken(:")
    with IsolatedReader(own={"readers": tmp_path}) as reader, pytest.raises(CannotStart, match="SyntaxError"):
        reader.read(SALE)


def test_closing_twice_is_fine() -> None:
    """A reader that never read anything closes as well."""
    reader = IsolatedReader()
    reader.close()
    reader.close()


@pytest.mark.corpus
@pytest.mark.slow
def test_collected_hostile_mail_is_survived(isolated: IsolatedReader) -> None:
    """No crash, no hang, nothing verified in 1,390 collected files."""
    if not (CORPUS / "hostile").is_dir():
        pytest.skip(f"no collected data at {CORPUS}")
    for path in sorted((CORPUS / "hostile").rglob("*")):
        if path.is_file():
            started = time.monotonic()
            reading = isolated.read(path.read_bytes())
            assert dataclasses.is_dataclass(reading), path
            assert not any(line.startswith("isolation:") for line in reading.trace), path
            assert reading.authenticity is not Authenticity.VERIFIED, path
            assert time.monotonic() - started < 10, path
