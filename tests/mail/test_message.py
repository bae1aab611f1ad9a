"""Bytes to `Message`: well-formed, broken and hostile mail."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.vocabulary.status import Unread
from mail.parsing.message import Mailbox, Message, content_identity, parse, parse_headers

HEAD = (
    b"From: Shop <shop@example.com>\r\nSubject: Hello\r\nMessage-ID: <1@example.com>\r\n"
    b"Date: Fri, 20 Nov 2026 14:05:00 +0100\r\n"
)


def mail(*lines: str) -> bytes:
    return HEAD + "\r\n".join(lines).encode()


def test_a_plain_mail_is_read() -> None:
    """Headers, sender, date with its offset and the text come out."""
    message = parse(mail("", "Dear seller,", "", "where is it?"))

    assert message.senders == (Mailbox("Shop", "shop@example.com"),)
    assert (message.subject, message.message_id) == ("Hello", "<1@example.com>")
    assert message.date is not None
    assert message.date.astimezone(UTC) == datetime(2026, 11, 20, 13, 5, tzinfo=UTC)
    assert message.lines == ("Dear seller,", "where is it?")
    assert message.problem is None


def test_html_is_preferred_and_both_are_kept() -> None:
    """Of alternatives the lines are the HTML's; an attachment and an enclosed mail are no text."""
    parts = """\
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=outer-in

--outer-in
Content-Type: text/plain

plain words
--outer-in
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PHA+cmljaCB3w7ZyZHM8L3A+
--outer-in--
--outer
Content-Type: text/html
Content-Disposition: attachment; filename=a.html

<p>attached</p>
--outer
Content-Type: message/rfc822

Subject: inner

enclosed
--outer--"""
    message = parse(mail(*parts.splitlines()))

    assert message.lines == ("rich wörds",)
    assert message.plain == "plain words"
    assert "attached" not in (message.html or "")


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        (b"From: a@example.com\n\n--xyz\nContent-Type: text/html\n\n<p>found</p>\n--xyz--\n", ("found",)),
        (
            b'Content-Type: multipart/mixed; boundary="xyz\n\n--xyz\nContent-Type: text/plain\n\nfound\n--xyz--\n',
            ("found",),
        ),
        (b"Content-Type: multipart/mixed\n\n--xyz\nContent-Type: text/plain\n\nfound\n", ("found",)),
        (b"Content-Type: multipart/mixed; boundary=other\n\n--xyz\nContent-Type: text/plain\n\nfound\n", ("found",)),
        (b"Content-Type: multipart/mixed; boundary=xyz\n\nfound\n", ("found",)),
        (b"Content-Type: text/plain\n\n<!DOCTYPE html><p>found</p>", ("found",)),
        (b"Content-Type: text\n\nfound", ("found",)),
        (b"Subject: x\nno header, no blank line: found", ("no header, no blank line: found",)),
        (b"From someone Fri Nov 20 14:05:00 2026\nSubject: x\n\nfound", ("found",)),
        (b"Subject: x\r\rfound", ("found",)),
    ],
)
def test_broken_mime_is_read_where_it_can_be(raw: bytes, lines: tuple[str, ...]) -> None:
    """Lost headers, boundaries without a quote, an end or a match do not hide the text."""
    assert parse(raw).lines == lines


def test_a_body_that_only_claims_to_be_quoted_printable_is_left_alone() -> None:
    """Tools decode a body and leave its header; numbers after an equals sign must survive."""
    raw = (
        "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\nprzesyłka ?numer=0011"
    )

    assert parse(raw.encode()).lines == ("przesyłka ?numer=0011",)


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("utf-8", "Größe".encode(), "Größe"),
        ("iso-8859-1", "Größe".encode("latin-1"), "Größe"),
        ("iso-8859-1", b"\x80 5", "€ 5"),
        ("x-unknown", "Größe".encode(), "Größe"),
        ("x-unknown", "Größe".encode("cp1252"), "Größe"),
        ("us-ascii", "Größe".encode("cp1252"), "Größe"),
        ("utf-8", "Größe".encode("cp1252"), "Gr\ufffd\ufffde"),
        ("shift_jis", "荷物".encode("shift_jis"), "荷物"),
        ("gb2312", "订单".encode("gb2312"), "订单"),
        ("zip", "Größe".encode(), "Größe"),
        ("idna", b"plain", "plain"),
    ],
)
def test_any_charset_gives_text(charset: str, data: bytes, text: str) -> None:
    """Known charsets are obeyed, unknown and wrong ones fall back to UTF-8 and Windows-1252."""
    message = parse(b"Subject: x\nContent-Type: text/plain; charset=" + charset.encode() + b"\n\n" + data)

    assert message.plain in (text, "Größe")


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?utf-8?q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("=?utf-8?B?R3LDtsOfZQ==?=", "Größe"),
        ("=?utf-8?Q?Gr=C3?=\r\n =?utf-8?Q?=B6=C3=9Fe?=", "Größe"),
        ("Re: =?iso-8859-1?q?Gr=F6=DFe?= XL", "Re: Größe XL"),
        ("=?x-none?q?abc?=", "abc"),
        ("=?utf-8?q?broken", "=?utf-8?q?broken"),
        ("=?utf-8?b?!!!?=", ""),
        ("one\r\n\ttwo   three", "one two three"),
        ("=?utf-8?q?a=0D=0ABcc:_b?=", "a Bcc: b"),
        ("Gr\u00f6\u00dfe", "Größe"),
    ],
)
def test_subjects_are_decoded(raw: str, subject: str) -> None:
    """RFC 2047 in all its forms, split characters and line breaks included."""
    assert parse(b"Subject: " + raw.encode() + b"\r\n\r\n").subject == subject


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Fri, 20 Nov 99999 14:05:00 +0100", "Fri, 20 Nov 2026 99:99:99", "1" * 500]
)
def test_a_date_that_is_none_is_none(date: str) -> None:
    """An unreadable Date header is absent, never a guess."""
    assert parse(f"Date: {date}\n\n".encode()).date is None


def test_the_identity_is_the_content() -> None:
    """Another route, line end, folding or mbox quoting gives the same id; another word gives another."""
    one = b"Received: a\r\nSubject: Hello\r\n world\r\nFrom: a@example.com\r\nMessage-ID: <1@x>\r\n\r\n"
    one += b"body\r\nFrom here\r\n"
    two = b"Message-ID: <1@x>\nX-Spam: no\nFrom: a@example.com\nSubject: Hello world\n\nbody\n>From here\n\n"

    assert parse(one).content_id == parse(two).content_id
    assert parse(one).content_id != parse(one.replace(b"body", b"Body")).content_id
    assert parse(one).content_id != parse(one.replace(b"<1@x>", b"<2@x>")).content_id


def test_headers_alone_are_read() -> None:
    """What interest is judged by needs no body."""
    message = parse_headers(HEAD)

    assert message.subject == "Hello"
    assert message.lines == ()
    assert message.header("SUBJECT") == "Hello"


def test_soft_line_breaks_are_joined() -> None:
    """Flowed text (RFC 3676) is read in paragraphs."""
    message = parse(mail("Content-Type: text/plain; format=flowed", "", "where is ", "my parcel?", "thanks"))

    assert message.lines == ("where is my parcel?", "thanks")


def _deep(levels: int) -> bytes:
    heads = (b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(levels))
    return HEAD + b"".join(heads) + b"\ntext"


BOMBS = {
    "1000 multiparts deep": _deep(1_000),
    "1000 enclosed mails": HEAD + b"Content-Type: message/rfc822\n\n" * 1_000,
    "brackets in From": b"From: " + b"(" * 5_000 + b"\n\nx",
    "20000 recipients": HEAD + b"To: " + b", ".join(b"u%d@example.com" % n for n in range(20_000)) + b"\n\nx",
    "4000 parameters": HEAD + b"Content-Type: text/plain" + b"".join(b"; a*%d=x" % n for n in range(4_000)) + b"\n\nx",
    "100000 headers": b"".join(b"X-%d: y\n" % n for n in range(100_000)) + b"\nx",
    "one header of 5 MB": HEAD + b"X: " + b"a" * 5_000_000 + b"\n\nx",
    "endless parts": HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 500_000,
    "deep HTML": HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 200_000 + b"x",
    "encoded words": HEAD + b"X: " + b"=?utf-8?q?" * 6_000 + b"\n\nx",
    "blanks": HEAD + b"\n" + b" " * 3_000_000 + b"x",
    "empty lines": HEAD + b"\n" + b"\r" * 3_000_000,
    "zeroes": b"\0" * 1_000_000,
    "nothing": b"",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_value(name: str) -> None:
    """Nothing raises, hangs or recurses, whatever the bytes."""
    started = time.process_time()
    message = parse(BOMBS[name])

    assert isinstance(message, Message)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "name", ["1000 multiparts deep", "100000 headers", "one header of 5 MB", "endless parts", "deep HTML", "nothing"]
)
def test_a_mail_above_a_limit_is_unreadable(name: str) -> None:
    """Limits of parts, depth and headers show in `problem`; what came before is kept."""
    assert parse(BOMBS[name]).problem is Unread.UNREADABLE


def test_a_mail_above_the_size_limit_is_too_big() -> None:
    """Its headers are read all the same."""
    message = parse(HEAD + b"\r\n" + b"x" * 25_000_001)

    assert message.problem is Unread.TOO_BIG
    assert message.subject == "Hello"
    assert message.lines == ()


def test_the_identity_alone_is_that_of_the_whole_mail() -> None:
    """What tells a mail that is known from a new one does not depend on how much of it is read."""
    samples = sorted((Path(__file__).parents[1] / "mails").rglob("*.eml"))
    assert samples
    for sample in samples:
        raw = sample.read_bytes()
        assert content_identity(raw) == parse(raw).content_id == content_identity(raw.replace(b"\n", b"\r\n")), sample
