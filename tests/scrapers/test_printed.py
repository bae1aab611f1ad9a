"""Pages that are tables: the carrier's fixed words as codes, plain refusals of a number, the last-mile number."""

from __future__ import annotations

import pytest

from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.carriers import Unreadable
from scrapers.page import read_page
from scrapers.reading import document, printed
from scrapers.reading.onward import printed_onward

S = TrackingStatus


def page(*rows: tuple[str, str, str], before: str = "<p>Item number: RR710022486KR</p>") -> bytes:
    body = "".join(f"<tr><td>{at}</td><td>{said}</td><td>{where}</td></tr>" for at, said, where in rows)
    return f"<html><meta charset=utf-8><body>{before}<table>{body}</table></body></html>".encode()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("배달완료", S.DELIVERED),
        ("배달준비", S.IN_TRANSIT),
        ("미배달", S.DELIVERY_ATTEMPTED),
        ("통관보류", S.EXCEPTION),
        ("알 수 없는 말", S.UNKNOWN),
    ],
)
def test_a_posts_fixed_words_are_its_codes(said: str, status: TrackingStatus) -> None:
    """Words that no wording rule knows mean what the carrier's data file says, others stay unknown."""
    body = page(("2026.11.03 17:20", "접수", "대구"), ("2026.11.07 10:15", said, "CANADA"))
    (parcel,) = printed.read("korea-post", document.read(body), None)
    assert parcel.scans[0].status is status
    assert parcel.scans[0].description == said


def test_unknown_words_after_a_delivery_are_not_skipped() -> None:
    """What came after the delivery may have changed everything."""
    body = page(("2026.11.07 10:15", "알 수 없는 말", "CANADA"), ("2026.11.06 10:15", "배달완료", "CANADA"))
    (parcel,) = printed.read("korea-post", document.read(body), None)
    assert parcel.status is S.UNKNOWN


def test_another_posts_words_mean_nothing() -> None:
    """The codes of one carrier are not read for another."""
    body = page(("2026.11.03 17:20", "접수", "대구"), ("2026.11.07 10:15", "배달완료", "CANADA"))
    with pytest.raises(Unreadable):
        printed.read("india-post", document.read(body), None)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("조회된 데이터가 없습니다.", LookOutcome.NOT_FOUND),
        ("No record found", LookOutcome.NOT_FOUND),
        ("No information is available for this item", LookOutcome.NOT_FOUND),
        ("No information is available for this item at the moment", LookOutcome.LAYOUT_CHANGED),
        ("No record found? Ask us.", LookOutcome.LAYOUT_CHANGED),
    ],
)
def test_an_unknown_number_is_said_plainly_and_without_rows(said: str, outcome: LookOutcome) -> None:
    """A statement without rows says it; a question, a delay, or the same words beside rows do not."""
    assert read_page(page(before=f"<p>{said}</p>"), carrier="korea-post").outcome is outcome
    rows = (("2026.11.09 12:33", "배달완료", "DENMARK"), ("2026.11.03 17:20", "접수", "대구"))
    assert read_page(page(*rows, before=f"<p>{said}</p>"), carrier="korea-post").outcome is LookOutcome.READ


def test_no_ems_number_is_no_unknown_number() -> None:
    """ "Does not denote an EMS item" speaks of the service, not of the parcel."""
    reading = read_page(b"<div>The identifier RB207110040SG does not denote an EMS item.</div>", carrier="ems")
    assert reading.outcome is LookOutcome.LAYOUT_CHANGED


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Waybill: UD612009175YP\nLast-mile No: RX118200345GB", "RX118200345GB"),
        ("Last mile tracking number: 9261290100710022440130", "9261290100710022440130"),
        ("Final mile carrier no. # 3SABCD1234567", "3SABCD1234567"),
        ("Last-mile No: UD612009175YP", None),
        ("Last mile: everything about it", None),
        ("The last mile is the longest", None),
    ],
)
def test_a_last_mile_number_stands_beside_its_label(text: str, number: str | None) -> None:
    """A label and a number with digits, other than the parcel's own."""
    found = printed_onward(text, "UD612009175YP")
    assert (found and found.tracking_number) == number
