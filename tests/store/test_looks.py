"""What is kept of visits to carriers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.store import open_store
from agent.store.looks import (
    LookRow,
    Snapshot,
    carrier_failing_since,
    evidence_of,
    keep_look,
    last_failures,
    looks_of,
    outcomes_since,
    snapshots_of,
)
from agent.vocabulary.status import LookOutcome, TrackingStatus

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NUMBER = "9400111206206406260787"


def look(hours: int, outcome: LookOutcome = LookOutcome.READ) -> LookRow:
    at = NOW + timedelta(hours=hours)
    status = TrackingStatus.IN_TRANSIT if outcome is LookOutcome.READ else TrackingStatus.UNKNOWN
    return LookRow(id=f"look-{hours}", carrier="usps", tracking_number=NUMBER, at=at, outcome=outcome, status=status)


def snapshot(hours: int, token: str) -> Snapshot:
    body = f"<p>In Transit</p><i>{token}</i>".encode()
    return Snapshot(
        url="https://tools.usps.com/",
        at=NOW + timedelta(hours=hours),
        text="In Transit",
        body=body,
        sha256=token * 8,
        media_type="text/html",
        screenshot=None,
    )


def test_a_page_that_says_the_same_is_kept_once() -> None:
    """Tokens change with every visit; evidence is what was understood."""
    store = open_store("sqlite://")
    with store.begin() as connection:
        keep_look(connection, look(0), snapshot(0, "aaaa"), "in transit, Memphis")
        keep_look(connection, look(6), snapshot(6, "bbbb"), "in transit, Memphis")
        keep_look(connection, look(12), snapshot(12, "cccc"), "delivered")
        kept = snapshots_of(connection, NUMBER)
        visits = looks_of(connection, NUMBER)
    store.close()

    assert [one.at for one in kept] == [NOW, NOW + timedelta(hours=12)]
    assert kept[0].body == b"<p>In Transit</p><i>aaaa</i>"
    assert len(visits) == 3


def test_a_page_that_goes_back_is_kept_again() -> None:
    """Delivered, in transit, delivered: each change is evidence, and a repeated look is none."""
    store = open_store("sqlite://")
    with store.begin() as connection:
        for hours, says in enumerate(("delivered", "in transit", "delivered", "delivered", "in transit")):
            keep_look(connection, look(hours), snapshot(hours, f"{hours}"), says)
        kept = evidence_of(connection, [NUMBER])
    store.close()

    assert [one.at for one in kept] == [NOW + timedelta(hours=hours) for hours in (0, 1, 2, 4)]


def test_headers_are_kept_without_cookies() -> None:
    """What proves when a page was served stays; what would let somebody go on with the visit does not."""
    store = open_store("sqlite://")
    headers = (("Date", "Fri, 20 Nov 2026 12:00:00 GMT"), ("Set-Cookie", "session=1"))
    with store.begin() as connection:
        keep_look(connection, look(0), replace(snapshot(0, "aaaa"), headers=headers), "in transit")
        (kept,) = snapshots_of(connection, NUMBER)
    store.close()

    assert kept.headers == headers[:1]


def test_a_store_of_an_older_version_gains_what_is_new(tmp_path: Path) -> None:
    """Its evidence stays, with what it never knew absent."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    store = open_store(url)
    with store.begin() as connection:
        keep_look(connection, look(0), snapshot(0, "aaaa"), "in transit")
        connection.exec_driver_sql("ALTER TABLE evidence DROP COLUMN headers")
    store.close()

    store = open_store(url)
    with store.begin() as connection:
        (kept,) = snapshots_of(connection, NUMBER)
    store.close()

    assert (kept.text, kept.headers) == ("In Transit", ())


def test_failures_are_counted_and_dated_from_the_last_answer() -> None:
    """A carrier fails since its first failed look after the last one that answered."""
    store = open_store("sqlite://")
    with store.begin() as connection:
        for row in (look(0), look(6, LookOutcome.BLOCKED), look(30, LookOutcome.UNREACHABLE)):
            keep_look(connection, replace(row, outcome_reason="HTTP 403"), None)
        since = carrier_failing_since(connection)
        counts = outcomes_since(connection, NOW - timedelta(minutes=1))
        reasons = last_failures(connection, NOW)
        later = outcomes_since(connection, NOW)
    store.close()

    assert since == {"usps": NOW + timedelta(hours=6)}
    assert counts == {"usps": {"read": 1, "blocked": 1, "unreachable": 1}}
    assert later == {"usps": {"blocked": 1, "unreachable": 1}}, "a look of that very moment was told of then"
    assert reasons == {"usps": "unreachable: HTTP 403"}


def test_a_carrier_that_answers_does_not_fail() -> None:
    """`not_found` is an answer."""
    store = open_store("sqlite://")
    with store.begin() as connection:
        keep_look(connection, look(0, LookOutcome.BLOCKED), None)
        keep_look(connection, look(6, LookOutcome.NOT_FOUND), None)
        since = carrier_failing_since(connection)
    store.close()

    assert since == {}
