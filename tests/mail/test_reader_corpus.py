"""The readers against real mails that other projects publish; never part of this project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import Authenticity, Unread
from mail.reader import read

pytestmark = pytest.mark.corpus

OURS = {"usps_delivered.eml", "usps_exception.eml", "royal_mail_uk_out_for_delivery.eml", "dhl_out_for_delivery.eml"}


@pytest.fixture(scope="module")
def truths(corpus: Path) -> list[dict[str, Any]]:
    lines = (corpus / "mail" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def test_known_carriers_give_number_and_status(corpus: Path, truths: list[dict[str, Any]]) -> None:
    """USPS, Royal Mail and DHL: the right number, and where the parcel is."""
    for truth in (t for t in truths if t["file"] in OURS):
        reading = read((corpus / "mail" / truth["file"]).read_bytes())
        (event,) = reading.events
        assert isinstance(event, TrackingUpdate)

        assert ([event.tracking_number], event.status) == (truth["tracking_numbers"], truth["event"]), truth["file"]


def test_times_and_forecasts_are_those_of_the_mail(corpus: Path, truths: list[dict[str, Any]]) -> None:
    """A time in the body counts as the carrier's local clock; a forecast is a window."""
    for truth in (t for t in truths if t["file"] in OURS):
        (event,) = read((corpus / "mail" / truth["file"]).read_bytes()).events
        assert isinstance(event, TrackingUpdate)

        if "delivered_at" in truth:
            assert str(event.occurred_at).startswith(truth["delivered_at"]), truth["file"]
        if truth["eta"]:
            assert event.estimated_delivery is not None, truth["file"]
            assert event.estimated_delivery.min.isoformat() == truth["eta"], truth["file"]


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
