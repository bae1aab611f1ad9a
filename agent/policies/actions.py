"""What a policy may do, as data: the name, what stands after it, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ActionKind = Literal["flag", "alert", "draft", "reply", "ask_carrier", "hold", "note", "stop"]
Takes = Literal["text", "optional text", "reply", "nothing"]


@dataclass(frozen=True)
class ActionForm:
    takes: Takes
    meaning: str


ACTIONS: Mapping[ActionKind, ActionForm] = {
    "flag": ActionForm("text", "Shows the order in the digest with this sentence."),
    "alert": ActionForm("optional text", "Mails the seller at once, in every mode."),
    "draft": ActionForm("reply", "Writes this reply and lets it wait for approval, in mode live too."),
    "reply": ActionForm("reply", "Writes this reply; in mode live it leaves by itself, within the caps."),
    "ask_carrier": ActionForm("optional text", "Writes to the carrier; not yet available, and shown as such."),
    "hold": ActionForm("optional text", "Shows the order as one that must not be handed over."),
    "note": ActionForm("text", "Keeps this sentence with the order."),
    "stop": ActionForm("nothing", "Nothing more is decided for this order, whatever other risks it has."),
}


@dataclass(frozen=True)
class Action:
    """One line of a policy's `then`."""

    kind: ActionKind
    text: str = ""
    situation: str | None = None
    """The reply's situation, of `draft` and `reply`."""
