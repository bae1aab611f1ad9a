"""eBay's sites as data: one YAML file per marketplace. Its figures stand in `agent.rules`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from agent.vocabulary.data import data_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketplace:
    """One eBay site."""

    id: str
    """As eBay's APIs name it: `EBAY_US`."""
    country: str
    currency: str
    domain: str
    """The site's registrable domain, such as `ebay.co.uk`."""
    zone: ZoneInfo
    language: str
    holidays: str
    """Public holidays that its business days skip: `US`, or with a subdivision `GB-ENG`."""
    integrated_carriers: tuple[str, ...] = ()
    """Carriers whose scans this site reads. General knowledge: a carrier that is missing is unclear, not refused."""


def _marketplace(data: Mapping[str, Any]) -> Marketplace:
    plain = dict(data)
    plain["integrated_carriers"] = tuple(plain.get("integrated_carriers", ()))
    return Marketplace(**{**plain, "zone": ZoneInfo(plain["zone"])})


@cache
def marketplaces() -> Mapping[str, Marketplace]:
    """Every known site by id."""
    found = (_marketplace(data) for _, data in data_files(__package__))
    return {site.id: site for site in found}


def by_domain(domain: str) -> Marketplace | None:
    """The site of an exact eBay domain (`ebay.de`, `www.ebay.de`, `members.ebay.de`), or None."""
    host = domain.lower().rstrip(".")
    for prefix in ("www.", "members."):
        host = host.removeprefix(prefix)
    return next((site for site in marketplaces().values() if site.domain == host), None)


DEFAULT_SITE = "EBAY_US"
"""Stands in for a site that nobody knows: of those seen it is the strictest, for there eBay may decide unasked."""


def marketplace(site: str | None) -> Marketplace:
    """The site of an id such as `EBAY_GB`; the default site where the id is missing or unknown."""
    known = marketplaces()
    return known.get(site or DEFAULT_SITE) or known[DEFAULT_SITE]
