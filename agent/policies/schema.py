"""JSON Schema of the `policies` of a configuration, from the registered conditions, actions and limits."""

from __future__ import annotations

from typing import Any

from agent.policies.actions import ACTIONS, ActionForm
from agent.policies.arguments import schema_of
from agent.policies.conditions import CONDITIONS
from agent.policies.limits import LIMITS
from agent.policies.policy import GROUPS
from agent.replies.templates import situations

_CONDITIONS = {"$ref": "#/$defs/conditions"}


def policies_schema() -> dict[str, Any]:
    """The schema of the list of policies; it refers to `#/$defs/conditions`, see `conditions_schema`."""
    limits = {
        "type": "object",
        "description": "What this policy may send by itself; the caps of the shop hold besides.",
        "additionalProperties": False,
        "properties": {name: {**form.schema, "description": form.meaning} for name, form in LIMITS.items()},
    }
    policy = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "when", "then"],
        "properties": {
            "name": {"type": "string", "minLength": 1, "description": "Names the policy in digest and trace; unique."},
            "priority": {
                "type": "integer",
                "default": 0,
                "description": "The higher is asked first; of equal ones, the one that is written first.",
            },
            "when": {**_CONDITIONS, "description": "All of these conditions hold."},
            "then": {**_actions(), "description": "What is done, once for each occurrence of the risk."},
            "limits": limits,
        },
    }
    return {"type": "array", "items": policy, "description": "Of those that match a risk, the first decides."}


def conditions_schema() -> dict[str, Any]:
    """The schema of a list of conditions, or of one mapping of them."""
    properties: dict[str, Any] = {}
    for name, condition in CONDITIONS.items():
        schema = {**schema_of(condition.argument), "description": condition.summary, "examples": [condition.example]}
        properties |= {name: schema, f"not {name}": {**schema, "description": f"Not so: {condition.summary}"}}
    for kind, meaning in GROUPS.items():
        properties[kind] = {**_CONDITIONS, "description": meaning}
    item = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": properties}
    return {"anyOf": [{"type": "array", "minItems": 1, "items": item}, item]}


def _actions() -> dict[str, Any]:
    """A list of names and one-key mappings, or a single one."""
    bare = [name for name, form in ACTIONS.items() if form.takes in ("nothing", "optional text")]
    item = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {name: {**_taken(form), "description": form.meaning} for name, form in ACTIONS.items()},
    }
    one = {"anyOf": [{"enum": bare}, item]}
    return {"anyOf": [{"type": "array", "minItems": 1, "items": one}, *one["anyOf"]]}


def _taken(form: ActionForm) -> dict[str, Any]:
    match form.takes:
        case "nothing":
            return {"enum": [None, True]}
        case "optional text":
            return {"type": ["string", "null"]}
        case "reply":  # a seller may add replies: known names are examples, no list
            return {"type": "string", "minLength": 1, "examples": list(situations())}
        case "text":
            return {"type": "string", "minLength": 1}
