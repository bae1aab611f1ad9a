"""A log lived through again: what policies would have done, when, and how much earlier than the buyer's claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.simulation.deeds import Deed, Replay
from agent.simulation.history import history
from agent.simulation.replay import replay
from agent.simulation.shape import of_replay
from agent.steps.act import act
from agent.steps.decide import decide
from agent.store import open_store
from agent.store.log import Entry, append
from agent.store.outbox import rows
from agent.vocabulary.events import AnyEvent
from agent.vocabulary.status import TrackingStatus
from tests.simulation.conftest import (
    DAY,
    HOUR,
    POLICIES,
    START,
    a_month,
    asks,
    claims,
    history_of,
    label,
    looked,
    order_id,
    policies,
    rules,
    scan,
    sold,
)

END = START + 34 * DAY


class Postbox:
    """Takes every mail."""

    def send(self, mail: bytes, sender: str, recipient: str) -> None:
        """Delivered."""

    def check(self) -> None:
        """Always there."""

    def close(self) -> None:
        """Nothing is held open."""


def lived(text: str = POLICIES, since: datetime = START) -> Replay:
    return replay(history_of(a_month()), rules(text), since=since, until=END)


def of(done: Replay, policy: str, action: str) -> list[Deed]:
    return [deed for deed in done.deeds if (deed.policy, deed.action) == (policy, action)]


def test_a_text_is_written_when_it_was_due_and_not_before() -> None:
    """The stalled parcel's draft lies there from the day on which its silence was too long; the other has none."""
    (draft,) = of(lived(), "stalled", "draft")

    assert draft.order_id == order_id(0)
    assert draft.outcome == "drafted"
    assert START + 7 * DAY <= draft.at <= START + 8 * DAY
    assert "Ship's lantern no. 0" in draft.body


def test_a_reply_leaves_in_the_round_in_which_the_buyer_asked() -> None:
    """In a replay every policy is armed, whatever the shop's mode."""
    (reply,) = of(lived(), "answers-questions", "reply")

    assert reply.outcome == "sent"
    assert timedelta(0) <= reply.at - (START + 20 * DAY) <= HOUR
    assert reply.recipient.endswith("@members.ebay.com")


def test_a_policy_that_leaves_alone_has_shown_nothing() -> None:
    """`stop` is told as nothing, by name, and is no word ahead of the buyer's claim."""
    text = POLICIES + "- {name: hands-off, priority: 9, when: [{risk: stalled_in_transit}], then: [stop]}\n"
    done = lived(text)
    left = of(done, "hands-off", "stop")

    assert left
    assert {(deed.outcome, deed.note) for deed in left} == {("nothing", "nothing, by policy hands-off")}
    by = policies(text)
    *_, told = of_replay(done, by, {policy.name: "" for policy in by})["policies"]
    assert (told["shown"], told["nothing"], told["lead"]["claims"]) == (0, len(left), 0)


def test_the_lead_is_counted_to_the_first_word_of_the_buyer() -> None:
    """The buyer wrote on day 20: the draft of day 7 came earlier, the flag on the request of day 25 later."""
    done = lived()
    (draft,) = of(done, "stalled", "draft")
    (flag,) = of(done, "requests", "flag")

    assert done.claims == {order_id(0): START + 20 * DAY}
    early, late = done.lead(draft), done.lead(flag)
    assert early is not None
    assert late is not None
    assert early > 12 * DAY
    assert late < -4 * DAY


def test_what_was_not_known_yet_decides_nothing() -> None:
    """A scan of day 6 that a mail told on day 9 ends the silence on day 9: until then the parcel stood still."""
    told = [one for one in a_month() if one[0] < START + 9 * DAY]
    late = (START + 9 * DAY, scan(0, START + 6 * DAY))
    told += [late, (START + 9 * DAY, looked(0, START + 9 * DAY))]

    done = replay(history_of(told), rules(), since=START, until=START + 9 * DAY)

    (draft,) = of(done, "stalled", "draft")
    assert draft.at < START + 8 * DAY


def test_a_sent_reply_is_a_contact_from_then_on() -> None:
    """A policy that asks whether the buyer was written to lately sees what the replay sent."""
    quiet = """
- name: answers
  when: [{risk: not_received_message}]
  then: [{reply: inr_in_transit}]
- name: told-lately
  when: [{risk: inr_opened}, {contacted_within: 6d}]
  then: [{flag: "They know"}]
"""
    assert [deed.order_id for deed in of(lived(quiet), "told-lately", "flag")] == [order_id(0)]


def test_what_a_cap_refuses_is_told_with_its_reason() -> None:
    """No message to an order at all: the reply is held back, and says why."""
    held = replace(rules(), caps=replace(rules().caps, order_total=0))

    done = replay(history_of(a_month()), held, since=START, until=END)

    (reply,) = of(done, "answers-questions", "reply")
    assert reply.outcome == "refused"
    assert "limit 0" in reply.refused[0]


def test_before_the_span_the_log_only_grows() -> None:
    """Nothing is done before `since`; what is true on that day is found on that day."""
    since = START + 15 * DAY

    (draft,) = of(lived(since=since), "stalled", "draft")

    assert draft.at == since


def test_the_same_log_gives_the_same_replay() -> None:
    """Byte for byte."""
    assert repr(lived()) == repr(lived())


ACTS = st.sampled_from(["sold", "label", "scan", "looked", "asks", "claims", "delivered"])


def event_of(act_: str, index: int, at: datetime) -> AnyEvent:
    match act_:
        case "sold":
            return sold(index, at)
        case "label":
            return label(index, at)
        case "scan":
            return scan(index, at)
        case "looked":
            return looked(index, at)
        case "asks":
            return asks(index, at)
        case "claims":
            return claims(index, at)
        case _:
            return scan(index, at, TrackingStatus.DELIVERED)


@given(
    told=st.lists(st.tuples(st.integers(0, 20), ACTS, st.integers(0, 2)), min_size=1, max_size=25),
    hours=st.lists(st.integers(1, 24 * 24), min_size=1, max_size=12, unique=True),
)
@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_a_replay_decides_as_the_daemon_did(told: list[tuple[int, str, int]], hours: list[int]) -> None:
    """Any log, any rounds: the store that a daemon left and its replay hold the same texts, sent at the same time."""
    waiting = sorted((START + day * DAY, index, act_) for day, act_, index in told)
    rounds = [START + hour * HOUR for hour in sorted(hours)]
    how = rules(armed=frozenset({"answers-questions"}))
    store = open_store("sqlite://")
    for now in rounds:
        fresh = [one for one in waiting if one[0] <= now]
        waiting = waiting[len(fresh) :]
        with store.begin() as connection:
            entries = [
                Entry(
                    id=f"{at.isoformat()} {index} {act_} {place}",
                    event=replace(event_of(act_, index, at), seen_at=now),
                )
                for place, (at, index, act_) in enumerate(fresh)
            ]
            append(connection, entries, now)
        decide(store, how, now)
        if act(store, Postbox(), how.sender, now).ended:
            decide(store, how, now)
    with store.begin() as connection:
        past = history(connection)
        really = {row.key: (row.body, row.state == "sent", row.created_at) for row in rows(connection)}
    store.close()

    done = replay(past, how, since=rounds[0], until=rounds[-1], rounds=rounds)

    again = {
        deed.key: (deed.body, deed.outcome == "sent", deed.at)
        for deed in done.deeds
        if deed.outcome in ("sent", "drafted")
    }
    assert again == really


@pytest.mark.parametrize("pause", [6 * HOUR, DAY])
def test_a_longer_pause_delays_and_loses_nothing(pause: timedelta) -> None:
    """However rarely it judges, the same cases are found."""
    often = replay(history_of(a_month()), rules(), since=START, until=END, pause=HOUR)
    seldom = replay(history_of(a_month()), rules(), since=START, until=END, pause=pause)

    assert {deed.case for deed in seldom.deeds} == {deed.case for deed in often.deeds}
