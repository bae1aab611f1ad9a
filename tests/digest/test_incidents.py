"""A storm in the digest: one entry, its orders, and its replies as one batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.digest.day import Day, DigestDraft, DigestIncident
from agent.digest.html import render_html
from agent.digest.incidents import StormReply, batches, batches_last, of_storm
from agent.digest.text import render_text
from agent.risks.storms import Incident

STORM = Incident(
    carrier="royal-mail",
    origin="GB",
    destination="DE",
    place="Langley <b>",
    since=datetime(2026, 11, 16, 9, 0, tzinfo=UTC),
    order_ids=("12-34567-00001", "12-34567-00002", "12-34567-00003", "12-34567-00004", "12-34567-00005"),
    tracking_numbers=("RB000000014GB", "RB000000028GB", "RB000000031GB", "RB000000045GB", "RB000000059GB"),
    under_way=8,
    covered=4,
)


def draft(number: str, order_id: str) -> DigestDraft:
    return DigestDraft(
        id=number, order_id=order_id, recipient="", subject="", body="", policy="stalled", state="awaiting_approval"
    )


def test_its_replies_are_one_batch() -> None:
    """Of the texts that wait, those to its orders: to be mailed together, or to be copied into eBay."""
    replies = [
        StormReply(id="3", order_id="12-34567-00001", mailed=True, waits=True),
        StormReply(id="4", order_id="12-34567-00002", mailed=False, waits=True),
        StormReply(id="5", order_id="99-99999-99999", mailed=True, waits=True),
    ]

    found = of_storm(STORM, replies)

    assert (found.batch, found.by_hand) == (("3",), ("4",))


def test_what_waits_for_no_word_is_in_no_batch() -> None:
    """A reply that is on its way, or that observe mode only would have written, cannot be approved."""
    queued = StormReply(id="3", order_id="12-34567-00001", mailed=True, waits=False)

    found = of_storm(STORM, [queued])

    assert (found.batch, found.by_hand, found.others) == ((), (), ("3",))


def numbered(count: int, first: int = 1) -> tuple[DigestDraft, ...]:
    """Drafts of the storm's orders as an offer numbers them, each with a text of its own."""
    return tuple(
        replace(
            draft(str(30 + at), STORM.order_ids[at % 5]),
            number=first + at,
            recipient=f"buyer{at}@example.com",
            body=f"Hello Kim {at}",
        )
        for at in range(count)
    )


def test_a_batch_is_answered_in_one_line(quiet_day: Day) -> None:
    """Under its storm, after the single drafts, each text whole, with the numbers to write; each keeps its own."""
    batch = numbered(3, first=2)
    single = replace(draft("9", "99-99999-99999"), number=1, body="About something else")
    incident = DigestIncident(storm=STORM, batch=tuple(one.id for one in batch))
    day = replace(quiet_day, drafts=(single, *batch), incidents=(incident,), answer_code="ow-code")

    for shown in (render_text(day), render_html(day)):
        told = " ".join(shown.split())
        assert "“2, 3, 4 ok”" in told
        places = [told.index(f"Hello Kim {at}") for at in range(3)]
        assert told.index("About something else") < told.index("Drafts for one cause") < min(places)
        assert told.count("Hello Kim 1") == 1


def test_one_draft_of_a_storm_is_answered_by_itself(quiet_day: Day) -> None:
    """No list is needed, nor told."""
    batch = numbered(1)
    incident = DigestIncident(storm=STORM, batch=("30",))

    told = " ".join(render_text(replace(quiet_day, drafts=batch, incidents=(incident,), answer_code="ow-code")).split())

    assert "“1 ok”" in told
    assert "approve them all" not in told


def test_a_draft_of_two_storms_is_offered_once(quiet_day: Day) -> None:
    """An order whose parcels stand in both has one text."""
    batch = numbered(3)
    storms = tuple(DigestIncident(storm=STORM, batch=ids) for ids in (("30", "31"), ("31", "32")))

    found = batches(replace(quiet_day, drafts=batch, incidents=storms))

    assert [[one.id for one in part.whole] for part in found] == [["30", "31"], ["32"]]


def test_a_large_batch_has_an_end(quiet_day: Day) -> None:
    """Twelve texts, those of a second storm among them; the others by name, for the one command."""
    batch = numbered(24)
    storms = (
        DigestIncident(storm=STORM, batch=tuple(one.id for one in batch[:8])),
        DigestIncident(storm=STORM, batch=tuple(one.id for one in batch[8:])),
    )

    told = render_text(replace(quiet_day, drafts=batch, incidents=storms))

    assert told.count("Hello Kim") == 12
    assert "Reply 53" in told


def test_single_replies_come_before_a_batch() -> None:
    """Else seven times the same text would hide the one that is about something else."""
    drafts = [draft("1", "12-34567-00001"), draft("2", "99-99999-99999")]
    incident = DigestIncident(storm=STORM, batch=("1",))

    assert [one.id for one in batches_last(drafts, [incident])] == ["2", "1"]


def test_an_incident_is_one_entry(quiet_day: Day) -> None:
    """Carrier, lane, since when, how many, which orders, what eBay's protection asks, and one command."""
    day = replace(quiet_day, incidents=(DigestIncident(storm=STORM, batch=("3", "7"), by_hand=("9",)),))

    for shown in (render_text(day), render_html(day)):
        told = " ".join(shown.split())
        assert "Royal Mail, to Germany, last seen in Langley" in told
        assert "5 of 8 parcels have not moved since" in told
        assert all(order_id in told for order_id in STORM.order_ids)
        assert "4 of these 5 have both" in told
        assert "orderwatch approve 3 7" in told
    assert "<b>" not in render_html(day).partition("Langley")[2][:20]


def test_without_a_storm_there_is_no_section(quiet_day: Day) -> None:
    """A quiet day says nothing of storms."""
    assert "stopped together" not in render_text(quiet_day)


@pytest.mark.parametrize("many", [13, 400])
def test_many_orders_are_named_up_to_a_dozen(quiet_day: Day, many: int) -> None:
    """A mail has an end: the others are counted."""
    orders = tuple(f"12-34567-{number:05}" for number in range(many))
    storm = replace(STORM, order_ids=orders, since=STORM.since + timedelta(hours=1))

    told = " ".join(render_text(replace(quiet_day, incidents=(DigestIncident(storm=storm),))).split())

    assert f"and {many - 12} more" in told
