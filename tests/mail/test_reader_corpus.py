"""The readers against real mails that other projects publish; never part of this project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.vocabulary.carriers import carrier, related
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import Authenticity, Unread
from mail.reader import read

pytestmark = pytest.mark.corpus

# The truth's words for a status, where they are not ours.
STATUS = {"handed_to_courier": "out_for_delivery", "ready_for_pickup": "available_for_pickup"}
CARRIER = {"FedEx SmartPost": "fedex", "DPD Polska": "dpd-pl", "Hermes Germany": "hermes-de"}


@pytest.fixture(scope="module")
def truths(corpus: Path) -> list[dict[str, Any]]:
    lines = (corpus / "mail" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def test_every_carriers_mail_gives_number_carrier_and_status(corpus: Path, truths: list[dict[str, Any]]) -> None:
    """All 16: the right number, whose it is, and where the parcel is."""
    mails = [truth for truth in truths if truth["kind"] == "carrier"]
    for truth in mails:
        reading = read((corpus / "mail" / truth["file"]).read_bytes())
        (event,) = reading.events
        assert isinstance(event, TrackingUpdate)

        said = ([event.tracking_number], event.status)
        assert said == (truth["tracking_numbers"], STATUS.get(truth["event"], truth["event"])), truth["file"]
        named = carrier(CARRIER.get(truth["carrier"], truth["carrier"]))
        assert named is not None, truth["carrier"]
        assert event.carrier is not None
        assert related(event.carrier, named.id), (truth["file"], event.carrier)
    assert len(mails) == 16


def test_times_and_forecasts_are_those_of_the_mail(corpus: Path, truths: list[dict[str, Any]]) -> None:
    """A time in the body counts as the carrier's local clock; a forecast is a window, with its hours where printed."""
    seen = 0
    for truth in (t for t in truths if t["kind"] == "carrier"):
        (event,) = read((corpus / "mail" / truth["file"]).read_bytes()).events
        assert isinstance(event, TrackingUpdate)

        if truth.get("delivered_at", "").startswith("20"):
            assert str(event.occurred_at).startswith(truth["delivered_at"]), truth["file"]
        day, _, hours = (truth["eta"] or "").partition(" ")
        if not day.startswith("20"):
            continue
        window = event.estimated_delivery
        assert window is not None, truth["file"]
        first, _, last = hours.partition("-")
        wanted = (f"{day}T{first}:00", f"{day}T{last}:00") if hours else (day, day)
        assert (window.min.isoformat(), window.max.isoformat()) == wanted, truth["file"]
        seen += 1
    assert seen >= 8


def test_other_mails_are_left_alone(corpus: Path, truths: list[dict[str, Any]]) -> None:
    """Digests of letters and other shops' mails give no event; nothing without results of a receiver is verified."""
    for truth in truths:
        reading = read((corpus / "mail" / truth["file"]).read_bytes(), "mx.example.com")

        assert reading.authenticity is Authenticity.UNVERIFIED, truth["file"]
        assert reading.unread is not Unread.UNREADABLE, (truth["file"], reading.trace)
        if truth["kind"] == "negative":
            assert reading.events == (), truth["file"]
            assert reading.unread in (Unread.NO_READER, Unread.NOT_OURS)


def test_hostile_bytes_never_raise(corpus: Path) -> None:
    """Bounces, broken MIME and authentication vectors are results, and none is verified."""
    files = [
        path for path in sorted((corpus / "hostile").rglob("*")) if path.is_file() and path.stat().st_size < 200_000
    ]
    for path in files[::7]:
        reading = read(path.read_bytes(), "gmail")

        assert reading.authenticity is not Authenticity.VERIFIED, path
