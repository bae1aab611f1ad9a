"""Answers described as data: what counts over what, and that wrappers, spellings and missing fields do no harm."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from agent.vocabulary.status import LookOutcome, Reason, TrackingStatus
from scrapers.carriers import NotFound, Unreadable, load
from scrapers.look import PageReading, Tracked
from scrapers.page import read_page
from scrapers.reading.document import Document
from scrapers.reading.judged import Judged, scan
from scrapers.reading.layout import Layout, read
from scrapers.reading.verdict import judge

S = TrackingStatus
PAGES = Path(__file__).resolve().parent.parent / "pages"
DESCRIBED = sorted(
    path
    for name, page in load().items()
    if hasattr(sys.modules[type(page).__module__], "LAYOUT")
    for path in (PAGES / name).glob("*.json")
    if not path.name.endswith(".expected.json")
)
MADE = Layout(
    carrier="canada-post",
    parcel="events",
    number="id",
    rows="events",
    words="text",
    time="at",
    zone="zone",
    place=("city",),
    row_code=("code",),
    code="code",
    headline="status",
    delivered="done",
    absent={"error.code": ("404",)},
    onward="next",
    onward_carrier="nextCarrier",
)


def answer(data: Any) -> Document:
    return Document(kind="json", text="", data=data)


def one(data: Any, number: str | None = None) -> Tracked:
    (parcel,) = read(MADE, answer(data), number)
    return parcel


def row(text: str, at: str = "2026-11-12T10:00:00", **more: Any) -> dict[str, Any]:
    return {"text": text, "at": at, **more}


def told(reading: PageReading) -> list[Any]:
    return [
        (p.tracking_number, p.status, p.reason, p.onward, [(s.description, s.occurred_at, s.status) for s in p.scans])
        for p in reading.parcels
    ]


def spelt(data: Any) -> Any:
    """The same data, its names written in snake case and capitals."""
    if isinstance(data, Mapping):
        return {
            "".join(f"_{c}" if c.isupper() else c for c in name).upper().lstrip("_"): spelt(value)
            for name, value in data.items()
        }
    return [spelt(value) for value in data] if isinstance(data, list) else data


JUNK: tuple[Any, ...] = (
    True,
    10**30,
    -1,
    "x" * 5000,
    "99999999999999",
    "2026-13-45 99:99",
    "+99:99",
    [],
    {},
    [[]],
    {"a": 0},
)


def without(data: Any, instead: Any = None) -> Iterator[Any]:
    """The same data, each time with another value that is null, or something else."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield {**data, name: instead}
            yield from ({**data, name: less} for less in without(value, instead))
    elif isinstance(data, list):
        for at, value in enumerate(data[:3]):
            yield [*data[:at], instead, *data[at + 1 :]]
            yield from ([*data[:at], less, *data[at + 1 :]] for less in without(value, instead))


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda p: f"{p.parent.name}/{p.name}")
@pytest.mark.parametrize("change", [lambda data: {"response": {"payload": data}}, spelt], ids=["wrapped", "spelt"])
def test_wrappers_and_spellings_change_nothing(sample: Path, change: Any) -> None:
    """A carrier that wraps its answer once more, or spells its names otherwise, is read all the same."""
    data = json.loads(sample.read_text(encoding="utf-8"))
    before = read_page(json.dumps(data).encode(), carrier=sample.parent.name)
    after = read_page(json.dumps(change(data)).encode(), carrier=sample.parent.name)
    if "old" in sample.name:
        return  # a code of the outermost object
    assert after.outcome is before.outcome
    assert told(after) == told(before)


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_field_that_is_gone_never_makes_news(sample: Path) -> None:
    """Whatever one field is null: nothing is raised, and no end or trouble told that no row of the whole tells."""
    data = json.loads(sample.read_text(encoding="utf-8"))
    whole = read_page(json.dumps(data).encode(), carrier=sample.parent.name)
    seen = {p.status for p in whole.parcels} | {s.status for p in whole.parcels for s in p.scans}
    for less in without(data):
        for parcel in read_page(json.dumps(less).encode(), carrier=sample.parent.name).parcels:
            news = parcel.status in {S.DELIVERED, S.RETURNED, S.EXCEPTION} and parcel.scans
            assert not news or parcel.status in seen


@pytest.mark.parametrize("sample", DESCRIBED, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_junk_in_any_place_is_an_answer_too(sample: Path) -> None:
    """Numbers for words, lists for objects, years without end: read or unreadable, never an error."""
    data = json.loads(sample.read_text(encoding="utf-8"))
    page = load()[sample.parent.name]
    for junk in JUNK:
        for changed in without(data, junk):
            with suppress(Unreadable, NotFound):
                page.parse(answer(changed), None)


def test_the_flag_goes_over_words() -> None:
    """`done` makes a delivery of any words; where it denies, words of a delivery say nothing."""
    assert one({"id": "A1234567", "done": True, "events": [row("Out for delivery")]}).status is S.DELIVERED
    denied = one({"id": "A1234567", "done": False, "events": [row("Delivered")]})
    assert denied.status is S.UNKNOWN


def test_the_code_goes_over_words() -> None:
    """A row's own code decides, its words give the reason where they say the same."""
    parcel = one({"id": "A1234567", "events": [row("Left at the community mailbox", code="1408")]})
    assert (parcel.status, parcel.classified_by) == (S.DELIVERED, "code")
    assert one({"id": "A1234567", "events": [row("Delivered", code="0174")]}).status is S.OUT_FOR_DELIVERY


def test_a_summary_yields_to_a_row_that_only_waits() -> None:
    """Brought to a shop counts as done to some summaries; the row says that it waits there."""
    for waits in (scan("Signed", judged=Judged(S.AVAILABLE_FOR_PICKUP, None, "code")), scan("Ready for pick-up")):
        assert judge([waits], coded=Judged(S.DELIVERED, None, "code")).status is S.AVAILABLE_FOR_PICKUP
    assert judge([scan("Arrived at depot")], coded=Judged(S.DELIVERED, None, "code")).status is S.DELIVERED


def test_a_coarse_code_yields_to_a_row_that_tells_more() -> None:
    """ "In transit" over a row of a failed attempt is the failed attempt; over a delivery it stays what it is."""
    coarse = Judged(S.IN_TRANSIT, None, "code")
    assert judge([scan("Delivery attempted, no one home")], coded=coarse).status is S.DELIVERY_ATTEMPTED
    assert judge([scan("Delivered")], coded=coarse).status is S.IN_TRANSIT


def test_rows_come_newest_first_whatever_the_order() -> None:
    """Both orders give the same rows."""
    rows = [row("Accepted", "2026-11-10T08:00:00"), row("Out for delivery", "2026-11-12T08:00:00")]
    risen, fallen = (one({"id": "A1234567", "events": order}) for order in (rows, rows[::-1]))
    assert risen.scans == fallen.scans
    assert risen.scans[0].description == "Out for delivery"


@pytest.mark.parametrize(
    ("at", "zone", "moment"),
    [
        ("2026-11-12 10:00:00", "GMT+8", datetime(2026, 11, 12, 10, tzinfo=timezone(timedelta(hours=8)))),
        ("2026-11-12 10:00:00", "-0330", datetime(2026, 11, 12, 10, tzinfo=timezone(-timedelta(hours=3, minutes=30)))),
        ("2026-11-12 10:00:00", "EST", datetime(2026, 11, 12, 10)),
        ("2026-11-12 10:00:00", None, datetime(2026, 11, 12, 10)),
        (1794477600000, None, datetime(2026, 11, 12, 10, tzinfo=UTC)),
        ("1794477600000", None, datetime(2026, 11, 12, 10, tzinfo=UTC)),
        (1794477600, "+01:00", datetime(2026, 11, 12, 11, tzinfo=timezone(timedelta(hours=1)))),
        ("2026-11-12 10:00:00", "+99", datetime(2026, 11, 12, 10)),
    ],
)
def test_a_clock_keeps_the_zone_that_stands_beside_it(at: Any, zone: str | None, moment: datetime) -> None:
    """An offset is taken over, a zone's name or none leaves a local clock, epoch times are exact."""
    (found,) = one({"id": "A1234567", "events": [{"text": "Accepted", "at": at, "zone": zone}]}).scans
    assert found.occurred_at is not None
    assert str(found.occurred_at) == str(moment)


def test_an_unknown_number_is_the_carriers_own_code_alone() -> None:
    """Its code says so; an empty list, another code or an empty answer does not."""
    with pytest.raises(NotFound, match=r"error\.code: 404"):
        read(MADE, answer({"error": {"code": 404}, "events": []}), None)
    answers: list[Any] = [{"events": []}, {"error": {"code": 500}}, {}, [], {"error": {"code": None}}]
    for data in answers:
        with pytest.raises(Unreadable):
            read(MADE, answer(data), None)


def test_rows_count_over_a_code_of_an_error() -> None:
    """A parcel that is told is told, whatever another part of the answer says."""
    assert one({"error": {"code": "404"}, "id": "A1234567", "events": [row("Accepted")]}).status is S.IN_TRANSIT


def test_of_several_parcels_each_keeps_its_number() -> None:
    """Two parcels of an answer stay two."""
    data = {"all": [{"id": f"A123456{n}", "events": [row("Accepted")]} for n in (7, 8)]}
    assert [p.tracking_number for p in read(MADE, answer(data), None)] == ["A1234567", "A1234568"]


@pytest.mark.parametrize(
    ("told_number", "carrier", "found"),
    [
        ("9261290100710022440130", "USPS", ("9261290100710022440130", "usps")),
        ("9261290100710022440130", None, ("9261290100710022440130", "usps")),
        ("QX 710022", "Royal Mail Group", ("QX710022", "royal-mail")),
        ("QX710022", "Somebody", ("QX710022", None)),
        ("A1234567", "USPS", None),
        ("a-1234567", "USPS", None),
        ("see e-mail", "USPS", None),
        ("", "USPS", None),
        (None, "USPS", None),
    ],
)
def test_the_next_leg_has_a_number_of_its_own(
    told_number: str | None, carrier: str | None, found: tuple[str, str | None] | None
) -> None:
    """The carrier is the one named, else the one that the number surely belongs to; the same number is no next leg."""
    parcel = one({"id": "A1234567", "next": told_number, "nextCarrier": carrier, "events": [row("Accepted")]})
    assert (parcel.onward and (parcel.onward.tracking_number, parcel.onward.carrier)) == found


def test_asked_for_the_next_leg_there_is_none_after_it() -> None:
    """Who asks with the last-mile number gets the parcel under it."""
    data = {"id": "A1234567", "next": "9261290100710022440130", "events": [row("Accepted")]}
    assert one(data, "9261290100710022440130").onward is None


def test_an_endless_answer_is_bounded() -> None:
    """Deep and wide answers are given up, not recursed into."""
    deep: Any = {"events": []}
    for _ in range(5000):
        deep = {"x": deep}
    with pytest.raises(Unreadable):
        read(MADE, answer(deep), None)
    wide = {"id": "A1234567", "events": [row("Accepted", f"2026-11-12T10:00:{n % 60:02}") for n in range(9000)]}
    assert len(one(wide).scans) <= 500


def test_reasons_of_words_stay_with_a_flag() -> None:
    """A flag says that, the row's words say how."""
    parcel = one({"id": "A1234567", "done": True, "events": [row("Delivered, left with neighbour")]})
    assert (parcel.status, parcel.reason) == (S.DELIVERED, Reason.LEFT_WITH_NEIGHBOUR)


def test_a_whole_sample_is_found_by_each_of_its_numbers() -> None:
    """Asked for the last-mile number, a consolidator's answer is still that parcel's."""
    body = (PAGES / "yunexpress" / "handed_over.json").read_bytes()
    for number in ("YT2631500271004402", "LV502201777FR"):
        reading = read_page(body, carrier="yunexpress", number=number)
        assert reading.outcome is LookOutcome.READ
        assert reading.parcels[0].tracking_number == number
