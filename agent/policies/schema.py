"""JSON Schema of the `policies` of a configuration, from the registered conditions and actions."""

from __future__ import annotations

from typing import Any

from agent.policies.actions import ACTIONS
from agent.policies.arguments import Evidence, schema_of
from agent.policies.conditions import CONDITIONS
from agent.policies.policy import GROUPS
from agent.replies.templates import situations

_CONDITIONS = {"$ref": "#/$defs/conditions"}


def policies_schema() -> dict[str, Any]:
    """The schema of the list of policies; it refers to `#/$defs/conditions`, see `conditions_schema`."""
    limits = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"per_order": {"type": "integer", "minimum": 0}, "evidence": schema_of(Evidence)},
    }
    policy = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "when", "then"],
        "properties": {
            "name": {"type": "string"},
            "when": _CONDITIONS,
            "then": {"type": "array", "minItems": 1, "items": _actions()},
            "limits": limits,
        },
    }
    return {"type": "array", "items": policy}


def conditions_schema() -> dict[str, Any]:
    """The schema of a list of conditions."""
    properties: dict[str, Any] = {}
    for name, condition in CONDITIONS.items():
        schema = {**schema_of(condition.argument), "description": condition.summary}
        properties |= {name: schema, f"not {name}": schema}
    for kind, meaning in GROUPS.items():
        properties[kind] = {**_CONDITIONS, "description": meaning}
    item = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": properties}
    return {"type": "array", "minItems": 1, "items": item}


def _actions() -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, form in ACTIONS.items():
        properties[name] = {"type": ["string", "null"], "description": form.meaning}
        if form.takes == "reply":  # a seller may add replies: known names are examples, no list
            properties[name] |= {"type": "string", "examples": list(situations())}
    item = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": properties}
    return {"anyOf": [{"type": "string", "enum": list(ACTIONS)}, item]}
