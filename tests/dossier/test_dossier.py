"""The dossier: a comment to paste, whether it is worth handing in, and a page that strangers' words cannot harm."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from agent.desk.dossier import gather_dossier, write_dossier
from agent.desk.questions import Unknown
from agent.dossier.advice import advice, news
from agent.dossier.comment import LONGEST, comment
from agent.dossier.dossier import Dossier
from agent.dossier.html import as_html
from agent.dossier.items import items
from agent.store import Store, open_store
from agent.store.log import Entry, append
from agent.vocabulary.events import NoteAdded
from scrapers.visiting.printing import print_pdf
from tests.dossier import cases
from tests.dossier.cases import NUMBER, ORDER, day

GOLDEN = Path(__file__).parent / "dossier.html"
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {order} \u202egnp.exe\u202c \x1b[31m </td><img src=x onerror=alert(1)>"


def gathered(made: tuple[Store, datetime], folder: Path) -> Dossier:
    store, now = made
    return gather_dossier(store, cases.settings(folder), ORDER, now)[0]


def test_a_proven_delivery_is_recommended(tmp_path: Path) -> None:
    """With every clause standing, the comment gives dates, carrier, number and place, and blames nobody."""
    found = gathered(cases.delivered_and_denied(), tmp_path)

    assert advice(found.order, found.protection, news(found), found.now).recommended
    assert comment(found.order, found.protection) == (
        "Order 12-34567-89012 of 19 October 2026. The parcel was handed to Royal Mail on 20 October 2026 under "
        "tracking number AB123456785GB. Royal Mail shows it as delivered on 21 October 2026 in Leeds, LS1 4AP, GB. "
        "This is the place of the address in the order. The delivery was signed for. The tracking number was "
        "on the order by 19 October 2026. The buyer opened the request on 2 November 2026."
    )


def test_a_parcel_on_its_way_is_not(tmp_path: Path) -> None:
    """What is missing is named, and the comment claims no delivery."""
    found = gathered(cases.stalled(), tmp_path)
    told = advice(found.order, found.protection, news(found), found.now)

    assert not told.recommended
    assert any("shows it as delivered" in reason for reason in told.reasons)
    said = comment(found.order, found.protection)
    assert "It is not shown as delivered." in said
    assert "We asked Royal Mail to look into it on 8 November 2026 (reference RM-2026-7781)." in said


def test_an_appeal_needs_something_new(tmp_path: Path) -> None:
    """A delivery from before the decision that was heard of after it; without it, no appeal is recommended."""
    found = gathered(cases.lost_case(), tmp_path)
    new = news(found)

    assert [one.what.partition(":")[0] for one in new] == ["parcel", "the carrier answered"]
    assert advice(found.order, found.protection, new, found.now).headline == "Recommended: appeal until 8 December."
    without = advice(found.order, found.protection, (), found.now)
    assert not without.recommended
    assert "an appeal needs new information" in without.reasons[0]
    late = advice(found.order, found.protection, new, day(80))
    assert not late.recommended


def test_evidence_is_listed_in_full(tmp_path: Path) -> None:
    """Sixteen items, each present or with what to do for it."""
    found = list(items(gathered(cases.delivered_and_denied(), tmp_path)))

    assert [one.id for one in found] == [f"E{number}" for number in range(1, 17)]
    there = {one.id for one in found if one.there}
    assert {"E3", "E4", "E5", "E6", "E7", "E8", "E9"} <= there
    assert {"E11", "E12", "E16"}.isdisjoint(there)
    assert all(one.said for one in found)


@pytest.mark.parametrize(
    ("language", "word"), [("de", "Sendungsnummer"), ("fr", "suivi"), ("it", "numero"), ("es", "número")]
)
def test_the_comment_speaks_the_language_of_the_site(language: str, word: str, tmp_path: Path) -> None:
    """Every language of it fits eBay's form, and no placeholder is left."""
    for made in (cases.delivered_and_denied(), cases.stalled(), cases.lost_case()):
        found = gathered(made, tmp_path)
        said = comment(found.order, found.protection, language)

        assert word in said
        assert len(said) <= LONGEST
        assert not re.search(r"[{}]", said)


def test_the_page(bless: bool, tmp_path: Path) -> None:
    """One whole page, as it is printed."""
    found = gathered(cases.lost_case(), tmp_path)
    html = as_html(found, cases.settings(tmp_path).zone)
    if bless:
        GOLDEN.write_text(html, encoding="utf-8")

    assert html == GOLDEN.read_text(encoding="utf-8")


def test_strangers_words_are_text(tmp_path: Path) -> None:
    """Markup, templates, escapes and turned lines in titles, messages and pages stay visible and do nothing."""
    store, now = open_store("sqlite://"), day(15)
    cases.fill(
        store,
        [
            *cases.sale(HOSTILE),
            (cases.scan(day(1), HOSTILE, HOSTILE), HOSTILE),
            (cases.complaint(10, HOSTILE), HOSTILE),
        ],
    )
    cases.look(store, day(2), cases.S.IN_TRANSIT, HOSTILE)
    found = gathered((store, now), tmp_path)
    html = as_html(found, cases.settings(tmp_path).zone)

    assert not re.search(r"<script|<img|</?[a-z]+ onerror", html)
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} {order}") >= 5
    said = comment(found.order, found.protection)
    assert "{order}" in said
    assert len(said) <= LONGEST


def test_long_words_stay_bounded(tmp_path: Path) -> None:
    """A megabyte of title makes no megabyte of page."""
    store = open_store("sqlite://")
    cases.fill(store, cases.sale("x" * 1_000_000))

    assert len(as_html(gathered((store, day(3)), tmp_path), cases.settings(tmp_path).zone)) < 50_000


def test_the_folder_without_a_browser(tmp_path: Path) -> None:
    """Comment, page, mails and tracking; what the seller noted for himself is not in it; a second call replaces it."""
    store, now = cases.delivered_and_denied()
    private = NoteAdded(occurred_at=day(14.5), order_id=ORDER, text="buyer sounds odd")
    with store.begin() as connection:
        append(connection, [Entry(id="note", event=private)], day(14.5))
    for _ in range(2):
        said = write_dossier(store, cases.settings(tmp_path), ORDER, tmp_path / "out", now, None)

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"comment.txt", "dossier.html", "manifest.json", "tracking", "mail_001_2026-10-19.eml"} <= names
    assert "dossier.pdf" not in names
    assert said.endswith("open dossier.html there")
    assert (tmp_path / "out" / "tracking" / "index.html").exists()
    assert "sounds odd" not in (tmp_path / "out" / "dossier.html").read_text()


def test_a_folder_of_another_order_is_left_alone(tmp_path: Path) -> None:
    """What is not ours is not replaced."""
    store, now = cases.stalled()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "comment.txt").write_text("mine")

    with pytest.raises(Unknown, match="name an empty folder"):
        write_dossier(store, cases.settings(tmp_path), ORDER, tmp_path / "out", now, None)
    assert (tmp_path / "out" / "comment.txt").read_text() == "mine"


@pytest.mark.browser
def test_the_pdf_has_pages_and_text(tmp_path: Path) -> None:
    """Chromium prints it: several A4 pages, and the number in the page that it was made of."""
    store, now = cases.stalled()
    write_dossier(store, cases.settings(tmp_path), ORDER, tmp_path / "out", now, print_pdf)
    pdf = (tmp_path / "out" / "dossier.pdf").read_bytes()

    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 3
    assert b"/Font" in pdf
    assert b"/JavaScript" not in pdf
    assert NUMBER in (tmp_path / "out" / "dossier.html").read_text()
