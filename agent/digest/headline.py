"""What a seller reads first: subject, headline, what is due first, and what was read and looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from agent.digest import dates
from agent.digest.day import Day
from agent.digest.names import counted, lowered, risk_name
from agent.digest.sentences import due
from agent.digest.untrusted import line
from agent.digest.urgency import Urgency

_STALE = timedelta(days=1)
"""A mailbox that was read longer ago than this is reported, whatever it says of itself."""


def headline(day: Day, urgency: Urgency, warnings: Sequence[str]) -> str:
    """The most pressing thing of the day, in a few words; `All quiet` only where nothing at all needs a human."""
    waiting = day.waiting
    unread = sum(mail.count for mail in day.unread)
    if urgency.today:
        return f"{len(urgency.today)} to answer today"
    if urgency.soon:
        urgent = sum(case.severity == "P1" for case in urgency.soon)
        return f"Nothing due today, {len(urgency.soon)} coming up" + (f", {urgent} urgent" if urgent else "")
    if urgency.watch:
        return f"Nothing to answer, {len(urgency.watch)} to watch"
    if warnings:
        return "A mailbox needs you" if day.mailboxes else "No mailbox is set up"
    if day.uncertain:
        return f"{counted(len(day.uncertain), 'reply', 'replies')} to check"
    if waiting:
        return f"{counted(waiting, 'draft waits', 'drafts wait')} for you"
    if day.refused:
        return "I held replies back"
    if unread:
        return f"{counted(unread, 'mail')} I could not read"
    if day.notices:
        return counted(len(day.notices), "notice")
    if any(carrier.failed for carrier in day.carriers):
        return "All quiet, as far as I could look"
    return "All quiet"


def subject(headline: str, warnings: Sequence[str]) -> str:
    """A mailbox that could not be read is named where only the subject is seen: silence must not look like peace."""
    return headline if not warnings or "mailbox" in headline else f"{headline}, a mailbox is not read"


def lead(day: Day, urgency: Urgency) -> str:
    """What is due first, and how much more there is."""
    said: list[str] = []
    dated = [(at, case) for case in day.cases if (at := due(case.deadline, day.zone)) is not None]
    overdue = sum(at < day.at for at, _ in dated)
    if overdue:
        said.append(f"{overdue} {'is' if overdue == 1 else 'are'} overdue.")
    ahead = [(at, case) for at, case in dated if at >= day.at]
    if ahead:
        at, case = min(ahead, key=lambda pair: pair[0])
        first = "The first" if not overdue else "The next"
        said.append(
            f"{first} is due {dates.ahead(at, day.at, day.zone)}: {lowered(risk_name(line(case.risk)))}, "
            f"order {line(case.order_id, 40)}."
        )
    if urgency.today and (urgency.soon or urgency.watch):
        more = [f"{len(urgency.soon)} coming up"] if urgency.soon else []
        more += [f"{len(urgency.watch)} to watch"] if urgency.watch else []
        said.append(f"Besides: {' and '.join(more)}.")
    elif urgency.soon and urgency.watch:
        said.append(f"{len(urgency.watch)} more to watch.")
    if not day.cases:
        said.append("No order needs you now.")
    waiting = day.waiting
    if waiting:
        said.append(f"{counted(waiting, 'draft waits', 'drafts wait')} for your word.")
    return " ".join(said)


def account(day: Day) -> str:
    """What was read and looked at, so that quiet can be believed."""
    read = counted(sum(mailbox.read for mailbox in day.mailboxes), "mail")
    looks = sum(carrier.looks for carrier in day.carriers)
    failed = sum(carrier.failed for carrier in day.carriers)
    since = f"Since {dates.ahead(day.since, day.at, day.zone)} I" if day.since else "I"
    looked = f"looked {counted(looks, 'time')} at carriers' pages" if looks else "looked at no carrier's page"
    but = f", {failed} of them in vain" if failed else ""
    return (
        f"{since} read {read} and {looked}{but}; {counted(day.orders_watched, 'order')} watched, "
        f"{counted(day.parcels_moving, 'parcel')} moving."
    )


def warnings(day: Day) -> Iterable[str]:
    """One sentence for each mailbox that is not read, or for there being none."""
    if not day.mailboxes:
        yield "No mailbox is set up, so no mail was read. Add one to config.yaml, then run `orderwatch check`."
    for mailbox in day.mailboxes:
        name = line(mailbox.name, 60)
        if not mailbox.alive or mailbox.last_read_at is None or day.at - mailbox.last_read_at > _STALE:
            last = f"since {dates.past(mailbox.last_read_at, day.at, day.zone)}" if mailbox.last_read_at else "yet"
            error = f" ({line(mailbox.error)})" if mailbox.error else ""
            yield (
                f"Mailbox {name}: no mail could be read {last}{error}. A request may wait there unseen: look into eBay "
                f"yourself, and run `orderwatch check`."
            )
