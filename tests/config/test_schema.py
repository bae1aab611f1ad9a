"""The JSON Schema of config.yaml against what `check` accepts: an editor and orderwatch are of one mind."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from agent.config import json_schema
from agent.policies.actions import ACTIONS
from agent.policies.conditions import CONDITIONS
from agent.policies.limits import LIMITS
from agent.policies.policy import parse_policies
from agent.vocabulary.data import parse_yaml

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
POLICIES = Draft202012Validator({**SCHEMA["properties"]["policies"], "$defs": SCHEMA["$defs"]})
PAGE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")


def test_the_schema_is_one() -> None:
    """Valid by the rules for schemas."""
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", ["agent/policies/shipped.yaml", "config.yaml"])
def test_what_we_ship_is_valid(path: str) -> None:
    """The shipped set and the sample configuration."""
    data = parse_yaml((ROOT / path).read_text(encoding="utf-8"))
    if "mailboxes" in data:
        assert list(VALIDATOR.iter_errors(data)) == []
    else:
        assert list(POLICIES.iter_errors(data["policies"])) == []


@pytest.mark.parametrize("block", [b for b in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "policies:" in b])
def test_what_the_page_shows_is_valid(block: str) -> None:
    """Every example of docs/policies.md."""
    assert list(POLICIES.iter_errors(parse_yaml(block)["policies"])) == []


def policy(when: Any = "risk: inr_opened", then: str = "stop", more: str = "") -> str:
    return f"- name: a\n  when:\n    - {when}\n  then:\n    - {then}\n{more}"


BROKEN = [
    policy("no_scan_fro: 72h"),
    policy("not no_scan_fro: 72h"),
    policy("no_scan_for: 72"),
    policy("no_scan_for: 3 fortnights"),
    policy("risk: inr_open"),
    policy("risk: []"),
    policy("severity: P5"),
    policy("status: deliverd"),
    policy("site: EBAY_UG"),
    policy("value: lots"),
    policy("value: [1, 2]"),
    policy("weekday: someday"),
    policy("hours: nights"),
    policy("season: summer"),
    policy("abroad: perhaps"),
    policy("request_open: refund"),
    policy("any: []"),
    policy("5"),
    policy(then="flagg: x"),
    policy(then="flag"),
    policy(then="reply:"),
    policy(then="stop: now"),
    policy(then="flag: [a]"),
    policy(more="  limits: {per_ordre: 1}"),
    policy(more="  limits: {per_order: many}"),
    policy(more="  limits: {quiet_hours: nights}"),
    policy(more="  limits: {evidence: title_and_date}"),
    policy(more="  limits: {only_verified: false}"),
    policy(more="  limits: {confidence: 2}"),
    policy(more="  priority: high"),
    policy(more="  prio: 1"),
    "- {name: a, then: [stop]}",
    "- {name: a, when: [risk: inr_opened]}",
    "- {when: [risk: inr_opened], then: [stop]}",
    "- text",
    "name: a",
]


@pytest.mark.parametrize("text", BROKEN)
def test_what_check_refuses_the_schema_refuses(text: str) -> None:
    """The same mistakes are red in the editor."""
    data = parse_yaml(text)
    assert parse_policies(data)[1] != ()
    assert list(POLICIES.iter_errors(data)) != []


@pytest.mark.parametrize(
    "text",
    [
        "- {name: a, when: {risk: inr_opened, value: 5}, then: {flag: x}}",
        "- {name: a, when: [{risk: [inr_opened]}], then: stop}",
        "- {name: a, when: [{protection: yes}], then: [alert, hold: , note: x]}",
        "- {name: a, when: [{value: '>= 100 EUR'}, not country: [DE, AT]], then: [ask_carrier], priority: -3}",
        "- {name: a, when: [{not: [{status: delivered}]}, any: {severity: P1}], then: [{alert: x}, stop: ]}",
    ],
)
def test_what_check_takes_the_schema_takes(text: str) -> None:
    """Every shape that policies may have."""
    data = parse_yaml(text)
    assert parse_policies(data)[1] == ()
    assert list(POLICIES.iter_errors(data)) == []


def test_everything_is_described() -> None:
    """An editor shows what each condition, action and limit means."""
    policy_ = SCHEMA["properties"]["policies"]["items"]["properties"]
    conditions = SCHEMA["$defs"]["conditions"]["anyOf"][0]["items"]["properties"]
    actions = policy_["then"]["anyOf"][0]["items"]["anyOf"][1]["properties"]
    assert set(actions) == set(ACTIONS)
    assert set(policy_["limits"]["properties"]) == set(LIMITS)
    assert set(CONDITIONS) <= set(conditions)
    for name, one in {**conditions, **actions, **policy_["limits"]["properties"]}.items():
        assert one["description"].strip(), name
