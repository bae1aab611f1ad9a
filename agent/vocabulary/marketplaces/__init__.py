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
    """Country code of the public holidays that its business days skip."""
    figures: Mapping[str, Figure]


def _marketplace(data: Mapping[str, Any]) -> Marketplace:
    plain = dict(data)
    figures = {name: Figure(**figure) for name, figure in plain.pop("figures", {}).items()}
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
