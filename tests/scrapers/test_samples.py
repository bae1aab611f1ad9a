"""Samples of pages, written by us, and beside each of them what is read from it."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.carriers import load
from scrapers.page import read_page

PAGES = Path(__file__).resolve().parent.parent / "pages"
SAMPLES = sorted(p for p in PAGES.glob("*/*") if not p.name.endswith(".expected.json"))


def plain(value: Any) -> Any:
    """A reading as JSON, empty fields left out."""
    if is_dataclass(value) and not isinstance(value, type):
        found = {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        return {name: item for name, item in found.items() if item not in (None, [], {})}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_sample_reads_as_its_golden_says(sample: Path, bless: bool) -> None:
    """Each sample gives exactly what stands in the golden beside it; `--bless` writes it anew."""
    carrier = None if sample.parent.name == "any" else sample.parent.name
    reading = json.dumps(plain(read_page(sample.read_bytes(), carrier=carrier)), ensure_ascii=False, indent=1) + "\n"
    golden = sample.with_name(sample.name + ".expected.json")
    if bless:
        golden.write_text(reading, encoding="utf-8")
    assert golden.is_file(), f"no golden beside {sample.name}: run pytest --bless and look at it"
    assert reading == golden.read_text(encoding="utf-8")


def test_every_carrier_reader_has_samples() -> None:
    """Nobody adds a carrier without a page that it reads and one that it does not know."""
    outcomes = {
        name: {read_page(p.read_bytes(), carrier=name).outcome for p in SAMPLES if p.parent.name == name}
        for name in load()
    }
    assert outcomes
    for name, seen in outcomes.items():
        assert {LookOutcome.READ, LookOutcome.NOT_FOUND} <= seen, name


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_another_number_is_never_read(sample: Path) -> None:
    """Asked for a number that the page does not name, no sample says anything of it."""
    reading = read_page(sample.read_bytes(), number="RA123456785FI")
    assert reading.outcome is not LookOutcome.READ
    assert not reading.parcels


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_generic_reader_never_invents_a_delivery(sample: Path) -> None:
    """Without the carriers' own readers a page may say less, but never `delivered` where its golden does not."""
    own = read_page(sample.read_bytes(), carrier=None if sample.parent.name == "any" else sample.parent.name)
    delivered = {p.tracking_number for p in own.parcels if p.status is TrackingStatus.DELIVERED}
    for parcel in read_page(sample.read_bytes(), generic=True).parcels:
        assert parcel.reader == "generic"
        assert parcel.status is not TrackingStatus.DELIVERED or delivered
