"""How policies are read: the shapes that are understood, and every problem at once."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from agent.policies.actions import ACTIONS, Action, ActionForm
from agent.policies.arguments import Comparison
from agent.policies.catalogue import DIGEST_ONLY, JUDGED, RISKS
from agent.policies.conditions import CONDITIONS, Condition
from agent.policies.duration import duration, written
from agent.policies.hours import Hours
from agent.policies.limits import LIMITS, Limits
from agent.policies.policy import Check, Group, Policy, parse_policies, shipped
from agent.risks.catalogue import judges
from agent.vocabulary.data import parse_yaml


def problems(text: str) -> list[tuple[tuple[str | int, ...], str, str]]:
    """What is wrong with policies written so."""
    return [(p.path, p.message, p.hint) for p in parse_policies(parse_yaml(text))[1]]


def test_a_policy_reads_like_a_sentence() -> None:
    """One-key lines, `not` before a name, any and all, bare words: all make the value one expects."""
    policies, wrong = parse_policies(
        parse_yaml(
            """
            - name: stalled-parcel
              when:
                - risk: [stalled_in_transit, no_first_scan]
                - no_scan_for: 72h
                - not contacted_within: 5d
                - any:
                    - value: ">= 100 EUR"
                    - not: [severity: P3]
              then:
                - flag: "No scan for 3 days"
                - reply: late_proactive
                - alert:
                - stop
              limits: {per_order: 1, evidence: order_number}
            """
        )
    )
    assert wrong == ()
    (policy,) = policies
    risk, silent, contacted, either = policy.when
    assert risk == Check(
        "risk", frozenset({"stalled_in_transit", "no_first_scan"}), "risk: [stalled_in_transit, no_first_scan]"
    )
    assert isinstance(silent, Check)
    assert silent.argument == timedelta(hours=72)
    assert isinstance(contacted, Group)
    assert (contacted.kind, contacted.written) == ("not", "not contacted_within: 5d")
    assert isinstance(either, Group)
    assert either.members[0] == Check("value", Comparison(">=", 100, "EUR"), "value: >= 100 EUR")  # type: ignore[arg-type]
    assert policy.then == (
        Action("flag", text="No scan for 3 days"),
        Action("reply", situation="late_proactive"),
        Action("alert"),
        Action("stop"),
    )
    assert policy.limits == Limits(per_order=1, evidence="order_number")
    assert policy.about_a_risk


def test_a_mapping_of_conditions_means_all_of_them() -> None:
    """`when: {risk: …, value: …}` is the same as two lines."""
    policies, wrong = parse_policies(parse_yaml("[{name: a, when: {risk: inr_opened, value: 5}, then: {flag: x}}]"))
    assert wrong == ()
    assert len(policies[0].when) == 2


@pytest.mark.parametrize(
    ("when", "path", "message", "hint"),
    [
        ("- no_scan_fro: 72h", ("no_scan_fro",), 'unknown condition "no_scan_fro"', 'did you mean "no_scan_for"?'),
        ("- not no_scan_fro: 72h", (), 'unknown condition "no_scan_fro"', 'did you mean "no_scan_for"?'),
        ("- no_scan_for: 72", (), 'no_scan_for: bad duration "72"', ""),
        ("- no_scan_for: 3 fortnights", (), "bad duration", ""),
        ("- risk: inr_open", (), 'unknown risk "inr_open"', 'did you mean "inr_opened"?'),
        ("- risk: [inr_opened, stalled]", (), 'unknown risk "stalled"', "stalled_in_transit"),
        ("- severity: P5", (), 'unknown severity "P5"', ""),
        ("- status: deliverd", (), 'unknown status "deliverd"', "delivered"),
        ("- site: EBAY_UG", (), 'unknown site "EBAY_UG"', "EBAY_"),
        ("- carrier: upss", (), 'unknown carrier "upss"', "ups"),
        ("- value: lots", (), "no number to compare with", ""),
        ("- buyer_orders: 2 EUR", (), "no number to compare with", ""),
        ("- evidence: [thread, order_number]", (), "evidence", ""),
        ("- any: []", (), '"any" needs a list', ""),
        ("- 5", (), "expected - condition: value", ""),
        ("- risk:", (), "risk", ""),
        ("- risk: []", (), "empty list", ""),
    ],
)
def test_wrong_conditions_say_what_to_write(when: str, path: tuple[str, ...], message: str, hint: str) -> None:
    """Each wrong condition gives one problem with its place, in plain words."""
    found = problems(f"- name: a\n  when:\n    {when}\n  then: [stop]")
    assert len(found) == 1
    assert found[0][0][:3] == (0, "when", 0)
    assert found[0][0][3:][: len(path)] == path
    assert message in found[0][1]
    assert hint in found[0][2]


@pytest.mark.parametrize(
    ("then", "message", "hint"),
    [
        ("- flagg: x", 'unknown action "flagg"', 'did you mean "flag"?'),
        ("- reply: late_proactve", 'no reply template "late_proactve"', 'did you mean "late_proactive"?'),
        ("- reply: ../../etc/passwd", "no reply template", "one of"),
        ("- reply:", '"reply" says nothing', ""),
        ("- flag", '"flag" says nothing', ""),
        ("- flag: [a]", '"flag" takes a text', ""),
        ("- stop: now", '"stop" takes nothing', ""),
    ],
)
def test_wrong_actions_say_what_to_write(then: str, message: str, hint: str) -> None:
    """Unknown actions and templates are found before anything runs."""
    found = problems(f"- name: a\n  when: [risk: inr_opened]\n  then:\n    {then}")
    assert len(found) == 1
    assert message in found[0][1]
    assert hint in found[0][2]


def test_limits_are_read() -> None:
    """Every limit, in the notation of its example."""
    every = "\n".join(f"    {name}: {form.example}" for name, form in LIMITS.items())
    (policy,), wrong = parse_policies(
        parse_yaml(f"- name: a\n  when: [risk: inr_opened]\n  then: [stop]\n  priority: 5\n  limits:\n{every}")
    )
    assert wrong == ()
    assert policy.priority == 5
    assert policy.limits == Limits(
        per_order=1,
        per_buyer=2,
        per_hour=5,
        per_day=10,
        pause=timedelta(days=3),
        quiet_hours=Hours(time(22), time(7)),
        evidence="order_number",
        confidence=0.9,
    )


@pytest.mark.parametrize(
    ("limits", "message", "hint"),
    [
        ("per_ordre: 1", 'unknown key "per_ordre"', 'did you mean "per_order"?'),
        ("per_buyer: many", "number of messages", ""),
        ("per_hour: yes", "number of messages", ""),
        ("per_day: -1", "number of messages", ""),
        ("pause: 3", 'bad duration "3"', ""),
        ("quiet_hours: nights", 'bad hours "nights"', ""),
        ("quiet_hours: 25:00-07:00", "bad hours", ""),
        ("quiet_hours: 07:00-07:00", "bad hours", ""),
        ("only_verified: no", "is always true", ""),
        ("evidence: item_and_buyer", "a reply needs tracking_number", ""),
        ("evidence: order_numbr", "unknown evidence", 'did you mean "order_number"?'),
        ("confidence: 1.5", "from 0 to 1", ""),
    ],
)
def test_wrong_limits_say_what_to_write(limits: str, message: str, hint: str) -> None:
    """One problem each, at the key that is wrong."""
    found = problems(f"- name: a\n  when: [risk: inr_opened]\n  then: [stop]\n  limits:\n    {limits}")
    assert len(found) == 1
    assert found[0][0] == (0, "limits", limits.split(":")[0])
    assert message in found[0][1]
    assert hint in found[0][2]


@pytest.mark.parametrize(
    ("condition", "message", "hint"),
    [
        ("country: Germany", "write two letters, such as DE", ""),
        ("not country: [DE, Austria]", "write two letters", ""),
        ("country: UK", 'unknown country "UK"', 'did you mean "GB"?'),
        ("language: german", "write two letters, such as de", ""),
    ],
)
def test_a_name_where_a_code_belongs_is_refused(condition: str, message: str, hint: str) -> None:
    """It would match no order, and its `not` every one."""
    ((_, said, meant),) = problems(f"- {{name: a, when: [{condition}], then: [stop]}}")
    assert message in said
    assert hint in meant


def test_a_priority_is_a_number() -> None:
    """`high` is no place in a row."""
    ((path, message, _),) = problems("- {name: a, when: [risk: inr_opened], then: [stop], priority: high}")
    assert path == (0, "priority")
    assert "whole number" in message


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=lambda condition: condition.name)
def test_every_condition_shows_an_example_that_works(condition: Condition) -> None:
    """What docs and schema show can be typed as it stands."""
    assert condition.summary.endswith(".") or condition.summary.endswith("`.")
    assert problems(f"- name: a\n  when:\n    - {condition.example}\n  then: [stop]") == []


@pytest.mark.parametrize("form", ACTIONS.values())
def test_every_action_shows_an_example_that_works(form: ActionForm) -> None:
    """As for conditions."""
    assert problems(f"- name: a\n  when: [risk: inr_opened]\n  then:\n    - {form.example}") == []


def test_all_problems_come_at_once() -> None:
    """Nothing hides behind the first problem."""
    found = problems(
        """
        - {name: a, when: [rsk: inr_opened], then: [flg: x], limit: {}}
        - {when: [risk: inr_opened], then: [stop], limits: {evidence: title_and_date, per_order: many}}
        - {name: b, when: [risk: inr_opened], then: [stop]}
        - {name: b, when: [risk: inr_opened], then: [stop]}
        - text
        """
    )
    assert len(found) == 8


def test_nesting_has_a_limit() -> None:
    """A policy nested without end is a problem, not a crash."""
    deep: object = {"risk": "inr_opened"}
    for _ in range(30):
        deep = {"any": [deep]}
    _, wrong = parse_policies([{"name": "a", "when": [deep], "then": ["stop"]}])
    assert "nest" in wrong[0].message


def test_a_sellers_own_reply_is_known(tmp_path: Path) -> None:
    """A template beside the configuration may be named by a policy."""
    folder = tmp_path / "replies" / "thanks"
    folder.mkdir(parents=True)
    folder.joinpath("en.md").write_text("---\nsituation: thanks\nlanguage: en\nfacts: [shop]\n---\n{{ shop }}\n")
    raw = [{"name": "a", "when": [{"intent": "thanks"}], "then": [{"draft": "thanks"}]}]
    assert parse_policies(raw, tmp_path)[1] == ()
    assert parse_policies(raw)[1] != ()


def named(policy: Policy) -> frozenset[str]:
    """The risks that a policy decides whatever else holds."""
    (only,) = policy.when if len(policy.when) == 1 else (None,)
    if not isinstance(only, Check) or only.name != "risk":
        return frozenset()
    assert isinstance(only.argument, frozenset)
    return only.argument


def test_the_shipped_set_handles_the_whole_catalogue() -> None:
    """Each risk of an order is flagged whatever else holds; what belongs to no order is the digest's; nothing sends."""
    for policy in shipped():
        kinds = {action.kind for action in policy.then}
        assert "flag" in kinds
        assert kinds <= {"flag", "draft", "alert", "hold", "ask_carrier"}
    unconditional = [risk for policy in shipped() for risk in named(policy)]
    assert sorted(unconditional) == sorted(set(RISKS) - set(DIGEST_ONLY))
    assert len(set(RISKS)) == len(RISKS)
    assert set(DIGEST_ONLY) <= set(RISKS)


def test_no_shipped_policy_stands_behind_one_that_takes_all() -> None:
    """A policy whose risks an earlier one decides unconditionally would never be asked."""
    taken: set[str] = set()
    about_risks = [policy for policy in shipped() if policy.about_a_risk]
    assert shipped()[: len(about_risks)] == tuple(about_risks), "one about no risk would win over all behind it"
    for policy in about_risks:
        (risks,) = [c.argument for c in policy.when if isinstance(c, Check) and c.name == "risk"]
        assert isinstance(risks, frozenset)
        assert not risks & taken, policy.name
        taken |= named(policy)


def test_every_judge_is_known() -> None:
    """Each judge that finds a risk under its own name has that name in the catalogue of policies."""
    known = set(JUDGED) | {"parcel_trouble", "unshipped"}  # judges of several risks
    assert {judge.__name__ for judge in judges()} <= known


def test_every_action_has_a_meaning() -> None:
    """What `check` and the schema show is never empty."""
    assert all(form.meaning.endswith(".") for form in ACTIONS.values())


@pytest.mark.parametrize(("text", "hours"), [("72h", 72), ("5d", 120), ("30m", 0.5), ("1d12h", 36), ("2w", 336)])
def test_durations_are_read_and_written(text: str, hours: float) -> None:
    """A number and a unit, or several."""
    assert duration(text) == timedelta(hours=hours)
    assert duration(written(duration(text))) == duration(text)


@pytest.mark.parametrize("text", ["", "h", "3", "3 x", "-3h", "3h!", None, 3, True])
def test_what_is_no_duration(text: object) -> None:
    """A bare number has no unit, and is refused rather than guessed."""
    with pytest.raises(ValueError, match="bad duration"):
        duration(text)
