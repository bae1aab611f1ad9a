"""Two days of an invented shop: one with everything, one with nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from agent.digest.day import (
    Because,
    CarrierHealth,
    Day,
    DigestCase,
    DigestDraft,
    DigestStep,
    MailboxHealth,
    ManualLook,
    UnreadMail,
)
from agent.risks.risk import Deadline, Notice
from agent.vocabulary.status import Mode
from agent.vocabulary.values import Money

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 7, 30, tzinfo=NEW_YORK)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A time of 2026 on the shop's own clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


def usd(value: str) -> Money:
    return Money(Decimal(value), "USD")


def order_page(order_id: str, domain: str = "ebay.com") -> str:
    return f"https://www.{domain}/mesh/ord/details?orderid={order_id}"


CASES = (
    DigestCase(
        order_id="11-13201-40882",
        risk="inr_due_soon",
        severity="P1",
        since=at(18, 9, 12),
        deadline=Deadline(
            conservative=at(22, 9, 30), nominal=at(23, 9, 30), printed=date(2026, 11, 23), act_by=at(22, 9, 30)
        ),
        summary="The buyer opened a not-arrived request on 18 Nov and eBay saw no answer of yours since.",
        advice="Answer in eBay now: add the tracking number, and say when the parcel was last scanned.",
        because=(
            Because(source="mail:a1", text="eBay's mail of 18 Nov, “A buyer hasn't received their item”"),
            Because(source="look:u1", text="USPS page of today 06:55"),
        ),
        buyer="maria_k71",
        title="Canonet QL17 35 mm rangefinder, serviced",
        total=usd("189.00"),
        parcel="USPS 9400 1118 9956 0012 3456 71: in transit, last scan 16 Nov in Memphis, looked today 06:55",
        parcel_link="https://tools.usps.com/go/TrackConfirmAction?tLabels=9400111899560012345671",
        ebay_link=order_page("11-13201-40882"),
        also=("stalled_in_transit", "past_estimated_delivery"),
        flags=("No scan for 6 days",),
    ),
    DigestCase(
        order_id="14-13188-07113",
        risk="cancel_race",
        severity="P1",
        since=at(21, 22, 4),
        deadline=Deadline(conservative=at(22, 15), nominal=at(22, 15), act_by=at(22, 15)),
        summary="The buyer asked to cancel at 22:04; a label was bought on 20 Nov, and no scan is known.",
        advice="",
        because=(Because(source="mail:a2", text="eBay's mail of yesterday, “Your buyer wants to cancel”"),),
        buyer="tobias.l",
        title="Wool throw, herringbone, 130 × 180 cm",
        total=usd("64.90"),
        parcel="UPS 1Z 999 AA1 01 2345 6784: label made, not handed over yet, no scan yet, looked today 06:56",
        parcel_link="https://www.ups.com/track?tracknum=1Z999AA10123456784",
        ebay_link=order_page("14-13188-07113"),
        new=True,
        plan="A race: the parcel has a label, and UPS has not scanned it yet.",
        steps=(
            DigestStep(
                text="Take the parcel out of the hand-over before anyone scans it.",
                by=at(22, 10, 4),
                recommended=True,
            ),
            DigestStep(text="Tell the buyer that the request has arrived and when you answer it. Promise nothing yet."),
            DigestStep(
                text="Once you hold the parcel, approve the cancellation in eBay, then void the label with UPS.",
                by=at(22, 15),
            ),
        ),
    ),
    DigestCase(
        order_id="09-13177-55120",
        risk="delivered_not_received",
        severity="P1",
        since=at(20, 11, 40),
        deadline=Deadline(
            conservative=at(25, 11, 40), nominal=at(25, 23, 59), printed=date(2026, 11, 25), act_by=at(25, 3, 40)
        ),
        summary="USPS says delivered on 18 Nov at 14:05 in Portland; the buyer opened a request two days later.",
        advice="Ask the buyer to look around the house, and ask USPS where it was put down.",
        because=(
            Because(source="mail:a3", text="eBay's mail of 20 Nov, “A buyer hasn't received their item”"),
            Because(source="look:u3", text="USPS page of 20 Nov"),
        ),
        buyer="green-fern-22",
        title="Set of six stoneware bowls and 2 more items",
        total=usd("142.50"),
        parcel="USPS 9400 1118 9956 0098 7654 32: delivered 18 Nov in Portland (in the mailbox), looked today 06:55",
        parcel_link="https://tools.usps.com/go/TrackConfirmAction?tLabels=9400111899560098765432",
        ebay_link=order_page("09-13177-55120"),
    ),
    DigestCase(
        order_id="22-13202-81940",
        risk="payment_dispute",
        severity="P1",
        since=at(21, 16, 20),
        deadline=Deadline(
            conservative=at(26, 16, 20), nominal=at(26, 16, 20), printed=date(2026, 11, 27), act_by=at(26, 8, 20)
        ),
        summary="The buyer's bank disputes the payment; the parcel was delivered and signed for on 12 Nov.",
        advice="Contest in eBay with the delivery record. Do not refund beside it: you would pay twice.",
        because=(Because(source="mail:a4", text="eBay's mail of yesterday, “A payment was disputed”"),),
        buyer="r_hollis",
        title="Portable synthesizer, 37 keys, boxed",
        total=usd("1240.00"),
        parcel="FedEx 7712 0045 1180: delivered 12 Nov in Austin (signed for), looked today 06:58",
        parcel_link="https://www.fedex.com/fedextrack/?trknbr=771200451180",
        ebay_link=order_page("22-13202-81940"),
        new=True,
    ),
    DigestCase(
        order_id="03-13195-22764",
        risk="not_received_message",
        severity="P2",
        since=at(21, 19, 33),
        deadline=Deadline(conservative=at(23, 17), nominal=at(23, 17), act_by=at(23, 17)),
        summary="The buyer asks where the parcel is; it was scanned in Cologne on 20 Nov.",
        advice="Answer with the last scan and the expected day: a draft waits below.",
        because=(Because(source="mail:a5", text="message of yesterday, “Wo ist mein Paket?”"),),
        buyer="anneliese_b",
        title="Vinyl: Kind of Blue, 1973 pressing",
        total=Money(Decimal("38.00"), "EUR"),
        parcel="DHL 00340434292135100186: in transit, last scan 20 Nov in Köln, expected 24 Nov, looked today 06:57",
        parcel_link="https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode=00340434292135100186",
        ebay_link=order_page("03-13195-22764", "ebay.de"),
        new=True,
    ),
    DigestCase(
        order_id="17-13198-90031",
        risk="handling_time_risk",
        severity="P2",
        since=at(22, 6),
        deadline=Deadline(
            conservative=at(23, 23, 59), nominal=at(23, 23, 59), printed=date(2026, 11, 23), act_by=at(23, 16)
        ),
        summary="Paid on 19 Nov, to be sent by Monday; no label is known yet.",
        advice="Pack it, and drop it off by Monday afternoon.",
        because=(Because(source="mail:a6", text="eBay's mail of 19 Nov, “You made the sale”"),),
        buyer="jo.and.pip",
        title="Brass desk lamp, rewired",
        total=usd("72.00"),
        ebay_link=order_page("17-13198-90031"),
        new=True,
    ),
    DigestCase(
        order_id="08-13169-31127",
        risk="customs_hold",
        severity="P2",
        since=at(17, 10),
        deadline=Deadline(),
        summary="Canadian customs has held the parcel since 13 Nov and wants papers.",
        advice="Send the invoice to the carrier, and tell the buyer that it takes longer.",
        because=(Because(source="look:u8", text="Canada Post page of today 06:59"),),
        buyer="northern_spools",
        title="Linen thread, 24 cones",
        total=Money(Decimal("96.40"), "CAD"),
        parcel="Canada Post LX 123 456 785 US: in transit (customs wants papers), last scan 13 Nov, looked today 06:59",
        ebay_link=order_page("08-13169-31127", "ebay.ca"),
    ),
    DigestCase(
        order_id="19-13160-45518",
        risk="carrier_claim_window",
        severity="P2",
        since=at(20, 6),
        deadline=Deadline(
            conservative=at(11, 23, 59, month=12), nominal=at(11, 23, 59, month=12), act_by=at(11, 16, 0, month=12)
        ),
        summary="UPS declared the parcel lost on 16 Nov; the claim can be made since Friday.",
        advice="File the claim with the invoice and the proof of value.",
        because=(Because(source="look:u9", text="UPS page of 16 Nov"),),
        buyer="cassady_w",
        title="Walnut picture frames, set of 4",
        total=usd("118.00"),
        parcel="UPS 1Z 999 AA1 01 0044 2270: a problem on the way (lost), last scan 9 Nov, looked today 06:56",
        parcel_link="https://www.ups.com/track?tracknum=1Z999AA10100442270",
        ebay_link=order_page("19-13160-45518"),
    ),
    DigestCase(
        order_id="05-13190-62209",
        risk="past_estimated_delivery",
        severity="P3",
        since=at(21, 6),
        deadline=Deadline(),
        summary="eBay promised 17–20 Nov; the parcel was scanned in Leeds yesterday.",
        advice="Nothing yet. A short word to the buyer keeps them calm.",
        because=(
            Because(source="mail:a10", text="eBay's mail of 9 Nov, “You made the sale”"),
            Because(source="look:u10", text="Royal Mail page of today 07:01"),
        ),
        buyer="w.ashdown",
        title="Bone china teapot, Chelsea pattern",
        total=Money(Decimal("54.00"), "GBP"),
        parcel="Royal Mail AB 123 456 785 GB: in transit, last scan yesterday 17:20 in Leeds, looked today 07:01",
        parcel_link="https://www.royalmail.com/track-your-item#/tracking-results/AB123456785GB",
        ebay_link=order_page("05-13190-62209", "ebay.co.uk"),
    ),
    DigestCase(
        order_id="12-13187-18850",
        risk="stalled_in_transit",
        severity="P3",
        since=at(21, 8),
        deadline=Deadline(),
        summary="No scan since 17 Nov, when the parcel left Harrisburg.",
        advice="Wait until Tuesday, then ask FedEx for a trace.",
        because=(Because(source="look:u11", text="FedEx page of today 06:58"),),
        buyer="lantern_hill",
        title="Cast iron skillet no. 8",
        total=usd("47.25"),
        parcel="FedEx 7712 0045 3345: in transit, last scan 17 Nov in Harrisburg, looked today 06:58",
        parcel_link="https://www.fedex.com/fedextrack/?trknbr=771200453345",
        ebay_link=order_page("12-13187-18850"),
    ),
    DigestCase(
        order_id="02-13155-77002",
        risk="case_won",
        severity="P4",
        since=at(21, 12),
        deadline=Deadline(),
        summary="eBay closed the case of 6 Nov in your favour.",
        advice="Check in a few days that the payment is free and the defect gone.",
        because=(Because(source="mail:a12", text="eBay's mail of yesterday, “This case is closed”"),),
        buyer="old-harbour",
        title="Barograph, brass and oak",
        total=usd("410.00"),
        ebay_link=order_page("02-13155-77002"),
        new=True,
    ),
)

DRAFTS = (
    DigestDraft(
        id="3",
        order_id="03-13195-22764",
        recipient="anneliese_b (eBay message)",
        subject="Re: Wo ist mein Paket?",
        body=(
            "Guten Tag,\n\nIhr Paket ist unterwegs: DHL hat es am 20. November in Köln gescannt und nennt den "
            "24. November als Zustelltag.\n\nIch behalte es im Auge und melde mich, falls sich etwas ändert.\n\n"
            "Viele Grüße\nHarbor Lane Finds"
        ),
        policy="where-is-it",
        state="awaiting_approval",
    ),
    DigestDraft(
        id="4",
        order_id="09-13177-55120",
        recipient="green-fern-22 (eBay message)",
        subject="Your order of stoneware bowls",
        body=(
            "Hello,\n\nUSPS shows your parcel as delivered on 18 November in Portland, in the mailbox. Could you look "
            "once more, and ask the neighbors? Please write to me within two days if it does not turn up.\n\n"
            "Thank you\nHarbor Lane Finds"
        ),
        policy="delivered-check",
        state="awaiting_approval",
    ),
)

UNCERTAIN = (
    DigestDraft(
        id="1",
        order_id="05-13190-62209",
        recipient="w.ashdown (eBay message)",
        subject="Your teapot",
        body="Hello,\n\nYour parcel was scanned in Leeds, and I keep watching it.",
        policy="late-proactive",
        state="unknown",
        note="The mail server fell silent after the last line was sent.",
    ),
)


@pytest.fixture
def rich_day() -> Day:
    """Every part of a digest filled."""
    return Day(
        shop="harbor-lane-finds",
        at=NOW,
        zone=NEW_YORK,
        mode=Mode.DRAFT,
        cases=CASES,
        drafts=DRAFTS,
        refused=("The plan would have sent 24 replies in one hour; the limit is 20. None of them was sent.",),
        uncertain=UNCERTAIN,
        notices=(
            Notice(
                id="phishing_suspect",
                severity="P2",
                text="2 mails that claim to be eBay came from example.net. Do not open their links.",
                because=("mail:p1", "mail:p2"),
                since=at(21, 13, 45),
            ),
            Notice(
                id="unmatched_event",
                severity="P3",
                text="USPS wrote about 9400 1118 9956 0055 5123 45, which belongs to no order I know.",
                because=("mail:m1",),
                since=at(20, 8),
            ),
        ),
        unread=(
            UnreadMail(
                sender="ebay@ebay.com", subject="An update to your order", at=at(21, 18, 2), why="no_reader", count=2
            ),
            UnreadMail(sender="auto-reply@usps.com", subject="", at=at(20, 4, 40), why="unreadable"),
        ),
        mailboxes=(
            MailboxHealth(name="shop", alive=True, last_read_at=at(22, 7, 28), read=37, unread=3, hostile=2),
            MailboxHealth(
                name="second-shop",
                alive=False,
                last_read_at=at(20, 18, 2),
                read=0,
                unread=0,
                hostile=0,
                error="the server refused the log-in",
            ),
        ),
        carriers=(
            CarrierHealth(
                carrier="usps",
                name="USPS",
                looks=21,
                read=20,
                not_found=1,
                blocked=0,
                layout_changed=0,
                unreachable=0,
            ),
            CarrierHealth(
                carrier="ups",
                name="UPS",
                looks=9,
                read=3,
                not_found=0,
                blocked=5,
                layout_changed=0,
                unreachable=1,
                last_error="asked for a captcha",
                failing_since=at(21, 14, 10),
            ),
            CarrierHealth(
                carrier="dhl", name="DHL", looks=6, read=6, not_found=0, blocked=0, layout_changed=0, unreachable=0
            ),
        ),
        manual_looks=(
            ManualLook(
                order_id="18-13194-20076",
                tracking_number="H01HYA0012345678",
                carrier="evri",
                link="https://www.evri.com/track/parcel/H01HYA0012345678",
            ),
            ManualLook(
                order_id="21-13199-00418", tracking_number="TBA300123456", carrier="Lakeside Couriers", link=None
            ),
        ),
        orders_watched=143,
        parcels_moving=38,
        since=NOW - timedelta(days=1),
        sent=(
            DigestDraft(
                id="2",
                order_id="12-13187-18850",
                recipient="lantern_hill (eBay message)",
                subject="Your skillet is on its way",
                body="Hello,\n\nYour parcel left Harrisburg on 17 November. I keep watching it.",
                policy="late-proactive",
                state="sent",
            ),
        ),
    )


@pytest.fixture
def quiet_day() -> Day:
    """Nothing to do, and everything was read and looked at."""
    return Day(
        shop="harbor-lane-finds",
        at=NOW.astimezone(UTC),
        zone=NEW_YORK,
        mode=Mode.OBSERVE,
        mailboxes=(MailboxHealth(name="shop", alive=True, last_read_at=at(22, 7, 28), read=14, unread=0, hostile=0),),
        carriers=(
            CarrierHealth(
                carrier="usps", name="USPS", looks=18, read=18, not_found=0, blocked=0, layout_changed=0, unreachable=0
            ),
        ),
        orders_watched=57,
        parcels_moving=18,
        since=NOW - timedelta(days=1),
    )
