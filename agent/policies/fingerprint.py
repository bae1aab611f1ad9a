"""What a policy says, as one hash: another word in it or in its texts, and it is another policy. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from agent.policies.policy import Policy
from agent.replies.templates import templates

SHOWN = 12
"""So many letters of it are enough to type."""


def fingerprint(policy: Policy, folders: Sequence[Path] = ()) -> str:
    """sha256, hex, of a policy and of every text that it may send; `folders` hold the seller's own templates."""
    named = {action.situation for action in policy.then if action.situation is not None}
    texts = [template for _, template in sorted(templates(*folders).items()) if template.situation in named]
    return sha256(json.dumps(_plain([policy, texts]), sort_keys=True).encode()).hexdigest()


def sends_by_itself(policy: Policy) -> bool:
    """Whether it holds a reply: a text that leaves without a human in mode live."""
    return any(action.kind == "reply" for action in policy.then)


def _plain(value: Any) -> Any:
    """A frozen value as JSON knows it. What is absent or empty is left out: a new, unused field changes no hash."""
    if is_dataclass(value) and not isinstance(value, type):
        named = ((one.name, getattr(value, one.name)) for one in fields(value))
        return {name: _plain(part) for name, part in named if part not in (None, (), "")}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, Set):
        return sorted(str(part) for part in value)
    if isinstance(value, Collection) and not isinstance(value, str | bytes):
        return [_plain(part) for part in value]
    return value if isinstance(value, bool | int | float) else str(value)
