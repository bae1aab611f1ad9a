"""Words for where a parcel is, how a look went, and whom we believe.

`TrackingStatus` says where the parcel is, `Reason` why, where the words allow it. Words that nobody classified are
`UNKNOWN`, never a guess.
"""

from __future__ import annotations

from enum import StrEnum


class TrackingStatus(StrEnum):
    INFO_RECEIVED = "info_received"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_ATTEMPTED = "delivery_attempted"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNING = "returning"
    RETURNED = "returned"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    ACCEPTED = "accepted"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    CUSTOMS = "customs"
    CUSTOMS_HELD = "customs_held"
    CUSTOMS_FEE_DUE = "customs_fee_due"
    CUSTOMS_DOCUMENTS = "customs_documents"
    HELD = "held"
    DELAYED = "delayed"
    WEATHER = "weather"
    SECURITY = "security"
    ADDRESS_PROBLEM = "address_problem"
    NO_ONE_HOME = "no_one_home"
    BUSINESS_CLOSED = "business_closed"
    REFUSED = "refused"
    UNCLAIMED = "unclaimed"
    DAMAGED = "damaged"
    LOST = "lost"
    CANCELLED = "cancelled"
    LEFT_WITH_NEIGHBOUR = "left_with_neighbour"
    SAFE_PLACE = "safe_place"
    MAILBOX = "mailbox"
    LOCKER = "locker"
    SIGNED = "signed"
    PHOTO = "photo"
    HANDED_OVER = "handed_over"


class LookOutcome(StrEnum):
    """How one visit to a tracking page went. Only `READ` and `NOT_FOUND` say anything about the parcel."""

    READ = "read"
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    LAYOUT_CHANGED = "layout_changed"
    UNREACHABLE = "unreachable"


class Authenticity(StrEnum):
    """Who really sent a mail. Only `VERIFIED` mail may change an order or cause a reply."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    HOSTILE = "hostile"


class Mode(StrEnum):
    OBSERVE = "observe"
    DRAFT = "draft"
    LIVE = "live"


class Unread(StrEnum):
    """Why a mail gave no events."""

    NO_READER = "no_reader"
    UNREADABLE = "unreadable"
    TOO_BIG = "too_big"
    NOT_OURS = "not_ours"
