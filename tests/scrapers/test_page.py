"""What answers say that carry no history, whose parcel they are, and pages that nobody wrote a reader for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.page import read_page
from scrapers.reading import document
from scrapers.reading.tree import MOST_DEEP

PAGES = Path(__file__).resolve().parent.parent / "pages"
S = TrackingStatus
ROW = "<tr><td>{0}</td><td>{1}</td><td>{2}</td></tr>"


def table(*rows: tuple[str, str, str], number: str = "ZX1234567890") -> bytes:
    body = "".join(ROW.format(*row) for row in rows)
    return f"<html><body><p>Tracking number: {number}</p><table>{body}</table></body></html>".encode()


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("<title>Access Denied</title><p>Reference #18</p>", LookOutcome.BLOCKED),
        ("<h1>Just a moment...</h1><script src='/cdn-cgi/challenge-platform/x.js'></script>", LookOutcome.BLOCKED),
        ("<p>Pardon Our Interruption</p>", LookOutcome.BLOCKED),
        ("<p>Bitte bestätigen Sie, dass Sie kein Roboter sind.</p>", LookOutcome.BLOCKED),
        ("<p>Too many requests</p>", LookOutcome.BLOCKED),
        ("<form><p>Enter the CAPTCHA</p></form>", LookOutcome.BLOCKED),
        ("<p>We couldn't find your parcel: this number does not exist.</p>", LookOutcome.NOT_FOUND),
        ("<p>Zu dieser Nummer wurde keine Sendung gefunden.</p>", LookOutcome.NOT_FOUND),
        ("<p>Colis introuvable</p>", LookOutcome.NOT_FOUND),
        ("<p>The number <b>ZX1234567890</b> was not found.</p>", LookOutcome.NOT_FOUND),
        ("<p>No se ha encontrado ningún envío con el número ZX1234567890</p>", LookOutcome.NOT_FOUND),
        ("<p>Die Sendungsnummer ZX1234567890 ist uns nicht bekannt.</p>", LookOutcome.NOT_FOUND),
        ('{"errors": [{"code": "Tracking-Number-Not-Found"}]}', LookOutcome.NOT_FOUND),
        ("<p>The page you are looking for does not exist.</p>", LookOutcome.LAYOUT_CHANGED),
        ("<p>We could not find your page</p>", LookOutcome.LAYOUT_CHANGED),
        ("<p>Tracking number not found?</p><p>If your number cannot be found, wait.</p>", LookOutcome.LAYOUT_CHANGED),
        ("<p>No information found for this number yet</p>", LookOutcome.LAYOUT_CHANGED),
        ("<p>Zu dieser Sendungsnummer haben Sie Fragen?</p>", LookOutcome.LAYOUT_CHANGED),
        ("<p>Bitte bestätigen Sie Ihre E-Mail-Adresse</p>", LookOutcome.LAYOUT_CHANGED),
        ("<h1>Please verify you are a human</h1>", LookOutcome.BLOCKED),
        ("<h1>Attention Required! | Cloudflare</h1>", LookOutcome.BLOCKED),
        ("<h1>Access to this resource is denied</h1>", LookOutcome.BLOCKED),
        ("<h1>Confirma que no eres un robot</h1>", LookOutcome.BLOCKED),
        ("<p>Your parcel could not be found. Please try again later.</p>", LookOutcome.LAYOUT_CHANGED),
        ("<p>Temporarily out of service</p>", LookOutcome.LAYOUT_CHANGED),
        ("<p>Please enter your postcode to see your parcel</p>", LookOutcome.LAYOUT_CHANGED),
        ("", LookOutcome.LAYOUT_CHANGED),
        ("   \n", LookOutcome.LAYOUT_CHANGED),
        ("{}", LookOutcome.LAYOUT_CHANGED),
        ("[]", LookOutcome.LAYOUT_CHANGED),
        ("not a page at all", LookOutcome.LAYOUT_CHANGED),
    ],
)
def test_answers_without_a_history(text: str, outcome: LookOutcome) -> None:
    """Refused, unknown and unreadable are told apart, and none of them says anything of the parcel."""
    reading = read_page(text.encode())
    assert reading.outcome is outcome
    assert reading.outcome_reason
    assert reading.parcels == ()


def test_fedex_not_found_words_are_not_believed() -> None:
    """FedEx shows the same words to whom it refuses."""
    page = b"<html><body>We can't find your tracking number. This number does not exist.</body></html>"
    assert read_page(page, carrier="fedex").outcome is LookOutcome.LAYOUT_CHANGED
    assert read_page(page, carrier="ups").outcome is LookOutcome.NOT_FOUND


def test_rows_of_a_history_are_no_challenge() -> None:
    """Words such as "access denied" in a row of the history do not make the page a refusal."""
    page = table(
        ("12 May 2026 10:01", "Delivery attempted: access denied", "Oslo"),
        ("11 May 2026 09:00", "Out for delivery", "Oslo"),
    )
    assert read_page(page).outcome is LookOutcome.READ


@pytest.mark.parametrize("printed", ["ZX1234567890", "ZX 1234 5678 90", "zx-1234-567890", "00ZX1234567890"])
def test_a_number_is_recognised_however_it_is_printed(printed: str) -> None:
    """Blanks, dashes, case and leading noughts do not matter."""
    page = table(("12 May 2026 10:01", "Out for delivery", "Oslo"), number=printed)
    reading = read_page(page, number="ZX1234567890")
    assert reading.outcome is LookOutcome.READ
    assert reading.parcels[0].tracking_number in {"ZX1234567890", "00ZX1234567890"}


def test_a_page_of_another_parcel_is_not_read() -> None:
    """Numbers are used again, sites answer with the last search: a result counts only for the number it names."""
    page = table(("12 May 2026 10:01", "Delivered", "Oslo"), number="QQ9999999999")
    reading = read_page(page, number="ZX1234567890")
    assert reading.outcome is LookOutcome.LAYOUT_CHANGED
    assert reading.outcome_reason == "the answer names another number"


def test_a_number_that_is_only_echoed_does_not_take_over_another_parcels_history() -> None:
    """The asked number stands in a search box or list, the history below belongs to a number of the same kind."""
    page = table(("12 May 2026 10:01", "Delivered", "Oslo"), ("11 May 2026 09:00", "Out for delivery", "Oslo"))
    first = b"<body><p>Tracking number: ZX1234567891</p><p>No news</p>"
    last = b"</table><p>Tracking number: ZX1234567892</p><p>Status not known</p>"
    page = page.replace(b"<body>", first).replace(b"</table>", last)
    assert read_page(page, number="ZX1234567890").parcels[0].status is S.DELIVERED
    for other in ("ZX1234567891", "ZX1234567892"):
        assert read_page(page, number=other, generic=True).outcome is LookOutcome.LAYOUT_CHANGED


def test_a_reference_beside_the_number_is_not_another_parcel() -> None:
    """An order's number between the asked one and its history looks different, and does not take the history."""
    page = table(("12 May 2026 10:01", "Delivered", "Oslo"), ("11 May 2026 09:00", "Out for delivery", "Oslo"))
    page = page.replace(b"<table>", b"<p>Reference number: 5501-998877</p><table>")
    assert read_page(page, number="ZX1234567890").parcels[0].status is S.DELIVERED


@pytest.mark.parametrize(
    "box",
    [
        "<div class='eta'><h3>Delivery date</h3><p>12 May 2026</p><p>Delivered by 18:00</p></div>",
        "<div><p>Delivered</p><p>© 12 May 2026</p></div>",
        "<div><h3>Has your parcel been delivered?</h3><p>Tell us by 12 May 2026</p></div>",
        "<p>News of 12 May 2026: All parcels were delivered despite the storm.</p>",
        "<table><tr><th>Order date</th><td>12 May 2026</td></tr><tr><th>Delivery</th><td>Standard</td></tr></table>",
        "<h2>News</h2><ul><li>12 May 2026: Parcels delivered</li><li>1 May 2026: Delay in delivery</li></ul>",
    ],
)
def test_a_date_near_a_carriers_word_is_no_row(box: str) -> None:
    """A lone date is a row only with words of its own beside it; a promise, a survey or news never is one."""
    page = f"<html><body><p>Tracking number: ZX1234567890</p>{box}</body></html>".encode()
    assert read_page(page, number="ZX1234567890").outcome is LookOutcome.LAYOUT_CHANGED


def test_the_fuller_words_of_a_row_are_its_description() -> None:
    """Where a row has a status and its details, the details are the words, and a link below the rows is no row."""
    rows = "".join(
        f"<div class='step'><p class='status'>{s}</p><p class='status-detail'>{d}</p><p class='date'>{t}</p></div>"
        for s, d, t in [
            ("Attempt", "Notice left, business closed", "12 May 2026 10:01"),
            ("Moving", "Arrived at depot", "11 May 2026 09:00"),
        ]
    )
    page = f"<body><p>Tracking number: ZX1234567890</p><div>{rows}<div><a>Show all</a></div></div></body>"
    scans = read_page(page.encode(), number="ZX1234567890").parcels[0].scans
    assert [scan.description for scan in scans] == ["Notice left, business closed", "Arrived at depot"]


@pytest.mark.parametrize(
    "words",
    [
        "Will be delivered tomorrow",
        "Not delivered: nobody at home",
        "Expected to be delivered by Friday",
        "Could not be delivered",
        "Delivery scheduled",
    ],
)
def test_promises_and_failures_are_no_delivery(words: str) -> None:
    """Forecasts and negations never read as delivered, neither as a row nor as a headline."""
    rows = ("12 May 2026 10:01", words, "Oslo"), ("11 May 2026 09:00", "Arrived at sorting centre", "Oslo")
    for parcel in read_page(table(*rows)).parcels:
        assert parcel.status is not S.DELIVERED


def test_a_headline_that_no_row_supports_is_no_delivery() -> None:
    """A box that says Delivered above rows that end in transit is a step of a progress bar."""
    page = table(
        ("12 May 2026 10:01", "Arrived at sorting centre", "Oslo"), ("11 May 2026 09:00", "Parcel accepted", "Bergen")
    )
    page = page.replace(b"<table>", b'<div class="status">Delivered</div><table>')
    assert read_page(page).parcels[0].status is S.IN_TRANSIT


def test_a_late_pre_advice_does_not_undo_a_delivery() -> None:
    """Shipment data that arrives after the parcel is the newest row, not the state."""
    rows = (
        ("14 May 2026 08:00", "Shipping information received", ""),
        ("12 May 2026 10:01", "Delivered", "Oslo"),
        ("11 May 2026 09:00", "Out for delivery", "Oslo"),
    )
    assert read_page(table(*rows)).parcels[0].status is S.DELIVERED


@pytest.mark.parametrize("newest_first", [True, False])
def test_rows_come_newest_first(newest_first: bool) -> None:
    """Whatever the page's order."""
    rows = [("13 May 2026 08:00", "Out for delivery", "Oslo"), ("12 May 2026 10:01", "Arrived at depot", "Oslo")]
    parcel = read_page(table(*(rows if newest_first else rows[::-1]))).parcels[0]
    assert [scan.description for scan in parcel.scans] == ["Out for delivery", "Arrived at depot"]
    assert parcel.status is S.OUT_FOR_DELIVERY


@pytest.mark.parametrize(
    "sample",
    [p for p in sorted(PAGES.glob("*/*.html")) if p.parent.name != "any"],
    ids=lambda p: f"{p.parent.name}/{p.name}",
)
def test_a_relabelled_layout_still_reads_or_says_so(sample: Path) -> None:
    """With every class, id and summary renamed a page gives the same status, or that its layout changed."""
    whole = sample.read_bytes()
    renamed = re.sub(rb'\b(class|id|summary)="[^"]*"', rb'\1="x1"', whole)
    before, after = (read_page(body, carrier=sample.parent.name) for body in (whole, renamed))
    assert after.outcome in {before.outcome, LookOutcome.LAYOUT_CHANGED}
    if after.outcome is LookOutcome.READ:
        assert after.parcels[0].status is before.parcels[0].status


@pytest.mark.parametrize(
    "body",
    [
        "<h3>12 October 2026</h3><p>Parcel delivered by drone</p>"
        "<h3>10 October 2026</h3><p>Returned parcels cost a lot</p>",
        "<p>Tracking number: ZX1234567890</p><dl><dt>Delivered</dt><dd>Your parcel was delivered</dd></dl>"
        "<p>Updated 12.10.2026</p>",
        "<p>Tracking number: ZX1234567890</p><details><summary>Delivered but not received?</summary>"
        "<p>12.10.2026 If your parcel was delivered, ask your neighbours.</p></details>",
        "<p>Tracking number: ZX1234567890</p><div class='status' hidden>Delivered</div>",
    ],
)
def test_what_is_said_of_parcels_in_general_is_no_history(body: str) -> None:
    """News, legends, questions and hidden boxes say nothing of this parcel."""
    found = read_page(f"<html><body>{body}</body></html>".encode(), generic=True, number="ZX1234567890")
    assert found.outcome is LookOutcome.LAYOUT_CHANGED


def test_several_parcels_with_one_row_each_are_not_one_history() -> None:
    """Of a list of parcels the asked one's row counts, not the first."""
    rows = [("ZX1234567891", "Delivered", "15.10.2026"), ("ZX1234567890", "Out for delivery", "14.10.2026")]
    body = "".join(ROW.format(*row) for row in rows)
    page = f"<table><tr><th>Number</th><th>Status</th><th>Date</th></tr>{body}</table>".encode()
    found = read_page(page, generic=True, number="ZX1234567890")
    assert [p.status for p in found.parcels] == [S.OUT_FOR_DELIVERY]


def test_no_element_stands_deeper_than_is_looked_up() -> None:
    """Elements nested without end are read as neighbours, and their rows with them."""
    nested = "<div>" * 5000 + "<p>12.10.2026 10:00 Out for delivery</p><p>11.10.2026 09:00 Arrived at depot</p>"
    page = document.read(f"<html><body><p>Tracking number: ZX1234567890</p>{nested}</body></html>".encode())
    assert page.soup is not None
    assert max(sum(1 for _ in tag.parents) for tag in page.soup.find_all(True)) <= MOST_DEEP
    assert read_page(page.text.encode(), generic=True).parcels[0].status is S.OUT_FOR_DELIVERY


def test_of_a_page_without_end_the_beginning_is_read() -> None:
    """A history stands before whatever fills the page."""
    rows = "".join(ROW.format(f"{day}.10.2026 10:00", "Leipzig", "Arrived at depot") for day in (12, 11))
    page = f"<html><body><p>Tracking number: ZX1234567890</p><table>{rows}</table>" + "<i></i>" * 150_000
    assert len(read_page(page.encode(), generic=True).parcels[0].scans) == 2


@pytest.mark.parametrize(
    ("body", "media_type", "says"),
    [
        ("Zürich".encode(), None, "Zürich"),
        ('<meta charset="iso-8859-1">Zürich'.encode(), None, "Zürich"),
        ('<meta charset="iso-8859-1">Zürich'.encode("cp1252"), None, "Zürich"),
        ("Zürich".encode("cp1252"), "text/html; charset=ISO-8859-1", "Zürich"),
        ('<meta charset="Shift_JIS">東京'.encode("cp932"), None, "東京"),
        ("東京".encode("euc-jp"), "text/html; charset=euc-jp", "東京"),
        (b"\xef\xbb\xbf" + "Łódź".encode(), "text/html; charset=latin1", "Łódź"),
        ("Łódź".encode("utf-16"), None, "Łódź"),
        (b"\xff\x00broken\xfe", "text/html; charset=nonsense", "broken"),
    ],
)
def test_encodings(body: bytes, media_type: str | None, says: str) -> None:
    """Real UTF-8 beats what the page declares; else the declaration counts; nothing raises."""
    assert says in document.decode(body, media_type)


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 30_000,
        b"<table><tr><td>" * 3_000,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        b"1 " * 40_000,
        b"<a>" * 20_000,
        b"\0" * 200_000,
        b'<script>JSON.parse("' + b"\\" * 100_000 + b"</script>",
        b"<p>" + b"12:00 <b>x</b>" * 5_000,
        json.dumps({"events": [{"date": [], "text": {}}] * 50}).encode(),
        json.dumps({"colli": {"X": {"statusPhase": {"index": []}, "observations": [None, 1]}}}).encode(),
        json.dumps({"sendungen": [None, {"sendungsdetails": {"sendungsverlauf": {"events": "x"}}}]}).encode(),
        b"<TrackResponse><TrackInfo ID='1'><TrackDetail/></TrackInfo></TrackResponse>",
        b"x" * 7_000_000,
    ],
    ids=range(15),
)
def test_hostile_bytes_are_an_outcome(body: bytes) -> None:
    """Deep, huge, broken or odd: an outcome, never an exception."""
    assert read_page(body).outcome in set(LookOutcome)


@pytest.mark.corpus
@pytest.mark.slow
def test_collected_pages_of_carriers_with_a_reader(corpus: Path) -> None:
    """Nine of ten give the true status, none a false delivery."""
    truth = [json.loads(line) for line in (corpus / "pages" / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    mine = [row for row in truth if row["carrier"] in {"usps", "dhl-paket-de", "postnl"}]
    right = 0
    for row in mine:
        reading = read_page(
            (corpus / "pages" / row["file"]).read_bytes(), carrier=row["carrier"], number=row["tracking_number"]
        )
        status = reading.parcels[0].status.value if reading.parcels else reading.outcome.value
        right += status == row["status"]
        assert status != "delivered" or row["status"] == "delivered", row["file"]
    assert right >= 0.9 * len(mine)


@pytest.mark.corpus
@pytest.mark.slow
def test_collected_pages_through_the_generic_reader(corpus: Path) -> None:
    """Of pages whose carriers have no reader, most are read rightly, and none gives a false delivery."""
    truth = [json.loads(line) for line in (corpus / "pages" / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    right = 0
    for row in truth:
        reading = read_page((corpus / "pages" / row["file"]).read_bytes(), generic=True)
        status = reading.parcels[0].status.value if reading.parcels else reading.outcome.value
        right += status == row["status"]
        assert status != "delivered" or row["status"] == "delivered", row["file"]
    assert right >= 0.8 * len(truth)


def test_an_undated_step_below_the_newest_row_has_not_been_reached() -> None:
    """A way that is printed oldest first ends with the steps that are still to come."""
    steps = ("17 Nov 2026 20:12", "Order received"), ("18 Nov 2026 19:40", "Departed sorting centre")
    way = "".join(f"<div class=step>{said}<br><small>{when}</small></div>" for when, said in steps)
    page = f"<body><p>Parcel: NF-3381922</p>{way}<div class=step>Delivered</div></body>".encode()
    found = read_page(page, number="NF-3381922").parcels[0]
    assert (found.status, len(found.scans)) == (S.IN_TRANSIT, 2)


def test_a_detail_of_fewer_words_adds_to_the_status_beside_it() -> None:
    """ "Returned to sender" with the detail "Unclaimed" is a return; a detail of more words tells more."""
    row = "<tr><td>{0}</td><td>{1}</td><td>{2}</td></tr>"
    rows = ("14 Nov 2026 09:30", "Being returned to sender", "Unclaimed"), ("13 Nov 2026 08:00", "Sorted", "")
    head = "<p>Tracking number: NF3381922</p><table><tr><th>Date</th><th>Status</th><th>Details</th></tr>"
    page = f"<body>{head}{''.join(row.format(*one) for one in rows)}</table></body>".encode()
    assert read_page(page).parcels[0].status is S.RETURNING


def test_legs_of_one_parcel_in_several_tables_are_one_history() -> None:
    """Origin and destination are printed apart: the newest leg tells how things stand, both are kept."""
    row = "<tr><td>2026-11-{}</td><td>{}</td></tr>"
    last = "<table>" + row.format("18 10:05", "Nobody was at home") + row.format("18 07:33", "Out for delivery")
    first = "<table>" + "".join(
        row.format(f"{day} 09:00", said)
        for day, said in (("15", "Departed hub"), ("11", "Departed airport"), ("05", "Parcel accepted"))
    )
    for tables in (last + "</table><h2>Origin</h2>" + first, first + "</table><h2>Destination</h2>" + last):
        page = f"<body><h1>Parcel NF3381922</h1>{tables}</table></body>".encode()
        found = read_page(page, number="NF3381922", generic=True).parcels[0]
        assert (found.status, len(found.scans)) == (S.DELIVERY_ATTEMPTED, 5)
        assert found.scans[-1].description == "Parcel accepted"


def test_the_step_that_a_page_marks_as_the_present_one_counts() -> None:
    """A progress bar says by `aria-current` how far the asked parcel has come, and nothing without it."""
    bar = "<ol><li>Registered</li><li{}>Ready to collect at the locker</li><li>Delivered</li></ol>"
    page = "<body><p>Code: <b>DG-7Y3K-2091</b></p>" + bar + "</body>"
    read = read_page(page.format(' aria-current="step"').encode(), number="DG-7Y3K-2091")
    assert [p.status for p in read.parcels] == [S.AVAILABLE_FOR_PICKUP]
    assert read_page(page.format("").encode(), number="DG-7Y3K-2091").outcome is LookOutcome.LAYOUT_CHANGED
