"""Answers to FETCH as servers send them: in any order, with news in between, broken, or lies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.boxes.fetch import Piece, internal_date, read_answers

HEADER = b"Subject: ) {3} (\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        [(b"1 (UID 7 RFC822.SIZE 5 BODY[HEADER] {20}", HEADER), b")"],
        [(b"1 (BODY[HEADER]<0> {20}", HEADER), b" UID 7 RFC822.SIZE 5)"],
        [(b"1 (FLAGS (\\Seen (\\Odd)) uid 7 body[header] ~{20}", HEADER), b" rfc822.size 5)"],
        [(b'1 (X-GM-LABELS ("\\\\Inbox" "a) b") UID 7 BODY[HEADER]<0> {20}', HEADER), b" MODSEQ (12) RFC822.SIZE 5 )"],
        [b"1 (UID 7 RFC822.SIZE 5)", b"2 (FLAGS ())", (b"1 (UID 7 BODY[HEADER] {20}", HEADER), b")"],
        [b"1 (UID 7 RFC822.SIZE 5)", b"9 (UID 9 FLAGS (\\Seen))", (b"1 (BODY[HEADER] {20}", HEADER), b" UID 7)"],
    ],
)
def test_items_are_known_by_their_names(answer: list[Piece]) -> None:
    """Order, case, partial answers, labels and what the server tells unasked make no difference."""
    facts = read_answers(answer)[7]

    assert (facts[b"RFC822.SIZE"], facts[b"BODY[HEADER]"]) == (b"5", HEADER)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b"NIL", None),
        (b"nil", None),
        (b'""', b""),
        (b'"a \\"b\\" \\\\"', b'a "b" \\'),
        (b'"NIL"', b"NIL"),
        (b"()", None),
    ],
)
def test_bodies_that_are_no_literals(value: bytes, read: bytes | None) -> None:
    """Quoted strings are unquoted; NIL is nothing."""
    assert read_answers([b"3 (UID 4 BODY[] " + value + b")"])[4][b"BODY[]"] == read


@pytest.mark.parametrize(
    "answer",
    [
        [b"1 ((((\x00 {zz}"],
        [b"1 (UID 7"],
        [b"1 (UID 7))"],
        [b"1 (UID)"],
        [b'1 ("UID" 7)'],
        [b"1 (UID 7 BODY[] {3}"],
        [(b"1 (UID 7 BODY[] {4}", b"abc"), b")"],
        [(b"1 (UID 7 BODY[] {3}", b"abc")],
        [b'1 (UID 7 BODY[] "abc)'],
    ],
)
def test_what_is_no_answer_is_said_so(answer: list[Piece]) -> None:
    """The connection is given up then: no half of a mail is ever taken for a mail."""
    with pytest.raises(ValueError):
        read_answers(answer)


@given(st.lists(st.one_of(st.binary(max_size=60), st.text('()[]{}"\\ UID17BODY<>~', max_size=60).map(str.encode))))
def test_no_line_does_more_than_raise(lines: list[bytes]) -> None:
    """Anything is read or refused."""
    try:
        read_answers(lines)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (b"20-Nov-2026 14:05:00 +0000", datetime(2026, 11, 20, 14, 5, tzinfo=UTC)),
        (
            b" 1-NOV-2026 04:05:06 -0330",
            datetime(2026, 11, 1, 4, 5, 6, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
        ),
        (b"31-Feb-2026 04:05:06 +0000", None),
        (b"20-Nov-2026 14:05:00 +9999", None),
        (b"20-Foo-2026 14:05:00 +0000", None),
        (b"", None),
        (None, None),
    ],
)
def test_internal_dates(text: bytes | None, moment: datetime | None) -> None:
    """The offset stays; what is no time is none."""
    assert internal_date(text) == moment
