"""The cases of a day as cards, and as single lines where there are too many."""

from __future__ import annotations

from collections.abc import Iterable

from agent.digest import dates
from agent.digest.day import Day, DigestCase, DigestStep
from agent.digest.names import SEVERITIES, lowered, risk_name
from agent.digest.parts import Card, CardStep, Group, Link
from agent.digest.sentences import act_by_words, deadline_words
from agent.digest.untrusted import line, page_address
from agent.digest.urgency import Urgency

_FULL_CASES = 15
"""Cases shown whole: mail programs cut a message off at about 100 kB, and nobody reads more at breakfast."""
_LISTED = 25
"""Further cases of a group, one line each."""
_SOURCES = 6
"""Sources named for one case; `orderwatch show` names all."""


def groups(day: Day, urgency: Urgency) -> Iterable[Group]:
    """The cases by urgency; the gravest ones whole, the others as lines, the rest as a number."""
    room = _FULL_CASES
    headed = (("Today", urgency.today), ("Coming up", urgency.soon), ("To watch", urgency.watch))
    for heading, cases in headed:
        if not cases:
            continue
        whole, rest = cases[:room], cases[room:]
        room -= len(whole)
        lines = [_case_line(case, day) for case in rest[:_LISTED]]
        if len(rest) > _LISTED:
            lines.append(f"and {len(rest) - _LISTED} more: `orderwatch orders --at-risk` lists them all")
        yield Group(
            heading=f"{heading} · {len(cases)}", cards=tuple(_card(case, day) for case in whole), lines=tuple(lines)
        )


def _card(case: DigestCase, day: Day) -> Card:
    facts = [f"Order {line(case.order_id, 40)}"]
    facts += [f"buyer {line(case.buyer, 60)}"] if case.buyer else []
    facts += [line(dates.money(case.total), 40)] if case.total else []
    links = (
        ("Open on eBay", page_address(case.ebay_link)),
        ("Track the parcel", page_address(case.parcel_link)),
    )
    sources = [line(because.text or because.source, 200) for because in case.because[:_SOURCES]]
    since = dates.past(case.since, day.at, day.zone)
    drafts = [line(draft.id, 40) for draft in day.drafts if draft.order_id == case.order_id][:3]
    details = [
        ("Do not hand over", line(case.hold, 200)),
        ("Parcel", line(case.parcel, 300)),
        ("Dates", deadline_words(case.deadline, day.at, day.zone)),
        ("Because", " · ".join([*(["; ".join(sources)] if sources else []), f"since {since}"])),
        ("Also", ", ".join(lowered(risk_name(line(risk, 60))) for risk in case.also)),
        ("Draft", f"{', '.join(drafts)}, below" if drafts else ""),
        *(("Flag", line(flag, 120)) for flag in case.flags),
    ]
    return Card(
        severity=case.severity,
        mark=SEVERITIES[case.severity],
        new=case.new,
        heading=risk_name(line(case.risk, 60)),
        title=line(case.title, 90),
        facts=" · ".join(facts),
        act_by=act_by_words(case.deadline, day.at, day.zone),
        summary=line(case.summary, 400),
        advice=line(case.advice, 400),
        details=tuple((label, text) for label, text in details if text),
        links=tuple(Link(label=label, url=url) for label, url in links if url),
        plan=line(case.plan, 300),
        steps=tuple(_step(step, day) for step in case.steps),
    )


def _step(step: DigestStep, day: Day) -> CardStep:
    by = f" By {dates.ahead(step.by, day.at, day.zone)}." if step.by else ""
    return CardStep(text=line(step.text, 250) + by, recommended=step.recommended)


def _case_line(case: DigestCase, day: Day) -> str:
    said = [SEVERITIES[case.severity], risk_name(line(case.risk, 60)), f"order {line(case.order_id, 40)}"]
    said += [act_by_words(case.deadline, day.at, day.zone)]
    return " · ".join(part for part in said if part)
