"""What a digest shows, in order: both renderings print this, so neither can tell less than the other."""

from __future__ import annotations

from agent.digest import dates
from agent.digest.cards import groups
from agent.digest.day import Day
from agent.digest.headline import account, headline, lead, subject, warnings
from agent.digest.parts import Layout
from agent.digest.sections import sections
from agent.digest.untrusted import line
from agent.digest.urgency import urgency_of
from agent.vocabulary.status import Mode

_MODES = {
    Mode.OBSERVE: "Observe mode: nothing is sent to buyers or carriers.",
    Mode.DRAFT: "Draft mode: a reply leaves only after you approve it.",
    Mode.LIVE: "Live mode: replies leave as your policies allow.",
}


def lay_out(day: Day) -> Layout:
    """The digest in words."""
    urgency = urgency_of(day)
    warned = tuple(warnings(day))
    first = headline(day, urgency, warned)
    shop = line(day.shop, 60)
    return Layout(
        subject=" · ".join(
            (subject(first, warned), dates.short_day(dates.local_day(day.at, day.zone), day.at, day.zone), shop)
        ),
        shop=shop,
        date=f"{dates.long_day(day.at, day.zone)}, {dates.clock(day.at, day.zone)}",
        headline=first,
        lead=lead(day, urgency),
        account=account(day),
        warnings=warned,
        groups=tuple(groups(day, urgency)),
        sections=tuple(sections(day)),
        mode=_MODES[day.mode],
        hint="`orderwatch show ORDER` tells the whole story of an order, `orderwatch handled ORDER` closes it here.",
    )
