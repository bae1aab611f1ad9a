"""A carrier that nobody taught us: one data file in a seller's folder, and its mails are read."""

from __future__ import annotations

from pathlib import Path

from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import Authenticity, TrackingStatus
from mail.worker.isolation import IsolatedReader

CARRIER = """
id: swift-parcel
name: Swift Parcel
country: GB
zone: Europe/London
numbers: [{name: own, pattern: 'SWP\\d{9}', confidence: 0.9}]
mail_domains: [mail.swiftparcel.example]
brand_words: [swift parcel]
"""
READER = """
from agent.vocabulary.events import TrackingUpdate
from agent.vocabulary.status import TrackingStatus
from mail.reader import Unreadable, reader


@reader(carrier="swift-parcel", events="tracking_update", languages="en")
def extract(mail):
    number = mail.text("tracking_number")
    if "tucked in" not in mail.subject:
        raise Unreadable("not tucked in")
    return [TrackingUpdate(tracking_number=number, carrier="swift-parcel", status=TrackingStatus.DELIVERED)]
"""


def sample(subject: str, *lines: str) -> bytes:
    head = (
        "Authentication-Results: mx.example.com; dmarc=pass header.from=mail.swiftparcel.example",
        "Received: from a by mx.example.com",
        "From: Swift Parcel <news@mail.swiftparcel.example>",
        f"Subject: {subject}",
        "Date: Wed, 18 Nov 2026 15:02:00 +0000",
        "Content-Type: text/plain; charset=utf-8",
    )
    return "\r\n".join((*head, "", *lines)).encode()


def own(folder: Path, **files: str) -> dict[str, Path]:
    for name, text in files.items():
        kind, _, rest = name.partition("__")
        (folder / kind).mkdir()
        (folder / kind / rest.replace("_dot_", ".").replace("_", "-")).write_text(text, encoding="utf-8")
    return {kind: folder / kind for kind in ("carriers", "readers") if (folder / kind).exists()}


def test_one_data_file_makes_a_carrier_known(tmp_path: Path) -> None:
    """Number, status and carrier, from the one place where carriers' mails are understood; genuine by its domain."""
    with IsolatedReader(own=own(tmp_path, carriers__swift_parcel_dot_yaml=CARRIER)) as reader:
        reading = reader.read(
            sample("Your parcel has been delivered", "Tracking number: SWP123456789", "Left with your neighbour."),
            "mx.example.com",
        )
        stranger = reader.read(sample("Hello").replace(b"@mail.swiftparcel.example", b"@swift-parcel.example"))

    (event,) = reading.events
    assert isinstance(event, TrackingUpdate)
    assert (event.tracking_number, event.carrier) == ("SWP123456789", "swift-parcel")
    assert event.status is TrackingStatus.DELIVERED
    assert (reading.authenticity, reading.reader) == (Authenticity.VERIFIED, "carrier")
    assert stranger.authenticity is not Authenticity.VERIFIED


def test_without_the_file_nobody_knows_it() -> None:
    """The same mail without the seller's file is none of ours."""
    with IsolatedReader() as reader:
        assert reader.read(sample("Your parcel has been delivered", "Tracking number: SWP123456789")).events == ()


def test_a_readers_file_speaks_before_the_one_behind(tmp_path: Path) -> None:
    """One more file reads what words alone do not tell, and leaves the rest to the reader behind all carriers."""
    files = own(tmp_path, carriers__swift_parcel_dot_yaml=CARRIER, readers__swift_parcel_dot_py=READER)
    with IsolatedReader(own=files) as reader:
        told = reader.read(sample("All tucked in", "Tracking number: SWP123456789"))
        left = reader.read(sample("Out for delivery today", "Tracking number: SWP123456789"))

    assert (told.reader, left.reader) == ("swift-parcel", "carrier")
    assert [event.status for event in (*told.events, *left.events) if isinstance(event, TrackingUpdate)] == [
        TrackingStatus.DELIVERED,
        TrackingStatus.OUT_FOR_DELIVERY,
    ]
