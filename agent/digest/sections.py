"""All of a digest that is not a case: replies, what could not be read or looked at, notices, health."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from agent.digest import dates
from agent.digest.day import CarrierHealth, Day, DigestDraft, MailboxHealth, ManualLook, UnreadMail
from agent.digest.incidents import answer_of, batches, incident_sections, single_drafts, whose
from agent.digest.names import SEVERITIES, STATES, UNREAD, carrier_name, counted, risk_name
from agent.digest.parts import Entry, Letter, Link, Section
from agent.digest.untrusted import block, line, page_address, written_mail
from agent.risks.risk import Notice

_LISTED = 25
"""Entries of one section."""
_LETTERS = 8
"""Replies of one section shown with their text."""

_T = TypeVar("_T")


def sections(day: Day) -> Iterable[Section]:
    """Every section that has something to say; what was read and looked at always has."""
    if day.refused:
        yield Section(
            heading="Held back: I sent nothing of this",
            intro="The whole plan looked wrong, so none of it ran. Please look before you approve anything.",
            tone="alarm",
            entries=_entries(day.refused, lambda reason: Entry(text=line(reason, 400))),
        )
    if day.uncertain:
        yield Section(
            heading="Replies that may not have arrived",
            intro="I never send twice. Look at your messages on eBay, then write yourself where it is missing.",
            tone="alarm",
            letters=_letters(day.uncertain),
            entries=_further(day.uncertain),
        )
    yield from incident_sections(day)
    singles = single_drafts(day)
    if singles:
        would = all(draft.state == "would have been" for draft in singles)
        yield Section(
            heading="Replies I would have sent" if would else "Drafts",
            intro="Observe mode: none of these left. This is what your policies would have done."
            if would
            else _how_to_answer(singles, day),
            letters=_letters(singles),
            entries=_further(singles),
        )
    for batch in batches(day):
        yield Section(
            heading=f"Drafts for one cause · {whose(batch.storm)}",
            intro=_how_to_answer_all(batch.whole, day),
            letters=tuple(_letter(draft) for draft in batch.whole),
            entries=_entries(batch.rest, _untold),
        )
    if day.answers:
        yield Section(heading="Your answers", entries=_entries(day.answers, lambda said: Entry(text=line(said, 400))))
    if day.unread:
        total = sum(mail.count for mail in day.unread)
        yield Section(
            heading=f"{counted(total, 'mail')} I could not read",
            intro="They are kept whole. Any of them could hold a deadline, so please open them in your mailbox.",
            tone="alarm",
            entries=_entries(day.unread, lambda mail: _unread(mail, day)),
        )
    failing = [carrier for carrier in day.carriers if carrier.failed]
    if failing:
        yield Section(
            heading="Pages I could not look at",
            intro="That says nothing about the parcels: where I could not look, I call no scan missing.",
            entries=_entries(failing, lambda carrier: _failing(carrier, day)),
        )
    if day.manual_looks:
        yield Section(
            heading="Please open these yourself",
            intro="I do not visit these carriers' pages.",
            entries=_entries(day.manual_looks, _manual_look),
        )
    if day.notices:
        yield Section(heading="Notices", entries=_entries(day.notices, lambda notice: _notice(notice, day)))
    if day.sent:
        yield Section(heading="Replies that left", letters=_letters(day.sent), entries=_further(day.sent))
    yield Section(
        heading="What I read",
        entries=_entries(day.mailboxes, lambda mailbox: _mailbox(mailbox, day)) or (Entry(text="No mailbox."),),
    )
    yield Section(
        heading="What I looked at",
        entries=_entries(day.carriers, _carrier) or (Entry(text="No carrier's page was due."),),
    )


def _how_to_answer(drafts: Sequence[DigestDraft], day: Day) -> str:
    """No word stands alone on a line here: a quote that is wrapped badly must not become an answer."""
    numbered = [draft.number for draft in drafts if draft.number]
    if not day.answer_code or (not numbered and any(draft.number for draft in day.drafts)):
        return ""
    first = numbered[0] if numbered else 1
    return (
        f"Press a button, or answer this mail with “{first} ok”, “{first} no” or “{first} edit: …” above the quote. "
        f"It counts for seven days. Code {line(day.answer_code, 60)}."
    )


def _how_to_answer_all(drafts: Sequence[DigestDraft], day: Day) -> str:
    """Each draft keeps its own number: what is left out of the answer waits on."""
    own = "Each buyer gets the text that is shown for them, once."
    words = answer_of(drafts)
    if words is None or not day.answer_code:
        return f"{own} {_how_to_answer(drafts, day)}".strip()
    return (
        f"To approve them all at once, press “Send all”, or answer this mail with “{words}” above the "
        f"quote; leave out the numbers that are to wait. {own} Code {line(day.answer_code, 60)}."
    )


def _entries(values: Sequence[_T], entry_of: Callable[[_T], Entry]) -> tuple[Entry, ...]:
    shown = [entry_of(value) for value in values[:_LISTED]]
    if len(values) > _LISTED:
        shown.append(Entry(text=f"and {len(values) - _LISTED} more"))
    return tuple(shown)


def _letters(drafts: Sequence[DigestDraft]) -> tuple[Letter, ...]:
    return tuple(_letter(draft) for draft in drafts[:_LETTERS])


def _further(drafts: Sequence[DigestDraft]) -> tuple[Entry, ...]:
    return _entries(drafts[_LETTERS:], _untold)


def _untold(draft: DigestDraft) -> Entry:
    """A reply without its text."""
    return Entry(text=f"{_letter_heading(draft)} · order {line(draft.order_id, 40)}", detail=line(draft.subject, 120))


def _letter_heading(draft: DigestDraft) -> str:
    number = f"{draft.number} · " if draft.number else ""
    return f"{number}Reply {line(draft.id, 40)}: {STATES.get(draft.state) or line(draft.state, 40)}"


def _letter(draft: DigestDraft) -> Letter:
    number = line(draft.id, 40)
    ways = (("Send", "approve"), ("Change", "edit"), ("Drop", "reject")) if draft.state == "awaiting_approval" else ()
    return Letter(
        heading=_letter_heading(draft),
        facts=f"Order {line(draft.order_id, 40)} · to {line(draft.recipient, 120)} · policy {line(draft.policy, 60)}",
        subject=line(draft.subject, 160),
        body=block(draft.body, 1200),
        hint=line(draft.note, 300),
        buttons=tuple(
            Link(label=line(label, 20), url=url) for label, given in draft.buttons if (url := written_mail(given))
        ),
        commands=" · ".join(f"{word}: `orderwatch {verb} {number}`" for word, verb in ways),
    )


def _unread(mail: UnreadMail, day: Day) -> Entry:
    said = [f"from {line(mail.sender, 120)}"]
    said += [dates.past(mail.at, day.at, day.zone)] if mail.at else []
    said += [UNREAD.get(mail.why) or line(mail.why, 160)]
    many = f" ({mail.count} of them)" if mail.count > 1 else ""
    return Entry(text=f"“{line(mail.subject, 120) or 'no subject'}”{many}", detail=" · ".join(said))


def _failing(carrier: CarrierHealth, day: Day) -> Entry:
    failed = carrier.failed
    since = f" since {dates.past(carrier.failing_since, day.at, day.zone)}" if carrier.failing_since else ""
    hows = [(carrier.blocked, "refused"), (carrier.layout_changed, "not understood")]
    hows += [(carrier.unreachable, "without an answer")]
    said = [f"{number} {how}" for number, how in hows if number]
    said += [f"last: {line(carrier.last_error, 160)}"] if carrier.last_error else []
    if carrier.rests_until is not None and carrier.rests_until > day.at:
        said += [f"left alone until {dates.ahead(carrier.rests_until, day.at, day.zone)}"]
    text = f"{line(carrier.name or carrier.carrier, 60)}: {failed} of {counted(carrier.looks, 'look')} failed{since}"
    return Entry(text=text, detail=" · ".join(said))


def _manual_look(look: ManualLook) -> Entry:
    url = page_address(look.link)
    return Entry(
        text=f"{line(carrier_name(look.carrier), 60)} {line(look.tracking_number, 60)}",
        detail=f"Order {line(look.order_id, 40)}" + ("" if url else " · no page known"),
        link=Link(label="Open the page", url=url) if url else None,
    )


def _notice(notice: Notice, day: Day) -> Entry:
    said = [SEVERITIES[notice.severity]]
    said += [f"since {dates.past(notice.since, day.at, day.zone)}"] if notice.since else []
    return Entry(text=f"{risk_name(line(notice.id, 60))}: {line(notice.text, 400)}", detail=" · ".join(said))


def _mailbox(mailbox: MailboxHealth, day: Day) -> Entry:
    read_at = dates.past(mailbox.last_read_at, day.at, day.zone) if mailbox.last_read_at else "never"
    said = [f"{counted(mailbox.read, 'mail')} read"]
    said += [f"{mailbox.unread} could not be read"] if mailbox.unread else []
    said += [f"{mailbox.hostile} only pretended to be genuine"] if mailbox.hostile else []
    said += [f"last read {read_at}"]
    said += [line(mailbox.error)] if mailbox.error else []
    state = "in order" if mailbox.alive else "not readable"
    return Entry(text=f"{line(mailbox.name, 60)}: {state}", detail=" · ".join(said))


def _carrier(carrier: CarrierHealth) -> Entry:
    hows = (
        (carrier.read, "read"),
        (carrier.not_found, "number not known"),
        (carrier.blocked, "refused"),
        (carrier.layout_changed, "not understood"),
        (carrier.unreachable, "without an answer"),
    )
    said = " · ".join(f"{number} {how}" for number, how in hows if number)
    return Entry(text=f"{line(carrier.name or carrier.carrier, 60)}: {counted(carrier.looks, 'look')}", detail=said)
