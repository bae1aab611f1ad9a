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
    example: str


ACTIONS: Mapping[ActionKind, ActionForm] = {
    "flag": ActionForm("text", "Shows the order in the digest with this sentence.", 'flag: "No scan for 3 days"'),
    "alert": ActionForm(
        "optional text",
        "Mails you at once, in every mode, with this sentence or the risk's own: once for an occurrence of the risk, "
        "and all of one round in one mail.",
        'alert: "A dear order is at risk"',
    ),
    "draft": ActionForm(
        "reply",
        "Writes this reply and lets it wait for your approval, in mode `live` too. Where the buyer has not written "
        "there is nobody to answer by mail; the text is then for you to copy into eBay.",
        "draft: late_proactive",
    ),
    "reply": ActionForm(
        "reply",
        "Writes this reply. In mode `live` it leaves by itself, within the caps; in mode `draft` it waits for your "
        "approval. It answers a message of the buyer, never a case or a notification.",
        "reply: inr_in_transit",
    ),
    "ask_carrier": ActionForm(
        "optional text",
        "Writes an enquiry to the carrier with all facts, and where to send it. It waits for you: orderwatch itself "
        "never writes to a carrier.",
        "ask_carrier",
    ),
    "hold": ActionForm(
        "optional text",
        "Marks the order as one that must not be handed over: it heads the digest, and `show` and `orders --json` "
        "say so, for as long as the policy decides so.",
        'hold: "The buyer asks to cancel"',
    ),
    "note": ActionForm(
        "text", "Keeps this sentence with the order, once for an occurrence.", 'note: "Asked to cancel"'
    ),
    "stop": ActionForm("nothing", "Nothing more is decided for this order, whatever other risks it has.", "stop"),
}


@dataclass(frozen=True)
class Action:
    """One line of a policy's `then`."""

    kind: ActionKind
    text: str = ""
    situation: str | None = None
    """The reply's situation, of `draft` and `reply`."""
