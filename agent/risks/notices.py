"""Risks that belong to no order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agent.risks.risk import Notice
from agent.risks.sentences import day
from agent.risks.timers import DEFAULT, Timers

_LONGEST = 100


def phishing_suspect(
    *, sender: str, subject: str, reason: str, source: str, at: datetime | None = None, count: int = 1
) -> Notice:
    """Mails that claim to be eBay or a carrier and are not, one notice a campaign; nothing in them was believed."""
    alike = f", and {count - 1} more like it," if count > 1 else ""
    return Notice(
        id="phishing_suspect",
        severity="P2",
        text=f"A mail from {quoted(sender)} called {quoted(subject)}{alike} is not what it claims to be "
        f"({quoted(reason)}). Nothing in it was believed; do not open its links.",
        because=(source,),
        since=at,
    )


def unmatched_event(
    *,
    event_type: str,
    source: str,
    at: datetime | None = None,
    number: str | None = None,
    order_ids: Sequence[str] = (),
) -> Notice:
    """A genuine mail that fits no known order, or several equally well."""
    what = event_type.replace("_", " ")
    fits = f"fits several orders ({', '.join(order_ids)})" if order_ids else "belongs to no order known here"
    return Notice(
        id="unmatched_event",
        severity="P3",
        text=f"{what.capitalize()}{f' ({quoted(number)})' if number else ''} {fits}. Look which order is meant.",
        because=(source,),
        since=at,
    )


def shared_number(*, number: str, order_ids: Sequence[str], source: str, at: datetime | None = None) -> Notice:
    """A tracking number that several orders name: what the carrier says of it is believed of none."""
    return Notice(
        id="unmatched_event",
        severity="P3",
        text=f"Tracking number {quoted(number)} stands in several orders ({', '.join(order_ids)}), so what the carrier "
        "says of it is counted for none of them. Follow this parcel yourself, or correct the number in eBay.",
        because=(source,),
        since=at,
    )


def parser_gap(*, sender: str, subject: str, source: str, at: datetime | None = None, more: int = 0) -> Notice:
    """Genuine mails of one template of eBay or a carrier that no reader understood; they may hide a deadline."""
    alike = f", and {more} more like it," if more else ""
    return Notice(
        id="parser_gap",
        severity="P2",
        text=f"A genuine mail from {quoted(sender)} called {quoted(subject)}{alike} could not be read. "
        f"Read {'them' if more else 'it'} yourself: {'they' if more else 'it'} may name a deadline.",
        because=(source,),
        since=at,
    )


def template_dark(*, sender: str, subject: str, count: int, since: datetime, sources: Sequence[str]) -> Notice:
    """Mails of a template that used to be read and is not any more: its design or wording has changed."""
    return Notice(
        id="parser_gap",
        severity="P2",
        text=f"Mails from {quoted(sender)} like {quoted(subject)} used to be read; "
        f"{count} since {day(since)} were not. Read them yourself. "
        "`orderwatch fixture FILE` makes a copy without personal data, which a maintainer can mend the reader with.",
        because=tuple(sources[-3:]),
        since=since,
    )


def tracking_unavailable(
    *,
    carrier: str,
    failing_since: datetime | None,
    reason: str | None,
    now: datetime,
    sources: tuple[str, ...] = (),
    timers: Timers = DEFAULT,
) -> Notice | None:
    """A carrier none of whose pages could be read for a day, or None; `carrier` is its name, `now` is aware."""
    if failing_since is None or now < failing_since + timers.looks_failing:
        return None
    return Notice(
        id="tracking_unavailable",
        severity="P3",
        text=f"No page of {quoted(carrier)} could be read since {day(failing_since)}"
        f"{f' ({quoted(reason)})' if reason else ''}. Its parcels' silence means nothing until then.",
        because=sources,
        since=failing_since + timers.looks_failing,
    )


def quoted(text: str) -> str:
    """A stranger's words on one line, cut short, without control or direction characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
