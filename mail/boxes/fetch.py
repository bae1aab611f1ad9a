"""What a server answers to FETCH, read from the lines and literals that imaplib collected.

IMAPClient's own lexer walks through every byte of every mail; this one steps over literals by their length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

Piece = bytes | tuple[bytes, bytes]
"""A line's text up to its literal, with the literal; or the text that ends an answer."""

Facts = dict[bytes, bytes | None]
"""Items of one mail by name, upper case and without a partial's offset; None for NIL and for lists."""

_TOKEN = re.compile(
    rb"""[ \t]*(?:
      ([()])
    | "((?:[^"\\]|\\.)*)"
    | ~?\{(\d+)\+?\}\Z
    | ([^\s()"\[{]+ (?:\[ [^\]]* \] (?:<\d+(?:\.\d+)?>)? )?)
    )""",
    re.VERBOSE,
)
_ESCAPED = re.compile(rb"\\(.)")
_DATE = re.compile(rb" ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")


def read_answers(pieces: Iterable[Piece]) -> dict[int, Facts]:
    """Facts by UID, several answers to one mail together; what names no UID was not asked for, and is left out.

    Raises ValueError for what is no answer at all.
    """
    found: dict[int, Facts] = {}
    answer: list[Piece] = []
    for piece in pieces:
        answer.append(piece)
        if isinstance(piece, bytes):
            facts = _facts(answer)
            answer = []
            uid = facts.get(b"UID")
            if uid is not None and uid.isdigit():
                found.setdefault(int(uid), {}).update(facts)
    if answer:
        raise ValueError("a FETCH answer without its end")
    return found


def internal_date(value: bytes | None) -> datetime | None:
    """INTERNALDATE with its offset, or None where it is none."""
    found = _DATE.fullmatch(value or b"")
    if found is None or (month := found[2].lower()) not in _MONTHS:
        return None
    offset = timedelta(hours=int(found[8]), minutes=int(found[9])) * (-1 if found[7] == b"-" else 1)
    day, year, hour, minute, second = (int(found[group]) for group in (1, 3, 4, 5, 6))
    try:
        zone = timezone(offset) if offset else UTC
        return datetime(year, _MONTHS.index(month) + 1, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _facts(answer: list[Piece]) -> Facts:
    """Names and values of `<number> (NAME value NAME value …)`, in whatever order they come."""
    facts: Facts = {}
    depth = 0
    name: bytes | None = None
    for piece in answer:
        text, literal = (piece, None) if isinstance(piece, bytes) else piece
        position, end = 0, len(text.rstrip())
        while position < end:
            token = _TOKEN.match(text, position)
            if token is None:
                raise ValueError(f"a FETCH answer that cannot be read: {text[position : position + 40]!r}")
            position = token.end()
            bracket, quoted, size, atom = token.groups()
            if bracket:
                depth += 1 if bracket == b"(" else -1
                if depth < 0:
                    raise ValueError("a FETCH answer with a bracket too many")
                if depth == 1 and bracket == b")" and name is not None:
                    facts[name], name = None, None  # a list was its value: nothing that we ask for is one
                continue
            if size is not None and (literal is None or int(size) != len(literal)):
                raise ValueError("a FETCH answer without its literal")
            if depth != 1:
                continue  # the number in front, or within a list
            if name is None:
                if atom is None:
                    raise ValueError("a FETCH answer with a value that has no name")
                name = atom.upper().partition(b"<")[0]
            else:
                facts[name], name = _value(quoted, literal if size is not None else None, atom), None
    if depth or name is not None:
        raise ValueError("a FETCH answer that breaks off")
    return facts


def _value(quoted: bytes | None, literal: bytes | None, atom: bytes | None) -> bytes | None:
    if literal is not None:
        return literal
    if quoted is not None:
        return _ESCAPED.sub(rb"\1", quoted) if b"\\" in quoted else quoted
    return None if atom is None or atom.upper() == b"NIL" else atom
