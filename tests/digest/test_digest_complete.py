"""Neither rendering keeps a fact to itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser

from agent.digest.day import (
    Day,
    DigestCase,
    DigestDraft,
)
from agent.digest.html import render_html
from agent.digest.text import render_text, subject
from agent.risks.risk import Deadline
from agent.vocabulary.status import Mode
from agent.vocabulary.values import Moment

LAST = datetime.max.replace(tzinfo=UTC)
FIRST = datetime.min.replace(tzinfo=UTC)
NOT_SHOWN = {
    "source",  # for `orderwatch show`; the digest shows the human line of it
    "notices.because",
    "notices.id",
    "carrier",  # an id, where the name stands
    "severity",
    "risk",
    "also",
    "mode",  # shown in other words
    "reference",  # in the subject; its code is in the text
}


def marked(day: Day) -> tuple[Day, list[str]]:
    """The day with every text and number replaced by one of its own, and these."""
    marks: list[str] = []

    def mark(value: Any, path: str) -> Any:
        name = path.rpartition(".")[2]
        if name in NOT_SHOWN or path in NOT_SHOWN or isinstance(value, Mode | datetime | bool):
            return value
        if isinstance(value, str):
            marks.append(f"mark{len(marks):03}x")
            if name in ("ebay_link", "parcel_link", "link"):
                return f"https://www.ebay.com/{marks[-1]}"
            return marks[-1]
        if isinstance(value, int):
            marks.append(str(500 + len(marks)))
            return int(marks[-1])
        if isinstance(value, tuple):
            return tuple(mark(one, path) for one in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type) and name not in ("deadline", "total"):
            fields = {
                f.name: mark(getattr(value, f.name), f"{path}.{f.name}".lstrip("."))
                for f in dataclasses.fields(value)
                if f.name != "zone"
            }
            return replace(value, **fields)
        return value

    return mark(day, ""), marks


def seen(html: str) -> str:
    """Text and link targets of an HTML document, blanks folded."""
    tree = LexborHTMLParser(html)
    links = " ".join(node.attributes.get("href") or "" for node in tree.css("a"))
    return " ".join((tree.body.text(separator=" ") if tree.body else "").split()) + " " + links


def small(day: Day) -> Day:
    return replace(day, cases=day.cases[:2], carriers=day.carriers[1:2])


def test_every_fact_shows_in_both(rich_day: Day) -> None:
    """Whatever stands in a Day is in the text and in the HTML."""
    day, marks = marked(small(rich_day))
    text, html = " ".join(render_text(day).split()), seen(render_html(day))

    assert len(marks) > 60
    assert [mark for mark in marks if mark not in text] == []
    assert [mark for mark in marks if mark not in html] == []


def renderings(day: Day) -> Iterator[str]:
    yield " ".join(render_text(day).split())
    yield seen(render_html(day))


def test_times_show(rich_day: Day) -> None:
    """Deadlines, last readings and beginnings of failures are said in the shop's own time."""
    for shown in renderings(rich_day):
        for words in (
            "Act by today 09:30",
            "eBay's mail says tomorrow · counted strictly today 09:30 · counted as usual tomorrow 09:30",
            "last read today 07:28",
            "since yesterday 14:10",
            "Sunday 22 November 2026, 07:30",
            "$1,240.00",
            "Urgent",
            "Important",
            "Watch",
            "For information",
            "parcel has stopped moving, later than eBay promised",
            "Mails that only pretend to be genuine",
        ):
            assert words in shown


@pytest.mark.parametrize(
    ("mode", "words"), [(Mode.OBSERVE, "nothing is sent"), (Mode.DRAFT, "you approve"), (Mode.LIVE, "policies allow")]
)
def test_mode_shows(quiet_day: Day, mode: Mode, words: str) -> None:
    """Every digest says what the daemon may do."""
    for shown in renderings(replace(quiet_day, mode=mode)):
        assert words in shown


def test_observe_mode_calls_drafts_by_their_name(rich_day: Day) -> None:
    """In observe mode nothing asks for approval: it would have been sent."""
    drafts = tuple(replace(draft, state="would have been") for draft in rich_day.drafts)
    for shown in renderings(replace(rich_day, mode=Mode.OBSERVE, drafts=drafts)):
        assert "Replies I would have sent" in shown
        assert "orderwatch approve" not in shown


def test_failed_looks_are_never_silence(quiet_day: Day) -> None:
    """A day on which looks failed is not called plainly quiet."""
    blind = replace(quiet_day, carriers=(replace(quiet_day.carriers[0], read=0, blocked=18),))

    assert subject(blind).startswith("All quiet, as far as I could look")
    for shown in renderings(blind):
        assert "USPS: 18 of 18 looks failed" in shown
        assert "says nothing about the parcels" in shown


@pytest.mark.parametrize("alive", [True, False])
def test_dead_mailbox_leads(quiet_day: Day, alive: bool) -> None:
    """A mailbox that is dead, or was not read for a day, is told in the subject and on top."""
    mailbox = replace(quiet_day.mailboxes[0], alive=alive, last_read_at=quiet_day.at - timedelta(days=2), error=None)
    deaf = replace(quiet_day, mailboxes=(mailbox,))

    assert subject(deaf).startswith("A mailbox needs you")
    for shown in renderings(deaf):
        assert "Mailbox shop: no mail could be read since 20 Nov" in shown


def test_no_mailbox_is_said(quiet_day: Day) -> None:
    """Where nothing can be read, quiet is not claimed."""
    assert subject(replace(quiet_day, mailboxes=())).startswith("No mailbox is set up")


@pytest.mark.parametrize(
    ("field", "start"),
    [
        ("cases", "2 to answer today"),
        ("uncertain", "1 reply to check"),
        ("drafts", "2 drafts wait for you"),
        ("refused", "I held replies back"),
        ("unread", "3 mails I could not read"),
        ("notices", "2 notices"),
    ],
)
def test_subject_names_what_matters_most(rich_day: Day, quiet_day: Day, field: str, start: str) -> None:
    """Anything that needs a human keeps the subject from saying all quiet."""
    values: dict[str, Any] = {field: getattr(rich_day, field)}

    assert subject(replace(quiet_day, **values)).startswith(start)


def test_grave_without_a_date_is_for_today(quiet_day: Day, rich_day: Day) -> None:
    """An urgent risk that has no deadline counts as today's, a watch without one never does."""
    urgent = replace(rich_day.cases[0], deadline=Deadline())
    ahead = replace(urgent, deadline=Deadline(act_by=quiet_day.at + timedelta(days=2)))
    watch = replace(rich_day.cases[8], deadline=Deadline())

    assert subject(replace(quiet_day, cases=(urgent,))).startswith("1 to answer today")
    assert subject(replace(quiet_day, cases=(ahead,))).startswith("Nothing due today, 1 coming up, 1 urgent")
    assert subject(replace(quiet_day, cases=(watch,))).startswith("Nothing to answer, 1 to watch")


def test_overdue_is_said(quiet_day: Day, rich_day: Day) -> None:
    """A deadline that ran out is named as such, first thing."""
    late = replace(rich_day.cases[1], deadline=Deadline(act_by=quiet_day.at - timedelta(hours=12)))
    for shown in renderings(replace(quiet_day, cases=(late,))):
        assert "1 is overdue." in shown
        assert "Overdue since yesterday 19:30" in shown


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("printed", [date.max, date.min, datetime.max, datetime.min, LAST, FIRST])
def test_absurd_dates_do_not_silence_a_digest(quiet_day: Day, rich_day: Day, zone: str, printed: Moment) -> None:
    """A mail that prints the end of time still gives a digest."""
    case = replace(rich_day.cases[0], deadline=Deadline(printed=printed, nominal=LAST, conservative=FIRST, act_by=LAST))
    day = replace(
        quiet_day, cases=(case, replace(case, since=LAST, deadline=Deadline(act_by=FIRST))), zone=ZoneInfo(zone)
    )

    assert "order" in render_text(day)
    assert render_html(day)


def many(case: DigestCase, number: int) -> tuple[DigestCase, ...]:
    return tuple(replace(case, order_id=f"77-{place:05}-10000") for place in range(number))


def test_a_flood_stays_a_mail(quiet_day: Day, rich_day: Day) -> None:
    """Five hundred cases and drafts stay below what mail programs cut off, and the count of the rest is told."""
    draft: DigestDraft = replace(rich_day.drafts[0], body="word " * 400)
    flood = replace(quiet_day, cases=many(rich_day.cases[0], 500), drafts=(draft,) * 500, unread=rich_day.unread * 300)
    html = render_html(flood)

    assert len(html.encode()) < 102_000
    for shown in renderings(flood):
        assert "500 to answer today" in shown
        assert "and 460 more" in shown
        assert "900 mails I could not read" in shown
