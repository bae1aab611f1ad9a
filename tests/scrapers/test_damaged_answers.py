"""Answers of which a field is missing, null or of another kind: read with what is left, or refused, never misread."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.page import read_page

PAGES = Path(__file__).resolve().parent.parent / "pages"
ANSWERS = sorted(p for p in PAGES.glob("*/*.json") if not p.name.endswith(".expected.json") and p.parent.name != "any")
OTHER_KINDS: list[Any] = [None, "", 0, True, [], {}, ["x"], {"x": "y"}, "\u0000", "9" * 400]
FINAL = {TrackingStatus.DELIVERED, TrackingStatus.RETURNED}


def places(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The ways to every field of an answer, and what stands there."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in children:
        yield (*way, key), value
        yield from places(value, (*way, key))


def damaged(data: Any, way: tuple[Any, ...], value: Any) -> Any:
    """A copy of an answer with another value in one place."""
    changed = copy.deepcopy(data)
    at = changed
    for key in way[:-1]:
        at = at[key]
    at[way[-1]] = value
    return changed


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_damaged_field_makes_no_false_end(answer: Path) -> None:
    """Whatever one field is turned into, nothing breaks, and no answer newly says delivered or returned."""
    data = json.loads(answer.read_bytes())
    carrier = answer.parent.name
    whole = read_page(answer.read_bytes(), carrier=carrier)
    said = {row.status for parcel in whole.parcels for row in (parcel, *parcel.scans)}
    for index, (way, before) in enumerate(list(places(data))):
        value = OTHER_KINDS[index % len(OTHER_KINDS)]
        reading = read_page(json.dumps(damaged(data, way, value)).encode(), carrier=carrier)
        if not isinstance(before, bool | dict | list):  # a flag turned round, a history gone: that says something else
            new = {parcel.status for parcel in reading.parcels} & FINAL
            assert new <= said, f"{way} = {value!r}"
        if whole.outcome is LookOutcome.READ:
            assert reading.outcome is not LookOutcome.NOT_FOUND, f"{way} = {value!r}"
