"""Authentication-Results (RFC 8601): finding the receiver's own, and reading it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from agent.vocabulary.data import parse_yaml
from mail.domains import organisational, under
from mail.message import Message

_HEADER = "authentication-results"
_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_RESULT = re.compile(r"([a-z][a-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z_]+)", re.IGNORECASE)
_PROPERTY = re.compile(r'([a-z]+)\s*\.\s*([a-z0-9-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]+)', re.IGNORECASE)
_BARE = re.compile(r"(?:spf|dkim|dmarc|compauth)\s*=", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """How a provider marks what it wrote."""

    ids: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    bare: bool = False
    several: bool = False
    hosts: tuple[str, ...] = ()

    def wrote(self, authserv_id: str | None) -> bool:
        if authserv_id is None:
            return self.bare
        return authserv_id in self.ids or any(under(authserv_id, parent) for parent in self.under)

    def owns(self, host: str) -> bool:
        """Whether a Received header's `by` names one of its own machines; a name without a dot is internal."""
        name = host.strip("[]").lower().rstrip(".")
        if "." not in name or re.fullmatch(r"[0-9.]+|[0-9a-f:]+(\.[0-9.]+)?", name):
            return True
        return any(under(name, own) for own in (*self.hosts, *self.ids, *self.under)) or any(
            organisational(name) == organisational(own) for own in self.ids
        )


@cache
def _providers() -> Mapping[str, Receiver]:
    data = parse_yaml(resources.files("mail").joinpath("receivers.yaml").read_text(encoding="utf-8"))
    return {
        name: Receiver(
            ids=tuple(entry.get("ids", ())),
            under=tuple(entry.get("under", ())),
            bare=entry.get("bare", False),
            several=entry.get("several", False),
            hosts=tuple(entry.get("hosts", ())),
        )
        for name, entry in data.items()
    }


def receiver_named(name: str) -> Receiver:
    """A provider's rules by its name, or those of a single authserv-id."""
    wanted = name.strip().lower()
    return _providers().get(wanted) or Receiver(ids=(wanted,))


def trusted_results(message: Message, receiver: str | None) -> tuple[Result, ...] | None:
    """What the receiver found, or None where it said nothing.

    Headers are read from the top. The first Received that another host wrote ends what the receiver can have written:
    everything below it came with the mail.
    """
    if not receiver or not receiver.strip():
        return None
    rules = receiver_named(receiver)
    found: list[Result] = []
    for name, value in message.headers:
        if name == "received" and (by := _BY.search(value)) and not rules.owns(by.group(1)):
            break
        if name != _HEADER:
            continue
        authserv_id, results = parse(value)
        if not rules.wrote(authserv_id):
            if rules.bare:  # such a header names nobody, so only the topmost can be told from a stranger's
                break
            continue
        if not rules.several:
            return results
        found += results
    return tuple(found) or None


def parse(value: str) -> tuple[str | None, tuple[Result, ...]]:
    """The authserv-id in lower case (None in Microsoft's form) and the results of one header."""
    parts = list(_parts(_without_comments(value)))
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
    for prop in _PROPERTY.finditer(_quoted_reason_dropped(part)):
        found.setdefault(f"{prop.group(1)}.{prop.group(2)}".lower(), prop.group(3).strip('"').lower())
    return Result(match.group(1).lower(), match.group(2).lower(), found)


def _quoted_reason_dropped(part: str) -> str:
    return re.sub(r'\breason\s*=\s*("(?:[^"\\]|\\.)*"|\S+)', " ", part, flags=re.IGNORECASE)


def _without_comments(value: str) -> str:
    """The value less its comments, which nest (RFC 5322 3.2.2); one that never closes takes the rest with it."""
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
    return "".join(kept)


def _parts(value: str) -> Iterator[str]:
    """The pieces between semicolons, those within quotes left alone."""
    start, quoted = 0, False
    for at, char in enumerate(value):
        if char == '"' and (at == 0 or value[at - 1] != "\\"):
            quoted = not quoted
        elif char == ";" and not quoted:
            yield value[start:at]
            start = at + 1
    yield value[start:]
