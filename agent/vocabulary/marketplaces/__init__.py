"""eBay's sites and figures as data: one YAML file per marketplace, each figure with its source, date and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from agent.vocabulary.data import data_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One rule's number, with where it was read."""

    value: int | float
    source: str
    seen_on: str
    confidence: str
    """`high` (eBay's own page), `medium` (secondary), `low` (inferred)."""


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
    figures: Mapping[str, Figure]
    integrated_carriers: tuple[str, ...] = ()
    """Carriers whose scans this site reads. General knowledge: a carrier that is missing is unclear, not refused."""


def _marketplace(data: Mapping[str, Any]) -> Marketplace:
    plain = dict(data)
    figures = {name: Figure(**figure) for name, figure in plain.pop("figures", {}).items()}
    plain["integrated_carriers"] = tuple(plain.get("integrated_carriers", ()))
    return Marketplace(**{**plain, "zone": ZoneInfo(plain["zone"])}, figures=figures)


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


def figure(site: str | None, name: str) -> Figure:
    """A rule's number on a site. Raises KeyError for a name that the site has no figure for.

    Only an unknown *site* falls back to the default one: a missing figure is never borrowed, for it may be money in
    another currency.
    """
    return marketplace(site).figures[name]
