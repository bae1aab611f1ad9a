"""Where a mail's links lead, and what they carry. They are read as text and never fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from mail.message import Link
from mail.senders import is_ebay_host, site_of

_WRAPPED = re.compile(r"(?:loc|mpre|ru|url|u|target)=(https?%(?:25)?3a[^&]+)", re.IGNORECASE)
_MOST_LINKS = 400
_MOST_PARAMETERS = 60


def targets_of(links: Iterable[Link]) -> tuple[str, ...]:
    """Where links lead, and where links in links lead: eBay wraps them in trackers."""
    found: list[str] = []
    for link in tuple(links)[:_MOST_LINKS]:
        target = link.href
        for _ in range(3):
            found.append(target)
            inner = _WRAPPED.search(target)
            if inner is None:
                break
            target = unquote(inner.group(1))
            if "%3a%2f" in target[:16].lower():
                target = unquote(target)
    return tuple(found)


def parameters_of(targets: Iterable[str], *, of_ebay: bool) -> Mapping[str, tuple[str, ...]]:
    """What links carry, by name in lower case; `of_ebay`: only links to eBay, which nobody else can write."""
    found: dict[str, list[str]] = {}
    for target in targets:
        host, query = _split(target)
        if of_ebay and not is_ebay_host(host):
            continue
        for name, value in parse_qsl(query, max_num_fields=_MOST_PARAMETERS) if _is_short(query) else ():
            found.setdefault(name.lower(), []).append(value.strip())
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def sites_of(targets: Iterable[str]) -> tuple[str, ...]:
    """The marketplaces that links to eBay lead to, one for each such link."""
    hosts = (_split(target)[0] for target in targets)
    return tuple(site for host in hosts if is_ebay_host(host) and (site := site_of(host)))


def _split(target: str) -> tuple[str, str]:
    try:
        parts = urlsplit(target)
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.query


def _is_short(query: str) -> bool:
    return query.count("&") < _MOST_PARAMETERS
