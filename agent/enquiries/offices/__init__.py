"""Where each carrier is asked, and in which time, as data: a YAML file per carrier beside this module.

A seller's own `enquiries/` beside the configuration adds carriers, and replaces shipped files of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent.enquiries.span import Span, read_span
from agent.vocabulary.carriers import carrier, carriers
from agent.vocabulary.data import data_files

KIND = "enquiries"
"""What the folder of a seller's own is called."""
_KEYS = {"languages", "channel", "url", "source", "seen_on", "confidence", "answer", "note", "windows"}
_SPANS = ("search_from", "claim_from", "claim_until", "damage_until")
_WINDOW = {"name", "abroad", "services", *_SPANS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a carrier takes a search and a claim for one kind of parcel; what nobody knows is None."""

    name: str
    abroad: bool | None = None
    """Only for parcels that cross a border, or that do not; None: for both."""
    services: tuple[str, ...] = ()
    """Only for services whose name holds one of these, in lower case."""
    search_from: Span | None = None
    claim_from: Span | None = None
    claim_until: Span | None = None
    damage_until: Span | None = None
    """For damage and missing contents, where it differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Whom to ask at a carrier."""

    carrier: str
    languages: tuple[str, ...]
    channel: str
    """In words: a form, an account, a chat."""
    url: str
    source: str
    seen_on: str
    confidence: str
    answer: Span | None = None
    """How long an answer usually takes, from the enquiry on."""
    note: str = ""
    """What the sender should know before asking."""
    windows: tuple[Times, ...] = ()
    """The first that fits a parcel holds."""


@cache
def offices() -> Mapping[str, Office]:
    """Every carrier that is known to be asked, by id."""
    return {stem: from_mapping(stem, data) for stem, data in data_files(__package__, KIND)}


def office_of(carrier_id: str | None) -> Office | None:
    """Where a carrier is asked: its own office, else its parent's, or None."""
    return next((offices()[one] for one in _family(carrier_id) if one in offices()), None)


def _family(carrier_id: str | None) -> Iterator[str]:
    owner = carrier(carrier_id) if carrier_id else None
    if owner is not None:
        yield owner.id
        if owner.parent is not None and owner.parent in carriers():
            yield owner.parent


def from_mapping(stem: str, data: Any) -> Office:
    """An office of its YAML mapping; raises ValueError that says what is wrong."""
    if not isinstance(data, Mapping) or set(data) - _KEYS or not {"channel", "url"} <= set(data):
        raise ValueError(f"needs channel and url, and may have {', '.join(sorted(_KEYS - {'channel', 'url'}))}")
    if not str(data["url"]).startswith("https://"):
        raise ValueError(f"url: needs an address that begins with https://, not {data['url']!r}")
    return Office(
        carrier=stem,
        languages=tuple(map(str, data.get("languages", ("en",)))),
        channel=str(data["channel"]),
        url=str(data["url"]),
        source=str(data.get("source", "your own file")),
        seen_on=str(data.get("seen_on", "")),
        confidence=str(data.get("confidence", "low")),
        answer=read_span(data["answer"]) if "answer" in data else None,
        note=str(data.get("note", "")),
        windows=tuple(_times(one) for one in data.get("windows", ())),
    )


def _times(data: Mapping[str, Any]) -> Times:
    if set(data) - _WINDOW or "name" not in data:
        raise ValueError(f"windows: each needs a name, and may have {', '.join(sorted(_WINDOW - {'name'}))}")
    return Times(
        name=str(data["name"]),
        abroad=data.get("abroad"),
        services=tuple(str(one).lower() for one in data.get("services", ())),
        **{name: read_span(data[name]) for name in _SPANS if name in data},
    )
