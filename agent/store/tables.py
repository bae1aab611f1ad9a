"""The tables. Times are UTC text of fixed width, so that they compare as text in every database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime as `2026-11-20T14:05:00.000000Z`."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without an offset must not be stored")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return datetime.fromisoformat(value) if value else None


metadata = MetaData()

mails = Table(
    "mails",
    metadata,
    Column("id", String(64), primary_key=True),  # content identity
    Column("mailbox", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),  # zlib
    Column("too_big", Boolean, nullable=False, default=False),
    Column("received_at", UtcTime),
    Column("stored_at", UtcTime, nullable=False),
    Column("read_at", UtcTime),  # None: stored, not read yet
    Column("message_id", Text),
    Column("sender", Text),
    Column("subject", Text),
    Column("date", UtcTime),
    Column("authenticity", String(16)),
    Column("authenticity_reason", Text),
    Column("claims", Text),
    Column("reader", Text),
    Column("unread", String(16)),
    Column("trace", Text),
    Column("events", Integer, nullable=False, default=0),
    Index("mails_waiting", "read_at", "stored_at", "id"),
)

seen = Table(  # every id a mailbox ever showed; of mails that are none of ours, nothing but this
    "seen",
    metadata,
    Column("mailbox", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("mail_id", ForeignKey("mails.id")),
)

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("cursor", Text),
    Column("last_read_at", UtcTime),
    Column("failing_since", UtcTime),
    Column("error", Text),
    Column("note", Text),
)

events = Table(  # the log: rows are added, never changed but for the order they are tied to
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(80), nullable=False, unique=True),
    Column("type", String(32), nullable=False),
    Column("source", Text, nullable=False),
    Column("mail_id", ForeignKey("mails.id")),
    Column("seen_at", UtcTime, nullable=False),
    Column("payload", Text, nullable=False),
    Column("order_id", Text),
    Column("evidence", String(16)),
    Column("candidates", Text),  # blank-separated order ids, where ambiguous
    Index("events_order", "order_id"),
)

event_keys = Table(  # under which keys an event without an order number looks for its order
    "event_keys",
    metadata,
    Column("event_id", ForeignKey("events.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("value", Text, primary_key=True),
    Index("event_keys_key", "kind", "value"),
)

order_keys = Table(
    "order_keys",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("value", Text, primary_key=True),
    Index("order_keys_key", "kind", "value"),
)

orders = Table(
    "orders",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("buyer", Text),
    Column("folded", Text, nullable=False),
    Column("risks", Text, nullable=False, default="[]"),
    Column("decisions", Text, nullable=False, default="[]"),
    Column("changed_at", UtcTime, nullable=False),
    Column("next_due_at", UtcTime),  # when the judgement could change without news; None: never
    Index("orders_due", "next_due_at"),
    Index("orders_buyer", "buyer"),
)

parcels = Table(
    "parcels",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("tracking_number", Text, primary_key=True),
    Column("carrier", Text),
    Column("next_look_at", UtcTime),  # None: not looked at
    Index("parcels_due", "next_look_at"),
)

looks = Table(
    "looks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("carrier", Text, nullable=False),
    Column("tracking_number", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("outcome_reason", Text),
    Column("status", String(24), nullable=False),
    Column("evidence_id", ForeignKey("evidence.id")),
    Index("looks_at", "at"),
    Index("looks_number", "tracking_number"),
)

evidence = Table(
    "evidence",
    metadata,
    Column(
        "id", String(64), primary_key=True
    ),  # sha256 of the number and of what the look showed, or of that and its time
    Column("carrier", Text, nullable=False),
    Column("tracking_number", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("url", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("text", LargeBinary, nullable=False),  # zlib
    Column("body", LargeBinary, nullable=False),  # zlib
    Column("screenshot", LargeBinary),
    Column("headers", Text),  # of the answer, as JSON pairs
)

carrier_states = Table(
    "carrier_states",
    metadata,
    Column("carrier", Text, primary_key=True),
    Column("state", Text, nullable=False),
)

answers = Table(  # which carriers knew numbers of which shape: whom to ask first about the next one
    "answers",
    metadata,
    Column("shape", String(40), primary_key=True),
    Column("carrier", Text, primary_key=True),
    Column("times", Integer, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("order_id", Text, nullable=False),
    Column("buyer", Text),
    Column("policy", Text, nullable=False),
    Column("risk", Text, nullable=False),
    Column("episode", Text, nullable=False),
    Column("situation", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("state", String(20), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("in_reply_to", Text),
    Column("message_id", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("reason", Text),
    Column("not_before", UtcTime),  # a queued reply waits for the end of quiet hours
    Column("edited", Boolean, nullable=False, default=False),  # a human's words, which are never written anew
    Index("outbox_state", "state"),
    Index("outbox_order", "order_id"),
)

digests = Table(
    "digests",
    metadata,
    Column("day", Date, primary_key=True),  # local date: exactly one digest each
    Column("message_id", Text, nullable=False),
    Column("mail", LargeBinary, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("tried_at", UtcTime),  # the last time it did not leave, or may not have
    Column("error", Text),
)

remarks = Table(  # what the guard refused, as of the last round
    "remarks",
    metadata,
    Column("text", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

armings = Table(  # policies that may send by themselves, each by the hash of what it says
    "armings",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("policy", Text, nullable=False),
    Column("how", String(16), nullable=False),  # tested, acknowledged
    Column("days", Integer),  # of history that it was tested on
    Column("at", UtcTime, nullable=False),
)

alerts = Table(  # what the seller is told at once, by the key of the decision
    "alerts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("risk", Text),
    Column("episode", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("mail_id", Text),  # Message-ID of the mail that carries it
    Index("alerts_order", "order_id"),
    Index("alerts_mail", "mail_id"),
)

alert_mails = Table(  # sent until they left, a repeat bearing the same Message-ID
    "alert_mails",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("mail", LargeBinary, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("tried_at", UtcTime),
    Column("error", Text),
)

approval_offers = Table(  # drafts as a digest showed them for an answer
    "approval_offers",
    metadata,
    Column("reference", String(8), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("outbox_id", Integer, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),  # by an answer that was taken: there is no second one
)

approval_answers = Table(  # mails that answer a digest, and what became of them
    "approval_answers",
    metadata,
    Column("mail_id", String(64), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("taken", Boolean, nullable=False),
    Column("said", Text),  # for the next digest; None: nothing worth telling
)

approval_key = Table(  # one row: what codes are made with
    "approval_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

laid_drafts = Table(  # what lies in the seller's own Drafts folder
    "laid_drafts",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("outbox_id", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("missing_since", UtcTime),  # it lies there no more: sent by hand, or thrown away
)
