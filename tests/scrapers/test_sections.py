"""Pages that tell of several parcels: what is read is the asked one's, or nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.page import read_page
from scrapers.reading import document
from scrapers.reading.identity import normalised

S = TrackingStatus
PAGES = Path(__file__).resolve().parent.parent / "pages"
ROWS = {
    "A": (("17.11.2026 12:10", "Zugestellt"), ("17.11.2026 07:05", "In Zustellung")),
    "B": (("16.11.2026 23:51", "Sendung beschädigt"), ("16.11.2026 17:30", "Abgeholt")),
}
NUMBERS = {"A": "LUX-771-0044-A", "B": "LUX-771-0044-B"}


def paragraphs(name: str) -> str:
    return "".join(f"<p>{when} {said}</p>" for when, said in ROWS[name])


def table_rows(name: str) -> str:
    return "".join(f"<tr><td>{when}</td><td>{said}</td></tr>" for when, said in ROWS[name])


MARKUPS = {
    "boxes": lambda n, no: f"<div class=p><h3>Paket: {no}</h3>{paragraphs(n)}</div>",
    "numbered boxes": lambda n, no: f"<div class=p><h3>Paket {'AB'.index(n) + 1}: {no}</h3>{paragraphs(n)}</div>",
    "flat": lambda n, no: f"<h3>{no}</h3>{paragraphs(n)}",
    "flat with a status beside the number": lambda n, no: (
        f"<div><h3>{no}</h3><b>{ROWS[n][0][1]}</b></div><div>{paragraphs(n)}</div>"
    ),
    "number below": lambda n, no: f"<div>{paragraphs(n)}<p>Sendungsnummer {no}</p></div>",
    "flat, number below": lambda n, no: f"<ul>{paragraphs(n).replace('<p>', '<li>')}</ul><p>Sendungsnummer {no}</p>",
    "one table": lambda n, no: f"<tr><th colspan=2>Sendung {no}</th></tr>{table_rows(n)}",
    "tables": lambda n, no: f"<table><caption>{no}</caption>{table_rows(n)}</table>",
    "a list in a list": lambda n, no: f"<li>{no}<ul>{paragraphs(n).replace('<p>', '<li>')}</ul></li>",
    "terms": lambda n, no: f"<dt>{no}</dt><dd>{paragraphs(n)}</dd>",
    "lines": lambda n, no: f"Sendung {no}<br>" + "<br>".join(f"{when} {said}" for when, said in ROWS[n]) + "<br>",
    "as typed": lambda n, no: f"Sendung {no}\n" + "\n".join(f"{when}  {said}" for when, said in ROWS[n]) + "\n",
}
AROUND = {"one table": "table", "a list in a list": "ul", "terms": "dl", "as typed": "pre"}


@pytest.mark.parametrize("order", ["AB", "BA"])
@pytest.mark.parametrize("markup", MARKUPS)
def test_each_number_gets_its_own_history(markup: str, order: str) -> None:
    """However two parcels stand on a page, each is asked for in turn and answered with its own rows."""
    around = AROUND.get(markup, "div")
    body = "".join(MARKUPS[markup](name, NUMBERS[name]) for name in order)
    page = f"<html><body><h1>Ihre Pakete</h1><{around}>{body}</{around}><p>© 2026</p></body></html>".encode()
    for name, status in (("A", S.DELIVERED), ("B", S.EXCEPTION)):
        reading = read_page(page, number=NUMBERS[name])
        assert reading.outcome is LookOutcome.READ, name
        assert reading.parcels[0].tracking_number == normalised(NUMBERS[name])
        assert reading.parcels[0].status is status
        assert [scan.raw_time for scan in reading.parcels[0].scans] == [when for when, _ in ROWS[name]]


@pytest.mark.parametrize(
    "page",
    [
        "<ul><li>{A}</li><li>{B}</li></ul><div>{rows}</div>",
        "<ul><li>{B}</li><li>{A}</li></ul><div>{rows}</div><div>{rows}</div>",
        "<h2>{A}</h2>{rows}<h2>{B}</h2>",
        "<h2>{A}</h2>{rows}<h2>{B}</h2><p>Noch keine Daten</p>",
        "<p>Stand 19.11.2026</p><h2>{A}</h2>{rows}<h2>{B}</h2>",
        "<table><tr><td>{A}</td><td>17.11.2026 12:10</td><td>Zugestellt</td></tr><tr><td>{B}</td></tr></table>",
        "<div><b>{B}</b> <b>{A}</b></div>{rows}",
    ],
)
def test_a_history_that_may_be_of_another_parcel_is_not_read(page: str) -> None:
    """Where the asked parcel has no rows of its own, another's are never given for them."""
    body = page.format(rows=paragraphs("A"), **NUMBERS)
    assert read_page(f"<html><body>{body}</body></html>".encode(), number=NUMBERS["B"]).outcome is not LookOutcome.READ


def test_numbers_under_other_labels_part_nothing() -> None:
    """An order's number in the shape of the parcel's stands over no section of its own."""
    page = f"<body><p>Sendungsnummer 4471209933</p><p>Kundennummer 8810023377</p>{paragraphs('A')}</body>"
    reading = read_page(page.encode(), number="4471209933")
    assert reading.parcels[0].status is S.DELIVERED


def events(said: str) -> list[dict[str, str]]:
    return [{"when": "2026-11-17T12:10", "what": said}, {"when": "2026-11-16T07:05", "what": "Out for delivery"}]


A, B = (normalised(number) for number in NUMBERS.values())
NEWS, OLD = events("Delivered"), events("Damaged")


@pytest.mark.parametrize(
    "data",
    [
        {"items": [{"no": A, "events": OLD}, {"no": B, "events": NEWS}]},
        {"items": [{"head": {"no": B}, "events": NEWS}, {"head": {"no": A}, "events": OLD}]},
        {A: {"events": OLD}, B: {"events": NEWS}},
        {"asked": [A, B], "parcels": [{"ref": A, "events": OLD}, {"ref": B, "events": NEWS}]},
    ],
)
def test_data_of_several_parcels_is_told_apart(data: dict[str, Any]) -> None:
    """Whatever the field of the number is called, each parcel has its own entry."""
    for number, status in ((A, S.EXCEPTION), (B, S.DELIVERED)):
        reading = read_page(json.dumps(data).encode(), number=number)
        assert [p.status for p in reading.parcels] == [status]


@pytest.mark.parametrize(
    "data",
    [
        {"query": A, "result": {"parcelNo": B, "events": NEWS}},
        {"items": [{"no": A, "events": []}, {"no": B, "events": NEWS}]},
        {"items": [{"head": {"no": A}}, {"head": {"no": B}, "events": NEWS}]},
        {A: {"events": []}, B: {"events": NEWS}},
    ],
)
def test_data_without_the_asked_parcels_rows_is_not_read(data: dict[str, Any]) -> None:
    """A neighbour's rows are never taken for those of a parcel without any."""
    assert read_page(json.dumps(data).encode(), number=A).outcome is LookOutcome.LAYOUT_CHANGED


SAMPLES = sorted(p for p in PAGES.glob("*/*.html"))
SECOND = {
    "box": "<section><h2>{no}</h2><p>20.11.2026 10:00 Refused by the recipient, returned to sender</p>"
    "<p>19.11.2026 08:00 Out for delivery</p></section>",
    "flat": "<h2>Parcel {no}</h2><p>20.11.2026 10:00 Returned to sender, delivered to sender</p>"
    "<p>19.11.2026 08:00 Out for delivery</p>",
    "table": "<table><tr><th>Parcel</th><td>{no}</td></tr><tr><td>20.11.2026 10:00</td><td>Returned to sender</td></tr>"
    "<tr><td>19.11.2026 08:00</td><td>Out for delivery</td></tr></table>",
}


def _other(number: str) -> str:
    """A number of the same shape."""
    return re.sub(r"\d", lambda digit: str((int(digit.group()) + 3) % 10), number)


@pytest.mark.parametrize("given", [True, False], ids=["carrier", "no carrier"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_second_parcel_on_a_sample_changes_nothing(sample: Path, given: bool) -> None:
    """With another parcel's section before or behind it, a sample is read as before or not at all."""
    carrier = sample.parent.name if given and sample.parent.name != "any" else None
    source = document.decode(sample.read_bytes())
    alone = read_page(sample.read_bytes(), carrier=carrier)
    if len(alone.parcels) != 1 or alone.parcels[0].tracking_number is None:
        pytest.skip("no parcel, or several")
    number = alone.parcels[0].tracking_number or ""
    mine = read_page(sample.read_bytes(), carrier=carrier, number=number).parcels[0]
    visible = document.read(sample.read_bytes()).visible
    printed = re.search(r"[ .-]?".join(map(re.escape, number)), visible, re.IGNORECASE)
    other = _other(printed.group() if printed else number)
    for section in SECOND.values():
        second = section.format(no=other)
        start = opening.end() if (opening := re.search(r"(?i)<body[^>]*>", source)) else 0
        end = source.lower().rfind("</body>")
        for at in (start, end if end > 0 else len(source)):
            page = source[:at] + second + source[at:]
            own = read_page(page.encode(), carrier=carrier, number=number)
            assert own.outcome is not LookOutcome.READ or own.parcels[0].status in {mine.status, S.UNKNOWN}
            theirs = read_page(page.encode(), carrier=carrier, number=other)
            times = [scan.raw_time or "" for parcel in theirs.parcels[:1] for scan in parcel.scans]
            assert all(when.startswith(("19.11.2026", "20.11.2026")) for when in times)
            assert not theirs.parcels or theirs.parcels[0].status in {S.RETURNED, S.RETURNING, S.EXCEPTION}
