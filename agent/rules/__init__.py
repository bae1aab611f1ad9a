"""eBay's rules as data: `ebay.yaml` for every site, a file per site for what differs there.

A seller's own `rules/` beside the configuration override both, name by name: `rules/ebay.yaml` for all sites,
`rules/ebay_de.yaml` for one. An own figure may be a bare number, or a mapping with its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

from agent.vocabulary.data import data_files
from agent.vocabulary.marketplaces import DEFAULT_SITE, marketplaces

KIND = "rules"
"""What the folder of a seller's own is called."""
EVERYWHERE = "ebay"
"""The file that holds for all sites."""
CONFIDENCES = ("high", "medium", "low", "default", "own")
"""eBay's own page; a secondary source; inferred; a choice of this product; the seller's word."""
_KEYS = ("value", "source", "seen_on", "confidence")
_LONGEST = 3660
_WHOLE = ("_business_days", "_months", "_day", "_count", "_orders")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One rule's number, with where it was read. Rates are percent; money is in the site's currency."""

    value: int | float
    source: str
    seen_on: str
    confidence: str
    """One of `CONFIDENCES`."""


def figure(site: str | None, name: str) -> Figure:
    """A rule's number on a site. Raises KeyError for a name that the site has no figure for.

    Only an unknown *site* falls back to the default one: a missing figure is never borrowed, for it may be money in
    another currency.
    """
    return figures(site)[name]


def find_figure(site: str | None, name: str) -> Figure | None:
    """As `figure`, None where the site has none of this name."""
    return figures(site).get(name)


def figures(site: str | None) -> Mapping[str, Figure]:
    """Every figure of a site such as `EBAY_GB` by name; the default site's where it is missing or unknown."""
    known = _of_sites()
    return known.get(site or DEFAULT_SITE) or known[DEFAULT_SITE]


def names(stem: str) -> frozenset[str]:
    """What a file of this name may hold: money stands in the files of sites only."""
    shipped = _shipped()
    return frozenset(
        shipped[EVERYWHERE] if stem == EVERYWHERE else (name for file in shipped.values() for name in file)
    )


def stems() -> tuple[str, ...]:
    """How a file of figures may be called, without its suffix."""
    return (EVERYWHERE, *(site.lower() for site in sorted(marketplaces())))


def from_mapping(data: Mapping[str, Any], source: str = "") -> dict[str, Figure]:
    """Figures of a YAML mapping, raising ValueError that names the rule; `source` fills what an own file leaves out."""
    return {str(name): _figure(str(name), given, source) for name, given in data.items()}


def _figure(name: str, given: Any, source: str) -> Figure:
    parts = dict(given) if isinstance(given, Mapping) else {"value": given}
    if unknown := sorted(str(key) for key in set(parts) - set(_KEYS)):
        raise ValueError(f"{name}: unknown key {unknown[0]!r}; known are {', '.join(_KEYS)}")
    value = parts.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < 0:
        raise ValueError(f"{name}: needs a number that is not negative, not {value!r}")
    if name.endswith(("_days", "_hours", "_months", "_day")) and value > _LONGEST:
        raise ValueError(f"{name}: {value} is longer than ten years")
    if name.endswith(_WHOLE) and value != int(value):
        raise ValueError(f"{name}: needs a whole number, not {value!r}")
    rest = {key: str(parts[key]) for key in _KEYS[1:] if parts.get(key) is not None}
    if missing := [key for key in _KEYS[1:] if key not in rest and not source]:
        raise ValueError(f"{name}: lacks its {missing[0]}")
    if rest.get("confidence", "own") not in CONFIDENCES:
        raise ValueError(f"{name}: confidence is one of {', '.join(CONFIDENCES)}, not {rest['confidence']!r}")
    return Figure(value=value, **{"source": source, "seen_on": "", "confidence": "own", **rest})


@cache
def _shipped() -> Mapping[str, Mapping[str, Figure]]:
    return {stem: from_mapping(data or {}) for stem, data in data_files(__package__)}


@cache
def _of_sites() -> Mapping[str, Mapping[str, Figure]]:
    """Every site's figures: what is shipped, then the seller's own, in each the file for all sites first."""
    layers: tuple[dict[str, Mapping[str, Figure]], dict[str, Mapping[str, Figure]]] = ({}, {})
    for stem, data in data_files(__package__, KIND):
        own = stem in layers[0]  # every name is shipped once
        layers[own][stem] = from_mapping(data or {}, f"your rules/{stem}.yaml" if own else "")
    return {
        site: {
            name: found
            for layer in layers
            for stem in (EVERYWHERE, site.lower())
            for name, found in layer.get(stem, {}).items()
        }
        for site in marketplaces()
    }
