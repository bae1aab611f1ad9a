"""What the terminal says of a round and of a parcel, in a seller's words."""

from __future__ import annotations

import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from agent.desk.story import print_story
from agent.desk.terminal import print_counts

QUIET: dict[str, Any] = {
    **dict.fromkeys(("read", "unread", "hostile", "judged", "drafts", "would_have_been"), 0),
    **dict.fromkeys(("sent", "failed", "unknown"), 0),
    "looks": {},
    "refused": [],
    "answers": {"understood": 0, "refused": 0},
    "drafts_folder": {"put": 0, "taken_back": 0, "trouble": None},
    "digest": {"made": False, "sent": 0, "failed": 0},
}
STORY: dict[str, Any] = {
    "order_id": "27-13930-98148",
    "buyer": "quiet_reader",
    "site": "EBAY_US",
    **dict.fromkeys(("hold", "total", "sold_at", "ship_by", "estimated_delivery", "ship_to", "plan")),
    **dict.fromkeys(("items", "risks", "next_looks", "events", "evidence", "decisions"), ()),
    "sources": {},
    "protection": {"verdict": "yes", "clauses": {}, "why": {}, "repairs": []},
}
PARCEL: dict[str, Any] = {
    "carrier": "usps",
    "tracking_number": "9400108099996205183746",
    "status": "info_received",
    "reason": None,
    "legs": [],
}


def printed(say: Any, *arguments: Any) -> str:
    console = Console(file=io.StringIO(), width=140)
    say(console, *arguments)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_one_is_not_many() -> None:
    """One look, one mail, one reply; answers and drafts laid are told where there are any."""
    one = {
        **QUIET,
        **dict.fromkeys(("read", "judged", "drafts", "sent"), 1),
        "looks": {"read": 1},
        "answers": {"understood": 1, "refused": 2},
        "drafts_folder": {"put": 1, "taken_back": 3, "trouble": None},
    }

    assert printed(print_counts, one).splitlines() == [
        "1 mail read (0 could not be, 0 hostile)",
        "1 look, 1 read",
        "1 order judged",
        "1 new draft",
        "1 reply sent",
        "1 answer of yours understood, 2 refused",
        "1 draft put into your Drafts folder, 3 taken back",
        "digest not due",
    ]
    assert "answer" not in printed(print_counts, QUIET)
    assert "Drafts folder" not in printed(print_counts, QUIET)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (None, "label made · not looked at yet"),
        ("read", "label made · looked Fri 20 Nov 09:00: read"),
        ("not_found", "label made · looked Fri 20 Nov 09:00: the carrier does not know the number"),
        ("unreachable", "label made · could not look Fri 20 Nov 09:00: the page did not answer"),
        ("blocked", "label made · could not look Fri 20 Nov 09:00: the carrier refused us"),
        ("layout_changed", "label made · could not look Fri 20 Nov 09:00: the page could not be understood"),
    ],
)
def test_a_page_that_was_not_read_says_nothing_of_the_parcel(look: str | None, said: str) -> None:
    """A look that failed, none at all, and one that found only the label are told apart."""
    last = {"at": "2026-11-20T09:00:00+00:00", "outcome": look} if look else None
    shape = {**STORY, "shipments": [{**PARCEL, "last_look": last}]}

    assert f"9400108099996205183746: {said}\n" in "\n".join(
        line.rstrip() for line in printed(print_story, shape, ZoneInfo("UTC")).splitlines()
    )


def test_a_policy_that_leaves_alone_is_named() -> None:
    """`stop` is no word for a seller: nothing, by policy, stands there."""
    made = {"policy": "hands-off", "action": "stop", "risk": None, "text": "nothing, by policy hands-off"}
    said = printed(print_story, {**STORY, "shipments": [], "decisions": [made]}, ZoneInfo("UTC"))

    assert "then" in said
    assert "nothing, by policy hands-off" in said
    assert "stop" not in said
