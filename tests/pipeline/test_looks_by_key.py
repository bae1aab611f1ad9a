"""Rounds in which an API answers to a seller's key: carriers opened by hand are watched, rests stay the page's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from agent.looking.due import Pace
from agent.steps.look import LookPlan, kept_states, look
from agent.store import Store, open_store
from agent.store.log import Entry, append
from agent.vocabulary.events import LabelBought, OrderSold
from agent.vocabulary.status import LookOutcome, TrackingStatus
from scrapers.look import Look, Tracked

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NUMBER, ORDER = "LX473018652GB", "14-10987-65432"
PAGE = Look(carrier="royal-mail", tracking_number=NUMBER, at=NOW, outcome=LookOutcome.BLOCKED, outcome_reason="captcha")
READ = Look(
    carrier="royal-mail",
    tracking_number=NUMBER,
    at=NOW,
    outcome=LookOutcome.READ,
    outcome_reason="told by 17TRACK's API, not by the carrier",
    tracked=Tracked(tracking_number=NUMBER, carrier="royal-mail", status=TrackingStatus.IN_TRANSIT),
    source="17track",
)


@dataclass
class Told:
    """A looker that gives one look, and remembers that it was asked."""

    answer: Look
    asked: list[str] = field(default_factory=list)

    def look(self, number: str, carrier: str, postcode: str | None, now: datetime) -> Look:
        self.asked.append(f"{carrier} {number}")
        return self.answer

    def close(self) -> None:
        """Nothing is held open."""


def with_a_parcel() -> Store:
    store = open_store("sqlite://")
    sold = NOW - timedelta(days=4)
    events = (
        OrderSold(occurred_at=sold, seen_at=sold, source="mail:sold", order_id=ORDER, site="EBAY_GB"),
        LabelBought(
            occurred_at=sold,
            seen_at=sold,
            source="mail:label",
            order_id=ORDER,
            tracking_number=NUMBER,
            carrier="royal-mail",
        ),
    )
    with store.begin() as connection:
        append(connection, [Entry(id=event.source, event=event) for event in events], sold)
    return store


def asked_of(looker: Told, by_key: frozenset[str]) -> tuple[list[str], object]:
    """Whom a round asks, and what is remembered of Royal Mail then."""
    store = with_a_parcel()
    look(store, lambda: looker, LookPlan(pace=Pace(), by_key=by_key), NOW)
    with store.begin() as connection:
        return looker.asked, kept_states(connection).get("royal-mail")


def test_a_carrier_opened_by_hand_is_looked_at_with_a_key() -> None:
    """And not without one."""
    assert asked_of(Told(READ), frozenset())[0] == []
    assert asked_of(Told(READ), frozenset({"royal-mail"}))[0] == [f"royal-mail {NUMBER}"]


def test_what_an_api_says_is_no_word_of_the_page() -> None:
    """A refusal of the page is remembered though the API answered, and nothing of a page that nobody asked."""
    for_page = asked_of(Told(replace(READ, page=PAGE)), frozenset({"royal-mail"}))[1]
    assert getattr(for_page, "blocked_why", None) == "captcha"
    by_api = asked_of(Told(READ), frozenset({"royal-mail"}))[1]
    assert getattr(by_api, "blocked_until", None) is None
    refused = replace(PAGE, source="17track", outcome_reason="the key for 17TRACK was refused")
    assert getattr(asked_of(Told(refused), frozenset({"royal-mail"}))[1], "blocked_until", None) is None
