"""Every reader against its samples in tests/mails/<reader>/, with goldens beside them (`--bless` writes them anew)."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mail.reader import load, read

SAMPLES = Path(__file__).resolve().parent.parent / "mails"
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
    golden = path.with_suffix(".expected.json")
    if bless:
        golden.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    assert reading.reader == path.parent.name, reading.trace
    assert said == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [reader.name for reader in load()])
def test_every_reader_has_samples(name: str) -> None:
    """A reader without a sample is not known to work."""
    assert list((SAMPLES / name).glob("*.eml")), f"write tests/mails/{name}/<case>.eml and run pytest --bless"


def test_every_sample_folder_has_its_reader() -> None:
    """A sample whose reader is gone is a mail that nobody reads."""
    assert {folder.name for folder in SAMPLES.iterdir() if folder.is_dir()} <= {reader.name for reader in load()}
