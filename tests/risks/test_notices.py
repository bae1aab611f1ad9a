"""Risks that belong to no order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from agent.risks.notices import parser_gap, phishing_suspect, quoted, tracking_unavailable, unmatched_event

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_each_notice_has_its_id_and_source() -> None:
    """Ids of the catalogue, severities of the catalogue, and where it came from."""
    found = [
        phishing_suspect(sender="a@b.example", subject="Verify now", reason="DKIM of another domain", source="mail:1"),
        unmatched_event(event_type="tracking_update", source="mail:2", number="RB123456785GB"),
        parser_gap(sender="ebay@ebay.com", subject="Something new", source="mail:3"),
    ]
    assert [(notice.id, notice.severity, notice.because) for notice in found] == [
        ("phishing_suspect", "P2", ("mail:1",)),
        ("unmatched_event", "P3", ("mail:2",)),
        ("parser_gap", "P2", ("mail:3",)),
    ]


def test_carrier_that_cannot_be_read() -> None:
    """After a day of failures it is told; before that, or once read again, it is not."""
    told = tracking_unavailable(carrier="USPS", failing_since=NOW - timedelta(hours=25), reason="captcha", now=NOW)
    assert told is not None
    assert told.since == NOW - timedelta(hours=1)
    early = NOW - timedelta(hours=23)
    assert tracking_unavailable(carrier="USPS", failing_since=early, reason=None, now=NOW) is None
    assert tracking_unavailable(carrier="USPS", failing_since=None, reason=None, now=NOW) is None


def test_strangers_words_are_tamed() -> None:
    """One line, no control or direction characters, not endless."""
    assert quoted("Pay\r\nnow\u202e \x1b[31mplease") == "Pay now [31mplease"
    assert len(quoted("x" * 5000)) == 100
