"""Whose Authentication-Results are believed, and where in a mail they stand: receivers.yaml tells it per provider."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from agent.vocabulary.data import parse_yaml
from mail.genuine.domains import organisational, under
from mail.genuine.results import Result, parse
from mail.parsing.message import Message

_HEADER = "authentication-results"
_MOST = 50  # headers of that name that are looked at
_RECEIVED = 1_000  # characters of a Received that tell who handed the mail to whom
_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_FROM = re.compile(r"\s*from\s+(.*)", re.IGNORECASE | re.DOTALL)
_INSIDE = tuple(
    ipaddress.ip_network(name)
    for name in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")
)
_INSIDE_6 = tuple(ipaddress.ip_network(name) for name in ("::1/128", "fe80::/10", "fc00::/7"))
_NUMERIC = re.compile(
    r"(?<![\w.:-])(?:IPv6:)?([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """How a provider marks what it wrote."""

    ids: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    bare: bool = False
    several: bool = False
    hosts: tuple[str, ...] = ()
    sealers: tuple[str, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Found:
    """What the receiver wrote about a mail."""

    results: tuple[Result, ...]
    rivals: tuple[tuple[Result, ...], ...] = ()
    """Further headers in the receiver's name: somebody's invention, or those of an earlier delivery."""


@cache
def _providers() -> Mapping[str, Receiver]:
    data = parse_yaml(resources.files("mail.genuine").joinpath("receivers.yaml").read_text(encoding="utf-8"))
    found: dict[str, Receiver] = {}
    for name, entry in data.items():
        rules = Receiver(
            ids=tuple(entry.get("ids", ())),
            under=tuple(entry.get("under", ())),
            bare=entry.get("bare", False),
            several=entry.get("several", False),
            hosts=tuple(entry.get("hosts", ())),
            sealers=tuple(entry.get("sealers", ())),
        )
        found |= dict.fromkeys((name, *entry.get("also", ())), rules)
    return found


def receiver_named(name: str) -> Receiver:
    """A provider's rules by its name, or those of a single authserv-id."""
    wanted = name.strip().lower()
    return _providers().get(wanted) or Receiver(ids=(wanted,))


def providers() -> tuple[str, ...]:
    """The names that a configuration may give instead of an authserv-id."""
    return tuple(_providers())


def provider_of(authserv_id: str | None) -> str | None:
    """The provider that writes such a header, or None; for telling a seller what to configure."""
    return next((name for name, rules in _providers().items() if rules.wrote(authserv_id)), None)


def authserv_ids(message: Message) -> tuple[str | None, ...]:
    """Who says to have checked a mail, topmost first, believed or not; None is Microsoft's nameless form."""
    return tuple(parse(value)[0] for name, value in message.written if name == _HEADER)[:_MOST]


def trusted_results(message: Message, receiver: str | None) -> Found | None:
    """What the receiver found, or None where it said nothing.

    Headers are read from the top, and the topmost in the receiver's name is its own. A Received that another host
    wrote ends what the receiver can have written: everything below it came with the mail. Further headers are only
    added where a provider writes one for each check, or where they stand above the hop by which the mail came in.
    """
    if not receiver or not receiver.strip():
        return None
    rules = receiver_named(receiver)
    own: list[tuple[Result, ...]] = []
    rivals: list[tuple[Result, ...]] = []
    hops: list[str] = []
    ended, seen = False, 0
    for name, value in message.written:
        if name == "received":
            by = _BY.search(value[:_RECEIVED])
            ended = ended or bool(by and not rules.owns(by.group(1)))
            hops.append(value[:_RECEIVED])
        if name != _HEADER or seen == _MOST:
            continue
        seen += 1
        authserv_id, results = parse(value)
        if not rules.wrote(authserv_id):
            ended = ended or rules.bare  # of headers that name nobody, only the topmost can be its own
        elif ended or (own and (rules.bare or (not rules.several and any(map(_from_outside, hops))))):
            rivals.append(results)
        else:
            own.append(results)
    if not own:
        return None
    kept, more = _topmost_of_each(own)
    return Found(kept, (*more, *rivals))


def _topmost_of_each(headers: list[tuple[Result, ...]]) -> tuple[tuple[Result, ...], list[tuple[Result, ...]]]:
    """Of several headers the results of the first that speaks of a method, and what later ones say of it."""
    kept: list[Result] = []
    rivals: list[tuple[Result, ...]] = []
    for results in headers:
        known = {result.method for result in kept}
        kept += [result for result in results if result.method not in known]
        if again := tuple(result for result in results if result.method in known):
            rivals.append(again)
    return tuple(kept), rivals


def _from_outside(received: str) -> bool:
    """Whether a Received tells of a hop from another network; one within a machine or a private net does not."""
    by = _BY.search(received)
    found = _FROM.match(received[: by.start()] if by else received)
    if found is None:
        return False
    addresses = [_address(text) for text in _NUMERIC.findall(found.group(1))]
    known = [address for address in addresses if address is not None]
    if known:
        return not all(any(address in network for network in (*_INSIDE, *_INSIDE_6)) for address in known)
    return by is None or re.search(r"\bwith\s+(?:lmtp|local)", received[by.end() :], re.IGNORECASE) is None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
