"""A policy that sends by itself waits until its very words were tried or vouched for."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.policies.fingerprint import fingerprint, sends_by_itself
from agent.simulation.trial import CannotArm, try_policies, unarmed, vouch
from agent.steps.decide import decide
from agent.store import Store
from agent.store.arming import Arming, arm, disarm, known_armings
from agent.store.log import append
from agent.store.outbox import rows
from tests.simulation.conftest import DAY, POLICIES, START, a_month, history_of, policies, rules

END = START + 34 * DAY


def fill(store: Store) -> None:
    """The month's log, as it was when its last entry came."""
    with store.begin() as connection:
        for known in history_of(a_month()).entries:
            append(connection, [known.entry], known.at)


def test_a_hash_is_of_the_words_alone() -> None:
    """The same text has the same hash however often it is read; another condition, action or name has another."""
    one, stalled, _ = policies()
    again = policies()[0]
    other = policies(POLICIES.replace("risk: not_received_message", "risk: [not_received_message, inr_opened]"))[0]
    renamed = policies(POLICIES.replace("answers-questions", "answers"))[0]

    assert fingerprint(one) == fingerprint(again)
    assert len({fingerprint(one), fingerprint(other), fingerprint(renamed), fingerprint(stalled)}) == 4
    assert sends_by_itself(one)
    assert not sends_by_itself(stalled)


def test_a_sellers_own_template_changes_the_hash_of_what_sends_it(tmp_path: Path) -> None:
    """And of nothing else."""
    own = tmp_path / "inr_in_transit"
    own.mkdir()
    (own / "en.md").write_text("---\nsituation: inr_in_transit\nlanguage: en\nfacts: [shop]\n---\nHello. {{ shop }}\n")
    one, stalled, _ = policies()

    assert fingerprint(one, [tmp_path]) != fingerprint(one)
    assert fingerprint(stalled, [tmp_path]) == fingerprint(stalled)


def test_in_live_mode_an_untried_reply_waits_and_says_why(store: Store) -> None:
    """It is written, and a human is asked."""
    with store.begin() as connection:
        for known in history_of(a_month()).entries:
            if known.at <= START + 20 * DAY:
                append(connection, [known.entry], known.at)
    decide(store, rules(), START + 20 * DAY)

    with store.begin() as connection:
        (waiting,) = [row for row in rows(connection) if row.policy == "answers-questions"]
    assert waiting.state == "awaiting_approval"
    assert "orderwatch policies test" in (waiting.reason or "")


def test_once_armed_it_leaves_by_itself(store: Store) -> None:
    """The same case, the policy vouched for."""
    with store.begin() as connection:
        for known in history_of(a_month()).entries:
            if known.at <= START + 20 * DAY:
                append(connection, [known.entry], known.at)
    vouch(store, rules(), "answers-questions", fingerprint(policies()[0])[:12], START + 20 * DAY)
    decide(store, rules(), START + 20 * DAY)

    with store.begin() as connection:
        (waiting,) = [row for row in rows(connection) if row.policy == "answers-questions"]
    assert waiting.state == "queued"


def test_a_trial_of_a_month_arms_what_was_to_be_seen(store: Store) -> None:
    """The log begins on the first day; the whole span counts, and a text was written."""
    fill(store)
    assert unarmed(store, rules()) == ("answers-questions",)

    try_policies(store, rules(), 180 * DAY, END)

    assert unarmed(store, rules()) == ()


def test_a_trial_in_which_nothing_was_written_arms_nothing(store: Store) -> None:
    """Nobody saw a text of it."""
    fill(store)
    other = rules(POLICIES.replace("risk: not_received_message", "risk: payment_dispute"))

    try_policies(store, other, 180 * DAY, END)

    assert unarmed(store, other) == ("answers-questions",)


def test_a_wrong_hash_is_refused(store: Store) -> None:
    """Also one that is too short to mean anything."""
    for typed in ("", fingerprint(policies()[0])[:4], "0" * 64):
        with pytest.raises(CannotArm):
            vouch(store, rules(), "answers-questions", typed, START)


def test_a_humans_word_outlives_a_test(store: Store) -> None:
    """A later test says nothing less of it; taken back, nothing is left."""
    word = Arming(fingerprint="a" * 64, policy="answers", how="acknowledged", at=START)
    test = Arming(fingerprint="a" * 64, policy="answers", how="tested", at=END, days=34)
    with store.begin() as connection:
        arm(connection, word)
        arm(connection, test)
        assert known_armings(connection) == {"a" * 64: word}
        disarm(connection, ["a" * 64])
        assert known_armings(connection) == {}
