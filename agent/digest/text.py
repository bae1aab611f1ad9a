"""The digest as plain text, and its subject."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from agent.digest.day import Day
from agent.digest.layout import lay_out
from agent.digest.parts import Card, Entry, Group, Letter, Section
from agent.digest.untrusted import line

_WIDTH = 72


def subject(day: Day) -> str:
    """The mail's subject, one line: `3 to answer today · 22 Nov · my-shop`."""
    return lay_out(day).subject + (f" [{line(day.reference, 20)}]" if day.reference else "")


def render_text(day: Day) -> str:
    """The digest's plain text, lines of at most 72 characters except where an address is longer."""
    shown = lay_out(day)
    lines = [shown.headline, f"{shown.shop} · {shown.date}", "", *_wrap(shown.lead), *_wrap(shown.account)]
    for warning in shown.warnings:
        lines += ["", *_wrap(warning, "! ", "  ")]
    for group in shown.groups:
        lines += _group(group)
    for section in shown.sections:
        lines += _section(section)
    lines += ["", "—", *_wrap(shown.mode)]
    lines += _wrap(shown.hint)
    return "\n".join(lines) + "\n"


def _group(group: Group) -> Iterable[str]:
    yield from _heading(group.heading)
    for card in group.cards:
        yield ""
        yield from _card(card)
    if group.lines:
        yield ""
    for text in group.lines:
        yield from _wrap(text, "- ", "  ")


def _card(card: Card) -> Iterable[str]:
    mark = f"[{card.mark}{', new' if card.new else ''}]"
    yield from _wrap(f"{mark} {card.heading}" + (f" — {card.act_by}" if card.act_by else ""))
    for text in (card.title, card.facts, card.summary):
        yield from _wrap(text, "  ", "  ")
    for label, text in (("To do", card.advice), ("Plan", card.plan)):
        yield from _wrap(f"{label}: {text}" if text else "", "  ", "    ")
    for number, step in enumerate(card.steps, start=1):
        mark = " (recommended)" if step.recommended else ""
        yield from _wrap(f"{number}. {step.text}{mark}", "    > " if step.recommended else "      ", "         ")
    for label, text in card.details:
        yield from _wrap(f"{label}: {text}" if text else "", "  ", "    ")
    for link in card.links:
        yield from _wrap(f"{link.label}: {link.url}", "  ", "    ")


def _section(section: Section) -> Iterable[str]:
    yield from _heading(section.heading)
    yield from _wrap(section.intro)
    for letter in section.letters:
        yield ""
        yield from _letter(letter)
    for entry in section.entries:
        yield from _entry(entry)


def _letter(letter: Letter) -> Iterable[str]:
    yield letter.heading
    for text in (letter.facts, f"Subject: {letter.subject}", letter.hint):
        yield from _wrap(text, "  ", "    ")
    if letter.body:
        yield ""
        for text in letter.body.split("\n"):
            yield from _wrap(text, "  | ", "  | ") or ["  |"]
    if letter.commands:
        yield ""
        yield from _wrap(letter.commands, "  ", "  ")


def _entry(entry: Entry) -> Iterable[str]:
    yield from _wrap(entry.text, "- ", "  ")
    yield from _wrap(entry.detail, "  ", "  ")
    if entry.link:
        yield f"  {entry.link.url}"


def _heading(heading: str) -> list[str]:
    return ["", "", heading, "-" * len(heading)]


def _wrap(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
