"""Where a mail's links lead, and what they carry. They are read as text and never fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from mail.genuine.senders import is_ebay_host, site_of
from mail.parsing.message import Link

_WRAPPED = re.compile(r"=(?=([hH][tT][tT][pP][sS]?%(?:25)?3[aA][^&]+))")
_WRAPPERS = ("loc", "mpre", "ru", "url", "u", "target")
_USUAL = re.compile(
    r"https?://([A-Za-z0-9.-]+)(?:/[^?#\x00-\x20]*+)?+(?:\?([^#\x00-\x20]*+))?+(?:#[^\x00-\x20]*+)?+", re.ASCII
)
_SIGNS = (("%3A", ":"), ("%2F", "/"), ("%3F", "?"), ("%3D", "="), ("%26", "&"), ("%20", " "))
_MOST_LINKS = 400
_MOST_PARAMETERS = 60


def targets_of(links: Iterable[Link]) -> tuple[str, ...]:
    """Where links lead, and where links in links lead: eBay wraps them in trackers."""
    found: list[str] = []
    for link in tuple(links)[:_MOST_LINKS]:
        target = link.href
        for _ in range(3):
            found.append(target)
            inner = _wrapped_in(target)
            if inner is None:
                break
            target = _unquoted(inner)
            if "%3a%2f" in target[:16].lower():
                target = _unquoted(target)
    return tuple(found)


def _wrapped_in(target: str) -> str | None:
    if "%" not in target:
        return None
    for found in _WRAPPED.finditer(target):
        if target[max(0, found.start() - 6) : found.start()].lower().endswith(_WRAPPERS):
            return found[1]
    return None


def parameters_of(targets: Iterable[str], *, of_ebay: bool) -> Mapping[str, tuple[str, ...]]:
    """What links carry, by name in lower case; `of_ebay`: only links to eBay, which nobody else can write."""
    found: dict[str, list[str]] = {}
    for host, query in _apart(tuple(targets)):
        if not query or query.count("&") >= _MOST_PARAMETERS or (of_ebay and not _is_ebay(host)):
            continue
        for pair in query.split("&"):
            name, _, value = pair.partition("=")
            if "%" in pair or "+" in pair:
                name, value = _unquoted(name.replace("+", " ")), _unquoted(value.replace("+", " "))
            if value:
                found.setdefault(name.lower(), []).append(value.strip())
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def sites_of(targets: Iterable[str]) -> tuple[str, ...]:
    """The marketplaces that links to eBay lead to, one for each such link."""
    return tuple(site for host, _ in _apart(tuple(targets)) if (site := _site(host)))


def _unquoted(written: str) -> str:
    """What `unquote` gives, sooner where only the signs of an address are quoted."""
    if "%" not in written:
        return written
    plain = written
    for quoted, sign in _SIGNS:
        plain = plain.replace(quoted, sign)
    return unquote(written) if "%" in plain or "%25" in written else plain


@lru_cache(maxsize=256)
def _is_ebay(host: str) -> bool:
    return is_ebay_host(host)


@lru_cache(maxsize=256)
def _site(host: str) -> str | None:
    return site_of(host) if is_ebay_host(host) else None


@lru_cache(maxsize=4)  # a mail's readers ask again and again
def _apart(targets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Host and query of each link."""
    return tuple(_split(target) for target in targets)


def _split(target: str) -> tuple[str, str]:
    if usual := _USUAL.fullmatch(target):
        return usual[1].lower(), usual[2] or ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.query
