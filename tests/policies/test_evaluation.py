"""Which policy decides, and why the others did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.policies.conditions import CONDITIONS, Condition
from agent.policies.decision import held
from agent.policies.evaluation import evaluate, matches
from agent.policies.policy import Policy, parse_policies, shipped
from agent.risks.risk import Deadline
from agent.vocabulary.data import parse_yaml
from agent.vocabulary.values import Money


def policies(text: str) -> tuple[Policy, ...]:
    """Policies as a seller writes them."""
    found, wrong = parse_policies(parse_yaml(text))
    assert wrong == ()
    return found


TWO = """
- {name: first, when: [risk: stalled_in_transit, value: 50], then: [flag: one, draft: late_proactive]}
- {name: second, when: [risk: stalled_in_transit], then: [flag: two]}
- {name: third, when: [risk: stalled_in_transit, value: 500], then: [flag: three]}
- {name: about-cases, when: [risk: inr_opened], then: [flag: four]}
"""


def test_the_first_match_decides_and_the_others_say_why_not(make_matter: Any, now: datetime) -> None:
    """Declared order rules; each loser is named with its reason."""
    situation = make_matter(situation={"evidence": "order_number"}).situation
    flag, draft = evaluate(policies(TWO), situation, now)
    assert (flag.policy, flag.action, flag.text) == ("first", "flag", "one")
    assert (draft.action, draft.situation, draft.refused) == ("draft", "late_proactive", None)
    assert flag.matched == ("risk: stalled_in_transit", "value: 50")
    assert flag.lost == (
        "second: matches too, but first stands before it",
        "third: not so: value: 500",
    )


def test_equal_situations_give_equal_keys(make_matter: Any, now: datetime) -> None:
    """Same key, same effect, once: time alone changes no key, a new episode does, so does another shop."""
    situation = make_matter().situation
    keys = [d.key for d in evaluate(policies(TWO), situation, now)]
    assert keys == [d.key for d in evaluate(policies(TWO), situation, now + timedelta(days=3))]
    assert len(set(keys)) == 2
    again = replace(situation, risks=(replace(situation.risks[0], episode="scan-2"),))
    assert not {d.key for d in evaluate(policies(TWO), again, now)} & set(keys)
    other = replace(situation, shop="other")
    assert not {d.key for d in evaluate(policies(TWO), other, now)} & set(keys)


@pytest.mark.parametrize("how", ["handled", "superseded"])
def test_what_is_over_is_not_decided(how: str, make_matter: Any, now: datetime) -> None:
    """Handled and superseded risks cause nothing."""
    situation = make_matter().situation
    over = replace(situation, risks=(replace(situation.risks[0], **{how: True}),))
    assert evaluate(policies(TWO), over, now) == ()


def test_a_policy_without_a_risk_is_asked_once(make_matter: Any, make_risk: Any, now: datetime) -> None:
    """It speaks about the lead risk; other risks of the order do not repeat it."""
    rules = policies("- {name: dear, when: [value: 50], then: [flag: dear]}")
    risks = (make_risk("inr_opened", severity="P1"), make_risk())
    situation = replace(make_matter().situation, risks=risks)
    (only,) = evaluate(rules, situation, now)
    assert only.risk == "inr_opened"


def test_an_order_without_risks_may_still_be_decided(make_matter: Any, now: datetime) -> None:
    """A seller who worries earlier than orderwatch does gets the flag, once per silence."""
    rules = policies("- {name: early, when: [no_scan_for: 72h], then: [flag: quiet]}")
    situation = make_matter(risk=None).situation
    (flag,) = evaluate(rules, situation, now)
    assert (flag.risk, flag.severity) == (None, "P4")
    (later,) = evaluate(rules, situation, now + timedelta(hours=1))
    assert later.key == flag.key


def test_stop_ends_the_order(make_matter: Any, make_risk: Any, now: datetime) -> None:
    """After `stop` the order's further risks are left alone."""
    rules = policies(
        """
        - {name: a, when: [risk: inr_opened], then: [flag: case, stop]}
        - {name: b, when: [risk: stalled_in_transit], then: [flag: stalled]}
        """
    )
    situation = replace(make_matter().situation, risks=(make_risk("inr_opened"), make_risk()))
    assert [d.action for d in evaluate(rules, situation, now)] == ["flag", "stop"]
    swapped = replace(situation, risks=(make_risk(), make_risk("inr_opened")))
    assert [d.policy for d in evaluate(rules, swapped, now)] == ["b", "a", "a"]


@pytest.mark.parametrize(
    ("then", "said"), [("stop", "nothing, by policy hands-off"), ("flag: x, stop", "nothing more, by policy hands-off")]
)
def test_stop_is_told_as_what_it_is(then: str, said: str, make_matter: Any, now: datetime) -> None:
    """Nobody reads of a risk's summary as if it had been done."""
    rules = policies(f"- {{name: hands-off, when: [risk: stalled_in_transit], then: [{then}]}}")
    *_, stop = evaluate(rules, make_matter().situation, now)
    assert (stop.action, stop.text) == ("stop", said)


def test_weak_evidence_flags_and_never_replies(make_matter: Any, now: datetime) -> None:
    """Title and date are a reason to look, not to write."""
    rules = policies("- {name: a, when: [risk: stalled_in_transit], then: [flag: x, reply: late_proactive]}")
    weak = make_matter(situation={"evidence": "title_and_date"}).situation
    flag, reply = evaluate(rules, weak, now)
    assert flag.refused is None
    assert reply.refused is not None
    assert "title and date" in reply.refused
    nothing = make_matter().situation
    assert evaluate(rules, nothing, now)[1].refused is not None


def test_a_policy_may_ask_for_stronger_evidence(make_matter: Any, now: datetime) -> None:
    """`limits: evidence` raises the bar of its own replies."""
    text = (
        "- {name: a, when: [risk: stalled_in_transit], then: [draft: late_proactive], limits: {evidence: order_number}}"
    )
    by_number = make_matter(situation={"evidence": "tracking_number"}).situation
    assert evaluate(policies(text), by_number, now)[0].refused is not None


def test_the_higher_priority_is_asked_first(make_matter: Any, now: datetime) -> None:
    """Priority beats the written order, equal ones stay as written, and the trace says which of the two it was."""
    rules = policies(
        """
        - {name: first, when: [risk: stalled_in_transit], then: [flag: one]}
        - {name: second, when: [risk: stalled_in_transit], then: [flag: two], priority: 10}
        - {name: third, when: [risk: stalled_in_transit], then: [flag: three], priority: 10}
        - {name: last, when: [risk: stalled_in_transit], then: [flag: four], priority: -1}
        """
    )
    (decision,) = evaluate(rules, make_matter().situation, now)
    assert decision.policy == "second"
    assert decision.lost == (
        "third: matches too, but second stands before it",
        "first: matches too, but second has the higher priority (10 to 0)",
        "last: matches too, but second has the higher priority (10 to -1)",
    )


def test_an_alert_is_one_whichever_policy_asks_for_it(make_matter: Any, now: datetime) -> None:
    """Another policy that decides the same occurrence later does not wake the seller again; other words do."""
    one, two, other = (
        evaluate(policies(f"- {{name: {name}, when: [risk: stalled_in_transit], then: [{alert}]}}"), situation, now)[0]
        for situation in [make_matter().situation]
        for name, alert in (("a", "alert"), ("b", "alert"), ("b", "alert: Last call"))
    )
    assert one.key == two.key != other.key
    assert one.text == "no scan since 16 November"


def test_what_is_long_past_wakes_nobody(make_matter: Any, make_risk: Any, now: datetime) -> None:
    """Backlog after a stop, or history that is read in, is for the digest."""
    rules = policies("- {name: a, when: [risk: stalled_in_transit], then: [alert, flag: x]}")
    for ago, refused in ((timedelta(days=1), False), (timedelta(days=3), True)):
        risk = make_risk(deadline=Deadline(act_by=now - ago))
        alert, flag = evaluate(rules, make_matter(risk).situation, now)
        assert (alert.refused is not None) is refused
        assert flag.refused is None


def test_a_hold_stands_until_it_is_refused_or_gone(make_matter: Any, now: datetime) -> None:
    """The words of the hold; None where no policy holds the order."""
    rules = policies("- {name: a, when: [risk: stalled_in_transit], then: [hold: Keep it]}")
    decisions = evaluate(rules, make_matter().situation, now)
    assert held(decisions) == "Keep it"
    assert held([replace(one, refused="no") for one in decisions]) is None
    assert held(()) is None


def test_a_broken_condition_matches_nothing_and_is_named(
    make_matter: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fail closed, for the condition and for its `not`; the trace says what broke."""

    def broken(matter: Any, wanted: Any) -> bool:
        raise KeyError("lost")

    monkeypatch.setitem(CONDITIONS, "value", Condition("value", broken, CONDITIONS["value"].argument, "value: 5"))
    for when in ("value: 5", "not value: 5", "any: [value: 5]", "not: [value: 5]"):
        rules = policies(
            f"- {{name: a, when: [{{{when}}}], then: [flag: x]}}\n"
            "- {name: b, when: [risk: stalled_in_transit], then: [flag: y]}"
        )
        (decision,) = evaluate(rules, make_matter().situation, now)
        assert decision.policy == "b"
        assert "a: " in decision.lost[0]
    assert "could not judge value: 5 (KeyError" in str(
        matches(policies("- {name: a, when: [value: 5], then: [stop]}")[0], make_matter()).why_not
    )


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("not value: 500", True),
        ("not value: 50", False),
        ("any: [value: 500, value: 50]", True),
        ("any: [value: 500, value: 600]", False),
        ("all: [value: 50, severity: P2]", True),
        ("all: [value: 50, severity: P1]", False),
        ("not: [value: 500, severity: P1]", True),
        ("not: [value: 500, severity: P2]", False),
        ("protection: yes", False),  # nobody knows
        ("not protection: yes", False),  # and so nobody knows the contrary
        ("any: [protection: yes, value: 50]", True),
        ("not: [protection: yes]", False),
        ("not: [all: [protection: yes, value: 500]]", True),  # whatever protection is, the value says no
    ],
)
def test_logic_of_three_values(when: str, holds: bool, make_matter: Any) -> None:
    """Yes, no and nobody knows combine as they should."""
    (policy,) = policies(f"- {{name: a, when: [{{{when}}}], then: [stop]}}")
    assert matches(policy, make_matter()).holds is holds


def test_the_shipped_set_decides_each_risk(make_matter: Any, make_risk: Any, now: datetime) -> None:
    """A stalled parcel gets its flag and its draft."""
    situation = make_matter(situation={"evidence": "order_number"}).situation
    flag, draft = evaluate(shipped(), situation, now)
    assert (flag.policy, flag.action) == ("stalled-parcel", "flag")
    assert (draft.action, draft.situation) == ("draft", "late_proactive")
    case = replace(situation, risks=(make_risk("inr_opened", severity="P1"),))
    assert [d.situation for d in evaluate(shipped(), case, now)] == [None, None, "inr_in_transit"]


def test_the_buyer_of_a_dear_parcel_is_told_once_that_somebody_must_sign(
    make_matter: Any, make_order: Any, make_parcel: Any, now: datetime
) -> None:
    """Where no risk leads; a further scan of the same parcel is no reason to write again, another parcel is."""
    signed = make_parcel(tracking_number="1Z94X6E74214038523", carrier="ups", first_scan_at=now - timedelta(days=5))
    dear = make_order(total=Money(Decimal(980), "USD"), shipments=(signed,))
    situation = replace(make_matter().situation, order=dear, risks=())

    flag, draft = evaluate(shipped(), situation, now)
    assert (flag.policy, draft.action, draft.situation) == ("signature-on-delivery", "draft", "signature_notice")

    def key(**more: Any) -> str:
        order = replace(dear, shipments=(replace(signed, **more),))
        return evaluate(shipped(), replace(situation, order=order), now)[-1].key

    assert key(last_scan_at=now) == draft.key
    assert key(first_scan_at=now) != draft.key
    assert evaluate(shipped(), replace(situation, order=replace(dear, total=Money(Decimal(84), "USD"))), now) == ()
