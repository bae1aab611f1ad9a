"""One Authentication-Results value (RFC 8601), read so that no comment, quote or value becomes syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_RESULT = re.compile(r"([a-z][a-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z_]+)(?=\s|$|\()", re.IGNORECASE)
_PROPERTY = re.compile(
    r'([a-z][a-z0-9_-]*)(?:[ \t]*\.[ \t]*([a-z0-9_-]+))?[ \t]*=[ \t]*((?:"(?:[^"\\]|\\.)*"|[^\s";])*)', re.IGNORECASE
)
_OTHER = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^\s"])+|"|\s+')
_COMMENT = re.compile(r"\([^()]*\)")
_BARE = re.compile(r"(?:spf|dkim|dmarc|compauth|arc)\s*=", re.IGNORECASE)
_LONGEST = 16_000


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result, lower case, with its properties such as `header.d`."""

    method: str
    result: str
    properties: Mapping[str, str] = field(default_factory=dict)

    def domain(self, name: str) -> str | None:
        """The domain in a property, the address before it left out; None where it is absent."""
        value = self.properties.get(name)
        return value.rpartition("@")[2].strip().rstrip(".").lower() if value else None

    def signers(self) -> tuple[str, ...]:
        """Who signed, of a DKIM result: `header.d`, or else the domain of `header.i`."""
        signer = self.domain("header.d") or self.domain("header.i")
        return (signer,) if signer else ()


def parse(value: str) -> tuple[str | None, tuple[Result, ...]]:
    """The authserv-id in lower case (None in Microsoft's form) and the results of one header.

    A value whose quotes or comments do not close says nothing: what of it is syntax cannot be told.
    """
    plain = _without_comments(value) if len(value) <= _LONGEST else None
    if plain is None:
        words = re.split(r"[\s;(]", value[:300].strip(), maxsplit=1)
        return words[0].strip('"').lower(), ()
    parts = list(_parts(plain)) if '"' in plain else plain.split(";")
    first = parts[0].strip() if parts else ""
    authserv_id: str | None = None
    if not _BARE.match(first):
        authserv_id = first.split()[0].strip('"').lower() if first.split() else ""
        parts = parts[1:]
    return authserv_id, tuple(result for part in parts if (result := _result(part)))


def _result(part: str) -> Result | None:
    match = _RESULT.match(part.strip())
    if match is None:
        return None
    found: dict[str, str] = {}
    for name, said in _properties(part.strip()[match.end() :]):
        if found.setdefault(name, said) != said:
            found[name] = ""  # said twice and differently: which one holds cannot be told
    return Result(match.group(1).lower(), match.group(2).lower(), found)


def _properties(text: str) -> Iterator[tuple[str, str]]:
    """`type.name` and value of each property; `reason=` and anything else is stepped over whole."""
    at = 0
    while at < len(text):
        if found := _PROPERTY.match(text, at):
            if found.group(2):
                yield f"{found.group(1)}.{found.group(2)}".lower(), found.group(3).replace('"', "").lower()
        else:
            found = _OTHER.match(text, at)
        at = found.end() if found and found.end() > at else at + 1


def _without_comments(value: str) -> str | None:
    """The value less its comments, which nest (RFC 5322 3.2.2); None where a comment or a quote never closes."""
    if '"' not in value and "\\" not in value:
        once = _COMMENT.sub(" ", value)
        if "(" not in once and ")" not in once:
            return once  # as most are: nothing quoted, nothing nested
    kept, depth, quoted, skip = [], 0, False, False
    for char in value:
        if skip:
            skip = False
        elif char == "\\" and (quoted or depth):
            skip = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
        elif char == ")" and depth and not quoted:
            depth -= 1
            kept.append(" ")
            continue
        if not depth:
            kept.append(char)
    return None if depth or quoted else "".join(kept)


def _parts(value: str) -> Iterator[str]:
    """The pieces between semicolons, those within quotes left alone."""
    start, quoted, skip = 0, False, False
    for at, char in enumerate(value):
        if skip:
            skip = False
        elif char == "\\" and quoted:
            skip = True
        elif char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            yield value[start:at]
            start = at + 1
    yield value[start:]
