"""Every reader against its samples, with goldens beside them (`--bless` writes them anew).

A sample is `tests/mails/<reader>/<case>.<language>.eml`; one of the reader behind all carriers has the carrier's id
before its case: `tests/mails/carrier/evri.left_with_neighbour.en.eml`.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.vocabulary.carriers import carriers
from mail.reader import load, read

SAMPLES = Path(__file__).resolve().parent.parent / "mails"
SURE = 0.8
"""What a mail of ours says plainly is at least so sure; how sure, tests/mail/test_confidence.py holds."""
MAILS = sorted(SAMPLES.glob("*/*.eml"))


def plain(value: Any) -> Any:
    """What a value says, as JSON: absent facts left out."""
    if is_dataclass(value):
        said = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {name: fact for name, fact in said.items() if fact not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("path", MAILS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_sample(path: Path, bless: bool) -> None:
    """A sample is claimed by the reader of its folder, and says what its golden says."""
    reading = read(path.read_bytes(), "mx.example.com")

    said = plain(reading)
    said.pop("trace")
    said.pop("recipients")
    for event in said.get("events", ()):
        assert event.pop("confidence") >= (0.5 if event.get("status") == "unknown" else SURE)
    golden = path.with_suffix(".expected.json")
    if bless:
        golden.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    assert reading.reader == path.parent.name, reading.trace
    assert said == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [reader.name for reader in load()])
def test_every_reader_has_samples(name: str) -> None:
    """A reader without a sample is not known to work."""
    assert list((SAMPLES / name).glob("*.eml")), f"write tests/mails/{name}/<case>.eml and run pytest --bless"


def claims() -> list[tuple[str, str, str]]:
    """What readers claim: reader, type of event, language."""
    return [(one.name, event, language) for one in load() for event in one.events for language in one.languages]


def given(sample: Path) -> set[str]:
    """The types of event in a sample's golden."""
    golden = json.loads(sample.with_suffix(".expected.json").read_text(encoding="utf-8"))
    return {event["type"] for event in golden.get("events", ())}


@pytest.mark.parametrize(("name", "event", "language"), sorted(claims()))
def test_each_claim_is_shown_twice(name: str, event: str, language: str) -> None:
    """An event that a reader claims in a language has samples in at least two wordings or layouts."""
    samples = (SAMPLES / name).glob(f"*.{language}.eml")
    assert sum(event in given(sample) for sample in samples) >= 2, f"write samples of {event} in {language}"


@pytest.mark.parametrize(
    ("carrier", "language"), [(one.id, language) for one in carriers().values() for language in one.mails]
)
def test_each_carrier_is_shown_twice_in_each_of_its_languages(carrier: str, language: str) -> None:
    """A carrier's `mails:` names the languages in which two samples of its mails give a parcel of its."""
    samples = list(SAMPLES.glob(f"*/{carrier}.*.{language}.eml"))
    assert sum("tracking_update" in given(sample) for sample in samples) >= 2


def test_every_shipped_reader_says_what_it_claims() -> None:
    """The table of what is read is made of these claims; a reader of noise gives no event."""
    assert [one.name for one in load() if not one.languages or (not one.events and one.name != "ebay_noise")] == []


def test_every_sample_folder_has_its_reader() -> None:
    """A sample whose reader is gone is a mail that nobody reads."""
    assert {folder.name for folder in SAMPLES.iterdir() if folder.is_dir()} <= {reader.name for reader in load()}
