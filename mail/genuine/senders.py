"""Whose a domain is, and whom a name looks like. Domains are exact: see `agent/vocabulary/ebay.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from agent.vocabulary.carriers import carriers
from agent.vocabulary.data import parse_yaml
from mail.genuine.domains import organisational, skeleton, under, unicode_form

EBAY = "ebay"

# Brand words that are also ordinary words or names: they claim only when they stand alone ("Bring <…>", bring.example).
_ORDINARY = frozenset(
    {"bring", "posten", "posti", "hermes", "predict", "startrack", "mychoice", "speedpost", "packstation", "ctt"}
    | {"die post", "an post", "post ag", "epacket"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EbayDomains:
    """eBay's names, as its data file tells them."""

    sites: Mapping[str, str]
    """Registrable domain of a site to its marketplace id."""
    sending: frozenset[str]
    members: frozenset[str]
    marketing: frozenset[str]
    link_hosts: frozenset[str]
    currencies: Mapping[str, str]
    relays: frozenset[str]


@cache
def ebay_domains() -> EbayDomains:
    data = parse_yaml(resources.files("agent.vocabulary").joinpath("ebay.yaml").read_text(encoding="utf-8"))
    sites: dict[str, str] = data["sites"]
    below = {f"{sub}.{site}" for sub in data["subdomains"] for site in sites}
    return EbayDomains(
        sites=sites,
        sending=frozenset({*sites, *below, *data["domains"]}),
        members=frozenset(f"{data['member_subdomain']}.{site}" for site in sites),
        marketing=frozenset(
            {*data["marketing_domains"], *(f"{sub}.{site}" for sub in data["marketing_subdomains"] for site in sites)}
        ),
        link_hosts=frozenset({*sites, *data["link_hosts"]}),
        currencies=data["currencies"],
        relays=frozenset(data["relays"]),
    )


def owners(domain: str) -> tuple[str, ...]:
    """Who sends from exactly this domain: `("ebay",)`, carriers' ids (several may share one), or nobody."""
    name = domain.lower().rstrip(".")
    if name in ebay_domains().sending:
        return (EBAY,)
    return _carrier_domains().get(name, ())


def site_of(host: str) -> str | None:
    """The marketplace id of a host at an eBay site (`www.ebay.de` gives `EBAY_DE`), or None."""
    return ebay_domains().sites.get(organisational(host))


def is_ebay_host(host: str) -> bool:
    return organisational(host) in ebay_domains().link_hosts


def is_brand_host(host: str) -> bool:
    """Whether a link's host is eBay's or a carrier's own."""
    return is_ebay_host(host) or organisational(host) in _carrier_hosts()


def look_alike(domain: str) -> str | None:
    """Whom a domain that is not theirs looks like: spelling, other scripts, a brand as one of its words, or None.

    A brand that is only part of a word (`mysteryboxbyusps.com`) is no claim by itself.
    """
    if owners(domain) or organisational(domain) in _own_domains():
        return None
    name = unicode_form(domain)
    words = {skeleton(word) for label in name.split(".") for word in re.split(r"[-_]", label)}
    words |= {skeleton(label.replace("-", "")) for label in name.split(".")}
    whole = skeleton(organisational(name).partition(".")[0])
    for brand, owner in _brands():
        if brand == whole or (brand in words and brand not in _weak()):
            return owner
    return None


def contains_brand(domain: str) -> str | None:
    """Whose brand stands anywhere within a stranger's domain, even inside a word: weak, never enough alone."""
    if owners(domain) or organisational(domain) in _own_domains():
        return None
    name = skeleton(unicode_form(domain))
    return next((owner for brand, owner in _brands() if len(brand) >= 4 and brand in name), None)


def named_in(text: str) -> str | None:
    """Whose brand stands in a text as whole words, look-alike letters included, or None.

    Short names that are also words or syllables (`UPS`) count in capitals only.
    """
    bare = skeleton(text).strip()
    if bare in _weak():
        return dict(_brands()).get(bare)
    for match in _brand_words().finditer(bare):
        if len(match.group()) > 3 or _has_capitals(text):
            return dict(_brands())[match.group()]
    return None


def _has_capitals(text: str) -> bool:
    """Whether a word is all capitals, of whatever script."""
    return any(sum(map(str.isupper, word)) > 1 for word in re.findall(r"[^\W\d_]+", text) if word.isupper())


def is_relay(domain: str) -> bool:
    """A marketplace that passes on carriers' mails under its own name."""
    return any(under(domain, relay) for relay in ebay_domains().relays)


@cache
def _brand_words() -> re.Pattern[str]:
    """Every brand that claims wherever it stands, as whole words."""
    strong = (re.escape(brand) for brand, _ in _brands() if brand not in _weak())
    return re.compile(rf"(?<!\w)(?:{'|'.join(strong)})(?!\w)")


@cache
def _weak() -> frozenset[str]:
    return frozenset(skeleton(word) for word in _ORDINARY)


@cache
def _carrier_domains() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for carrier in sorted(carriers().values(), key=lambda c: (c.parent is not None, c.id)):
        for domain in carrier.mail_domains:
            found[domain.lower()] = (*found.get(domain.lower(), ()), carrier.id)
    return found


@cache
def _carrier_hosts() -> frozenset[str]:
    hosts = (organisational(host) for carrier in carriers().values() for host in carrier.page_hosts)
    return frozenset(hosts) | frozenset(organisational(domain) for domain in _carrier_domains())


@cache
def _own_domains() -> frozenset[str]:
    """Registrable domains that are a brand's own, whatever stands before them."""
    return frozenset(ebay_domains().link_hosts) | _carrier_hosts()


@cache
def _brands() -> tuple[tuple[str, str], ...]:
    """Brand as it looks, and its owner; longest first, so that `dhl paket` wins over `dhl`."""
    found = {skeleton(EBAY): EBAY}
    for carrier in sorted(carriers().values(), key=lambda c: (c.parent is not None, c.id)):
        for word in carrier.brand_words:
            found.setdefault(skeleton(word), carrier.id)
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))
